//! Follows every reference from the document on, through all files.

use std::collections::{HashMap, HashSet};

use super::files::{Files, Place, Target};
use crate::context::{Context, below};
use crate::error::Error;
use crate::tree::Node;

/// Keys below which everything is a schema.
const SCHEMAS: [&str; 4] = ["schema", "schemas", "definitions", "$defs"];

/// Where all references lead that need another text.
#[derive(Default)]
pub(super) struct Links {
    /// The text of a reference, to where it leads.
    pub(super) by_text: HashMap<Place, Target>,
    /// What is referred to in other files, and whether it is a schema, in the order in which it was met.
    pub(super) targets: Vec<(Place, bool)>,
}

/// A text that refers to something.
struct Found {
    at: Place,
    text: String,
    /// Whether it is the value of a discriminator's mapping, which may be a plain name.
    is_mapping: bool,
    in_schema: bool,
}

impl Links {
    pub(super) fn follow(files: &mut Files<'_, '_>) -> Result<Self, Error> {
        let mut links = Self::default();
        let mut seen = HashSet::new();
        let mut known = HashSet::new();
        let mut found = Vec::new();
        let root = (0, files.tree(0).root().id());
        scan(files, root, false, &mut seen, &mut found)?;
        // The first in the text come first.
        found.reverse();
        while let Some(reference) = found.pop() {
            let Found { at, text, .. } = &reference;
            if links.by_text.contains_key(at) || !needs_another_text(&reference) {
                continue;
            }
            let target = files.target(*at, text)?;
            if let Target::Other(place) = target
                && known.insert(place)
            {
                links.targets.push((place, reference.in_schema));
                let start = found.len();
                scan(files, place, reference.in_schema, &mut seen, &mut found)?;
                found[start..].reverse();
            }
            links.by_text.insert(*at, target);
        }
        Ok(links)
    }
}

/// Pointers inside the document stay as they are.
fn needs_another_text(reference: &Found) -> bool {
    let inside = reference.text.starts_with("#/") || reference.text == "#";
    let is_name = reference.is_mapping && !looks_like_reference(&reference.text);
    !(is_name || inside && reference.at.0 == 0)
}

/// Whether a value of a mapping is a reference rather than the name of a component.
fn looks_like_reference(text: &str) -> bool {
    let file = text.split('#').next().unwrap_or_default();
    let ends = [".yaml", ".yml", ".json"];
    text.contains(['#', '/']) || ends.iter().any(|end| file.ends_with(end))
}

/// What was looked through, and as what.
type Seen = HashSet<(Place, Context, bool)>;

/// Collects the references below a node, in the order of the text.
fn scan(
    files: &Files<'_, '_>,
    start: Place,
    in_schema: bool,
    seen: &mut Seen,
    found: &mut Vec<Found>,
) -> Result<(), Error> {
    let file = start.0;
    let mut waiting = vec![(files.node(start), Context::Keywords, in_schema)];
    while let Some((node, context, in_schema)) = waiting.pop() {
        if context == Context::Data || !seen.insert(((file, node.id()), context, in_schema)) {
            continue;
        }
        if let Some(reference) = node.get("$ref")
            && let Some(text) = reference.str()
        {
            let at = (file, reference.id());
            let is_mapping = node.key() == Some("mapping");
            if context == Context::Names && !is_mapping && !text.starts_with('#') {
                let message = format!(
                    "`$ref` to `{text}` in place of all names of a map is not followed: write a `$ref` for each name"
                );
                return Err(files.fault(at, message));
            }
            if context == Context::Keywords {
                found.push(Found {
                    at,
                    text: text.to_owned(),
                    is_mapping: false,
                    in_schema,
                });
            }
        }
        if context == Context::Keywords
            && let Some(mapping) = node.get("discriminator").and_then(|d| d.get("mapping"))
        {
            found.extend(mapping.members().filter_map(|(_, value)| {
                Some(Found {
                    at: (file, value.id()),
                    text: value.str()?.to_owned(),
                    is_mapping: true,
                    in_schema: true,
                })
            }));
        }
        let first = waiting.len();
        waiting.extend(children(node, context, in_schema));
        waiting[first..].reverse();
    }
    Ok(())
}

fn children(
    node: Node<'_>,
    context: Context,
    in_schema: bool,
) -> impl Iterator<Item = (Node<'_>, Context, bool)> {
    let members = node.members().map(move |(key, value)| {
        let schema = in_schema || context == Context::Keywords && SCHEMAS.contains(&key);
        (value, below(context, Some(key), value.is_object()), schema)
    });
    let items = node.items();
    let items = items.map(move |item| (item, below(context, None, item.is_object()), in_schema));
    members.chain(items)
}

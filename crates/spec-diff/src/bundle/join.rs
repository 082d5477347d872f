//! Writes the files as one tree, with every reference as a pointer into it.

use std::collections::{HashMap, HashSet};

use super::files::{Files, Place, Target};
use super::links::Links;
use crate::context::{Context, PARTS_OF_FILES, SCHEMAS_OF_FILES, below};
use crate::error::Error;
use crate::tree::{Builder, Node, NodeId, Tree, Value};

pub(super) fn join(files: &Files<'_, '_>, links: &Links) -> Result<Tree, Error> {
    let (mut taken, placed) = places(files, links)?;
    let mut beside = Vec::new();
    for &(place, is_schema) in &links.targets {
        if taken.contains_key(&place) {
            continue;
        }
        let holder = if is_schema {
            SCHEMAS_OF_FILES
        } else {
            PARTS_OF_FILES
        };
        let name = format!("{}#{}", files.path(place.0), files.node(place).pointer());
        taken.insert(place, format!("/{holder}/{}", escaped(&name)));
        beside.push((place, holder, name));
    }
    let (builder, starts) = Builder::of_files(&files.named());
    let mut writer = Writer {
        files,
        links,
        taken,
        placed,
        builder,
        starts,
        made: HashMap::new(),
    };
    writer.document(&beside);
    Ok(writer.builder.finish())
}

/// A name as a step of a pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// What is referred to, with its pointer in the joint tree; and what is where in the document.
type Places = (HashMap<Place, String>, HashMap<NodeId, Place>);

/// The paths, webhooks and components of the document that are in other files. Each thing has one place.
fn places(files: &Files<'_, '_>, links: &Links) -> Result<Places, Error> {
    let mut taken = HashMap::new();
    let mut placed = HashMap::new();
    let root = files.tree(0).root();
    let components = root.get("components").into_iter().flat_map(Node::members);
    let tops = ["paths", "webhooks"].into_iter();
    let maps = tops.filter_map(|key| root.get(key));
    let maps = maps.chain(components.map(|(_, kind)| kind));
    for (_, node) in maps.flat_map(Node::members) {
        let passed = chain(files, links, (0, node.id()))?;
        let Some(&end) = passed.last() else { continue };
        if passed.iter().any(|place| taken.contains_key(place)) {
            continue;
        }
        placed.insert(node.id(), end);
        let pointer = node.pointer();
        taken.extend(passed.into_iter().map(|place| (place, pointer.clone())));
    }
    Ok((taken, placed))
}

/// What an object leads to that has nothing but a `$ref`, as long as these are in other files; nothing if it comes back
/// to the document.
fn chain(files: &Files<'_, '_>, links: &Links, start: Place) -> Result<Vec<Place>, Error> {
    let mut passed = Vec::new();
    let mut known = HashSet::new();
    let mut at = start;
    loop {
        let node = files.node(at);
        let reference = node.get("$ref").filter(|_| node.len() == 1);
        let link = reference.and_then(|text| links.by_text.get(&(at.0, text.id())));
        match link {
            None => return Ok(passed),
            Some(Target::Document(_)) => return Ok(Vec::new()),
            Some(&Target::Other(next)) => {
                if !known.insert(next) {
                    let message = "`$ref` leads in a circle: nothing stands at its end".to_owned();
                    return Err(files.fault(start, message));
                }
                passed.push(next);
                at = next;
            }
        }
    }
}

struct Writer<'w, 'f, 'l> {
    files: &'w Files<'f, 'l>,
    links: &'w Links,
    /// Where things of other files are in the joint tree.
    taken: HashMap<Place, String>,
    /// Nodes of the document, and what is there instead.
    placed: HashMap<NodeId, Place>,
    builder: Builder,
    /// Where the text of each file begins.
    starts: Vec<u32>,
    /// What is written already: aliases of YAML and references meet one value often.
    made: HashMap<(Place, Context), NodeId>,
}

impl Writer<'_, '_, '_> {
    fn document(&mut self, beside: &[(Place, &'static str, String)]) {
        let files = self.files;
        let root = files.tree(0).root();
        let ours = [SCHEMAS_OF_FILES, PARTS_OF_FILES];
        let own = root.placed_members();
        let own: Vec<_> = own.filter(|(key, ..)| !ours.contains(key)).collect();
        let values: Vec<NodeId> = own
            .iter()
            .map(|(key, _, value)| {
                let context = below(Context::Keywords, Some(key), value.is_object());
                self.value((0, value.id()), context)
            })
            .collect();
        let held: Vec<(&str, NodeId)> = ours
            .iter()
            .map(|&key| (key, self.held(key, beside)))
            .collect();
        let opened = self.builder.open();
        for ((key, key_at, _), value) in own.into_iter().zip(values) {
            let key = self.builder.decoded(key);
            self.builder.member(key, key_at, value);
        }
        for (key, value) in held {
            let key = self.builder.decoded(key);
            self.builder.member(key, root.offset(), value);
        }
        self.builder.close_taken(opened, root.offset());
    }

    /// One of the two maps of what is in other files.
    fn held(&mut self, holder: &str, beside: &[(Place, &'static str, String)]) -> NodeId {
        let files = self.files;
        let mine = beside.iter().filter(|(_, other, _)| *other == holder);
        let mine: Vec<_> = mine
            .map(|(place, _, name)| (*place, name, self.guest(*place)))
            .collect();
        let opened = self.builder.open();
        for (place, name, value) in mine {
            let key = self.builder.decoded(name);
            let at = files.node(place).key_offset() + self.start(place);
            self.builder.member(key, at, value);
        }
        self.builder
            .close_taken(opened, files.tree(0).root().offset())
    }

    /// A thing of another file, which knows its pointer there.
    fn guest(&mut self, place: Place) -> NodeId {
        let made = self.value(place, Context::Keywords);
        self.builder
            .home(made, self.files.node(place).shown_pointer());
        made
    }

    fn start(&self, place: Place) -> u32 {
        self.starts.get(place.0).copied().unwrap_or(0)
    }

    /// Recursive: readers refuse what is nested deeper than 200 levels.
    fn value(&mut self, place: Place, context: Context) -> NodeId {
        if let Some(&made) = self.made.get(&(place, context)) {
            return made;
        }
        let files = self.files;
        let node = files.node(place);
        let start = self.start(place);
        let made = match node.value() {
            Value::Array => {
                let items: Vec<NodeId> = node
                    .items()
                    .map(|item| {
                        let context = below(context, None, item.is_object());
                        self.value((place.0, item.id()), context)
                    })
                    .collect();
                let opened = self.builder.open();
                for item in items {
                    self.builder.item(item);
                }
                self.builder.close_array(opened, node.offset() + start)
            }
            Value::Object => {
                let values: Vec<(NodeId, Option<u32>)> = node
                    .members()
                    .map(|(key, value)| self.member(place.0, node, context, key, value))
                    .collect();
                self.builder.take_object(node, start, &values)
            }
            _ => self.builder.take(node, start),
        };
        self.made.insert((place, context), made);
        made
    }

    /// The value of a member, and the offset of its key if that is in another file.
    fn member(
        &mut self,
        file: usize,
        holder: Node<'_>,
        context: Context,
        key: &str,
        value: Node<'_>,
    ) -> (NodeId, Option<u32>) {
        let place = (file, value.id());
        if let Some(&guest) = self.placed.get(&value.id()).filter(|_| file == 0) {
            let at = self.files.node(guest).key_offset() + self.start(guest);
            return (self.guest(guest), Some(at));
        }
        let is_reference = key == "$ref" && context == Context::Keywords;
        let is_mapped = holder.key() == Some("mapping") && context == Context::Names;
        if (is_reference || is_mapped)
            && let Some(text) = self.text(place, is_mapped)
        {
            let text = self.builder.decoded(&text);
            let at = value.offset() + self.start(place);
            return (self.builder.string(text, at), None);
        }
        let below = below(context, Some(key), value.is_object());
        (self.value(place, below), None)
    }

    /// A reference as a pointer into the joint tree; `None` if it stays as it is.
    fn text(&self, place: Place, is_mapped: bool) -> Option<String> {
        let pointer = match self.links.by_text.get(&place)? {
            Target::Document(fragment) => fragment,
            Target::Other(target) => self.taken.get(target)?,
        };
        // Values of a mapping are pointers as they are, those of `$ref` parts of a URL.
        Some(if is_mapped {
            format!("#{pointer}")
        } else {
            format!("#{}", pointer.replace('%', "%25"))
        })
    }
}

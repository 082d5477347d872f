//! What happens to binaries that were shipped before the change.
//!
//! Readers are tolerant and enums open, so mostly nothing: a field that may be absent stays away,
//! a new value is kept as it came. What is left is judged from the types that the old binary was
//! compiled with, and from what it sends.

use super::finding::{Effect, Finding, Impact};
use super::renames::Renames;
use super::surface::{Item, Surface, endpoint, last, payload};

/// Answers that old binaries fail to read, from the types on both sides.
pub(crate) fn answers(base: &Surface, revision: &Surface, renames: &Renames) -> Vec<Finding> {
    let mut found = Vec::new();
    let readers = Readers {
        base,
        revision,
        renames,
    };
    let breaks = |id: &str, place: String, what: String| {
        Finding::new(Effect::Runtime, Impact::Breaks, id, place, what)
            .todo("if the service has really changed, release at once and tell users to update; if only its description has, correct it in the overlay")
    };
    for (path, old) in &base.items {
        let new_path = renames.paths.get(path).unwrap_or(path);
        let new = revision.items.get(new_path);
        match (old, new) {
            (Item::Struct(old), Some(Item::Struct(new))) if old.received => {
                for (name, was) in &old.fields {
                    let place = format!("{path}.{name}");
                    match new.fields.values().find(|is| is.wire == was.wire) {
                        None if !was.may_be_absent => found.push(
                            breaks(
                                "required-field-vanished",
                                place,
                                format!("shipped binaries cannot read `{}` without `{}`: if the service stops sending it, every answer with one fails", last(path), was.wire),
                            )
                            .change(Some(was.ty.clone()), None),
                        ),
                        Some(is) if is.may_be_absent && !was.may_be_absent => found.push(
                            breaks(
                                "required-field-became-optional",
                                place,
                                format!("shipped binaries cannot read `{}` without `{}`, which may now be left out", last(path), was.wire),
                            )
                            .change(Some(was.ty.clone()), Some(is.ty.clone())),
                        ),
                        Some(is) if !readers.read(&was.ty, &is.ty) => found.push(
                            breaks(
                                "field-type-changed",
                                place,
                                format!("shipped binaries read `{}` of `{}` as another type and may fail", was.wire, last(path)),
                            )
                            .change(Some(was.ty.clone()), Some(is.ty.clone())),
                        ),
                        _ => {}
                    }
                }
            }
            (Item::Enum(old), Some(Item::Enum(new))) if !old.open => {
                let is_received = revision_receives(revision, last(new_path));
                for variant in new.variants.keys() {
                    if is_received && !old.variants.contains_key(variant) {
                        found.push(breaks(
                            "closed-enum-grew",
                            format!("{path}::{variant}"),
                            format!("`{}` is closed: shipped binaries fail to read an answer with the new value", last(path)),
                        ));
                    }
                }
            }
            (Item::Method(old), Some(Item::Method(new))) => {
                let (was, is) = (payload(&old.output), payload(&new.output));
                if !readers.read(&was, &is) {
                    found.push(
                        breaks(
                            "answer-changed",
                            path.clone(),
                            format!(
                                "shipped binaries read the answer of `{}` as another type",
                                last(path)
                            ),
                        )
                        .change(Some(was), Some(is))
                        .operations(revision.operation_of(new_path).map(endpoint)),
                    );
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether an enum is part of something that is received.
fn revision_receives(revision: &Surface, name: &str) -> bool {
    let mentions = |ty: &str| {
        ty.split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| word == name)
    };
    revision.items.values().any(|item| match item {
        Item::Struct(item) => item.received && item.fields.values().any(|f| mentions(&f.ty)),
        Item::Method(method) => mentions(&method.output),
        _ => false,
    })
}

/// What readers that were compiled with the types of `base` make of those of `revision`.
struct Readers<'a> {
    base: &'a Surface,
    revision: &'a Surface,
    renames: &'a Renames,
}

impl Readers<'_> {
    /// Whether a reader made for `was` takes what `is` describes.
    fn read(&self, was: &str, is: &str) -> bool {
        self.read_within(was, is, &mut Vec::new())
    }

    /// `above` are the pairs that this one is part of: types may hold themselves.
    fn read_within(&self, was: &str, is: &str, above: &mut Vec<(String, String)>) -> bool {
        let (was, is) = (optional(was), optional(is));
        if self.renames.type_name(was) == is {
            return true;
        }
        for wrapper in ["Vec", "crate::Envelope"] {
            if let (Some(was), Some(is)) = (inside(was, wrapper), inside(is, wrapper)) {
                return self.read_within(was, is, above);
            }
        }
        let items = (
            self.base.items.get(&format!("types::{was}")),
            self.revision.items.get(&format!("types::{is}")),
        );
        if let (Some(Item::Struct(old)), Some(Item::Struct(new))) = items {
            let pair = (was.to_owned(), is.to_owned());
            if above.contains(&pair) {
                return true;
            }
            above.push(pair);
            let has_all = old.fields.values().all(|field| {
                match new.fields.values().find(|new| new.wire == field.wire) {
                    None => field.may_be_absent,
                    Some(new) => {
                        (field.may_be_absent || !new.may_be_absent)
                            && self.read_within(&field.ty, &new.ty, above)
                    }
                }
            });
            above.pop();
            return has_all;
        }
        match was {
            "serde_json::Value" => true,
            // A reader of texts takes any text; whether the new type is one, its name tells.
            was if is_text(was) || self.is_open(was, '"') => is_text(is) || self.is_open(is, '"'),
            was if self.is_open_of_numbers(was) => is == "i64" || self.is_open_of_numbers(is),
            "crate::Decimal" => matches!(is, "f64" | "i64" | "String"),
            "i64" | "f64" | "crate::Code" => is == "i64" || self.is_open_of_numbers(is),
            _ => false,
        }
    }

    fn is_open_of_numbers(&self, ty: &str) -> bool {
        ('0'..='9')
            .chain(['-'])
            .any(|first| self.is_open(ty, first))
    }

    /// Whether it is an open list of values, one of which begins like this: a text with a quote.
    fn is_open(&self, ty: &str, first: char) -> bool {
        let path = format!("types::{ty}");
        let item = self.base.items.get(&path);
        let item = item.or_else(|| self.revision.items.get(&path));
        matches!(item, Some(Item::Enum(item)) if item.open
            && item.variants.values().any(|value| value.starts_with(first)))
    }
}

fn is_text(ty: &str) -> bool {
    ty == "String" || ty.starts_with("crate::") && (ty.ends_with("Id") || ty.ends_with("Timestamp"))
}

/// The type itself of one that may be missing.
fn optional(ty: &str) -> &str {
    inside(ty, "Option").unwrap_or(ty)
}

fn inside<'a>(ty: &'a str, wrapper: &str) -> Option<&'a str> {
    let rest = ty.strip_prefix(wrapper)?;
    rest.strip_prefix('<')?.strip_suffix('>')
}

/// Requests of old binaries that the service refuses or reads differently.
pub(crate) fn requests<'a>(refused: impl Iterator<Item = &'a spec_diff::Finding>) -> Vec<Finding> {
    refused
        // Credentials are a meaning of their own, and a component is no request.
        .filter(|finding| !finding.id().starts_with("schema-component"))
        .map(|finding| {
            Finding::new(
                Effect::Runtime,
                Impact::Breaks,
                finding.id(),
                &finding.place,
                format!("shipped binaries send what no longer fits: {}", finding.reason()),
            )
            .change(finding.before.clone(), finding.after.clone())
            .operations(finding.operations.iter().map(ToString::to_string))
            .todo("if the service has really changed, release at once and tell users to update; if only its description has, correct it in the overlay")
        })
        .collect()
}

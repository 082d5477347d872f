//! What happens to binaries that were shipped before the change.
//!
//! Readers are tolerant and enums open, so mostly nothing: a field that may be absent stays away,
//! a new value is kept as it came. What is left is judged from the types that the old binary was
//! compiled with, and from what it sends.

use spec_diff::{Direction, Level, Report};

use super::api::{last, payload};
use super::finding::{Effect, Finding, Impact};
use super::renames::Renames;
use super::surface::{Item, Surface, endpoint};

/// Answers that old binaries fail to read, from the types on both sides.
pub(crate) fn answers(base: &Surface, revision: &Surface, renames: &Renames) -> Vec<Finding> {
    let mut found = Vec::new();
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
                    let ty = renames.type_name(&was.ty);
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
                        Some(is) if !reads(base, revision, &ty, &is.ty) => found.push(
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
                let (was, is) = (
                    payload(&renames.type_name(&old.output)),
                    payload(&new.output),
                );
                if !reads(base, revision, &was, &is)
                    && !is_same_shape(base, revision, &was, &is, renames)
                {
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

/// Whether a reader made for `was` takes what `is` describes.
fn reads(base: &Surface, revision: &Surface, was: &str, is: &str) -> bool {
    let inner = |ty: &str| -> String {
        ty.strip_prefix("Option<")
            .and_then(|ty| ty.strip_suffix('>'))
            .unwrap_or(ty)
            .to_owned()
    };
    let (was_inner, is_inner) = (inner(was), inner(is));
    if was_inner == is_inner {
        return true;
    }
    for wrapper in ["Vec<", "crate::Envelope<"] {
        let pair = (
            was_inner.strip_prefix(wrapper),
            is_inner.strip_prefix(wrapper),
        );
        if let (Some(was), Some(is)) = pair {
            return reads(
                base,
                revision,
                was.trim_end_matches('>'),
                is.trim_end_matches('>'),
            );
        }
    }
    // An open list of texts; of numbers there are some, too, and their values say so.
    let is_open = |ty: &str| {
        let path = format!("types::{ty}");
        let item = base.items.get(&path).or_else(|| revision.items.get(&path));
        matches!(item, Some(Item::Enum(item)) if item.open
            && item.variants.values().any(|value| value.starts_with('"')))
    };
    let is_text = |ty: &str| {
        ty == "String"
            || ty.starts_with("crate::") && (ty.ends_with("Id") || ty.ends_with("Timestamp"))
    };
    match was_inner.as_str() {
        "serde_json::Value" => true,
        // A reader of texts takes any text; whether the new type is one, its name tells.
        was if is_text(was) => is_text(&is_inner) || is_open(&is_inner),
        was if is_open(was) => is_text(&is_inner) || is_open(&is_inner),
        "f64" => matches!(is_inner.as_str(), "i64" | "f64"),
        _ => false,
    }
}

/// Whether two types of different names read alike: the new one has all that the old one needs.
fn is_same_shape(
    base: &Surface,
    revision: &Surface,
    was: &str,
    is: &str,
    renames: &Renames,
) -> bool {
    let item = |surface: &Surface, ty: &str| {
        let name = ty
            .trim_start_matches("crate::Envelope<")
            .trim_start_matches("Vec<")
            .trim_end_matches('>')
            .to_owned();
        surface.items.get(&format!("types::{name}")).cloned()
    };
    let wraps = |ty: &str| (ty.contains("Envelope<"), ty.contains("Vec<"));
    match (item(base, was), item(revision, is)) {
        (Some(Item::Struct(was_item)), Some(Item::Struct(is_item))) if wraps(was) == wraps(is) => {
            was_item.fields.values().all(|field| {
                let same = is_item.fields.values().find(|new| new.wire == field.wire);
                match same {
                    None => field.may_be_absent,
                    Some(new) => {
                        (field.may_be_absent || !new.may_be_absent)
                            && reads(base, revision, &renames.type_name(&field.ty), &new.ty)
                    }
                }
            })
        }
        _ => false,
    }
}

/// Requests of old binaries that the service refuses or reads differently, from the contract that
/// our client takes for the truth.
pub(crate) fn requests(overlaid: &Report) -> Vec<Finding> {
    overlaid
        .findings()
        .iter()
        .filter(|finding| {
            matches!(finding.level, Level::BreaksRequests | Level::BreaksBoth)
                && finding.direction != Direction::Response
        })
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

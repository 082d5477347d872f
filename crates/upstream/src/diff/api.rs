//! What becomes of the generated crate's public items.

use std::collections::BTreeSet;

use super::finding::{At, Effect, Finding, Impact};
use super::renames::Renames;
use super::side::GENERATED;
use super::surface::{Enum, Item, Method, Struct, Surface, endpoint, last, payload};

/// Findings on the generated crate, one per item and kind of change.
pub(crate) fn compare(base: &Surface, revision: &Surface, renames: &Renames) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, old) in &base.items {
        if matches!(old, Item::Operation(_)) {
            continue;
        }
        let kind = kind(old);
        let (new_path, new) = match renames.paths.get(path) {
            Some(new) => {
                found.push(
                    Finding::new(
                        Effect::RawApi,
                        Impact::Breaks,
                        &format!("{kind}-renamed"),
                        path,
                        format!("the {kind} `{}` is now called `{}`", last(path), last(new)),
                    )
                    .change(Some(last(path).to_owned()), Some(last(new).to_owned()))
                    .operations(revision.operation_of(new).map(endpoint))
                    .at(at(new)),
                );
                (new, revision.items.get(new))
            }
            None => (path, revision.items.get(path)),
        };
        let old = renames.translate(old);
        match (&old, new) {
            (_, None) => found.push(
                Finding::new(
                    Effect::RawApi,
                    Impact::Breaks,
                    &format!("{kind}-removed"),
                    path,
                    format!("the {kind} `{}` is gone", last(path)),
                )
                .operations(base.operation_of(path).map(endpoint))
                .todo("note it in the changelog with what replaces it; if upstream is wrong, correct it in the overlay"),
            ),
            (Item::Struct(old), Some(Item::Struct(new))) => structs(new_path, old, new, &mut found),
            (Item::Enum(old), Some(Item::Enum(new))) => enums(new_path, old, new, &mut found),
            (Item::Method(old), Some(Item::Method(new))) => {
                let place = revision.operation_of(new_path).map(endpoint);
                methods(new_path, old, new, place.as_ref(), &mut found);
            }
            (_, Some(_)) => found.push(
                Finding::new(
                    Effect::RawApi,
                    Impact::Breaks,
                    "type-kind-changed",
                    new_path,
                    format!("`{}` is a struct on one side and an enum on the other", last(path)),
                )
                .at(at(new_path)),
            ),
        }
    }
    let taken: BTreeSet<&String> = renames.paths.values().collect();
    for (path, new) in &revision.items {
        let known = base.items.contains_key(path) || taken.contains(path);
        if known || matches!(new, Item::Operation(_)) {
            continue;
        }
        let kind = kind(new);
        found.push(
            Finding::new(
                Effect::RawApi,
                Impact::Info,
                &format!("{kind}-added"),
                path,
                format!("the {kind} `{}` is new", last(path)),
            )
            .operations(revision.operation_of(path).map(endpoint))
            .at(at(path)),
        );
    }
    found
}

fn kind(item: &Item) -> &'static str {
    match item {
        Item::Method(_) => "method",
        Item::Operation(_) => "operation",
        Item::Struct(_) | Item::Enum(_) => "type",
    }
}

fn at(path: &str) -> Option<At> {
    let file = match path.split_once("::")?.0 {
        "Client" => "client.rs",
        "operations" => "operations.rs",
        "types" if path.ends_with("Params") => "params.rs",
        _ => "types.rs",
    };
    Some(At {
        file: format!("{GENERATED}/{file}"),
        line: None,
        pointer: None,
    })
}

fn structs(path: &str, old: &Struct, new: &Struct, found: &mut Vec<Finding>) {
    let name = last(path);
    let mut push = |impact, id: &str, field: &str, what: String, before, after| {
        found.push(
            Finding::new(Effect::RawApi, impact, id, format!("{path}.{field}"), what)
                .change(before, after)
                .at(at(path)),
        );
    };
    for (field, was) in &old.fields {
        match new.fields.get(field) {
            None => push(
                Impact::Breaks,
                "field-removed",
                field,
                format!("`{name}` has no field `{field}` any more"),
                Some(was.ty.clone()),
                None,
            ),
            Some(is) if is.ty != was.ty => push(
                Impact::Breaks,
                "field-type-changed",
                field,
                format!("`{name}.{field}` has another type"),
                Some(was.ty.clone()),
                Some(is.ty.clone()),
            ),
            Some(is) if is.wire != was.wire => push(
                Impact::Info,
                "field-wire-name-changed",
                field,
                format!("`{name}.{field}` keeps its name in Rust and has another one in JSON"),
                Some(was.wire.clone()),
                Some(is.wire.clone()),
            ),
            Some(_) => {}
        }
    }
    for (field, is) in &new.fields {
        if old.fields.contains_key(field) {
            continue;
        }
        let (impact, why) = if new.received && old.received {
            (Impact::Info, "")
        } else {
            (
                Impact::Breaks,
                ", which breaks code that writes all fields out",
            )
        };
        push(
            impact,
            "field-added",
            field,
            format!("`{name}` has a new field `{field}`{why}"),
            None,
            Some(is.ty.clone()),
        );
    }
    if new.received && !old.received {
        push(
            Impact::Breaks,
            "struct-became-non-exhaustive",
            "*",
            format!("`{name}` is only received now: callers cannot build it any more"),
            None,
            None,
        );
    }
}

fn enums(path: &str, old: &Enum, new: &Enum, found: &mut Vec<Finding>) {
    let name = last(path);
    let mut push = |impact, id: &str, variant: &str, what: String, before, after| {
        found.push(
            Finding::new(
                Effect::RawApi,
                impact,
                id,
                format!("{path}::{variant}"),
                what,
            )
            .change(before, after)
            .at(at(path)),
        );
    };
    for (variant, was) in &old.variants {
        match new.variants.get(variant) {
            None => push(
                Impact::Breaks,
                "variant-removed",
                variant,
                format!("`{name}::{variant}` is gone"),
                Some(was.clone()),
                None,
            ),
            Some(is) if is != was => push(
                Impact::Breaks,
                "variant-changed",
                variant,
                format!("`{name}::{variant}` stands for something else"),
                Some(was.clone()),
                Some(is.clone()),
            ),
            Some(_) => {}
        }
    }
    for (variant, is) in &new.variants {
        if old.variants.contains_key(variant) {
            continue;
        }
        let impact = if old.non_exhaustive {
            Impact::Info
        } else {
            Impact::Breaks
        };
        push(
            impact,
            "variant-added",
            variant,
            format!("`{name}::{variant}` is new"),
            None,
            Some(is.clone()).filter(|is| !is.is_empty()),
        );
    }
    if old.open && !new.open {
        push(
            Impact::Breaks,
            "enum-closed",
            "*",
            format!("`{name}` no longer keeps values that it does not know"),
            None,
            None,
        );
    }
}

fn methods(
    path: &str,
    old: &Method,
    new: &Method,
    place: Option<&String>,
    found: &mut Vec<Finding>,
) {
    let name = last(path);
    let types = |method: &Method| -> Vec<String> {
        method.arguments.iter().map(|(_, ty)| ty.clone()).collect()
    };
    let show = |method: &Method| {
        let arguments: Vec<String> = method
            .arguments
            .iter()
            .map(|(name, ty)| format!("{name}: {ty}"))
            .collect();
        Some(format!("({})", arguments.join(", ")))
    };
    let mut push = |impact, id: &str, what: String, before, after| {
        found.push(
            Finding::new(Effect::RawApi, impact, id, path, what)
                .change(before, after)
                .operations(place.cloned())
                .at(at(path)),
        );
    };
    if types(old) != types(new) {
        push(
            Impact::Breaks,
            "method-arguments-changed",
            format!("`{name}` takes other arguments"),
            show(old),
            show(new),
        );
    } else if old.arguments != new.arguments {
        let names = |method: &Method| -> BTreeSet<String> {
            method
                .arguments
                .iter()
                .map(|(name, _)| name.clone())
                .collect()
        };
        if names(old) == names(new) {
            push(
                Impact::Breaks,
                "method-arguments-swapped",
                format!("`{name}` takes the same arguments in another order, and still compiles"),
                show(old),
                show(new),
            );
        } else {
            push(
                Impact::Info,
                "method-argument-renamed",
                format!("only the name of an argument of `{name}` changed: callers do not see it"),
                show(old),
                show(new),
            );
        }
    }
    if old.output != new.output {
        push(
            Impact::Breaks,
            "method-result-changed",
            format!("`{name}` returns something else"),
            Some(payload(&old.output)),
            Some(payload(&new.output)),
        );
    }
}

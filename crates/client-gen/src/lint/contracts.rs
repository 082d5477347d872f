//! References, names, bodies and parameters.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Lint, each_schema};
use crate::names::Names;
use crate::spec::{Spec, elements, entries, escape};

pub(super) fn check(spec: &Spec, names: &Names) -> Vec<Lint> {
    let mut found = Vec::new();
    references("", &spec.doc, &mut found);
    operation_ids(spec, &mut found);
    shared_bodies(spec, &mut found);
    parameters(spec, &mut found);
    whole_numbers(spec, names, &mut found);
    found
}

fn references(pointer: &str, node: &Value, found: &mut Vec<Lint>) {
    match node {
        Value::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), value.as_str()) {
                    ("$ref", Some(target)) => {
                        let is_deep = target
                            .strip_prefix("#/components/")
                            .is_none_or(|rest| rest.split('/').count() != 2);
                        if is_deep {
                            found.push(Lint::new(
                                "deep-ref",
                                pointer,
                                format!("`{target}` points into the middle of something: most generators cannot name that"),
                                "none needed here: a pass makes it a component; upstream should",
                            ));
                        }
                    }
                    ("example" | "examples" | "default" | "enum", _) => {}
                    _ => references(&format!("{pointer}/{}", escape(key)), value, found),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                references(&format!("{pointer}/{index}"), item, found);
            }
        }
        _ => {}
    }
}

fn operation_ids(spec: &Spec, found: &mut Vec<Lint>) {
    let mut seen = BTreeSet::new();
    for operation in spec.operations() {
        let id = operation.id();
        let what = if id.is_empty() {
            "there is no operationId: a generator makes a name up".to_owned()
        } else if seen.insert(id) {
            continue;
        } else {
            format!("the operationId `{id}` stands twice")
        };
        found.push(Lint::new(
            "operation-id",
            operation.pointer(),
            what,
            "give it an operationId of its own in the overlay",
        ));
    }
}

/// Inline bodies that say the same: a generator makes one type of each, or one of all.
fn shared_bodies(spec: &Spec, found: &mut Vec<Lint>) {
    let mut bodies: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for operation in spec.operations() {
        let schema = &operation.node["requestBody"]["content"]["application/json"]["schema"];
        if schema["properties"].is_object() {
            bodies
                .entry(bare(schema).to_string())
                .or_default()
                .push(format!(
                    "{}/requestBody/content/application~1json/schema",
                    operation.pointer()
                ));
        }
    }
    for places in bodies.into_values().filter(|places| places.len() > 1) {
        for place in &places[1..] {
            found.push(Lint::new(
                "shared-inline-body",
                place,
                format!("the same body is written out at {}", places[0]),
                "none needed here: a pass makes them one type; upstream should make it a component",
            ));
        }
    }
}

/// A schema without its words.
fn bare(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => members
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "description" | "title" | "example"))
            .map(|(key, value)| (key.clone(), bare(value)))
            .collect(),
        Value::Array(items) => items.iter().map(bare).collect(),
        other => other.clone(),
    }
}

fn parameters(spec: &Spec, found: &mut Vec<Lint>) {
    for operation in spec.operations() {
        for (index, parameter) in elements(&operation.node["parameters"]).enumerate() {
            let name = parameter["name"].as_str().unwrap_or_default();
            if parameter["in"] != "query" {
                continue;
            }
            let schema = spec.resolve(&parameter["schema"]);
            let what = match schema["type"].as_str() {
                Some("array") if !name.ends_with("[]") => {
                    format!(
                        "the list `{name}` would go out as `{name}=a`; the service reads `{name}[]=a` only"
                    )
                }
                Some("object") => {
                    format!(
                        "the object `{name}` would go out flat; the service reads `{name}[key]=…` only"
                    )
                }
                _ => continue,
            };
            found.push(Lint::new(
                "wire-style",
                format!("{}/parameters/{index}", operation.pointer()),
                what,
                "give it the bracketed name in the overlay",
            ));
        }
    }
}

fn whole_numbers(spec: &Spec, names: &Names, found: &mut Vec<Lint>) {
    let mut look = |pointer: &str, schema: &Value| {
        for (name, property) in entries(&schema["properties"]) {
            if property["type"] == "number"
                && property.get("x-rust-type").is_none()
                && names.rules().is_whole(name)
            {
                found.push(Lint::new(
                    "integer-as-number",
                    format!("{pointer}/properties/{}", escape(name)),
                    format!("`{name}` counts or identifies something and is a `number`: it would be a float"),
                    "none needed here: a pass makes it an integer; upstream should",
                ));
            }
        }
    };
    for (name, schema) in spec.schemas().into_iter().flatten() {
        each_schema(
            &format!("/components/schemas/{}", escape(name)),
            schema,
            &mut look,
        );
    }
    for operation in spec.operations() {
        for (media_type, media) in entries(&operation.node["requestBody"]["content"]) {
            let pointer = format!(
                "{}/requestBody/content/{}/schema",
                operation.pointer(),
                escape(media_type)
            );
            each_schema(&pointer, &media["schema"], &mut look);
        }
    }
    for (pointer, _, media) in super::each_answer(spec) {
        each_schema(&format!("{pointer}/schema"), &media["schema"], &mut look);
    }
}

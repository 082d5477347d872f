//! Where schemas are in a document whose references are not settled yet.

use serde_json::Value;
use spec_diff::PARTS_OF_FILES;

use crate::pointer::escape;

/// Keys whose members are called what the author likes.
const NAMES: [&str; 12] = [
    "callbacks",
    "content",
    "encoding",
    "headers",
    "links",
    "parameters",
    "pathItems",
    "paths",
    "requestBodies",
    "responses",
    "schemas",
    PARTS_OF_FILES,
];

/// Keys that hold values.
const VALUES: [&str; 4] = ["default", "enum", "example", "examples"];

/// Calls `visit` with the pointer of every schema that is nobody's sub-schema.
pub(super) fn for_each_root(doc: &mut Value, visit: &mut dyn FnMut(&str, &mut Value)) {
    look(doc, "", false, visit);
}

fn look(node: &mut Value, pointer: &str, is_map: bool, visit: &mut dyn FnMut(&str, &mut Value)) {
    match node {
        Value::Object(members) => {
            for (key, value) in members {
                let below = format!("{pointer}/{}", escape(key));
                match key.as_str() {
                    _ if is_map => look(value, &below, false, visit),
                    "schema" => visit(&below, value),
                    "schemas" => {
                        for (name, schema) in value.as_object_mut().into_iter().flatten() {
                            visit(&format!("{below}/{}", escape(name)), schema);
                        }
                    }
                    PARTS_OF_FILES => look(value, &below, true, visit),
                    key if VALUES.contains(&key) || key.starts_with("x-") => {}
                    key => {
                        let is_map = NAMES.contains(&key) && value.is_object();
                        look(value, &below, is_map, visit);
                    }
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                look(item, &format!("{pointer}/{index}"), false, visit);
            }
        }
        _ => {}
    }
}

/// The schemas directly inside a schema, with their steps.
pub(super) fn children(schema: &mut Value) -> Vec<(String, &mut Value)> {
    let mut found = Vec::new();
    for (key, value) in schema.as_object_mut().into_iter().flatten() {
        match key.as_str() {
            "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions" => {
                for (name, inner) in value.as_object_mut().into_iter().flatten() {
                    found.push((format!("/{key}/{}", escape(name)), inner));
                }
            }
            "items"
            | "additionalProperties"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames"
            | "unevaluatedProperties"
            | "unevaluatedItems"
            | "contentSchema" => {
                found.push((format!("/{key}"), value));
            }
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                for (index, inner) in value.as_array_mut().into_iter().flatten().enumerate() {
                    found.push((format!("/{key}/{index}"), inner));
                }
            }
            _ => {}
        }
    }
    found
}

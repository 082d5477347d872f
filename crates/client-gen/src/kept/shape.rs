//! Questions about a single schema.

use serde_json::Value;

use crate::spec::{Spec, entries, is_note};

/// Whether a schema says nothing about its value.
pub(super) fn is_free(schema: &Value) -> bool {
    entries(schema).all(|(key, _)| is_note(key) || key.starts_with("x-"))
}

/// Whether a schema takes anything, or an object with anything in it.
pub(super) fn is_open(schema: &Value) -> bool {
    is_free(schema)
        || (schema["type"] == "object"
            && schema["additionalProperties"] != false
            && !schema["additionalProperties"].is_object()
            && entries(&schema["properties"]).next().is_none()
            && !is_choice(schema)
            && schema.get("allOf").is_none())
}

/// Whether a schema could have been written down from one recorded value: it names fields and types
/// and nothing that a value does not show.
pub(super) fn is_sample(schema: &Value) -> bool {
    schema["required"].as_array().is_none_or(Vec::is_empty)
        && [
            "$ref", "enum", "format", "oneOf", "anyOf", "allOf", "pattern",
        ]
        .iter()
        .all(|key| schema.get(key).is_none())
}

/// Whether a schema is a choice between others.
pub(super) fn is_choice(schema: &Value) -> bool {
    schema["oneOf"].is_array() || schema["anyOf"].is_array()
}

/// What a reference names, wrapped with words or not: a JSON pointer.
pub(super) fn target(schema: &Value) -> Option<String> {
    let inner = crate::spec::unwrapped(schema).unwrap_or(schema);
    crate::spec::reference(inner)
}

/// The name of the component that a pointer is, or is in.
pub(super) fn component(pointer: &str) -> Option<String> {
    let rest = pointer.strip_prefix("/components/schemas/")?;
    Some(crate::spec::unescape(rest.split('/').next()?))
}

/// The type that a schema gives or implies.
pub(super) fn kind(schema: &Value) -> Option<&str> {
    schema["type"].as_str().or_else(|| {
        if schema["properties"].is_object() {
            Some("object")
        } else if schema["items"].is_object() {
            Some("array")
        } else {
            None
        }
    })
}

/// The parts of an `allOf` as one schema, as far as properties and what is required go.
pub(super) fn flattened(spec: &Spec, schema: &Value, depth: usize) -> Value {
    let mut whole = schema.clone();
    let Some(parts) = schema["allOf"].as_array().filter(|_| depth < 16) else {
        return whole;
    };
    let object = crate::spec::object_of(&mut whole);
    object.shift_remove("allOf");
    for part in parts {
        let part = flattened(spec, spec.resolve(part), depth + 1);
        for (key, value) in entries(&part) {
            match (object.get_mut(key), value) {
                (Some(Value::Object(present)), Value::Object(more)) => {
                    for (name, value) in more {
                        present.entry(name.clone()).or_insert_with(|| value.clone());
                    }
                }
                (Some(Value::Array(present)), Value::Array(more)) if key == "required" => {
                    present.extend(more.iter().cloned());
                }
                (Some(_), _) => {}
                (None, value) => {
                    object.insert(key.clone(), value.clone());
                }
            }
        }
    }
    whole
}

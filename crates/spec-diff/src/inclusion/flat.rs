//! Schemas that hold together as one map of keywords, for making values: near enough, as values are checked.

use serde_json::{Map, Value, json};

/// The keywords of schemas that hold together, without what they take in from elsewhere.
pub(super) fn flat<'s>(parts: impl Iterator<Item = &'s Map<String, Value>>) -> Map<String, Value> {
    const ELSEWHERE: [&str; 5] = ["$ref", "$defs", "allOf", "anyOf", "oneOf"];
    let own = |part: &Map<String, Value>| -> Map<String, Value> {
        let keywords = part
            .iter()
            .filter(|(key, _)| !ELSEWHERE.contains(&key.as_str()));
        let keywords = keywords.map(|(key, value)| (key.clone(), value.clone()));
        keywords.collect()
    };
    parts.fold(Map::new(), |all, part| merged(all, &own(part)))
}

/// Keywords that hold together, roughly: the stricter of two where that is plain to see.
pub(super) fn merged(
    mut one: Map<String, Value>,
    other: &Map<String, Value>,
) -> Map<String, Value> {
    for (key, value) in other {
        let Some(own) = one.get_mut(key) else {
            one.insert(key.clone(), value.clone());
            continue;
        };
        match (key.as_str(), &mut *own, value) {
            ("properties" | "patternProperties", Value::Object(own), Value::Object(more)) => {
                for (name, schema) in more {
                    let both = own.remove(name);
                    let both = both
                        .map_or_else(|| schema.clone(), |own| json!({ "allOf": [own, schema] }));
                    own.insert(name.clone(), both);
                }
            }
            ("required", Value::Array(own), Value::Array(more)) => own.extend(more.iter().cloned()),
            ("enum", Value::Array(own), Value::Array(more)) => {
                own.retain(|value| more.contains(value));
            }
            ("type", Value::String(own), Value::String(more)) if own == "number" => {
                own.clone_from(more);
            }
            ("type", Value::Array(_), Value::String(more)) => *own = json!(more),
            ("type", Value::Array(own), Value::Array(more)) => {
                own.retain(|name| more.contains(name));
            }
            ("items" | "additionalProperties", own, more) => {
                *own = json!({ "allOf": [own.clone(), more] });
            }
            (key, own, more)
                if (key.starts_with("max") || key == "exclusiveMaximum")
                    && more.as_f64() < own.as_f64() =>
            {
                *own = more.clone();
            }
            (key, own, more)
                if (key.starts_with("min") || key == "exclusiveMinimum")
                    && more.as_f64() > own.as_f64() =>
            {
                *own = more.clone();
            }
            _ => {}
        }
    }
    one
}

/// The limits of a schema, without what stands inside values.
pub(super) fn limits(flat: &Map<String, Value>) -> Value {
    const LIMITS: [&str; 11] = [
        "type",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
        "minItems",
        "maxItems",
    ];
    let stated = flat
        .iter()
        .filter(|(key, _)| LIMITS.contains(&key.as_str()));
    let stated = stated.map(|(key, value)| (key.clone(), value.clone()));
    Value::Object(stated.collect())
}

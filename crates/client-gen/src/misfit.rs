//! Where a value does not fit a schema.

use serde_json::Value;

use crate::spec::{Spec, elements, entries};

/// References followed inside one example; a schema may hold itself.
const DEPTH: usize = 40;

/// Every place where a value does not fit, in words.
pub(crate) fn misfits(spec: &Spec, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    look(spec, schema, value, ("", DEPTH), &mut found);
    found
}

/// Whether a value is made of the names of types, as a generator of descriptions leaves it where
/// nobody gave an example; an event stream is, if its events are.
pub(crate) fn is_made_of_type_names(value: &Value) -> bool {
    const TYPES: [&str; 7] = [
        "string", "number", "integer", "boolean", "object", "array", "null",
    ];
    fn leaves<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
        match value {
            Value::Object(members) => members.values().for_each(|it| leaves(it, found)),
            Value::Array(items) => items.iter().for_each(|it| leaves(it, found)),
            value => found.push(value),
        }
    }
    let mut found = Vec::new();
    leaves(value, &mut found);
    if let [Value::String(text)] = found.as_slice()
        && text.contains("data:")
    {
        let events: Vec<Value> = text
            .lines()
            .filter_map(|line| serde_json::from_str(line.strip_prefix("data:")?.trim()).ok())
            .filter(|event: &Value| event.is_object())
            .collect();
        return events.iter().any(is_made_of_type_names);
    }
    let named = found
        .iter()
        .filter(|it| it.as_str().is_some_and(|text| TYPES.contains(&text)));
    // One word may be a value like any other; an answer that shows little else is no answer.
    let named = named.count();
    named > 1 && named * 2 >= found.len()
}

fn look(
    spec: &Spec,
    schema: &Value,
    value: &Value,
    (at, depth): (&str, usize),
    found: &mut Vec<String>,
) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    let schema = spec.resolve(schema);
    let here = if at.is_empty() { "the value" } else { at };
    if value.is_null() {
        let is_nullable = schema["nullable"] == true || schema.get("type").is_none();
        if !is_nullable {
            found.push(format!("{here} is null, which the schema rules out"));
        }
        return;
    }
    for branch in elements(&schema["allOf"]) {
        look(spec, branch, value, (at, depth), found);
    }
    let fits = |branch: &Value| {
        let mut found = Vec::new();
        look(spec, branch, value, (at, depth), &mut found);
        found.is_empty()
    };
    for keyword in ["oneOf", "anyOf"] {
        if schema[keyword].is_array() && !elements(&schema[keyword]).any(fits) {
            found.push(format!("{here} fits none of the branches of `{keyword}`"));
        }
    }
    let fits = match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    };
    if !fits {
        let wanted = schema["type"].as_str().unwrap_or_default();
        found.push(format!("{here} is no {wanted}"));
        return;
    }
    if schema["enum"].is_array() && !elements(&schema["enum"]).any(|known| known == value) {
        found.push(format!(
            "{here} is {value}, which is not in the list of values"
        ));
    }
    if value.is_object() {
        for name in elements(&schema["required"]).filter_map(Value::as_str) {
            if value.get(name).is_none() {
                found.push(format!("{here} lacks `{name}`, which is required"));
            }
        }
        for (name, property) in entries(&schema["properties"]) {
            if let Some(member) = value.get(name) {
                look(
                    spec,
                    property,
                    member,
                    (&format!("{at}.{name}"), depth),
                    found,
                );
            }
        }
    }
    for (index, item) in elements(value).enumerate() {
        if schema.get("items").is_some() {
            look(
                spec,
                &schema["items"],
                item,
                (&format!("{at}[{index}]"), depth),
                found,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_place_is_found() {
        let spec = Spec::of(json!({}));
        let schema = json!({ "type": "object", "required": ["a"], "properties": {
            "list": { "type": "array", "items": { "type": "integer" } },
            "word": { "type": "string", "enum": ["x"] },
        } });
        let value = json!({ "list": [1, "two", 3.5], "word": "y" });
        assert_eq!(misfits(&spec, &schema, &value).len(), 4);
        assert!(misfits(&spec, &schema, &json!({ "a": 1, "list": [2.0] })).is_empty());
    }

    #[test]
    fn names_of_types_are_no_values() {
        for made in [
            json!({ "price": "number", "name": "string" }),
            json!([{ "a": { "b": "boolean" } }, "string"]),
            json!("event: x\ndata: {\"price\":\"number\",\"id\":\"string\"}\n\ndata: [DONE]\n\n"),
        ] {
            assert!(is_made_of_type_names(&made), "{made}");
        }
        for real in [
            json!({ "kind": "object", "name": "Ada", "age": 7 }),
            json!("string"),
            json!("data: {\"kind\":\"object\",\"text\":\"Hello\",\"n\":1}\n\n"),
        ] {
            assert!(!is_made_of_type_names(&real), "{real}");
        }
    }
}

//! Values where everything is written as text: query, path, header, form.
//!
//! There `7` and `"7"` look the same. If both sides have the same kinds of values, these can be compared as they are;
//! otherwise each side becomes the set of texts that it writes.

use serde_json::{Map, Value, json};

const INTEGER: &str = "^-?(0|[1-9][0-9]*)$";
const NUMBER: &str = "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$";

/// Whole numbers between two bounds that are listed one by one.
const MAX_LISTED: i64 = 256;

/// The kinds of plain values a schema says it has, `None` if it has others or does not say.
pub(super) fn kinds(schema: &Value) -> Option<Vec<&str>> {
    let listed = |list: &Value, kind: fn(&Value) -> Option<&'static str>| {
        let items = list.as_array()?;
        items.iter().map(kind).collect::<Option<Vec<_>>>()
    };
    if let Some(kind) = schema.get("type") {
        let all = match kind {
            Value::String(name) => vec![name.as_str()],
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
            _ => return None,
        };
        let plain =
            |name: &&str| matches!(*name, "string" | "integer" | "number" | "boolean" | "null");
        let mut all = all.iter().all(plain).then_some(all)?;
        all.sort_unstable();
        all.retain(|name| *name != "null");
        return Some(all);
    }
    if let Some(list) = schema.get("enum") {
        let mut all = listed(list, kind_of)?;
        all.sort_unstable();
        all.dedup();
        return Some(all);
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(list) = schema.get(key).and_then(Value::as_array) {
            let mut all = Vec::new();
            for member in list {
                all.extend(kinds(member)?);
            }
            all.sort_unstable();
            all.dedup();
            return Some(all);
        }
    }
    let parts = schema.get("allOf")?.as_array()?;
    parts.iter().find_map(kinds)
}

fn kind_of(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::String(_) => "string",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::Bool(_) => "boolean",
        Value::Null => "null",
        Value::Array(_) | Value::Object(_) => return None,
    })
}

/// The text that a value is written as.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) | Value::Null => None,
        plain => Some(plain.to_string()),
    }
}

/// What a text can be read as: the text, and the number or truth value that is written like it.
pub(super) fn readings(value: &Value) -> Vec<Value> {
    let mut all = vec![value.clone()];
    if let Some(text) = value.as_str() {
        all.extend(serde_json::from_str(text).ok().filter(|read: &Value| {
            (read.is_number() || read.is_boolean()) && text_of(read).as_deref() == Some(text)
        }));
    }
    all
}

/// The set of texts that the values of a schema are written as; `None` if that cannot be said exactly.
pub(super) fn written(schema: &Value) -> Option<Value> {
    let Value::Object(map) = schema else {
        return schema.is_boolean().then(|| schema.clone());
    };
    for key in ["anyOf", "oneOf", "allOf"] {
        if let Some(list) = map.get(key).and_then(Value::as_array) {
            if map.len() > 1 {
                return None;
            }
            // Where types differ, alternatives cannot meet: `oneOf` is as good as `anyOf` only then.
            let key = if key == "oneOf" { "anyOf" } else { key };
            let all: Option<Vec<Value>> = list.iter().map(written).collect();
            return Some(json!({ key: all? }));
        }
    }
    let constant = map.get("const").map(std::slice::from_ref);
    let listed = constant.or_else(|| map.get("enum")?.as_array().map(Vec::as_slice));
    if let Some(values) = listed {
        let fits = |value: &&Value| map.get("type").is_none_or(|_| fits_type(schema, value));
        let texts = values.iter().filter(fits).filter_map(text_of);
        let only_lists = map
            .keys()
            .all(|key| matches!(key.as_str(), "type" | "const" | "enum"));
        return only_lists.then(|| json!({ "enum": texts.collect::<Vec<_>>() }));
    }
    let mut all = Vec::new();
    for kind in kinds(schema)? {
        all.push(match kind {
            "string" => of_texts(map),
            "boolean" => json!({ "enum": ["true", "false"] }),
            _ => numbers(map, kind)?,
        });
    }
    Some(json!({ "anyOf": all }))
}

fn fits_type(schema: &Value, value: &Value) -> bool {
    let kind = kind_of(value).unwrap_or("none");
    let all = kinds(schema).unwrap_or_default();
    all.contains(&kind) || kind == "integer" && all.contains(&"number")
}

fn of_texts(map: &Map<String, Value>) -> Value {
    let mut out = Map::new();
    out.insert("type".to_owned(), json!("string"));
    for key in ["pattern", "minLength", "maxLength"] {
        out.extend(map.get(key).map(|value| (key.to_owned(), value.clone())));
    }
    out.into()
}

fn numbers(map: &Map<String, Value>, kind: &str) -> Option<Value> {
    let bound = |key: &str| map.get(key).and_then(Value::as_i64);
    let free = [
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
    ];
    if free.iter().all(|key| !map.contains_key(*key)) {
        let pattern = if kind == "integer" { INTEGER } else { NUMBER };
        return Some(json!({ "type": "string", "pattern": pattern }));
    }
    let low = bound("minimum").or_else(|| bound("exclusiveMinimum")?.checked_add(1))?;
    let high = bound("maximum").or_else(|| bound("exclusiveMaximum")?.checked_sub(1))?;
    let few = kind == "integer" && high.checked_sub(low)? <= MAX_LISTED;
    if !few || map.contains_key("multipleOf") {
        return None;
    }
    let texts: Vec<String> = (low..=high).map(|n| n.to_string()).collect();
    Some(json!({ "enum": texts }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_what_is_written_like_it() {
        assert_eq!(readings(&json!("12")), [json!("12"), json!(12)]);
        assert_eq!(readings(&json!("012")), [json!("012")]);
        assert_eq!(readings(&json!("true")).len(), 2);
    }

    #[test]
    fn sets_of_texts() {
        assert_eq!(
            written(&json!({"type": "integer", "minimum": 1, "maximum": 3})),
            Some(json!({"anyOf": [{"enum": ["1", "2", "3"]}]}))
        );
        assert_eq!(
            written(&json!({"type": "integer", "enum": [5, 6]})),
            Some(json!({"enum": ["5", "6"]}))
        );
        assert_eq!(written(&json!({"type": "number", "minimum": 1})), None);
        assert_eq!(written(&json!({"type": "object"})), None);
    }
}

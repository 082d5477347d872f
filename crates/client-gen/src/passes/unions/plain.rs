//! The steps that look at values of one kind: texts, numbers, and objects by their keys.

use heck::ToPascalCase;
use serde_json::{Map, Value, json};

use crate::spec::{elements, entries};
use crate::walk::bare;

/// What a choice became, and how.
pub(super) type Told = (Value, String);

/// Strings, some with listed values: one string with all of them.
pub(super) fn by_text(resolved: &[Value]) -> Option<Told> {
    if resolved.iter().any(|branch| branch["type"] != "string") {
        return None;
    }
    let mut values: Vec<Value> = Vec::new();
    for value in resolved.iter().flat_map(|branch| elements(&branch["enum"])) {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    if values.is_empty() {
        return Some((json!({ "type": "string" }), "all are strings".to_owned()));
    }
    let how = format!("strings, {} of them known", values.len());
    Some((json!({ "type": "string", "enum": values }), how))
}

/// Numbers of any kind: one number, with the values and titles of those that are listed.
pub(super) fn by_number(resolved: &[Value]) -> Option<Told> {
    let is = |branch: &Value, kind: &str| branch["type"] == kind;
    if !resolved
        .iter()
        .all(|it| is(it, "integer") || is(it, "number"))
    {
        return None;
    }
    if resolved.iter().any(|it| is(it, "number")) {
        // Told as `double`, no name makes it whole.
        let number = json!({ "type": "number", "format": "double" });
        return Some((number, "all are numbers".to_owned()));
    }
    let mut number = json!({ "type": "integer" });
    if resolved.iter().all(|it| it["format"] == "uint64") {
        number["format"] = "uint64".into();
    }
    let is_listed = |branch: &Value| branch["enum"].is_array();
    if resolved.iter().all(is_listed) {
        let values = resolved.iter().flat_map(|it| elements(&it["enum"]));
        number["enum"] = values.cloned().collect();
        let words: Vec<String> = resolved
            .iter()
            .filter_map(|it| {
                let value = it["enum"].as_array()?.first()?;
                let title = it["title"].as_str().or(it["description"].as_str())?;
                Some(format!("{value} is {title}"))
            })
            .collect();
        if !words.is_empty() {
            number["description"] = format!("{}.", words.join(", ")).into();
        }
    }
    Some((number, "all are integers".to_owned()))
}

/// Objects of which each requires a property that no other has.
pub(super) fn by_key(branches: &[Value], resolved: &[Value]) -> Option<Told> {
    if resolved.iter().any(|branch| !is_object(branch)) {
        return None;
    }
    let mut keys = Vec::new();
    for (index, object) in resolved.iter().enumerate() {
        let key = elements(&object["required"])
            .filter_map(Value::as_str)
            .find(|key| {
                // One that may be null becomes optional, and distinguishes nothing any more.
                object["properties"][key]["nullable"] != true
                    && object["properties"].get(key).is_some()
                    && resolved.iter().enumerate().all(|(other, object)| {
                        other == index || object["properties"].get(key).is_none()
                    })
            })?;
        keys.push(key);
    }
    let branches: Vec<Value> = keys
        .iter()
        .zip(branches)
        .map(|(key, schema)| json!({ "name": key.to_pascal_case(), "key": key, "schema": schema }))
        .collect();
    let how = format!(
        "by the keys {}",
        keys.iter()
            .map(|key| format!("`{key}`"))
            .collect::<Vec<_>>()
            .join(", ")
    );
    Some((
        json!({ "x-union": { "style": "key", "branches": branches } }),
        how,
    ))
}

/// Objects that overlap become one: all their properties, of which only those
/// that every branch requires are required. `None` for those that disagree or are maps.
pub(super) fn overlapping(resolved: &[Value]) -> Option<Told> {
    let is_open = |object: &Value| {
        let more = object.get("additionalProperties");
        more.is_some_and(|more| *more != Value::Bool(false)) || object.get("properties").is_none()
    };
    if resolved.iter().any(|it| !is_object(it) || is_open(it)) {
        return None;
    }
    let mut properties = Map::new();
    for (name, property) in resolved
        .iter()
        .flat_map(|object| entries(&object["properties"]))
    {
        match properties.get(name) {
            None => {
                properties.insert(name.clone(), property.clone());
            }
            Some(present) if bare(present) == bare(property) => {}
            Some(_) => return None,
        }
    }
    let required: Vec<&Value> = elements(&resolved[0]["required"])
        .filter(|name| {
            resolved
                .iter()
                .all(|object| elements(&object["required"]).any(|other| other == *name))
        })
        .collect();
    let how = format!("{} overlapping objects became one", resolved.len());
    Some((
        json!({ "type": "object", "properties": properties, "required": required }),
        how,
    ))
}

pub(super) fn kind(schema: &Value) -> &'static str {
    match schema["type"].as_str() {
        Some("string") => "Text",
        Some("integer" | "number") => "Number",
        Some("boolean") => "Flag",
        Some("array") => "List",
        _ if is_object(schema) => "Object",
        _ => "",
    }
}

pub(super) fn is_object(schema: &Value) -> bool {
    schema["properties"].is_object() || schema["type"] == "object"
}

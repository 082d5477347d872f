//! The keywords of one schema.

use serde_json::{Map, Value, json};

use super::schemas::children;
use super::{Notes, kinds};
use crate::spec::{elements, entries, is_note, object_of};

/// Says nothing about values.
const ABOUT_THE_SCHEMA: [&str; 7] = [
    "$anchor",
    "$comment",
    "$dynamicAnchor",
    "$id",
    "$schema",
    "$vocabulary",
    "contentSchema",
];

/// Restrictions without which every value that fitted still fits.
const NOT_CHECKED: [&str; 6] = [
    "contains",
    "dependentRequired",
    "maxContains",
    "minContains",
    "propertyNames",
    "unevaluatedItems",
];

/// Lowers a schema and what is in it. A branch of a choice may be null alone.
pub(super) fn lower(pointer: &str, schema: &mut Value, is_branch: bool, notes: &mut Notes) {
    if let Value::Bool(allows) = *schema {
        *schema = json!({});
        if !allows {
            notes.lose(pointer, "no value fits, so it is an open value");
        }
        return;
    }
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    for keyword in ABOUT_THE_SCHEMA {
        object.shift_remove(keyword);
    }
    one_example(object);
    dynamic_references(pointer, object, notes);
    constant(pointer, object, notes);
    bounds(object, notes);
    contents(object, notes);
    tuple(pointer, object, notes);
    conditions(pointer, object, notes);
    members(pointer, object, notes);
    for keyword in NOT_CHECKED {
        if object.shift_remove(keyword).is_some() {
            notes.lose(pointer, &format!("`{keyword}` is not checked"));
        }
    }
    forbidden_members(pointer, object, notes);
    kinds::settle(pointer, object, is_branch, notes);
    if object.get("type").is_some_and(|kind| kind == "array") && !object.contains_key("items") {
        object.insert("items".to_owned(), json!({}));
    }
    for (step, child) in children(schema) {
        // That what is not listed may be anything, or nothing at all, 3.0 says as well.
        if step == "/additionalProperties" && child.is_boolean() {
            continue;
        }
        let is_branch = step.starts_with("/anyOf/") || step.starts_with("/oneOf/");
        lower(&format!("{pointer}{step}"), child, is_branch, notes);
    }
    beside_reference(schema, notes);
}

fn one_example(object: &mut Map<String, Value>) {
    if let Some(Value::Array(examples)) = object.shift_remove("examples")
        && let Some(first) = examples.into_iter().next()
    {
        object.entry("example").or_insert(first);
    }
}

fn dynamic_references(pointer: &str, object: &mut Map<String, Value>, notes: &mut Notes) {
    for keyword in ["$dynamicRef", "$recursiveRef"] {
        if object.shift_remove(keyword).is_some() {
            notes.lose(pointer, &format!("`{keyword}` is an open value"));
        }
    }
}

fn constant(pointer: &str, object: &mut Map<String, Value>, notes: &mut Notes) {
    let Some(only) = object.shift_remove("const") else {
        return;
    };
    notes.respelled += 1;
    let kind = match &only {
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::Null => {
            object.insert("nullable".to_owned(), true.into());
            return;
        }
        Value::Array(_) | Value::Object(_) => {
            notes.lose(pointer, "`const` is a list or an object, and not checked");
            return;
        }
    };
    object.entry("type").or_insert_with(|| kind.into());
    object.insert("enum".to_owned(), vec![only].into());
}

/// A bound that is itself excluded is one beside a word in 3.0.
fn bounds(object: &mut Map<String, Value>, notes: &mut Notes) {
    for (exclusive, inclusive, sign) in [
        ("exclusiveMinimum", "minimum", 1.0),
        ("exclusiveMaximum", "maximum", -1.0),
    ] {
        let Some(bound) = object.get(exclusive).filter(|it| it.is_number()).cloned() else {
            continue;
        };
        notes.respelled += 1;
        let number = |value: &Value| value.as_f64().unwrap_or_default() * sign;
        let is_tighter = object
            .get(inclusive)
            .is_none_or(|other| number(&bound) >= number(other));
        if is_tighter {
            object.insert(inclusive.to_owned(), bound);
            object.insert(exclusive.to_owned(), true.into());
        } else {
            object.shift_remove(exclusive);
        }
    }
}

fn contents(object: &mut Map<String, Value>, notes: &mut Notes) {
    let encoding = object.shift_remove("contentEncoding");
    let media_type = object.shift_remove("contentMediaType");
    let Some(told) = encoding.as_ref().or(media_type.as_ref()) else {
        return;
    };
    notes.respelled += 1;
    let told = told.as_str().unwrap_or_default();
    let format = match (encoding.is_some(), told) {
        (true, "base64" | "base64url") => "byte",
        (false, told) if !told.contains("json") && !told.starts_with("text/") => "binary",
        _ => return,
    };
    object.entry("type").or_insert_with(|| "string".into());
    object.entry("format").or_insert_with(|| format.into());
}

/// A list whose first elements have schemas of their own.
fn tuple(pointer: &str, object: &mut Map<String, Value>, notes: &mut Notes) {
    let Some(Value::Array(first)) = object.shift_remove("prefixItems") else {
        return;
    };
    let rest = object
        .get("items")
        .filter(|rest| **rest != Value::Bool(false));
    let all = || first.iter().chain(rest);
    let is_closed = object.get("items") == Some(&Value::Bool(false));
    let alike = all()
        .next()
        .filter(|one| (is_closed || rest.is_some()) && all().all(|it| it == *one));
    if let Some(one) = alike.cloned() {
        notes.respelled += 1;
        object.insert("items".to_owned(), one);
    } else {
        notes.lose(pointer, "the elements of `prefixItems` are open values");
        object.insert("items".to_owned(), json!({}));
    }
    object.entry("type").or_insert_with(|| "array".into());
}

/// What holds only for some values: its members may be there, and need not.
fn conditions(pointer: &str, object: &mut Map<String, Value>, notes: &mut Notes) {
    let mut parts = Vec::new();
    let mut found = Vec::new();
    for keyword in ["if", "then", "else"] {
        if let Some(part) = object.shift_remove(keyword) {
            parts.push(part);
            found.push(keyword);
        }
    }
    if let Some(Value::Object(all)) = object.shift_remove("dependentSchemas") {
        parts.extend(all.into_iter().map(|(_, part)| part));
        found.push("dependentSchemas");
    }
    if found.is_empty() {
        return;
    }
    let list: Vec<String> = found.iter().map(|it| format!("`{it}`")).collect();
    notes.lose(
        pointer,
        &format!("{} not checked; its members are optional", list.join(", ")),
    );
    for part in parts {
        for (name, property) in entries(&part["properties"]) {
            // In a condition a member often has nothing but the value that it is asked for.
            let properties = object_of(object.entry("properties").or_insert_with(|| json!({})));
            if !properties.contains_key(name) && !property.is_boolean() {
                let mut property = property.clone();
                let member = object_of(&mut property);
                member.shift_remove("const");
                member.shift_remove("enum");
                properties.insert(name.clone(), property);
            }
        }
    }
}

/// Members by pattern, and what else an object may hold.
fn members(pointer: &str, object: &mut Map<String, Value>, notes: &mut Notes) {
    let is_closed = object.get("additionalProperties") == Some(&Value::Bool(false));
    if let Some(Value::Object(patterns)) = object.shift_remove("patternProperties") {
        let mut schemas = patterns.into_iter().map(|(_, schema)| schema);
        let one = schemas.next();
        let alike = one.filter(|one| schemas.all(|other| other == *one) && is_closed);
        notes.lose(
            pointer,
            if alike.is_some() {
                "the names in `patternProperties` are not checked"
            } else {
                "what `patternProperties` says of further members is open"
            },
        );
        object.insert(
            "additionalProperties".to_owned(),
            alike.unwrap_or(true.into()),
        );
    }
    if let Some(rest) = object.shift_remove("unevaluatedProperties") {
        let is_whole = !["allOf", "anyOf", "oneOf", "$ref"]
            .iter()
            .any(|keyword| object.contains_key(*keyword));
        match rest {
            Value::Bool(false) => {}
            rest if is_whole || rest.is_boolean() => {
                object.entry("additionalProperties").or_insert(rest);
            }
            _ => notes.lose(pointer, "`unevaluatedProperties` is not checked"),
        }
    }
}

/// A property that no value fits is one that is not there.
fn forbidden_members(pointer: &str, object: &mut Map<String, Value>, notes: &mut Notes) {
    let Some(Value::Object(properties)) = object.get_mut("properties") else {
        return;
    };
    properties.retain(|name, schema| {
        let is_there = *schema != Value::Bool(false);
        if !is_there {
            notes.lose(
                pointer,
                &format!("the property `{name}` must not be there, and is left out"),
            );
        }
        is_there
    });
}

/// In 3.0 a reference hides what stands beside it.
fn beside_reference(schema: &mut Value, notes: &mut Notes) {
    let object = object_of(schema);
    let Some(target) = object.get("$ref").cloned() else {
        return;
    };
    if object.len() == 1 {
        return;
    }
    notes.respelled += 1;
    object.shift_remove("$ref");
    for keyword in ["title", "summary", "deprecated", "externalDocs", "xml"] {
        object.shift_remove(keyword);
    }
    let reference = json!({ "$ref": target });
    if object.is_empty() {
        *schema = reference;
        return;
    }
    let mut whole = Map::new();
    for key in [
        "description",
        "nullable",
        "readOnly",
        "writeOnly",
        "default",
    ] {
        if let Some(note) = object.shift_remove(key) {
            whole.insert(key.to_owned(), note);
        }
    }
    let mut parts = vec![reference];
    if let Some(more) = object.shift_remove("allOf") {
        parts.extend(elements(&more).cloned());
    }
    if object.keys().any(|key| !is_note(key)) {
        parts.push(Value::Object(std::mem::take(object)));
    }
    whole.insert("allOf".to_owned(), parts.into());
    *schema = Value::Object(whole);
}

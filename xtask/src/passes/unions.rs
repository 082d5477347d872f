//! `unions`: every choice between schemas gets a shape that Rust can have.
//!
//! progenitor guesses here (a discriminator is ignored, overlapping objects
//! become numbered fields), so each `oneOf` and `anyOf` is told apart first:
//!
//! - by a **tag**: a property with one value per branch, declared or not;
//! - by a **key**: a required property that no other branch has;
//! - by **kind**: string or list, number or object;
//! - objects that overlap with nothing to tell them apart become **one** object;
//! - strings, some of them listed, become one open enum.
//!
//! The result stands in the document as `x-union`; `unions.rs` is written from
//! it. What fits none of these is an error: a guess would decode wrongly.

use std::collections::BTreeSet;

use heck::ToPascalCase;
use serde_json::{Map, Value, json};

use super::Context;
use crate::problem::{Problems, Result};
use crate::spec::{Spec, elements, entries, object_of, reference};
use crate::walk;

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "unions",
        "Choices between schemas, and how their branches are told apart.",
    );
    let before = spec.clone();
    let mut problems = Vec::new();
    let mut lines = Vec::new();
    walk::for_each_schema_mut(&mut spec.doc, &mut |pointer, schema| {
        if schema.get("oneOf").is_none() && schema.get("anyOf").is_none() {
            return;
        }
        match tell_apart(&before, schema) {
            Ok((replacement, how)) => {
                lines.push(format!("`{pointer}`: {how}"));
                *schema = replacement;
            }
            Err(what) => problems.push(before.problem(
                pointer,
                format!("the branches of this choice cannot be told apart: {what}"),
                "add an overlay action that gives each branch a property with a single-value `enum`, or makes them one schema",
            )),
        }
    });
    for line in lines {
        context.report.line(line);
    }
    Problems::none_or(problems)
}

type Told = std::result::Result<(Value, String), String>;

fn tell_apart(spec: &Spec, schema: &Value) -> Told {
    let mut branches = Vec::new();
    let mut nullable = schema["nullable"] == true;
    collect_branches(schema, &mut branches, &mut nullable)?;
    let resolved: Vec<Value> = branches
        .iter()
        .map(|branch| spec.resolve(branch).clone())
        .collect();
    let (mut replacement, how) = match branches.as_slice() {
        [] => return Err("it has no branches".to_owned()),
        [only] => ((*only).clone(), "the only branch".to_owned()),
        _ => by_text(&resolved)
            .or_else(|| by_tag(schema, &branches, &resolved))
            .or_else(|| by_kind(&branches, &resolved))
            .or_else(|| by_key(&branches, &resolved))
            .map_or_else(|| overlapping(&resolved), Ok)?,
    };
    if reference(&replacement).is_none() {
        let object = object_of(&mut replacement);
        if nullable {
            object.insert("nullable".to_owned(), true.into());
        }
        if let Some(description) = schema.get("description") {
            object.insert("description".to_owned(), description.clone());
        }
    }
    Ok((replacement, how))
}

/// The branches, with choices inside choices opened and `null` taken out.
fn collect_branches(
    schema: &Value,
    branches: &mut Vec<Value>,
    nullable: &mut bool,
) -> std::result::Result<(), String> {
    if schema.get("oneOf").is_some() && schema.get("anyOf").is_some() {
        return Err("it has both `oneOf` and `anyOf`".to_owned());
    }
    for branch in elements(&schema["oneOf"]).chain(elements(&schema["anyOf"])) {
        let is_null = branch["type"] == "null" || branch["enum"] == json!([null]);
        if is_null {
            *nullable = true;
        } else if branch.get("oneOf").is_some() || branch.get("anyOf").is_some() {
            collect_branches(branch, branches, nullable)?;
        } else {
            branches.push(branch.clone());
        }
    }
    Ok(())
}

/// Strings, some with listed values: one string with all of them.
fn by_text(resolved: &[Value]) -> Option<(Value, String)> {
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

/// Objects that share a property which has another single value in each.
fn by_tag(schema: &Value, branches: &[Value], resolved: &[Value]) -> Option<(Value, String)> {
    if resolved.iter().any(|branch| !is_object(branch)) {
        return None;
    }
    let declared = schema["discriminator"]["propertyName"].as_str();
    let candidates: Vec<&str> = match declared {
        Some(tag) => vec![tag],
        None => entries(&resolved[0]["properties"])
            .map(|(name, _)| name.as_str())
            .collect(),
    };
    candidates.into_iter().find_map(|tag| {
        let mut values = Vec::new();
        for (branch, object) in branches.iter().zip(resolved) {
            let value = tag_value(schema, tag, branch, object)?;
            if values.contains(&value) {
                return None;
            }
            values.push(value);
        }
        let is_text = values.iter().all(Value::is_string);
        if !is_text && !values.iter().all(Value::is_i64) {
            return None;
        }
        Some(tagged(tag, is_text, &values, resolved))
    })
}

/// The value that marks a branch: its single-value `enum`, or what the discriminator says.
fn tag_value(schema: &Value, tag: &str, branch: &Value, object: &Value) -> Option<Value> {
    if let Some([value]) = object["properties"][tag]["enum"]
        .as_array()
        .map(Vec::as_slice)
    {
        return Some(value.clone());
    }
    schema.get("discriminator")?;
    let target = branch["$ref"].as_str()?;
    let name = target.rsplit('/').next()?;
    let mapped = entries(&schema["discriminator"]["mapping"])
        .find(|(_, to)| to.as_str().is_some_and(|to| to == target || to == name))
        .map(|(value, _)| value.as_str());
    Some(mapped.unwrap_or(name).into())
}

fn tagged(tag: &str, is_text: bool, values: &[Value], resolved: &[Value]) -> (Value, String) {
    let mut default = Value::Null;
    let branches: Vec<Value> = values
        .iter()
        .zip(resolved)
        .map(|(value, object)| {
            let mut schema = object.clone();
            let object = object_of(&mut schema);
            let title = object
                .get("x-variant")
                .and_then(Value::as_str)
                .map(ToOwned::to_owned);
            object.shift_remove("x-variant");
            if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
                properties.shift_remove(tag);
            }
            if let Some(required) = object.get_mut("required").and_then(Value::as_array_mut) {
                let is_optional = !required.iter().any(|name| name == tag);
                required.retain(|name| name != tag);
                if is_optional && !is_text {
                    default = value.clone();
                }
            }
            let name = title.unwrap_or_else(|| match value.as_str() {
                Some(value) => value.to_pascal_case(),
                None => format!("{}{value}", tag.to_pascal_case()),
            });
            json!({ "name": name, "value": value, "schema": schema })
        })
        .collect();
    let mut union = json!({ "style": "tag", "tag": tag, "branches": branches });
    if !default.is_null() {
        union["default"] = default;
    }
    let how = format!("{} branches by the tag `{tag}`", values.len());
    (json!({ "x-union": union }), how)
}

/// Branches of different JSON kinds.
fn by_kind(branches: &[Value], resolved: &[Value]) -> Option<(Value, String)> {
    let kinds: Vec<&str> = resolved.iter().map(kind).collect();
    let distinct: BTreeSet<&str> = kinds.iter().copied().collect();
    if distinct.len() < kinds.len() || distinct.contains("") {
        return None;
    }
    let one_or_many = match (branches, kinds.as_slice()) {
        ([one, many], [_, "List"]) => bare(one) == bare(&many["items"]),
        _ => false,
    };
    let names = if one_or_many {
        vec!["One", "Many"]
    } else {
        kinds
    };
    let branches: Vec<Value> = names
        .iter()
        .zip(branches)
        .map(|(name, schema)| json!({ "name": name, "schema": schema }))
        .collect();
    let how = format!("by kind: {}", names.join(", "));
    Some((
        json!({ "x-union": { "style": "kind", "branches": branches } }),
        how,
    ))
}

fn kind(schema: &Value) -> &'static str {
    match schema["type"].as_str() {
        Some("string") => "Text",
        Some("integer" | "number") => "Number",
        Some("boolean") => "Flag",
        Some("array") => "List",
        _ if is_object(schema) => "Object",
        _ => "",
    }
}

/// Objects of which each requires a property that no other has.
fn by_key(branches: &[Value], resolved: &[Value]) -> Option<(Value, String)> {
    if resolved.iter().any(|branch| !is_object(branch)) {
        return None;
    }
    let mut keys = Vec::new();
    for (index, object) in resolved.iter().enumerate() {
        let key = elements(&object["required"])
            .filter_map(Value::as_str)
            .find(|key| {
                resolved.iter().enumerate().all(|(other, object)| {
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
/// that every branch requires are required.
fn overlapping(resolved: &[Value]) -> Told {
    if resolved.iter().any(|branch| !is_object(branch)) {
        return Err(format!(
            "they are {}",
            resolved
                .iter()
                .map(|branch| branch["type"].to_string())
                .collect::<Vec<_>>()
                .join(", ")
        ));
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
            Some(_) => {
                return Err(format!(
                    "they overlap, and disagree on the property `{name}`"
                ));
            }
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
    Ok((
        json!({ "type": "object", "properties": properties, "required": required }),
        how,
    ))
}

fn is_object(schema: &Value) -> bool {
    schema["properties"].is_object() || schema["type"] == "object"
}

/// A schema without its documentation.
pub(crate) fn bare(schema: &Value) -> Value {
    let mut bare = schema.clone();
    strip(&mut bare);
    bare
}

fn strip(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut() {
        for key in ["description", "title", "example", "examples", "default"] {
            object.shift_remove(key);
        }
    }
    for (_, child) in walk::children_mut(schema) {
        strip(child);
    }
}

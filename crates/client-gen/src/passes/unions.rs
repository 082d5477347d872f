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

mod untagged;

use std::collections::BTreeSet;

use heck::ToPascalCase;
use serde_json::{Map, Value, json};

use self::untagged::Untagged;
use super::Context;
use crate::problem::{Problems, Result};
use crate::spec::{Spec, component_of, elements, entries, is_note, object_of, unwrapped, wrap};
use crate::walk;

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "unions",
        "Choices between schemas, and how their branches are told apart.",
    );
    let before = spec.clone();
    let mut problems = Vec::new();
    let mut lines = Vec::new();
    let mut untagged = Untagged::default();
    walk::for_each_schema_mut(&mut spec.doc, &mut |pointer, schema| {
        if !is_choice(schema) {
            return;
        }
        match tell_apart(&before, schema, &mut untagged) {
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
    Problems::none_or(problems)?;
    untagged.settle(&before, spec);
    Ok(())
}

fn is_choice(schema: &Value) -> bool {
    schema.get("oneOf").is_some() || schema.get("anyOf").is_some()
}

type Told = std::result::Result<(Value, String), String>;

fn tell_apart(spec: &Spec, schema: &Value, untagged: &mut Untagged) -> Told {
    let mut branches = Vec::new();
    let mut nullable = schema["nullable"] == true;
    collect_branches(schema, &mut branches, &mut nullable)?;
    let branches = with_common_part(spec, schema, branches)?;
    let resolved: Vec<Value> = branches
        .iter()
        .map(|branch| spec.resolve(branch).clone())
        .collect();
    let (mut replacement, how) = match branches.as_slice() {
        [] => return Err("it has no branches".to_owned()),
        [only] => ((*only).clone(), "the only branch".to_owned()),
        _ if schema.get("discriminator").is_some() => {
            by_tag(schema, &branches, &resolved, untagged).ok_or_else(|| {
                format!(
                    "the discriminator `{}` does not give each of them a value of its own",
                    schema["discriminator"]["propertyName"]
                        .as_str()
                        .unwrap_or_default()
                )
            })?
        }
        _ => by_text(&resolved)
            .or_else(|| by_tag(schema, &branches, &resolved, untagged))
            .or_else(|| by_kind(&branches, &resolved))
            .or_else(|| by_key(&branches, &resolved))
            .map_or_else(|| overlapping(&resolved), Ok)?,
    };
    if let Some(union) = replacement.get_mut("x-union") {
        let keyword = ["oneOf", "anyOf"]
            .into_iter()
            .find(|key| schema.get(key).is_some());
        union["keyword"] = keyword.into();
    }
    Ok((wrap(replacement, schema.get("description"), nullable), how))
}

/// What stands beside a choice holds for every branch of it.
fn with_common_part(
    spec: &Spec,
    schema: &Value,
    branches: Vec<Value>,
) -> std::result::Result<Vec<Value>, String> {
    let mut common = schema.clone();
    object_of(&mut common).retain(|key, _| {
        let is_choice = matches!(
            key.as_str(),
            "oneOf" | "anyOf" | "discriminator" | "default"
        );
        !is_choice && !is_note(key) && !key.starts_with("x-")
    });
    let says_something = entries(&common).any(|(key, _)| key != "type");
    if !says_something {
        return Ok(branches);
    }
    branches
        .into_iter()
        .map(|branch| {
            let mut merged = match &common {
                Value::Object(common) => common.clone(),
                _ => Map::new(),
            };
            super::all_of::merge_schema(&mut merged, spec.resolve(&branch))?;
            Ok(Value::Object(merged))
        })
        .collect()
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
            continue;
        }
        *nullable |= branch["nullable"] == true;
        if is_choice(branch) {
            if entries(branch).any(|(key, _)| !is_note(key) && key != "oneOf" && key != "anyOf") {
                return Err("one of them is a choice with more beside it".to_owned());
            }
            collect_branches(branch, branches, nullable)?;
        } else {
            // A wrapper with a description would hide the reference.
            let mut branch = unwrapped(branch).unwrap_or(branch).clone();
            object_of(&mut branch).shift_remove("nullable");
            branches.push(branch);
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
fn by_tag(
    schema: &Value,
    branches: &[Value],
    resolved: &[Value],
    untagged: &mut Untagged,
) -> Option<(Value, String)> {
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
        let mut marked: Vec<Marked<'_>> = Vec::new();
        for (branch, object) in branches.iter().zip(resolved) {
            for value in tag_values(schema, tag, branch, object) {
                marked.push(Marked {
                    value,
                    branch,
                    object,
                });
            }
        }
        let values: Vec<&Value> = marked.iter().map(|marked| &marked.value).collect();
        let each_is_marked = branches
            .iter()
            .all(|branch| marked.iter().any(|marked| marked.branch == branch));
        let is_distinct = values
            .iter()
            .enumerate()
            .all(|(index, value)| !values[..index].contains(value));
        let is_text = values.iter().all(|value| value.is_string());
        if !each_is_marked || !is_distinct || !is_text && !values.iter().all(|v| v.is_i64()) {
            return None;
        }
        Some(tagged(tag, is_text, &marked, untagged))
    })
}

/// A branch and the value of the tag that marks it.
struct Marked<'a> {
    value: Value,
    branch: &'a Value,
    object: &'a Value,
}

/// The values that mark a branch: its single-value `enum`, or all that the discriminator maps to it.
fn tag_values(schema: &Value, tag: &str, branch: &Value, object: &Value) -> Vec<Value> {
    if let Some([value]) = object["properties"][tag]["enum"]
        .as_array()
        .map(Vec::as_slice)
    {
        return vec![value.clone()];
    }
    let Some(target) = branch["$ref"].as_str() else {
        return Vec::new();
    };
    if schema.get("discriminator").is_none() {
        return Vec::new();
    }
    let name = component_of(target).unwrap_or_default();
    let mapped: Vec<Value> = entries(&schema["discriminator"]["mapping"])
        .filter(|(_, to)| to.as_str().is_some_and(|to| to == target || to == name))
        .map(|(value, _)| value.as_str().into())
        .collect();
    if mapped.is_empty() {
        return vec![name.into()];
    }
    mapped
}

fn tagged(
    tag: &str,
    is_text: bool,
    marked: &[Marked<'_>],
    untagged: &mut Untagged,
) -> (Value, String) {
    let mut default = Value::Null;
    let mut branches = Vec::new();
    for Marked {
        value,
        branch,
        object,
    } in marked
    {
        let mut schema = (*object).clone();
        let object = object_of(&mut schema);
        let title = object.shift_remove("x-variant");
        let mut is_empty = false;
        if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
            properties.shift_remove(tag);
            is_empty = properties.is_empty();
        }
        if let Some(required) = object.get_mut("required").and_then(Value::as_array_mut) {
            let is_optional = !required.iter().any(|name| name == tag);
            required.retain(|name| name != tag);
            if is_optional && !is_text {
                default = value.clone();
            }
        }
        let name = match (title.as_ref().and_then(Value::as_str), value.as_str()) {
            (Some(title), _) => title.to_owned(),
            (None, Some(value)) => value.to_pascal_case(),
            (None, None) => format!("{}{value}", tag.to_pascal_case()),
        };
        if let Some(component) = branch["$ref"].as_str().and_then(component_of)
            && !is_empty
        {
            schema = untagged.reference(&component, tag, schema);
        }
        branches.push(json!({ "name": name, "value": value, "schema": schema }));
    }
    let how = format!("{} branches by the tag `{tag}`", branches.len());
    let mut union = json!({ "style": "tag", "tag": tag, "branches": branches });
    if !default.is_null() {
        union["default"] = default;
    }
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
                // One that may be null becomes optional, and tells nothing any more.
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
    let is_open = |object: &Value| {
        let more = object.get("additionalProperties");
        more.is_some_and(|more| *more != Value::Bool(false)) || object.get("properties").is_none()
    };
    if resolved.iter().any(is_open) {
        return Err("they overlap, and one of them is a map".to_owned());
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

#[cfg(test)]
mod tests;

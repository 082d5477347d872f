//! `params`: query parameters become the scalars and lists that go on the wire.
//!
//! progenitor sends a list as repeated keys and an object as its flat members,
//! whatever the parameter's `style` says; so an object becomes one parameter
//! per member, named as its style spells it, and a list that is not repeated
//! becomes a string that the caller joins.

use serde_json::{Map, Value, json};

use super::Context;
use crate::problem::{Problem, Problems, Result};
use crate::spec::{Spec, elements, entries, object_of};

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "params",
        "Query parameters that are objects become one parameter per member, named as they are spelled on the wire.",
    );
    let before = spec.clone();
    let mut problems = Vec::new();
    let report = &mut *context.report;
    spec.for_each_operation(|pointer, operation| {
        let Some(parameters) = operation.get("parameters").and_then(Value::as_array) else {
            return Ok(());
        };
        let mut lowered: Vec<Value> = Vec::new();
        for (index, parameter) in parameters.iter().enumerate() {
            let pointer = format!("{pointer}/parameters/{index}");
            match lower(&before, &pointer, parameter) {
                Ok(Some(replacement)) => {
                    let names: Vec<String> = replacement
                        .iter()
                        .map(|parameter| format!("`{}`", text(parameter, "name")))
                        .collect();
                    report.line(format!(
                        "`{}` of `{}`: {}",
                        text(parameter, "name"),
                        text(&Value::Object(operation.clone()), "operationId"),
                        names.join(", ")
                    ));
                    lowered.extend(replacement);
                }
                Ok(None) => lowered.push(parameter.clone()),
                Err(problem) => problems.push(problem),
            }
        }
        for parameter in &mut lowered {
            plain_style(parameter);
            // There is no null outside JSON: what is absent is left out.
            if let Some(schema) = parameter.get_mut("schema").and_then(Value::as_object_mut) {
                schema.shift_remove("nullable");
            }
        }
        operation.insert("parameters".to_owned(), lowered.into());
        Ok(())
    })?;
    Problems::none_or(problems)
}

/// What to put in a parameter's place; `None` if it can stay.
fn lower(spec: &Spec, pointer: &str, parameter: &Value) -> Lowered {
    let name = text(parameter, "name");
    let place = text(parameter, "in");
    if parameter.get("schema").is_none() && parameter["content"].is_object() {
        return Ok(Some(vec![written(parameter, "It is written as JSON.")]));
    }
    if parameter.get("schema").is_none() {
        return Err(spec.problem(
            pointer,
            format!("the parameter `{name}` has no schema"),
            "give it a `schema` with an overlay action",
        ));
    }
    let default_style = if matches!(place, "query" | "cookie") {
        "form"
    } else {
        "simple"
    };
    let style = parameter["style"].as_str().unwrap_or(default_style);
    let schema = spec.resolve(&parameter["schema"]);
    let is_list = schema["type"] == "array";
    let is_object = schema["properties"].is_object() || schema["type"] == "object";
    let is_choice = schema.get("oneOf").is_some() || schema.get("anyOf").is_some();
    if place == "query"
        && is_choice
        && let Some(merged) = one_of_objects(spec, schema)
    {
        return members(spec, pointer, parameter, &merged, style).map(Some);
    }
    match place {
        "query" if is_choice && has_object_branch(spec, schema) => Err(spec.problem(
            pointer,
            format!("the query parameter `{name}` is a choice between objects and other values"),
            "replace it with an overlay action by one parameter per value that goes on the wire",
        )),
        "cookie" if parameter["required"] != true => Ok(Some(Vec::new())),
        "path" | "header" if is_list && style == "simple" => {
            Ok(Some(vec![joined(parameter, style)]))
        }
        "header" if is_object && style == "simple" => Ok(Some(vec![written(
            parameter,
            "It is written as `name,value,name,value`.",
        )])),
        "query" if is_object => members(spec, pointer, parameter, schema, style).map(Some),
        "query" if is_list && !(style == "form" && explodes(parameter, style)) => {
            Ok(Some(vec![joined(parameter, style)]))
        }
        "query" => Ok(None),
        "cookie" => Err(spec.problem(
            pointer,
            format!("the parameter `{name}` travels in a cookie, which the generator cannot send"),
            "remove it with an overlay action",
        )),
        _ if is_choice || is_object || is_list || style != "simple" => Err(spec.problem(
            pointer,
            format!("the {place} parameter `{name}` is not a plain value"),
            "describe it as a string with an overlay action; the caller then writes it out",
        )),
        _ => Ok(None),
    }
}

type Lowered = std::result::Result<Option<Vec<Value>>, Problem>;

fn explodes(parameter: &Value, style: &str) -> bool {
    parameter["explode"].as_bool().unwrap_or(style == "form")
}

/// A choice between objects as one object that can be each of them: every member of any, with the
/// values of all, required where each requires it. `None` where a branch is no object.
fn one_of_objects(spec: &Spec, schema: &Value) -> Option<Value> {
    let mut properties: Map<String, Value> = Map::new();
    let mut required: Option<Vec<Value>> = None;
    for branch in elements(&schema["anyOf"]).chain(elements(&schema["oneOf"])) {
        let branch = spec.resolve(branch);
        let nested = one_of_objects(spec, branch);
        let branch = nested.as_ref().unwrap_or(branch);
        if !branch["properties"].is_object() {
            return None;
        }
        for (name, property) in entries(&branch["properties"]) {
            match properties.get_mut(name) {
                None => {
                    properties.insert(name.clone(), property.clone());
                }
                Some(known) if known["type"] != property["type"] => {
                    // One text can be written in the way of either.
                    *known = json!({ "type": "string", "description": known["description"] });
                }
                Some(known) => {
                    let values: Vec<Value> = elements(&property["enum"]).cloned().collect();
                    if let Some(list) = known.get_mut("enum").and_then(Value::as_array_mut) {
                        let more = values.into_iter().filter(|it| !list.contains(it));
                        let more: Vec<Value> = more.collect();
                        list.extend(more);
                    }
                }
            }
        }
        let all: Vec<Value> = elements(&branch["required"]).cloned().collect();
        required = Some(match required {
            None => all,
            Some(known) => known.into_iter().filter(|it| all.contains(it)).collect(),
        });
    }
    let required = required?;
    Some(json!({ "type": "object", "properties": properties, "required": required }))
}

fn has_object_branch(spec: &Spec, schema: &Value) -> bool {
    elements(&schema["anyOf"])
        .chain(elements(&schema["oneOf"]))
        .map(|branch| spec.resolve(branch))
        .any(|branch| {
            ["properties", "anyOf", "oneOf"]
                .into_iter()
                .any(|keyword| branch.get(keyword).is_some())
        })
}

/// A list that travels as one value: a text that the caller joins.
fn joined(parameter: &Value, style: &str) -> Value {
    let separator = match style {
        "spaceDelimited" => "a space",
        "pipeDelimited" => "`|`",
        _ => "a comma",
    };
    written(parameter, &format!("Values are joined by {separator}."))
}

/// A value that the caller writes out as a text.
fn written(parameter: &Value, how: &str) -> Value {
    let note = format!("{} {how}", text(parameter, "description"));
    let mut written = parameter.clone();
    object_of(&mut written).shift_remove("content");
    written["description"] = note.trim().into();
    written["schema"] = json!({ "type": "string" });
    written
}

/// A parameter for the members that are not listed: each is sent under its own name, or as
/// `name[member]` in the deep style.
fn entries_of(parameter: &Value, style: &str) -> Value {
    let mut map = parameter.clone();
    let values = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    map["schema"] = values;
    if style == "deepObject" {
        map["x-deep"] = true.into();
    }
    map
}

/// One parameter per member of an object.
fn members(
    spec: &Spec,
    pointer: &str,
    parameter: &Value,
    schema: &Value,
    style: &str,
) -> std::result::Result<Vec<Value>, Problem> {
    let name = text(parameter, "name");
    if style != "deepObject" && !explodes(parameter, style) {
        let how = "It is written as `name,value,name,value`.";
        return Ok(vec![written(parameter, how)]);
    }
    let is_open = schema
        .get("additionalProperties")
        .is_some_and(|more| *more != Value::Bool(false));
    for (member, property) in entries(&schema["properties"]) {
        let property = spec.resolve(property);
        let is_plain = matches!(
            property["type"].as_str(),
            Some("string" | "integer" | "number" | "boolean" | "array")
        ) && property["items"]["type"] != "object";
        if !is_plain {
            return Err(spec.problem(
                pointer,
                format!("the member `{member}` of the query parameter `{name}` is neither a plain value nor a list of them"),
                "replace the parameter with an overlay action by those that go on the wire",
            ));
        }
    }
    let mut members: Vec<Value> = entries(&schema["properties"])
        .map(|(member, property)| {
            let is_required = parameter["required"] == true
                && elements(&schema["required"]).any(|required| required == member.as_str());
            let wire_name = match style {
                "deepObject" => format!("{name}[{member}]"),
                _ => member.clone(),
            };
            let mut scalar = Map::new();
            scalar.insert("name".to_owned(), wire_name.into());
            scalar.insert("in".to_owned(), "query".into());
            scalar.insert("required".to_owned(), is_required.into());
            if let Some(description) = property.get("description") {
                scalar.insert("description".to_owned(), description.clone());
            }
            scalar.insert("schema".to_owned(), property.clone());
            Value::Object(scalar)
        })
        .collect();
    if is_open || members.is_empty() {
        members.push(entries_of(parameter, style));
    }
    Ok(members)
}

fn plain_style(parameter: &mut Value) {
    let parameter = object_of(parameter);
    parameter.shift_remove("style");
    parameter.shift_remove("explode");
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests;

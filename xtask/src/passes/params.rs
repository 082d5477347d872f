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
        let mut lowered = Vec::new();
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
        operation.insert("parameters".to_owned(), lowered.into());
        Ok(())
    })?;
    Problems::none_or(problems)
}

/// What to put in a parameter's place; `None` if it can stay.
fn lower(
    spec: &Spec,
    pointer: &str,
    parameter: &Value,
) -> std::result::Result<Option<Vec<Value>>, Problem> {
    let name = text(parameter, "name");
    let place = text(parameter, "in");
    if parameter.get("schema").is_none() {
        return Err(spec.problem(
            pointer,
            format!("the parameter `{name}` has no schema"),
            "give it a `schema` with an overlay action",
        ));
    }
    if place == "cookie" {
        return Err(spec.problem(
            pointer,
            format!("the parameter `{name}` travels in a cookie, which the generator cannot send"),
            "remove it with an overlay action",
        ));
    }
    let schema = spec.resolve(&parameter["schema"]);
    let is_union = ["oneOf", "anyOf"]
        .into_iter()
        .any(|keyword| schema.get(keyword).is_some());
    let is_object = schema["properties"].is_object() || schema["type"] == "object";
    let style =
        parameter["style"]
            .as_str()
            .unwrap_or(if place == "query" { "form" } else { "simple" });
    let explode = parameter["explode"].as_bool().unwrap_or(style == "form");
    if place != "query" {
        if is_union || is_object || schema["type"] == "array" || style != "simple" {
            return Err(spec.problem(
                pointer,
                format!("the {place} parameter `{name}` is not a plain value"),
                "describe it as a string with an overlay action; the caller then writes it out",
            ));
        }
        return Ok(None);
    }
    if is_union
        && elements(&schema["anyOf"])
            .chain(elements(&schema["oneOf"]))
            .any(|branch| {
                let branch = spec.resolve(branch);
                branch["properties"].is_object()
                    || branch.get("anyOf").is_some()
                    || branch.get("oneOf").is_some()
            })
    {
        return Err(spec.problem(
            pointer,
            format!("the query parameter `{name}` is a choice between objects"),
            "replace it with an overlay action by one parameter per value that goes on the wire",
        ));
    }
    if schema["type"] == "array" && !(style == "form" && explode) {
        let mut joined = parameter.clone();
        let separator = match style {
            "spaceDelimited" => "a space",
            "pipeDelimited" => "`|`",
            _ => "a comma",
        };
        let note = format!(
            "{} Values are joined by {separator}.",
            text(parameter, "description")
        );
        joined["description"] = note.trim().into();
        joined["schema"] = json!({ "type": "string" });
        plain_style(&mut joined);
        return Ok(Some(vec![joined]));
    }
    if !is_object {
        return match style {
            "form" => Ok(None),
            _ => {
                let mut plain = parameter.clone();
                plain_style(&mut plain);
                Ok(Some(vec![plain]))
            }
        };
    }
    let members: Vec<Value> = entries(&schema["properties"])
        .map(|(member, property)| {
            let mut scalar = Map::new();
            let name = if style == "deepObject" {
                format!("{name}[{member}]")
            } else {
                member.clone()
            };
            scalar.insert("name".to_owned(), name.into());
            scalar.insert("in".to_owned(), "query".into());
            let required = parameter["required"] == true
                && elements(&schema["required"]).any(|required| required == member.as_str());
            scalar.insert("required".to_owned(), required.into());
            if let Some(description) = property.get("description") {
                scalar.insert("description".to_owned(), description.clone());
            }
            scalar.insert("schema".to_owned(), property.clone());
            Value::Object(scalar)
        })
        .collect();
    if members.is_empty() {
        return Err(spec.problem(
            pointer,
            format!("the query parameter `{name}` is a free-form object"),
            "replace it with an overlay action by the parameters that go on the wire",
        ));
    }
    if style == "form" && !explode {
        return Err(spec.problem(
            pointer,
            format!("the query parameter `{name}` packs an object into one value"),
            "describe it as a string with an overlay action; the caller then writes it out",
        ));
    }
    Ok(Some(members))
}

fn plain_style(parameter: &mut Value) {
    let parameter = object_of(parameter);
    parameter.shift_remove("style");
    parameter.shift_remove("explode");
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

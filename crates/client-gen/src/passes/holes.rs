//! `holes`: what upstream left out or left wrong, where only one reading makes sense.
//!
//! An answer without a schema is free-form, and a default that does not fit its
//! schema goes.

use serde_json::{Value, json};

use super::Context;
use crate::names::field_name;
use crate::problem::Result;
use crate::spec::{Spec, elements, entries, is_note, object_of};
use crate::walk;

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "holes",
        "What was left out or does not fit, where only one reading makes sense.",
    );
    ascii_version(spec, context);
    free_form_media_types(spec, context)?;
    path_parameters(spec, context);
    plain_enums(spec, context);
    misfit_defaults(spec, context);
    required_members(spec, context);
    open_objects(spec, context);
    Ok(())
}

/// What is required and nowhere described is a member all the same, of any kind: so it is seen by
/// all that look at members.
fn required_members(spec: &mut Spec, context: &mut Context<'_>) {
    let mut lines = Vec::new();
    walk::for_each_schema_mut(&mut spec.doc, &mut |pointer, schema| {
        let is_object = schema["type"] == "object" || schema.get("properties").is_some();
        let is_made_of_parts = ["allOf", "oneOf", "anyOf"]
            .iter()
            .any(|it| schema.get(it).is_some());
        if !is_object || is_made_of_parts {
            return;
        }
        let names = elements(&schema["required"]).filter_map(Value::as_str);
        let missing: Vec<String> = names
            .filter(|name| schema["properties"].get(name).is_none())
            .map(ToOwned::to_owned)
            .collect();
        for name in missing {
            lines.push(format!(
                "`{pointer}`: `{name}` is required and not described: it may be anything"
            ));
            let properties = object_of(schema).entry("properties");
            if let Some(properties) = properties.or_insert_with(|| json!({})).as_object_mut() {
                properties.insert(name, json!({}));
            }
        }
    });
    for line in lines {
        context.report.line(line);
    }
}

/// An object that says it has more than it lists keeps it: `true` as progenitor reads it would not.
fn open_objects(spec: &mut Spec, context: &mut Context<'_>) {
    let mut opened = Vec::new();
    walk::for_each_schema_mut(&mut spec.doc, &mut |pointer, schema| {
        let has_properties = entries(&schema["properties"]).next().is_some();
        if !has_properties || schema["additionalProperties"] != true {
            return;
        }
        if entries(&schema["properties"]).any(|(name, _)| field_name(name) == "extra") {
            opened.push(format!(
                "`{pointer}`: what is not listed is not kept, because the field for it would be `extra`, which is a property"
            ));
        } else {
            schema["additionalProperties"] = json!({});
            opened.push(format!("`{pointer}`: keeps what is not listed"));
        }
    });
    for line in opened {
        context.report.line(line);
    }
}

/// progenitor sends `info.version` as a header and panics at run time if it cannot; in the docs it
/// must not be markup.
fn ascii_version(spec: &mut Spec, context: &mut Context<'_>) {
    // In YAML a version is easily a number.
    let version = match &spec.doc["info"]["version"] {
        Value::Number(number) => number.to_string(),
        version => version.as_str().unwrap_or_default().to_owned(),
    };
    let ascii: String = version
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))
        .collect();
    if !spec.doc["info"]["version"].is_string() && !ascii.is_empty() {
        spec.doc["info"]["version"] = ascii.into();
    } else if ascii != version || ascii.is_empty() {
        let ascii = if ascii.is_empty() { "0" } else { &ascii };
        context.report.line(format!(
            "`info.version` is now `{ascii}`: it goes into a header"
        ));
        spec.doc["info"]["version"] = ascii.into();
    }
}

fn free_form_media_types(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    let report = &mut *context.report;
    spec.for_each_operation(|pointer, operation| {
        if let Some(body) = operation.get_mut("requestBody") {
            fill(&format!("{pointer}/requestBody"), body, report);
        }
        for (status, response) in operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
        {
            fill(&format!("{pointer}/responses/{status}"), response, report);
        }
        Ok(())
    })
}

fn fill(pointer: &str, holder: &mut Value, report: &mut crate::report::Report) {
    let content = holder.get_mut("content").and_then(Value::as_object_mut);
    for (media_type, value) in content.into_iter().flatten() {
        let value = object_of(value);
        if !value.contains_key("schema") {
            value.insert("schema".to_owned(), json!({}));
            report.line(format!(
                "`{pointer}`: `{media_type}` has no schema, so it is free-form"
            ));
        }
    }
}

/// Every `{name}` of a path needs a parameter, and a path parameter is required by nature.
fn path_parameters(spec: &mut Spec, context: &mut Context<'_>) {
    let report = &mut *context.report;
    for (path, item) in spec.doc["paths"].as_object_mut().into_iter().flatten() {
        let named = template_names(path);
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if !crate::spec::METHODS.contains(&method.as_str()) {
                continue;
            }
            let pointer = format!("/paths/{}/{method}", crate::spec::escape(path));
            let mut parameters: Vec<Value> = elements(&operation["parameters"]).cloned().collect();
            let before = parameters.len();
            parameters.retain(|parameter| {
                let name = parameter["name"].as_str().unwrap_or_default();
                let goes_nowhere = parameter["in"] == "path" && !named.iter().any(|it| it == name);
                if goes_nowhere {
                    report.line(format!(
                        "`{pointer}`: the path parameter `{name}` does not occur in the path, and is left out"
                    ));
                }
                !goes_nowhere
            });
            let mut is_changed = parameters.len() < before;
            for name in &named {
                let declared = parameters
                    .iter_mut()
                    .find(|it| it["in"] == "path" && it["name"] == name.as_str());
                match declared {
                    None => {
                        is_changed = true;
                        report.line(format!(
                            "`{pointer}`: the path has `{{{name}}}`, but no path parameter of that name; it is a text"
                        ));
                        parameters.push(json!({
                            "name": name, "in": "path", "required": true, "schema": { "type": "string" },
                        }));
                    }
                    Some(parameter) if parameter["required"] != true => {
                        is_changed = true;
                        parameter["required"] = true.into();
                        report.line(format!(
                            "`{pointer}`: path parameter `{}` is required",
                            parameter["name"]
                        ));
                    }
                    Some(_) => {}
                }
            }
            if is_changed {
                object_of(operation).insert("parameters".to_owned(), parameters.into());
            }
        }
    }
}

fn template_names(path: &str) -> Vec<String> {
    path.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// A list of values is one of strings or one of integers; what else JSON Schema allows is
/// rewritten, or an open value where it has no single meaning.
fn plain_enums(spec: &mut Spec, context: &mut Context<'_>) {
    let mut lines = Vec::new();
    walk::for_each_schema_mut(&mut spec.doc, &mut |pointer, schema| {
        let Some(values) = schema["enum"].as_array().cloned() else {
            return;
        };
        if values.iter().all(Value::is_null) && !values.is_empty() {
            // As a branch of a choice it says that the whole may be null.
            let is_branch = pointer.rsplit_once('/').is_some_and(|(holder, _)| {
                holder.ends_with("/oneOf") || holder.ends_with("/anyOf")
            });
            if !is_branch {
                *schema = json!({ "nullable": true });
                lines.push(format!("`{pointer}`: always null, so it is free-form"));
            }
            return;
        }
        let mut kept: Vec<Value> = Vec::new();
        for value in &values {
            if !value.is_null() && !kept.contains(value) {
                kept.push(value.clone());
            }
        }
        let all = |is: fn(&Value) -> bool| !kept.is_empty() && kept.iter().all(is);
        let kind = if all(Value::is_string) {
            "string"
        } else if all(|value| value.is_i64() || value.is_u64()) {
            "integer"
        } else if all(Value::is_number) {
            "number"
        } else if all(Value::is_boolean) {
            "boolean"
        } else {
            ""
        };
        let declared = schema["type"].as_str().unwrap_or(kind);
        let agrees = declared == kind || (declared, kind) == ("number", "integer");
        if kind.is_empty() || !agrees {
            lines.push(format!(
                "`{pointer}`: the `enum` {} has no single type, or not that of its schema, so it is an open value",
                schema["enum"]
            ));
            let object = object_of(schema);
            object.retain(|key, _| {
                is_note(key) || key.starts_with("x-") && !key.starts_with("x-enum")
            });
            return;
        }
        let declared = declared.to_owned();
        let object = object_of(schema);
        object.insert("type".to_owned(), declared.into());
        if values.contains(&Value::Null) {
            object.insert("nullable".to_owned(), true.into());
        }
        if kept.len() < values.len() {
            lines.push(format!(
                "`{pointer}`: the list of values names {} of them twice, or null",
                values.len() - kept.len()
            ));
        }
        if kind == "boolean" {
            object.shift_remove("enum");
            if let [only] = kept.as_slice() {
                object.insert("x-always".to_owned(), only.clone());
            }
        } else {
            object.insert("enum".to_owned(), kept.into());
        }
    });
    for line in lines {
        context.report.line(line);
    }
}

fn misfit_defaults(spec: &mut Spec, context: &mut Context<'_>) {
    let before = spec.clone();
    let mut removed = Vec::new();
    walk::for_each_schema_mut(&mut spec.doc, &mut |pointer, schema| {
        if let Some(default) = schema.get("default")
            && !fits(&before, schema, default, 0)
        {
            removed.push(format!(
                "`{pointer}`: the default `{default}` does not fit its schema"
            ));
            object_of(schema).shift_remove("default");
        }
    });
    for line in removed {
        context.report.line(line);
    }
}

/// Whether a value fits a schema, as far as a default needs.
fn fits(spec: &Spec, schema: &Value, value: &Value, depth: usize) -> bool {
    let schema = spec.resolve(schema);
    if depth > 16 || (value.is_null() && schema["nullable"] == true) {
        return true;
    }
    let kind = match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    };
    let listed = schema["enum"]
        .as_array()
        .is_none_or(|values| values.contains(value));
    let complete = !value.is_object()
        || elements(&schema["required"])
            .filter_map(Value::as_str)
            .all(|name| value.get(name).is_some());
    let members = entries(&schema["properties"]).all(|(name, property)| {
        value
            .get(name)
            .is_none_or(|value| fits(spec, property, value, depth + 1))
    });
    let items = schema
        .get("items")
        .is_none_or(|items| elements(value).all(|value| fits(spec, items, value, depth + 1)));
    let branches = ["oneOf", "anyOf"].into_iter().all(|keyword| {
        schema[keyword].as_array().is_none_or(|all| {
            all.iter()
                .any(|branch| fits(spec, branch, value, depth + 1))
        })
    });
    kind && listed && complete && members && items && branches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ANSWER, answering, assert_says, run as run_pass, spec};

    fn filled(schema: Value) -> (Value, String) {
        let mut spec = answering(schema, json!({}));
        let report = run_pass(&mut spec, "", run).unwrap();
        (spec.doc.pointer(ANSWER).unwrap().clone(), report)
    }

    fn with_answers(responses: Value) -> Spec {
        spec(
            json!({ "/x": { "get": { "operationId": "getX", "responses": responses } } }),
            json!({}),
        )
    }

    #[test]
    fn an_open_object_keeps_the_rest() {
        let open = |name: &str| json!({ "properties": { name: {} }, "additionalProperties": true });
        assert_eq!(filled(open("a")).0["additionalProperties"], json!({}));
        let (schema, report) = filled(open("extra"));
        assert_eq!(schema["additionalProperties"], true);
        assert!(report.contains("is not kept"), "{report}");
    }

    #[test]
    fn what_is_required_is_a_member() {
        let (schema, report) = filled(
            json!({ "type": "object", "required": ["a", "b"], "properties": { "a": { "type": "string" } } }),
        );
        assert_eq!(
            schema["properties"],
            json!({ "a": { "type": "string" }, "b": {} })
        );
        assert!(
            report.contains("`b` is required and not described"),
            "{report}"
        );
        let (parts, _) = filled(json!({ "type": "object", "required": ["a"], "allOf": [{}] }));
        assert!(parts.get("properties").is_none(), "{parts}");
    }

    #[test]
    fn a_version_that_is_no_header_becomes_one() {
        let mut spec = answering(json!({}), json!({}));
        for (version, ascii) in [("1.0 β", "1.0"), ("版本", "0")] {
            spec.doc["info"]["version"] = version.into();
            run_pass(&mut spec, "", run).unwrap();
            assert_eq!(spec.doc["info"]["version"], ascii);
        }
    }

    #[test]
    fn an_answer_without_schema_is_free_form() {
        let mut spec = with_answers(json!({ "200": { "content": { "application/json": {} } } }));
        run_pass(&mut spec, "", run).unwrap();
        let content = &spec.doc["paths"]["/x"]["get"]["responses"]["200"]["content"];
        assert_eq!(*content, json!({ "application/json": { "schema": {} } }));
    }

    #[test]
    fn path_parameters_match_the_path_and_are_required() {
        let with = |name: &str| {
            spec(
                json!({ "/x/{id}": { "get": { "operationId": "getX", "parameters": [{ "name": name, "in": "path", "required": false }] } } }),
                json!({}),
            )
        };
        let mut good = with("id");
        run_pass(&mut good, "", run).unwrap();
        assert_eq!(
            good.doc["paths"]["/x/{id}"]["get"]["parameters"][0]["required"],
            true
        );
        let mut odd = with("other");
        let report = run_pass(&mut odd, "", run).unwrap();
        assert_says(&report, &["the path has `{id}`", "`other` does not occur"]);
        assert_eq!(
            odd.doc["paths"]["/x/{id}"]["get"]["parameters"],
            json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }])
        );
    }

    #[test]
    fn lists_of_values_are_of_one_type() {
        let (schema, report) = filled(json!({ "enum": ["a", "b", "a", null] }));
        assert_eq!(
            schema,
            json!({ "enum": ["a", "b"], "type": "string", "nullable": true })
        );
        assert!(report.contains("2 of them twice, or null"), "{report}");
        assert_eq!(
            filled(json!({ "enum": [true] })).0,
            json!({ "type": "boolean", "x-always": true })
        );
        assert_eq!(
            filled(json!({ "enum": [null] })).0,
            json!({ "nullable": true })
        );
        for odd in [
            json!({ "enum": ["a", 1], "description": "Odd." }),
            json!({ "enum": [], "description": "Odd." }),
            json!({ "enum": [{}], "description": "Odd." }),
            json!({ "type": "string", "enum": [1], "description": "Odd." }),
        ] {
            let (schema, report) = filled(odd);
            assert_eq!(schema, json!({ "description": "Odd." }));
            assert_says(&report, &["no single type", ANSWER]);
        }
    }

    #[test]
    fn a_default_that_does_not_fit_goes() {
        for (misfit, fit) in [
            (
                json!({ "type": "string", "enum": ["a"], "default": "b" }),
                json!("a"),
            ),
            (json!({ "type": "integer", "default": "1" }), json!(1)),
            (
                json!({ "type": "array", "items": { "type": "string" }, "default": [1] }),
                json!(["a"]),
            ),
            (
                json!({ "type": "object", "required": ["a"], "properties": { "a": {} }, "default": {} }),
                json!({ "a": 1 }),
            ),
        ] {
            let (schema, report) = filled(misfit.clone());
            assert!(schema.get("default").is_none(), "{schema}");
            assert!(report.contains("does not fit"), "{report}");
            let mut fitting = misfit;
            fitting["default"] = fit.clone();
            assert_eq!(filled(fitting).0["default"], fit);
        }
    }
}

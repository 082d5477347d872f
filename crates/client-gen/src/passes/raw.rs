//! `raw`: one body type and one answer type per operation.
//!
//! JSON beside an event stream becomes a raw answer, because only the answer's
//! own content type tells which of the two came. Its JSON schema stays as a
//! component where it says something.

use serde_json::{Value, json};

use super::Context;
use crate::problem::Result;
use crate::spec::{Spec, component_of, entries, escape, object_of};

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "raw",
        "Answers that may be JSON or an event stream are handed out raw; the caller decides by their content type.",
    );
    let before = spec.clone();
    let mut components = Vec::new();
    let report = &mut *context.report;
    spec.for_each_operation(|pointer, operation| {
        let id = operation["operationId"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let mut raw = false;
        for (_, response) in operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
        {
            let types: Vec<&String> = entries(&response["content"])
                .map(|(media_type, _)| media_type)
                .collect();
            if types.len() < 2 && types.iter().all(|media_type| is_json(media_type)) {
                continue;
            }
            raw = true;
            report.line(format!("`{id}` answers {}", list(&types)));
            for (media_type, value) in entries(&response["content"]) {
                let schema = &value["schema"];
                if is_json(media_type)
                    && (schema.get("$ref").is_some() || schema["properties"].is_object())
                {
                    components.push((format!("{id}.response"), schema.clone()));
                }
            }
            response["content"] = json!({
                "application/octet-stream": { "schema": { "type": "string", "format": "binary" } }
            });
        }
        if raw {
            operation.insert("x-raw".to_owned(), true.into());
        }
        if let Some(body) = operation.get_mut("requestBody") {
            one_body(&before, &format!("{pointer}/requestBody/content"), body)?;
        }
        Ok(())
    })?;
    for (key, schema) in components {
        let key = schema["$ref"]
            .as_str()
            .and_then(component_of)
            .unwrap_or(key);
        let component = spec.schemas_mut().entry(key).or_insert(schema);
        // Nobody reaches it any more, and yet it is what some answers are.
        component["x-keep"] = true.into();
    }
    Ok(())
}

/// Checks that a request body is one that progenitor can send, and spells it as progenitor does.
fn one_body(spec: &Spec, pointer: &str, body: &mut Value) -> Result<()> {
    let refused = |at: &str, what: String, fix: &str| -> Result<()> {
        Err(spec.problem(at, what, fix).into())
    };
    let types: Vec<&String> = entries(&body["content"])
        .map(|(media_type, _)| media_type)
        .collect();
    let [media_type] = types.as_slice() else {
        let what = match types.len() {
            0 => "the request body names no media type, so nothing could be sent".to_owned(),
            _ => format!(
                "the request body can be {}; one method can send only one of them",
                list(&types)
            ),
        };
        return refused(
            pointer,
            what,
            "add an overlay action that leaves exactly one",
        );
    };
    let media_type = (*media_type).clone();
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let at = format!("{pointer}/{}/schema", escape(&media_type));
    let mut schema = body["content"][&media_type]["schema"].clone();
    let resolved = spec.resolve(&schema);
    match essence.as_str() {
        "application/json" => {}
        "application/octet-stream" => schema = json!({ "type": "string", "format": "binary" }),
        "text/plain" => schema = json!({ "type": "string" }),
        "application/x-www-form-urlencoded" => {
            let is_flat = |property: &Value| {
                let property = spec.resolve(property);
                matches!(
                    property["type"].as_str(),
                    Some("string" | "integer" | "number" | "boolean")
                )
            };
            let properties = &resolved["properties"];
            if let Some((name, _)) = entries(properties).find(|(_, property)| !is_flat(property)) {
                return refused(
                    &format!("{at}/properties/{}", escape(name)),
                    format!(
                        "the member `{name}` of the form is no plain value, and a form has no agreed way to write another"
                    ),
                    "describe it as a string with an overlay action; the caller then writes it out",
                );
            }
            if entries(properties).next().is_none() {
                return refused(
                    &at,
                    "the form has no members".to_owned(),
                    "add them with an overlay action",
                );
            }
        }
        _ => {
            return refused(
                pointer,
                format!("the request body is `{media_type}`, which the generator cannot send"),
                "add an overlay action that replaces it by application/json or application/octet-stream, and write the call by hand",
            );
        }
    }
    // progenitor has no optional bodies: whoever calls the method sends one.
    let body = object_of(body);
    body.insert("required".to_owned(), true.into());
    body.insert(
        "content".to_owned(),
        json!({ essence: { "schema": schema } }),
    );
    Ok(())
}

fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.starts_with("application/json;")
}

fn list(types: &[&String]) -> String {
    types
        .iter()
        .map(|media_type| format!("`{media_type}`"))
        .collect::<Vec<_>>()
        .join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_says, refused, run as run_pass, spec, taking};

    #[test]
    fn json_beside_a_stream_is_raw_and_its_schema_stays() {
        let mut spec = spec(
            json!({ "/x": { "get": { "operationId": "x", "responses": { "200": { "content": {
                "application/json": { "schema": { "properties": { "a": {} } } }, "text/event-stream": { "schema": {} }
            } } } } } }),
            json!({}),
        );
        run_pass(&mut spec, "", run).unwrap();
        let operation = &spec.doc["paths"]["/x"]["get"];
        assert_eq!(operation["x-raw"], true);
        let content = &operation["responses"]["200"]["content"];
        assert_eq!(
            content["application/octet-stream"]["schema"]["format"],
            "binary"
        );
        assert_eq!(spec.schemas().unwrap()["x.response"]["x-keep"], true);
    }

    #[test]
    fn bodies_are_spelled_as_progenitor_does() {
        for (media_type, schema, lowered) in [
            (
                "application/json; charset=utf-8",
                json!({}),
                json!({ "application/json": { "schema": {} } }),
            ),
            (
                "application/octet-stream",
                json!({ "maxLength": 3 }),
                json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } }),
            ),
            (
                "text/plain",
                json!({ "type": "string", "format": "x" }),
                json!({ "text/plain": { "schema": { "type": "string" } } }),
            ),
        ] {
            let mut spec = taking(json!([]), Some(json!({ media_type: { "schema": schema } })));
            run_pass(&mut spec, "", run).unwrap();
            let body = &spec.doc["paths"]["/x"]["post"]["requestBody"];
            assert_eq!(*body, json!({ "content": lowered, "required": true }));
        }
    }

    #[test]
    fn bodies_that_cannot_be_sent_are_refused() {
        let form =
            |schema: Value| json!({ "application/x-www-form-urlencoded": { "schema": schema } });
        for (content, words) in [
            (
                json!({ "multipart/form-data": {} }),
                "`multipart/form-data`, which the generator cannot send",
            ),
            (json!({ "image/png": {} }), "`image/png`"),
            (
                json!({ "application/json": {}, "text/plain": {} }),
                "only one of them",
            ),
            (json!({}), "no media type"),
            (
                form(json!({ "properties": { "list": { "type": "array" } } })),
                "`list` of the form",
            ),
            (form(json!({ "type": "object" })), "no members"),
        ] {
            let problem = refused(&mut taking(json!([]), Some(content)), "", run);
            assert_says(
                &problem,
                &[
                    words,
                    "postX (POST /x)",
                    "/paths/~1x/post/requestBody/content",
                    "overlay",
                ],
            );
        }
    }
}

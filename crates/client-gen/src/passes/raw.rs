//! `raw`: one body type and one answer type per operation.
//!
//! JSON beside an event stream becomes a raw answer, because only the answer's
//! own content type tells which of the two came. Its JSON schema stays as a
//! component where it says something.

use serde_json::{Map, Value, json};

use super::{Context, forms, media};
use crate::problem::Result;
use crate::spec::{Spec, component_of, entries, object_of};

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
            if types.len() < 2 && types.iter().all(|media_type| media::is_json(media_type)) {
                continue;
            }
            raw = true;
            report.line(format!("`{id}` answers {}", list(&types)));
            for (media_type, value) in entries(&response["content"]) {
                let schema = &value["schema"];
                if media::is_json(media_type)
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
        let mut send = match operation.shift_remove("x-send") {
            Some(Value::Object(send)) => send,
            _ => Map::new(),
        };
        if let Some(body) = operation.get_mut("requestBody") {
            let pointer = format!("{pointer}/requestBody/content");
            one_body(&before, &pointer, body, &mut send)?;
        }
        if !send.is_empty() {
            operation.insert("x-send".to_owned(), send.into());
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

/// Spells a request body as progenitor does.
fn one_body(
    spec: &Spec,
    pointer: &str,
    body: &mut Value,
    send: &mut Map<String, Value>,
) -> Result<()> {
    let Some((media_type, media)) = entries(&body["content"]).next() else {
        let what = "the request body names no media type, so nothing could be sent";
        let fix = "add an overlay action that gives it one, or removes the body";
        return Err(spec.problem(pointer, what, fix).into());
    };
    let (media_type, schema) = match media_type.as_str() {
        "application/octet-stream" => (
            media_type.clone(),
            json!({ "type": "string", "format": "binary" }),
        ),
        "text/plain" => (media_type.clone(), json!({ "type": "string" })),
        "application/x-www-form-urlencoded" => {
            (media_type.clone(), forms::pairs(spec, media, send))
        }
        // progenitor has none: its method is one that sends JSON, until the printer changes that.
        "multipart/form-data" => (
            "application/json".to_owned(),
            forms::parts(spec, media, send),
        ),
        _ => (media_type.clone(), media["schema"].clone()),
    };
    // progenitor has no optional bodies: whoever calls the method sends one.
    let body = object_of(body);
    body.insert("required".to_owned(), true.into());
    body.insert(
        "content".to_owned(),
        json!({ media_type: { "schema": schema } }),
    );
    Ok(())
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
    fn a_body_without_a_media_type_is_refused() {
        let problem = refused(&mut taking(json!([]), Some(json!({}))), "", run);
        assert_says(
            &problem,
            &[
                "no media type",
                "postX (POST /x)",
                "/paths/~1x/post/requestBody/content",
                "overlay",
            ],
        );
    }
}

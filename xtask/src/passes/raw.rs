//! `raw`: one body type and one answer type per operation.
//!
//! JSON beside an event stream becomes a raw answer, because only the answer's
//! own content type tells which of the two came. Its JSON schema stays as a
//! component where it says something.

use serde_json::{Value, json};

use super::Context;
use crate::problem::Result;
use crate::spec::{Spec, entries, object_of};

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "raw",
        "Answers that may be JSON or an event stream are handed out raw; the caller decides by their content type.",
    );
    let before = spec.clone();
    let mut components = Vec::new();
    let report = &mut *context.report;
    spec.for_each_operation(|pointer, operation| {
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        let mut raw = false;
        for (_, response) in operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
        {
            let types: Vec<&String> = entries(&response["content"]).map(|(media_type, _)| media_type).collect();
            if types.len() < 2 && types.iter().all(|media_type| is_json(media_type)) {
                continue;
            }
            raw = true;
            report.line(format!("`{id}` answers {}", list(&types)));
            for (media_type, value) in entries(&response["content"]) {
                let schema = &value["schema"];
                if is_json(media_type) && (schema.get("$ref").is_some() || schema["properties"].is_object()) {
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
            let types: Vec<&String> = entries(&body["content"]).map(|(media_type, _)| media_type).collect();
            if types.len() > 1 {
                return Err(before
                    .problem(
                        format!("{pointer}/requestBody/content"),
                        format!("the request body can be {}; one method can send only one of them", list(&types)),
                        "add an overlay action that removes all but one",
                    )
                    .into());
            }
            if let Some(other) = types.first().filter(|media_type| !is_known_body(media_type)) {
                return Err(before
                    .problem(
                        format!("{pointer}/requestBody/content"),
                        format!("the request body is `{other}`, which the generator cannot send"),
                        "add an overlay action that replaces it by application/json or application/octet-stream, and write the call by hand",
                    )
                    .into());
            }
            // progenitor has no optional bodies: whoever calls the method sends one.
            object_of(body).insert("required".to_owned(), true.into());
        }
        Ok(())
    })?;
    for (key, schema) in components {
        if schema.get("$ref").is_none() {
            spec.schemas_mut().insert(key, schema);
        }
    }
    Ok(())
}

fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.starts_with("application/json;")
}

fn is_known_body(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    matches!(
        essence,
        "application/json"
            | "application/octet-stream"
            | "application/x-www-form-urlencoded"
            | "text/plain"
    )
}

fn list(types: &[&String]) -> String {
    types
        .iter()
        .map(|media_type| format!("`{media_type}`"))
        .collect::<Vec<_>>()
        .join(" or ")
}

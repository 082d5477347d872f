//! `envelope`: an answer that wraps its payload becomes `Envelope<payload>`.
//!
//! Told by structure, never by an `x-` key: an object with an integer `code`,
//! a string `message` and a `data`, of which `code` is required.

use serde_json::{Value, json};

use super::Context;
use crate::spec::{Spec, elements};
use crate::walk::{Place, roots_mut};

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) {
    context.report.section(
        "envelope",
        "Answers of the shape `{code, message, data, …}` become `Envelope<data>`.",
    );
    let before = spec.clone();
    let mut opened = 0;
    for (_, place, schema) in roots_mut(&mut spec.doc) {
        if !matches!(place, Place::Response(_)) {
            continue;
        }
        let resolved = before.resolve(schema);
        if is_envelope(&before, resolved) {
            *schema = json!({ "x-envelope": resolved["properties"]["data"] });
            opened += 1;
        }
    }
    if opened > 0 {
        context
            .report
            .line(format!("{opened} answers are enveloped"));
    }
}

fn is_envelope(spec: &Spec, schema: &Value) -> bool {
    let property = |name: &str| {
        schema["properties"]
            .get(name)
            .map(|property| spec.resolve(property))
    };
    property("code").is_some_and(|code| code["type"] == "integer" || code["type"] == "number")
        && property("message").is_some_and(|message| message["type"] == "string")
        && property("data").is_some()
        && elements(&schema["required"]).any(|name| name == "code")
}

/// Last of all: the mark becomes the Rust type, now that `data` has a name.
pub(crate) fn seal(spec: &mut Spec) {
    for (_, place, schema) in roots_mut(&mut spec.doc) {
        if !matches!(place, Place::Response(_)) {
            continue;
        }
        if let Some(data) = schema.get("x-envelope") {
            let data = match data["allOf"].as_array().map(Vec::as_slice) {
                Some([only]) => only.clone(),
                _ => data.clone(),
            };
            *schema = json!({
                "x-rust-type": {
                    "crate": "runtime",
                    "version": "*",
                    "path": "runtime::Envelope",
                    "parameters": [data],
                }
            });
        }
    }
}

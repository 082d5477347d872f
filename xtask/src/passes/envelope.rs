//! `envelope`: an answer that wraps its payload becomes `Envelope<payload>`.
//!
//! Told by structure, never by an `x-` key: an object with an integer `code`,
//! a string `message` and a `data`, of which `code` is required. One with more
//! than `Envelope` holds, or whose code is never 0, stays what it is.

use serde_json::{Value, json};

use super::Context;
use crate::spec::{Spec, elements, entries, object_of, unwrapped};
use crate::walk::{Place, roots_mut};

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) {
    context.report.section(
        "envelope",
        "Answers of the shape `{code, message, data, …}` become `Envelope<data>`.",
    );
    let before = spec.clone();
    let mut opened = 0;
    let mut kept = Vec::new();
    for (pointer, place, schema) in roots_mut(&mut spec.doc) {
        if !matches!(place, Place::Response(_)) {
            continue;
        }
        let resolved = before.resolve(schema);
        if !is_envelope(&before, resolved) {
            continue;
        }
        if let Some(why) = holds_more(&before, resolved) {
            kept.push(format!("`{pointer}` is no envelope: {why}"));
        } else {
            *schema = json!({ "x-envelope": resolved["properties"]["data"] });
            opened += 1;
        }
    }
    for line in kept {
        context.report.line(line);
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

/// Why opening an answer that looks like an envelope would lose something.
fn holds_more(spec: &Spec, schema: &Value) -> Option<String> {
    const HELD: [&str; 5] = ["code", "message", "data", "requestId", "timestamp"];
    let more = entries(&schema["properties"]).find(|(name, _)| !HELD.contains(&name.as_str()));
    if let Some((name, _)) = more {
        return Some(format!("it has `{name}` as well"));
    }
    let code = spec.resolve(&schema["properties"]["code"]);
    let never = code["enum"]
        .as_array()
        .is_some_and(|values| !values.iter().any(|value| value == 0));
    let says = |key: &str| code.get(key).is_some_and(|value| value != 0);
    (never || says("example") || says("default"))
        .then(|| "its `code` is not 0 for a success".to_owned())
}

/// Last of all: the mark becomes the Rust type, now that `data` has a name.
pub(crate) fn seal(spec: &mut Spec) {
    for (_, place, schema) in roots_mut(&mut spec.doc) {
        if !matches!(place, Place::Response(_)) {
            continue;
        }
        if let Some(data) = schema.get("x-envelope") {
            let data = match unwrapped(data) {
                Some(only) if data["nullable"] != true => only.clone(),
                _ => data.clone(),
            };
            *schema = json!({
                "x-rust-type": {
                    "crate": "runtime",
                    "version": "*",
                    "path": "runtime::Envelope",
                    "parameters": [json_schema(&data)],
                }
            });
        }
    }
}

/// What stands inside `x-rust-type` is read as JSON Schema, which has no `nullable`.
fn json_schema(schema: &Value) -> Value {
    let mut plain = schema.clone();
    if let Some(items) = plain.get_mut("items") {
        *items = json_schema(items);
    }
    if let Some(values) = plain
        .get_mut("additionalProperties")
        .filter(|values| values.is_object())
    {
        *values = json_schema(values);
    }
    if schema["nullable"] != true {
        return plain;
    }
    object_of(&mut plain).shift_remove("nullable");
    let plain = unwrapped(&plain).cloned().unwrap_or(plain);
    json!({ "oneOf": [plain, { "type": "null" }] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ANSWER, answering, run as run_pass};

    fn opened(schema: Value) -> (Value, String) {
        let mut spec = answering(schema, json!({}));
        let report = run_pass(&mut spec, "", |spec, context| {
            run(spec, context);
            Ok(())
        });
        seal(&mut spec);
        (spec.doc.pointer(ANSWER).unwrap().clone(), report.unwrap())
    }

    fn envelope(data: Value) -> Value {
        json!({ "type": "object", "required": ["code"], "properties": {
            "data": data, "code": { "type": "integer" }, "message": { "type": "string" }
        } })
    }

    #[test]
    fn an_envelope_is_told_by_its_structure() {
        let (schema, _) = opened(envelope(json!({ "type": "string" })));
        assert_eq!(schema["x-rust-type"]["path"], "runtime::Envelope");
        assert_eq!(
            schema["x-rust-type"]["parameters"],
            json!([{ "type": "string" }])
        );
        for missing in ["code", "message", "data"] {
            let mut other = envelope(json!({}));
            other["properties"]
                .as_object_mut()
                .unwrap()
                .shift_remove(missing);
            assert!(opened(other).0.get("x-rust-type").is_none(), "{missing}");
        }
    }

    #[test]
    fn nullable_data_is_an_option_at_any_depth() {
        let (schema, _) = opened(envelope(
            json!({ "type": "array", "items": { "type": "string", "nullable": true } }),
        ));
        assert_eq!(
            schema["x-rust-type"]["parameters"][0]["items"],
            json!({ "oneOf": [{ "type": "string" }, { "type": "null" }] })
        );
    }

    #[test]
    fn more_than_an_envelope_stays_what_it_is() {
        let mut paged = envelope(json!({}));
        paged["properties"]["next"] = json!({});
        let mut other = envelope(json!({}));
        other["properties"]["code"]["example"] = 200.into();
        for (schema, why) in [(paged, "`next` as well"), (other, "not 0")] {
            let (kept, report) = opened(schema.clone());
            assert_eq!(kept, schema);
            assert!(report.contains(why), "{report}");
        }
    }
}

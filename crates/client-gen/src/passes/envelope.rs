//! `envelope`: a response that wraps its payload becomes `Envelope<payload>`.
//!
//! Which fields an envelope has, the rules say; without such a rule there is none. It is recognised by
//! structure, never by an `x-` key and never by `required`, which descriptions drop. What comes near
//! it and is none would turn a refusal into a success without a word, so it stops the generation
//! until the overlay says `x-no-envelope: true`.

use serde_json::{Value, json};

use super::Context;
use crate::problem::{Problems, Result};
use crate::rules::Envelope;
use crate::spec::{Spec, entries, object_of, unwrapped};
use crate::walk::{Place, roots_mut};

/// What an answer that is no envelope, though it looks like one, is marked with.
const NONE: &str = "x-no-envelope";

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    let Some(rule) = context.names.rules().envelope.as_ref() else {
        return Ok(());
    };
    context.report.section(
        "envelope",
        &format!(
            "Answers of the shape `{{{}, {}, {}, …}}` become `Envelope<{2}>`.",
            rule.code, rule.message, rule.data
        ),
    );
    let before = spec.clone();
    let mut opened = 0;
    let mut problems = Vec::new();
    for (pointer, place, schema) in roots_mut(&mut spec.doc) {
        if !matches!(place, Place::Response(_)) {
            continue;
        }
        let resolved = before.resolve(schema);
        match likeness(rule, &before, resolved) {
            Likeness::None => {}
            Likeness::Near(why) if schema[NONE] == true || resolved[NONE] == true => {
                context
                    .report
                    .line(format!("`{pointer}` is no envelope, as `{NONE}` says: {why}"));
            }
            Likeness::Near(why) => problems.push(before.problem(
                pointer,
                format!("the answer looks like an envelope and cannot be read as one: {why}; a refusal would read as a success"),
                format!("correct the schema with an overlay action, or add `{NONE}: true` to it if its `{}` says nothing of success", rule.code),
            )),
            Likeness::Envelope => {
                *schema = json!({ "x-envelope": resolved["properties"][&rule.data] });
                opened += 1;
            }
        }
    }
    if opened > 0 {
        context
            .report
            .line(format!("{opened} answers are enveloped"));
    }
    Problems::none_or(problems)
}

/// How much an answer is like an envelope.
enum Likeness {
    /// It is something else.
    None,
    /// It is something else, for this reason, though a reader would take it for an envelope.
    Near(String),
    /// It is one.
    Envelope,
}

fn likeness(rule: &Envelope, spec: &Spec, schema: &Value) -> Likeness {
    let property = |name: &str| {
        schema["properties"]
            .get(name)
            .map(|property| spec.resolve(property))
    };
    let more = entries(&schema["properties"]).find(|(name, _)| !rule.holds(name));
    let (Some(code), Some(message)) = (property(&rule.code), property(&rule.message)) else {
        return Likeness::None;
    };
    if property(&rule.data).is_none() {
        return match more {
            None => Likeness::Near(format!("it has no `{}`", rule.data)),
            Some(_) => Likeness::None,
        };
    }
    if code["type"] != "integer" && code["type"] != "number" {
        return Likeness::Near(format!("its `{}` is no number", rule.code));
    }
    if message["type"] != "string" {
        return Likeness::Near(format!("its `{}` is no string", rule.message));
    }
    if let Some((name, _)) = more {
        return Likeness::Near(format!("it has `{name}` as well"));
    }
    let success = rule.success;
    let never = code["enum"]
        .as_array()
        .is_some_and(|values| !values.iter().any(|value| *value == success));
    let says = |key: &str| code.get(key).is_some_and(|value| *value != success);
    if never || says("example") || says("default") {
        return Likeness::Near(format!(
            "its `{}` is not {success} for a success",
            rule.code
        ));
    }
    Likeness::Envelope
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
    use crate::testing::{ANSWER, answering, assert_says, refused, run as run_pass};

    fn opened(schema: Value) -> (Value, String) {
        let mut spec = answering(schema, json!({}));
        let report = run_pass(&mut spec, "", run);
        seal(&mut spec);
        (spec.doc.pointer(ANSWER).unwrap().clone(), report.unwrap())
    }

    fn envelope(data: Value) -> Value {
        json!({ "type": "object", "properties": {
            "data": data, "code": { "type": "integer" }, "message": { "type": "string" }
        } })
    }

    #[test]
    fn an_envelope_is_told_by_its_structure_whatever_is_required() {
        for required in [json!(null), json!([]), json!(["code", "message"])] {
            let mut whole = envelope(json!({ "type": "string" }));
            whole["properties"]["requestId"] = json!({ "type": "string" });
            whole["required"] = required;
            let (schema, _) = opened(whole);
            assert_eq!(schema["x-rust-type"]["path"], "runtime::Envelope");
            assert_eq!(
                schema["x-rust-type"]["parameters"],
                json!([{ "type": "string" }])
            );
        }
        for missing in ["code", "message"] {
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
    fn what_comes_near_an_envelope_is_refused_unless_it_is_marked() {
        let mut paged = envelope(json!({}));
        paged["properties"]["next"] = json!({});
        let mut other = envelope(json!({}));
        other["properties"]["code"]["example"] = 200.into();
        let mut bare = envelope(json!({}));
        bare["properties"]
            .as_object_mut()
            .unwrap()
            .shift_remove("data");
        let mut text = envelope(json!({}));
        text["properties"]["code"]["type"] = "string".into();
        for (schema, why) in [
            (paged, "`next` as well"),
            (other, "not 0"),
            (bare, "no `data`"),
            (text, "no number"),
        ] {
            let mut spec = answering(schema.clone(), json!({}));
            assert_says(
                &refused(&mut spec, "", run),
                &[why, "x-no-envelope", "getX (GET /x)", ANSWER],
            );
            let mut marked = schema;
            marked["x-no-envelope"] = true.into();
            let (kept, report) = opened(marked.clone());
            assert_eq!(kept, marked);
            assert!(report.contains(why), "{report}");
        }
    }
}

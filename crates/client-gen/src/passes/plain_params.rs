//! `plain_params`: a choice between texts, numbers and flags in a path or a header is one of them.
//!
//! What goes there is written out as text, and so one text can be each of them.

use serde_json::{Value, json};

use super::Context;
use crate::spec::{Spec, elements, entries, object_of};

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) {
    context.report.section(
        "plain_params",
        "Parameters in paths and headers that are a choice between plain values.",
    );
    let before = spec.clone();
    for (_, item) in spec.doc["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let parameters = operation
                .get_mut("parameters")
                .and_then(Value::as_array_mut);
            for parameter in parameters.into_iter().flatten() {
                if !matches!(parameter["in"].as_str(), Some("path" | "header")) {
                    continue;
                }
                if let Some(plain) = plain(&before, &parameter["schema"]) {
                    context.report.line(format!(
                        "`{method}` with the parameter `{}`: a choice, written as `{}`",
                        parameter["name"].as_str().unwrap_or_default(),
                        plain["type"].as_str().unwrap_or_default(),
                    ));
                    parameter["schema"] = plain;
                }
            }
        }
    }
}

/// The one plain value that a choice is; nothing for what is no choice, or not between such.
fn plain(spec: &Spec, schema: &Value) -> Option<Value> {
    let schema = spec.resolve(schema);
    let mut branches: Vec<&Value> = Vec::new();
    let mut waiting = vec![schema];
    let mut steps = 0;
    while let Some(schema) = waiting.pop() {
        steps += 1;
        let choices = ["anyOf", "oneOf"]
            .iter()
            .flat_map(|keyword| elements(&schema[*keyword]));
        let inner: Vec<&Value> = choices.map(|branch| spec.resolve(branch)).collect();
        // A choice may hold itself.
        if steps > 1000 {
            return None;
        }
        if inner.is_empty() {
            branches.push(schema);
        }
        waiting.extend(inner);
    }
    let is_choice = steps > 1;
    branches.retain(|branch| branch["type"] != "null");
    let kinds = branches.iter().map(|branch| branch["type"].as_str());
    let mut kinds: Vec<&str> = kinds.collect::<Option<_>>()?;
    kinds.sort_unstable();
    kinds.dedup();
    let kind = match kinds.as_slice() {
        [only @ ("string" | "integer" | "number" | "boolean")] => *only,
        ["integer", "number"] => "number",
        several
            if several.iter().all(|it| !matches!(*it, "array" | "object"))
                && !several.is_empty() =>
        {
            "string"
        }
        _ => return None,
    };
    if !is_choice {
        return None;
    }
    let mut plain = match branches.as_slice() {
        [only] => (*only).clone(),
        _ => json!({ "type": kind }),
    };
    for (key, value) in entries(schema).filter(|(key, _)| *key == "description") {
        object_of(&mut plain).insert(key.clone(), value.clone());
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{run as run_pass, taking};

    fn lowered(place: &str, schema: Value) -> Value {
        let parameter = json!({ "name": "p", "in": place, "schema": schema });
        let mut spec = taking(json!([parameter]), None);
        run_pass(&mut spec, "", |spec, context| {
            run(spec, context);
            Ok(())
        })
        .unwrap();
        spec.doc["paths"]["/x"]["post"]["parameters"][0]["schema"].clone()
    }

    #[test]
    fn a_choice_between_plain_values_is_one() {
        let of = |branches: Value| json!({ "anyOf": branches, "description": "Some." });
        for (branches, kind) in [
            (
                json!([{ "type": "string", "enum": ["a"] }, { "type": "string" }]),
                "string",
            ),
            (
                json!([{ "type": "integer" }, { "type": "number" }]),
                "number",
            ),
            (
                json!([{ "type": "integer" }, { "oneOf": [{ "type": "string" }, { "type": "boolean" }] }]),
                "string",
            ),
        ] {
            assert_eq!(
                lowered("path", of(branches)),
                json!({ "type": kind, "description": "Some." })
            );
        }
        let only = json!({ "anyOf": [{ "type": "string", "maxLength": 3 }, { "type": "null" }] });
        assert_eq!(
            lowered("header", only),
            json!({ "type": "string", "maxLength": 3 })
        );
    }

    #[test]
    fn everything_else_stays() {
        for (place, schema) in [
            ("path", json!({ "type": "string", "maxLength": 3 })),
            (
                "path",
                json!({ "anyOf": [{ "type": "string" }, { "type": "array" }] }),
            ),
            (
                "query",
                json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] }),
            ),
        ] {
            assert_eq!(lowered(place, schema.clone()), schema);
        }
    }
}

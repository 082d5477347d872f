//! Examples that do not fit their schema.

use serde_json::Value;

use super::{Lint, each_answer};
use crate::spec::{Spec, elements, entries, escape};

/// References followed inside one example; a schema may hold itself.
const DEPTH: usize = 40;

pub(super) fn check(spec: &Spec) -> Vec<Lint> {
    let mut found = Vec::new();
    for (pointer, _, media) in each_answer(spec) {
        for (name, example) in entries(&media["examples"]) {
            let value = &example["value"];
            // An error carries `data: {}` whatever the type of `data` is.
            if value["code"].as_i64().is_some_and(|code| code != 0) {
                continue;
            }
            if let Some(what) = misfit(spec, &media["schema"], value, "", DEPTH) {
                found.push(Lint::new(
                    "example-does-not-fit",
                    format!("{pointer}/examples/{}", escape(name)),
                    what,
                    "find out which of the two is true; correct the schema in the overlay",
                ));
            }
        }
    }
    found
}

/// The first place where a value does not fit.
fn misfit(spec: &Spec, schema: &Value, value: &Value, at: &str, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let schema = spec.resolve(schema);
    let here = if at.is_empty() { "the value" } else { at };
    if value.is_null() {
        let is_nullable = schema["nullable"] == true || schema.get("type").is_none();
        return (!is_nullable).then(|| format!("{here} is null, which the schema rules out"));
    }
    for branch in elements(&schema["allOf"]) {
        if let Some(what) = misfit(spec, branch, value, at, depth) {
            return Some(what);
        }
    }
    for keyword in ["oneOf", "anyOf"] {
        if schema[keyword].is_array()
            && elements(&schema[keyword])
                .all(|branch| misfit(spec, branch, value, at, depth).is_some())
        {
            return Some(format!("{here} fits none of the branches of `{keyword}`"));
        }
    }
    let fits = match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    };
    if !fits {
        return Some(format!(
            "{here} is no {}",
            schema["type"].as_str().unwrap_or_default()
        ));
    }
    if schema["enum"].is_array() && !elements(&schema["enum"]).any(|known| known == value) {
        return Some(format!(
            "{here} is {value}, which is not in the list of values"
        ));
    }
    if value.is_object() {
        for name in elements(&schema["required"]).filter_map(Value::as_str) {
            if value.get(name).is_none() {
                return Some(format!("{here} lacks `{name}`, which is required"));
            }
        }
        for (name, property) in entries(&schema["properties"]) {
            if let Some(member) = value.get(name) {
                let inner = format!("{at}.{name}");
                if let Some(what) = misfit(spec, property, member, &inner, depth) {
                    return Some(what);
                }
            }
        }
    }
    for (index, item) in elements(value).enumerate() {
        if schema.get("items").is_some()
            && let Some(what) = misfit(
                spec,
                &schema["items"],
                item,
                &format!("{at}[{index}]"),
                depth,
            )
        {
            return Some(what);
        }
    }
    None
}

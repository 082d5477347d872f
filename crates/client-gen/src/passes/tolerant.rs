//! `tolerant`: a newer server must not break an older client.
//!
//! Limits leave the schemas, because progenitor would check them on answers
//! too; they move into the docs, where they help the caller. Counts and ids
//! declared `number` become integers. Nulls are allowed for what is optional,
//! and dates keep the text that was sent.

use serde_json::{Map, Value, json};

use super::Context;
use crate::names::Names;
use crate::report::About;
use crate::spec::{Spec, elements, object_of, unescape};
use crate::walk::{self, Step};
use spec_diff::escape::code;

/// Keywords that limit values: documentation for us, errors for progenitor's types.
pub(crate) const LIMITS: [&str; 12] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "default",
];

/// The limits that left a schema of a request, for the client to check before it sends.
pub(crate) const CHECKS: &str = "x-checks";

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) {
    context.report.section(
        "tolerant",
        "Numbers that are whole, numbers that are not, and what was closed and is open now.",
    );
    let mut tally = Tally::default();
    for (pointer, place, schema) in walk::roots_mut(&mut spec.doc) {
        let name = match place {
            walk::Place::Parameter(_, _, name) => name,
            _ => String::new(),
        };
        loosen(&pointer, &name, schema, context.names, &mut tally);
    }
    drop_checks_of_answers(spec);
    for place in tally.wide.drain(..) {
        context.report.warn(
            About::Document,
            format!("`{place}` may have more than 64 bits: a number beyond them is a decode error"),
        );
    }
    tally.whole.sort();
    tally.whole.dedup();
    tally.fractional.sort();
    tally.fractional.dedup();
    context.report.line(format!(
        "whole although declared `number`: {}",
        list(&tally.whole)
    ));
    context
        .report
        .line(format!("fractional (`f64`): {}", list(&tally.fractional)));
    context.report.line(format!(
        "{} schemas lost `additionalProperties: false`",
        tally.opened
    ));
    context
        .report
        .line(format!("{} limits moved into the docs", tally.limits));
    context
        .report
        .line(format!("{} dates keep their text", tally.dates));
}

#[derive(Default)]
struct Tally {
    whole: Vec<String>,
    fractional: Vec<String>,
    opened: usize,
    limits: usize,
    dates: usize,
    wide: Vec<String>,
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[expect(clippy::too_many_lines, reason = "one kind of schema after the other")]
fn loosen(pointer: &str, name: &str, schema: &mut Value, names: &Names, tally: &mut Tally) {
    if schema.get("x-rust-type").is_some() && schema.get("x-union").is_none() {
        return;
    }
    let shown = if name.is_empty() { pointer } else { name };
    if schema["type"] == "number" {
        if is_fractional(schema) {
            tally.fractional.push(shown.to_owned());
            object_of(schema).insert("x-fractional".to_owned(), true.into());
        } else if names.rules().is_whole(name)
            || schema
                .get("enum")
                .is_some_and(|values| elements(values).all(Value::is_i64))
        {
            tally.whole.push(shown.to_owned());
            schema["type"] = "integer".into();
        } else {
            tally.fractional.push(shown.to_owned());
        }
    }
    let is_unsigned = is_unsigned(schema);
    if is_wide(schema) {
        tally.wide.push(pointer.to_owned());
    }
    let limits = limits_in_words(schema);
    let object = object_of(schema);
    object.shift_remove("x-always");
    let mut checks = Map::new();
    for key in LIMITS {
        if let Some(limit) = object.shift_remove(key) {
            tally.limits += 1;
            checks.insert(key.to_owned(), limit);
        }
    }
    checks.shift_remove("default");
    if object.get("format").is_some_and(|format| format == "uri") {
        checks.insert("format".to_owned(), "uri".into());
    }
    if !checks.is_empty() {
        object.insert(CHECKS.to_owned(), checks.into());
    }
    if !limits.is_empty() {
        object.insert("x-limits".to_owned(), limits.into());
    }
    object.shift_remove("title");
    if object.get("additionalProperties") == Some(&Value::Bool(false)) {
        object.shift_remove("additionalProperties");
        tally.opened += 1;
    }
    // Some call the seconds since 1970 a date-time as well.
    let is_number =
        matches!(object.get("type"), Some(kind) if kind == "integer" || kind == "number");
    match object.get("format").and_then(Value::as_str) {
        Some("date-time") if !is_number => {
            object.retain(|key, _| {
                matches!(
                    key.as_str(),
                    "description" | "nullable" | "x-limits" | "x-client"
                )
            });
            object.insert(
                "x-rust-type".to_owned(),
                json!({ "crate": "runtime", "version": "*", "path": "runtime::Timestamp" }),
            );
            tally.dates += 1;
        }
        // Formats that progenitor would check, or map to a type that fails on odd values.
        Some(_) if object.get("type") == Some(&"string".into()) && object["format"] != "binary" => {
            object.shift_remove("format");
        }
        Some(_) if is_number => {
            object.shift_remove("format");
        }
        _ => {}
    }
    if is_unsigned {
        object.insert("format".to_owned(), "uint64".into());
    }
    // A closed list of numbers without names says nothing that the docs do not.
    if let Some(values) = object.get("enum")
        && elements(values).all(Value::is_number)
    {
        let words: Vec<String> = elements(values).map(ToString::to_string).collect();
        object.shift_remove("enum");
        let mut note = format!("one of {}", words.join(", "));
        if let Some(more) = object.get("x-limits").and_then(Value::as_str) {
            note = format!("{note}; {more}");
        }
        object.insert("x-limits".to_owned(), note.into());
    }
    let nullable: Vec<String> = object
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter(|(_, property)| property["nullable"] == true)
        .map(|(name, _)| name.clone())
        .collect();
    if let Some(Value::Array(required)) = object.get_mut("required") {
        let is_nullable = |name: &Value| nullable.iter().any(|other| name == other.as_str());
        let (nulls, rest): (Vec<Value>, Vec<Value>) =
            std::mem::take(required).into_iter().partition(is_nullable);
        *required = rest;
        if !nulls.is_empty() {
            object.insert("x-nulls".to_owned(), nulls.into());
        }
    }
    for (step, child) in walk::children_mut(schema) {
        let child_name = match &step {
            Step::Property(property) => property.as_str(),
            _ => name,
        };
        loosen(
            &format!("{pointer}{}", step.pointer()),
            child_name,
            child,
            names,
            tally,
        );
    }
}

/// Whether a whole number is never negative and may be beyond what `i64` holds.
fn is_unsigned(schema: &Value) -> bool {
    let is_above = schema["maximum"]
        .as_u64()
        .is_some_and(|most| i64::try_from(most).is_err());
    let is_positive = schema["minimum"].as_f64().is_some_and(|least| least >= 0.0);
    schema["type"] == "integer" && (schema["format"] == "uint64" || is_above && is_positive)
}

/// Whether a whole number may be beyond what 64 bits hold.
fn is_wide(schema: &Value) -> bool {
    // 2^64 and -2^63, as doubles.
    let is_above = schema["maximum"]
        .as_f64()
        .is_some_and(|most| most > 18_446_744_073_709_551_616.0);
    let is_below = schema["minimum"]
        .as_f64()
        .is_some_and(|least| least < -9_223_372_036_854_775_808.0);
    let is_told = matches!(
        schema["format"].as_str(),
        Some("int128" | "uint128" | "bigint")
    );
    schema["type"] == "integer" && (is_told || is_above || is_below)
}

/// Nobody checks what the service sends, and a null that it sends is read like one that it leaves out.
fn drop_checks_of_answers(spec: &mut Spec) {
    let sent = spec.directions().requests;
    walk::for_each_schema_mut(&mut spec.doc, &mut |pointer, schema| {
        let is_sent = match pointer.strip_prefix("/components/schemas/") {
            Some(rest) => sent.contains(&unescape(rest.split('/').next().unwrap_or_default())),
            None => !pointer.contains("/responses/"),
        };
        if !is_sent {
            let object = object_of(schema);
            object.shift_remove(CHECKS);
            object.shift_remove("x-nulls");
        }
    });
}

/// Whether upstream shows that a number has fractions: then its name says nothing.
fn is_fractional(schema: &Value) -> bool {
    let has_fraction = |value: &Value| value.as_f64().is_some_and(|value| value.fract() != 0.0);
    matches!(schema["format"].as_str(), Some("float" | "double"))
        || ["example", "default", "minimum", "maximum", "multipleOf"]
            .into_iter()
            .any(|key| has_fraction(&schema[key]))
        || elements(&schema["enum"]).any(has_fraction)
}

fn limits_in_words(schema: &Value) -> String {
    let mut words = Vec::new();
    let number = |key: &str| {
        schema[key]
            .as_f64()
            // Bounds of what JavaScript counts exactly are no limits of the field.
            .filter(|value| value.abs() < 9_007_199_254_740_991.0)
            .map(|_| schema[key].to_string())
    };
    match (number("minimum"), number("maximum")) {
        (Some(low), Some(high)) if low == high => words.push(format!("always {low}")),
        (Some(low), Some(high)) => words.push(format!("{low} to {high}")),
        (Some(low), None) if schema["exclusiveMinimum"] == true => {
            words.push(format!("more than {low}"));
        }
        (Some(low), None) => words.push(format!("at least {low}")),
        (None, Some(high)) => words.push(format!("at most {high}")),
        (None, None) => {}
    }
    for (low, high, unit) in [
        ("minLength", "maxLength", "characters"),
        ("minItems", "maxItems", "elements"),
    ] {
        match (number(low), number(high)) {
            (Some(low), Some(high)) => words.push(format!("{low} to {high} {unit}")),
            (Some(low), None) if low == "1" => words.push("not empty".to_owned()),
            (Some(low), None) => words.push(format!("at least {low} {unit}")),
            (None, Some(high)) => words.push(format!("at most {high} {unit}")),
            (None, None) => {}
        }
    }
    if let Some(only) = schema.get("x-always") {
        words.push(format!("always {}", code(&only.to_string())));
    }
    match &schema["default"] {
        Value::Null => {}
        Value::Array(values) if values.is_empty() => {}
        Value::String(value) => words.push(format!("{} if omitted", code(value))),
        value @ (Value::Number(_) | Value::Bool(_)) => words.push(format!("{value} if omitted")),
        value => words.push(format!("{} if omitted", code(&value.to_string()))),
    }
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ANSWER, answering, run as run_pass};

    fn loosened(schema: Value) -> (Value, String) {
        let mut spec = answering(schema, json!({}));
        let names = "";
        let report = run_pass(&mut spec, names, |spec, context| {
            run(spec, context);
            Ok(())
        });
        (spec.doc.pointer(ANSWER).unwrap().clone(), report.unwrap())
    }

    fn property(name: &str, schema: Value) -> Value {
        loosened(json!({ "properties": { name: schema } })).0["properties"][name].clone()
    }

    #[test]
    fn limits_move_into_words() {
        for (schema, words) in [
            (
                json!({ "type": "integer", "minimum": 1, "maximum": 9, "default": 3 }),
                "1 to 9; 3 if omitted",
            ),
            (
                json!({ "type": "integer", "minimum": 0, "exclusiveMinimum": true }),
                "more than 0",
            ),
            (
                json!({ "type": "string", "minLength": 1, "pattern": "^a", "default": "a" }),
                "not empty; `a` if omitted",
            ),
            (
                json!({ "type": "array", "items": {}, "maxItems": 2, "uniqueItems": true }),
                "at most 2 elements",
            ),
            (
                json!({ "type": "integer", "enum": [1, 2], "default": 2 }),
                "one of 1, 2; 2 if omitted",
            ),
            (
                json!({ "type": "boolean", "x-always": true }),
                "always `true`",
            ),
        ] {
            let loose = property("p", schema);
            assert_eq!(loose["x-limits"], words);
            assert!(
                LIMITS.iter().all(|limit| loose.get(limit).is_none()),
                "{loose}"
            );
        }
    }

    #[test]
    fn whole_numbers_are_told_by_name_unless_upstream_shows_a_fraction() {
        let number = json!({ "type": "number" });
        assert_eq!(property("pageSize", number.clone())["type"], "integer");
        assert_eq!(property("ratio", number.clone())["type"], "number");
        assert_eq!(
            property("count", number)["type"],
            "number",
            "no word of ours"
        );
        for fraction in [
            json!({ "format": "double" }),
            json!({ "example": 0.5 }),
            json!({ "multipleOf": 0.1 }),
        ] {
            let mut schema = fraction;
            schema["type"] = "number".into();
            assert_eq!(property("width", schema)["type"], "number");
        }
    }

    #[test]
    fn what_needs_64_bits_without_a_sign_has_them() {
        let whole = |more: Value| {
            let mut schema = more;
            schema["type"] = "integer".into();
            loosened(json!({ "properties": { "n": schema } }))
        };
        for unsigned in [
            json!({ "format": "uint64" }),
            json!({ "minimum": 0, "maximum": 18_446_744_073_709_551_615_u64 }),
        ] {
            assert_eq!(whole(unsigned).0["properties"]["n"]["format"], "uint64");
        }
        let (schema, report) = whole(json!({ "format": "int64", "minimum": 0 }));
        assert!(schema["properties"]["n"].get("format").is_none());
        assert!(!report.contains("Warnings"), "{report}");
        for wide in [json!({ "format": "int128" }), json!({ "maximum": 1e30 })] {
            let (_, report) = whole(wide);
            assert!(report.contains("may have more than 64 bits"), "{report}");
        }
    }

    #[test]
    fn a_null_that_has_to_be_sent_is_no_option() {
        let object = json!({ "type": "object", "required": ["a", "b"], "properties": {
            "a": { "type": "string", "nullable": true }, "b": { "type": "string" },
        } });
        let mut spec = crate::testing::taking(
            json!([]),
            Some(json!({ "application/json": { "schema": object } })),
        );
        run_pass(&mut spec, "", |spec, context| {
            run(spec, context);
            Ok(())
        })
        .unwrap();
        let body = &spec.doc["paths"]["/x"]["post"]["requestBody"];
        let schema = &body["content"]["application/json"]["schema"];
        assert_eq!(
            (&schema["required"], &schema["x-nulls"]),
            (&json!(["b"]), &json!(["a"]))
        );
        assert!(loosened(object).0.get("x-nulls").is_none(), "an answer");
    }

    #[test]
    fn nothing_stays_that_would_refuse_a_newer_answer() {
        let (schema, _) = loosened(json!({
            "additionalProperties": false, "required": ["a", "b"],
            "properties": { "a": { "type": "string", "nullable": true, "format": "uuid" }, "b": { "type": "string", "format": "date-time" }, "c": { "type": "integer", "format": "int32" }, "d": { "type": "integer", "format": "date-time" } },
        }));
        assert!(schema.get("additionalProperties").is_none());
        assert_eq!(schema["required"], json!(["b"]));
        assert!(schema["properties"]["a"].get("format").is_none());
        for number in ["c", "d"] {
            assert_eq!(schema["properties"][number], json!({ "type": "integer" }));
        }
        assert_eq!(
            schema["properties"]["b"]["x-rust-type"]["path"],
            "runtime::Timestamp"
        );
    }
}

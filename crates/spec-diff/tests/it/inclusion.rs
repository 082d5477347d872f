//! Verdicts against values: random schemas, random edits, random values.
#![cfg(feature = "inclusion")]
#![allow(clippy::unwrap_used)]

use crate::support::diff;
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use spec_diff::{Finding, Report};

/// Xorshift: the same numbers everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// Both names are always listed: what an open object leaves unsaid has a test of its own.
fn schema(random: &mut Random, depth: usize) -> Value {
    let kinds = if depth == 0 { 6 } else { 12 };
    let small = random.below(4);
    match random.below(kinds) {
        0 => json!({ "type": random.one(&["string", "integer", "number", "boolean", "null"]) }),
        1 => json!({ "type": "integer", "minimum": small, "maximum": small + random.below(5) }),
        2 => json!({ "type": "string", "minLength": small, "maxLength": small + random.below(3) }),
        3 => json!({ "enum": [random.one(&["red", "blue"]), small, null] }),
        4 => json!({ "type": ["string", "integer"], "minimum": small }),
        5 => json!({ "type": "number", "multipleOf": small + 1, "exclusiveMinimum": 0 }),
        6 | 7 => {
            let mut object = json!({
                "type": "object",
                "properties": { "a": schema(random, depth - 1), "b": schema(random, depth - 1) },
            });
            if random.below(2) == 0 {
                object["required"] = json!([random.one(&["a", "b"])]);
            }
            if random.below(3) == 0 {
                object["additionalProperties"] = json!(false);
            }
            object
        }
        8 => {
            let items = schema(random, depth - 1);
            json!({ "type": "array", "items": items, "minItems": random.below(2), "maxItems": 2 })
        }
        kind => {
            let key = ["anyOf", "oneOf", "allOf"][kind - 9];
            json!({ key: [schema(random, depth - 1), schema(random, depth - 1)] })
        }
    }
}

/// The schema with one part of it changed.
fn edited(random: &mut Random, old: &Value) -> Value {
    let mut pointers = vec![String::new()];
    collect(old, "", &mut pointers);
    let mut new = old.clone();
    let pointer = random.one(&pointers);
    if let Some(part) = new.pointer_mut(&pointer) {
        *part = match &*part {
            Value::Number(number) => json!(number.as_u64().unwrap_or(0) + 1),
            Value::Bool(b) => json!(!*b),
            Value::Object(_) => schema(random, 1),
            other => other.clone(),
        };
    }
    new
}

fn collect(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let here = format!("{at}/{key}");
                // The object under `properties` is no schema.
                if key != "properties" && key != "enum" && key != "type" {
                    out.push(here.clone());
                }
                collect(inner, &here, out);
            }
        }
        Value::Array(items) => {
            for (i, inner) in items.iter().enumerate() {
                let here = format!("{at}/{i}");
                if inner.is_object() {
                    out.push(here.clone());
                }
                collect(inner, &here, out);
            }
        }
        _ => {}
    }
}

fn value(random: &mut Random, depth: usize) -> Value {
    let small = random.below(9);
    match random.below(if depth == 0 { 6 } else { 9 }) {
        0 => json!(null),
        1 => json!(random.below(2) == 0),
        2 => json!(small),
        3 => json!(f64::from(u32::try_from(small).unwrap()) / 2.0),
        4 => json!(random.one(&["red", "blue"])),
        5 => json!("x".repeat(small)),
        6 => (0..random.below(4))
            .map(|_| value(random, depth - 1))
            .collect(),
        _ => {
            let mut object = serde_json::Map::new();
            for name in ["a", "b", "c"] {
                if random.below(2) == 0 {
                    object.insert(name.to_owned(), value(random, depth - 1));
                }
            }
            object.into()
        }
    }
}

fn document(schema: &Value, received: bool) -> String {
    let content = json!({ "content": { "application/json": { "schema": schema } } });
    let operation = if received {
        json!({ "responses": { "200": content } })
    } else {
        json!({ "requestBody": content })
    };
    json!({ "openapi": "3.1.0", "paths": { "/things": { "put": operation } } }).to_string()
}

fn validator(schema: &Value) -> Validator {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .build(schema)
        .unwrap()
}

fn breaks(report: &Report) -> Vec<&Finding> {
    let all = report.findings().iter();
    all.filter(|finding| finding.level.is_breaking()).collect()
}

/// How many pairs of schemas: 400; `SPEC_DIFF_PAIRS` has 10,000 in `cargo xtask ci`, which takes half a minute, and
/// 200,000 every night.
fn pairs() -> usize {
    let asked = std::env::var("SPEC_DIFF_PAIRS").ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(400)
}

#[test]
fn verdicts_agree_with_values() {
    let mut random = Random(0x0dd_ba11);
    let (mut undecided, mut broken, mut passed) = (0, 0, 0);
    for _ in 0..pairs() {
        let old = schema(&mut random, 2);
        let new = edited(&mut random, &old);
        let (accepts_old, accepts_new) = (validator(&old), validator(&new));
        let values: Vec<Value> = (0..60).map(|_| value(&mut random, 2)).collect();
        for received in [false, true] {
            let (from, to) = if received {
                (&accepts_new, &accepts_old)
            } else {
                (&accepts_old, &accepts_new)
            };
            let report = diff(&document(&old, received), &document(&new, received));
            let lost = values
                .iter()
                .find(|value| from.is_valid(value) && !to.is_valid(value));
            let tolerated = report.findings().iter().any(|finding| {
                // A list of values that grows where it is received is a warning.
                finding.id() == "response-enum-value-added"
                    || finding.id() == "response-no-longer-enum"
            });
            if report.verdict().passes() {
                passed += 1;
                assert!(
                    lost.is_none() || tolerated,
                    "{lost:?} is lost, received: {received}\n{old}\n{new}"
                );
            }
            for finding in breaks(&report) {
                broken += 1;
                assert!(
                    finding.witness.is_some(),
                    "{} has no proof\n{old}\n{new}",
                    finding.id()
                );
                let witness = finding.witness.as_ref().unwrap();
                let at_root = witness.place.ends_with("application/json");
                assert!(
                    !at_root
                        || old.get("properties").is_some()
                        || old.get("items").is_some()
                        || from.is_valid(&witness.value) && !to.is_valid(&witness.value),
                    "{} is no proof of {}\n{old}\n{new}",
                    witness.value,
                    finding.id()
                );
            }
            if report
                .findings()
                .iter()
                .any(|f| f.level == spec_diff::Level::Undecidable)
            {
                undecided += 1;
            }
        }
    }
    println!("passed {passed}, breaks {broken}, undecided {undecided}");
    assert!(undecided * 20 < passed + broken, "{undecided} undecided");
}

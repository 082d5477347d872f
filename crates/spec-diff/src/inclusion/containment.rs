//! The public containment cases, beside the bare library: `CONFORMANCE.md` has the table.
//!
//! `SPEC_DIFF_CONTAINMENT=FOLDER cargo test -p spec-diff --release --lib containment -- --ignored --nocapture`, where
//! the folder has `draft7.json` and `draft2020-12.json`: lists of `{"schema1", "schema2", "tests"}`.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::path::Path;
use std::time::Instant;

use jsonschema::Draft;
use jsonschema::canonical::{self, Containment};
use serde_json::{Map, Value, json};

use super::{Answer, Question, answers};

struct Case {
    subset: Value,
    superset: Value,
    included: bool,
}

#[derive(Default)]
struct Tally {
    right: usize,
    wrong: usize,
    undecided: usize,
}

impl Tally {
    fn count(&mut self, said: Option<bool>, truth: bool) {
        match said {
            None => self.undecided += 1,
            Some(said) if said == truth => self.right += 1,
            Some(_) => self.wrong += 1,
        }
    }
}

fn cases(file: &Path) -> Vec<Case> {
    let all: Vec<Value> = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let mut cases = Vec::new();
    for case in &all {
        let (one, two) = (&case["schema1"], &case["schema2"]);
        for (key, subset, superset) in [("s1SubsetEqOfs2", one, two), ("s2SubsetEqOfs1", two, one)]
        {
            cases.extend(case["tests"][key].as_bool().map(|included| Case {
                subset: subset.clone(),
                superset: superset.clone(),
                included,
            }));
        }
    }
    cases
}

/// The schema as questions have it: 2020-12, and nothing in it that only people read.
fn lowered(schema: &Value, old: bool) -> Value {
    let Value::Object(map) = schema else {
        return schema.clone();
    };
    let mut out = Map::new();
    let each = |list: &Value| -> Value {
        let items = list.as_array().into_iter().flatten();
        items.map(|item| lowered(item, old)).collect()
    };
    let named = |map: &Value| -> Map<String, Value> {
        let members = map.as_object().into_iter().flatten();
        members
            .map(|(name, inner)| (name.clone(), lowered(inner, old)))
            .collect()
    };
    if let Some(link) = map.get("$ref").and_then(Value::as_str) {
        out.insert(
            "$ref".to_owned(),
            json!(link.replace("#/definitions/", "#/$defs/")),
        );
    }
    for (key, value) in map {
        if old && map.contains_key("$ref") && key != "definitions" {
            continue;
        }
        let (key, value) = match (key.as_str(), value) {
            (
                "$ref" | "$schema" | "$comment" | "title" | "description" | "default" | "examples"
                | "format",
                _,
            ) => {
                continue;
            }
            ("definitions" | "$defs", _) => ("$defs", named(value).into()),
            ("properties" | "patternProperties" | "dependentSchemas", _) => {
                (key.as_str(), named(value).into())
            }
            ("items", Value::Array(_)) if old => ("prefixItems", each(value)),
            ("additionalItems", _) if old => {
                if !map.get("items").is_some_and(Value::is_array) {
                    continue;
                }
                ("items", lowered(value, old))
            }
            ("dependencies", Value::Object(all)) if old => {
                let (lists, schemas): (Vec<_>, Vec<_>) =
                    all.iter().partition(|(_, inner)| inner.is_array());
                let of = |list: Vec<(&String, &Value)>| -> Map<String, Value> {
                    list.into_iter()
                        .map(|(name, inner)| (name.clone(), lowered(inner, old)))
                        .collect()
                };
                out.insert("dependentRequired".to_owned(), of(lists).into());
                ("dependentSchemas", of(schemas).into())
            }
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", _) => (key.as_str(), each(value)),
            ("enum" | "const", _) => (key.as_str(), value.clone()),
            _ => (key.as_str(), lowered(value, old)),
        };
        out.insert(key.to_owned(), value);
    }
    out.into()
}

fn by_library(case: &Case, draft: Draft) -> Option<bool> {
    let normal = |schema: &Value| {
        let options = canonical::options().offline().with_draft(draft);
        options.canonicalize(schema).ok()
    };
    let (one, other) = (normal(&case.subset)?, normal(&case.superset)?);
    match other.covers(&one).ok()? {
        Containment::Yes => Some(true),
        Containment::No => Some(false),
        Containment::Unknown => None,
    }
}

#[test]
#[ignore = "the cases are not part of this repository"]
fn containment() {
    let folder = std::env::var("SPEC_DIFF_CONTAINMENT").unwrap();
    for (name, draft) in [
        ("draft7", Draft::Draft7),
        ("draft2020-12", Draft::Draft202012),
    ] {
        let cases = cases(&Path::new(&folder).join(format!("{name}.json")));
        let old = draft == Draft::Draft7;
        let questions: Vec<Question> = cases
            .iter()
            .map(|case| Question {
                subset: lowered(&case.subset, old),
                superset: lowered(&case.superset, old),
                as_text: false,
                exact: false,
            })
            .collect();
        let (start, mut tally) = (Instant::now(), Tally::default());
        for ((answer, case), question) in answers(&questions).iter().zip(&cases).zip(&questions) {
            let said = match answer {
                Answer::Same | Answer::Included => Some(true),
                Answer::Broken(_) => Some(false),
                Answer::Unknown => None,
            };
            if said == Some(!case.included) {
                println!(
                    "wrong: {} in {}: {answer:?}",
                    question.subset, question.superset
                );
            }
            tally.count(said, case.included);
        }
        let Tally {
            right,
            wrong,
            undecided,
        } = tally;
        println!(
            "{name}, this crate: {right} {wrong} {undecided} {:?}",
            start.elapsed()
        );
        let (start, mut tally) = (Instant::now(), Tally::default());
        for case in &cases {
            let said = std::panic::catch_unwind(|| by_library(case, draft)).unwrap_or(None);
            tally.count(said, case.included);
        }
        let Tally {
            right,
            wrong,
            undecided,
        } = tally;
        println!(
            "{name}, bare library: {right} {wrong} {undecided} {:?}",
            start.elapsed()
        );
    }
}

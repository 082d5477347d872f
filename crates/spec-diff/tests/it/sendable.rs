//! Proofs are values that can be sent where they stand.
#![cfg(feature = "inclusion")]
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use spec_diff::{Document, Level, Options, Report, compare};

/// A document with one parameter besides what its path needs.
fn document(place: &str, schema: &Value) -> Document {
    let path = json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"}});
    let own = json!({"name": "id", "in": place, "required": true, "schema": schema});
    let list = if place == "path" {
        json!([own])
    } else {
        json!([path, own])
    };
    read(
        &json!({"openapi": "3.1.0", "paths": {"/shelves/{id}": {"get": {"parameters": list, "responses": {}}}}}),
    )
}

fn read(document: &Value) -> Document {
    Document::parse(document.to_string().as_bytes(), "d.json").unwrap()
}

fn report(place: &str, old: &Value, new: &Value) -> Report {
    compare(
        &document(place, old),
        &document(place, new),
        &Options::default(),
    )
}

/// The text that proves the only change.
fn proof(place: &str, old: &Value, new: &Value) -> String {
    let report = report(place, old, new);
    let [finding] = report.findings() else {
        panic!("{:?}", report.findings());
    };
    let witness = finding
        .witness
        .as_ref()
        .unwrap_or_else(|| panic!("{finding:?}"));
    witness.value.as_str().unwrap().to_owned()
}

fn pattern(text: &str) -> Value {
    json!({"type": "string", "pattern": text})
}

#[test]
fn a_segment_of_a_path_is_never_empty() {
    let text = json!({"type": "string"});
    let either = json!({"anyOf": [{"type": "string"}, {"type": "boolean"}]});
    let list = |of: &str| json!({"type": "array", "items": {"type": of}});
    for (old, new) in [
        (text.clone(), json!({"type": "integer"})),
        (text.clone(), json!({"type": "string", "minLength": 2})),
        (json!({"enum": ["", "left"]}), json!({"enum": ["right"]})),
        (either, json!({"type": "boolean"})),
        (list("string"), list("integer")),
        (pattern("^(|/|west)$"), pattern("^north$")),
    ] {
        let report = report("path", &old, &new);
        let proofs = report.findings().iter().filter_map(|f| f.witness.as_ref());
        let proofs: Vec<&str> = proofs
            .map(|witness| witness.value.as_str().unwrap())
            .collect();
        assert!(!proofs.is_empty(), "{old} {new}: {:?}", report.findings());
        for proof in proofs {
            assert!(
                !proof.is_empty() && !proof.contains(['/', ' ']),
                "{old} {new}: {proof:?}"
            );
        }
    }
    // In a query it may be empty.
    assert_eq!(
        proof("query", &text, &json!({"type": "string", "minLength": 2})),
        ""
    );
}

#[test]
fn what_cannot_be_sent_cannot_break() {
    let least = |length: u64| json!({"type": "string", "minLength": length});
    for (place, old, new, level) in [
        ("path", least(0), least(1), Level::Info),
        (
            "path",
            json!({"enum": ["", "left"]}),
            json!({"enum": ["left"]}),
            Level::Info,
        ),
        ("query", least(0), least(1), Level::BreaksRequests),
        ("header", least(0), least(1), Level::BreaksRequests),
        (
            "header",
            json!({"enum": ["a\nb", "c"]}),
            json!({"enum": ["c"]}),
            Level::Info,
        ),
        (
            "cookie",
            json!({"enum": ["a\nb", "c"]}),
            json!({"enum": ["c"]}),
            Level::BreaksRequests,
        ),
    ] {
        let report = report(place, &old, &new);
        assert_eq!(
            report.verdict().worst(),
            Some(level),
            "{place} {old}: {:?}",
            report.findings()
        );
    }
}

#[test]
fn what_is_escaped_is_taken_only_where_nothing_else_proves() {
    let only = pattern("^shelf$");
    assert_eq!(proof("path", &pattern("^(a/b|east)$"), &only), "east");
    assert_eq!(proof("path", &pattern("^(a/b|shelf)$"), &only), "a/b");
    assert_eq!(proof("cookie", &pattern("^(a;b|east)$"), &only), "east");
    assert_eq!(proof("cookie", &pattern("^(a;b|shelf)$"), &only), "a;b");
    assert_eq!(proof("header", &pattern("^(a\\nb|east)$"), &only), "east");
}

#[test]
fn a_schema_that_stands_elsewhere_too_keeps_what_can_be_sent_there() {
    let both = |least: u64, other: &str| {
        let schema = json!({"$ref": "#/components/schemas/Name"});
        let list = json!([
            {"name": "id", "in": "path", "required": true, "schema": schema},
            {"name": "like", "in": other, "required": true, "schema": schema}
        ]);
        read(&json!({
            "openapi": "3.1.0",
            "paths": {"/shelves/{id}": {"get": {"parameters": list, "responses": {}}}},
            "components": {"schemas": {"Name": {"type": "string", "minLength": least}}}
        }))
    };
    let worst = |other: &str| {
        let report = compare(&both(0, other), &both(1, other), &Options::default());
        report.verdict().worst()
    };
    assert_eq!(worst("query"), Some(Level::BreaksRequests));
    assert_eq!(worst("path"), Some(Level::Info));
}

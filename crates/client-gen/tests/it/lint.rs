//! Each rule of the lint finds what it is for, at its place, and nothing in a clean document.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use client_gen::emit::codes::Registry;
use client_gen::lint::check;
use client_gen::names::Names;
use client_gen::spec::Spec;
use serde_json::{Value, json};

/// A document with one operation, in which nothing is wrong.
fn clean() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": { "title": "t", "version": "1" },
        "paths": { "/x": { "get": {
            "operationId": "x_get",
            "parameters": [{ "name": "ids[]", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } }],
            "responses": { "200": { "description": "d", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/X" },
                "examples": { "success": { "value": { "a": "1" } } }
            } } } }
        } } },
        "components": { "schemas": { "X": {
            "type": "object",
            "required": ["a"],
            "properties": { "a": { "type": "string" }, "count": { "type": "integer" } }
        } } }
    })
}

fn names() -> Names {
    Names::parse(
        "[rules]\nwhole = [\"count\"]\ncodes = \"x-backend\"",
        "names.toml",
    )
    .unwrap()
}

fn rules(document: Value, codes: Option<&str>) -> Vec<(&'static str, String)> {
    let spec = Spec::of(document);
    let codes = codes.map(|text| Registry::parse(text, "codes.toml").unwrap());
    let found = check(&spec, &names(), codes.as_ref());
    assert!(
        found
            .iter()
            .all(|lint| !lint.what.is_empty() && !lint.remedy.is_empty())
    );
    found
        .into_iter()
        .map(|lint| (lint.rule, lint.pointer))
        .collect()
}

#[test]
fn nothing_is_found_in_a_clean_document() {
    assert_eq!(rules(clean(), None), []);
}

#[test]
fn each_rule_finds_its_thing() {
    const OPERATION: &str = "/paths/~1x/get";
    const ANSWER: &str = "/paths/~1x/get/responses/200/content/application~1json";
    const X: &str = "/components/schemas/X";
    let cases: [(&str, String, Value); 11] = [
        (
            "deep-ref",
            format!("{ANSWER}/schema"),
            json!({ "$ref": "#/components/schemas/X/properties/a" }),
        ),
        ("missing-schema", ANSWER.to_owned(), json!({})),
        (
            "closed-answer",
            format!("{X}/additionalProperties"),
            json!(false),
        ),
        (
            "integer-as-number",
            format!("{X}/properties/count/type"),
            json!("number"),
        ),
        (
            "free-form-items",
            format!("{X}/properties/count"),
            json!({ "type": "array", "items": {} }),
        ),
        (
            "wire-style",
            format!("{OPERATION}/parameters/0/name"),
            json!("ids"),
        ),
        (
            "wire-style",
            format!("{OPERATION}/parameters/0/schema/type"),
            json!("object"),
        ),
        (
            "operation-id",
            format!("{OPERATION}/operationId"),
            json!(""),
        ),
        (
            "example-does-not-fit",
            format!("{ANSWER}/examples/success/value"),
            json!({ "a": 1 }),
        ),
        (
            "example-key-contradicts-code",
            format!("{ANSWER}/examples"),
            json!({ "gone404": { "value": { "code": 405 } } }),
        ),
        (
            "recorded-answer",
            X.to_owned(),
            json!({ "type": "object", "properties": { "a": {}, "b": {}, "c": {}, "d": {} } }),
        ),
    ];
    for (rule, pointer, value) in cases {
        let mut document = clean();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap()[key.replace("~1", "/")] = value;
        let found = rules(document, None);
        assert!(
            found.iter().any(|(other, _)| *other == rule),
            "{rule}: {found:?}"
        );
    }
}

#[test]
fn codes_are_looked_up_in_the_registry() {
    let mut document = clean();
    document["paths"]["/x"]["get"]["x-backend"] =
        json!({ "responseCodes": [{ "name": "Odd", "code": 12_345 }] });
    let found = rules(document, Some("code = []"));
    let ids: Vec<&str> = found.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(ids, ["code-not-in-registry", "code-without-example"]);
}

#[test]
fn two_bodies_and_two_ids_that_say_the_same() {
    let mut document = clean();
    let body = json!({ "content": { "application/json": { "schema": {
        "type": "object", "properties": { "a": { "type": "string" } } } } } });
    let mut operation = document["paths"]["/x"]["get"].clone();
    operation["requestBody"] = body;
    document["paths"]["/x"]["post"] = operation.clone();
    operation["requestBody"]["content"]["application/json"]["schema"]["description"] = json!("w");
    document["paths"]["/x"]["put"] = operation;
    let found = rules(document, None);
    let count = |rule| found.iter().filter(|(other, _)| *other == rule).count();
    assert_eq!(count("shared-inline-body"), 1);
    assert_eq!(count("operation-id"), 2);
}

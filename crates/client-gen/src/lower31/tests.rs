//! What each keyword of 3.1 becomes.

use serde_json::{Value, json};

use super::run;
use crate::report::Report;
use crate::spec::Spec;
use crate::testing::{ANSWER, answering, assert_says};

fn lowered_document(mut spec: Spec) -> (Value, String) {
    spec.doc["openapi"] = "3.1.1".into();
    let mut report = Report::default();
    run(&mut spec, &mut report);
    (spec.doc, report.render("test.json", "make it"))
}

fn lowered(schema: Value) -> (Value, String) {
    let (doc, report) = lowered_document(answering(schema, json!({})));
    (doc.pointer(ANSWER).unwrap().clone(), report)
}

#[track_caller]
fn assert_becomes(before: Value, after: Value) {
    assert_eq!(lowered(before).0, after);
}

#[test]
fn a_list_of_types_is_nullable_or_a_choice() {
    assert_becomes(
        json!({ "type": ["string", "null"], "maxLength": 9 }),
        json!({ "type": "string", "nullable": true, "maxLength": 9 }),
    );
    assert_becomes(
        json!({ "type": ["integer", "number"] }),
        json!({ "type": "number" }),
    );
    assert_becomes(json!({ "type": "null" }), json!({ "nullable": true }));
    assert_becomes(
        json!({ "type": ["object", "string", "integer", "array", "null"], "description": "Some.",
            "properties": { "a": true }, "format": "int64", "enum": ["x", 3], "minimum": 1 }),
        json!({ "nullable": true, "description": "Some.", "anyOf": [
            { "type": "object", "properties": { "a": {} } },
            { "type": "string", "enum": ["x"] },
            { "type": "integer", "minimum": 1, "format": "int64", "enum": [3] },
            { "type": "array", "items": {} },
        ] }),
    );
    // A branch that is null says that the whole may be.
    let choice = json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] });
    assert_becomes(choice.clone(), choice);
}

#[test]
fn a_constant_is_a_list_of_one() {
    for (only, kind) in [
        (json!("a"), "string"),
        (json!(3), "integer"),
        (json!(0.5), "number"),
        (json!(true), "boolean"),
    ] {
        assert_becomes(
            json!({ "const": only }),
            json!({ "type": kind, "enum": [only] }),
        );
    }
    assert_becomes(json!({ "const": null }), json!({ "nullable": true }));
    let (schema, report) = lowered(json!({ "type": "object", "const": { "a": 1 } }));
    assert_eq!(schema, json!({ "type": "object" }));
    assert_says(&report, &[ANSWER, "`const` is a list or an object"]);
}

#[test]
fn what_stands_beside_a_reference_counts() {
    let target = json!({ "$ref": "#/components/schemas/Room" });
    assert_becomes(
        json!({ "$ref": "#/components/schemas/Room", "title": "R", "description": "The room." }),
        json!({ "description": "The room.", "allOf": [target] }),
    );
    assert_becomes(
        json!({ "$ref": "#/components/schemas/Room", "title": "R" }),
        target.clone(),
    );
    assert_becomes(
        json!({ "$ref": "#/components/schemas/Room", "required": ["door"] }),
        json!({ "allOf": [target, { "required": ["door"] }] }),
    );
}

#[test]
fn examples_and_bounds_are_those_of_3_0() {
    assert_becomes(
        json!({ "type": "integer", "examples": [4, 5], "exclusiveMinimum": 2, "exclusiveMaximum": 9, "maximum": 7 }),
        json!({ "type": "integer", "minimum": 2, "exclusiveMinimum": true, "maximum": 7, "example": 4 }),
    );
}

#[test]
fn contents_are_a_format() {
    for (content, format) in [
        (
            json!({ "contentEncoding": "base64", "contentMediaType": "image/png" }),
            "byte",
        ),
        (
            json!({ "contentMediaType": "application/octet-stream" }),
            "binary",
        ),
    ] {
        assert_becomes(content, json!({ "type": "string", "format": format }));
    }
    assert_becomes(
        json!({ "type": "string", "contentMediaType": "application/json", "contentSchema": {} }),
        json!({ "type": "string" }),
    );
}

#[test]
fn what_3_0_cannot_say_is_open_and_told() {
    for (schema, left, words) in [
        (
            json!({ "prefixItems": [{ "type": "string" }, { "type": "integer" }] }),
            json!({ "type": "array", "items": {} }),
            "`prefixItems` are open",
        ),
        (
            json!({ "type": "object", "if": { "properties": { "a": { "const": 1 } } }, "then": { "properties": { "b": { "type": "string" } } } }),
            json!({ "type": "object", "properties": { "a": {}, "b": { "type": "string" } } }),
            "`if`, `then` not checked",
        ),
        (
            json!({ "type": "object", "patternProperties": { "^x": { "type": "string" } } }),
            json!({ "type": "object", "additionalProperties": true }),
            "further members is open",
        ),
        (
            json!({ "type": "object", "additionalProperties": false, "patternProperties": { "^x": { "type": "string" } } }),
            json!({ "type": "object", "additionalProperties": { "type": "string" } }),
            "names in `patternProperties`",
        ),
        (
            json!({ "type": "object", "dependentRequired": { "a": ["b"] }, "unevaluatedProperties": false }),
            json!({ "type": "object" }),
            "`dependentRequired` is not checked",
        ),
        (
            json!({ "type": "object", "properties": { "a": true, "b": false } }),
            json!({ "type": "object", "properties": { "a": {} } }),
            "the property `b` must not be there",
        ),
        (json!(false), json!({}), "no value fits"),
        (
            json!({ "$dynamicRef": "#node" }),
            json!({}),
            "`$dynamicRef` is an open value",
        ),
    ] {
        let (lowered, report) = lowered(schema);
        assert_eq!(lowered, left);
        assert_says(&report, &[words, ANSWER, "## Warnings"]);
    }
    let same = json!({ "prefixItems": [{ "type": "integer" }], "items": false });
    let (lowered, report) = lowered(same);
    assert_eq!(lowered["items"], json!({ "type": "integer" }));
    assert!(!report.contains("Warnings"), "{report}");
}

#[test]
fn definitions_and_anchors_are_components() {
    let room = json!({ "type": "object", "properties": {
        "door": { "$ref": "#/$defs/Door" },
        "wall": { "$ref": "#wall" },
        "far": { "$ref": "#/components/schemas/Room/$defs/Door/properties/wide" },
    }, "$defs": { "Door": { "$anchor": "wall", "properties": { "wide": { "type": "number" } } } } });
    let spec = answering(
        json!({ "$ref": "#/components/schemas/Room" }),
        json!({ "Room": room, "Door": { "type": "string" } }),
    );
    let (doc, report) = lowered_document(spec);
    let schemas = &doc["components"]["schemas"];
    let properties = &schemas["Room"]["properties"];
    assert_eq!(properties["door"]["$ref"], "#/components/schemas/Door2");
    assert_eq!(properties["wall"]["$ref"], "#/components/schemas/Door2");
    assert_eq!(
        properties["far"]["$ref"],
        "#/components/schemas/Door2/properties/wide"
    );
    assert!(schemas["Room"].get("$defs").is_none());
    assert_eq!(schemas["Door"]["type"], "string");
    assert_says(&report, &["`#/components/schemas/Room/$defs/Door` is"]);
}

#[test]
fn webhooks_and_dialects_are_set_aside_and_told() {
    let mut spec = answering(json!({}), json!({}));
    spec.doc["webhooks"] = json!({ "roomSold": { "post": {} } });
    spec.doc["jsonSchemaDialect"] = "https://dialect.example/own".into();
    let (doc, report) = lowered_document(spec);
    assert!(doc.get("webhooks").is_none() && doc.get("jsonSchemaDialect").is_none());
    assert_eq!(doc["openapi"], "3.0.3");
    assert_says(&report, &["`roomSold`", "https://dialect.example/own"]);
}

#[test]
fn schemas_are_found_wherever_they_are() {
    let nullable = json!({ "type": ["string", "null"] });
    let parameter = json!({ "name": "schema", "in": "query", "schema": nullable });
    let mut spec = answering(json!({}), json!({ "example": nullable }));
    spec.doc["paths"]["/x"]["parameters"] = json!([parameter]);
    spec.doc["components"]["parameters"] = json!({ "example": parameter });
    spec.doc["x-mine"] = json!({ "schema": nullable });
    let (doc, _) = lowered_document(spec);
    for pointer in [
        "/paths/~1x/parameters/0/schema",
        "/components/parameters/example/schema",
        "/components/schemas/example",
    ] {
        assert_eq!(doc.pointer(pointer).unwrap()["type"], "string", "{pointer}");
    }
    assert_eq!(
        doc["x-mine"]["schema"], nullable,
        "not a part of the document"
    );
}

#[test]
fn a_3_0_document_stays_as_it_is() {
    let mut spec = answering(json!({ "const": 1 }), json!({}));
    let before = spec.clone();
    run(&mut spec, &mut Report::default());
    assert_eq!(spec, before);
}

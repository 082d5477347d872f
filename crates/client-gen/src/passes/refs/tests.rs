use serde_json::json;

use super::*;
use crate::testing::{ANSWER, answering, assert_says, refused, run as run_pass, spec};

fn settled(spec: &mut Spec) -> String {
    run_pass(spec, "", |spec, context| {
        run(spec, context)?;
        settle(spec, context);
        Ok(())
    })
    .unwrap()
}

#[test]
fn a_sub_path_becomes_a_component_that_both_places_name() {
    let mut spec = answering(
        json!({ "type": "array", "items": { "$ref": "#/components/schemas/A/properties/b" } }),
        json!({ "A": { "type": "object", "properties": { "b": { "type": "object", "properties": { "c": {} } } } } }),
    );
    settled(&mut spec);
    let items = spec.doc.pointer(&format!("{ANSWER}/items")).unwrap();
    assert_eq!(items["$ref"], "#/components/schemas/A.b");
    assert!(spec.schemas().unwrap()["A.b"]["properties"]["c"].is_object());
}

#[test]
fn what_is_shared_is_written_out_and_own_parameters_overrule() {
    let mut spec = spec(
        json!({ "/x": {
            "parameters": [{ "$ref": "#/components/parameters/P" }, { "name": "q", "in": "query", "description": "shared" }],
            "get": { "operationId": "g", "parameters": [{ "name": "q", "in": "query" }],
                "callbacks": { "c": {} }, "responses": { "200": { "$ref": "#/components/responses/R" } } },
        } }),
        json!({}),
    );
    spec.doc["components"]["parameters"] = json!({ "P": { "name": "p", "in": "header" } });
    spec.doc["components"]["responses"] = json!({ "R": { "description": "r", "headers": {} } });
    let report = settled(&mut spec);
    let operation = &spec.doc["paths"]["/x"]["get"];
    assert_eq!(
        operation["parameters"],
        json!([{ "name": "q", "in": "query" }, { "name": "p", "in": "header" }])
    );
    assert_eq!(operation["responses"]["200"], json!({ "description": "r" }));
    assert!(report.contains("callbacks"), "{report}");
    assert!(spec.doc["components"].get("responses").is_none());
}

#[test]
fn a_path_item_may_be_a_reference() {
    let mut spec = spec(
        json!({ "/x": { "$ref": "#/paths/~1y" }, "/y": { "get": {} } }),
        json!({}),
    );
    settled(&mut spec);
    assert_eq!(spec.operations().len(), 2);
}

#[test]
fn dangling_and_foreign_references_are_told_with_their_operation() {
    for (target, what) in [
        ("#/components/schemas/Gone", "does not exist"),
        ("other.json#/A", "another document"),
    ] {
        let mut spec = answering(json!({ "$ref": target }), json!({}));
        assert_says(
            &refused(&mut spec, "", run),
            &[what, target, "getX (GET /x)", ANSWER],
        );
    }
}

#[test]
fn a_property_called_example_hides_nothing() {
    let mut spec = answering(
        json!({ "properties": { "example": { "$ref": "#/gone" }, "$ref": { "type": "string" } } }),
        json!({}),
    );
    assert_says(&refused(&mut spec, "", run), &["/properties/example"]);
    // An example is a value: what looks like a reference in it is none.
    settled(&mut answering(
        json!({ "example": { "$ref": "#/gone" } }),
        json!({}),
    ));
}

#[test]
fn cycles_of_names_are_told() {
    let mut spec = answering(
        json!({ "$ref": "#/components/schemas/A" }),
        json!({ "A": { "allOf": [{ "$ref": "#/components/schemas/B" }] }, "B": { "$ref": "#/components/schemas/A" } }),
    );
    assert_says(
        &refused(&mut spec, "", run),
        &["A -> B -> A", "getX (GET /x)"],
    );
}

#[test]
fn mere_names_are_written_out_and_lists_of_themselves_stay() {
    let mut spec = answering(
        json!({ "properties": { "id": { "$ref": "#/components/schemas/Id" }, "tree": { "$ref": "#/components/schemas/Tree" } } }),
        json!({
            "Id": { "type": "string", "nullable": true },
            "Tree": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } },
            "Unused": { "type": "object" },
        }),
    );
    settled(&mut spec);
    let answer = spec.doc.pointer(ANSWER).unwrap();
    assert_eq!(
        answer["properties"]["id"],
        json!({ "type": "string", "nullable": true })
    );
    let left: Vec<&String> = spec.schemas().unwrap().keys().collect();
    assert_eq!(left, ["Tree"]);
}

#[test]
fn a_nullable_component_is_nullable_where_it_is_used() {
    let mut spec = answering(
        json!({ "properties": { "a": { "$ref": "#/components/schemas/A" } } }),
        json!({ "A": { "nullable": true, "properties": { "b": {} } } }),
    );
    settled(&mut spec);
    let property = spec.doc.pointer(&format!("{ANSWER}/properties/a")).unwrap();
    assert_eq!(
        *property,
        json!({ "nullable": true, "allOf": [{ "$ref": "#/components/schemas/A" }] })
    );
    assert!(spec.schemas().unwrap()["A"].get("nullable").is_none());
}

#[test]
fn fragments_are_decoded() {
    assert_eq!(percent_decoded("/a%7Bid%7D/%E4%B8%AD%"), "/a{id}/中%");
}

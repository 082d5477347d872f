//! Whatever a document says, the outcome is code that means it, or an error that says
//! which operation, where, what is wrong and what to do.

mod messages;
mod schemas;
#[path = "../support/mod.rs"]
mod support;

use serde_json::{Value, json};
use support::{
    assert_code, assert_refused, document, generated, generated_from, holding, json_answer,
    responding, taking,
};

#[test]
fn what_is_no_openapi_3_0_document() {
    for (text, words) in [
        ("openapi: 3.0.0", "this is not JSON"),
        ("{", "this is not JSON"),
        ("[]", "it has no `openapi` version"),
        ("{\"swagger\": \"2.0\"}", "it has no `openapi` version"),
        (
            "{\"openapi\": \"3.1.0\"}",
            "is OpenAPI 3.1.0; the generator reads 3.0",
        ),
        (
            "{\"openapi\": \"3.0.3\", \"info\": {}}",
            "lacks `info` or `paths`",
        ),
    ] {
        assert_refused(generated_from(text, "", ""), &[words]);
    }
}

#[test]
fn keys_that_stand_twice() {
    let twice = responding(json!({ "200": { "description": "once" } }))
        .to_string()
        .replace(
            "\"description\"",
            "\"description\":\"before\",\"description\"",
        );
    assert_refused(
        generated_from(&twice, "", ""),
        &[
            "`/paths/~1x/get/responses/200/description` stands there twice",
            "spec.json:1:",
        ],
    );
}

#[test]
fn references_that_lead_nowhere() {
    let place = "/paths/~1x/get/responses/200/content/application~1json/schema/properties/p";
    for (target, words) in [
        ("#/components/schemas/Gone", "which does not exist"),
        ("https://a.example/b.json", "another document"),
        ("#/info", "not below /components/schemas"),
    ] {
        let document = holding(json!({ "$ref": target }));
        assert_refused(
            generated(&document),
            &[words, target, "getX (GET /x)", place],
        );
    }
    let mut cycle = holding(json!({ "$ref": "#/components/schemas/A" }));
    cycle["components"]["schemas"] = json!({
        "A": { "$ref": "#/components/schemas/B" }, "B": { "$ref": "#/components/schemas/A" }
    });
    assert_refused(
        generated(&cycle),
        &["A -> B -> A", "getX (GET /x)", "/components/schemas/A"],
    );
    let mut circular = taking(json!([{ "$ref": "#/components/parameters/P" }]), None);
    circular["components"]["parameters"] = json!({ "P": { "$ref": "#/components/parameters/P" } });
    assert_refused(
        generated(&circular),
        &["leads back to itself", "postX (POST /x)", "/parameters/0"],
    );
}

#[test]
fn operations_that_would_be_one_method() {
    let with = |one: &str, other: &str| {
        let get = |id: &str| json!({ "get": { "operationId": id, "responses": {} } });
        document(json!({ "/a": get(one), "/b": get(other) }), json!({}))
    };
    assert_refused(
        generated(&with("same", "same")),
        &["`same` is used twice", "/paths/~1a/get", "/paths/~1b/get"],
    );
    assert_refused(
        generated(&with("listAll", "list_all")),
        &[
            "`list_all` is used twice",
            "list_all (GET /b)",
            "[operations]",
        ],
    );
    for id in ["new", "type", "获取列表", "post"] {
        assert_refused(
            generated(&with("fine", id)),
            &["cannot be a method name", "(GET /b)", "[operations]"],
        );
    }
    // Without an operationId the path gives the name.
    let unnamed = document(
        json!({ "/pets/{id}": { "get": {
        "parameters": [{ "name": "id", "in": "path", "schema": { "type": "string" } }], "responses": {}
    } } }),
        json!({}),
    );
    assert_code(&unnamed, &["pub async fn get_pets_id<"], &[]);
}

#[test]
fn overlays_and_names_that_are_for_nothing() {
    let document = responding(json!({})).to_string();
    let overlay = "overlay: 1.0.0\nactions:\n  - target: $.paths['/y']\n    description: Because.\n    remove: true\n";
    assert_refused(
        generated_from(&document, overlay, ""),
        &["matches nothing", "action 1"],
    );
    for names in [
        "[operations]\n\"getY\" = \"y\"",
        "[types]\n\"Y\" = \"Z\"",
        "[variants]\n\"Y.z\" = \"Z\"",
    ] {
        assert_refused(
            generated_from(&document, "", names),
            &["names nothing in the document", "delete the entry"],
        );
    }
}

#[test]
fn types_that_would_have_one_name_or_none() {
    let object = |property: &str| json!({ "type": "object", "properties": { property: {} } });
    let with = |schemas: Value| {
        let mut properties = json!({});
        for name in schemas.as_object().unwrap().keys() {
            properties[name] = json!({ "$ref": format!("#/components/schemas/{name}") });
        }
        let mut document = responding(
            json!({ "200": json_answer(json!({ "type": "object", "properties": properties })) }),
        );
        document["components"]["schemas"] = schemas;
        document
    };
    let two = with(json!({ "PetVo": object("a"), "PetDto": object("b") }));
    // The later ones get another name by rule, which the report lists.
    assert_code(&two, &["pub struct Pet ", "pub struct Pet2 "], &[]);
    assert_refused(
        generated(&with(json!({ "宠物": object("a") }))),
        &["cannot be a type name", "under [types]"],
    );
    assert_code(
        &with(json!({ "Vec": object("a") })),
        &["pub struct Vec2 "],
        &["pub struct Vec "],
    );
    let fields = holding(json!({ "type": "object", "properties": { "a-b": {}, "a_b": {} } }));
    assert_refused(
        generated(&fields),
        &["`a-b`", "`a_b`", "getX (GET /x)", "/properties/p"],
    );
    let schemas = with(
        json!({ "example": object("a"), "properties": object("$ref"), "items": object("example") }),
    );
    assert_code(
        &schemas,
        &[
            "pub struct Example",
            "pub struct Properties",
            "pub struct Items",
            "rename = \"$ref\"",
        ],
        &[],
    );
}

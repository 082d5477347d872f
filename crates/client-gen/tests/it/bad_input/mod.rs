//! Whatever a document says, the outcome is code that means it, or an error that says
//! which operation, where, what is wrong and what to do.

mod messages;
mod schemas;
use crate::support::{
    assert_code, assert_refused, document, generated, generated_from, holding, json_answer,
    responding, taking,
};
use serde_json::{Value, json};

#[test]
fn what_is_no_openapi_3_0_document() {
    for (text, words) in [
        ("openapi: 3.0.0", "this is not JSON"),
        ("{", "this is not JSON"),
        ("[]", "it has no `openapi` version"),
        ("{\"swagger\": \"1.2\"}", "it has no `openapi` version"),
        (
            "{\"openapi\": \"3.2.0\"}",
            "is OpenAPI 3.2.0; the generator reads 3.0 and 3.1",
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
    for (one, other, methods) in [
        ("same", "same", ["same", "same_op"]),
        ("listAll", "list_all", ["list_all", "list_all_op"]),
        ("fine", "new", ["fine", "new_op"]),
        ("fine", "type", ["fine", "type_"]),
        ("fine", "获取", ["fine", "u83b7_u53d6"]),
    ] {
        let methods = methods.map(|method| format!("pub async fn {method}<"));
        let methods: Vec<&str> = methods.iter().map(String::as_str).collect();
        assert_code(&with(one, other), &methods, &[]);
    }
    for (entry, words) in [
        ("new", "cannot be a method name"),
        ("other", "is used twice"),
    ] {
        let names = format!("[operations]\none = \"{entry}\"\ntwo = \"other\"");
        assert_refused(
            generated_from(&with("one", "two").to_string(), "", &names),
            &[words, "[operations]"],
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
        "[values]\n\"Y.z\" = \"Z\"",
        "[fields]\n\"Y.z\" = \"z\"",
        "[parameters]\n\"y.query.z\" = \"z\"",
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
    assert_code(
        &with(json!({ "宠物": object("a"), "Vec": object("b") })),
        &["pub struct U5ba0U7269 ", "pub struct VecModel "],
        &["pub struct Vec "],
    );
    let fields = holding(json!({ "type": "object", "properties": { "a-b": {}, "a_b": {} } }));
    assert_code(
        &fields,
        &["rename = \"a-b\"", "pub a_minus_b: ", "pub a_b: "],
        &["rename = \"a_minus_b\""],
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

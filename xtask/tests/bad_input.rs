//! Whatever a document says, the outcome is code that means it, or an error that says
//! which operation, where, what is wrong and what to do.

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
    assert_refused(
        generated(&two),
        &[
            "`Pet` is used twice, first at `PetVo`",
            "getX (GET /x)",
            "\"PetDto\" = \"…\"",
        ],
    );
    assert_refused(
        generated(&with(json!({ "宠物": object("a") }))),
        &["cannot be a type name", "under [types]"],
    );
    assert_refused(
        generated(&with(json!({ "Vec": object("a") }))),
        &["would hide the `Vec`"],
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

#[test]
fn answers_of_more_than_one_shape() {
    let (x, y) = (
        json_answer(json!({ "type": "object", "properties": { "x": {} } })),
        json_answer(json!({ "type": "object", "properties": { "y": {} } })),
    );
    for second in [y.clone(), json!({ "description": "" })] {
        let document = responding(json!({ "200": x, "201": second }));
        assert_refused(
            generated(&document),
            &[
                "several success answers",
                "getX (GET /x)",
                "/paths/~1x/get/responses",
            ],
        );
    }
    // What is no success takes no part.
    for status in ["400", "default", "5XX"] {
        let document = responding(json!({ "200": x, status: y }));
        assert_code(
            &document,
            &["ResponseValue<types::GetXResponse>", "pub x:"],
            &["pub y:"],
        );
    }
    assert_code(
        &responding(json!({ "200": { "description": "", "content": { "application/json": {} } } })),
        &["ResponseValue<::serde_json::Value>"],
        &[],
    );
    assert_code(
        &responding(json!({ "302": { "description": "" } })),
        &["ResponseValue<()>"],
        &[],
    );
}

#[test]
fn answers_that_are_no_json() {
    let stream = json!({ "description": "", "content": { "text/event-stream": {} } });
    let mut both = json_answer(json!({ "type": "object", "properties": { "x": {} } }));
    both["content"]["text/event-stream"] = json!({});
    let plain = json!({ "description": "", "content": { "image/png": {} } });
    let problem = json!({ "description": "", "content": { "application/problem+json": {} } });
    for responses in [
        json!({ "200": stream, "default": json_answer(json!({})) }),
        json!({ "200": stream }),
        json!({ "200": both }),
        json!({ "200": plain, "400": problem }),
    ] {
        assert_code(
            &responding(responses),
            &["ResponseValue<ByteStream>, Error<()>", "Reply::Raw"],
            &[],
        );
    }
}

#[test]
fn bodies() {
    for (content, words) in [
        (
            json!({ "application/json": {}, "text/plain": {} }),
            "can be `application/json` or `text/plain`",
        ),
        (
            json!({ "multipart/form-data": {} }),
            "`multipart/form-data`",
        ),
        (
            json!({ "application/merge-patch+json": {} }),
            "`application/merge-patch+json`",
        ),
        (json!({ "image/png": {} }), "`image/png`"),
        (json!({}), "no media type"),
    ] {
        assert_refused(
            generated(&taking(json!([]), Some(content))),
            &[words, "postX (POST /x)", "/requestBody/content"],
        );
    }
    let octets =
        json!({ "application/octet-stream": { "schema": { "type": "string", "maxLength": 3 } } });
    assert_code(
        &taking(json!([]), Some(octets)),
        &["B: Into<reqwest::Body>"],
        &[],
    );
    assert_code(
        &taking(json!([]), Some(json!({ "application/json": {} }))),
        &["body: &'a ::serde_json::Value"],
        &[],
    );
}

#[test]
fn parameters() {
    let string = json!({ "type": "string" });
    let parameter =
        |place: &str, name: &str| json!({ "name": name, "in": place, "schema": string });
    assert_refused(
        generated(&taking(json!([parameter("cookie", "c")]), None)),
        &["travels in a cookie", "postX (POST /x)", "/parameters/0"],
    );
    assert_refused(
        generated(&taking(
            json!([parameter("query", "a-b"), parameter("query", "aB")]),
            None,
        )),
        &["`a-b`", "`aB`", "the argument `a_b`", "/parameters/1"],
    );
    assert_refused(
        generated(&taking(json!([parameter("path", "id")]), None)),
        &["does not occur in the path"],
    );
    let path = document(
        json!({ "/x/{id}": { "get": { "operationId": "getX", "responses": {} } } }),
        json!({}),
    );
    assert_refused(
        generated(&path),
        &["`{id}`", "getX (GET /x/{id})", "/paths/~1x~1{id}/get"],
    );

    let mut all = taking(
        json!([
            parameter("header", "X-Trace"),
            { "name": "f", "in": "query", "style": "deepObject", "schema": { "properties": { "a": string } } },
            { "name": "csv", "in": "query", "explode": false, "schema": { "type": "array", "items": string } },
            { "name": "many", "in": "query", "schema": { "type": "array", "items": string } },
            { "name": "type", "in": "query", "schema": { "type": "string", "default": 3 } },
            { "name": "model", "in": "path", "required": false, "schema": string },
        ]),
        None,
    );
    all["paths"] = json!({ "/x/{model}:run": all["paths"]["/x"] });
    assert_code(
        &all,
        &[
            "\"X-Trace\"",
            "QueryParam::new(\"f[a]\", &f_a)",
            "csv: Option<&'a str>",
            "many: Option<&'a Vec<String>>",
            "type_: Option<&'a str>",
            "model: &'a str",
            "\"{}/x/{}:run\"",
        ],
        &[],
    );
}

#[test]
fn lists_of_values() {
    for values in [json!(["+", "-"]), json!(["1.0", "1-0"]), json!(["A", "a"])] {
        let document = holding(json!({ "type": "string", "enum": values }));
        assert_refused(
            generated(&document),
            &[
                "would be the variant",
                "under [variants]",
                "getX (GET /x)",
                "/properties/p",
            ],
        );
    }
    assert_refused(
        generated(&holding(json!({ "enum": ["a", 1] }))),
        &["no single type", "getX (GET /x)"],
    );
    assert_code(
        &holding(json!({ "enum": ["a", "a", null] })),
        &["pub p: Option<GetXResponseP>", "A = \"a\", }"],
        &[],
    );
    assert_code(
        &holding(json!({ "type": "integer", "enum": [1, 2] })),
        &["pub p: i64", "One of 1, 2."],
        &[],
    );
    for keyword in ["anyOf", "oneOf"] {
        let open =
            json!({ keyword: [{ "type": "string", "enum": ["tiktok"] }, { "type": "string" }] });
        assert_code(
            &holding(open),
            &["Tiktok = \"tiktok\"", "pub p: GetXResponseP"],
            &["Variant0", "flatten"],
        );
    }
}

#[test]
fn choices() {
    let object = |name: &str| json!({ "type": "object", "required": [name], "properties": { name: { "type": "string" } } });
    let tagged = |value: &str| json!({ "type": "object", "required": ["t"], "properties": { "t": { "type": "string", "enum": [value] }, value: {} } });
    let p = |schema: Value| holding(schema);
    assert_code(
        &p(
            json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] }),
        ),
        &["One(String)", "Many(Vec<String>)"],
        &[],
    );
    assert_code(
        &p(json!({ "anyOf": [{ "type": "string" }, { "type": "number" }] })),
        &["Text(String)", "Number(f64)"],
        &[],
    );
    assert_code(
        &p(json!({ "oneOf": [tagged("a"), tagged("b")] })),
        &["#[serde(tag = \"t\")]", "Unknown(serde_json::Value)"],
        &["Variant0"],
    );
    assert_code(
        &p(json!({ "oneOf": [object("a"), object("b")] })),
        &["#[serde(untagged)]", "A(types::GetXResponsePa)"],
        &[],
    );
    let overlap = |required: &str| json!({ "type": "object", "required": [required], "properties": { "a": { "type": "string" }, "b": { "type": "string" } } });
    assert_code(
        &p(json!({ "anyOf": [overlap("a"), overlap("b")] })),
        &["pub a: Option<String>", "pub b: Option<String>"],
        &["flatten", "subtype"],
    );
    assert_code(
        &p(json!({ "oneOf": [{ "type": "string" }, { "type": "null" }] })),
        &["pub p: Option<String>"],
        &[],
    );
    let unlike = json!({ "oneOf": [{ "type": "object", "properties": { "a": { "type": "string" } } }, { "type": "object", "properties": { "a": { "type": "integer" } } }] });
    assert_refused(
        generated(&p(unlike)),
        &[
            "cannot be told apart",
            "property `a`",
            "getX (GET /x)",
            "/properties/p",
        ],
    );

    let mut pets = p(
        json!({ "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }], "discriminator": { "propertyName": "kind" } }),
    );
    let pet = |more: &str| json!({ "type": "object", "properties": { "kind": { "type": "string" }, more: { "type": "string" } } });
    pets["components"]["schemas"] = json!({ "Cat": pet("lives"), "Dog": pet("tricks") });
    assert_code(
        &pets,
        &["#[serde(tag = \"kind\")]", "Dog(types::Dog)"],
        &["pub kind"],
    );
}

#[test]
fn objects_and_values() {
    let all = holding(json!({
        "type": "object",
        "required": ["null", "date", "one"],
        "additionalProperties": false,
        "properties": {
            "null": { "type": "string", "nullable": true },
            "date": { "type": "string", "format": "date-time" },
            "one": { "type": "integer", "minimum": 1, "format": "int32" },
            "short": { "type": "string", "maxLength": 3, "pattern": "^a" },
            "set": { "type": "array", "uniqueItems": true, "items": { "type": "string", "format": "uuid" } },
            "gen": { "type": "boolean", "default": "yes" },
            "中文": { "type": "string", "format": "byte" },
            "map": { "type": "object", "required": ["a"], "properties": { "a": {} }, "additionalProperties": { "type": "integer" } },
        }
    }));
    assert_code(
        &all,
        &[
            "pub null: Option<String>",
            "pub date: ::aitoearn_api::Timestamp",
            "pub one: i64",
            "pub short: Option<String>",
            "pub set: Vec<String>",
            "null_default",
            "pub gen_: Option<bool>",
            "pub 中文: Option<String>",
            "#[serde(flatten)] pub extra: ::std::collections::BTreeMap<String, i64>",
        ],
        &[
            "deny_unknown_fields",
            "NonZero",
            "uuid",
            "regress",
            "chrono",
        ],
    );
    let mut nullable = holding(json!({ "$ref": "#/components/schemas/N" }));
    nullable["components"]["schemas"] = json!({ "N": { "type": "object", "nullable": true, "properties": { "next": { "$ref": "#/components/schemas/N" } } } });
    assert_code(
        &nullable,
        &["pub p: Option<Box<N>>", "pub next: Option<Box<N>>"],
        &["NInner"],
    );
    let mut version = holding(json!({}));
    version["info"]["version"] = "一".into();
    assert_code(
        &version,
        &["fn api_version() -> &'static str { \"0\" }"],
        &[],
    );
    let mut head = holding(json!({}));
    head["paths"]["/x"] = json!({ "head": head["paths"]["/x"]["get"] });
    assert_refused(generated(&head), &["no method HEAD", "getX (HEAD /x)"]);
}

#[test]
fn what_progenitor_panics_on_names_operation_and_schema() {
    let inline = json!({ "type": "object", "properties": { "a": {} } });
    let rust = json!({ "x-rust-type": { "crate": "runtime", "version": "*", "path": "runtime::Envelope", "parameters": [inline] } });
    for (schema, words) in [
        (json!({ "type": "null" }), "invalid type: null"),
        (rust, "None"),
    ] {
        assert_refused(
            generated(&holding(schema)),
            &[
                "progenitor panicked",
                words,
                "the schema `GetXResponse`",
                "getX (GET /x)",
                "/components/schemas/GetXResponse",
            ],
        );
    }
    // What progenitor refuses without a place gets one, too.
    let path = document(
        json!({ "/x/{": { "get": { "operationId": "getX", "responses": {} } } }),
        json!({}),
    );
    assert_refused(
        generated(&path),
        &[
            "progenitor cannot take the operation",
            "getX (GET /x/{)",
            "/paths/~1x~1{/get",
        ],
    );
}

//! What values may be.

use serde_json::{Value, json};

use crate::support::{assert_code, assert_refused, document, generated, generated_from, holding};

#[test]
fn lists_of_values() {
    for (values, variants) in [
        (json!(["+", "-"]), ["Plus = \"+\"", "Minus = \"-\""]),
        (
            json!(["1.0", "1-0"]),
            ["V1_0 = \"1.0\"", "V1Minus0 = \"1-0\""],
        ),
        (json!(["A", "a"]), ["A = \"A\"", "AValue = \"a\""]),
    ] {
        let document = holding(json!({ "type": "string", "enum": values }));
        assert_code(&document, &variants, &[]);
    }
    assert_code(
        &holding(json!({ "enum": ["a", 1] })),
        &["pub p: ::serde_json::Value"],
        &[],
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

/// It is a struct wherever it is named, not a type to unwrap.
#[test]
fn a_component_that_is_an_object_or_null() {
    let berth = json!({ "type": "object", "properties": { "pier": { "type": "string" } } });
    let either = json!({ "anyOf": [berth, { "nullable": true, "enum": [null] }] });
    let mut document = holding(json!({ "$ref": "#/components/schemas/Berth" }));
    document["components"]["schemas"]["Berth"] = either;
    assert_code(
        &document,
        &["pub p: Option<Berth>", "pub pier: Option<String>"],
        &["Inner"],
    );
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
    assert_code(
        &p(unlike),
        &[
            "pub struct GetXResponseP(pub serde_json::Value)",
            "fn as_object(&self) -> Result<types::GetXResponsePObject",
            "fn from_branch1(",
        ],
        &["untagged"],
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
            "pub date: ::runtime::Timestamp",
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
}

#[test]
fn what_progenitor_panics_on_names_operation_and_schema() {
    // An overlay may name a Rust type, and get it wrong; a document may not.
    let rust = "overlay: 1.0.0\nactions:\n  - target: $..properties.p\n    description: Because.\n    update:\n      x-rust-type: { crate: runtime, version: '*', path: 'runtime::Envelope', parameters: [{ type: object, properties: { a: {} } }] }\n";
    assert_refused(
        generated_from(&holding(json!({})).to_string(), rust, ""),
        &[
            "progenitor panicked",
            "None",
            "the schema `GetXResponse`",
            "getX (GET /x)",
            "/components/schemas/GetXResponse",
        ],
    );
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

//! What is sent and answered.

use serde_json::json;

use crate::support::{
    assert_code, assert_refused, document, generated, json_answer, responding, taking,
};

#[test]
fn answers_of_more_than_one_shape() {
    let (x, y) = (
        json_answer(json!({ "type": "object", "properties": { "x": {} } })),
        json_answer(json!({ "type": "object", "properties": { "y": {} } })),
    );
    // With an envelope, whose refusals come under HTTP 200 as well.
    assert_refused(
        generated(&responding(json!({ "200": x, "201": y }))),
        &[
            "several success answers",
            "getX (GET /x)",
            "/paths/~1x/get/responses",
        ],
    );
    assert_code(
        &responding(json!({ "200": x, "204": { "description": "" } })),
        &["ResponseValue<Option<types::GetXResponse>>", "200..=299"],
        &[],
    );
    // What is no success takes no part.
    for status in ["400", "default", "5XX"] {
        let document = responding(json!({ "200": x, status: y }));
        assert_code(
            &document,
            &[
                "ResponseValue<types::GetXResponse>, Error<()>",
                "pub x:",
                "pub y:",
                "Refusals have a body",
            ],
            &[],
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
    assert_refused(
        generated(&taking(json!([]), Some(json!({})))),
        &["no media type", "postX (POST /x)", "/requestBody/content"],
    );
    for (content, code) in [
        (
            json!({ "text/plain": {}, "application/json": {} }),
            "__private::json(self.client.post(url), body.as_ref(), \"application/json\")",
        ),
        (
            json!({ "application/merge-patch+json": {} }),
            "\"application/merge-patch+json\"",
        ),
        (
            json!({ "image/png": {} }),
            "CONTENT_TYPE, ::reqwest::header::HeaderValue::from_static(\"image/png\")",
        ),
        (
            json!({ "multipart/form-data": { "schema": { "properties": { "type": { "type": "string", "format": "binary" } } } } }),
            "type_file: Option<::runtime::Upload>",
        ),
    ] {
        assert_code(&taking(json!([]), Some(content)), &[code], &[]);
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
        &["body: Option<&'a ::serde_json::Value>"],
        &[],
    );
}

#[test]
fn parameters() {
    let string = json!({ "type": "string" });
    let parameter =
        |place: &str, name: &str| json!({ "name": name, "in": place, "schema": string });
    let mut cookie = parameter("cookie", "c");
    cookie["required"] = true.into();
    assert_refused(
        generated(&taking(json!([cookie]), None)),
        &["travels in a cookie", "postX (POST /x)", "/parameters/0"],
    );
    assert_code(
        &taking(
            json!([parameter("query", "a-b"), parameter("query", "aB")]),
            None,
        ),
        &[
            "QueryParam::new(\"a-b\", &params.a_b)",
            "QueryParam::new(\"aB\", &params.a_b2)",
        ],
        &["\"a_b2\""],
    );
    // What is not in the path goes nowhere, and what is there is a text.
    assert_code(
        &taking(json!([parameter("path", "id")]), None),
        &["post_x<'a>(&'a self)"],
        &["{id}"],
    );
    let path = document(
        json!({ "/x/{id}": { "get": { "operationId": "getX", "responses": {} } } }),
        json!({}),
    );
    assert_code(&path, &["get_x<'a>(&'a self, id: &'a str)"], &[]);

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
            "QueryParam::new(\"f[a]\", &params.f_a)",
            "pub csv: Option<String>",
            "pub many: Option<Vec<String>>",
            "pub type_: Option<String>",
            "model: &'a str",
            "\"{}/x/{}:run\"",
        ],
        &[],
    );
}

//! What the tests beside the passes share: a document around a few lines.

use serde_json::{Value, json};

use crate::names::Names;
use crate::passes::Context;
use crate::problem::Result;
use crate::report::Report;
use crate::spec::Spec;

/// A document with these paths and components.
pub(crate) fn spec(paths: Value, schemas: Value) -> Spec {
    let doc = json!({
        "openapi": "3.0.3",
        "info": { "title": "Test", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    Spec::parse_ours(&doc.to_string(), "test.json").unwrap()
}

/// A document whose only operation, `GET /x` (`getX`), answers with this schema.
pub(crate) fn answering(schema: Value, schemas: Value) -> Spec {
    let answer =
        json!({ "description": "", "content": { "application/json": { "schema": schema } } });
    spec(
        json!({ "/x": { "get": { "operationId": "getX", "responses": { "200": answer } } } }),
        schemas,
    )
}

/// A document whose only operation, `POST /x` (`postX`), takes these parameters and this body.
pub(crate) fn taking(parameters: Value, body: Option<Value>) -> Spec {
    let mut operation = json!({
        "operationId": "postX", "parameters": parameters, "responses": { "204": { "description": "" } }
    });
    if let Some(content) = body {
        operation["requestBody"] = json!({ "content": content });
    }
    spec(json!({ "/x": { "post": operation } }), json!({}))
}

/// Where the answer of [`answering`] is.
pub(crate) const ANSWER: &str = "/paths/~1x/get/responses/200/content/application~1json/schema";

/// What holds for the vendor whose descriptions the tests beside the passes read.
pub(crate) const RULES: &str = r#"
[rules]
operation_suffixes = ["_v2"]
type_suffixes = ["Vo", "Dto"]
whole = ["size", "width"]
codes = "x-backend"

[rules.envelope]
code = "code"
message = "message"
data = "data"
more = ["requestId", "timestamp"]

[rules.credentials]
x-api-key = "ApiKey"
"#;

/// Runs one pass; what it reported comes back.
pub(crate) fn run(
    spec: &mut Spec,
    names: &str,
    pass: impl FnOnce(&mut Spec, &mut Context<'_>) -> Result<()>,
) -> Result<String> {
    let names = Names::parse(&format!("{names}{RULES}"), "names.toml").unwrap();
    let mut report = Report::default();
    let mut context = Context {
        names: &names,
        report: &mut report,
    };
    pass(spec, &mut context)?;
    Ok(report.render("test.json", "make it"))
}

/// Runs one pass that has to fail; its words come back.
pub(crate) fn refused(
    spec: &mut Spec,
    names: &str,
    pass: impl FnOnce(&mut Spec, &mut Context<'_>) -> Result<()>,
) -> String {
    run(spec, names, pass).unwrap_err().to_string()
}

/// Whether an error says all of these.
#[track_caller]
pub(crate) fn assert_says(problem: &str, all: &[&str]) {
    for words in all {
        assert!(problem.contains(words), "`{words}` is not in:\n{problem}");
    }
}

//! A small document, and what its requests look like.

use serde_json::{Value, json};

use crate::emit::Target;
use crate::generate::generate_overlaid;
use crate::names::Names;
use crate::report::Report;
use crate::testing::{assert_says, spec};

fn answer(schema: Value, example: Value) -> Value {
    json!({ "200": { "description": "", "content": { "application/json": {
        "schema": schema, "examples": { "success": { "value": example } },
    } } } })
}

/// The files of a shop whose operations are these.
fn shop(paths: Value) -> (std::collections::BTreeMap<String, String>, String) {
    let schemas = json!({ "Kettle": {
        "type": "object", "required": ["id", "litres"],
        "properties": { "id": { "type": "string" }, "litres": { "type": "integer" } },
    } });
    let mut spec = spec(paths, schemas);
    spec.doc["info"]["x-client"] =
        json!({ "resources": { "kettles": { "docs": "What boils water." } } });
    let target = Target {
        runtime: "crate".to_owned(),
        source: "shop.json".to_owned(),
        command: "make it".to_owned(),
    };
    let generated =
        generate_overlaid(spec, Report::default(), &Names::default(), None, &target).unwrap();
    (generated.requests, generated.report)
}

#[test]
fn what_is_required_is_an_argument_and_what_is_optional_a_setter() {
    let kettle = json!({ "$ref": "#/components/schemas/Kettle" });
    let (files, _) = shop(json!({
        "/kettles/{kettleId}": { "post": {
            "operationId": "kettles_fill", "summary": "Fills a kettle",
            "description": "Fills a kettle, e.g. for tea. It boils by itself.",
            "parameters": [
                { "name": "kettleId", "in": "path", "required": true, "schema": { "type": "string" } },
                { "name": "degrees", "in": "query", "schema": { "type": "integer", "minimum": 20, "maximum": 100 } },
            ],
            "requestBody": { "required": true, "content": { "application/json": {
                "schema": { "type": "object", "required": ["litres"], "properties": {
                    "litres": { "type": "integer", "minimum": 1, "maximum": 3 },
                    "label": { "type": "string", "maxLength": 12, "description": "What is on it" },
                } },
                "example": { "litres": 2, "label": "green" },
            } } },
            "responses": answer(kettle, json!({ "id": "k-7", "litres": 2 })),
        } },
    }));
    let code = files["kettles.rs"].replace(char::is_whitespace, "");
    let file = &files["kettles.rs"];
    assert_says(
        file,
        &[
            "//! `client.kettles()`",
            "/// What boils water. Made by [`Client::kettles`](crate::Client::kettles).",
            "/// Fills a kettle, e.g. for tea.\n",
            "/// It boils by itself.\n",
            "Calls `POST /kettles/{kettleId}`. It has an effect",
            "`degrees` is not 20 to 100",
            "or `label` has more than\n///   12 characters.",
            "/// let kettle = client.kettles().fill(\"k-7\", 2).label(\"green\").await?;",
            "/// What is on it. At most 12 characters.",
        ]
        .map(|line| line.trim_end_matches('\n')),
    );
    for line in [
        "pub fn fill(&self, kettle_id: impl Into<String>, litres: u32) -> FillKettle {",
        "pub fn degrees(mut self, degrees: u32) -> Self {",
        "self.params.degrees = Some(degrees.into());",
        "pub fn label(mut self, label: impl Into<String>) -> Self {",
        "let kettle_id = input::path_segment(\"kettle_id\", kettle_id)?;",
        "input::range(\"litres\", &body.litres, 1..=3)?;",
        "if let Some(label) = &body.label { input::length(\"label\", label, 0..=12)?; }",
        "Box::pin(api.kettles_fill(kettle_id, params, body))",
        "debug_options!(FillKettle);",
    ] {
        let line = line.replace(char::is_whitespace, "");
        assert!(code.contains(&line), "{line}\n\n{file}");
    }
    assert_says(
        &files["mod.rs"].replace(char::is_whitespace, ""),
        &[
            "pubuseself::{kettles::{FillKettle,Kettles},};",
            "pubfnkettles(&self)->Kettles{",
        ],
    );
}

#[test]
fn pages_become_a_stream_and_a_new_controller_a_resource() {
    let kettles = json!({ "type": "object", "required": ["list", "page", "pageSize", "totalPages", "total"], "properties": {
        "list": { "type": "array", "items": { "$ref": "#/components/schemas/Kettle" } },
        "page": { "type": "integer" }, "pageSize": { "type": "integer" },
        "totalPages": { "type": "integer" }, "total": { "type": "integer" },
    } });
    let number = json!({ "type": "integer", "minimum": 1 });
    let (files, report) = shop(json!({
        "/kettles": { "get": {
            "operationId": "kettles_list",
            "parameters": [
                { "name": "page", "in": "query", "schema": number },
                { "name": "pageSize", "in": "query", "schema": number },
            ],
            "responses": answer(kettles, json!({})),
        } },
        "/kettles/song": { "get": {
            "operationId": "kettles_song", "x-client": { "by_hand": "it whistles" },
            "responses": { "204": { "description": "" } },
        } },
        "/mugs": { "delete": {
            "operationId": "MugsController_breakAll", "tags": ["Mugs"],
            "responses": { "204": { "description": "" } },
        } },
    }));
    assert_says(
        &files["kettles.rs"],
        &[
            "pub fn stream(self) -> Items<Kettle>",
            "Items::numbered(params.page.unwrap_or(1)",
        ],
    );
    assert!(!files["kettles.rs"].contains("song"));
    assert_says(
        &files["mugs.rs"],
        &[
            "pub fn break_all(&self) -> Request<()>",
            "client.mugs().break_all().await?;",
        ],
    );
    assert_says(
        &report,
        &[
            "`kettles_song` is written by hand: it whistles",
            "`mugs` is a resource by its controller's name alone",
        ],
    );
}

#[test]
fn a_document_without_facts_has_no_requests() {
    let target = Target {
        runtime: "crate".to_owned(),
        source: "shop.json".to_owned(),
        command: "make it".to_owned(),
    };
    let spec = spec(
        json!({ "/x": { "get": { "operationId": "x_get", "responses": { "204": { "description": "" } } } } }),
        json!({}),
    );
    let generated =
        generate_overlaid(spec, Report::default(), &Names::default(), None, &target).unwrap();
    assert!(generated.requests.is_empty() && !generated.report.contains("## requests"));
}

//! What several tests need.
#![allow(dead_code, reason = "each test file uses a part of it")]

use spec_diff::{Document, Finding, Options, Report, compare};

/// Parses, or shows why not.
pub(crate) fn parse(text: &str, name: &str) -> Document {
    Document::parse(text.as_bytes(), name).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

/// Compares two JSON documents with default options.
pub(crate) fn diff(old: &str, new: &str) -> Report {
    compare(
        &parse(old, "old.json"),
        &parse(new, "new.json"),
        &Options::default(),
    )
}

/// Each finding as `id @ place`.
pub(crate) fn lines(report: &Report) -> Vec<String> {
    report
        .findings()
        .iter()
        .map(|f| format!("{} @ {}", f.id(), f.place))
        .collect()
}

/// The only finding.
pub(crate) fn only(report: &Report) -> &Finding {
    assert_eq!(report.findings().len(), 1, "{:#?}", lines(report));
    &report.findings()[0]
}

/// A small API in which one schema is sent, received and refers to itself.
pub(crate) const PETS: &str = r##"{
  "openapi": "3.0.3",
  "info": {"title": "Pets", "version": "1"},
  "paths": {
    "/pets": {
      "get": {
        "operationId": "listPets",
        "parameters": [{"in": "query", "name": "limit", "schema": {"type": "integer"}}],
        "responses": {"200": {"description": "ok", "content": {"application/json": {"schema":
          {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}}}}}
      },
      "post": {
        "operationId": "addPet",
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
        "responses": {"201": {"description": "ok", "content": {"application/json": {"schema":
          {"$ref": "#/components/schemas/Pet"}}}}}
      }
    },
    "/pets/{petId}": {
      "get": {
        "operationId": "getPet",
        "parameters": [{"in": "path", "name": "petId", "required": true, "schema": {"type": "string"}}],
        "responses": {
          "200": {"description": "ok", "content": {"application/json": {"schema":
            {"$ref": "#/components/schemas/Pet"}}}},
          "404": {"description": "none", "content": {"application/json": {"schema":
            {"$ref": "#/components/schemas/Problem"}}}}
        }
      }
    }
  },
  "components": {"schemas": {
    "Pet": {
      "type": "object",
      "required": ["name"],
      "properties": {
        "name": {"type": "string", "description": "What it listens to"},
        "kind": {"type": "string", "enum": ["cat", "dog"]},
        "parent": {"$ref": "#/components/schemas/Pet"},
        "owner": {"$ref": "#/components/schemas/Owner"}
      }
    },
    "Owner": {"type": "object", "properties": {
      "email": {"type": "string"},
      "pets": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}
    }},
    "Problem": {"type": "object", "properties": {"message": {"type": "string"}}}
  }}
}"##;

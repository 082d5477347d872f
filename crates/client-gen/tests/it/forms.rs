//! One description in many forms: JSON and YAML, one file and several, 3.0, 3.1 and Swagger 2.0.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::sources;
use client_gen::generate::generate;
use tempfile::TempDir;

/// These files in a folder of their own.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// The code of a document, without the names of files that it was made from.
fn code(spec: &Path, refs_root: Option<&Path>) -> Result<BTreeMap<String, String>, String> {
    let mut sources = sources(spec);
    sources.refs_root = refs_root.map(Path::to_owned);
    let generated = generate(&sources).map_err(|problems| problems.to_string())?;
    let name = spec.display().to_string();
    let code = generated.code.into_iter();
    Ok(code
        .map(|(file, code)| (file, code.replace(&name, "")))
        .collect())
}

const ROOM: &str = r##"{ "type": "object", "required": ["seats"], "properties": {
    "seats": { "type": "integer", "minimum": 1, "exclusiveMinimum": true },
    "view": { "type": "string", "nullable": true, "enum": ["sea", "yard"] },
    "door": { "description": "Where it begins.", "allOf": [{ "$ref": "#/components/schemas/Door" }] } } }"##;
const DOOR: &str = r#"{ "type": "object", "properties": { "wide": { "type": "number" } } }"#;

fn one_file() -> String {
    format!(
        r##"{{ "openapi": "3.0.3", "info": {{ "title": "Inn", "version": "1.0" }}, "paths": {{ "/room": {{ "get": {{
    "operationId": "getRoom", "responses": {{ "200": {{ "description": "", "content": {{ "application/json": {{
        "schema": {{ "$ref": "#/components/schemas/Room" }} }} }} }} }} }} }} }},
    "components": {{ "schemas": {{ "Room": {ROOM}, "Door": {DOOR} }} }} }}"##
    )
}

const ROOT: &str = "openapi: 3.0.3
info: { title: Inn, version: 1.0 }
paths:
  /room: { $ref: paths/room.yaml }
";
const PATH: &str = "get:
  operationId: getRoom
  responses:
    200:
      description: ''
      content: { application/json: { schema: { $ref: '../parts/rooms.yaml#/Room' } } }
";

const IN_3_1: &str = r##"
openapi: 3.1.0
info: { title: Inn, version: "1.0" }
webhooks: { sold: { post: { responses: {} } } }
paths:
  /room:
    get:
      operationId: getRoom
      responses:
        "200":
          description: ""
          content: { application/json: { schema: { $ref: "#/components/schemas/Room" } } }
components:
  schemas:
    Room:
      type: object
      required: [seats]
      properties:
        seats: { type: integer, exclusiveMinimum: 1, examples: [4] }
        view: { type: [string, "null"], enum: [sea, yard, null] }
        door: { description: Where it begins., $ref: "#/$defs/Door" }
      $defs:
        Door: { type: object, properties: { wide: { type: number } } }
"##;

#[test]
fn every_form_is_the_same_code() {
    let parts = format!(
        "Room: {}\nDoor: {DOOR}",
        ROOM.replace("#/components/schemas/Door", "#/Door")
    );
    let files = folder(&[
        ("one.json", &one_file()),
        ("one.yaml", &one_file()),
        ("marked.json", &format!("\u{feff}{}", one_file())),
        ("three.yml", IN_3_1),
        ("several.yaml", ROOT),
        ("paths/room.yaml", PATH),
        ("parts/rooms.yaml", &parts),
    ]);
    let of = |name: &str| code(&files.path().join(name), None).unwrap();
    let expected = of("one.json");
    assert!(expected["types.rs"].contains("pub door: Option<Door>"));
    for name in ["one.yaml", "marked.json", "three.yml", "several.yaml"] {
        assert_eq!(of(name), expected, "{name}");
    }
}

#[test]
fn files_are_read_where_that_is_allowed() {
    let files = folder(&[
        (
            "api/inn.yaml",
            &ROOT.replace("paths/room.yaml", "../common/room.yaml"),
        ),
        (
            "common/room.yaml",
            &PATH.replace("../parts/rooms.yaml#/Room", "gone.yaml"),
        ),
    ]);
    let spec = files.path().join("api/inn.yaml");
    let outside = code(&spec, None).unwrap_err();
    assert!(
        outside.contains("is outside of") && outside.contains("--refs-root"),
        "{outside}"
    );
    let common = files.path().join("common");
    let gone = code(&spec, Some(&common)).unwrap_err();
    assert!(
        gone.contains("`$ref` to `gone.yaml`") && gone.contains("room.yaml:6:"),
        "{gone}"
    );
    fs::write(common.join("gone.yaml"), DOOR).unwrap();
    let types = code(&spec, Some(&common)).unwrap();
    assert!(types["types.rs"].contains("pub struct Gone"));
}

#[test]
fn swagger_2_0_is_read_as_what_it_means() {
    let files = folder(&[(
        "old.yaml",
        "swagger: '2.0'\ninfo: { title: Inn, version: '1' }\nproduces: [application/json]\npaths:
  /room: { get: { operationId: getRoom, responses: { 200: { description: '', schema: { $ref: '#/definitions/Door' } } } } }
definitions: { Door: { type: object, properties: { wide: { type: number } } } }",
    )]);
    let code = code(&files.path().join("old.yaml"), None).unwrap();
    assert!(code["client.rs"].contains("ResponseValue<types::Door>"));
}

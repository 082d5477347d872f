//! The generator's own words in a document: what a pass writes for a later one, and what only the
//! overlay may say.
//!
//! A document that says them would name types, files and methods itself.

use serde_json::Value;

use crate::pointer::escape;

/// Extensions that passes and overlays give a meaning.
const OURS: [&str; 33] = [
    "x-accept",
    "x-always",
    "x-at",
    "x-changes",
    "x-checks",
    "x-client",
    "x-codes",
    "x-deep",
    "x-enum",
    "x-envelope",
    "x-failures",
    "x-fractional",
    "x-given",
    "x-inline",
    "x-keep",
    "x-kept-lists",
    "x-limits",
    "x-name",
    "x-no-envelope",
    "x-none",
    "x-nulls",
    "x-operation-id",
    "x-original",
    "x-places",
    "x-raw",
    "x-redirect",
    "x-rust-type",
    "x-send",
    "x-server",
    "x-statuses",
    "x-text",
    "x-union",
    "x-variant",
];

/// Keywords whose members are names that somebody chose.
const MAPS: [&str; 19] = [
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "examples",
    "headers",
    "links",
    "mapping",
    "parameters",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
    "variables",
];

/// Keywords whose value is a value of the service, and not a part of the document.
const VALUES: [&str; 5] = ["const", "default", "enum", "example", "value"];

/// Takes these words out of a document; returns the pointers at which they were.
pub(crate) fn set_aside(document: &mut Value) -> Vec<String> {
    let mut found = Vec::new();
    look(document, "", false, &mut found);
    found
}

fn look(node: &mut Value, pointer: &str, is_map: bool, found: &mut Vec<String>) {
    match node {
        Value::Object(members) => {
            members.retain(|key, _| {
                let stays = is_map || !OURS.contains(&key.as_str());
                if !stays {
                    found.push(format!("{pointer}/{key}"));
                }
                stays
            });
            for (key, value) in members {
                let is_ours = |list: &[&str]| !is_map && list.contains(&key.as_str());
                if !is_ours(&VALUES) && (is_map || !key.starts_with("x-")) {
                    let inner = is_ours(&MAPS);
                    look(value, &format!("{pointer}/{}", escape(key)), inner, found);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                look(item, &format!("{pointer}/{index}"), false, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_of_ours_go_and_names_of_theirs_stay() {
        let mut document = json!({
            "info": { "x-client": { "resources": { "../../out": {} } }, "x-logo": 1 },
            "paths": { "/x-raw": { "get": {
                "x-raw": true,
                "parameters": [{ "name": "x-name", "schema": { "x-rust-type": { "path": "a::B" } } }],
                "responses": { "200": { "headers": { "x-limits": { "schema": { "x-at": "" } } } } },
            } } },
            "components": { "schemas": { "x-enum": {
                "properties": { "x-union": { "x-variant": "A", "type": "string" }, "value": { "x-name": "B" } },
                "example": { "x-codes": 1 },
                "x-enum-varnames": ["A"],
            } } },
        });
        assert_eq!(
            set_aside(&mut document),
            [
                "/info/x-client",
                "/paths/~1x-raw/get/x-raw",
                "/paths/~1x-raw/get/parameters/0/schema/x-rust-type",
                "/paths/~1x-raw/get/responses/200/headers/x-limits/schema/x-at",
                "/components/schemas/x-enum/properties/x-union/x-variant",
                "/components/schemas/x-enum/properties/value/x-name",
            ]
        );
        let left = document.to_string();
        for name in [
            "/x-raw", "x-name", "x-limits", "x-union", "x-codes", "x-logo",
        ] {
            assert!(left.contains(&format!("\"{name}\"")), "{name}: {left}");
        }
        assert_eq!(set_aside(&mut document), [""; 0]);
    }
}

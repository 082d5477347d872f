//! The vendored document: that it is the one that was vendored, and what is in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{assert_inventory, read};

fn document() -> Value {
    serde_json::from_str(&read("openapi/aitoearn.openapi.json")).expect("a JSON document")
}

/// Path, method and node of every operation.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, node) in item.as_object().expect("a path item") {
            all.push((path.clone(), method.to_uppercase(), node));
        }
    }
    all.sort_by(|(path, method, _), (other, with, _)| (path, method).cmp(&(other, with)));
    all
}

#[test]
fn the_vendored_document_is_the_one_that_source_toml_describes() {
    let source: toml::Table = toml::from_str(&read("openapi/source.toml")).unwrap();
    let text = read("openapi/aitoearn.openapi.json");
    let digest = Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
    let fix = "openapi/aitoearn.openapi.json was edited by hand or replaced: undo the edit, or run \
               `cargo xtask update openapi/aitoearn.openapi.json` and `cargo xtask generate`";
    assert_eq!(source["sha256"].as_str(), Some(digest.as_str()), "{fix}");
    let document = document();
    let count = |value: usize| Some(i64::try_from(value).unwrap());
    assert_eq!(
        source["operations"].as_integer(),
        count(operations(&document).len()),
        "{fix}"
    );
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert_eq!(
        source["schemas"].as_integer(),
        count(schemas.len()),
        "{fix}"
    );
}

#[test]
fn operations_of_the_document() {
    let document = document();
    let mut inventory = String::new();
    for (path, method, node) in operations(&document) {
        let _ = writeln!(
            inventory,
            "{method} {path}\n  {}",
            node["operationId"].as_str().unwrap_or("?")
        );
        for parameter in node["parameters"].as_array().into_iter().flatten() {
            let required = if parameter["required"] == true {
                ""
            } else {
                "?"
            };
            let _ = writeln!(
                inventory,
                "  {} {}{required}: {}",
                parameter["in"].as_str().unwrap_or("?"),
                parameter["name"].as_str().unwrap_or("?"),
                brief(&parameter["schema"])
            );
        }
        for (media_type, media) in content(&node["requestBody"]) {
            let _ = writeln!(
                inventory,
                "  sends {media_type}: {}",
                brief(&media["schema"])
            );
        }
        for (status, response) in node["responses"].as_object().into_iter().flatten() {
            for (media_type, media) in content(response) {
                let schema = &media["schema"];
                let payload = match schema["properties"].get("data") {
                    Some(data) => format!("envelope of {}", brief(data)),
                    None => brief(schema),
                };
                let _ = writeln!(inventory, "  {status} {media_type}: {payload}");
            }
        }
    }
    assert_inventory(
        "document_operations",
        "what upstream's operations take and answer",
        &inventory,
    );
}

#[test]
fn values_of_the_document() {
    let document = document();
    let mut lists: BTreeMap<String, usize> = BTreeMap::new();
    count_enums(&document["paths"], &mut lists);
    count_enums(&document["components"], &mut lists);
    let inventory = lists
        .iter()
        .fold(String::new(), |mut text, (values, places)| {
            let _ = writeln!(text, "{values} × {places}");
            text
        });
    assert_inventory("document_values", "upstream's lists of values", &inventory);
}

fn count_enums(node: &Value, lists: &mut BTreeMap<String, usize>) {
    match node {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::Array(values) if key == "enum" => {
                        let values: Vec<String> = values
                            .iter()
                            .map(|value| {
                                value
                                    .as_str()
                                    .map_or_else(|| value.to_string(), ToOwned::to_owned)
                            })
                            .collect();
                        *lists.entry(values.join(" | ")).or_default() += 1;
                    }
                    _ if key == "example" || key == "examples" => {}
                    _ => count_enums(value, lists),
                }
            }
        }
        Value::Array(array) => array.iter().for_each(|value| count_enums(value, lists)),
        _ => {}
    }
}

#[test]
fn codes_of_the_document() {
    let document = document();
    let mut by_code: BTreeMap<i64, (String, Vec<String>)> = BTreeMap::new();
    for (path, method, node) in operations(&document) {
        for code in node["x-aitoearn-backend"]["responseCodes"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let entry = by_code
                .entry(code["code"].as_i64().unwrap_or_default())
                .or_default();
            code["name"]
                .as_str()
                .unwrap_or("?")
                .clone_into(&mut entry.0);
            entry.1.push(format!("{method} {path}"));
        }
    }
    let inventory = by_code
        .iter()
        .fold(String::new(), |mut text, (code, (name, places))| {
            let _ = writeln!(text, "{code} {name}");
            for place in places {
                let _ = writeln!(text, "  {place}");
            }
            text
        });
    assert_inventory(
        "document_codes",
        "the result codes that upstream documents",
        &inventory,
    );
}

fn content(holder: &Value) -> impl Iterator<Item = (&String, &Value)> {
    holder["content"].as_object().into_iter().flatten()
}

/// A schema in a few words: enough to see that it changed, not what it means.
fn brief(schema: &Value) -> String {
    if let Some(target) = schema["$ref"].as_str() {
        return target.rsplit('/').next().unwrap_or(target).to_owned();
    }
    for keyword in ["oneOf", "anyOf", "allOf"] {
        if let Some(branches) = schema[keyword].as_array() {
            return format!(
                "{keyword}({})",
                branches.iter().map(brief).collect::<Vec<_>>().join(", ")
            );
        }
    }
    match schema["type"].as_str() {
        Some("array") => format!("[{}]", brief(&schema["items"])),
        Some("object") | None if schema["properties"].is_object() => {
            let required: Vec<&str> = schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            // Sorted: the order of keys says nothing, and depends on how serde_json was built.
            let mut members: Vec<String> = schema["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, property)| {
                    let mark = if required.contains(&name.as_str()) {
                        ""
                    } else {
                        "?"
                    };
                    format!("{name}{mark}: {}", brief(property))
                })
                .collect();
            members.sort();
            format!("{{{}}}", members.join(", "))
        }
        Some(kind) => kind.to_owned(),
        None => "any".to_owned(),
    }
}

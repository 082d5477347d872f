//! Made-up answers with every field that the document knows, because its examples leave many out.

use aitoearn_tests::document::{Document, entries};
use serde_json::{Map, Value, json};

use crate::changes::{is_code, is_moment, resolve};

/// How deep lists are filled: a schema may hold itself.
const DEPTH: usize = 10;

/// Answers that together show every branch of every union of a schema.
pub(crate) fn specimens(document: &Document, schema: &Value) -> Vec<Value> {
    let branches = most_branches(document, schema, 0);
    (0..branches)
        .map(|turn| specimen(document, schema, turn, 0))
        .collect()
}

/// A value of the schema; unions show the branch whose `turn` it is.
pub(crate) fn specimen(document: &Document, schema: &Value, turn: usize, depth: usize) -> Value {
    let schema = resolve(document, schema);
    if let Some(known) = schema["x-enum"].as_array() {
        return known[turn % known.len()]["value"].clone();
    }
    if let Some(branches) = schema["x-union"]["branches"].as_array() {
        let branch = &branches[turn % branches.len()];
        let mut value = specimen(document, &branch["schema"], turn, depth + 1);
        if let Some(tag) = schema["x-union"]["tag"].as_str() {
            value[tag] = branch["value"].clone();
        }
        return value;
    }
    if is_code(schema) {
        return json!(15082);
    }
    if is_moment(schema) {
        return json!("2026-05-18T09:45:00.000Z");
    }
    match schema["type"].as_str() {
        Some("object") => {
            let mut object = Map::new();
            for (name, declared) in entries(&schema["properties"]) {
                object.insert(name.clone(), specimen(document, declared, turn, depth + 1));
            }
            Value::Object(object)
        }
        Some("array") if depth < DEPTH => {
            json!([specimen(document, &schema["items"], turn, depth + 1)])
        }
        Some("array") => json!([]),
        Some("integer") => json!(3),
        Some("number") => json!(2.5),
        Some("boolean") => json!(true),
        // Texts, and what can be anything.
        _ => json!("text"),
    }
}

fn most_branches(document: &Document, schema: &Value, depth: usize) -> usize {
    if depth > DEPTH {
        return 1;
    }
    let schema = resolve(document, schema);
    let own = schema["x-union"]["branches"].as_array().map_or(1, Vec::len);
    let below = schema["x-union"]["branches"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|branch| &branch["schema"])
        .chain(entries(&schema["properties"]).map(|(_, declared)| declared))
        .chain(schema.get("items"))
        .map(|below| most_branches(document, below, depth + 1));
    below.chain([own]).max().unwrap_or(1)
}

//! Keywords that OpenAPI reads in a way of its own.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::tree::Node;

/// The names that must be there in this direction.
pub(super) fn required(list: Node<'_>, hidden: &BTreeSet<String>) -> Json {
    let names: BTreeSet<&str> = list.items().filter_map(Node::str).collect();
    let names = names.into_iter().filter(|name| !hidden.contains(*name));
    names.collect::<Vec<_>>().into()
}

/// The type that the author of a schema without `type` meant, by the keywords it has.
pub(super) fn imply_type(node: Node<'_>, out: &mut Map<String, Json>) {
    let says = |key: &str| node.get(key).is_some();
    if ["type", "allOf", "anyOf", "oneOf", "enum", "const", "$ref"]
        .iter()
        .any(|key| says(key))
    {
        return;
    }
    let implied = if says("properties") {
        "object"
    } else if says("items") {
        "array"
    } else if says("contentMediaType") {
        "string"
    } else {
        return;
    };
    out.insert("type".to_owned(), json!(implied));
}

/// What only 3.0 defines and later documents still write: `nullable`, and exclusive limits as flags.
pub(super) fn with_nullable(node: Node<'_>, mut out: Map<String, Json>) -> Map<String, Json> {
    for (limit, flag) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        match out.get(flag).and_then(Json::as_bool) {
            Some(true) => {
                let value = out.remove(limit);
                out.remove(flag);
                out.extend(value.map(|value| (flag.to_owned(), value)));
            }
            Some(false) => {
                out.remove(flag);
            }
            None => {}
        }
    }
    if node.get("nullable").and_then(Node::bool) != Some(true) {
        return out;
    }
    Map::from_iter([("anyOf".to_owned(), json!([out, { "type": "null" }]))])
}

//! What the keys of an object are: keywords, names, or plain data.

use crate::tree::{Node, Tree};

/// Keys whose object maps names of the author's choice to things.
const NAME_MAPS: [&str; 21] = [
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentRequired",
    "dependentSchemas",
    "encoding",
    "headers",
    "links",
    "mapping",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "securitySchemes",
    "webhooks",
    WEBHOOKS_3_0,
];

/// How documents of version 3.0, which has no `webhooks`, commonly write them.
pub(crate) const WEBHOOKS_3_0: &str = "x-webhooks";

/// Keys whose value is data, in which `$ref` means nothing.
const DATA: [&str; 7] = [
    "const", "default", "enum", "example", "examples", "scopes", "security",
];

/// What the keys of a node are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Context {
    /// Keywords of OpenAPI and JSON Schema.
    Keywords,
    /// Names of the author's choice.
    Names,
    /// Anything: the node is an example, a default or the like.
    Data,
}

/// The context of every node.
pub(crate) fn contexts(tree: &Tree) -> Vec<Context> {
    let mut all = vec![Context::Keywords; tree.len() as usize];
    // Parents have larger numbers than their children.
    for id in (0..tree.len()).rev() {
        let node = tree.node(id);
        if let Some(parent) = node.parent() {
            all[id as usize] = below(all[parent.id() as usize], node);
        }
    }
    all
}

fn below(parent: Context, node: Node<'_>) -> Context {
    let key = node.key();
    match (parent, key) {
        (Context::Data, _) => Context::Data,
        (Context::Keywords, Some(key)) if node.is_object() && NAME_MAPS.contains(&key) => {
            Context::Names
        }
        (Context::Keywords, Some(key)) if DATA.contains(&key) || key.starts_with("x-") => {
            Context::Data
        }
        _ => Context::Keywords,
    }
}

//! What the keys of an object are: keywords, names, or plain data.

use crate::tree::Tree;

/// Keys whose object maps names of the author's choice to things.
const NAME_MAPS: [&str; 23] = [
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
    SCHEMAS_OF_FILES,
    PARTS_OF_FILES,
];

/// How documents of version 3.0, which has no `webhooks`, commonly write them.
pub(crate) const WEBHOOKS_3_0: &str = "x-webhooks";

/// The root member that holds schemas of other files. As an extension, it does not count as content.
pub const SCHEMAS_OF_FILES: &str = "x-spec-diff-schemas";
/// The root member that holds what else is in other files.
pub const PARTS_OF_FILES: &str = "x-spec-diff-parts";

/// Keys whose value is data, in which `$ref` means nothing.
const DATA: [&str; 7] = [
    "const", "default", "enum", "example", "examples", "scopes", "security",
];

/// What the keys of a node are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
            all[id as usize] = below(all[parent.id() as usize], node.key(), node.is_object());
        }
    }
    all
}

/// The context of a node by that of the one that holds it.
pub(crate) fn below(parent: Context, key: Option<&str>, is_object: bool) -> Context {
    match (parent, key) {
        (Context::Data, _) => Context::Data,
        (Context::Keywords, Some(key)) if is_object && NAME_MAPS.contains(&key) => Context::Names,
        (Context::Keywords, Some(key)) if DATA.contains(&key) || key.starts_with("x-") => {
            Context::Data
        }
        _ => Context::Keywords,
    }
}

//! A document that is fit to be compared: OpenAPI 3.0, 3.1 or 3.2, or Swagger 2.0, with every `$ref` resolved.

use std::collections::HashMap;
use std::fmt;

use crate::bundle::{self, Load, Takes};
use crate::context::{self, Context};
use crate::error::Error;
use crate::escape::{SHOWN, shortened};
use crate::finding::Operation;
use crate::read;
use crate::refs;
use crate::tree::{Node, NodeId, Tree};
use crate::upgrade::upgrade;

/// The OpenAPI version of a document, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V3_0,
    V3_1,
}

/// An OpenAPI document, read and checked.
pub struct Document {
    name: String,
    tree: Tree,
    version: Version,
    contexts: Vec<Context>,
    /// Objects with a `$ref`, and where they lead in one step.
    refs: HashMap<NodeId, NodeId>,
    /// The same, and where they lead in the end: chains may have thousands of links.
    ends: HashMap<NodeId, NodeId>,
}

impl Document {
    /// Reads an OpenAPI 3.0, 3.1 or 3.2 document, or one of Swagger 2.0, in JSON or YAML.
    ///
    /// Swagger 2.0 is read as the OpenAPI 3.0 that means the same: pointers are those of 3.0, lines those of the text.
    ///
    /// `name` is what errors and reports call it, usually its path; `.yaml`, `.yml` or `.json` at its end
    /// helps to tell the two apart, otherwise the text decides.
    ///
    /// # Errors
    ///
    /// Broken JSON or YAML, with line and column; another version of OpenAPI; `$ref` to a place that does
    /// not exist, to another document ([`Document::parse_with`] follows these) or in a circle; more than 200 levels of
    /// nesting.
    pub fn parse(bytes: &[u8], name: &str) -> Result<Self, Error> {
        Self::read(bytes, name, None)
    }

    /// The same for a document that is spread over several files: `load` is asked for each file that a `$ref` names,
    /// once, and answers with its bytes or with a reason why not.
    ///
    /// What it is asked for is a path relative to the folder of the document, with `/` between its parts and without
    /// `.`. It may begin with `../`; what lies outside of where `load` should look, `load` must refuse. URLs and
    /// absolute paths are refused before. In reports, such a file has the folder of `name` before its path.
    ///
    /// ```
    /// use spec_diff::Document;
    ///
    /// let root = br#"{"openapi":"3.1.0","components":{"schemas":{"Pet":{"$ref":"pet.yaml"}}}}"#;
    /// let document = Document::parse_with(root, "api/openapi.json", &mut |path| match path {
    ///     "pet.yaml" => Ok(b"type: object".to_vec()),
    ///     _ => Err("there is no such file".to_owned()),
    /// });
    /// assert!(document.is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Document::parse`], in whichever file; what `load` refuses; more than 1,000 files beside the document
    /// or 256 MiB of them; Swagger 2.0 that refers to other files.
    pub fn parse_with(
        bytes: &[u8],
        name: &str,
        load: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Self, Error> {
        Self::read(bytes, name, Some(load))
    }

    fn read(bytes: &[u8], name: &str, load: Option<&mut Load<'_>>) -> Result<Self, Error> {
        let mut tree = read::read(bytes, name)?;
        let mut remedy = "bundle the documents into one first";
        let is_swagger = tree.root().get("swagger").and_then(Node::str) == Some("2.0");
        if is_swagger {
            remedy = "with Swagger 2.0, bundle the documents into one first, or write OpenAPI 3";
            tree = upgrade(&tree, name)?;
        }
        let version = version(&tree, name)?;
        let mut contexts = context::contexts(&tree);
        let mut found = refs::find(&tree, &contexts);
        let leads_out = found.iter().any(|(.., text)| !text.starts_with('#'));
        if let Some(load) = load.filter(|_| leads_out && !is_swagger) {
            tree = bundle::bundle(&tree, name, Takes::Objects, load)?;
            contexts = context::contexts(&tree);
            found = refs::find(&tree, &contexts);
        }
        let refs = refs::resolve(&tree, &found, name, remedy)?;
        let ends = refs::ends(&refs);
        Ok(Self {
            name: name.to_owned(),
            tree,
            version,
            contexts,
            refs,
            ends,
        })
    }

    /// The name given to [`Document::parse`].
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All operations under `paths` that carry one of these tags.
    pub fn operations_with_tags(&self, tags: &[String]) -> Vec<Operation> {
        let mut found = Vec::new();
        let paths = self.tree.root().get("paths").into_iter();
        for (path, item) in paths.flat_map(Node::members) {
            for (method, operation) in self.resolved(item).members() {
                let listed = operation.get("tags").into_iter().flat_map(Node::items);
                let mut listed = listed.filter_map(Node::str);
                if listed.any(|tag| tags.iter().any(|wanted| wanted == tag)) {
                    found.push(Operation {
                        path: shortened(path, SHOWN),
                        method: method.to_ascii_uppercase(),
                        webhook: false,
                    });
                }
            }
        }
        found
    }

    pub(crate) fn tree(&self) -> &Tree {
        &self.tree
    }

    pub(crate) fn version(&self) -> Version {
        self.version
    }

    pub(crate) fn contexts(&self) -> &[Context] {
        &self.contexts
    }

    /// All references: from, to.
    pub(crate) fn refs(&self) -> Vec<(Node<'_>, Node<'_>)> {
        let node = |id| self.tree.node(id);
        self.refs
            .iter()
            .map(|(&from, &to)| (node(from), node(to)))
            .collect()
    }

    /// Where the `$ref` of this object leads in one step, if it has one.
    pub(crate) fn target<'d>(&'d self, node: Node<'d>) -> Option<Node<'d>> {
        self.refs.get(&node.id()).map(|&to| self.tree.node(to))
    }

    /// The node itself, or what its `$ref` leads to in the end.
    pub(crate) fn resolved<'d>(&'d self, node: Node<'d>) -> Node<'d> {
        self.ends
            .get(&node.id())
            .map_or(node, |&end| self.tree.node(end))
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("name", &self.name)
            .field("version", &self.version)
            .field("nodes", &self.tree.len())
            .finish_non_exhaustive()
    }
}

fn version(tree: &Tree, name: &str) -> Result<Version, Error> {
    let root = tree.root();
    let fault = |node: Option<Node<'_>>, message: String| {
        Err(Error::new(name, node.map(Node::position), message))
    };
    if !root.is_object() {
        return fault(
            Some(root),
            "not an OpenAPI document: the top must be an object".to_owned(),
        );
    }
    if let Some(swagger) = root.get("swagger") {
        let message =
            "this version of Swagger is not supported: only \"2.0\" is, written as a text";
        return fault(Some(swagger), message.to_owned());
    }
    let Some(openapi) = root.get("openapi") else {
        return fault(
            None,
            "not an OpenAPI document: it has no `openapi` version".to_owned(),
        );
    };
    let version = match openapi.str() {
        Some(text) if is_minor(text, "3.0") => Version::V3_0,
        // What 3.2 adds to schemas are annotations.
        Some(text) if is_minor(text, "3.1") || is_minor(text, "3.2") => Version::V3_1,
        Some(text) => {
            return fault(
                Some(openapi),
                format!("OpenAPI {text} is not supported: only 3.0, 3.1 and 3.2 are"),
            );
        }
        None => {
            return fault(
                Some(openapi),
                "`openapi` must be a text such as \"3.0.3\"".to_owned(),
            );
        }
    };
    for key in ["paths", "webhooks", "components"] {
        if let Some(node) = root.get(key).filter(|n| !n.is_object()) {
            return fault(Some(node), format!("`{key}` must be an object"));
        }
    }
    Ok(version)
}

fn is_minor(text: &str, minor: &str) -> bool {
    text.strip_prefix(minor)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        Document::parse(text.as_bytes(), "d.json")
            .expect_err("must fail")
            .to_string()
    }

    #[test]
    fn other_versions_are_refused_by_name() {
        assert!(fault(r#"{"swagger":"1.2"}"#).contains("d.json:1:2: this version of Swagger"));
        assert!(fault(r#"{"openapi":"4.0.0"}"#).contains("OpenAPI 4.0.0 is not supported"));
        assert!(fault(r#"{"openapi":3.1}"#).contains("must be a text"));
        assert!(fault("{}").contains("no `openapi` version"));
        assert!(fault("[]").contains("must be an object"));
        assert!(fault(r#"{"openapi":"3.0.0","paths":[]}"#).contains("`paths` must be an object"));
    }

    #[test]
    fn references_must_lead_somewhere_inside() {
        let with = |schema: &str| {
            fault(&format!(
                r#"{{"openapi":"3.0.0","components":{{"schemas":{{"A":{schema}}}}}}}"#
            ))
        };
        assert!(
            with(r##"{"$ref":"#/components/schemas/B"}"##).contains("`#/components/schemas/B`")
        );
        assert!(with(r#"{"$ref":"other.json#/A"}"#).contains("another document"));
        assert!(with(r##"{"$ref":"#/components/schemas/A"}"##).contains("circle"));
    }

    #[test]
    fn refs_in_examples_are_data() {
        let text = r##"{"openapi":"3.0.0","components":{"schemas":{"A":{"example":{"$ref":"gone.json"},
            "properties":{"$ref":{"type":"string"}, "default":{"$ref":"#/components/schemas/A"}}}}}}"##;
        assert!(Document::parse(text.as_bytes(), "d.json").is_ok());
    }
}

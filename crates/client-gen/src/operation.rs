//! An operation of a document, and the methods that it may have.

use serde_json::Value;

use crate::pointer::escape;

/// The HTTP methods a path item can hold, in the order they are generated.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// One operation of the document.
#[derive(Debug, Clone, Copy)]
pub struct Operation<'a> {
    /// The path template.
    pub path: &'a str,
    /// The method, in lower case.
    pub method: &'a str,
    /// The operation object.
    pub node: &'a Value,
}

impl<'a> Operation<'a> {
    /// The operationId, or an empty string.
    pub fn id(&self) -> &'a str {
        self.node["operationId"].as_str().unwrap_or_default()
    }

    /// The operationId as upstream wrote it, whatever name it has by now.
    pub fn upstream_id(&self) -> &'a str {
        self.node["x-operation-id"]
            .as_str()
            .unwrap_or_else(|| self.id())
    }

    /// JSON pointer to the operation.
    pub fn pointer(&self) -> String {
        format!("/paths/{}/{}", escape(self.path), self.method)
    }

    /// Method and path, such as `GET /pets`.
    pub(crate) fn place(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    /// The operationId with method and path.
    pub(crate) fn label(&self) -> String {
        match self.upstream_id() {
            "" => self.place(),
            id => format!("{id} ({})", self.place()),
        }
    }
}

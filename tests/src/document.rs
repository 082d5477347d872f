//! Upstream's document, as data.

use aitoearn_api::operations;
use serde_json::{Map, Value};

/// The vendored document, as published.
pub const VENDORED: &str = include_str!("../../openapi/aitoearn.openapi.json");

/// What it no longer mentions and what stays true.
pub const KEPT: &str = include_str!("../../openapi/kept.yaml");

/// The overlay with our corrections to it.
pub const OVERLAY: &str = include_str!("../../openapi/overlay.yaml");

/// What the generator reads in the end: upstream's facts, corrected and named.
pub const LOWERED: &str = include_str!("../../openapi/lowered.openapi.json");

/// The examples of answers, with those that are kept of older descriptions: operation, name, value.
const EXAMPLES: &str = include_str!("../../crates/aitoearn-mock/data/examples.json");

/// An `OpenAPI` document.
#[derive(Debug)]
pub struct Document(pub Value);

/// One operation of a document.
#[derive(Debug, Clone, Copy)]
pub struct Operation<'a> {
    /// `operationId`.
    pub id: &'a str,
    /// HTTP method in capitals.
    pub method: &'a str,
    /// Path template.
    pub path: &'a str,
    /// The operation object.
    pub node: &'a Value,
}

/// One example of an answer.
#[derive(Debug, Clone)]
pub struct Example {
    /// The operation as the client knows it.
    pub operation: &'static aitoearn_api::Operation,
    /// Key of the example, such as `success` or `unauthorized401`.
    pub name: String,
    /// The whole body.
    pub body: Value,
}

impl Document {
    /// Reads one of the documents above.
    pub fn parse(text: &str) -> Self {
        Self(serde_json::from_str(text).expect("the document is JSON"))
    }

    /// All operations, in no particular order.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        let paths = self.0["paths"].as_object().expect("it has paths");
        paths.iter().flat_map(|(path, item)| {
            METHODS.iter().filter_map(move |(key, method)| {
                let node = item.get(key)?;
                Some(Operation {
                    id: node["operationId"].as_str()?,
                    method,
                    path,
                    node,
                })
            })
        })
    }

    /// What a schema says, references followed.
    pub fn resolve<'a>(&'a self, mut schema: &'a Value) -> &'a Value {
        while let Some(reference) = schema["$ref"].as_str() {
            let pointer = reference
                .strip_prefix('#')
                .expect("it points into the document");
            schema = self.0.pointer(pointer).expect(reference);
        }
        schema
    }
}

/// The examples of every operation's JSON answers.
///
/// Operations that the client does not know are left out: another test names them.
pub fn examples() -> Vec<Example> {
    let all: Value = serde_json::from_str(EXAMPLES).expect("the examples are JSON");
    let of = |known: &'static aitoearn_api::Operation| {
        let named: Vec<Example> = entries(&all[known.name])
            // A text is an event stream.
            .filter(|(_, body)| body.is_object())
            .map(|(name, body)| Example {
                operation: known,
                name: name.clone(),
                body: body.clone(),
            })
            .collect();
        named
    };
    operations::ALL.iter().copied().flat_map(of).collect()
}

impl Example {
    /// Whether it shows a call that succeeded.
    pub fn is_success(&self) -> bool {
        self.body["code"].as_i64().unwrap_or(0) == 0
    }
}

/// `accounts_list, success`.
impl std::fmt::Display for Example {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {}", self.operation.name, self.name)
    }
}

const METHODS: [(&str, &str); 5] = [
    ("get", "GET"),
    ("post", "POST"),
    ("put", "PUT"),
    ("patch", "PATCH"),
    ("delete", "DELETE"),
];

/// The entries of an object; none of anything else.
pub fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

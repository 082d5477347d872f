//! The document's examples: of answers, for mocks to give; of requests, for the docs.
//!
//! They are gathered before the passes drop them, and named by the operation's
//! Rust name, which only the passes know.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::misfit::{is_made_of_type_names, misfits};
use crate::spec::{Spec, entries};

/// The examples of a document, by the pointers of its operations.
#[derive(Debug, Default)]
pub struct Examples {
    /// Answers by their names; operations that have some.
    pub answers: BTreeMap<String, Map<String, Value>>,
    /// The first body of each operation that has one.
    pub requests: BTreeMap<String, Value>,
}

/// Gathers the examples of every operation.
pub fn collect(spec: &Spec) -> Examples {
    let mut examples = Examples::default();
    for operation in spec.operations() {
        let answers: Map<String, Value> = entries(&operation.node["responses"])
            .flat_map(|(_, response)| entries(&response["content"]))
            .flat_map(|(_, media)| {
                entries(&media["examples"]).map(move |(name, example)| (media, name, example))
            })
            .filter(|(media, _, example)| is_served(spec, media, &example["value"]))
            .filter_map(|(_, name, example)| Some((name.clone(), example.get("value")?.clone())))
            .collect();
        if !answers.is_empty() {
            examples.answers.insert(operation.pointer(), answers);
        }
        let body = entries(&operation.node["requestBody"]["content"]).find_map(|(_, media)| {
            let named = entries(&media["examples"]).find_map(|(_, example)| example.get("value"));
            named.or_else(|| media.get("example"))
        });
        if let Some(body) = body {
            examples.requests.insert(operation.pointer(), body.clone());
        }
    }
    examples
}

/// Whether a mock may answer with an example: one that contradicts its own schema teaches nothing.
fn is_served(spec: &Spec, media: &Value, value: &Value) -> bool {
    // An error carries `data: {}` whatever the type of `data` is.
    let is_error = value["code"].as_i64().is_some_and(|code| code != 0);
    is_error || (!is_made_of_type_names(value) && misfits(spec, &media["schema"], value).is_empty())
}

/// The answers by the names that the lowered document gives to operations.
pub fn by_name(lowered: &Spec, mut answers: BTreeMap<String, Map<String, Value>>) -> Value {
    let named: BTreeMap<String, Map<String, Value>> = lowered
        .operations()
        .iter()
        .filter_map(|operation| {
            let answers = answers.remove(&operation.pointer())?;
            Some((operation.id().to_owned(), answers))
        })
        .collect();
    named
        .into_iter()
        .map(|(name, answers)| (name, Value::Object(answers)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn examples_are_found_under_the_operations_rust_name() {
        let operation = json!({
            "operationId": "PetsController_list_v2",
            "responses": { "200": { "content": { "application/json": {
                "examples": { "success": { "value": { "code": 0 } }, "empty": {} }
            } } } }
        });
        let before = Spec::of(json!({ "paths": { "/pets": { "get": operation } } }));
        let mut after = before.clone();
        after.doc["paths"]["/pets"]["get"]["operationId"] = "pets_list".into();
        let found = by_name(&after, collect(&before).answers);
        assert_eq!(found, json!({ "pets_list": { "success": { "code": 0 } } }));
    }
}

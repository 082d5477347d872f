//! The document's examples of answers, for mocks to give.
//!
//! They are gathered before the passes drop them, and named by the operation's
//! Rust name, which only the passes know.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::misfit::{is_made_of_type_names, misfits};
use crate::spec::{Spec, entries};

/// Examples of every operation that has some, by its pointer.
pub fn collect(spec: &Spec) -> BTreeMap<String, Map<String, Value>> {
    spec.operations()
        .iter()
        .map(|operation| {
            let examples: Map<String, Value> = entries(&operation.node["responses"])
                .flat_map(|(_, response)| entries(&response["content"]))
                .flat_map(|(_, media)| {
                    entries(&media["examples"]).map(move |(name, example)| (media, name, example))
                })
                .filter(|(media, _, example)| is_served(spec, media, &example["value"]))
                .filter_map(|(_, name, example)| {
                    Some((name.clone(), example.get("value")?.clone()))
                })
                .collect();
            (operation.pointer(), examples)
        })
        .filter(|(_, examples)| !examples.is_empty())
        .collect()
}

/// Whether a mock may answer with an example: one that contradicts its own schema teaches nothing.
fn is_served(spec: &Spec, media: &Value, value: &Value) -> bool {
    // An error carries `data: {}` whatever the type of `data` is.
    let is_error = value["code"].as_i64().is_some_and(|code| code != 0);
    is_error || (!is_made_of_type_names(value) && misfits(spec, &media["schema"], value).is_empty())
}

/// The same by the names that the lowered document gives to operations.
pub fn by_name(lowered: &Spec, mut examples: BTreeMap<String, Map<String, Value>>) -> Value {
    let named: BTreeMap<String, Map<String, Value>> = lowered
        .operations()
        .iter()
        .filter_map(|operation| {
            let examples = examples.remove(&operation.pointer())?;
            Some((operation.id().to_owned(), examples))
        })
        .collect();
    named
        .into_iter()
        .map(|(name, examples)| (name, Value::Object(examples)))
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
        let before = Spec {
            doc: json!({ "paths": { "/pets": { "get": operation } } }),
        };
        let mut after = before.clone();
        after.doc["paths"]["/pets"]["get"]["operationId"] = "pets_list".into();
        let found = by_name(&after, collect(&before));
        assert_eq!(found, json!({ "pets_list": { "success": { "code": 0 } } }));
    }
}

//! The examples of the API's description, written here by the generator.

use std::sync::OnceLock;

use aitoearn_api::Operation;
use serde_json::Value;

const TEXT: &str = include_str!("../data/examples.json");

/// Name and body of every example of an operation, sorted by name.
pub(crate) fn of(operation: &Operation) -> Vec<(&'static str, &'static Value)> {
    static ALL: OnceLock<Value> = OnceLock::new();
    let all = ALL.get_or_init(|| serde_json::from_str(TEXT).unwrap_or_default());
    let mut examples: Vec<_> = all[operation.name]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, body)| (name.as_str(), body))
        .collect();
    examples.sort_unstable_by_key(|(name, _)| *name);
    examples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_examples() {
        for operation in aitoearn_api::operations::ALL {
            assert!(!of(operation).is_empty(), "{}", operation.name);
        }
    }
}

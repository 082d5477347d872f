//! The limits that a schema states.

use serde_json::Value;

use crate::passes::CHECKS;

/// The form that the service's database gives to its ids.
const OBJECT_ID: &str = "^[0-9a-fA-F]{24}$";

/// The limits of a schema, wherever the passes have put them.
pub(super) fn limits(schema: &Value) -> &Value {
    let schema = match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) if schema.get(CHECKS).is_none() => only,
        _ => schema,
    };
    schema.get(CHECKS).unwrap_or(schema)
}

/// Whether a value must have the form of a database's id.
pub(super) fn is_object_id(schema: &Value) -> bool {
    limits(schema)["pattern"] == OBJECT_ID
}

/// A pattern that nothing here checks.
pub(super) fn unchecked_pattern(schema: &Value) -> Option<&str> {
    limits(schema)["pattern"]
        .as_str()
        .filter(|pattern| *pattern != OBJECT_ID)
}

//! `type` as a list: null beside one kind, or a choice between kinds.

use serde_json::{Map, Value, json};

use super::Notes;
use crate::spec::elements;

/// Which kind of value a keyword is about.
const ABOUT: [(&str, &[&str]); 3] = [
    (
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
        ],
    ),
    ("array", &["items", "minItems", "maxItems", "uniqueItems"]),
    ("string", &["minLength", "maxLength", "pattern"]),
];

const OF_NUMBERS: [&str; 5] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

/// Settles a list of types; all other keywords are those of 3.0 already.
pub(super) fn settle(
    pointer: &str,
    object: &mut Map<String, Value>,
    is_branch: bool,
    notes: &mut Notes,
) {
    let mut kinds: Vec<String> = match object.get("type") {
        Some(Value::Array(kinds)) => {
            let kinds = kinds.iter().filter_map(Value::as_str);
            kinds.map(ToOwned::to_owned).collect()
        }
        Some(Value::String(kind)) if kind == "null" && !is_branch => vec![kind.clone()],
        _ => return,
    };
    notes.respelled += 1;
    let before = kinds.len();
    kinds.retain(|kind| kind != "null");
    if kinds.len() < before {
        object.insert("nullable".to_owned(), true.into());
    }
    if kinds.iter().any(|kind| kind == "number") {
        kinds.retain(|kind| kind != "integer");
    }
    kinds.dedup();
    let has_choice = ["$ref", "allOf", "anyOf", "oneOf"]
        .iter()
        .any(|keyword| object.contains_key(*keyword));
    match kinds.as_slice() {
        [] => {
            object.shift_remove("type");
            if !has_choice {
                notes.lose(pointer, "always null, so it is an open value");
            }
        }
        [only] => {
            object.insert("type".to_owned(), only.as_str().into());
        }
        _ if has_choice => {
            object.shift_remove("type");
            notes.lose(
                pointer,
                "the list of types beside a combination is not checked",
            );
        }
        several => {
            object.shift_remove("type");
            let branches: Vec<Value> = several.iter().map(|kind| branch(kind, object)).collect();
            for (_, keywords) in ABOUT {
                for keyword in keywords {
                    object.shift_remove(*keyword);
                }
            }
            for keyword in OF_NUMBERS
                .iter()
                .chain(&["format", "enum", "x-enum-varnames"])
            {
                object.shift_remove(*keyword);
            }
            object.insert("anyOf".to_owned(), branches.into());
        }
    }
}

/// What a schema says of one kind of value.
fn branch(kind: &str, schema: &Map<String, Value>) -> Value {
    let mut branch = json!({ "type": kind });
    let is_number = matches!(kind, "integer" | "number");
    let own = ABOUT.iter().find(|(of, _)| *of == kind);
    let own = own.map_or(&[][..], |(_, keywords)| *keywords).iter();
    let numbers = OF_NUMBERS.iter().filter(|_| is_number);
    for keyword in own.chain(numbers) {
        if let Some(value) = schema.get(*keyword) {
            branch[*keyword] = value.clone();
        }
    }
    if kind == "array" && !schema.contains_key("items") {
        branch["items"] = json!({});
    }
    if let Some(format) = schema.get("format").and_then(Value::as_str) {
        let of_numbers = ["int", "uint", "float", "double", "decimal"];
        if of_numbers.iter().any(|it| format.starts_with(it)) == is_number
            && (is_number || kind == "string")
        {
            branch["format"] = format.into();
        }
    }
    if let Some(values) = schema.get("enum") {
        let fits = |value: &&Value| match kind {
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "array" => value.is_array(),
            _ => value.is_object(),
        };
        let values: Vec<Value> = elements(values).filter(fits).cloned().collect();
        if !values.is_empty() && !matches!(kind, "array" | "object") {
            branch["enum"] = values.into();
        }
    }
    branch
}

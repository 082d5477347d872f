//! Every place of a document that holds a string: the values, and the keys that name something.

use serde_json::{Map, Value};

/// A string in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Pointer of the value, or of the member whose key it is.
    pub(crate) pointer: String,
    /// Whether it is the key.
    pub(crate) is_key: bool,
}

/// All of them, found by walking.
pub(crate) fn places(document: &Value) -> Vec<Place> {
    let mut found = Vec::new();
    walk(document, "", &mut found);
    found
}

fn walk(node: &Value, pointer: &str, found: &mut Vec<Place>) {
    let mut add = |pointer: &str, is_key| {
        found.push(Place {
            pointer: pointer.to_owned(),
            is_key,
        });
    };
    match node {
        Value::String(_) => add(pointer, false),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{pointer}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (key, value) in members {
                let step = key.replace('~', "~0").replace('/', "~1");
                let below = format!("{pointer}/{step}");
                found.push(Place {
                    pointer: below.clone(),
                    is_key: true,
                });
                walk(value, &below, found);
            }
        }
        _ => {}
    }
}

/// Puts another string in a place.
pub(crate) fn put(document: &mut Value, place: &Place, text: &str) {
    if !place.is_key {
        if let Some(value) = document.pointer_mut(&place.pointer) {
            *value = text.into();
        }
        return;
    }
    let (holder, step) = place.pointer.rsplit_once('/').unwrap();
    let old = step.replace("~1", "/").replace("~0", "~");
    if let Some(Value::Object(members)) = document.pointer_mut(holder) {
        let renamed: Map<String, Value> = std::mem::take(members)
            .into_iter()
            .map(|(key, value)| {
                if key == old {
                    (text.to_owned(), value)
                } else {
                    (key, value)
                }
            })
            .collect();
        *members = renamed;
    }
}

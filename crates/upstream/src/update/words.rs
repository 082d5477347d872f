//! Our words in upstream's structure.
//!
//! The vendored document says in words of our own what upstream says in its. A new one is read for
//! its structure, so wherever both have words, ours stay: a night on which only upstream's words
//! changed changes nothing here. What is new comes in upstream's words, for somebody to reword.

use serde_json::Value;

/// Puts our words into a new document.
pub(super) fn keep(new: &mut Value, ours: &Value) {
    walk(new, ours, Inside::Structure);
}

#[derive(Clone, Copy)]
enum Inside {
    Structure,
    /// An object whose keys are names, such as `description`, and say nothing of what they hold.
    Names,
    /// All text is ours to word; numbers, such as codes, and keys are not.
    Words,
}

fn walk(new: &mut Value, ours: &Value, inside: Inside) {
    match (new, ours) {
        (Value::Object(new), Value::Object(ours)) => {
            for (key, value) in new {
                if let Some(ours) = ours.get(key) {
                    walk(value, ours, inside.at(key));
                }
            }
        }
        (Value::Array(new), Value::Array(ours)) => {
            for (index, item) in new.iter_mut().enumerate() {
                if let Some(ours) = counterpart(item, index, ours) {
                    walk(item, ours, inside);
                }
            }
        }
        (new @ Value::String(_), Value::String(_)) => {
            if let Inside::Words = inside {
                *new = ours.clone();
            }
        }
        _ => {}
    }
}

impl Inside {
    /// What the value of this key is.
    fn at(self, key: &str) -> Self {
        match (self, key) {
            (Self::Names, _) | (_, "$ref") => Self::Structure,
            (Self::Words, _) | (_, "description" | "summary" | "example" | "examples") => {
                Self::Words
            }
            (Self::Structure, "properties" | "schemas") => Self::Names,
            (Self::Structure, _) => Self::Structure,
        }
    }
}

/// Parameters and tags go by their names, everything else by its place.
fn counterpart<'a>(item: &Value, index: usize, ours: &'a [Value]) -> Option<&'a Value> {
    if item["name"].is_string() {
        let same = |it: &&Value| it["name"] == item["name"] && it["in"] == item["in"];
        ours.iter().find(same)
    } else {
        ours.get(index)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_stay_and_structure_comes() {
        let ours = json!({
            "description": "ours",
            "parameters": [
                { "name": "a", "in": "query", "description": "our a", "schema": { "type": "string" } },
            ],
            "properties": {
                "description": { "type": "string", "description": "our own" },
                "example": { "type": "string" },
            },
            "enum": ["x"],
            "examples": { "bad": { "summary": "ours", "value": { "code": 7, "message": "ours", "list": ["ours"] } } },
        });
        let mut new = json!({
            "description": "theirs",
            "parameters": [
                { "name": "b", "in": "query", "description": "their b" },
                { "name": "a", "in": "query", "description": "their a", "schema": { "type": "integer" } },
            ],
            "properties": {
                "description": { "type": "number", "description": "their own" },
                "example": { "type": "number" },
            },
            "enum": ["y"],
            "examples": { "bad": { "summary": "theirs", "value": { "code": 8, "message": "theirs", "more": "theirs", "list": ["theirs", "theirs"] } } },
        });
        keep(&mut new, &ours);
        let expected = json!({
            "description": "ours",
            "parameters": [
                { "name": "b", "in": "query", "description": "their b" },
                { "name": "a", "in": "query", "description": "our a", "schema": { "type": "integer" } },
            ],
            "properties": {
                "description": { "type": "number", "description": "our own" },
                "example": { "type": "number" },
            },
            "enum": ["y"],
            "examples": { "bad": { "summary": "ours", "value": { "code": 8, "message": "ours", "more": "theirs", "list": ["ours", "theirs"] } } },
        });
        assert_eq!(new, expected);
    }
}

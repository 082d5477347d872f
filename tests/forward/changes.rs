//! The changes that a newer server may make to an answer.

use aitoearn_tests::document::{Document, entries};
use serde_json::{Value, json};

use crate::specimen::specimen;

/// A field that the client does not know.
pub(crate) const NEW_FIELD: &str = "a new field";
/// A value of an enum that the client does not know.
pub(crate) const NEW_VALUE: &str = "a new value";
/// `null` for a field that is not required.
pub(crate) const NULL: &str = "null";
/// `null` for a list that is not required.
pub(crate) const NULL_LIST: &str = "null for a list";
/// A field that is not required is not there.
pub(crate) const MISSING: &str = "missing";
/// A whole number with a fraction, as some serializers write it.
pub(crate) const FRACTION: &str = "3.0";
/// A moment, written as some other program writes it.
pub(crate) const DATE: &str = "an odd date";
/// A tag of a union that the client does not know.
pub(crate) const NEW_SHAPE: &str = "a new shape";

pub(crate) const KINDS: [&str; 8] = [
    NEW_FIELD, NEW_VALUE, NULL, NULL_LIST, MISSING, FRACTION, DATE, NEW_SHAPE,
];

/// How programs write a moment: with an offset, with a blank, without seconds, without a time, as
/// mail does, not at all; in milliseconds and seconds since 1970.
fn dates() -> [Value; 9] {
    [
        json!("2026-05-18T17:45:00+08:00"),
        json!("2026-05-18 09:45:00"),
        json!("2026-05-18T09:45Z"),
        json!("2026-05-18"),
        json!("Mon, 18 May 2026 09:45:00 GMT"),
        json!(""),
        json!(1_779_097_500_000_i64),
        json!(1_779_097_500_000.0),
        json!(1_779_097_500),
    ]
}

/// One change, and the data after it.
pub(crate) struct Change {
    pub(crate) kind: &'static str,
    /// JSON pointer to what was changed.
    pub(crate) place: String,
    pub(crate) data: Value,
}

/// All changes to `data`, one at a time.
pub(crate) fn changes(document: &Document, schema: &Value, data: &Value) -> Vec<Change> {
    let mut walk = Walk {
        document,
        data,
        changes: Vec::new(),
    };
    walk.value(schema, data, "");
    walk.changes
}

struct Walk<'a> {
    document: &'a Document,
    data: &'a Value,
    changes: Vec<Change>,
}

impl Walk<'_> {
    /// Notes the change that `edit` makes to the value at `place`.
    fn change(&mut self, kind: &'static str, place: &str, edit: impl FnOnce(&mut Value)) {
        self.change_below(kind, place, place, edit);
    }

    /// The same where `edit` needs the object around the `place`.
    fn change_below(
        &mut self,
        kind: &'static str,
        around: &str,
        place: &str,
        edit: impl FnOnce(&mut Value),
    ) {
        let mut data = self.data.clone();
        edit(data.pointer_mut(around).expect("a place of the data"));
        self.changes.push(Change {
            kind,
            place: place.to_owned(),
            data,
        });
    }

    fn value(&mut self, schema: &Value, value: &Value, place: &str) {
        if value.is_null() {
            return;
        }
        let schema = resolve(self.document, schema);
        if let Some(known) = schema["x-enum"].as_array() {
            let new = match known[0]["value"] {
                Value::String(_) => json!("a value of tomorrow"),
                _ => json!(987_654),
            };
            self.change(NEW_VALUE, place, |value| *value = new);
            if value.is_i64() {
                self.fraction(value, place);
            }
        } else if schema.get("x-union").is_some() {
            self.union(&schema["x-union"], value, place);
        } else if schema["type"] == "integer" || is_code(schema) {
            self.fraction(value, place);
        } else if is_moment(schema) {
            for date in dates() {
                self.change(DATE, place, |value| *value = date);
            }
        } else if let Some(items) = value.as_array() {
            for (index, item) in items.iter().enumerate() {
                self.value(&schema["items"], item, &format!("{place}/{index}"));
            }
        } else if value.is_object() {
            self.object(schema, value, place);
        }
    }

    fn object(&mut self, schema: &Value, value: &Value, place: &str) {
        // A map's values have a type; a new field of anything else can be anything.
        let new = match &schema["additionalProperties"] {
            declared @ Value::Object(_) => specimen(self.document, declared, 0, 0),
            _ => json!({ "deep": [1, null, "x"] }),
        };
        self.change(NEW_FIELD, place, |object| object["aFieldOfTomorrow"] = new);
        for (name, declared) in entries(&schema["properties"]) {
            let inner = below(place, name);
            let present = value.get(name).unwrap_or(&Value::Null);
            let required = schema["required"]
                .as_array()
                .is_some_and(|required| required.iter().any(|required| required == name));
            if !required {
                let kind = match resolve(self.document, declared)["type"].as_str() {
                    Some("array") => NULL_LIST,
                    _ => NULL,
                };
                self.change_below(kind, place, &inner, |object| object[name] = Value::Null);
                if value.get(name).is_some() {
                    self.change_below(MISSING, place, &inner, |object| {
                        object.as_object_mut().expect("an object").remove(name);
                    });
                }
            }
            self.value(declared, present, &inner);
        }
        // A map: values without names of their own.
        if schema.get("properties").is_none() && schema["additionalProperties"].is_object() {
            for (name, value) in entries(value) {
                let inner = below(place, name);
                self.value(&schema["additionalProperties"], value, &inner);
            }
        }
    }

    fn union(&mut self, union: &Value, value: &Value, place: &str) {
        let branch = branch(union, value)
            .unwrap_or_else(|| panic!("`{place}` fits no branch of its union: {value}"));
        self.value(&branch["schema"], value, place);
        // A closed union stands in requests only, and is read back at most.
        if union["open"] == true {
            self.change(NEW_SHAPE, place, |value| {
                *value = match union["tag"].as_str() {
                    Some(tag) => json!({ tag: "a shape of tomorrow", "with": 1 }),
                    None => json!({ "aShapeOfTomorrow": [1] }),
                };
            });
        }
    }

    fn fraction(&mut self, value: &Value, place: &str) {
        let Some(integer) = value.as_f64() else {
            return;
        };
        // Written with `.0` by serde_json.
        self.change(FRACTION, place, |value| *value = json!(integer));
    }
}

/// The pointer to a field of the object at `place`.
fn below(place: &str, name: &str) -> String {
    format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// A schema without references and wrappers around a single one.
pub(crate) fn resolve<'a>(document: &'a Document, schema: &'a Value) -> &'a Value {
    let schema = document.resolve(schema);
    match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) => resolve(document, only),
        _ => schema,
    }
}

/// Whether this is a code of the service: a whole number that upstream declares as any.
pub(crate) fn is_code(schema: &Value) -> bool {
    schema["x-rust-type"]["path"] == "runtime::Code"
}

/// Whether this is a moment: a text that upstream declares as a date, or not at all.
pub(crate) fn is_moment(schema: &Value) -> bool {
    schema["x-rust-type"]["path"] == "runtime::Timestamp"
}

/// The branch of a lowered union that a value is.
fn branch<'a>(union: &'a Value, value: &Value) -> Option<&'a Value> {
    let branches = union["branches"].as_array()?;
    branches
        .iter()
        .find(|branch| match union["style"].as_str() {
            Some("tag") => {
                let tag = union["tag"].as_str().unwrap_or_default();
                value[tag] == branch["value"]
            }
            Some("key") => branch["key"]
                .as_str()
                .is_some_and(|key| value.get(key).is_some()),
            _ => match branch["schema"]["type"].as_str() {
                Some("string") => value.is_string(),
                Some("array") => value.is_array(),
                Some("object") => value.is_object(),
                Some("boolean") => value.is_boolean(),
                Some("number" | "integer") => value.is_number(),
                _ => false,
            },
        })
}

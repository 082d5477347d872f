//! What two descriptions of one thing say together.

use serde_json::{Map, Value, json};

use super::tolerant::LIMITS;
use crate::spec::{self, Spec, component_of, elements, entries, is_note, object_of};
use crate::walk::bare;

/// Keywords of which the later one counts: they are words, or restrictions that are not checked.
const LATER_COUNTS: [&str; 13] = [
    "deprecated",
    "description",
    "discriminator",
    "example",
    "externalDocs",
    "format",
    "maxProperties",
    "minProperties",
    "nullable",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
];

/// Puts what `part` demands on top of what is demanded already. Parts that disagree on a property
/// are an error.
pub(super) fn merge_schema(into: &mut Map<String, Value>, part: &Value) -> Result<(), String> {
    let mut merge = Merge::default();
    merge.schema(into, part)?;
    merge.disagreed.first().map_or(Ok(()), |name| {
        Err(format!("its parts disagree on the property `{name}`"))
    })
}

/// Merges schemas, with the components that they refer to.
#[derive(Default)]
pub(super) struct Merge<'a> {
    /// Where references lead.
    pub(super) spec: Option<&'a Spec>,
    /// The properties on which parts disagree; no value fits both, and so any value is read.
    pub(super) disagreed: Vec<String>,
}

impl Merge<'_> {
    pub(super) fn schema(
        &mut self,
        into: &mut Map<String, Value>,
        part: &Value,
    ) -> Result<(), String> {
        for (key, value) in entries(part) {
            match (key.as_str(), into.get_mut(key)) {
                (_, None) => {
                    into.insert(key.clone(), value.clone());
                }
                ("properties", Some(present)) => {
                    for (name, property) in entries(value) {
                        let merged = match present.get(name) {
                            Some(other) => self.both(other, property).unwrap_or_else(|| {
                                self.disagreed.push(name.clone());
                                json!({ "description": property["description"].as_str().unwrap_or_default() })
                            }),
                            None => property.clone(),
                        };
                        spec::object_of(present).insert(name.clone(), merged);
                    }
                }
                ("required", Some(Value::Array(present))) => {
                    for name in elements(value) {
                        if !present.contains(name) {
                            present.push(name.clone());
                        }
                    }
                }
                // A part that forbids what the others bring cannot have meant it.
                ("additionalProperties", Some(present)) if *present == Value::Bool(false) => {
                    *present = value.clone();
                }
                ("additionalProperties", Some(_)) if *value == Value::Bool(false) => {}
                (_, Some(present)) if present == value => {}
                ("additionalProperties", Some(present)) => {
                    *present = both_rests(present, value)
                        .ok_or("its parts disagree on `additionalProperties`")?;
                }
                ("items", Some(present)) => {
                    *present = self
                        .both(present, value)
                        .ok_or("its parts disagree on `items`")?;
                }
                ("enum", Some(present)) => {
                    let values: Vec<Value> = elements(present)
                        .filter(|it| elements(value).any(|other| other == *it))
                        .cloned()
                        .collect();
                    if values.is_empty() {
                        return Err("its parts have no value of `enum` in common".to_owned());
                    }
                    *present = values.into();
                }
                ("type", Some(present)) if is_whole_and_fraction(present, value) => {
                    *present = "integer".into();
                }
                (key, Some(present)) if LATER_COUNTS.contains(&key) || LIMITS.contains(&key) => {
                    *present = value.clone();
                }
                (key, Some(_)) if key.starts_with("x-") => {}
                (key, Some(_)) => return Err(format!("its parts disagree on `{key}`")),
            }
        }
        Ok(())
    }

    /// What two parts say of one value, the narrower where one is; nothing if no value fits.
    fn both(&mut self, earlier: &Value, later: &Value) -> Option<Value> {
        let words = |chosen: &Value| worded(chosen, later);
        if bare(earlier) == bare(later) || says_nothing(earlier) {
            return Some(later.clone());
        }
        if says_nothing(later) {
            return Some(words(earlier));
        }
        let (first, second) = (self.resolved(earlier), self.resolved(later));
        if let (Some(one), Some(other)) = (component(earlier), component(later)) {
            if one == other || self.inherits(&other, &one) {
                return Some(later.clone());
            }
            if self.inherits(&one, &other) {
                return Some(words(earlier));
            }
        }
        if is_open_object(&first) && is_object(&second) {
            return Some(later.clone());
        }
        if is_open_object(&second) && is_object(&first) {
            return Some(words(earlier));
        }
        if is_object(&first) && is_object(&second) {
            // Whoever merges these parts meets this one next.
            let mut whole = json!({ "allOf": [earlier, later] });
            if let Some(description) = later.get("description") {
                whole["description"] = description.clone();
            }
            return Some(whole);
        }
        let kind = |schema: &Value| schema["type"].clone();
        if is_whole_and_fraction(&kind(&first), &kind(&second)) {
            let is_later = kind(&second) == "integer";
            return Some(if is_later {
                later.clone()
            } else {
                words(earlier)
            });
        }
        if kind(&first) != kind(&second) || !kind(&first).is_string() {
            return None;
        }
        if kind(&first) == "array" {
            let items = self.both(&first["items"], &second["items"])?;
            let mut list = second.clone();
            list["items"] = items;
            return Some(list);
        }
        match (first["enum"].as_array(), second["enum"].as_array()) {
            (None, _) => Some(later.clone()),
            (Some(_), None) => Some(words(earlier)),
            (Some(one), Some(other)) if other.iter().all(|it| one.contains(it)) => {
                Some(later.clone())
            }
            (Some(one), Some(other)) if one.iter().all(|it| other.contains(it)) => {
                Some(words(earlier))
            }
            (Some(one), Some(other)) => {
                let common: Vec<Value> = one
                    .iter()
                    .filter(|it| other.contains(it))
                    .cloned()
                    .collect();
                let mut list = second.clone();
                list["enum"] = common.into();
                (list["enum"] != json!([])).then_some(list)
            }
        }
    }

    fn resolved(&self, schema: &Value) -> Value {
        let resolved = self.spec.map_or(schema, |spec| spec.resolve(schema));
        resolved.clone()
    }

    /// Whether a component is made of another one, however many are between them.
    fn inherits(&self, heir: &str, base: &str) -> bool {
        let Some(schemas) = self.spec.and_then(Spec::schemas) else {
            return false;
        };
        let mut seen = vec![heir.to_owned()];
        let mut at = 0;
        while let Some(schema) = seen.get(at).and_then(|name| schemas.get(name)) {
            let parts = elements(&schema["allOf"]).filter_map(component);
            let parts: Vec<String> = parts.filter(|part| !seen.contains(part)).collect();
            seen.extend(parts);
            at += 1;
        }
        seen.iter().skip(1).any(|name| name == base)
    }
}

/// A list of values says which there are; a choice beside it can only say which of them are not.
pub(super) fn prefer_list(schema: &mut Map<String, Value>) {
    let is_list = schema.get("enum").is_some_and(|values| {
        elements(values).next().is_some() && elements(values).all(|it| !it.is_object())
    });
    if is_list {
        for keyword in ["oneOf", "anyOf", "discriminator"] {
            schema.shift_remove(keyword);
        }
    }
}

fn component(schema: &Value) -> Option<String> {
    let inner = spec::unwrapped(schema).unwrap_or(schema);
    component_of(inner["$ref"].as_str()?)
}

fn says_nothing(schema: &Value) -> bool {
    entries(schema).all(|(key, _)| is_note(key) || key.starts_with("x-"))
}

fn is_object(schema: &Value) -> bool {
    schema["type"] == "object" || schema["properties"].is_object() || schema["allOf"].is_array()
}

fn is_open_object(schema: &Value) -> bool {
    schema["type"] == "object"
        && entries(schema).all(|(key, value)| match key.as_str() {
            "type" => true,
            "additionalProperties" => *value == Value::Bool(true),
            "properties" => entries(value).next().is_none(),
            key => is_note(key) || key.starts_with("x-"),
        })
}

/// What two say of members that are not listed; `true` and `{}` say nothing.
fn both_rests(earlier: &Value, later: &Value) -> Option<Value> {
    let is_open = |rest: &Value| *rest == Value::Bool(true) || says_nothing(rest);
    if is_open(earlier) {
        return Some(later.clone());
    }
    is_open(later).then(|| earlier.clone())
}

fn is_whole_and_fraction(one: &Value, other: &Value) -> bool {
    *one == "integer" && *other == "number" || *one == "number" && *other == "integer"
}

/// A schema with the words of a later one.
fn worded(schema: &Value, later: &Value) -> Value {
    match later.get("description") {
        Some(description) if schema.get("$ref").is_some() => {
            json!({ "description": description, "allOf": [schema] })
        }
        Some(description) => {
            let mut schema = schema.clone();
            object_of(&mut schema).insert("description".to_owned(), description.clone());
            schema
        }
        None => schema.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::spec;

    /// The property `p` of two parts, and whether they disagree on it.
    fn merged(earlier: Value, later: Value) -> (Value, bool) {
        let pet = json!({ "type": "object", "properties": { "name": { "type": "string" } } });
        let cat = json!({ "allOf": [{ "$ref": "#/components/schemas/Pet" }, { "properties": { "lives": {} } }] });
        let spec = spec(
            json!({}),
            json!({ "Pet": pet, "Cat": cat, "Kind": { "type": "string", "enum": ["a", "b"] } }),
        );
        let mut merge = Merge {
            spec: Some(&spec),
            ..Merge::default()
        };
        let mut whole = Map::new();
        for part in [earlier, later] {
            merge
                .schema(&mut whole, &json!({ "properties": { "p": part } }))
                .unwrap();
        }
        (
            whole["properties"]["p"].clone(),
            !merge.disagreed.is_empty(),
        )
    }

    fn reference(name: &str) -> Value {
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    #[test]
    fn the_narrower_counts_whichever_comes_first() {
        let text = json!({ "type": "string" });
        let list = json!({ "type": "string", "enum": ["a"] });
        let object = json!({ "type": "object" });
        let whole = json!({ "type": "integer" });
        for (one, other, narrower) in [
            (text.clone(), list.clone(), list.clone()),
            (reference("Kind"), list.clone(), list.clone()),
            (json!({ "type": "number" }), whole.clone(), whole),
            (object, reference("Pet"), reference("Pet")),
            (reference("Pet"), reference("Cat"), reference("Cat")),
            (json!({}), text.clone(), text),
        ] {
            assert_eq!(
                merged(one.clone(), other.clone()),
                (narrower.clone(), false)
            );
            assert_eq!(merged(other, one), (narrower, false));
        }
        let list = |values: Value| json!({ "type": "string", "enum": values });
        assert_eq!(
            merged(list(json!(["a", "b"])), list(json!(["b", "c"]))),
            (list(json!(["b"])), false)
        );
    }

    #[test]
    fn a_list_needs_no_choice() {
        let mut schema =
            json!({ "type": "integer", "enum": [3], "oneOf": [{ "enum": [3] }, { "enum": [4] }] });
        prefer_list(object_of(&mut schema));
        assert_eq!(schema, json!({ "type": "integer", "enum": [3] }));
    }

    #[test]
    fn two_objects_are_parts_of_one() {
        let more = json!({ "type": "object", "properties": { "x": {} }, "description": "More." });
        assert_eq!(
            merged(reference("Pet"), more.clone()),
            (
                json!({ "allOf": [reference("Pet"), more], "description": "More." }),
                false
            )
        );
    }

    #[test]
    fn where_no_value_fits_any_is_read_and_told() {
        let (open, disagrees) = merged(
            json!({ "type": "string" }),
            json!({ "type": "boolean", "description": "Odd." }),
        );
        assert_eq!((open, disagrees), (json!({ "description": "Odd." }), true));
        let part = |kind: &str| json!({ "properties": { "p": { "type": kind } } });
        let mut whole = Map::new();
        merge_schema(&mut whole, &part("string")).unwrap();
        let error = merge_schema(&mut whole, &part("boolean")).unwrap_err();
        assert_eq!(error, "its parts disagree on the property `p`");
    }
}

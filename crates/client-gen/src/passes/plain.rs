//! `plain`: keywords that say nothing where they stand go, and those that are no keywords.
//!
//! progenitor panics on a `format` of an object, and takes no document in which `required` is `true`.

use serde_json::{Map, Value, json};

use super::Context;
use super::merge::prefer_list;
use crate::spec::{Spec, elements, object_of};
use crate::walk;

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) {
    context.report.section(
        "plain",
        "Keywords that say nothing where they stand, or are not what a keyword can be.",
    );
    let mut lines = Vec::new();
    walk::for_each_schema_mut(&mut spec.doc, &mut |pointer, schema| {
        if !schema.is_object() {
            if *schema != Value::Bool(true) {
                lines.push(format!("`{pointer}` is no schema, so it is an open value"));
            }
            *schema = json!({});
            return;
        }
        let object = object_of(schema);
        // As a branch of a choice it says that the whole may be null.
        let is_branch = pointer
            .rsplit_once('/')
            .is_some_and(|(holder, _)| holder.ends_with("/oneOf") || holder.ends_with("/anyOf"));
        if !is_branch && object.get("type").is_some_and(|kind| kind == "null") {
            object.shift_remove("type");
            object.insert("nullable".to_owned(), true.into());
            lines.push(format!("`{pointer}`: always null, so it is an open value"));
        }
        let mut gone = misspelled(object);
        gone.extend(out_of_place(object));
        prefer_list(object);
        for keyword in gone {
            lines.push(format!(
                "`{pointer}`: `{keyword}` says nothing here, and is left out"
            ));
        }
        if let Some(names) = members_without_schema(object) {
            lines.push(format!(
                "`{pointer}`: what is required and not described is an open value: {}",
                names.join(", ")
            ));
        }
    });
    for line in lines {
        context.report.line(line);
    }
}

/// Keywords with a value of the wrong kind.
fn misspelled(object: &mut Map<String, Value>) -> Vec<String> {
    let mut gone = Vec::new();
    object.retain(|key, value| {
        let is_fit = match key.as_str() {
            "properties" => value.is_object(),
            "allOf" | "anyOf" | "oneOf" | "enum" => value.is_array(),
            "required" => value
                .as_array()
                .is_some_and(|all| all.iter().all(Value::is_string)),
            "type" => value
                .as_str()
                .is_some_and(|it| TYPES.contains(&it) || it == "null"),
            "description" | "format" | "pattern" | "title" => value.is_string(),
            "nullable" | "readOnly" | "writeOnly" | "deprecated" | "uniqueItems"
            | "exclusiveMinimum" | "exclusiveMaximum" => value.is_boolean(),
            "minimum" | "maximum" | "multipleOf" => value.is_number(),
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
            | "maxProperties" => value.is_u64(),
            "additionalProperties" => value.is_boolean() || value.is_object(),
            "discriminator" => value["propertyName"].is_string(),
            // All that fits still fits, and more: nobody checks what is sent or received.
            "not" => false,
            _ => true,
        };
        if !is_fit {
            gone.push(key.clone());
        }
        is_fit
    });
    gone
}

fn out_of_place(object: &mut Map<String, Value>) -> Vec<String> {
    let mut gone = Vec::new();
    let kind = object.get("type").and_then(Value::as_str);
    if object.contains_key("format") && !matches!(kind, Some("string" | "integer" | "number")) {
        object.shift_remove("format");
        gone.push("format".to_owned());
    }
    let kind = object.get("type").and_then(Value::as_str);
    if kind == Some("array") && !object.contains_key("items") {
        object.insert("items".to_owned(), json!({}));
    }
    gone
}

/// An object of which only the names of some members are known; returns these.
fn members_without_schema(object: &mut Map<String, Value>) -> Option<Vec<String>> {
    let is_object = object.get("type").is_some_and(|kind| kind == "object");
    let has_more = [
        "properties",
        "additionalProperties",
        "allOf",
        "anyOf",
        "oneOf",
    ];
    if !is_object || has_more.iter().any(|keyword| object.contains_key(*keyword)) {
        return None;
    }
    let names: Vec<String> = elements(object.get("required")?)
        .filter_map(Value::as_str)
        .map(ToOwned::to_owned)
        .collect();
    let properties: Map<String, Value> =
        names.iter().map(|name| (name.clone(), json!({}))).collect();
    if properties.is_empty() {
        return None;
    }
    object.insert("properties".to_owned(), properties.into());
    Some(names.iter().map(|name| format!("`{name}`")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ANSWER, answering, assert_says, run as run_pass};

    fn plain(schema: Value) -> (Value, String) {
        let mut spec = answering(schema, json!({}));
        let report = run_pass(&mut spec, "", |spec, context| {
            run(spec, context);
            Ok(())
        });
        (spec.doc.pointer(ANSWER).unwrap().clone(), report.unwrap())
    }

    #[test]
    fn what_says_nothing_goes_and_is_told() {
        for (schema, left, keyword) in [
            (
                json!({ "type": "object", "format": "map" }),
                json!({ "type": "object" }),
                "format",
            ),
            (json!({ "format": "uri" }), json!({}), "format"),
            (
                json!({ "type": "string", "required": true }),
                json!({ "type": "string" }),
                "required",
            ),
            (
                json!({ "type": "text", "nullable": "yes" }),
                json!({}),
                "nullable",
            ),
            (
                json!({ "type": "string", "not": { "enum": ["a"] } }),
                json!({ "type": "string" }),
                "not",
            ),
        ] {
            let (found, report) = plain(schema);
            assert_eq!(found, left);
            assert_says(
                &report,
                &[&format!("`{keyword}` says nothing here"), ANSWER],
            );
        }
        let fine =
            json!({ "type": "integer", "format": "int64", "minimum": 0, "exclusiveMinimum": true });
        assert_eq!(plain(fine.clone()).0, fine);
        assert_eq!(plain(json!({ "type": "array" })).0["items"], json!({}));
        assert_eq!(plain(json!(3)).0, json!({}));
        assert_eq!(
            plain(json!({ "type": "null" })).0,
            json!({ "nullable": true })
        );
    }

    #[test]
    fn a_member_may_be_required_and_not_described() {
        let (schema, report) = plain(json!({ "type": "object", "required": ["seat"] }));
        assert_eq!(schema["properties"], json!({ "seat": {} }));
        assert_says(&report, &["not described is an open value: `seat`"]);
        let map = json!({ "type": "object", "required": ["seat"], "additionalProperties": { "type": "string" } });
        assert_eq!(plain(map.clone()).0, map);
    }
}

//! `all_of`: an `allOf` becomes the one schema it describes.
//!
//! What stays is the wrapper: an `allOf` of a single reference, which carries a
//! description or `nullable` that the reference itself cannot.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Context;
use super::merge::{Merge, prefer_list};
use crate::problem::{Problems, Result};
use crate::spec::{Spec, component_of, elements, entries, escape, is_note, object_of, wrap};
use crate::walk;

/// How often a schema may be written out inside itself before it is said to have no end.
const DEEPEST: usize = 6;

/// Schemas that may be merged: each may bring others along, and those again others.
const MOST: usize = 5_000;

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context
        .report
        .section("all_of", "An `allOf` becomes the one schema it describes.");
    let before = spec.clone();
    let mut problems = Vec::new();
    let mut known = Known {
        merge: Merge {
            spec: Some(&before),
            ..Merge::default()
        },
        done: BTreeMap::new(),
    };
    let mut lines = Vec::new();
    let mut is_over = false;
    let mut merged: Vec<(String, Vec<String>)> = Vec::new();
    walk::for_each_schema_mut(&mut spec.doc, &mut |pointer, schema| {
        if schema.get("allOf").is_none() || is_over {
            return;
        }
        is_over = merged.len() >= MOST;
        let parts: Vec<String> = elements(&schema["allOf"])
            .filter_map(|part| Some(part["$ref"].as_str()?.to_owned()))
            .collect();
        let outer = merged.iter().filter(|(outer, other)| {
            pointer.starts_with(outer.as_str()) && other.iter().any(|part| parts.contains(part))
        });
        let replacement = if is_over {
            Err(format!(
                "there are more than {MOST} of them once all are written out"
            ))
        } else if outer.count() > DEEPEST {
            Err("it contains itself".to_owned())
        } else {
            one_schema(&before, schema, 0, &mut known)
        };
        match replacement {
            Ok(replacement) => {
                *schema = replacement;
                lines.extend(known.merge.disagreed.drain(..).map(|name| {
                    format!("`{pointer}`: no value fits all that the parts say of the property `{name}`, so any is read")
                }));
                merged.push((format!("{pointer}/"), parts));
            }
            Err(what) => problems.push(before.problem(
                pointer,
                format!("this `allOf` describes no single schema: {what}"),
                "add an overlay action that replaces it by one schema",
            )),
        }
    });
    for line in lines {
        context.report.line(line);
    }
    for (pointer, _) in merged {
        let pointer = pointer.trim_end_matches('/');
        let is_wrapper = spec
            .doc
            .pointer(pointer)
            .is_some_and(|schema| schema.get("allOf").is_some());
        if !is_wrapper {
            context.report.line(format!("`{pointer}`: merged `allOf`"));
        }
    }
    Problems::none_or(problems)
}

/// A base with a `discriminator` stands for its heirs, which nothing else mentions.
pub(super) fn check_inheritance(spec: &mut Spec) -> Result<()> {
    let mut bases = Vec::new();
    let mut heirs: Vec<(String, String)> = Vec::new();
    for (name, schema) in spec.schemas().into_iter().flatten() {
        let has_choice = schema.get("oneOf").is_some() || schema.get("anyOf").is_some();
        if schema.get("discriminator").is_some() && !has_choice {
            bases.push(name.clone());
        }
        for part in elements(&schema["allOf"]) {
            if let Some(base) = part["$ref"].as_str().and_then(component_of) {
                heirs.push((base, name.clone()));
            }
        }
    }
    let reached = spec.reach([&spec.doc["paths"]]);
    let mut used: Vec<String> = Vec::new();
    walk::for_each_schema_mut(&mut spec.doc, &mut |pointer, schema| {
        let is_part = pointer
            .rsplit_once('/')
            .is_some_and(|(holder, _)| holder.ends_with("/allOf"));
        if !is_part && let Some(base) = schema["$ref"].as_str().and_then(component_of) {
            used.push(base);
        }
    });
    let mut problems = Vec::new();
    for base in bases {
        let own: Vec<String> = heirs
            .iter()
            .filter(|(other, _)| *other == base)
            .map(|(_, heir)| format!("`{heir}`"))
            .collect();
        if !own.is_empty() && used.contains(&base) && reached.contains(&base) {
            problems.push(spec.problem(
                format!("/components/schemas/{}", escape(&base)),
                format!(
                    "`{base}` stands for its heirs {}, told apart by a discriminator; a method that took it for itself would lose what they add",
                    own.join(", ")
                ),
                format!("add an overlay action that refers to a `oneOf` of the heirs instead of `{base}`"),
            ));
        }
    }
    Problems::none_or(problems)
}

/// What components were merged to, by their `$ref`.
struct Known<'a> {
    merge: Merge<'a>,
    done: BTreeMap<String, Value>,
}

fn one_schema(
    spec: &Spec,
    schema: &Value,
    depth: usize,
    known: &mut Known<'_>,
) -> std::result::Result<Value, String> {
    if depth > 16 {
        return Err("it contains itself".to_owned());
    }
    let mut own = schema.clone();
    object_of(&mut own).shift_remove("allOf");
    let says_nothing = |part: &Value| entries(part).all(|(key, _)| is_note(key));
    let (notes, parts): (Vec<&Value>, Vec<&Value>) =
        elements(&schema["allOf"]).partition(|part| says_nothing(part));
    let all_notes = || std::iter::once(&own).chain(notes.iter().copied());
    let description = all_notes().find_map(|note| note.get("description"));
    let nullable = all_notes().any(|note| note["nullable"] == true);
    if let [only] = parts.as_slice()
        && only.get("$ref").is_some()
        && says_nothing(&own)
    {
        return Ok(wrap((*only).clone(), description, nullable));
    }
    let mut result = Map::new();
    for part in parts.into_iter().chain([&own]) {
        let name = part["$ref"].as_str();
        if let Some(part) = name.and_then(|name| known.done.get(name)) {
            known.merge.schema(&mut result, part)?;
            continue;
        }
        let part = spec.resolve(part);
        if part.get("allOf").is_none() {
            known.merge.schema(&mut result, part)?;
            continue;
        }
        let part = one_schema(spec, part, depth + 1, known)?;
        known.merge.schema(&mut result, &part)?;
        if let Some(name) = name {
            known.done.insert(name.to_owned(), part);
        }
    }
    // What tells heirs apart is said by their `oneOf`.
    result.shift_remove("discriminator");
    prefer_list(&mut result);
    let mut result = Value::Object(result);
    // A value has to fit all parts, so it may be null only if the whole says so.
    object_of(&mut result).shift_remove("nullable");
    Ok(wrap(result, description, nullable))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{ANSWER, answering, assert_says, refused, run as run_pass};

    fn merged(schema: Value, schemas: Value) -> Value {
        let mut spec = answering(schema, schemas);
        run_pass(&mut spec, "", run).unwrap();
        spec.doc.pointer(ANSWER).unwrap().clone()
    }

    #[test]
    fn parts_become_one_object() {
        let whole = merged(
            json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }, { "required": ["b"], "properties": { "b": {} } }], "description": "Whole." }),
            json!({ "Base": { "type": "object", "required": ["a"], "properties": { "a": {} }, "additionalProperties": false } }),
        );
        assert_eq!(
            whole,
            json!({ "type": "object", "required": ["a", "b"], "properties": { "a": {}, "b": {} }, "additionalProperties": false, "description": "Whole." })
        );
    }

    #[test]
    fn a_single_reference_keeps_its_words_and_its_null() {
        let schemas = json!({ "A": { "type": "object" } });
        let wrapper = json!({ "description": "Words.", "nullable": true, "allOf": [{ "$ref": "#/components/schemas/A" }] });
        assert_eq!(merged(wrapper.clone(), schemas.clone()), wrapper);
        let spread = json!({ "allOf": [{ "$ref": "#/components/schemas/A" }, { "description": "Words.", "nullable": true }] });
        assert_eq!(merged(spread, schemas), wrapper);
    }

    #[test]
    fn a_node_that_wraps_itself_is_no_endless_loop() {
        let node = json!({ "properties": { "up": { "nullable": true, "allOf": [{ "$ref": "#/components/schemas/Node" }] } } });
        let answer = json!({ "$ref": "#/components/schemas/Node" });
        let mut spec = answering(answer, json!({ "Node": node }));
        run_pass(&mut spec, "", run).unwrap();
        assert_eq!(spec.schemas().unwrap()["Node"], node);
        // With more beside it, each level would be another type.
        let more = json!({ "properties": { "up": { "allOf": [{ "$ref": "#/components/schemas/Node" }, { "properties": { "x": {} } }] } } });
        let mut spec = answering(
            json!({ "$ref": "#/components/schemas/Node" }),
            json!({ "Node": more }),
        );
        assert_says(
            &refused(&mut spec, "", run),
            &["contains itself", "getX (GET /x)"],
        );
    }

    #[test]
    fn a_heir_may_narrow_a_list_and_what_it_denies_is_open() {
        let base = json!({ "Base": { "properties": { "kind": { "type": "string" } } } });
        let heir = |kind: Value| json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }, { "properties": { "kind": kind } }] });
        let whole = merged(
            heir(json!({ "type": "string", "enum": ["a"] })),
            base.clone(),
        );
        assert_eq!(whole["properties"]["kind"]["enum"], json!(["a"]));
        let mut spec = answering(heir(json!({ "type": "integer" })), base);
        let report = run_pass(&mut spec, "", run).unwrap();
        assert_says(
            &report,
            &["no value fits all", "the property `kind`", ANSWER],
        );
    }

    #[test]
    fn a_property_of_two_parts_is_what_both_ask_for() {
        let prices = json!({
            "Price": { "type": "object", "required": ["net"], "properties": { "net": { "type": "integer" } } },
            "Offer": { "allOf": [{ "$ref": "#/components/schemas/Price" }, { "properties": { "until": {} } }] },
            "Other": { "type": "object", "properties": { "gross": {} } },
        });
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let of = |earlier: Value, later: Value| {
            let part = |price: Value| json!({ "type": "object", "properties": { "price": price } });
            let whole = merged(
                json!({ "allOf": [part(earlier), part(later)] }),
                prices.clone(),
            );
            whole["properties"]["price"].clone()
        };
        assert_eq!(
            of(reference("Price"), reference("Offer")),
            reference("Offer")
        );
        let whole = of(reference("Price"), reference("Other"));
        assert_eq!(entries(&whole["properties"]).count(), 2);
        let listed = json!({ "type": "string", "enum": ["a", "b"] });
        assert_eq!(of(listed.clone(), json!({ "type": "string" })), listed);
        assert_eq!(of(json!({}), listed.clone()), listed);
    }

    #[test]
    fn a_base_that_stands_for_its_heirs_is_refused() {
        let mut spec = answering(
            json!({ "$ref": "#/components/schemas/Pet" }),
            json!({
                "Pet": { "discriminator": { "propertyName": "kind" }, "properties": { "kind": { "type": "string" } } },
                "Cat": { "allOf": [{ "$ref": "#/components/schemas/Pet" }, { "properties": { "lives": {} } }] },
            }),
        );
        assert_says(
            &check_inheritance(&mut spec).unwrap_err().to_string(),
            &[
                "`Pet` stands for its heirs `Cat`",
                "getX (GET /x)",
                "/components/schemas/Pet",
                "oneOf",
            ],
        );
    }
}

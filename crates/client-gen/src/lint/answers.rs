//! Answers: schemas that are missing, closed, or recorded from a single call.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Lint, each_answer, each_schema};
use crate::spec::{Spec, entries, reference};

/// An object with fewer properties says too little to judge how it came about.
const RECORDED: usize = 4;

pub(super) fn check(spec: &Spec) -> Vec<Lint> {
    let mut found = Vec::new();
    // Components that answers lead to, through any number of references.
    let mut received: BTreeSet<String> = BTreeSet::new();
    let mut queue: Vec<(String, &Value)> = Vec::new();
    for (pointer, media_type, media) in each_answer(spec) {
        if media_type.contains("json") && media.get("schema").is_none() {
            found.push(Lint::new(
                "missing-schema",
                &pointer,
                "the answer has no schema: it is read as any JSON",
                "describe it in the overlay, or leave it free-form",
            ));
        }
        queue.push((format!("{pointer}/schema"), &media["schema"]));
    }
    while let Some((pointer, schema)) = queue.pop() {
        let mut targets = Vec::new();
        each_schema(&pointer, schema, &mut |at, schema| {
            look(at, schema, &mut found);
            if let Some(target) = reference(schema) {
                targets.push(target);
            }
        });
        if schema["type"] == "object" {
            recorded(&pointer, schema, &mut found);
        }
        for target in targets {
            if let Some(schema) = spec.doc.pointer(&target)
                && received.insert(target.clone())
            {
                queue.push((target, schema));
            }
        }
    }
    found
}

fn look(pointer: &str, schema: &Value, found: &mut Vec<Lint>) {
    if schema["additionalProperties"] == false {
        found.push(Lint::new(
            "closed-answer",
            pointer,
            "the answer rules out fields that are not listed: the next release of the service breaks its readers",
            "none needed here: a pass opens it; upstream should",
        ));
    }
    if let Some(items) = schema.get("items") {
        let is_free = entries(items).all(|(key, _)| matches!(key.as_str(), "description" | "type"))
            && items["type"].as_str().is_none_or(|kind| kind == "object");
        if is_free {
            found.push(Lint::new(
                "free-form-items",
                format!("{pointer}/items"),
                "the list says nothing about its elements: an empty list was recorded, perhaps",
                "describe the elements in the overlay",
            ));
        }
    }
}

/// A schema made from one recorded answer: many properties, none required, no list of values.
fn recorded(pointer: &str, schema: &Value, found: &mut Vec<Lint>) {
    let mut properties = 0;
    let mut says_something = false;
    each_schema(pointer, schema, &mut |_, schema| {
        properties += schema["properties"]
            .as_object()
            .map_or(0, serde_json::Map::len);
        says_something |= schema.get("required").is_some() || schema.get("enum").is_some();
    });
    if properties >= RECORDED && !says_something {
        found.push(Lint::new(
            "recorded-answer",
            pointer,
            format!("{properties} properties, none required and none a list of values: a single recorded answer poses as the schema"),
            "compare it with real answers; say in the overlay what is always there",
        ));
    }
}

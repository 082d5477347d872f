//! `enums`: lists of values become open enums, and unions get their Rust home.
//!
//! progenitor would close them: an older client would refuse a newer server's
//! value. So we write these types ourselves (`enums.rs`, `unions.rs`) and
//! `x-rust-type` puts them in place.

use serde_json::{Value, json};

use super::{Context, hoist::is_enum};
use crate::names::is_identifier;
use crate::problem::{Problem, Problems, Result};
use crate::spec::{Spec, elements, object_of};

/// Names the generated code by a crate that the polish step rewrites to a module path.
pub(crate) fn rust_type(name: &str) -> Value {
    json!({ "crate": "generated", "version": "*", "path": format!("generated::{name}") })
}

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "enums",
        "Open enums and what they know; unions and their variants.",
    );
    let directions = spec.directions();
    let mut problems = Vec::new();
    let mut replacements = Vec::new();
    let names: Vec<String> = spec
        .schemas()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        let schema = spec.doc["components"]["schemas"][&name].clone();
        let replacement = if is_enum(&schema) {
            enumeration(spec, &name, &schema, context, &mut problems)
        } else if schema.get("x-union").is_some() {
            let open = directions.responses.contains(&name);
            let sent = directions.requests.contains(&name);
            union(spec, &name, &schema, (open, sent), context, &mut problems)
        } else {
            continue;
        };
        replacements.push((name, replacement));
    }
    for (name, replacement) in replacements {
        spec.schemas_mut().insert(name, replacement);
    }
    for (_, schema) in spec.schemas_mut() {
        object_of(schema).shift_remove("x-at");
    }
    Problems::none_or(problems)
}

fn enumeration(
    spec: &Spec,
    name: &str,
    schema: &Value,
    context: &mut Context<'_>,
    problems: &mut Vec<Problem>,
) -> Value {
    let varnames = schema["x-enum-varnames"].as_array();
    let mut taken = vec!["Unknown".to_owned()];
    let values: Vec<Value> = elements(&schema["enum"])
        .enumerate()
        .map(|(index, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), ToOwned::to_owned);
            let variant = match varnames
                .and_then(|names| names.get(index))
                .and_then(Value::as_str)
            {
                Some(variant) => variant.to_owned(),
                None => context.names.variant(name, &text),
            };
            check_variant(spec, name, &text, &variant, &mut taken, problems);
            let mut entry = json!({ "name": variant, "value": value });
            if let Some(description) = elements(&schema["x-enum-descriptions"]).nth(index) {
                entry["description"] = description.clone();
            }
            entry
        })
        .collect();
    let known: Vec<String> = values
        .iter()
        .map(|entry| {
            let value = &entry["value"];
            let shown = value
                .as_str()
                .map_or_else(|| value.to_string(), ToOwned::to_owned);
            format!("`{shown}`")
        })
        .collect();
    context
        .report
        .line(format!("`{name}`: {}", known.join(", ")));
    with_rust_type(name, schema, "x-enum", values.into())
}

fn union(
    spec: &Spec,
    name: &str,
    schema: &Value,
    (open, sent): (bool, bool),
    context: &mut Context<'_>,
    problems: &mut Vec<Problem>,
) -> Value {
    let mut union = schema["x-union"].clone();
    // Of kinds there are few, and what is sent is one of those that are known.
    let open = match union["style"].as_str() {
        Some("raw") => false,
        Some("kind") => open && !sent,
        _ => open,
    };
    let mut taken = if open {
        vec!["Unknown".to_owned()]
    } else {
        Vec::new()
    };
    let mut variants = Vec::new();
    for branch in union["branches"].as_array_mut().into_iter().flatten() {
        let given = branch["name"].as_str().unwrap_or_default().to_owned();
        let variant = context.names.variant(name, &given);
        let variant = if variant == heck::ToPascalCase::to_pascal_case(given.as_str()) {
            given.clone()
        } else {
            variant
        };
        check_variant(spec, name, &given, &variant, &mut taken, problems);
        variants.push(variant.clone());
        branch["name"] = variant.into();
    }
    union["open"] = open.into();
    object_of(&mut union).shift_remove("keyword");
    let rest = if open { ", open" } else { "" };
    context
        .report
        .line(format!("`{name}` is one of {}{rest}", variants.join(", ")));
    with_rust_type(name, schema, "x-union", union)
}

fn check_variant(
    spec: &Spec,
    name: &str,
    value: &str,
    variant: &str,
    taken: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) {
    if !is_identifier(variant) || taken.iter().any(|other| other == variant) {
        let why = if is_identifier(variant) {
            "is taken"
        } else {
            "is no identifier"
        };
        problems.push(spec.component_problem(
            name,
            format!(
                "the value `{value}` of `{name}` would be the variant `{variant}`, which {why}"
            ),
            format!("add `\"{name}.{value}\" = \"…\"` under [variants] in names.toml"),
        ));
    }
    taken.push(variant.to_owned());
}

fn with_rust_type(name: &str, schema: &Value, key: &str, value: Value) -> Value {
    let mut replacement = json!({});
    let object = object_of(&mut replacement);
    for note in ["description", "x-places"] {
        if let Some(text) = schema.get(note) {
            object.insert(note.to_owned(), text.clone());
        }
    }
    object.insert("x-rust-type".to_owned(), rust_type(name));
    object.insert(key.to_owned(), value);
    replacement
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::{dedupe, hoist};
    use crate::testing::{ANSWER, answering, assert_says, refused, run as run_pass};

    fn all(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
        hoist::run(spec, context);
        dedupe::run(spec, context)?;
        run(spec, context)
    }

    fn list(values: Value) -> Spec {
        let schema = json!({ "type": "object", "properties": { "e": { "type": "string", "enum": values } } });
        answering(schema, json!({}))
    }

    #[test]
    fn a_list_becomes_an_open_enum() {
        let mut spec = list(json!(["guinea pig", "1080p"]));
        run_pass(
            &mut spec,
            "[variants]\n\"GetXResponseE.1080p\" = \"P1080\"",
            all,
        )
        .unwrap();
        let schema = &spec.doc["components"]["schemas"]["GetXResponseE"];
        assert_eq!(schema["x-rust-type"]["path"], "generated::GetXResponseE");
        assert_eq!(
            schema["x-enum"],
            json!([{ "name": "GuineaPig", "value": "guinea pig" }, { "name": "P1080", "value": "1080p" }])
        );
    }

    #[test]
    fn variants_that_cannot_be_ask_for_an_entry() {
        for (values, words) in [
            (json!(["+", "-"]), "the variant ``, which is no identifier"),
            (json!(["1.0", "1-0"]), "which is no identifier"),
            (json!(["A", "a"]), "the variant `A`, which is taken"),
            (json!(["unknown"]), "the variant `Unknown`, which is taken"),
            (
                json!(["self"]),
                "the variant `Self`, which is no identifier",
            ),
        ] {
            assert_says(
                &refused(&mut list(values), "", all),
                &[
                    words,
                    "under [variants]",
                    "getX (GET /x)",
                    &format!("{ANSWER}/properties/e"),
                ],
            );
        }
    }

    #[test]
    fn a_union_is_open_where_it_is_received() {
        let union = json!({ "x-union": { "style": "key", "branches": [
            { "name": "A", "schema": { "type": "object", "properties": { "a": {} } } },
        ] } });
        let mut spec = answering(union, json!({}));
        let report = run_pass(&mut spec, "", all).unwrap();
        assert!(report.contains("is one of A, open"), "{report}");
    }
}

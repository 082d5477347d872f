//! `enums`: lists of values become open enums, and unions get their Rust home.
//!
//! progenitor would close them: an older client would refuse a newer server's
//! value. So we write these types ourselves (`enums.rs`, `unions.rs`) and
//! `x-rust-type` puts them in place.

use heck::ToPascalCase as _;
use serde_json::{Value, json};

use super::{Context, hoist::is_enum};
use crate::names::is_identifier;
use crate::problem::{Problem, Problems, Result};
use crate::spec::{Spec, elements, object_of};
use crate::spelling;

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
            union(spec, &name, &schema, open, context, &mut problems)
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
            let told = varnames
                .and_then(|names| names.get(index))
                .and_then(Value::as_str);
            let variant = variant(spec, (name, &text), told, context, &mut taken, problems);
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
    open: bool,
    context: &mut Context<'_>,
    problems: &mut Vec<Problem>,
) -> Value {
    let mut union = schema["x-union"].clone();
    let open = open && union["style"] != "raw";
    let mut taken = if open {
        vec!["Unknown".to_owned()]
    } else {
        Vec::new()
    };
    let mut variants = Vec::new();
    for branch in union["branches"].as_array_mut().into_iter().flatten() {
        let given = branch["name"].as_str().unwrap_or_default().to_owned();
        let told = Some(given.as_str());
        let variant = variant(spec, (name, &given), told, context, &mut taken, problems);
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

/// What a value of a type is called: by its entry, as the document has it, or by rule.
fn variant(
    spec: &Spec,
    (name, value): (&str, &str),
    told: Option<&str>,
    context: &mut Context<'_>,
    taken: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) -> String {
    let is_free = |variant: &str| !taken.iter().any(|other| other == variant);
    let entry = format!("`\"{name}.{value}\" = \"…\"` under [values] in names.toml");
    if let Some(given) = context.names.variant(name, value) {
        // What a person wrote down is refused where it cannot be, not bent.
        if !is_identifier(given) || !is_free(given) {
            let why = if is_free(given) {
                "is no identifier"
            } else {
                "is taken"
            };
            problems.push(spec.component_problem(
                name,
                format!(
                    "the value `{value}` of `{name}` would be the variant `{given}`, which {why}"
                ),
                format!("change {entry}"),
            ));
        }
        taken.push(given.to_owned());
        return given.to_owned();
    }
    let told = told.filter(|told| is_identifier(told) && is_free(told));
    let chosen = told.map_or_else(|| spelling::variant(value, is_free), ToOwned::to_owned);
    if told.is_none() && chosen != value.to_pascal_case() {
        context.report.line(format!(
            "the value `{value}` of `{name}` is called `{chosen}` by rule; {entry} would name it"
        ));
    }
    taken.push(chosen.clone());
    chosen
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
    fn values_that_are_no_names_get_one_by_rule_and_are_listed() {
        let mut spec = list(json!(["up", "Up", "unknown", "-1", "self"]));
        let report = run_pass(&mut spec, "", all).unwrap();
        let values = &spec.doc["components"]["schemas"]["GetXResponseE"]["x-enum"];
        let names: Vec<&str> = elements(values)
            .filter_map(|it| it["name"].as_str())
            .collect();
        assert_eq!(names, ["Up", "UpValue", "UnknownValue", "Minus1", "Self_"]);
        assert_says(
            &report,
            &[
                r#"is called `UnknownValue` by rule; `"GetXResponseE.unknown" = "…"` under \[values\]"#,
            ],
        );
    }

    #[test]
    fn an_entry_that_cannot_be_is_refused() {
        for (entry, words) in [("Unknown", "is taken"), ("two words", "is no identifier")] {
            let given = format!("[values]\n\"GetXResponseE.a\" = \"{entry}\"");
            assert_says(
                &refused(&mut list(json!(["a"])), &given, all),
                &[
                    words,
                    "under [values]",
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

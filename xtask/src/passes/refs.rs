//! `refs`: after it, the only `$ref`s left name component schemas.
//!
//! References to parameters, bodies, responses and headers are replaced by
//! what they name, path-level parameters move into their operations, a
//! reference into a sub-path becomes a component of its own, and an `allOf`
//! becomes the one schema it describes.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase;
use serde_json::{Map, Value};

use super::Context;
use crate::problem::{Problem, Problems, Result};
use crate::spec::{self, METHODS, Spec, elements, entries, escape, schema_reference};
use crate::walk;

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "refs",
        "A `$ref` into a sub-path becomes a named component; an `allOf` becomes the schema it describes.",
    );
    check_targets(spec)?;
    check_alias_cycles(spec)?;
    inline_reusable(spec)?;
    name_sub_paths(spec, context);
    drop_unreached(spec, context);
    merge_all_of(spec, context)?;
    inline_aliases(spec, context);
    Ok(())
}

/// Every `$ref` must name something in this document.
fn check_targets(spec: &Spec) -> Result<()> {
    let mut problems = Vec::new();
    let mut places = Vec::new();
    reference_places(&spec.doc, "", &mut places);
    for (pointer, target) in places {
        match target.strip_prefix('#') {
            Some(local) if spec.doc.pointer(&percent_decoded(local)).is_some() => {}
            Some(_) => problems.push(spec.problem(
                pointer,
                format!("`$ref` to `{target}`, which does not exist"),
                "add an overlay action that removes the reference or adds its target",
            )),
            None => problems.push(spec.problem(
                pointer,
                format!("`$ref` to another document: `{target}`"),
                "bundle the document into one file first; the generator fetches nothing",
            )),
        }
    }
    Problems::none_or(problems)
}

fn reference_places<'a>(node: &'a Value, pointer: &str, found: &mut Vec<(String, &'a str)>) {
    for (key, value) in entries(node) {
        match value {
            Value::String(target) if key == "$ref" => found.push((pointer.to_owned(), target)),
            _ if key == "example" || key == "examples" => {}
            _ => reference_places(value, &format!("{pointer}/{}", escape(key)), found),
        }
    }
    for (index, value) in elements(node).enumerate() {
        reference_places(value, &format!("{pointer}/{index}"), found);
    }
}

fn percent_decoded(pointer: &str) -> String {
    pointer
        .replace("%7B", "{")
        .replace("%7D", "}")
        .replace("%20", " ")
}

/// A schema that is, by references and combinations alone, itself describes nothing.
fn check_alias_cycles(spec: &Spec) -> Result<()> {
    let names: Vec<&String> = spec.schemas().into_iter().flat_map(Map::keys).collect();
    for name in names {
        let mut trail = vec![name.as_str()];
        let mut seen = BTreeSet::from([name.as_str()]);
        let mut current = &spec.doc["components"]["schemas"][name];
        while let Some(next) = alias_target(current) {
            trail.push(next);
            if !seen.insert(next) {
                return Err(spec
                    .problem(
                        format!("/components/schemas/{}", escape(name)),
                        format!(
                            "a cycle of `$ref`s that describes nothing: {}",
                            trail.join(" -> ")
                        ),
                        "add an overlay action that gives one of them a schema",
                    )
                    .into());
            }
            current = &spec.doc["components"]["schemas"][next];
        }
    }
    Ok(())
}

/// The component that a schema is nothing but another name for.
fn alias_target(schema: &Value) -> Option<&str> {
    let holder = match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) => only,
        _ => schema,
    };
    holder["$ref"]
        .as_str()?
        .strip_prefix("#/components/schemas/")
}

/// Replaces references to parameters, bodies, responses and headers.
fn inline_reusable(spec: &mut Spec) -> Result<()> {
    let doc = spec.doc.clone();
    let resolved = |node: &Value| -> Value {
        let mut current = node;
        for _ in 0..8 {
            match spec::reference(current).and_then(|target| doc.pointer(&target)) {
                Some(next) => current = next,
                None => break,
            }
        }
        current.clone()
    };
    for (_, item) in entries(&doc["paths"]) {
        if item.get("$ref").is_some() {
            return Err(Problem::new(
                "/paths",
                "a path item is a `$ref`",
                "bundle the document so that every path item stands in `paths`",
            )
            .into());
        }
    }
    for (path, item) in spec.doc["paths"].as_object_mut().into_iter().flatten() {
        let shared: Vec<Value> = elements(&doc["paths"][path]["parameters"])
            .map(&resolved)
            .collect();
        let Some(item) = item.as_object_mut() else {
            continue;
        };
        item.shift_remove("parameters");
        for (method, operation) in item {
            if !METHODS.contains(&method.as_str()) {
                continue;
            }
            let own: Vec<Value> = elements(&operation["parameters"]).map(&resolved).collect();
            let identity = |parameter: &Value| (parameter["name"].clone(), parameter["in"].clone());
            let inherited = shared
                .iter()
                .filter(|shared| !own.iter().any(|own| identity(own) == identity(shared)));
            let parameters: Vec<Value> = inherited.chain(&own).cloned().collect();
            let operation = spec::object_of(operation);
            if !parameters.is_empty() {
                operation.insert("parameters".to_owned(), parameters.into());
            }
            if let Some(body) = operation.get_mut("requestBody") {
                *body = resolved(body);
            }
            for (_, response) in operation
                .get_mut("responses")
                .and_then(Value::as_object_mut)
                .into_iter()
                .flatten()
            {
                *response = resolved(response);
            }
        }
    }
    Ok(())
}

/// `#/components/schemas/A/properties/b` becomes component `A.b`, at its old place too.
fn name_sub_paths(spec: &mut Spec, context: &mut Context<'_>) {
    let mut deep: Vec<String> = walk::references(&spec.doc)
        .into_iter()
        .filter(|target| is_sub_path(target))
        .map(ToOwned::to_owned)
        .collect();
    deep.sort_unstable();
    deep.dedup();
    // Longest first: an inner part must be out before the part that holds it moves.
    deep.sort_by_key(|target| std::cmp::Reverse(target.len()));
    let mut moved = BTreeMap::new();
    for target in deep {
        let key = component_key(&target);
        let Some(place) = target
            .strip_prefix('#')
            .and_then(|pointer| spec.doc.pointer_mut(pointer))
        else {
            continue;
        };
        let schema = std::mem::replace(place, schema_reference(&key));
        spec.schemas_mut().insert(key.clone(), schema);
        context
            .report
            .line(format!("`{target}` is component `{key}`"));
        moved.insert(target, key);
    }
    walk::for_each_reference_mut(&mut spec.doc, &mut |target| {
        if let Some(key) = moved.get(target) {
            *target = format!("#/components/schemas/{key}");
        }
    });
}

fn is_sub_path(target: &str) -> bool {
    target
        .strip_prefix("#/components/schemas/")
        .is_some_and(|rest| rest.contains('/'))
}

fn component_key(target: &str) -> String {
    let steps = target
        .trim_start_matches("#/components/schemas/")
        .split('/');
    let names =
        steps.filter(|step| !matches!(*step, "properties" | "items" | "additionalProperties"));
    let mut names = names.map(|step| step.replace("~1", "/").replace("~0", "~"));
    let mut key = names.next().unwrap_or_default();
    for name in names {
        key.push('.');
        key.push_str(&name);
    }
    key
}

/// What no operation reaches is no part of the API.
fn drop_unreached(spec: &mut Spec, context: &mut Context<'_>) {
    let reached = spec.reach([&spec.doc["paths"]]);
    let mut dropped = Vec::new();
    spec.schemas_mut().retain(|name, _| {
        let keep = reached.contains(name);
        if !keep {
            dropped.push(format!("`{name}`"));
        }
        keep
    });
    if !dropped.is_empty() {
        context.report.line(format!(
            "no operation reaches {} components: {}",
            dropped.len(),
            dropped.join(", ")
        ));
    }
}

/// Replaces each `allOf` by the one schema it describes.
fn merge_all_of(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    let before = spec.clone();
    let mut problems = Vec::new();
    let mut merged = Vec::new();
    walk::for_each_schema_mut(&mut spec.doc, &mut |pointer, schema| {
        if schema.get("allOf").is_none() {
            return;
        }
        match all_of(&before, schema, 0) {
            Ok(replacement) => {
                *schema = replacement;
                merged.push(format!("`{pointer}`: merged `allOf`"));
            }
            Err(what) => problems.push(before.problem(
                pointer,
                format!("this `allOf` describes no single schema: {what}"),
                "add an overlay action that replaces it by one schema",
            )),
        }
    });
    for line in merged {
        context.report.line(line);
    }
    Problems::none_or(problems)
}

fn all_of(spec: &Spec, schema: &Value, depth: usize) -> std::result::Result<Value, String> {
    if depth > 16 {
        return Err("it contains itself".to_owned());
    }
    let parts: Vec<&Value> = elements(&schema["allOf"]).collect();
    let own = {
        let mut own = schema.clone();
        spec::object_of(&mut own).shift_remove("allOf");
        own
    };
    let is_note = |value: &Value| {
        entries(value).all(|(key, _)| matches!(key.as_str(), "description" | "title" | "example"))
    };
    if let [only] = parts.as_slice()
        && is_note(&own)
    {
        return Ok((*only).clone());
    }
    let mut result = Map::new();
    let parts = parts.into_iter().filter(|part| !is_note(part));
    for part in parts.chain([&own]) {
        let part = spec.resolve(part);
        let part = if part.get("allOf").is_some() {
            all_of(spec, part, depth + 1)?
        } else {
            part.clone()
        };
        merge_schema(&mut result, &part)?;
    }
    Ok(Value::Object(result))
}

fn merge_schema(into: &mut Map<String, Value>, part: &Value) -> std::result::Result<(), String> {
    for (key, value) in entries(part) {
        match (key.as_str(), into.get_mut(key)) {
            (_, None) => {
                into.insert(key.clone(), value.clone());
            }
            ("properties", Some(present)) => {
                for (name, property) in entries(value) {
                    if let Some(other) = present.get(name)
                        && other != property
                    {
                        return Err(format!("its parts disagree on the property `{name}`"));
                    }
                    spec::object_of(present).insert(name.clone(), property.clone());
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
            ("additionalProperties", Some(present)) => {
                if *present == Value::Bool(false) {
                    *present = value.clone();
                }
            }
            ("description" | "title" | "example", Some(present)) => *present = value.clone(),
            (_, Some(present)) if present == value => {}
            (key, Some(_)) => return Err(format!("its parts disagree on `{key}`")),
        }
    }
    Ok(())
}

/// A component that is only another name for a scalar, a list or a map goes:
/// progenitor would make it a type that has to be unwrapped everywhere.
fn inline_aliases(spec: &mut Spec, context: &mut Context<'_>) {
    let aliases: BTreeMap<String, Value> = spec
        .schemas()
        .into_iter()
        .flatten()
        .filter(|(_, schema)| is_alias(schema))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    // An alias may name another, so once per alias settles the longest chain.
    for _ in 0..aliases.len() {
        walk::for_each_schema_mut(&mut spec.doc, &mut |_, schema| {
            let alias = schema["$ref"]
                .as_str()
                .and_then(|target| target.strip_prefix("#/components/schemas/"));
            if let Some(alias) = alias.and_then(|name| aliases.get(name)) {
                *schema = alias.clone();
            }
        });
    }
    spec.schemas_mut()
        .retain(|name, _| !aliases.contains_key(name));
    if !aliases.is_empty() {
        let names: Vec<String> = aliases.keys().map(|name| format!("`{name}`")).collect();
        context.report.line(format!(
            "written out where they were used: {}",
            names.join(", ")
        ));
    }
}

fn is_alias(schema: &Value) -> bool {
    let is_object = schema["properties"]
        .as_object()
        .is_some_and(|properties| !properties.is_empty());
    let is_choice = ["oneOf", "anyOf", "enum"]
        .into_iter()
        .any(|keyword| schema.get(keyword).is_some());
    !is_object && !is_choice
}

/// The type name of a component made from a sub-path.
pub(crate) fn sub_path_name(key: &str) -> String {
    key.split('.')
        .enumerate()
        .map(|(index, step)| {
            if index == 0 {
                crate::names::component_name(step)
            } else {
                step.to_pascal_case()
            }
        })
        .collect()
}

//! `refs`: after it, the only `$ref`s left name component schemas.
//!
//! References to parameters, bodies and responses are replaced by what they
//! name, path-level parameters move into their operations, a reference into a
//! sub-path becomes a component of its own, and a component that is only
//! another name is written out.

mod elsewhere;

use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase;
use serde_json::{Map, Value};
use spec_diff::PARTS_OF_FILES;

use super::{Context, all_of, limits};
use crate::problem::{Problems, Result};
use crate::rules::Rules;
use crate::spec::{
    self, METHODS, Spec, component_of, elements, entries, escape, object_of, schema_reference,
    unwrapped, wrap,
};
use crate::walk;

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "refs",
        "A `$ref` into a sub-path becomes a named component; a name for a plain value is written out.",
    );
    check_targets(spec)?;
    elsewhere::name_schemas(spec, context);
    inline_path_items(spec)?;
    inline_reusable(spec, context)?;
    name_sub_paths(spec, context)?;
    limits::check(spec)?;
    check_alias_cycles(spec)?;
    all_of::check_inheritance(spec)?;
    report_dropped(spec, context);
    Ok(())
}

/// After `all_of`: the parts that nobody else uses go, and so do mere names.
pub(crate) fn settle(spec: &mut Spec, context: &mut Context<'_>) {
    report_dropped(spec, context);
    move_nullable_to_users(spec);
    inline_aliases(spec, context);
}

/// Every `$ref` must name something in this document.
fn check_targets(spec: &mut Spec) -> Result<()> {
    let before = spec.clone();
    let mut problems = Vec::new();
    walk::for_each_reference_mut(&mut spec.doc, &mut |pointer, target| {
        let Some(local) = target.strip_prefix('#').map(percent_decoded) else {
            problems.push(before.problem(
                pointer,
                format!("`$ref` to another document: `{target}`"),
                "bundle the document into one file first; the generator fetches nothing",
            ));
            return;
        };
        if before.doc.pointer(&local).is_none() {
            problems.push(before.problem(
                pointer,
                format!("`$ref` to `{target}`, which does not exist"),
                "add an overlay action that removes the reference or adds its target",
            ));
        }
        *target = format!("#{local}");
    });
    Problems::none_or(problems)
}

/// A reference is a URL fragment, so it may spell `{` as `%7B`.
fn percent_decoded(pointer: &str) -> String {
    let mut bytes = Vec::with_capacity(pointer.len());
    let mut rest = pointer.as_bytes();
    while let [first, after @ ..] = rest {
        let code = match (first, after) {
            (b'%', [high, low, ..]) => std::str::from_utf8(&[*high, *low])
                .ok()
                .and_then(|hex| u8::from_str_radix(hex, 16).ok()),
            _ => None,
        };
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| pointer.to_owned())
}

/// A schema that is, by references and combinations alone, itself describes nothing.
fn check_alias_cycles(spec: &Spec) -> Result<()> {
    let mut problems = Vec::new();
    for name in spec.schemas().into_iter().flat_map(Map::keys) {
        let mut trail = vec![name.clone()];
        let mut seen = BTreeSet::from([name.clone()]);
        let mut current = &spec.doc["components"]["schemas"][name];
        while let Some(next) = alias_target(current) {
            trail.push(next.clone());
            if !seen.insert(next.clone()) {
                problems.push(spec.problem(
                    format!("/components/schemas/{}", escape(name)),
                    format!(
                        "a cycle of `$ref`s that describes nothing: {}",
                        trail.join(" -> ")
                    ),
                    "add an overlay action that gives one of them a schema",
                ));
                break;
            }
            current = &spec.doc["components"]["schemas"][&next];
        }
    }
    Problems::none_or(problems)
}

/// The component that a schema is nothing but another name for.
fn alias_target(schema: &Value) -> Option<String> {
    component_of(unwrapped(schema).unwrap_or(schema)["$ref"].as_str()?)
}

/// A path item that is a `$ref` becomes what it names.
fn inline_path_items(spec: &mut Spec) -> Result<()> {
    let before = spec.clone();
    for (path, item) in spec.doc["paths"].as_object_mut().into_iter().flatten() {
        if item.get("$ref").is_none() {
            continue;
        }
        let target = resolved(&before, item);
        let is_alone = entries(item).all(|(key, _)| key == "$ref" || key.starts_with("x-"));
        if !is_alone || target.get("$ref").is_some() {
            return Err(before
                .problem(
                    format!("/paths/{}", escape(path)),
                    "this path item is a `$ref` with siblings, or one that leads to itself",
                    "write the path item out, or replace it with an overlay action",
                )
                .into());
        }
        *item = target;
    }
    Ok(())
}

/// What a chain of references ends in; a reference still, if it goes in circles.
fn resolved(spec: &Spec, node: &Value) -> Value {
    let mut current = node;
    for _ in 0..8 {
        match spec::reference(current).and_then(|target| spec.doc.pointer(&target)) {
            Some(next) => current = next,
            None => break,
        }
    }
    current.clone()
}

/// Replaces references to parameters, bodies and responses, and drops what no method can use.
fn inline_reusable(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    let before = spec.clone();
    let mut circular = Vec::new();
    let mut unused = Vec::new();
    let mut odd = Vec::new();
    let mut unfolded = 0;
    for (path, item) in spec.doc["paths"].as_object_mut().into_iter().flatten() {
        let Some(item) = item.as_object_mut() else {
            continue;
        };
        let shared = item.shift_remove("parameters").unwrap_or_default();
        item.retain(|method, operation| {
            let is_fit = !METHODS.contains(&method.as_str()) || operation.is_object();
            if !is_fit {
                odd.push(format!("/paths/{}/{method}", escape(path)));
            }
            is_fit
        });
        for (method, operation) in item {
            if !METHODS.contains(&method.as_str()) {
                continue;
            }
            let pointer = format!("/paths/{}/{method}", escape(path));
            if unfolded > limits::UNFOLDED {
                return Err(before
                    .problem(
                        pointer,
                        "the parts that operations share make the document too large once they are written out",
                        "add an overlay action that makes the largest parts component schemas",
                    )
                    .into());
            }
            let operation = object_of(operation);
            let parameters = all_parameters(&before, &shared, operation);
            circular.extend((0..parameters.len()).filter_map(|index| {
                parameters[index].get("$ref")?;
                Some(format!("{pointer}/parameters/{index}"))
            }));
            unfolded += parameters.iter().map(limits::size).sum::<usize>();
            if !parameters.is_empty() {
                operation.insert("parameters".to_owned(), parameters.into());
            }
            if let Some(body) = operation.get_mut("requestBody") {
                *body = resolved(&before, body);
                unfolded += limits::size(body);
                if body.get("$ref").is_some() {
                    circular.push(format!("{pointer}/requestBody"));
                }
            }
            let responses = operation.get_mut("responses").map(object_of);
            for (status, response) in responses.into_iter().flatten() {
                *response = resolved(&before, response);
                unfolded += limits::size(response);
                let response = object_of(response);
                if response.contains_key("$ref") {
                    circular.push(format!("{pointer}/responses/{status}"));
                }
                // Every header of an answer is at hand, declared or not.
                response.shift_remove("headers");
                response.shift_remove("links");
            }
            if operation.shift_remove("callbacks").is_some() {
                unused.push(pointer);
            }
        }
    }
    let odd = odd
        .iter()
        .map(|it| format!("`{it}` is no operation, and left out"));
    let unused = unused
        .iter()
        .map(|it| format!("`{it}`: its callbacks are calls to the client, and left out"));
    odd.chain(unused).for_each(|line| context.report.line(line));
    // All that they were for is written out now.
    for section in [
        "parameters",
        "requestBodies",
        "responses",
        "headers",
        "examples",
        "links",
        "callbacks",
        "pathItems",
    ] {
        if let Some(components) = spec.doc["components"].as_object_mut() {
            components.shift_remove(section);
        }
    }
    object_of(&mut spec.doc).shift_remove(PARTS_OF_FILES);
    Problems::none_or(
        circular
            .into_iter()
            .map(|pointer| {
                before.problem(
                    pointer,
                    "a `$ref` that leads back to itself",
                    "replace it with an overlay action by what it should name",
                )
            })
            .collect(),
    )
}

/// The operation's own parameters, then those of its path that it does not overrule.
fn all_parameters(spec: &Spec, shared: &Value, operation: &Map<String, Value>) -> Vec<Value> {
    let list = |node: &Value| -> Vec<Value> {
        elements(node)
            .map(|parameter| resolved(spec, parameter))
            .collect()
    };
    let own = operation.get("parameters").map(list).unwrap_or_default();
    let identity = |parameter: &Value| (parameter["name"].clone(), parameter["in"].clone());
    let mut inherited = list(shared);
    inherited.retain(|shared| !own.iter().any(|own| identity(own) == identity(shared)));
    // Its own first: their indexes stay true.
    own.into_iter().chain(inherited).collect()
}

/// `#/components/schemas/A/properties/b` becomes component `A.b`, at its old place too.
fn name_sub_paths(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
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
    walk::for_each_reference_mut(&mut spec.doc, &mut |_, target| {
        if let Some(key) = moved.get(target) {
            *target = format!("#/components/schemas/{}", escape(key));
        }
    });
    let mut elsewhere = Vec::new();
    walk::for_each_schema_mut(&mut spec.doc, &mut |pointer, schema| {
        if let Some(target) = schema["$ref"].as_str()
            && component_of(target).is_none()
        {
            elsewhere.push((pointer.to_owned(), target.to_owned()));
        }
    });
    Problems::none_or(
        elsewhere
            .into_iter()
            .map(|(pointer, target)| {
                spec.problem(
                    pointer,
                    format!("`$ref` to `{target}`, which is not below /components/schemas"),
                    "add an overlay action that makes the target a component schema",
                )
            })
            .collect(),
    )
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
    let mut names = names.map(spec::unescape);
    let mut key = names.next().unwrap_or_default();
    for name in names {
        key.push('.');
        key.push_str(&name);
    }
    key
}

/// What no operation reaches is no part of the API; returns the names of what went.
pub(super) fn drop_unreached(spec: &mut Spec) -> Vec<String> {
    let kept = spec.schemas().into_iter().flatten();
    let kept: Vec<Value> = kept
        .filter(|(_, schema)| schema["x-keep"] == true)
        .map(|(name, _)| schema_reference(name))
        .collect();
    let reached = spec.reach(kept.iter().chain([&spec.doc["paths"]]));
    let mut dropped = Vec::new();
    spec.schemas_mut().retain(|name, _| {
        let keep = reached.contains(name);
        if !keep {
            dropped.push(format!("`{name}`"));
        }
        keep
    });
    dropped
}

fn report_dropped(spec: &mut Spec, context: &mut Context<'_>) {
    let dropped = drop_unreached(spec);
    if !dropped.is_empty() {
        context.report.line(format!(
            "no operation reaches {} components: {}",
            dropped.len(),
            dropped.join(", ")
        ));
    }
}

/// `nullable` on a component becomes `nullable` wherever it is used: progenitor
/// would make the component a type that has to be unwrapped everywhere.
pub(crate) fn move_nullable_to_users(spec: &mut Spec) {
    let mut nullable = BTreeSet::new();
    for (name, schema) in spec.schemas_mut() {
        if schema["nullable"] == true {
            object_of(schema).shift_remove("nullable");
            nullable.insert(name.clone());
        }
    }
    if nullable.is_empty() {
        return;
    }
    walk::for_each_schema_mut(&mut spec.doc, &mut |pointer, schema| {
        // Inside a wrapper, which was visited first.
        if pointer.ends_with("/allOf/0") {
            return;
        }
        let target = schema["$ref"].as_str().and_then(component_of);
        if target.is_some_and(|name| nullable.contains(&name)) {
            *schema = wrap(schema.clone(), None, true);
        } else if alias_target(schema).is_some_and(|name| nullable.contains(&name)) {
            schema["nullable"] = true.into();
        }
    });
}

/// A component that is only another name for a scalar, a list or a map goes:
/// progenitor would make it a type that has to be unwrapped everywhere.
fn inline_aliases(spec: &mut Spec, context: &mut Context<'_>) {
    let aliases: BTreeMap<String, Value> = spec
        .schemas()
        .into_iter()
        .flatten()
        .filter(|(name, schema)| is_alias(schema) && !spec.reach([*schema]).contains(*name))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    // An alias may name another; chains of them have an end, see `limits`.
    let mut is_settled = aliases.is_empty();
    while !is_settled {
        is_settled = true;
        walk::for_each_schema_mut(&mut spec.doc, &mut |_, schema| {
            let is_nullable = schema["nullable"] == true;
            let description = schema.get("description").cloned();
            if let Some(alias) = alias_target(schema).and_then(|name| aliases.get(&name)) {
                *schema = wrap(alias.clone(), description.as_ref(), is_nullable);
                is_settled = false;
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

/// Whether a component is no type of its own; one that holds itself has to be.
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
pub(crate) fn sub_path_name(key: &str, rules: &Rules) -> String {
    key.split('.')
        .enumerate()
        .map(|(index, step)| {
            if index == 0 {
                rules.component_name(step)
            } else {
                step.to_pascal_case()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;

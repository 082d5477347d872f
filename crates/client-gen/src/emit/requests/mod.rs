//! The requests of the ergonomic crate: a resource to a file, a method to an operation.
//!
//! Read from the lowered document, from the low level's own code, and from the overlay's facts;
//! written as somebody would by hand. What is judgement is written by hand in truth, and says so
//! in the overlay (`x-client.by_hand`, with the reason).

mod builder;
mod checks;
mod code;
mod docs;
mod example;
mod facts;
mod files;
mod kind;
mod limits;
mod low_level;
mod model;
mod statements;
#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use self::facts::{Resource, fact};
use self::low_level::LowLevel;
use self::model::Call;
use super::codes::Registry;
use crate::examples::Examples;
use crate::problem::Result;
use crate::report::Report;
use crate::rules::{Crates, Rules};
use crate::spec::{Operation, Spec, elements};

/// What everything about a request is read from.
pub(super) struct Sources<'a> {
    spec: &'a Spec,
    low: &'a LowLevel,
    examples: &'a Examples,
    codes: Option<&'a Registry>,
    resources: &'a [Resource],
    crates: &'a Crates,
}

impl<'a> Sources<'a> {
    fn constant(&self, code: i64) -> Option<String> {
        self.codes?.constant(code)
    }

    fn meaning(&self, code: i64) -> Option<&'a str> {
        self.codes?.meaning(code)
    }

    fn request(&self, operation: &Operation<'_>) -> Option<&'a Value> {
        self.examples.requests.get(&operation.pointer())
    }

    fn answer(&self, operation: &Operation<'_>) -> Option<&'a Value> {
        let answers = self.examples.answers.get(&operation.pointer())?;
        let is_success = |answer: &&Value| answer["code"].as_i64().is_none_or(|code| code == 0);
        answers.values().find(is_success)
    }

    /// The methods that lead from a client to a resource.
    fn path(&self, resource: &Resource) -> Vec<String> {
        let mut path = vec![resource.accessor.clone()];
        let mut current = resource;
        // A resource cannot be deeper than there are resources.
        for _ in self.resources {
            let of = current.of.as_ref();
            match self.resources.iter().find(|other| Some(&other.key) == of) {
                Some(parent) => {
                    path.insert(0, parent.accessor.clone());
                    current = parent;
                }
                None => break,
            }
        }
        path
    }

    /// The types of ids, which are at the root of the crate.
    fn ids(&self) -> BTreeSet<&'a str> {
        let mut ids = BTreeSet::new();
        let mut nodes = vec![&self.spec.doc];
        while let Some(node) = nodes.pop() {
            let path = node["x-rust-type"]["path"].as_str();
            ids.extend(
                path.and_then(|path| path.strip_prefix("runtime::"))
                    .filter(|name| name.ends_with("Id")),
            );
            match node {
                Value::Object(fields) => nodes.extend(fields.values()),
                Value::Array(items) => nodes.extend(items),
                _ => {}
            }
        }
        ids
    }

    /// The variant of an open list for a value, or its first.
    fn variant(&self, name: &str, value: Option<&Value>) -> &'a str {
        let known = &self.spec.doc["components"]["schemas"][name]["x-enum"];
        elements(known)
            .find(|entry| Some(&entry["value"]) == value)
            .or_else(|| known.get(0))
            .and_then(|entry| entry["name"].as_str())
            .unwrap_or_default()
    }
}

/// Writes every resource: file to code, as yet without the header. `low` are the files of the low
/// level. Nothing is written for a document without the facts that ask for it.
pub(super) fn emit(
    spec: &Spec,
    rules: &Rules,
    low: &BTreeMap<String, String>,
    examples: &Examples,
    codes: Option<&Registry>,
    report: &mut Report,
) -> Result<BTreeMap<String, String>> {
    let known = facts::resources(spec)?;
    if known.is_empty() {
        return Ok(BTreeMap::new());
    }
    report.section(
        "requests",
        "The methods of the ergonomic client, and what of it is written by hand.",
    );
    let low = LowLevel::of(low);
    let mut calls: Vec<Call<'_>> = Vec::new();
    for operation in spec.operations() {
        if let Some(reason) = fact(operation.node, "by_hand") {
            report.line(format!("`{}` is written by hand: {reason}", operation.id()));
        } else if let Some(call) = Call::of(spec, &low, operation, &known) {
            for input in &call.inputs {
                if let Some(pattern) = limits::unchecked_pattern(input.schema) {
                    report.line(format!(
                        "`{}` of `{}` is not checked against `{pattern}`",
                        input.name,
                        operation.id()
                    ));
                }
            }
            calls.push(call);
        } else {
            report.line(format!(
                "`{}` has no method: its answer is bytes",
                operation.id()
            ));
        }
    }
    let mut resources = known.clone();
    for call in &calls {
        if !resources.contains(&call.resource) {
            report.line(format!(
                "`{}` is a resource by its controller's name alone",
                call.resource.key
            ));
            resources.push(call.resource.clone());
        }
    }
    resources.sort_by(|one, other| one.key.cmp(&other.key));
    let sources = Sources {
        spec,
        low: &low,
        examples,
        codes,
        resources: &resources,
        crates: &rules.crates,
    };
    let mut files: BTreeMap<String, String> = resources
        .iter()
        .map(|resource| {
            let mut own: Vec<&Call<'_>> = calls
                .iter()
                .filter(|call| call.resource == *resource)
                .collect();
            own.sort_by_key(|call| place(&call.name));
            (
                format!("{}.rs", resource.key),
                files::file(resource, &own, &sources),
            )
        })
        .collect();
    report.line(format!(
        "{} methods in {} resources",
        calls.len(),
        resources.len()
    ));
    files.insert("mod.rs".to_owned(), files::module(&resources, &calls));
    Ok(files)
}

/// A call of the first method of the low level that needs no argument, or none but its parameters,
/// and that returns a value.
pub(super) fn simplest_call(low: &BTreeMap<String, String>) -> Option<String> {
    let low = LowLevel::of(low);
    let mut calls = low.methods().filter(|(_, method)| !method.is_raw);
    calls.find_map(|(name, method)| match method.arguments.as_slice() {
        [] => Some(format!("{name}()")),
        [(_, ty)] if ty.ends_with("Params") => Some(format!("{name}(&Default::default())")),
        _ => None,
    })
}

/// Where a method is among the others, which keep the document's order.
fn place(method: &str) -> u8 {
    match method.split('_').next() {
        Some("list") => 0,
        Some("get") => 1,
        Some("delete") => 3,
        _ => 2,
    }
}

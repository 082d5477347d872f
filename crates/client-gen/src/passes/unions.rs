//! `unions`: every choice between schemas gets a shape that Rust can have.
//!
//! progenitor guesses here (a discriminator is ignored, overlapping objects
//! become numbered fields), so each `oneOf` and `anyOf` is told apart first:
//!
//! - a branch that is only **null** makes the whole nullable;
//! - by **kind**: string or list, number or object;
//! - strings, some of them listed, become one open enum, and numbers one number;
//! - objects by a **tag**: a property with values of its own in each branch, declared or not;
//! - by a **key**: a required property that no other branch has, where only one branch can hold;
//! - objects that overlap with nothing to tell them apart become **one** object;
//! - what is left stays **JSON**, with a way to read each branch.
//!
//! The result stands in the document as `x-union`; `unions.rs` is written from
//! it. Nothing is guessed: a guess would decode wrongly.

mod plain;
mod steps;
mod untagged;

use serde_json::{Map, Value, json};

use self::plain::Told;
use self::steps::Choice;
use self::untagged::Untagged;
use super::Context;
use crate::problem::Result;
use crate::rules::Rules;
use crate::spec::{Spec, elements, entries, is_note, object_of, unwrapped, wrap};
use crate::walk;

#[expect(clippy::unnecessary_wraps, reason = "as every pass")]
pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "unions",
        "Choices between schemas, and how their branches are told apart.",
    );
    let before = spec.clone();
    let rules = context.names.rules();
    let mut lines = Vec::new();
    let mut untagged = Untagged::default();
    walk::for_each_schema_mut(&mut spec.doc, &mut |pointer, schema| {
        if !is_choice(schema) {
            return;
        }
        let (replacement, how) = tell_apart(&before, schema, rules, &mut untagged);
        lines.push(format!("`{pointer}`: {how}"));
        *schema = replacement;
    });
    for line in lines {
        context.report.line(line);
    }
    untagged.settle(&before, rules, spec);
    Ok(())
}

fn is_choice(schema: &Value) -> bool {
    schema.get("oneOf").is_some() || schema.get("anyOf").is_some()
}

/// A choice as what Rust can have. Never fails: what cannot be distinguished stays JSON, with a way to
/// read each of the branches.
fn tell_apart(spec: &Spec, schema: &Value, rules: &Rules, untagged: &mut Untagged) -> Told {
    let mut branches = Vec::new();
    let mut nullable = schema["nullable"] == true;
    let collected = collect_branches(schema, &mut branches, &mut nullable)
        .and_then(|()| with_common_part(spec, schema, branches.clone()));
    let (mut replacement, how) = match collected {
        Err(why) => steps::raw(&branches, &why),
        Ok(branches) => {
            let choice = Choice::new(spec, schema, branches, rules.any_of_is_one);
            choice.tell_apart(untagged)
        }
    };
    if let Some(union) = replacement.get_mut("x-union") {
        let keyword = ["oneOf", "anyOf"]
            .into_iter()
            .find(|key| schema.get(key).is_some());
        union["keyword"] = keyword.into();
    }
    (wrap(replacement, schema.get("description"), nullable), how)
}

/// What stands beside a choice holds for every branch of it.
fn with_common_part(
    spec: &Spec,
    schema: &Value,
    branches: Vec<Value>,
) -> std::result::Result<Vec<Value>, String> {
    let mut common = schema.clone();
    object_of(&mut common).retain(|key, _| {
        let is_choice = matches!(
            key.as_str(),
            "oneOf" | "anyOf" | "discriminator" | "default"
        );
        !is_choice && !is_note(key) && !key.starts_with("x-")
    });
    let says_something = entries(&common).any(|(key, _)| key != "type");
    if !says_something {
        return Ok(branches);
    }
    branches
        .into_iter()
        .map(|branch| {
            let mut merged = match &common {
                Value::Object(common) => common.clone(),
                _ => Map::new(),
            };
            super::merge::merge_schema(&mut merged, spec.resolve(&branch))?;
            Ok(Value::Object(merged))
        })
        .collect()
}

/// The branches, with choices inside choices opened and `null` taken out.
fn collect_branches(
    schema: &Value,
    branches: &mut Vec<Value>,
    nullable: &mut bool,
) -> std::result::Result<(), String> {
    if schema.get("oneOf").is_some() && schema.get("anyOf").is_some() {
        return Err("it has both `oneOf` and `anyOf`".to_owned());
    }
    for branch in elements(&schema["oneOf"]).chain(elements(&schema["anyOf"])) {
        let says_only_null =
            branch["nullable"] == true && entries(branch).all(|(key, _)| is_note(key));
        let is_null = says_only_null || branch["type"] == "null" || branch["enum"] == json!([null]);
        if is_null {
            *nullable = true;
            continue;
        }
        *nullable |= branch["nullable"] == true;
        if is_choice(branch) {
            if entries(branch).any(|(key, _)| !is_note(key) && key != "oneOf" && key != "anyOf") {
                return Err("one of them is a choice with more beside it".to_owned());
            }
            collect_branches(branch, branches, nullable)?;
        } else {
            // A wrapper with a description would hide the reference.
            let mut branch = unwrapped(branch).unwrap_or(branch).clone();
            object_of(&mut branch).shift_remove("nullable");
            branches.push(branch);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;

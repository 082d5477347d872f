//! The documentation of a method: what it does, what it calls, how it fails, an example.

use spec_diff::escape::code;

use super::checks;
use super::example;
use super::kind::Kind;
use super::limits::is_object_id;
use super::model::{Call, Input, Place};
use super::text::{first_sentence, sentence, wrap};
use super::{Sources, facts::fact};
use crate::emit::operations;
use crate::spec::elements;

/// The lines over a method.
pub(super) fn of(call: &Call<'_>, sources: &Sources<'_>) -> Vec<String> {
    let node = call.operation.node;
    let described = node["description"].as_str().unwrap_or_default();
    let described = described
        .split("# Errors")
        .next()
        .unwrap_or_default()
        .trim();
    let described = match described {
        "" => node["summary"].as_str().unwrap_or_default(),
        text => text,
    };
    let (first, rest) = first_sentence(described);
    let mut paragraphs = vec![sentence(first)];
    paragraphs.extend(Some(rest.to_owned()).filter(|rest| !rest.is_empty()));
    paragraphs.extend(fact(node, "note").map(|note| note.trim().to_owned()));
    paragraphs.extend(call.parts.as_deref().map(|_| parts(call)));
    if node["security"].as_array().is_some_and(Vec::is_empty) {
        paragraphs.push("Public: works without a key.".to_owned());
    }
    let mut calls = format!(
        "Calls {}.",
        code(&format!(
            "{} {}",
            call.operation.method.to_uppercase(),
            call.operation.path
        ))
    );
    match operations::retry(&call.operation) {
        "effect" => {
            calls.push_str(" It has an effect, so it is not repeated once it may have been done.");
        }
        "idempotent" => {
            calls.push_str(" Doing it twice does no harm, so a failed call is repeated.");
        }
        _ => {}
    }
    paragraphs.push(calls);
    paragraphs.push("# Errors".to_owned());
    let mut lines = wrap(&paragraphs.join("\n\n"));
    lines.push(String::new());
    match errors(call, sources).as_slice() {
        [] => lines.push("Any [`Error`](crate::Error).".to_owned()),
        errors => {
            for error in errors {
                lines.extend(wrap(&format!("- {error}")));
            }
        }
    }
    lines.push(String::new());
    lines.extend(example::of(call, sources));
    lines
}

fn parts(call: &Call<'_>) -> String {
    if call.joins {
        "The service takes 20 ids at once; for more of them it is called several times, and the answers are put together."
    } else {
        "The service takes 20 ids at once, so more of them go in several requests; if one of these fails, those before it have been done, and the call can be made again as it is."
    }
    .to_owned()
}

/// Each way to fail that belongs to the operation.
fn errors(call: &Call<'_>, sources: &Sources<'_>) -> Vec<String> {
    let mut errors = Vec::new();
    if operations::retry(&call.operation) == "effect" {
        errors.push(
            "[`Error::Ambiguous`](crate::Error::Ambiguous): it is not known whether it was done."
                .to_owned(),
        );
    }
    let wrong = refusals(call);
    if !wrong.is_empty() {
        errors.push(format!(
            "[`Error::InvalidInput`](crate::Error::InvalidInput): {}.",
            alternatives(&wrong)
        ));
    }
    let mut codes: Vec<i64> = elements(&call.operation.node["x-codes"])
        .filter_map(serde_json::Value::as_i64)
        .collect();
    // Those that say most of this operation come first.
    codes.sort_by_key(|code| *code < 1000 || *code == 10002);
    for code in codes {
        let meaning = sources
            .meaning(code)
            .map_or(String::new(), |meaning| format!(": {meaning}"));
        match sources.constant(code) {
            Some(name) => errors.push(sentence(&format!(
                "[`Code::{name}`](crate::Code::{name}){meaning}"
            ))),
            None => errors.push(sentence(&format!("Code {code}{meaning}"))),
        }
    }
    errors
}

/// What is refused before anything is sent.
fn refusals(call: &Call<'_>) -> Vec<String> {
    call.inputs.iter().flat_map(refusals_of).collect()
}

fn refusals_of(input: &Input<'_>) -> Vec<String> {
    let name = &input.name;
    if is_object_id(input.schema) {
        return vec![format!("`{name}` is not 24 hexadecimal digits")];
    }
    if input.is_address() {
        return vec![format!("`{name}` is no absolute http or https address")];
    }
    if let Some(start) = fact(input.node, "after") {
        return vec![format!("`{name}` is before `{start}`")];
    }
    match (&input.kind, &input.place) {
        (Kind::Period, _) => vec!["the period ends before it begins".to_owned()],
        (_, Place::WholeBody) => vec![format!("`{name}` is no JSON object")],
        (_, Place::Path(_)) => vec![format!("`{name}` is empty or a step in a path")],
        (Kind::List(_), Place::Params(_)) if fact(input.node, "parts").is_none() => Vec::new(),
        (kind, _) => checks::of(name, kind, input.schema)
            .into_iter()
            .map(|check| check.fails)
            .collect(),
    }
}

fn alternatives(of: &[String]) -> String {
    match of {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{}, or {last}", rest.join(", ")),
    }
}

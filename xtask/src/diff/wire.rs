//! The contract: what any client in any language sees.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use spec_diff::{Direction, Document, Level, Options, Report};

use super::finding::{At, Effect, Finding, Impact};
use super::remedy;
use crate::problem::{Problem, Result};

/// Reads a document for comparison.
pub fn document(text: &str, name: &str) -> Result<Document> {
    Document::parse(text.as_bytes(), name).map_err(|error| {
        problem(
            &error,
            "give an OpenAPI 3.0 or 3.1 document in JSON or YAML that refers to nothing outside itself",
        )
        .into()
    })
}

/// What spec-diff says is wrong with an input, in our form.
pub(crate) fn problem(error: &spec_diff::Error, fix: &str) -> Problem {
    let name = error.name();
    let at = match error.position() {
        Some(position) => format!("{name}:{}:{}", position.line, position.column),
        None => name.to_owned(),
    };
    Problem::new(at, error.message(), fix)
}

/// The levels of rules, where the project has others.
pub(crate) type Levels = BTreeMap<String, Level>;

/// Compares the contract, without text and examples.
pub(crate) fn compare(old: &Document, new: &Document, levels: &Levels) -> Report {
    let options = Options {
        levels: levels.clone(),
        ..Options::default()
    };
    spec_diff::compare(old, new, &options)
}

/// The contract's changes, with what restores a loss.
pub(crate) fn contract(report: &Report, old: &Value, new: &Value) -> Vec<Finding> {
    report
        .findings()
        .iter()
        .map(|finding| {
            let remedy = match finding.level {
                // What became impossible to receive is no loss on the wire, but one in Rust.
                Level::Info if finding.direction == Direction::Request => None,
                _ => remedy::restore(finding, old, new),
            };
            take(report, finding, Effect::Wire)
                .todo(if finding.level >= Level::Undecidable && remedy.is_some() {
                    "check a real answer: if the service has not changed, paste the remedy"
                } else {
                    ""
                })
                .remedy(remedy)
        })
        .collect()
}

/// Changes of text and examples only.
pub(crate) fn docs(old: &Document, new: &Document, contract: &Report) -> Vec<Finding> {
    let all = Options {
        docs: true,
        ..Options::default()
    };
    let known: BTreeSet<&str> = contract
        .findings()
        .iter()
        .map(|finding| finding.fingerprint.as_str())
        .collect();
    let report = spec_diff::compare(old, new, &all);
    report
        .findings()
        .iter()
        .filter(|finding| !known.contains(finding.fingerprint.as_str()))
        .map(|finding| take(&report, finding, Effect::Docs))
        .collect()
}

fn take(report: &Report, finding: &spec_diff::Finding, effect: Effect) -> Finding {
    let impact = match finding.level {
        Level::Info => Impact::Info,
        Level::Warning => Impact::Warning,
        Level::Undecidable => Impact::NeedsAction,
        Level::BreaksRequests | Level::BreaksResponses | Level::BreaksBoth => Impact::Breaks,
    };
    let (file, location) = if finding.after.is_none() && finding.before.is_some() {
        (report.old_name(), &finding.old)
    } else {
        (report.new_name(), &finding.new)
    };
    let mut taken = Finding::new(
        effect,
        impact,
        finding.id(),
        &finding.place,
        finding.reason(),
    )
    .change(finding.before.clone(), finding.after.clone())
    .operations(finding.operations.iter().map(ToString::to_string))
    .at(Some(At {
        file: file.to_owned(),
        line: Some(location.position.line),
        pointer: Some(location.pointer.clone()),
    }));
    taken.fingerprint.clone_from(&finding.fingerprint);
    taken
}

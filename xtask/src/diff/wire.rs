//! The contract: what any client in any language sees.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use spec_diff::{Direction, Document, Level, Options, Report};

use super::finding::{At, Effect, Finding, Impact, Undone};
use super::fit::Fitted;
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

/// The contract as our client sees it: both sides with what is kept beside the document. `None` if
/// one of them cannot be had.
pub(crate) fn truth(was: &Fitted, is: &Fitted, levels: &Levels) -> Option<Report> {
    let read = |side: &Fitted| document(side.overlaid.as_ref()?, &side.name).ok();
    Some(compare(&read(was)?, &read(is)?, levels))
}

/// The contract's changes, with what restores a loss.
///
/// A change that `truth` does not have is undone by what is kept beside the document: it reaches
/// nobody. One that only `truth` has comes from an edit of that.
pub(crate) fn contract(
    report: &Report,
    truth: Option<&Report>,
    old: &Value,
    new: &Value,
) -> Vec<Finding> {
    let Some(truth) = truth else {
        return report
            .findings()
            .iter()
            .map(|finding| broken(report, finding, old, new))
            .collect();
    };
    let arrived = Index::of(truth);
    let described = Index::of(report);
    let mut found = Vec::new();
    for finding in report.findings() {
        found.push(match arrived.get(finding) {
            Some(arrived) => {
                let mut found = broken(report, finding, old, new);
                found.impact = impact(arrived.level);
                found
            }
            None => {
                let mut undone = take(report, finding, Effect::Wire);
                undone.impact = Impact::Info;
                undone.undone = Some(Undone::Overlay);
                undone
            }
        });
    }
    for finding in truth.findings() {
        if described.get(finding).is_none() {
            let mut ours = take(truth, finding, Effect::Wire);
            // It has no line in a file that anybody has.
            if let Some(at) = &mut ours.at {
                at.line = None;
            }
            found.push(ours);
        }
    }
    found
}

/// Findings by what makes two of them the same change.
struct Index<'a> {
    fingerprints: BTreeMap<&'a str, &'a spec_diff::Finding>,
    places: BTreeMap<(&'a str, &'a str), &'a spec_diff::Finding>,
}

impl<'a> Index<'a> {
    fn of(report: &'a Report) -> Self {
        let all = report.findings();
        Self {
            fingerprints: all.iter().map(|f| (f.fingerprint.as_str(), f)).collect(),
            places: all.iter().map(|f| (Self::place(f), f)).collect(),
        }
    }

    fn place(finding: &spec_diff::Finding) -> (&str, &str) {
        (finding.id(), &finding.new.pointer)
    }

    /// A correction may change what a finding shows of before and after, so its place counts, too.
    fn get(&self, finding: &spec_diff::Finding) -> Option<&'a spec_diff::Finding> {
        let same = self.fingerprints.get(finding.fingerprint.as_str());
        same.or_else(|| self.places.get(&Self::place(finding)))
            .copied()
    }
}

/// A change of the contract, with what restores what is lost.
fn broken(report: &Report, finding: &spec_diff::Finding, old: &Value, new: &Value) -> Finding {
    let remedy = match finding.level {
        // What became impossible to receive is no loss on the wire, but one in Rust.
        Level::Info if finding.direction == Direction::Request => None,
        _ => remedy::restore(finding, old, new),
    };
    let todo = if finding.level >= Level::Undecidable && remedy.is_some() {
        "check a real answer: if the service has not changed, paste the remedy"
    } else {
        ""
    };
    take(report, finding, Effect::Wire)
        .todo(todo)
        .remedy(remedy)
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
    let (file, location) = if finding.after.is_none() && finding.before.is_some() {
        (report.old_name(), &finding.old)
    } else {
        (report.new_name(), &finding.new)
    };
    let mut taken = Finding::new(
        effect,
        impact(finding.level),
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

fn impact(level: Level) -> Impact {
    match level {
        Level::Info => Impact::Info,
        Level::Warning => Impact::Warning,
        Level::Undecidable => Impact::NeedsAction,
        Level::BreaksRequests | Level::BreaksResponses | Level::BreaksBoth => Impact::Breaks,
    }
}

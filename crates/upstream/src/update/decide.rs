//! What only a person can decide: changes that contradict what is known, and edits that nothing
//! says how to make.

use std::fmt::Write as _;

use client_gen::kept::{Change, ChangeKind};
use client_gen::problem::{Problem, Problems, Result};

use crate::diff::side::ACKNOWLEDGED;
use crate::diff::{Drift, Finding};

/// One thing to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What `--accept` takes; empty where a file has to be edited.
    pub id: String,
    /// What happened, in a word.
    kind: &'static str,
    /// Where.
    pub place: String,
    /// What happened there.
    pub what: String,
    todo: String,
    /// The operation in the document, for the findings that belong to it.
    pointer: String,
}

impl Decision {
    pub(super) fn of(change: &Change) -> Self {
        let id = change.id();
        let (kind, what) = match change.kind {
            ChangeKind::Removed => ("removed", format!("{} is gone", change.was)),
            ChangeKind::Type => ("type", format!("was {}, is {}", change.was, change.is)),
            ChangeKind::Moved => (
                "moved",
                format!("was at {}, is at {}", change.was, change.is),
            ),
            ChangeKind::BecameRequired => (
                "required",
                format!(
                    "was {}, is {}: a call without it is refused",
                    change.was, change.is
                ),
            ),
            ChangeKind::ValueRefused => (
                "refused",
                format!("{} was accepted; now only {}", change.was, change.is),
            ),
        };
        Self {
            todo: format!("to accept it: --accept {id}   (goes to {ACKNOWLEDGED}; --reason \"…\")"),
            id,
            kind,
            place: format!("{}  {}", change.operation, change.pointer),
            what,
            pointer: change.pointer.clone(),
        }
    }

    pub(super) fn edit(problem: &Problem) -> Self {
        Self {
            id: String::new(),
            kind: "edit",
            place: problem.at.clone(),
            what: problem.what.clone(),
            todo: problem.fix.clone(),
            pointer: String::new(),
        }
    }
}

/// Whether `--accept` names this one: by its id, or by how it begins and a `*`.
fn is_meant(accept: &str, id: &str) -> bool {
    match accept.strip_suffix('*') {
        Some(start) => !start.is_empty() && id.starts_with(start),
        None => !id.is_empty() && accept == id,
    }
}

/// What is still to decide, and what is accepted.
pub(super) fn split(all: &[Decision], accept: &[String]) -> Result<(Vec<Decision>, Vec<Decision>)> {
    let unknown: Vec<Problem> = accept
        .iter()
        .filter(|id| !all.iter().any(|it| is_meant(id, &it.id)))
        .map(|id| {
            let known = all.iter().map(|it| it.id.as_str());
            let known: Vec<&str> = known.filter(|id| !id.is_empty()).collect();
            Problem::new(
                format!("--accept {id}"),
                "the document changes nothing of that id",
                format!("give one of: {}", known.join(", ")),
            )
        })
        .collect();
    Problems::none_or(unknown)?;
    let is_accepted = |it: &&Decision| accept.iter().any(|id| is_meant(id, &it.id));
    Ok((
        all.iter().filter(|it| !is_accepted(it)).cloned().collect(),
        all.iter().filter(is_accepted).cloned().collect(),
    ))
}

/// The first screen where something is to decide.
pub(super) fn render(name: &str, open: &[Decision], problems: &[String]) -> String {
    let count = open.len() + problems.len();
    let mut text = format!("{name}: {count} decisions, nothing was changed\n\nTo do\n");
    for (index, decision) in open.iter().enumerate() {
        let Decision {
            kind,
            place,
            what,
            todo,
            ..
        } = decision;
        let _ = writeln!(
            text,
            "  {:<3}{kind:<9}{place}\n     {what}\n     {todo}",
            index + 1
        );
    }
    for (index, problem) in problems.iter().enumerate() {
        let problem = problem.replace('\n', "\n     ");
        let _ = writeln!(text, "  {:<3}{problem}", open.len() + index + 1);
    }
    text.push('\n');
    text
}

/// `acknowledged.toml` with an entry for every break that what was accepted makes; `None` for no
/// change.
pub(super) fn acknowledged(
    text: &str,
    accepted: &[Decision],
    drift: &Drift,
    reason: Option<&str>,
) -> Option<String> {
    let mut text = text.to_owned();
    let mut is_changed = false;
    for finding in &drift.findings {
        let Some(decision) = accepted.iter().find(|it| belongs(finding, it)) else {
            continue;
        };
        let entry = format!("fingerprint = \"{}\"", finding.fingerprint);
        if !finding.impact.fails() || text.contains(&entry) {
            continue;
        }
        let reason =
            reason.map_or_else(|| format!("accepted as {}", decision.id), ToOwned::to_owned);
        let _ = write!(
            text,
            "\n[[acknowledge]]\n{entry}\nreason = {}\n",
            serde_json::Value::from(reason)
        );
        is_changed = true;
    }
    is_changed.then_some(text)
}

/// Whether a finding is about the operation of a decision.
fn belongs(finding: &Finding, decision: &Decision) -> bool {
    let operation = |pointer: &str| {
        let steps: Vec<&str> = pointer.split('/').take(4).collect();
        (steps.get(1) == Some(&"paths") || steps.get(1) == Some(&"components"))
            .then(|| steps.join("/"))
    };
    let about = finding.at.as_ref().and_then(|at| at.pointer.as_deref());
    match (operation(&decision.pointer), about.and_then(operation)) {
        (Some(decided), Some(found)) => decided == found,
        // What follows in Rust has no place in the document.
        (_, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(id: &str) -> Decision {
        Decision {
            id: id.to_owned(),
            kind: "removed",
            place: String::new(),
            what: String::new(),
            todo: String::new(),
            pointer: String::new(),
        }
    }

    #[test]
    fn what_is_accepted_is_named_whole_or_by_how_it_begins() {
        let all = ["removed:tea_get", "removed:tea_list", "type:tea_list:1", ""].map(decision);
        let split = |accept: &[&str]| {
            let accept: Vec<String> = accept.iter().map(|&id| id.to_owned()).collect();
            split(&all, &accept).map(|(open, _)| {
                let ids = open.iter().map(|it| it.id.clone());
                ids.collect::<Vec<_>>()
            })
        };
        assert_eq!(split(&["removed:tea_get"]).unwrap().len(), 3);
        assert_eq!(
            split(&["removed:*"]).unwrap(),
            ["type:tea_list:1".to_owned(), String::new()]
        );
        // Neither everything nor what can only be edited.
        for accept in ["*", "", "moved:*", "removed:tea"] {
            let refused = split(&[accept]).unwrap_err().to_string();
            assert!(
                refused.contains("give one of: removed:tea_get, removed:tea_list, type:tea_list:1"),
                "{refused}"
            );
        }
    }
}

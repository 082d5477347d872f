//! Reports for people and programs.
//!
//! People read causes: what happened, what to do, whom it reaches, what upstream did, and then each
//! cause with its places folded. Programs get every finding.
//!
//! What comes from a document is untrusted: control characters are written out, and nothing in it
//! is markup.

mod callers;
mod escape;
mod github;
mod json;
mod junit;
mod markdown;
mod sarif;
mod text;

pub use github::github;
pub use json::{JSON_SCHEMA, JSON_VERSION, json};
pub use junit::junit;
pub use markdown::markdown;
pub use sarif::sarif;
pub use text::{text, text_of_all};

use super::acknowledge::entries;
use super::cause::Cause;
use super::keeps::Keeps;
use super::side::KEPT;
use super::{Accepted, Drift, Effect, Finding, Undone};

/// Causes that a report has sections for: open ones, that are about more than words.
fn sections<'c, 'a>(causes: &'c [Cause<'a>]) -> Vec<(Effect, Vec<&'c Cause<'a>>)> {
    let is_open = |cause: &&Cause<'_>| {
        let first = cause.first();
        first.acknowledged.is_none() && first.undone.is_none() && first.effect != Effect::Docs
    };
    let mut sections: Vec<(Effect, Vec<&Cause<'_>>)> = Vec::new();
    for cause in causes.iter().filter(is_open) {
        let effect = cause.first().effect;
        match sections.last_mut() {
            Some((last, all)) if *last == effect => all.push(cause),
            _ => sections.push((effect, vec![cause])),
        }
    }
    sections
}

/// Causes whose effect is undone in this way.
fn undone<'c, 'a>(causes: &'c [Cause<'a>], by: Undone) -> Vec<&'c Cause<'a>> {
    let all = causes.iter();
    all.filter(|cause| cause.first().undone == Some(by))
        .collect()
}

/// How many facts are kept, and of how many kinds.
fn kept_heading(kept: &[Keeps]) -> String {
    let count: usize = kept.iter().map(|cause| cause.count).sum();
    let causes = match kept.len() {
        1 => "1 cause".to_owned(),
        n => format!("{n} causes"),
    };
    format!("Kept ({causes}, {}): {KEPT}", places(count))
}

/// Whose facts are kept, those with most of them by name.
fn owners(cause: &Keeps) -> String {
    let named = cause
        .owners
        .iter()
        .take(4)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match cause.owners.len().saturating_sub(4) {
        0 => named,
        rest => format!("{named}, {rest} more"),
    }
}

/// Each of these causes with the number of its places.
fn counted(causes: &[&Cause<'_>]) -> String {
    let each = causes
        .iter()
        .map(|cause| format!("{} {}", cause.count(), cause.first().id));
    each.collect::<Vec<_>>().join(", ")
}

/// The first line: what was compared, and how many operations there are.
fn title(drift: &Drift) -> String {
    match drift.operations {
        Some(of) if of.before != of.after => format!("{} → {} operations", of.before, of.after),
        Some(of) if of.after == 1 => "1 operation".to_owned(),
        Some(of) => format!("{} operations", of.after),
        None => "operations cannot be counted".to_owned(),
    }
}

/// Findings that the project has decided to accept.
fn acknowledged(drift: &Drift) -> impl Iterator<Item = (&Finding, &Accepted)> {
    let all = drift.findings.iter();
    all.filter_map(|finding| Some((finding, finding.acknowledged.as_ref()?)))
}

/// What could be accepted, worst effect first; nothing while a side cannot be generated, because
/// that stops every gate all the same.
fn acceptable(drift: &Drift) -> Vec<&Finding> {
    if drift.verdict.is_unknown() {
        return Vec::new();
    }
    let fail = |finding: &&Finding| finding.fails() && !finding.must_be_mended();
    drift.findings.iter().filter(fail).collect()
}

/// What to paste to accept these.
fn acceptance(findings: &[&Finding]) -> String {
    entries(findings.iter().copied())
}

/// `1 place`, `3 places`.
fn places(count: usize) -> String {
    format!("{count} place{}", if count == 1 { "" } else { "s" })
}

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
use super::{Accepted, Drift, Effect, Finding};

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

/// Causes whose effect is undone by what is kept beside the document.
fn undone<'c, 'a>(causes: &'c [Cause<'a>]) -> Vec<&'c Cause<'a>> {
    causes
        .iter()
        .filter(|cause| cause.first().undone.is_some())
        .collect()
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
        Some(of) if of.before == of.after => format!("{} operations", of.after),
        Some(of) => format!("{} → {} operations", of.before, of.after),
        None => "operations cannot be counted".to_owned(),
    }
}

/// Findings that the project has decided to accept.
fn acknowledged(drift: &Drift) -> impl Iterator<Item = (&Finding, &Accepted)> {
    let all = drift.findings.iter();
    all.filter_map(|finding| Some((finding, finding.acknowledged.as_ref()?)))
}

/// What could be accepted, worst effect first.
fn acceptable(drift: &Drift) -> Vec<&Finding> {
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

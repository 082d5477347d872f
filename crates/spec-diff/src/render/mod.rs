//! Reports for people and programs: text, Markdown, HTML, JSON, GitHub annotations, `JUnit` and SARIF.
//!
//! Every renderer returns the whole output. What comes from a document is escaped for the place where it
//! lands, and control characters are written out.

mod github;
mod html;
mod json;
mod junit;
mod markdown;
mod plain;
mod sarif;
mod short;
mod text;

pub use github::github;
pub use html::html;
pub use json::{JSON_SCHEMA, JSON_VERSION, json};
pub use junit::junit;
pub use markdown::markdown;
pub use plain::plain;
pub use sarif::sarif;
pub use short::short;
pub use text::{Color, text};

use crate::escape::shortened;
use crate::finding::Finding;
use crate::level::{Direction, Level};

/// What a group of findings has in common.
fn heading(level: Level) -> &'static str {
    match level {
        Level::Info => "Compatible",
        Level::Warning => "Warnings",
        Level::Undecidable => "Cannot be decided",
        Level::BreaksResponses => "Breaks old responses",
        Level::BreaksRequests => "Breaks old requests",
        Level::BreaksBoth => "Breaks old requests and responses",
    }
}

/// Findings level by level, worst first, without empty groups.
fn groups(findings: &[Finding]) -> impl Iterator<Item = (Level, &[Finding])> {
    findings
        .chunk_by(|a, b| a.level == b.level)
        .filter_map(|group| Some((group.first()?.level, group)))
}

/// `"a" → "b"`, or what is there of it.
fn change(finding: &Finding) -> Option<String> {
    match (&finding.before, &finding.after) {
        (Some(before), Some(after)) => Some(format!("{before} → {after}")),
        (Some(before), None) => Some(format!("was {before}")),
        (None, Some(after)) => Some(format!("now {after}")),
        (None, None) => None,
    }
}

/// A value that proves the break, with what becomes of it.
fn witness(finding: &Finding) -> Option<String> {
    let witness = finding.witness.as_ref()?;
    let fate = if witness.direction == Direction::Request {
        "was accepted and is refused now"
    } else {
        "was ruled out and can arrive now"
    };
    let value = shortened(&witness.value.to_string(), WITNESS);
    Some(format!("{}: {value} {fate}", witness.place))
}

/// Characters of a value that a report shows.
const WITNESS: usize = 400;

/// The operations affected, at most `limit` of them by name.
fn operations(finding: &Finding, limit: usize) -> Option<String> {
    let all = &finding.operations;
    let named: Vec<String> = all.iter().take(limit).map(ToString::to_string).collect();
    let rest = all.len().saturating_sub(limit);
    match (all.len(), rest) {
        (0, _) => None,
        (1, _) => Some(named.join("")),
        (count, 0) => Some(format!("{count} operations: {}", named.join(", "))),
        (count, rest) => Some(format!(
            "{count} operations: {} and {rest} more",
            named.join(", ")
        )),
    }
}

/// The id of the rule, and of the one for the other direction.
fn ids(finding: &Finding) -> String {
    match finding.also {
        Some(also) => format!("{} (also {})", finding.id(), also.id),
        None => finding.id().to_owned(),
    }
}

/// The file to point at, with the place in it: the newer one, unless the thing is only in the older.
fn there<'f>(report: &'f crate::Report, finding: &'f Finding) -> (&'f str, &'f crate::Location) {
    let (document, location) = if finding.after.is_none() && finding.before.is_some() {
        (&report.old, &finding.old)
    } else {
        (&report.new, &finding.new)
    };
    (location.file.as_ref().unwrap_or(document), location)
}

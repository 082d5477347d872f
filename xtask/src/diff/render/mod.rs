//! Reports for people and programs.
//!
//! What comes from a document is untrusted: control characters are written out, and nothing in it
//! is markup.

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
pub use text::text;

use super::acknowledge::entries;
use super::verdict::Witness;
use super::{Accepted, Drift, Effect, Finding};

/// The findings of each effect that has any, without those that are acknowledged.
fn groups(drift: &Drift) -> impl Iterator<Item = (Effect, Vec<&Finding>)> {
    drift
        .findings
        .chunk_by(|a, b| a.effect == b.effect)
        .filter_map(|group| {
            let open = group
                .iter()
                .filter(|finding| finding.acknowledged.is_none());
            let open: Vec<&Finding> = open.collect();
            Some((open.first()?.effect, open))
        })
}

/// Findings that the project has decided to accept.
fn acknowledged(drift: &Drift) -> impl Iterator<Item = (&Finding, &Accepted)> {
    let all = drift.findings.iter();
    all.filter_map(|finding| Some((finding, finding.acknowledged.as_ref()?)))
}

/// What to paste to accept everything that fails; empty if nothing can be.
fn acceptance(drift: &Drift) -> String {
    let fail = |finding: &&Finding| finding.fails() && !finding.must_be_mended();
    entries(drift.findings.iter().filter(fail))
}

/// What is said of binaries already shipped when nothing happens to them.
const NOTHING: &str = "nothing: what they read still reads, and what they send is still taken";
/// The same when a side could not be generated, so that nobody knows.
const UNKNOWN: &str =
    "unknown: only the contract could be compared, as a side could not be generated";

/// What is said of binaries already shipped when there is no finding about them.
fn nothing_at_run_time(drift: &Drift) -> &'static str {
    match drift.verdict.witness {
        Witness::Impossible => UNKNOWN,
        _ => NOTHING,
    }
}

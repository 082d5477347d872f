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

use super::{Drift, Effect, Finding};

/// The findings of each effect that has any.
fn groups(drift: &Drift) -> impl Iterator<Item = (Effect, &[Finding])> {
    drift
        .findings
        .chunk_by(|a, b| a.effect == b.effect)
        .filter_map(|group| Some((group.first()?.effect, group)))
}

/// What is said of binaries already shipped when nothing happens to them.
const NOTHING: &str = "nothing: what they read still reads, and what they send is still taken";

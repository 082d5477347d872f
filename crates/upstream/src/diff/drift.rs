//! What came of a comparison.

use serde::Serialize;

use super::cause::{Cause, causes};
use super::finding::{Effect, Finding};
use super::keeps::Keeps;
use super::tally::Did;
use super::todo;
use super::verdict::Verdict;

/// How many operations a document has, before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Operations {
    /// On the older side.
    pub before: usize,
    /// On the newer side.
    pub after: usize,
}

/// Everything that a change does.
#[derive(Debug)]
pub struct Drift {
    /// The name of the older side.
    pub base: String,
    /// The name of the newer side.
    pub revision: String,
    /// The operations of both sides, if both can be read that far.
    pub operations: Option<Operations>,
    /// The answer in one paragraph.
    pub verdict: Verdict,
    /// What upstream did, in words and numbers.
    pub upstream: Vec<Did>,
    /// What upstream only stopped saying, by cause, since the older side.
    pub kept: Vec<Keeps>,
    /// By effect, then worst first.
    pub findings: Vec<Finding>,
    /// What the newer side generates, not yet formatted, if it was generated without a hitch.
    pub(crate) generated: Option<client_gen::generate::Generated>,
}

impl Drift {
    /// The findings by cause: by effect, then worst first.
    pub fn causes(&self) -> Vec<Cause<'_>> {
        causes(&self.findings)
    }

    /// What a person has to do, in order; empty if that is nothing.
    pub fn todo(&self) -> Vec<String> {
        todo::list(&self.causes())
    }

    /// Brings the findings into the order of a report.
    pub(crate) fn sort(&mut self) {
        sort(&mut self.findings);
    }

    /// How many findings are about text and examples only.
    pub(crate) fn texts(&self) -> usize {
        let all = self.findings.iter();
        all.filter(|finding| finding.effect == Effect::Docs).count()
    }
}

/// By effect, then worst first.
pub(crate) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let worst = b.impact.cmp(&a.impact);
        let place = || (&a.place, &a.id).cmp(&(&b.place, &b.id));
        a.effect.cmp(&b.effect).then(worst).then_with(place)
    });
}

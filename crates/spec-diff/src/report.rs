//! The result of a comparison.

use std::collections::BTreeMap;
use std::fmt;

use crate::document::Document;
use crate::finding::Finding;
use crate::level::Level;
use crate::options::Options;

/// Compares two documents. The same documents and options give the same report, to the byte.
pub fn compare(old: &Document, new: &Document, options: &Options) -> Report {
    Report {
        old: old.name().to_owned(),
        new: new.name().to_owned(),
        findings: crate::compare::run(old, new, options),
        acknowledged: Vec::new(),
    }
}

/// What differs between two documents.
#[derive(Debug, Clone)]
pub struct Report {
    pub(crate) old: String,
    pub(crate) new: String,
    pub(crate) findings: Vec<Finding>,
    pub(crate) acknowledged: Vec<Finding>,
}

impl Report {
    /// The name of the older document.
    pub fn old_name(&self) -> &str {
        &self.old
    }

    /// The name of the newer document.
    pub fn new_name(&self) -> &str {
        &self.new
    }

    /// What nobody has acknowledged, worst first.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What a [`Policy`](crate::Policy) has acknowledged, worst first.
    pub fn acknowledged(&self) -> &[Finding] {
        &self.acknowledged
    }

    /// Drops findings that are none of somebody's business; the verdict is about the rest.
    pub fn retain(&mut self, keep: impl Fn(&Finding) -> bool) {
        self.findings.retain(&keep);
        self.acknowledged.retain(keep);
    }

    /// The findings in one word and numbers.
    pub fn verdict(&self) -> Verdict {
        let mut counts = BTreeMap::new();
        for finding in &self.findings {
            *counts.entry(finding.level).or_insert(0) += 1;
        }
        Verdict { counts }
    }
}

/// How many findings there are at each level, not counting acknowledged ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    counts: BTreeMap<Level, usize>,
}

impl Verdict {
    /// The worst level found; `None` if nothing was.
    pub fn worst(&self) -> Option<Level> {
        self.counts.keys().next_back().copied()
    }

    /// How many findings have this level.
    pub fn count(&self, level: Level) -> usize {
        self.counts.get(&level).copied().unwrap_or(0)
    }

    /// Whether clients made for the old document stop working.
    pub fn is_breaking(&self) -> bool {
        self.worst().is_some_and(Level::is_breaking)
    }

    /// Whether a gate should let the change pass: nothing breaks and nothing was undecidable.
    pub fn passes(&self) -> bool {
        self.worst().is_none_or(|worst| worst < Level::Undecidable)
    }
}

/// One line, such as `breaks old requests: 2 break requests, 1 info`.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(worst) = self.worst() else {
            return f.write_str("no differences");
        };
        f.write_str(match worst {
            Level::Info => "compatible",
            Level::Warning => "compatible, with warnings",
            Level::Undecidable => "cannot be decided",
            Level::BreaksResponses => "breaks old responses",
            Level::BreaksRequests => "breaks old requests",
            Level::BreaksBoth => "breaks old requests and responses",
        })?;
        for (i, (level, count)) in self.counts.iter().rev().enumerate() {
            let what = match level {
                Level::Info => "info",
                Level::Warning if *count == 1 => "warning",
                Level::Warning => "warnings",
                Level::Undecidable => "undecidable",
                Level::BreaksResponses => "for what is received",
                Level::BreaksRequests => "for what is sent",
                Level::BreaksBoth => "for both",
            };
            write!(f, "{} {count} {what}", if i == 0 { ":" } else { "," })?;
        }
        Ok(())
    }
}

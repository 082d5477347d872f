//! What the project has decided about findings: the file of acknowledgements.
//!
//! An acknowledgement is for the change that it comes with. Entries that the older side's own file
//! has were for an earlier change: they accept nothing and hurt nobody, so a merged one never
//! stands in the way of the next pull request.

use std::path::Path;

use client_gen::problem::Result;
use client_gen::reader;
use spec_diff::{Acknowledgement, Policy};

use super::drift::Drift;
use super::finding::{Accepted, At, Effect, Finding, Impact};
use super::side::{ACKNOWLEDGED, Side};
use super::wire;

/// The decisions that hold for one comparison.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    file: String,
    policy: Policy,
    settled: Policy,
    /// Whether an entry that fits nothing is a mistake; without the older side's file nobody knows.
    is_complete: bool,
}

impl Decisions {
    /// Reads `named`, or else the file in the tree, if there is one.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or says something that makes no sense.
    pub fn read(root: &Path, named: Option<&Path>, base: &Side) -> Result<Self> {
        let (path, file) = match named {
            Some(named) => (named.to_owned(), named.display().to_string()),
            None => (root.join(ACKNOWLEDGED), ACKNOWLEDGED.to_owned()),
        };
        if named.is_none() && !path.exists() {
            return Ok(Self::default());
        }
        let text = reader::file(&path)?;
        let policy = Policy::parse(&text, &file).map_err(|error| {
            wire::problem(
                &error,
                "mend the entry; `cargo xtask diff` prints entries ready to paste",
            )
        })?;
        // A file that an earlier version could read and this one cannot settles nothing.
        let settled = match (&base.acknowledged, named) {
            (Some(text), None) => Policy::parse(text, ACKNOWLEDGED).unwrap_or_default(),
            _ => Policy::default(),
        };
        Ok(Self {
            file,
            policy,
            settled,
            is_complete: named.is_some() || base.acknowledged.is_some(),
        })
    }

    /// Levels that replace those of the contract's rules.
    pub fn levels(&self) -> &std::collections::BTreeMap<String, spec_diff::Level> {
        self.policy.levels()
    }

    /// Marks what is acknowledged on the day `today` (`YYYY-MM-DD`); what is wrong with an entry
    /// becomes a finding.
    pub fn apply(&self, drift: &mut Drift, today: &str) {
        let live = self.policy.without(&self.settled);
        let mut found = Vec::new();
        for entry in self.policy.acknowledgements() {
            let is_live = live.acknowledgements().contains(entry);
            let fits = |finding: &&mut Finding| finding.fingerprint == entry.fingerprint;
            let mut all: Vec<_> = drift.findings.iter_mut().filter(fits).collect();
            match all.first() {
                None if is_live && self.is_complete => found.push(self.wrong(
                    entry,
                    "acknowledgement-unused",
                    "fits nothing that changed",
                    "remove it; if the change is another one by now, acknowledge what the report says of it",
                )),
                None => {}
                Some(_) if !is_live => found.push(self.wrong(
                    entry,
                    "acknowledgement-settled",
                    "was for an earlier change, and the same has happened again",
                    "decide again: give it a new reason, or mend the change",
                )),
                Some(first) if first.must_be_mended() => {
                    let what = format!("accepts `{}`, which nobody can live with", first.id);
                    found.push(self.wrong(
                        entry,
                        "acknowledgement-refused",
                        &what,
                        "remove it, and do what the finding says",
                    ));
                }
                Some(_) if entry.has_expired(Some(today)) => found.push(self.wrong(
                    entry,
                    "acknowledgement-expired",
                    &format!("ended on {}", entry.expires.as_deref().unwrap_or_default()),
                    "decide again: mend the change, or give a later day",
                )),
                Some(_) => {
                    for finding in &mut all {
                        finding.acknowledged = Some(Accepted {
                            reason: entry.reason.clone(),
                            until: entry.expires.clone(),
                        });
                    }
                }
            }
        }
        drift.verdict.count_acknowledged(&drift.findings);
        for mut finding in found {
            finding.seal();
            drift.findings.push(finding);
        }
        drift.sort();
    }

    fn wrong(&self, entry: &Acknowledgement, id: &str, what: &str, todo: &str) -> Finding {
        Finding::new(
            Effect::Policy,
            Impact::NeedsAction,
            id,
            format!("{}: {}", self.file, entry.fingerprint),
            format!("the acknowledgement (\"{}\") {what}", entry.reason),
        )
        .at(Some(At {
            file: self.file.clone(),
            line: Some(entry.position.line),
            pointer: None,
        }))
        .todo(todo)
    }
}

/// An entry for each finding, ready to paste once it has a reason.
pub(crate) fn entries<'a>(findings: impl Iterator<Item = &'a Finding>) -> String {
    findings
        .map(|finding| {
            format!(
                "[[acknowledge]] # {}: {} {}\nfingerprint = \"{}\"\nreason = \"\"\n",
                finding.effect.as_str(),
                spec_diff::escape::visible(&finding.place),
                finding.id,
                finding.fingerprint
            )
        })
        .collect::<Vec<_>>()
        .join("\n")
}

//! What a project has decided about findings: other levels, and changes it accepts.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use crate::error::{Error, Position};
use crate::level::Level;
use crate::life::is_day;
use crate::report::Report;
use crate::rules;
use crate::tree::position_in;

/// Decisions kept in a TOML file.
///
/// ```toml
/// [levels]
/// response-enum-value-added = "info"     # info, warning, undecidable, breaks-responses, breaks-requests, breaks-both
///
/// [[acknowledge]]
/// fingerprint = "1c0f3a5be2d44f60"       # as reports print it
/// reason = "the field never held a value"
/// expires = "2027-03-31"                 # last day on which it counts; leave out for no end
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    name: String,
    levels: BTreeMap<String, Level>,
    acknowledgements: Vec<Acknowledgement>,
}

/// A finding that the project accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Acknowledgement {
    /// The finding's fingerprint, in lower case.
    pub fingerprint: String,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it counts, as `YYYY-MM-DD`; `None` for no end.
    pub expires: Option<String>,
    /// Where in the file it stands.
    pub position: Position,
}

impl Acknowledgement {
    /// Whether its last day is over. Without `today` (`YYYY-MM-DD`) nothing expires.
    pub fn has_expired(&self, today: Option<&str>) -> bool {
        match (&self.expires, today) {
            (Some(last), Some(today)) => last.as_str() < today,
            _ => false,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    levels: BTreeMap<Spanned<String>, Level>,
    #[serde(default)]
    acknowledge: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    fingerprint: String,
    reason: String,
    expires: Option<String>,
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    ///
    /// Broken TOML, an unknown key, rule id or level, a fingerprint that is none, one that is there twice, an
    /// empty reason, or a date not written `YYYY-MM-DD`; always with line and column.
    pub fn parse(text: &str, name: &str) -> Result<Self, Error> {
        let at = |start: usize| Some(position_in(text.as_bytes(), start));
        let file: File = toml::from_str(text)
            .map_err(|e| Error::new(name, e.span().and_then(|s| at(s.start)), e.message()))?;
        let mut levels = BTreeMap::new();
        for (id, level) in file.levels {
            let place = at(id.span().start);
            let id = id.into_inner();
            if rules::find(&id).is_none() {
                return Err(Error::new(name, place, format!("there is no rule `{id}`")));
            }
            levels.insert(id, level);
        }
        let mut acknowledgements = Vec::new();
        let mut seen = BTreeSet::new();
        for entry in file.acknowledge {
            let position = position_in(text.as_bytes(), entry.span().start);
            let Entry {
                fingerprint,
                reason,
                expires,
            } = entry.into_inner();
            let fault = |message: String| Err(Error::new(name, Some(position), message));
            if fingerprint.len() != 16 || !fingerprint.bytes().all(|b| b.is_ascii_hexdigit()) {
                return fault(format!(
                    "`{fingerprint}` is no fingerprint: these have 16 hexadecimal digits"
                ));
            }
            if reason.trim().is_empty() {
                return fault(format!("{fingerprint} needs a reason"));
            }
            if let Some(day) = expires.as_deref().filter(|day| !is_day(day)) {
                return fault(format!("`{day}` is no day: write YYYY-MM-DD"));
            }
            let fingerprint = fingerprint.to_ascii_lowercase();
            if !seen.insert(fingerprint.clone()) {
                return fault(format!("{fingerprint} is acknowledged twice: remove one"));
            }
            acknowledgements.push(Acknowledgement {
                fingerprint,
                reason,
                expires,
                position,
            });
        }
        Ok(Self {
            name: name.to_owned(),
            levels,
            acknowledgements,
        })
    }

    /// Levels that replace those of the rule table, for [`Options::levels`](crate::Options::levels).
    pub fn levels(&self) -> &BTreeMap<String, Level> {
        &self.levels
    }

    /// The changes that the project accepts, in the order of the file.
    pub fn acknowledgements(&self) -> &[Acknowledgement] {
        &self.acknowledgements
    }

    /// The same policy less the acknowledgements that `earlier` has, too.
    ///
    /// An acknowledgement is for the change that it came with. Once that is merged, the version of the file
    /// that lies beside the older document tells which ones are settled: they fit no later change, and need
    /// not be removed for its sake.
    #[must_use]
    pub fn without(&self, earlier: &Self) -> Self {
        let is_settled = |entry: &Acknowledgement| {
            earlier.acknowledgements.iter().any(|other| {
                (&other.fingerprint, &other.reason, &other.expires)
                    == (&entry.fingerprint, &entry.reason, &entry.expires)
            })
        };
        let mut rest = self.clone();
        rest.acknowledgements.retain(|entry| !is_settled(entry));
        rest
    }
}

impl Report {
    /// Sets acknowledged findings aside, so that they no longer count for the verdict.
    ///
    /// `today` is a day as `YYYY-MM-DD`; without it no acknowledgement expires. Returns what is wrong with the
    /// policy: acknowledgements that fit no finding, and those that have expired, which set nothing aside.
    /// A gate should fail on any of these, so that the file stays true.
    #[must_use = "unused and expired acknowledgements should fail a gate"]
    pub fn acknowledge(&mut self, policy: &Policy, today: Option<&str>) -> Vec<Error> {
        let mut problems = Vec::new();
        let mut accepted = BTreeSet::new();
        for entry in &policy.acknowledgements {
            let fingerprint = &entry.fingerprint;
            let used = self.findings.iter().any(|f| f.fingerprint == *fingerprint);
            let message = match (used, entry.has_expired(today)) {
                (true, false) => {
                    accepted.insert(fingerprint);
                    continue;
                }
                (true, true) => "has expired: decide again",
                (false, _) => "fits no finding: remove it",
            };
            let message = format!("acknowledgement {fingerprint} {message}");
            problems.push(Error::new(&policy.name, Some(entry.position), message));
        }
        let (acknowledged, open) = std::mem::take(&mut self.findings)
            .into_iter()
            .partition(|f| accepted.contains(&f.fingerprint));
        self.findings = open;
        self.acknowledged.extend::<Vec<_>>(acknowledged);
        problems
    }
}

//! The answer in one paragraph, and the versions that it asks for.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::finding::{Effect, Finding, Impact};
use crate::problem::{Problem, Result};

/// What came of compiling the ergonomic crate against the new generated code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Witness {
    /// It compiles.
    Compiles,
    /// It does not.
    Fails,
    /// There was no need: no public item changed.
    NotNeeded,
    /// It was switched off.
    Skipped,
    /// There was no code to compile.
    Impossible,
}

/// How far a version has to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bump {
    /// No release is needed.
    None,
    /// A release that breaks nobody.
    Patch,
    /// A release that breaks somebody.
    Breaking,
}

impl Bump {
    /// The next version; before 1.0 a break raises the minor number.
    pub fn next(self, version: &str) -> Option<String> {
        let mut parts = version.split(['.', '-', '+']).map(str::parse::<u64>);
        let (major, minor, patch) = (
            parts.next()?.ok()?,
            parts.next()?.ok()?,
            parts.next()?.ok()?,
        );
        Some(match (self, major) {
            (Self::None, _) => version.to_owned(),
            (Self::Patch, _) => format!("{major}.{minor}.{}", patch + 1),
            (Self::Breaking, 0) => format!("0.{}.0", minor + 1),
            (Self::Breaking, _) => format!("{}.0.0", major + 1),
        })
    }
}

/// A crate and where its version goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// The crate's name.
    #[serde(rename = "crate")]
    pub name: &'static str,
    /// What it has now.
    pub current: String,
    /// What the change asks for.
    pub next: String,
    /// How far that is.
    pub bump: Bump,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// In words, without the versions.
    pub summary: String,
    /// Whether anything at all changed.
    pub changed: bool,
    /// What came of the witness.
    pub witness: Witness,
    /// The versions.
    pub versions: Vec<Version>,
}

impl Verdict {
    /// Sums up; `version` is that of the workspace, `reexports` whether the ergonomic crate shows
    /// the generated one to its users.
    pub(crate) fn of(
        findings: &[Finding],
        witness: Witness,
        generated_differs: bool,
        version: &str,
        reexports: bool,
    ) -> Self {
        let count = |effect: Effect, least: Impact| {
            findings
                .iter()
                .filter(|finding| finding.effect == effect && finding.impact >= least)
                .count()
        };
        let exactly = |effect: Effect, impact: Impact| {
            findings
                .iter()
                .filter(|finding| finding.effect == effect && finding.impact == impact)
                .count()
        };
        let raw = exactly(Effect::RawApi, Impact::Breaks);
        let actions = exactly(Effect::RawApi, Impact::NeedsAction);
        let runtime = exactly(Effect::Runtime, Impact::Breaks);
        let meaning = count(Effect::Meaning, Impact::NeedsAction);
        let sdk = exactly(Effect::SdkApi, Impact::Breaks);
        let added = exactly(Effect::RawApi, Impact::Info);
        let changed = !findings.is_empty();
        let mut parts = Vec::new();
        if !changed {
            parts.push("nothing changed".to_owned());
        } else if findings
            .iter()
            .all(|finding| finding.effect == Effect::Docs)
        {
            parts.push("only text and examples changed".to_owned());
        } else {
            let wire = exactly(Effect::Wire, Impact::Breaks);
            parts.push(match wire {
                0 => "keeps the contract".to_owned(),
                n => format!("breaks the contract: {}", plural(n, "change")),
            });
            if actions > 0 {
                parts.push(format!(
                    "generation needs a hand: {}",
                    plural(actions, "thing")
                ));
            }
            parts.push(match (raw, added, witness) {
                (_, _, Witness::Impossible) => "nothing can be generated".to_owned(),
                (0, 0, _) => "the generated API stays".to_owned(),
                (0, n, _) => format!("the generated API grows: {}", plural(n, "item")),
                (n, _, _) => format!("breaks the generated API: {}", plural(n, "item")),
            });
            parts.push(match witness {
                Witness::Compiles if sdk == 0 => "our crate still compiles".to_owned(),
                Witness::Compiles | Witness::Fails => {
                    format!("BREAKS OUR CRATE: {}", plural(sdk, "place"))
                }
                Witness::NotNeeded => "our crate is not touched".to_owned(),
                Witness::Skipped => "our crate was not compiled".to_owned(),
                Witness::Impossible => "our crate could not be compiled".to_owned(),
            });
            if meaning > 0 {
                parts.push(format!(
                    "changes what calls mean: {}",
                    plural(meaning, "time")
                ));
            }
            parts.push(match runtime {
                0 if witness == Witness::Impossible => {
                    "what breaks at run time is unknown".to_owned()
                }
                0 => "nothing breaks at run time".to_owned(),
                n => format!("BREAKS SHIPPED BINARIES: {}", plural(n, "time")),
            });
        }
        let raw_bump = match (raw, generated_differs) {
            (0, false) => Bump::None,
            (0, true) => Bump::Patch,
            _ => Bump::Breaking,
        };
        let sdk_bump = if raw_bump == Bump::Breaking && !reexports {
            Bump::Patch
        } else {
            raw_bump
        };
        let of = |name, bump: Bump| Version {
            name,
            current: version.to_owned(),
            next: bump.next(version).unwrap_or_else(|| version.to_owned()),
            bump,
        };
        Self {
            summary: parts.join("; "),
            changed,
            witness,
            versions: vec![of("aitoearn-api", raw_bump), of("aitoearn", sdk_bump)],
        }
    }

    /// Adds what the project has decided; the facts stay what they are.
    pub(crate) fn count_acknowledged(&mut self, findings: &[Finding]) {
        let fail = findings.iter().filter(|finding| finding.impact.fails());
        let (all, done) = fail.fold((0, 0), |(all, done), finding| {
            (all + 1, done + usize::from(finding.acknowledged.is_some()))
        });
        if done == 0 {
            return;
        }
        let of = if done == all {
            "all".to_owned()
        } else {
            done.to_string()
        };
        let all = plural(all, "finding");
        self.summary = format!("{}; {of} of {all} acknowledged", self.summary);
    }

    /// The versions in words.
    pub fn next(&self) -> String {
        let moved: Vec<String> = self
            .versions
            .iter()
            .filter(|version| version.bump > Bump::None)
            .map(|version| format!("{} {}", version.name, version.next))
            .collect();
        if self.witness == Witness::Impossible {
            "which releases are needed is unknown".to_owned()
        } else if moved.is_empty() {
            "no release needed".to_owned()
        } else {
            format!("next versions: {}", moved.join(", "))
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.summary, self.next())
    }
}

fn plural(count: usize, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {what}{s}")
}

/// The version of the workspace's crates.
pub(crate) fn current(root: &Path) -> Result<String> {
    let text = super::side::read(root, "Cargo.toml")?;
    let manifest: toml::Table = toml::from_str(&text).unwrap_or_default();
    manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("package")?.get("version")?.as_str())
        .map(ToOwned::to_owned)
        .ok_or_else(|| {
            Problem::new(
                "Cargo.toml",
                "there is no `workspace.package.version`",
                "run from a checkout of the workspace",
            )
            .into()
        })
}

/// Whether users of the ergonomic crate see the generated one: then what breaks there breaks here.
pub(crate) fn reexports(root: &Path) -> bool {
    super::side::read(root, "crates/aitoearn/src/lib.rs").is_ok_and(|text| {
        text.lines()
            .any(|line| line.starts_with("pub use aitoearn_api"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_move_by_the_rules_of_semver() {
        assert_eq!(Bump::Breaking.next("0.2.3").as_deref(), Some("0.3.0"));
        assert_eq!(Bump::Patch.next("0.2.3").as_deref(), Some("0.2.4"));
        assert_eq!(Bump::Breaking.next("1.2.3").as_deref(), Some("2.0.0"));
        assert_eq!(Bump::None.next("0.2.3").as_deref(), Some("0.2.3"));
        assert_eq!(Bump::Patch.next("x"), None);
    }
}

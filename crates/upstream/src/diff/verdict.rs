//! The answer in one paragraph, and the versions that it asks for.

use std::fmt;
use std::path::Path;

use client_gen::problem::{Problem, Result};
use serde::Serialize;

use super::finding::{Effect, Finding, Impact};

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
    /// Nobody can tell yet: a side cannot be generated.
    Unknown,
}

impl Bump {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "additive",
            Self::Breaking => "breaking",
            Self::Unknown => "unknown",
        }
    }

    /// The next version; before 1.0 a break raises the minor number. `None` if nobody can tell.
    pub fn next(self, version: &str) -> Option<String> {
        let mut parts = version.split(['.', '-', '+']).map(str::parse::<u64>);
        let (major, minor, patch) = (
            parts.next()?.ok()?,
            parts.next()?.ok()?,
            parts.next()?.ok()?,
        );
        Some(match (self, major) {
            (Self::Unknown, _) => return None,
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
    /// What the change asks for; absent while nobody can tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
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
    #[expect(clippy::too_many_lines, reason = "one sentence after the other")]
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
        let sdk = count(Effect::SdkApi, Impact::NeedsAction);
        let added = exactly(Effect::RawApi, Impact::Info);
        let wire = exactly(Effect::Wire, Impact::Breaks);
        let undecided = exactly(Effect::Wire, Impact::NeedsAction);
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
            parts.push(match (wire, undecided) {
                (0, 0) => "keeps the contract".to_owned(),
                (0, n) => format!(
                    "cannot tell whether the contract is kept: {}",
                    plural(n, "change")
                ),
                (n, _) => format!("breaks the contract: {}", plural(n, "change")),
            });
            if actions > 0 {
                parts.push(format!(
                    "generation needs a hand: {}",
                    plural(actions, "thing")
                ));
            }
            parts.push(match (raw, added, witness) {
                (_, _, Witness::Impossible) => {
                    "the rest is UNKNOWN: a side cannot be generated".to_owned()
                }
                (0, 0, _) => "the generated API stays".to_owned(),
                (0, n, _) => format!("the generated API grows: {}", plural(n, "item")),
                (n, _, _) => format!("breaks the generated API: {}", plural(n, "item")),
            });
            match witness {
                Witness::Compiles if sdk == 0 => parts.push("our crates still compile".to_owned()),
                Witness::Compiles | Witness::Fails => {
                    parts.push(format!("BREAKS OUR CRATES: {}", plural(sdk, "place")));
                }
                Witness::NotNeeded => parts.push("our crates are not touched".to_owned()),
                Witness::Skipped if sdk == 0 => {
                    parts.push("our crates were not compiled".to_owned());
                }
                Witness::Skipped => parts.push(format!(
                    "our crates were not compiled, and need a hand: {}",
                    plural(sdk, "place")
                )),
                Witness::Impossible => {}
            }
            if meaning > 0 {
                parts.push(format!(
                    "changes what calls mean: {}",
                    plural(meaning, "time")
                ));
            }
            match (runtime, witness) {
                (0, Witness::Impossible) => {}
                (0, _) => parts.push("nothing breaks at run time".to_owned()),
                (n, _) => parts.push(format!("BREAKS SHIPPED BINARIES: {}", plural(n, "time"))),
            }
        }
        let breaks = wire + undecided + runtime + meaning > 0;
        let raw_bump = bump(witness, raw > 0, generated_differs, breaks);
        let sdk_bump = if raw_bump == Bump::Breaking && !reexports {
            Bump::Patch
        } else {
            raw_bump
        };
        let of = |name, bump: Bump| Version {
            name,
            current: version.to_owned(),
            next: bump.next(version),
            bump,
        };
        Self {
            summary: parts.join("; "),
            changed,
            witness,
            versions: vec![
                of("aitoearn-api", raw_bump),
                of("aitoearn", sdk_bump),
                // Its typed mocks take and return the generated types.
                of("aitoearn-mock", raw_bump),
            ],
        }
    }

    /// Whether a side could not be generated, so that only the contract was judged.
    pub fn is_unknown(&self) -> bool {
        self.witness == Witness::Impossible
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
        if self
            .versions
            .iter()
            .any(|version| version.bump == Bump::Unknown)
        {
            return "next versions: unknown until both sides can be generated".to_owned();
        }
        let moved: Vec<String> = self
            .versions
            .iter()
            .filter(|version| version.bump > Bump::None)
            .filter_map(|version| {
                let next = version.next.as_ref()?;
                Some(format!(
                    "{} {next} ({})",
                    version.name,
                    version.bump.as_str()
                ))
            })
            .collect();
        if moved.is_empty() {
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

/// How far the generated crate's version moves.
fn bump(witness: Witness, breaks_code: bool, differs: bool, breaks_calls: bool) -> Bump {
    match (witness, breaks_code, differs) {
        (Witness::Impossible, _, _) => Bump::Unknown,
        (_, true, _) => Bump::Breaking,
        (_, false, true) => Bump::Patch,
        // What breaks without a change of the code is answered by hand, in a release as well.
        (_, false, false) if breaks_calls => Bump::Patch,
        (_, false, false) => Bump::None,
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

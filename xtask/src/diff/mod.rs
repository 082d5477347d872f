//! `cargo xtask diff`: what a change of the document does, to whom, and what to do about it.
//!
//! Two axes, never one number. The wire axis is the contract, judged by `spec-diff`. The Rust axis
//! is computed by generating both sides with the real pipeline and comparing what comes out.

mod acknowledge;
mod api;
mod codes;
pub mod command;
mod finding;
mod fit;
pub mod input;
mod lines;
mod meaning;
mod remedy;
mod renames;
pub mod render;
mod runtime;
pub mod side;
mod surface;
mod upkeep;
mod verdict;
mod wire;
mod witness;
mod wrappers;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;

pub use acknowledge::Decisions;
pub use codes::{Contradiction, contradictions};
pub use finding::{Accepted, At, Effect, Finding, Impact, Remedy};
pub use lines::Lines;
pub use side::{Beside, Side};
pub use verdict::{Bump, Verdict, Version, Witness};
pub use wire::document;

use crate::problem::{Problem, Result};
use crate::spec::Spec;
use fit::Fitted;
use renames::Renames;

/// Everything that a change does.
#[derive(Debug)]
pub struct Drift {
    /// The name of the older side.
    pub base: String,
    /// The name of the newer side.
    pub revision: String,
    /// The answer in one paragraph.
    pub verdict: Verdict,
    /// By effect, then worst first.
    pub findings: Vec<Finding>,
    /// What the newer side generates, not yet formatted, if it was generated without a hitch.
    pub(crate) generated: Option<crate::generate::Generated>,
}

/// Compares two sides, once; see [`Judge::compare`].
///
/// # Errors
///
/// As [`Judge::compare`].
pub fn compare(
    root: &Path,
    base: &Side,
    revision: &Side,
    decisions: &Decisions,
    witness: bool,
) -> Result<Drift> {
    Judge::new(root, base.clone()).compare(revision, decisions, witness)
}

/// Compares with one older side, which it generates once.
#[derive(Debug)]
pub struct Judge {
    root: PathBuf,
    base: Side,
    fitted: OnceLock<Fitted>,
}

impl Judge {
    /// `root` is the workspace whose crates are looked at and compiled.
    pub fn new(root: &Path, base: Side) -> Self {
        Self {
            root: root.to_owned(),
            base,
            fitted: OnceLock::new(),
        }
    }

    /// Says what `revision` changes; `decisions` give the levels of the contract's rules.
    ///
    /// # Errors
    ///
    /// A side that is no OpenAPI document; a witness that cannot be run. That one of them can no
    /// longer be generated is a finding.
    pub fn compare(&self, revision: &Side, decisions: &Decisions, witness: bool) -> Result<Drift> {
        let (root, base) = (&*self.root, &self.base);
        let (old, new) = (
            document(&base.document, &base.name)?,
            document(&revision.document, &revision.name)?,
        );
        let version = verdict::current(root)?;
        if base.document == revision.document && base.beside == revision.beside {
            let verdict = Verdict::of(&[], Witness::NotNeeded, false, &version, true);
            return Ok(Drift {
                base: base.name.clone(),
                revision: revision.name.clone(),
                verdict,
                findings: Vec::new(),
                generated: None,
            });
        }
        let report = wire::compare(&old, &new, decisions.levels());
        let (followed, mut findings) = upkeep::follow(&report, revision);
        // Two cores, two sides.
        let (was, is) = std::thread::scope(|scope| {
            let was = scope.spawn(|| self.fitted.get_or_init(|| fit::fit(base)));
            let is = fit::fit(&followed);
            (was.join(), is)
        });
        let Ok(was) = was else {
            return Err(Problem::new(
                &base.name,
                "its generation panicked",
                "report this as a bug of xtask",
            )
            .into());
        };

        let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
        let (old_json, new_json) = (json(&base.document), json(&revision.document));
        findings.extend(wire::contract(&report, &old_json, &new_json));
        findings.extend(wire::docs(&old, &new, &report));
        findings.extend(upkeep::misfits(was, &is, revision));
        findings.extend(upkeep::failures(was, base));
        findings.extend(upkeep::failures(&is, revision));
        if let (Ok(old), Ok(new)) = (
            Spec::parse(&base.document, &base.name),
            Spec::parse(&revision.document, &revision.name),
        ) {
            let lines = Lines::of(&revision.document);
            findings.extend(meaning::documents(&old, &new, &revision.name, &lines));
        }
        let outcome = if was.generated.is_some()
            && let Some(generated) = &is.generated
        {
            let code = witness.then_some(&generated.code);
            rust(root, was, &is, (&followed, &new_json), code, &mut findings)?
        } else {
            Witness::Impossible
        };
        if let (Some(old), Some(new)) = (&was.overlaid, &is.overlaid) {
            // What our client takes for the truth: a change that the overlay undoes reaches nobody.
            let truth = wire::compare(
                &document(old, &base.name)?,
                &document(new, &revision.name)?,
                decisions.levels(),
            );
            findings.extend(runtime::requests(&truth));
        }
        for finding in &mut findings {
            finding.seal();
        }
        sort(&mut findings);
        findings.dedup_by(|a, b| a.fingerprint == b.fingerprint && a.effect == b.effect);
        let differs = match (&was.generated, &is.generated) {
            (Some(was), Some(is)) => was.code != is.code,
            _ => false,
        };
        let verdict = Verdict::of(
            &findings,
            outcome,
            differs,
            &version,
            verdict::reexports(root),
        );
        Ok(Drift {
            base: base.name.clone(),
            revision: revision.name.clone(),
            verdict,
            findings,
            generated: is
                .generated
                .filter(|_| is.misfits.is_empty() && followed == *revision),
        })
    }
}

/// By effect, then worst first.
fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let worst = b.impact.cmp(&a.impact);
        let place = || (&a.place, &a.id).cmp(&(&b.place, &b.id));
        a.effect.cmp(&b.effect).then(worst).then_with(place)
    });
}

/// The Rust axis of two sides that generate; `code` is what the witness compiles.
fn rust(
    root: &Path,
    was: &Fitted,
    fitted: &Fitted,
    (side, upstream): (&Side, &Value),
    code: Option<&std::collections::BTreeMap<String, String>>,
    findings: &mut Vec<Finding>,
) -> Result<Witness> {
    let (was, is) = (&was.surface, &fitted.surface);
    let renames = Renames::of(was, is);
    let mut api = api::compare(was, is, &renames);
    let splits = renames::splits(was, is, &renames);
    for rename in remedy::names(side, fitted, &renames, &splits, upstream) {
        for finding in &mut api {
            let is_rename = finding.id.ends_with("-renamed") && finding.place == rename.old;
            let is_split = finding.id == "type-added" && finding.place == rename.new;
            if is_rename || is_split {
                finding.todo = format!(
                    "call it `{}` as before, or note the new name in the changelog",
                    api::last(&rename.old)
                );
                finding.remedy = Some(rename.remedy.clone());
            }
        }
    }
    findings.extend(meaning::tables(was, is, &renames));
    findings.extend(runtime::answers(was, is, &renames));
    let used = wrappers::used(root);
    findings.extend(wrappers::compare(was, is, &renames, &used));
    let outcome = if api.is_empty() {
        Witness::NotNeeded
    } else if let Some(code) = code {
        let errors = witness::run(root, code)?;
        let outcome = if errors.is_empty() {
            Witness::Compiles
        } else {
            Witness::Fails
        };
        findings.extend(errors);
        outcome
    } else {
        Witness::Skipped
    };
    findings.extend(api);
    Ok(outcome)
}

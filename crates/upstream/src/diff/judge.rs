//! Compares two sides: the contract, and what both generate.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use client_gen::Lines;
use client_gen::problem::Result;
use client_gen::spec::Spec;
use serde_json::Value;

use super::acknowledge::Decisions;
use super::described::Tally;
use super::drift::{Drift, Operations, sort};
use super::finding::{At, Effect, Finding};
use super::fit::{self, Fitted};
use super::keeps;
use super::renames::{self, Renames};
use super::side::Side;
use super::surface::{Surface, last};
use super::tally;
use super::trial::{self, Trial};
use super::verdict::{self, Verdict, Witness};
use super::wire::{self, Documents, Fates, Truth, document};
use super::{api, meaning, remedy, runtime, upkeep, witness, wrappers};

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
    #[expect(clippy::too_many_lines, reason = "one step after the other")]
    pub fn compare(&self, revision: &Side, decisions: &Decisions, witness: bool) -> Result<Drift> {
        let (root, base) = (&*self.root, &self.base);
        let (old, new) = (
            document(&base.document, &base.name)?,
            document(&revision.document, &revision.name)?,
        );
        let version = verdict::current(root)?;
        let (old_json, new_json) = (json(&base.document), json(&revision.document));
        let raw = (&Tally::of(&old_json), &Tally::of(&new_json));
        let mut drift = Drift {
            base: base.name.clone(),
            revision: revision.name.clone(),
            operations: (old_json.is_object() && new_json.is_object()).then(|| Operations {
                before: raw.0.count(),
                after: raw.1.count(),
            }),
            verdict: Verdict::of(&[], Witness::NotNeeded, false, &version, true),
            upstream: Vec::new(),
            kept: Vec::new(),
            findings: Vec::new(),
            generated: None,
        };
        if base.document == revision.document && base.beside == revision.beside {
            return Ok(drift);
        }

        let levels = decisions.levels();
        let report = wire::compare(&old, &new, levels);
        let (followed, mut findings) = upkeep::follow(&report, revision);
        let base = upkeep::follow_back(&report, base);
        let fresh = OnceLock::new();
        let cache = if base == self.base {
            &self.fitted
        } else {
            &fresh
        };
        // Two cores, two sides.
        let (was, is) = std::thread::scope(|scope| {
            let is = scope.spawn(|| fit::fit(&followed));
            let was = cache.get_or_init(|| fit::fit(&base));
            (was, is.join())
        });
        let is = is.unwrap_or_else(|panic| std::panic::resume_unwind(panic));

        let stated = specs((&base, &base.document), (revision, &revision.document));
        let seen = was.overlaid.as_ref().zip(is.overlaid.as_ref());
        let seen = seen.and_then(|(old, new)| specs((&base, old), (revision, new)));
        let truth = Truth::of(was, &is, levels);
        let fates = truth.as_ref().map(|truth| Fates::of(&report, truth));
        let lines = (Lines::of(&base.document), Lines::of(&revision.document));
        let line = |at: &At| {
            let lines = if at.file == base.name {
                &lines.0
            } else {
                &lines.1
            };
            lines.line(at.pointer.as_ref()?)
        };
        let stated_documents = Documents {
            old: &old_json,
            new: &new_json,
        };
        let seen_documents = seen.as_ref().map(|(old, new)| Documents {
            old: &old.doc,
            new: &new.doc,
        });
        findings.extend(wire::contract(
            &report,
            fates.as_ref().zip(seen_documents),
            stated_documents,
            &line,
        ));
        findings.extend(wire::docs(&old, &new, &report));
        findings.extend(upkeep::misfits(was, &is, revision));
        findings.extend([was, &is].into_iter().flat_map(upkeep::failures));
        if let Some(stated) = &stated {
            let seen = seen.as_ref().unwrap_or(stated);
            let found = meaning::documents(seen, stated, &revision.name, &lines.1);
            findings.extend(found);
        }
        let mut outcome = Witness::Impossible;
        let mut differs = false;
        if let (Some(was_made), Some(is_made)) = (&was.generated, &is.generated) {
            let code = witness.then_some(&is_made.code);
            differs = was_made.code != is_made.code;
            outcome = rust(root, was, &is, (&followed, &new_json), code, &mut findings)?;
        }
        if let Some(fates) = &fates {
            // What our client takes for the truth: a change that the overlay undoes reaches nobody.
            findings.extend(runtime::requests(fates.refused()));
        }
        for finding in &mut findings {
            finding.seal();
        }
        if outcome == Witness::Impossible {
            // What cannot be tried is not proposed.
            trial::forget(&mut findings);
        } else {
            let (base, revision) = ((&base, was), &followed);
            Trial {
                base,
                revision,
                levels,
            }
            .keep_what_works(&mut findings);
        }
        sort(&mut findings);
        findings.dedup_by(|a, b| a.fingerprint == b.fingerprint && a.effect == b.effect);

        let reexports = verdict::reexports(root);
        drift.verdict = Verdict::of(&findings, outcome, differs, &version, reexports);
        let texts = findings.iter().filter(|f| f.effect == Effect::Docs).count();
        let seen = seen.as_ref();
        let seen = seen.map(|(was, is)| (Tally::of(&was.doc), Tally::of(&is.doc)));
        drift.upstream = tally::did(raw, seen.as_ref().map(|(was, is)| (was, is)), texts);
        drift.kept = keeps::between(&base, revision);
        drift.findings = findings;
        drift.generated = is
            .generated
            .filter(|_| is.misfits.is_empty() && followed == *revision);
        Ok(drift)
    }
}

/// Both documents as the generator reads them, if it can.
fn specs(old: (&Side, &str), new: (&Side, &str)) -> Option<(Spec, Spec)> {
    let spec = |(side, text): (&Side, &str)| Spec::parse_ours(text, &side.name).ok();
    spec(old).zip(spec(new))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// The Rust axis of two sides that generate; `code` is what the witness compiles.
fn rust(
    root: &Path,
    was: &Fitted,
    fitted: &Fitted,
    (side, upstream): (&Side, &Value),
    code: Option<&BTreeMap<String, String>>,
    findings: &mut Vec<Finding>,
) -> Result<Witness> {
    let is = &fitted.surface;
    let given = Renames::of(&was.surface, is).given(&was.misfits);
    let was: &Surface = &given.relabel(&was.surface);
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
                    last(&rename.old)
                );
                finding.remedy = Some(rename.remedy.clone());
            }
        }
    }
    findings.extend(meaning::tables(was, is, &renames));
    findings.extend(runtime::answers(was, is, &renames));
    let used = wrappers::used(root);
    let generated = fitted.generated.as_ref().map(|it| &it.requests);
    let generated = generated.map(wrappers::generated).unwrap_or_default();
    findings.extend(wrappers::compare(was, is, &renames, &used, &generated));
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
        // Nobody compiled it, so what is used of what has changed is at least named.
        findings.extend(wrappers::touched(root, &api, &used));
        Witness::Skipped
    };
    findings.extend(api);
    Ok(outcome)
}

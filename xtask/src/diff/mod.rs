//! `cargo xtask diff`: what a change of the document does, to whom, and what to do about it.
//!
//! Two axes, never one number. The wire axis is the contract, judged by `spec-diff`. The Rust axis
//! is computed by generating both sides with the real pipeline and comparing what comes out.

mod api;
mod codes;
pub mod command;
mod finding;
mod fit;
pub mod input;
mod lines;
mod meaning;
mod remedy;
pub mod render;
mod runtime;
pub mod side;
mod surface;
mod verdict;
mod wire;
mod witness;
mod wrappers;

use std::path::Path;

use serde_json::Value;

pub use codes::{Contradiction, contradictions};
pub use finding::{At, Effect, Finding, Impact, Remedy};
pub use lines::Lines;
pub use side::{Beside, Side};
pub use verdict::{Bump, Verdict, Version, Witness};
pub use wire::document;

use crate::problem::{Problem, Result};
use crate::spec::Spec;
use api::Renames;
use fit::{Fitted, Misfit};
use side::{NAMES, OVERLAY};

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
    /// What the newer side generates, if it was generated without a hitch.
    pub(crate) generated: Option<crate::generate::Generated>,
}

/// Compares two sides; `root` is the workspace whose crates are looked at and compiled.
///
/// # Errors
///
/// A side that is no OpenAPI document; a witness that cannot be run. That one of them can no longer
/// be generated is a finding.
pub fn compare(root: &Path, base: &Side, revision: &Side, witness: bool) -> Result<Drift> {
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
    let report = wire::compare(&old, &new);
    let (followed, mut findings) = follow(&report, revision);
    // Two cores, two sides.
    let (was, is) = std::thread::scope(|scope| {
        let was = scope.spawn(|| fit::fit(base));
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
    findings.extend(misfits(&was, &is, revision));
    findings.extend(failures(&was, base));
    findings.extend(failures(&is, revision));
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
        rust(root, &was, &is, (&followed, &new_json), code, &mut findings)?
    } else {
        Witness::Impossible
    };
    if let (Some(old), Some(new)) = (&was.overlaid, &is.overlaid) {
        // What our client takes for the truth: a change that the overlay undoes reaches nobody.
        let truth = wire::compare(&document(old, &base.name)?, &document(new, &revision.name)?);
        findings.extend(runtime::requests(&truth));
    }
    for finding in &mut findings {
        finding.seal();
    }
    findings.sort_by(|a, b| {
        (a.effect, std::cmp::Reverse(a.impact), &a.place, &a.id).cmp(&(
            b.effect,
            std::cmp::Reverse(b.impact),
            &b.place,
            &b.id,
        ))
    });
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
    let splits = api::splits(was, is, &renames);
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

/// Lets overlay and names follow components that are provably called otherwise now.
fn follow(report: &spec_diff::Report, revision: &Side) -> (Side, Vec<Finding>) {
    let mut followed = revision.clone();
    let mut found = Vec::new();
    for finding in report.findings() {
        let (Some(old), Some(new), "schema-component-renamed") =
            (&finding.before, &finding.after, finding.id())
        else {
            continue;
        };
        let replaced = [&mut followed.beside.overlay, &mut followed.beside.names].map(|text| {
            let (changed, lines) = fit::replace_word(text, old, new);
            *text = changed;
            lines
        });
        for (file, lines) in [OVERLAY, NAMES].into_iter().zip(replaced) {
            if let Some(first) = lines.first() {
                let count = lines.len();
                found.push(
                    Finding::new(
                        Effect::RawApi,
                        Impact::NeedsAction,
                        "component-renamed",
                        format!("{file}: {old}"),
                        format!("the component `{old}` is called `{new}` now, and {file} speaks of it on {count} lines"),
                    )
                    .change(Some(old.clone()), Some(new.clone()))
                    .at(Some(self::file(file, *first)))
                    .todo(format!("replace `{old}` by `{new}` in {file}; all else below is judged as if that were done")),
                );
            }
        }
    }
    (followed, found)
}

/// What is kept by hand and no longer fits the newer document, or is no longer needed.
fn misfits(was: &Fitted, is: &Fitted, revision: &Side) -> Vec<Finding> {
    let mut found = Vec::new();
    for misfit in &is.misfits {
        let finding = |id: &str, place: String, what: String| {
            Finding::new(Effect::RawApi, Impact::NeedsAction, id, place, what)
        };
        found.push(match misfit {
            Misfit::Action { number, line, text } => finding(
                "overlay-action-without-target",
                format!("{OVERLAY}, action {number}"),
                "upstream moved or removed what the action corrects, so generation stops".to_owned(),
            )
            .change(Some(text.split_whitespace().collect::<Vec<_>>().join(" ")), None)
            .at(Some(file(OVERLAY, *line)))
            .todo("adapt its target to where the thing is now; if its reason is gone, delete the action"),
            Misfit::Name { table, line, key, name } => finding(
                "names-entry-without-use",
                format!("{NAMES}, [{table}] \"{key}\""),
                format!("nothing stands at `{key}` any more that could be called `{name}`, so generation stops"),
            )
            .change(Some(format!("{key:?} = {name:?}")), None)
            .at(Some(file(NAMES, *line)))
            .todo("delete the line; if the thing only moved, its new entry is printed with the renaming"),
            Misfit::Code { code, name, registered, pointer } => finding(
                "code-not-in-registry",
                format!("{code} {name}"),
                match registered {
                    None => "the registry does not know the code, so generation stops".to_owned(),
                    Some(old) => format!("the registry calls the code `{old}`, so generation stops"),
                },
            )
            .at(Some(At {
                file: revision.name.clone(),
                line: Lines::of(&revision.document).line(pointer),
                pointer: Some(pointer.clone()),
            }))
            .change(registered.clone(), Some(name.clone()))
            .todo(match registered {
                None => "add it to the registry; then say what it means and what to do about it",
                Some(_) => "rename it in the registry",
            })
            .remedy(Some(Remedy {
                file: side::CODES,
                under: if registered.is_none() { "[[code]]" } else { "name" },
                text: match registered {
                    None => fit::registry_entry(*code, name),
                    Some(_) => format!("name = {name:?}\n"),
                },
            })),
        });
    }
    let warnings = |fitted: &Fitted| {
        fitted
            .generated
            .as_ref()
            .map(|generated| generated.warnings.clone())
            .unwrap_or_default()
    };
    let known = warnings(was);
    for warning in warnings(is) {
        if !known.contains(&warning) {
            found.push(Finding::new(
                Effect::RawApi,
                Impact::Warning,
                "overlay-action-not-needed",
                OVERLAY,
                warning,
            ));
        }
    }
    found
}

fn file(path: &str, line: u32) -> At {
    At {
        file: path.to_owned(),
        line: Some(line),
        pointer: None,
    }
}

/// Why a side cannot be generated.
fn failures(fitted: &Fitted, side: &Side) -> Vec<Finding> {
    fitted
        .failure
        .iter()
        .map(|problem| {
            Finding::new(
                Effect::RawApi,
                Impact::NeedsAction,
                "generation-fails",
                &problem.at,
                format!("{} cannot be generated: {}", side.name, problem.what),
            )
            .operations(problem.operation.clone())
            .todo(&problem.fix)
        })
        .collect()
}

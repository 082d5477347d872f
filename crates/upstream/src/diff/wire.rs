//! The contract: what any client in any language sees.

use std::collections::{BTreeMap, BTreeSet};

use client_gen::problem::{Problem, Result};
use serde_json::Value;
use spec_diff::{Direction, Document, Level, Options, Report};

use super::finding::{At, Effect, Finding, Impact, Undone};
use super::fit::Fitted;
use super::remedy;

/// Reads a document for comparison.
pub fn document(text: &str, name: &str) -> Result<Document> {
    Document::parse(text.as_bytes(), name).map_err(|error| {
        problem(
            &error,
            "give an OpenAPI 3.0 or 3.1 document in JSON or YAML that refers to nothing outside itself",
        )
        .into()
    })
}

/// What spec-diff says is wrong with an input, in our form.
pub(crate) fn problem(error: &spec_diff::Error, fix: &str) -> Problem {
    let name = error.name();
    let at = match error.position() {
        Some(position) => format!("{name}:{}:{}", position.line, position.column),
        None => name.to_owned(),
    };
    Problem::new(at, error.message(), fix)
}

/// The levels of rules, where the project has others.
pub(crate) type Levels = BTreeMap<String, Level>;

/// Compares the contract, without text and examples.
pub(crate) fn compare(old: &Document, new: &Document, levels: &Levels) -> Report {
    let options = Options {
        levels: levels.clone(),
        ..Options::default()
    };
    spec_diff::compare(old, new, &options)
}

/// The contract after what is kept beside the document has its say.
#[derive(Debug)]
pub(crate) struct Truth {
    /// With what is kept.
    kept: Report,
    /// With what is kept and the overlay: as our client sees it.
    seen: Report,
}

impl Truth {
    /// `None` if it cannot be had of one of the sides.
    pub(crate) fn of(was: &Fitted, is: &Fitted, levels: &Levels) -> Option<Self> {
        let of = |was: Option<&String>, is: Option<&String>, names: (&str, &str)| {
            let (was, is) = (document(was?, names.0).ok()?, document(is?, names.1).ok()?);
            Some(compare(&was, &is, levels))
        };
        let names = (was.name.as_str(), is.name.as_str());
        Some(Self {
            kept: of(was.kept.as_ref(), is.kept.as_ref(), names)?,
            seen: of(was.overlaid.as_ref(), is.overlaid.as_ref(), names)?,
        })
    }
}

/// Whether a request that was answered is refused now.
fn refuses(finding: &spec_diff::Finding) -> bool {
    matches!(finding.level, Level::BreaksRequests | Level::BreaksBoth)
        && finding.direction != Direction::Response
}

/// What becomes of a change that upstream's documents show.
enum Fate {
    /// Our client sees it, on this level.
    Seen(Level),
    /// Our client does not see it, and it is there all the same.
    Stands,
    /// What is kept undoes it.
    Kept,
    /// The overlay undoes it.
    Overlay,
}

/// What is lost and what is not, once what is kept and the overlay have their say.
pub(crate) struct Fates<'a> {
    report: &'a Report,
    truth: &'a Truth,
    described: Index<'a>,
    kept: Index<'a>,
    seen: Index<'a>,
    /// What only our client sees of what is lost.
    reworded: Vec<&'a spec_diff::Finding>,
}

impl<'a> Fates<'a> {
    pub(crate) fn of(report: &'a Report, truth: &'a Truth) -> Self {
        let described = Index::of(report);
        let losses = truth.seen.findings().iter();
        let losses = losses.filter(|it| it.level >= Level::Warning);
        Self {
            report,
            truth,
            kept: Index::of(&truth.kept),
            seen: Index::of(&truth.seen),
            reworded: losses.filter(|it| described.get(it).is_none()).collect(),
            described,
        }
    }

    /// Requests that were answered and are refused now, for all that our client knows.
    pub(crate) fn refused(&self) -> impl Iterator<Item = &'a spec_diff::Finding> {
        let stated = self.report.findings().iter();
        let stands = |it: &&spec_diff::Finding| matches!(self.of_finding(it), Fate::Stands);
        let seen = self.truth.seen.findings().iter();
        seen.chain(stated.filter(stands)).filter(|it| refuses(it))
    }

    fn of_finding(&self, finding: &spec_diff::Finding) -> Fate {
        if let Some(seen) = self.seen.get(finding) {
            return Fate::Seen(seen.level);
        }
        if self.kept.get(finding).is_none() {
            // What is merely no longer listed may still be read. What has got another name is not, for
            // all that the old one stays callable because it is kept.
            return if finding.id() == "request-parameter-renamed" {
                Fate::Stands
            } else {
                Fate::Kept
            };
        }
        // The overlay may only have given it other words: a name that is written with brackets.
        let is_it = |other: &&spec_diff::Finding| {
            other.direction == finding.direction
                && other
                    .operations
                    .iter()
                    .any(|it| finding.operations.contains(it))
        };
        if refuses(finding) && self.reworded.iter().any(is_it) {
            return Fate::Stands;
        }
        Fate::Overlay
    }
}

/// Both documents of a comparison.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Documents<'a> {
    /// The older one.
    pub(crate) old: &'a Value,
    /// The newer one.
    pub(crate) new: &'a Value,
}

/// The contract's changes, with what restores a loss.
///
/// A change of the two documents that our client does not have is undone by what is kept beside them:
/// it reaches nobody. One that only our client has is in a part that is kept, or comes from an edit of
/// what is beside the documents; `seen` are these as our client sees them.
pub(crate) fn contract(
    report: &Report,
    fates: Option<(&Fates<'_>, Documents<'_>)>,
    stated: Documents<'_>,
    line: &dyn Fn(&At) -> Option<u32>,
) -> Vec<Finding> {
    let Some((fates, seen)) = fates else {
        return report
            .findings()
            .iter()
            .map(|finding| broken(report, finding, stated))
            .collect();
    };
    let truth = &fates.truth.seen;
    // What upstream no longer uses may be used by what is kept: then its parts are judged there.
    let is_judged = |component: &spec_diff::Finding| {
        let inside = format!("{}/", component.new.pointer);
        truth.findings().iter().any(|it| {
            // What is gone has the place that would hold it.
            it.new.pointer == component.new.pointer
                || it.new.pointer.starts_with(&inside)
                || it.old.pointer.starts_with(&inside)
        })
    };
    let mut found = Vec::new();
    for finding in report.findings() {
        let undone = match fates.of_finding(finding) {
            Fate::Seen(level) => {
                let mut change = broken(report, finding, stated);
                change.impact = impact(level);
                found.push(change);
                continue;
            }
            Fate::Stands => {
                found.push(broken(report, finding, stated));
                continue;
            }
            Fate::Kept => Undone::Kept,
            Fate::Overlay => Undone::Overlay,
        };
        if !(finding.id().starts_with("unused-") && is_judged(finding)) {
            let mut change = take(report, finding, Effect::Wire);
            change.impact = Impact::Info;
            change.undone = Some(undone);
            found.push(change);
        }
    }
    for finding in truth.findings() {
        if fates.described.get(finding).is_none() {
            let mut ours = broken(truth, finding, seen);
            // Its line is one of a text that nobody has: the next place around it has to do.
            if let Some(at) = &mut ours.at {
                at.line = line(at);
            }
            found.push(ours);
        }
    }
    found
}

/// Findings by what makes two of them the same change.
struct Index<'a> {
    fingerprints: BTreeMap<&'a str, &'a spec_diff::Finding>,
    places: BTreeMap<(&'a str, &'a str), &'a spec_diff::Finding>,
}

impl<'a> Index<'a> {
    fn of(report: &'a Report) -> Self {
        let all = report.findings();
        Self {
            fingerprints: all.iter().map(|f| (f.fingerprint.as_str(), f)).collect(),
            places: all.iter().map(|f| (Self::place(f), f)).collect(),
        }
    }

    fn place(finding: &spec_diff::Finding) -> (&str, &str) {
        (finding.id(), &finding.new.pointer)
    }

    /// A correction may change what a finding shows of before and after, so its place counts, too.
    fn get(&self, finding: &spec_diff::Finding) -> Option<&'a spec_diff::Finding> {
        let same = self.fingerprints.get(finding.fingerprint.as_str());
        same.or_else(|| self.places.get(&Self::place(finding)))
            .copied()
    }
}

/// A change of the contract, with what restores what is lost.
fn broken(report: &Report, finding: &spec_diff::Finding, of: Documents<'_>) -> Finding {
    let remedy = match finding.level {
        // What became impossible to receive is no loss on the wire, but one in Rust.
        Level::Info if finding.direction == Direction::Request => None,
        _ => remedy::restore(finding, of.old, of.new),
    };
    let todo = if finding.level >= Level::Undecidable && remedy.is_some() {
        "check a real answer: if the service has not changed, paste the remedy"
    } else {
        ""
    };
    take(report, finding, Effect::Wire)
        .todo(todo)
        .remedy(remedy)
}

/// Changes of text and examples only.
pub(crate) fn docs(old: &Document, new: &Document, contract: &Report) -> Vec<Finding> {
    let all = Options {
        docs: true,
        ..Options::default()
    };
    let known: BTreeSet<&str> = contract
        .findings()
        .iter()
        .map(|finding| finding.fingerprint.as_str())
        .collect();
    let report = spec_diff::compare(old, new, &all);
    report
        .findings()
        .iter()
        .filter(|finding| !known.contains(finding.fingerprint.as_str()))
        .map(|finding| take(&report, finding, Effect::Docs))
        .collect()
}

fn take(report: &Report, finding: &spec_diff::Finding, effect: Effect) -> Finding {
    let (file, location) = if finding.after.is_none() && finding.before.is_some() {
        (report.old_name(), &finding.old)
    } else {
        (report.new_name(), &finding.new)
    };
    let mut taken = Finding::new(
        effect,
        impact(finding.level),
        finding.id(),
        &finding.place,
        finding.reason(),
    )
    .change(finding.before.clone(), finding.after.clone())
    .operations(finding.operations.iter().map(ToString::to_string))
    .at(Some(At {
        file: file.to_owned(),
        line: Some(location.position.line),
        pointer: Some(location.pointer.clone()),
    }));
    taken.fingerprint.clone_from(&finding.fingerprint);
    taken
}

fn impact(level: Level) -> Impact {
    match level {
        Level::Info => Impact::Info,
        Level::Warning => Impact::Warning,
        Level::Undecidable => Impact::NeedsAction,
        Level::BreaksRequests | Level::BreaksResponses | Level::BreaksBoth => Impact::Breaks,
    }
}

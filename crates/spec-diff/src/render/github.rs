//! Workflow commands that GitHub Actions turns into annotations.

use std::cmp::Reverse;
use std::fmt::Write as _;

use super::short::rolled_up;
use super::{change, operations, there, witness};
use crate::escape::{command as data, command_property as property};
use crate::finding::Finding;
use crate::level::Level;
use crate::report::Report;

/// Annotations of one kind that GitHub shows for one step. It drops the others without a word.
const SHOWN: usize = 10;

/// Errors for what breaks or cannot be decided, then warnings, then notices: worst and farthest reaching first.
///
/// What is the same at several places is one annotation. Of each kind there are ten at most; where there would be
/// more, the tenth says how many.
pub fn github(report: &Report) -> String {
    let mut out = String::new();
    for kind in ["error", "warning", "notice"] {
        let of_kind = report.findings.iter().filter(|f| kind_of(f) == kind);
        let mut groups = rolled_up(of_kind);
        groups.sort_by_key(|group| Reverse((group[0].level, group[0].operations.len())));
        let told = if groups.len() > SHOWN {
            SHOWN - 1
        } else {
            SHOWN
        };
        for group in groups.iter().take(told) {
            annotation(&mut out, report, kind, group);
        }
        let more = groups.iter().skip(told).map(Vec::len).sum::<usize>();
        if more > 0 {
            let _ = writeln!(
                out,
                "::{kind} title=spec-diff::and {more} more; the full report has all of them"
            );
        }
    }
    out
}

fn kind_of(finding: &Finding) -> &'static str {
    match finding.level {
        Level::Info => "notice",
        Level::Warning => "warning",
        _ => "error",
    }
}

fn annotation(out: &mut String, report: &Report, kind: &str, group: &[&Finding]) {
    let finding = group[0];
    let (name, location) = there(report, finding);
    let mut message = format!("{}: {}", finding.place, finding.reason());
    let places = (group.len() > 1).then(|| format!("and at {} more places", group.len() - 1));
    for more in [
        change(finding),
        witness(finding),
        operations(finding, 3),
        places,
    ]
    .into_iter()
    .flatten()
    {
        let _ = write!(message, "; {more}");
    }
    let _ = writeln!(
        out,
        "::{kind} file={},line={},col={},title={}::{}",
        property(name),
        location.position.line,
        location.position.column,
        property(finding.id()),
        data(&message),
    );
}

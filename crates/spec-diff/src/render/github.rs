//! Workflow commands that GitHub Actions turns into annotations.

use std::fmt::Write as _;

use super::{change, operations, there, witness};
use crate::escape::{command as data, command_property as property};
use crate::level::Level;
use crate::report::Report;

/// One line per finding: errors for what breaks or cannot be decided, warnings, notices.
pub fn github(report: &Report) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let command = match finding.level {
            Level::Info => "notice",
            Level::Warning => "warning",
            _ => "error",
        };
        let (name, location) = there(report, finding);
        let mut message = format!("{}: {}", finding.place, finding.reason());
        for more in [change(finding), witness(finding), operations(finding, 3)]
            .into_iter()
            .flatten()
        {
            let _ = write!(message, "; {more}");
        }
        let _ = writeln!(
            out,
            "::{command} file={},line={},col={},title={}::{}",
            property(name),
            location.position.line,
            location.position.column,
            property(finding.id()),
            data(&message),
        );
    }
    out
}

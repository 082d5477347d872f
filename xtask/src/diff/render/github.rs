//! Workflow commands that GitHub Actions turns into annotations.

use std::fmt::Write as _;

use super::escape::{command as data, command_property as property};
use crate::diff::{Drift, Impact};

/// One line per finding: errors for what fails a gate, then warnings and notices.
pub fn github(drift: &Drift) -> String {
    let mut out = String::new();
    for finding in &drift.findings {
        let command = match finding.impact {
            _ if finding.acknowledged.is_some() => "notice",
            Impact::Info => "notice",
            Impact::Warning => "warning",
            Impact::NeedsAction | Impact::Breaks => "error",
        };
        let mut message = format!("{}: {}", finding.place, finding.what);
        for more in [finding.transition(), finding.affected(3)]
            .into_iter()
            .flatten()
        {
            let _ = write!(message, "; {more}");
        }
        if let Some(accepted) = &finding.acknowledged {
            let _ = write!(message, "; {accepted}");
        } else if !finding.todo.is_empty() {
            let _ = write!(message, "; do: {}", finding.todo);
        }
        let mut place = String::new();
        if let Some(at) = &finding.at {
            let _ = write!(
                place,
                "file={},line={},",
                property(&at.file),
                at.line.unwrap_or(1)
            );
        }
        let _ = writeln!(
            out,
            "::{command} {place}title={}::{}",
            property(&format!("{}: {}", finding.effect.as_str(), finding.id)),
            data(&message)
        );
    }
    let _ = writeln!(
        out,
        "::notice title=verdict::{}",
        data(&drift.verdict.to_string())
    );
    out
}

//! Workflow commands that GitHub Actions turns into annotations.

use std::fmt::Write as _;

use super::escape::visible;
use crate::diff::{Drift, Impact};

/// One line per finding: errors for what fails a gate, then warnings and notices.
pub fn github(drift: &Drift) -> String {
    let mut out = String::new();
    for finding in &drift.findings {
        let command = match finding.impact {
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
        if !finding.todo.is_empty() {
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

fn data(text: &str) -> String {
    visible(text).replace('%', "%25")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

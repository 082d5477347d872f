//! For a terminal or a log.

use std::fmt::Write as _;

use super::{change, groups, heading, ids, operations, there, witness};
use crate::escape::{line, visible};
use crate::level::Level;
use crate::report::Report;

/// Whether to colour the output. Ask the terminal and `NO_COLOR` before choosing [`Color::Ansi`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// Plain text.
    Never,
    /// ANSI escape sequences around headings and ids.
    Ansi,
}

impl Color {
    /// The text between escape sequences, or as it is.
    pub(super) fn paint(self, code: &str, text: &str) -> String {
        match self {
            Self::Never => text.to_owned(),
            Self::Ansi => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }
}

/// Operations named per finding.
const OPERATIONS: usize = 5;

/// The report as text: verdict first, then findings by level, a summary last.
pub fn text(report: &Report, color: Color) -> String {
    let paint = |code: &str, text: &str| color.paint(code, text);
    let mut out = String::new();
    let verdict = report.verdict();
    let names = format!("{} → {}", line(&report.old), visible(&report.new));
    let _ = writeln!(out, "{names}: {}", paint("1", &verdict.to_string()));
    for (level, findings) in groups(&report.findings) {
        let code = match level {
            Level::Info => "32",
            Level::Warning | Level::Undecidable => "33",
            _ => "31",
        };
        let _ = writeln!(out, "\n{}", paint(&format!("1;{code}"), heading(level)));
        for finding in findings {
            let (name, location) = there(report, finding);
            let place = location.position;
            let _ = writeln!(
                out,
                "\n  {}  {}",
                line(&finding.place),
                paint(code, &ids(finding))
            );
            if let Some(change) = change(finding) {
                let _ = writeln!(out, "    {}", line(&change));
            }
            let _ = writeln!(out, "    {}", line(finding.reason()));
            if let Some(witness) = witness(finding) {
                let _ = writeln!(out, "    proof: {}", line(&witness));
            }
            let _ = writeln!(
                out,
                "    at {}:{}:{}",
                visible(name),
                place.line,
                place.column
            );
            if let Some(operations) = operations(finding, OPERATIONS) {
                let _ = writeln!(out, "    affects {}", visible(&operations));
            }
            if level > Level::Info {
                let _ = writeln!(out, "    fingerprint {}", finding.fingerprint);
            }
        }
    }
    if !report.findings.is_empty() {
        let _ = writeln!(out, "\n{}", paint("1", &verdict.to_string()));
    }
    if !report.acknowledged.is_empty() {
        let _ = writeln!(out, "{} acknowledged", report.acknowledged.len());
    }
    out
}

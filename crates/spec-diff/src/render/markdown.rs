//! For a pull request comment or a job summary.

use std::fmt::Write as _;

use super::{change, groups, heading, ids, operations, there, witness};
use crate::escape::{code, markdown as plain};
use crate::level::Level;
use crate::report::Report;

/// GitHub refuses comments over 65,536 characters; a few are left for what others add.
const MAX_CHARS: usize = 60_000;
/// Groups larger than this are folded, harmless ones always.
const UNFOLDED: usize = 20;
/// Operations named per finding.
const OPERATIONS: usize = 8;

/// The report as Markdown, short enough for a comment: what does not fit is counted.
pub fn markdown(report: &Report) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "### API changes: {}\n", report.verdict());
    let _ = writeln!(out, "{} → {}", code(&report.old), code(&report.new));
    let mut left_out = 0;
    for (level, findings) in groups(&report.findings) {
        let fold = level == Level::Info || findings.len() > UNFOLDED;
        let title = format!("{} ({})", heading(level), findings.len());
        if fold {
            let _ = write!(out, "\n<details><summary>{title}</summary>\n\n");
        } else {
            let _ = write!(out, "\n#### {title}\n\n");
        }
        for finding in findings {
            if out.len() > MAX_CHARS {
                left_out += 1;
                continue;
            }
            let (name, location) = there(report, finding);
            let _ = writeln!(
                out,
                "- **{}** {}",
                plain(&finding.place),
                code(&ids(finding))
            );
            if let Some(change) = change(finding) {
                let _ = writeln!(out, "  <br>{}", code(&change));
            }
            if let Some(witness) = witness(finding) {
                let _ = writeln!(out, "  <br>proof: {}", code(&witness));
            }
            let line = location.position.line;
            let _ = write!(out, "  <br>{}; line {line}", plain(finding.reason()));
            if location.file.is_some() {
                let _ = write!(out, " of {}", code(name));
            }
            if let Some(operations) = operations(finding, OPERATIONS) {
                let _ = write!(out, "; affects {}", plain(&operations));
            }
            if level > Level::Info {
                let _ = write!(out, "; fingerprint `{}`", finding.fingerprint);
            }
            out.push('\n');
        }
        if fold {
            out.push_str("\n</details>\n");
        }
    }
    if left_out > 0 {
        let _ = writeln!(out, "\n{left_out} more findings do not fit here.");
    }
    if !report.acknowledged.is_empty() {
        let _ = writeln!(out, "\n{} acknowledged.", report.acknowledged.len());
    }
    out
}

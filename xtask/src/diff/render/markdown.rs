//! For a pull request comment or a job summary.

use std::fmt::Write as _;

use super::escape::{code, markdown as plain, short};
use super::{acceptance, acknowledged, groups, nothing_at_run_time};
use crate::diff::side::ACKNOWLEDGED;
use crate::diff::{Drift, Effect, Finding, Impact};

/// GitHub refuses comments over 65,536 characters; some are left for what others add.
const MAX_CHARS: usize = 58_000;
/// Longer groups are folded, harmless ones always.
const UNFOLDED: usize = 12;

/// The report as Markdown, short enough for a comment: what does not fit is counted.
pub fn markdown(drift: &Drift) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "### API drift: {}\n", plain(&drift.verdict.summary));
    let _ = writeln!(out, "{} → {}\n", code(&drift.base), code(&drift.revision));
    let _ = writeln!(out, "**{}**", plain(&drift.verdict.next()));
    if !drift.verdict.changed {
        return out;
    }
    if drift.findings.iter().all(|f| f.effect != Effect::Runtime) {
        let heading = Effect::Runtime.heading();
        let _ = writeln!(out, "\n#### {heading}\n\n{}", nothing_at_run_time(drift));
    }
    let mut left_out = 0;
    for (effect, findings) in groups(drift) {
        let harmless = findings.iter().all(|f| f.impact <= Impact::Warning);
        let fold = harmless || findings.len() > UNFOLDED;
        let title = format!("{}: {}", effect.heading(), findings.len());
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
            head(&mut out, finding);
            let _ = write!(out, "  <br>{}", plain(&finding.what));
            if let Some(change) = finding.transition() {
                let _ = write!(out, "<br>{}", code(&short(&change, 240)));
            }
            if let Some(at) = &finding.at {
                let _ = write!(out, "<br>at {}", code(&at.to_string()));
            }
            if let Some(operations) = finding.affected(6) {
                let _ = write!(out, "<br>affects {}", plain(&operations));
            }
            if !finding.todo.is_empty() {
                let _ = write!(out, "<br>**do** {}", plain(&finding.todo));
            }
            out.push('\n');
            if let Some(remedy) = &finding.remedy {
                // Fenced by more backticks than a text from a document is likely to have.
                let text = remedy.text.trim_end().replace('\n', "\n  ");
                let _ = writeln!(
                    out,
                    "  <br>paste into {} under {}:\n\n  ````````text\n  {}\n  ````````\n",
                    code(remedy.file),
                    code(remedy.under),
                    text.replace("````````", "")
                );
            }
        }
        if fold {
            out.push_str("\n</details>\n");
        }
    }
    left_out += accepted(&mut out, drift);
    if left_out > 0 {
        let _ = writeln!(
            out,
            "\n{left_out} more findings do not fit here: run `cargo xtask diff`."
        );
    }
    out
}

/// The first line of a finding.
fn head(out: &mut String, finding: &Finding) {
    let _ = writeln!(
        out,
        "- **{}** {}: {}",
        plain(&short(&finding.place, 160)),
        finding.impact,
        code(&finding.id)
    );
}

/// What is accepted, and how to accept the rest, both folded; returns how much did not fit.
fn accepted(out: &mut String, drift: &Drift) -> usize {
    let mut left_out = 0;
    let count = acknowledged(drift).count();
    if count > 0 {
        let _ = write!(
            out,
            "\n<details><summary>Acknowledged: {count}</summary>\n\n"
        );
        for (finding, accepted) in acknowledged(drift) {
            if out.len() > MAX_CHARS {
                left_out += 1;
                continue;
            }
            head(out, finding);
            let _ = writeln!(
                out,
                "  <br>({}) {}",
                finding.effect.as_str(),
                plain(&accepted.to_string())
            );
        }
        out.push_str("\n</details>\n");
    }
    let entries = acceptance(drift).replace("````````", "");
    if !entries.is_empty() && out.len() + entries.len() <= MAX_CHARS {
        let _ = write!(
            out,
            "\n<details><summary>To accept what cannot be mended</summary>\n\nPaste into {} and give each entry a reason; `expires = \"YYYY-MM-DD\"` sets an end:\n\n````````toml\n{entries}````````\n\n</details>\n",
            code(ACKNOWLEDGED)
        );
    }
    left_out
}

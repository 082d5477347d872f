//! For a pull request comment or a job summary.

use std::fmt::Write as _;

use super::escape::{code, code_block, markdown as plain, short};
use super::{
    acceptable, acceptance, acknowledged, callers, counted, kept_heading, owners, places, sections,
    title, undone,
};
use crate::diff::cause::Cause;
use crate::diff::side::ACKNOWLEDGED;
use crate::diff::{Drift, Effect, Finding, Impact, Undone};

/// GitHub refuses comments over 65,536 characters; some are left for what others add.
const MAX_CHARS: usize = 58_000;
/// Characters that a cause may take, without its places.
const CAUSE: usize = 600;

/// A part of the report: what has to be read, and what is folded below it if there is room.
struct Part {
    text: String,
    fold: String,
}

/// The report as Markdown, short enough for a comment. To do, callers, what upstream did and every
/// cause come first; places and remedies fill the room that is left.
pub fn markdown(drift: &Drift) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "### API drift: {}\n", plain(&drift.verdict.summary));
    let _ = writeln!(
        out,
        "{} → {}, {}\n",
        code(&drift.base),
        code(&drift.revision),
        title(drift)
    );
    if !drift.verdict.changed {
        let _ = writeln!(out, "**{}**", plain(&drift.verdict.next()));
        return out;
    }
    head(&mut out, drift);
    let causes = drift.causes();
    let parts = parts(drift, &causes);
    let needed: usize = parts.iter().map(|part| part.text.len()).sum();
    let mut room = MAX_CHARS.saturating_sub(out.len() + needed);
    let mut left_out = 0;
    for part in parts {
        // Only a document of hundreds of kinds of change comes here: the last are the least.
        if out.len() + part.text.len() > MAX_CHARS {
            left_out += 1;
            continue;
        }
        out.push_str(&part.text);
        if part.fold.len() <= room {
            room -= part.fold.len();
            out.push_str(&part.fold);
        } else if !part.fold.is_empty() {
            left_out += 1;
        }
    }
    if left_out > 0 {
        let _ = writeln!(
            out,
            "\n{left_out} lists of places do not fit here: run `cargo xtask diff --all`."
        );
    }
    out
}

fn head(out: &mut String, drift: &Drift) {
    out.push_str("#### To do\n\n");
    let steps = drift.todo();
    if steps.is_empty() {
        out.push_str("Nothing.\n");
    }
    for (index, step) in steps.iter().enumerate() {
        let lines: Vec<String> = step
            .lines()
            .map(|line| plain(&short(line, CAUSE)))
            .collect();
        let _ = writeln!(out, "{}. {}", index + 1, lines.join("<br>→ "));
    }
    out.push_str("\n#### Callers\n\n| | |\n| --- | --- |\n");
    for (who, what) in callers::lines(drift) {
        let _ = writeln!(out, "| {who} | {} |", plain(&what));
    }
    if !drift.upstream.is_empty() {
        out.push_str("\n#### What upstream did\n\n| | | |\n| --- | --- | --- |\n");
        for did in &drift.upstream {
            let place = plain(&short(&did.place, CAUSE));
            let _ = writeln!(
                out,
                "| {} | {place} | {} |",
                plain(&did.what),
                plain(&did.outcome)
            );
        }
    }
}

fn parts(drift: &Drift, causes: &[Cause<'_>]) -> Vec<Part> {
    let mut parts = Vec::new();
    for (effect, causes) in sections(causes) {
        let mut heading = format!("\n#### {}\n\n", effect.heading());
        for it in causes {
            let mut part = cause(it);
            part.text = std::mem::take(&mut heading) + &part.text;
            parts.push(part);
        }
    }
    if !drift.kept.is_empty() {
        let mut text = format!("\n#### {}\n\n", kept_heading(&drift.kept));
        for cause in &drift.kept {
            let _ = writeln!(
                text,
                "- {} {}: {}",
                cause.count,
                plain(&cause.what),
                plain(&owners(cause))
            );
        }
        parts.push(Part {
            text,
            fold: String::new(),
        });
    }
    for (by, heading) in [
        (Undone::Kept, "Undone: upstream only stopped saying it"),
        (Undone::Overlay, "Undone by the overlay"),
    ] {
        let undone = undone(causes, by);
        if !undone.is_empty() {
            parts.push(Part {
                text: format!(
                    "\n#### {heading}\n\n{}\n",
                    plain(&short(&counted(&undone), CAUSE))
                ),
                fold: String::new(),
            });
        }
    }
    if drift.texts() > 0 {
        parts.push(Part {
            text: format!(
                "\n#### {}\n\n{}, which change nobody's code.\n",
                Effect::Docs.heading(),
                drift.texts()
            ),
            fold: String::new(),
        });
    }
    parts.push(Part {
        text: String::new(),
        fold: accepted(drift),
    });
    parts.push(Part {
        text: String::new(),
        fold: to_accept(drift),
    });
    parts
}

fn cause(cause: &Cause<'_>) -> Part {
    let first = cause.first();
    let mut text = String::new();
    if cause.count() == 1 {
        line(&mut text, first);
        let _ = write!(text, "  <br>{}", plain(&short(&first.what, CAUSE)));
        if let Some(change) = first.transition() {
            let _ = write!(text, "<br>{}", code(&short(&change, 240)));
        }
        if let Some(at) = &first.at {
            let _ = write!(text, "<br>at {}", code(&at.to_string()));
        }
        if let Some(operations) = first.affected(6) {
            let _ = write!(text, "<br>affects {}", plain(&short(&operations, CAUSE)));
        }
        text.push('\n');
        return Part {
            text,
            fold: remedy(first),
        };
    }
    let _ = writeln!(
        text,
        "- **{}** {}: {}\n  <br>in {}",
        plain(&cause.what()),
        first.impact,
        code(&first.id),
        plain(&short(&cause.places(), CAUSE))
    );
    let mut fold = format!(
        "\n  <details><summary>{}</summary>\n\n",
        places(cause.count())
    );
    for finding in cause.findings() {
        let _ = write!(fold, "  - {}", plain(&short(&finding.place, 160)));
        if let Some(change) = finding.transition() {
            let _ = write!(fold, ": {}", code(&short(&change, 160)));
        }
        fold.push('\n');
        if first.impact >= Impact::NeedsAction {
            fold.push_str(&remedy(finding));
        }
    }
    fold.push_str("\n  </details>\n\n");
    Part { text, fold }
}

/// The first line of a finding.
fn line(out: &mut String, finding: &Finding) {
    let _ = writeln!(
        out,
        "- **{}** {}: {}",
        plain(&short(&finding.place, 160)),
        finding.impact,
        code(&finding.id)
    );
}

/// What to paste, below the finding that it mends.
fn remedy(finding: &Finding) -> String {
    let Some(remedy) = &finding.remedy else {
        return String::new();
    };
    format!(
        "  <br>paste into {} under {}:\n\n{}",
        code(remedy.file),
        code(remedy.under),
        code_block(&remedy.text, "text", "  ")
    )
}

/// What is accepted, folded.
fn accepted(drift: &Drift) -> String {
    let count = acknowledged(drift).count();
    if count == 0 {
        return String::new();
    }
    let mut out = format!("\n<details><summary>Acknowledged: {count}</summary>\n\n");
    for (finding, accepted) in acknowledged(drift) {
        line(&mut out, finding);
        let _ = writeln!(
            out,
            "  <br>({}) {}",
            finding.effect.as_str(),
            plain(&accepted.to_string())
        );
    }
    out + "\n</details>\n"
}

/// How to accept the rest, folded.
fn to_accept(drift: &Drift) -> String {
    let entries = acceptance(&acceptable(drift));
    if entries.is_empty() {
        return String::new();
    }
    format!(
        "\n<details><summary>To accept what cannot be mended</summary>\n\nPaste into {} and give each entry a reason; `expires = \"YYYY-MM-DD\"` sets an end:\n\n{}\n</details>\n",
        code(ACKNOWLEDGED),
        code_block(&entries, "toml", "")
    )
}

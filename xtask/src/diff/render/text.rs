//! For a terminal or a log.

use std::fmt::Write as _;

use super::escape::{short, visible, visible_lines};
use super::{acceptance, acknowledged, groups, nothing_at_run_time};
use crate::diff::side::ACKNOWLEDGED;
use crate::diff::{Drift, Effect, Finding, Impact};

/// Characters of a value that are shown.
const VALUE: usize = 160;

/// Verdict first, then findings by effect, a summary last.
pub fn text(drift: &Drift, colored: bool) -> String {
    let paint = |code: &str, text: &str| {
        if colored {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    };
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} → {}",
        visible(&drift.base),
        visible(&drift.revision)
    );
    let _ = writeln!(out, "{}", paint("1", &drift.verdict.summary));
    let _ = writeln!(out, "{}", drift.verdict.next());
    if !drift.verdict.changed {
        return out;
    }
    if drift.findings.iter().all(|f| f.effect != Effect::Runtime) {
        let heading = paint("1;32", Effect::Runtime.heading());
        let _ = writeln!(out, "\n{heading}\n\n  {}", nothing_at_run_time(drift));
    }
    for (effect, findings) in groups(drift) {
        let worst = findings.iter().map(|f| f.impact).max();
        let heading = paint(&format!("1;{}", hue(worst)), effect.heading());
        let _ = writeln!(out, "\n{heading}");
        for finding in findings {
            out.push('\n');
            one(&mut out, finding, &paint);
        }
    }
    accepted(&mut out, drift, &paint);
    let _ = writeln!(out, "\n{}", paint("1", &counts(drift)));
    let _ = writeln!(out, "{}", drift.verdict.next());
    out
}

fn hue(impact: Option<Impact>) -> &'static str {
    match impact {
        Some(Impact::Breaks) => "31",
        Some(Impact::NeedsAction | Impact::Warning) => "33",
        _ => "32",
    }
}

/// What is accepted, and how to accept the rest.
fn accepted(out: &mut String, drift: &Drift, paint: &dyn Fn(&str, &str) -> String) {
    for (index, (finding, accepted)) in acknowledged(drift).enumerate() {
        if index == 0 {
            let _ = writeln!(out, "\n{}\n", paint("1;32", "Acknowledged"));
        }
        let _ = writeln!(
            out,
            "  {}  {}: {} ({})\n    {}",
            visible(&finding.place),
            finding.impact,
            finding.id,
            finding.effect.as_str(),
            visible(&accepted.to_string())
        );
    }
    let entries = acceptance(drift);
    if !entries.is_empty() {
        let _ = write!(
            out,
            "\n{}\n\n  paste into {ACKNOWLEDGED} and give each entry a reason; `expires = \"YYYY-MM-DD\"` sets an end:\n\n{entries}",
            paint("1", "To accept what cannot be mended")
        );
    }
}

fn one(out: &mut String, finding: &Finding, paint: &dyn Fn(&str, &str) -> String) {
    let label = format!("{}: {}", finding.impact, finding.id);
    let _ = writeln!(
        out,
        "  {}  {}",
        visible(&finding.place),
        paint(hue(Some(finding.impact)), &label)
    );
    let _ = writeln!(out, "    {}", visible(&finding.what));
    if let Some(change) = finding.transition() {
        let _ = writeln!(out, "    {}", visible(&short(&change, VALUE * 2)));
    }
    if let Some(at) = &finding.at {
        let _ = writeln!(out, "    at {}", visible(&at.to_string()));
    }
    if let Some(operations) = finding.affected(4) {
        let _ = writeln!(out, "    affects {}", visible(&operations));
    }
    if !finding.todo.is_empty() {
        let _ = writeln!(out, "    do {}", visible(&finding.todo));
    }
    if let Some(remedy) = &finding.remedy {
        let _ = writeln!(
            out,
            "    paste into {}, under {}:\n",
            remedy.file, remedy.under
        );
        out.push_str(&visible_lines(&remedy.text));
    }
}

/// How many findings each effect has.
pub(super) fn counts(drift: &Drift) -> String {
    let mut parts = Vec::new();
    for (effect, findings) in groups(drift) {
        let fail = findings.iter().filter(|f| f.impact.fails()).count();
        let note = if fail > 0 {
            format!(" ({fail} to act on)")
        } else {
            String::new()
        };
        parts.push(format!("{} {}{note}", effect.as_str(), findings.len()));
    }
    let accepted = acknowledged(drift).count();
    if accepted > 0 {
        parts.push(format!("acknowledged {accepted}"));
    }
    format!("{} findings: {}", drift.findings.len(), parts.join(", "))
}

//! For a terminal or a log.

use std::fmt::Write as _;

use super::escape::{line as safe, short, visible, visible_lines};
use super::{
    acceptable, acceptance, acknowledged, callers, counted, kept_heading, owners, sections, title,
    undone,
};
use crate::diff::cause::Cause;
use crate::diff::side::ACKNOWLEDGED;
use crate::diff::{Drift, Effect, Finding, Impact, Undone};

/// Characters of a value that are shown.
const VALUE: usize = 160;
/// Entries of acknowledgements that are printed unless everything is.
const ENTRIES: usize = 5;

/// What a person needs on two screens: to do, callers, what upstream did, and the causes.
pub fn text(drift: &Drift, colored: bool) -> String {
    Page::new(drift, colored, false).print()
}

/// The same with every finding at every place.
pub fn text_of_all(drift: &Drift, colored: bool) -> String {
    Page::new(drift, colored, true).print()
}

struct Page<'a> {
    drift: &'a Drift,
    is_colored: bool,
    is_whole: bool,
    out: String,
}

impl<'a> Page<'a> {
    fn new(drift: &'a Drift, is_colored: bool, is_whole: bool) -> Self {
        Self {
            drift,
            is_colored,
            is_whole,
            out: String::new(),
        }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.is_colored {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn heading(&mut self, hue: &str, text: &str) {
        let text = self.paint(&format!("1;{hue}"), text);
        self.line(&format!("\n{text}"));
    }

    fn print(mut self) -> String {
        let drift = self.drift;
        let compared = format!("{} → {}", safe(&drift.base), visible(&drift.revision));
        self.line(&format!("{compared}   {}", title(drift)));
        let summary = self.paint("1", &safe(&drift.verdict.summary));
        self.line(&summary);
        if !drift.verdict.changed {
            self.line(&drift.verdict.next());
            return self.out;
        }
        self.todo();
        self.callers();
        self.upstream();
        if self.is_whole {
            self.kept();
            self.everything();
        } else {
            self.causes();
        }
        self.accepted();
        self.out
    }

    fn todo(&mut self) {
        let steps = self.drift.todo();
        self.heading("39", "To do");
        if steps.is_empty() {
            self.line("  nothing");
        }
        for (index, step) in steps.iter().enumerate() {
            let mut lines = step.lines();
            let first = visible(lines.next().unwrap_or_default()).into_owned();
            self.line(&format!("  {}  {first}", index + 1));
            for line in lines {
                let line = visible(line).into_owned();
                self.line(&format!("     → {line}"));
            }
        }
    }

    fn callers(&mut self) {
        self.heading("39", "Callers");
        for (who, what) in callers::lines(self.drift) {
            self.line(&format!("  {who:<17} {what}"));
        }
    }

    fn upstream(&mut self) {
        let did = &self.drift.upstream;
        if did.is_empty() {
            return;
        }
        self.heading("39", "What upstream did");
        let width = |text: &str| text.chars().count();
        let widest = did.iter().map(|did| width(&did.what)).max().unwrap_or(0);
        for did in did {
            let pad = " ".repeat(widest - width(&did.what));
            let place = visible(&short(&did.place, VALUE)).into_owned();
            let place = if place.is_empty() {
                place
            } else {
                format!("{place}   ")
            };
            self.line(&format!("  {}{pad}   {place}→ {}", did.what, did.outcome));
        }
    }

    fn causes(&mut self) {
        let drift = self.drift;
        let causes = drift.causes();
        for (effect, causes) in sections(&causes) {
            let worst = causes.iter().map(|cause| cause.first().impact).max();
            self.heading(hue(worst), effect.heading());
            for cause in causes {
                self.cause(cause);
            }
        }
        self.kept();
        for (by, heading) in [
            (Undone::Kept, "Undone: upstream only stopped saying it"),
            (Undone::Overlay, "Undone by the overlay"),
        ] {
            let undone = undone(&causes, by);
            if !undone.is_empty() {
                self.heading("32", heading);
                self.line(&format!("  {}", counted(&undone)));
            }
        }
        let texts = drift.texts();
        if texts > 0 {
            self.heading("32", Effect::Docs.heading());
            self.line(&format!(
                "  {texts}, which change nobody's code (--all lists them)"
            ));
        }
    }

    fn kept(&mut self) {
        let kept = &self.drift.kept;
        if kept.is_empty() {
            return;
        }
        self.heading("32", &kept_heading(kept));
        for cause in kept {
            let owners = visible(&owners(cause)).into_owned();
            self.line(&format!("  {:>4} {}   {owners}", cause.count, cause.what));
        }
    }

    fn cause(&mut self, cause: &Cause<'_>) {
        let first = cause.first();
        let count = cause.count();
        if count == 1 {
            self.one(first, first.impact == Impact::Warning);
            return;
        }
        let label = format!("{}: {} ×{count}", first.impact, first.id);
        let label = self.paint(hue(Some(first.impact)), &label);
        self.line(&format!("  {label}  {}", visible(&cause.what())));
        self.line(&format!(
            "    in {}",
            visible(&short(&cause.places(), VALUE * 2))
        ));
        if first.impact == Impact::Warning && !first.todo.is_empty() {
            self.line(&format!("    do {}", visible(&first.todo)));
        }
        if first.impact < Impact::NeedsAction {
            return;
        }
        let with_remedy: Vec<&&Finding> = cause
            .findings()
            .iter()
            .filter(|f| f.remedy.is_some())
            .collect();
        if let Some(example) = with_remedy.first() {
            self.remedy(example);
            let rest = with_remedy.len() - 1;
            if rest > 0 {
                self.line(&format!("    and {rest} more like it (--all prints them)"));
            }
        }
    }

    /// `with_todo` is for a page that has no list of what to do for each finding.
    fn one(&mut self, finding: &Finding, with_todo: bool) {
        let label = format!("{}: {}", finding.impact, finding.id);
        let label = self.paint(hue(Some(finding.impact)), &label);
        self.line(&format!("  {label}  {}", visible(&finding.place)));
        self.line(&format!("    {}", safe(&finding.what)));
        if let Some(change) = finding.transition() {
            self.line(&format!("    {}", safe(&short(&change, VALUE * 2))));
        }
        let at = finding.at.as_ref().map(|at| format!("at {at}"));
        let affected = finding
            .affected(4)
            .filter(|operations| !finding.place.contains(operations))
            .map(|operations| format!("affects {operations}"));
        let both = [at, affected].into_iter().flatten().collect::<Vec<_>>();
        if !both.is_empty() {
            self.line(&format!("    {}", safe(&both.join("; "))));
        }
        if with_todo && !finding.todo.is_empty() {
            self.line(&format!("    do {}", visible(&finding.todo)));
        }
        self.remedy(finding);
    }

    fn remedy(&mut self, finding: &Finding) {
        if let Some(remedy) = &finding.remedy {
            let (file, under) = (remedy.file, remedy.under);
            self.line(&format!("    paste into {file}, under {under}:\n"));
            self.out.push_str(&visible_lines(&remedy.text));
            self.out.push('\n');
        }
    }

    /// Every finding that is not accepted, by effect.
    fn everything(&mut self) {
        let open = self
            .drift
            .findings
            .iter()
            .filter(|f| f.acknowledged.is_none());
        let mut effect = None;
        for finding in open {
            if effect != Some(finding.effect) {
                effect = Some(finding.effect);
                self.heading("39", finding.effect.heading());
            }
            self.line("");
            self.one(finding, true);
            match finding.undone {
                Some(Undone::Kept) => self.line("    undone: it is kept"),
                Some(Undone::Overlay) => self.line("    undone by the overlay"),
                None => {}
            }
        }
    }

    /// What is accepted, and how to accept the rest.
    fn accepted(&mut self) {
        let drift = self.drift;
        for (index, (finding, accepted)) in acknowledged(drift).enumerate() {
            if index == 0 {
                self.heading("32", "Acknowledged");
            }
            self.line(&format!(
                "  {}  {}: {} ({})\n    {}",
                safe(&finding.place),
                finding.impact,
                finding.id,
                finding.effect.as_str(),
                safe(&accepted.to_string())
            ));
        }
        let mut open = acceptable(drift);
        if open.is_empty() {
            return;
        }
        let rest = if self.is_whole {
            0
        } else {
            open.len().saturating_sub(ENTRIES)
        };
        open.truncate(open.len() - rest);
        self.heading("39", "To accept what cannot be mended");
        let _ = write!(
            self.out,
            "  paste into {ACKNOWLEDGED} and give each entry a reason; `expires = \"YYYY-MM-DD\"` sets an end:\n\n{}",
            acceptance(&open)
        );
        if rest > 0 {
            self.line(&format!("\n  and {rest} more (--all prints them)"));
        }
    }
}

fn hue(impact: Option<Impact>) -> &'static str {
    match impact {
        Some(Impact::Breaks) => "31",
        Some(Impact::NeedsAction | Impact::Warning) => "33",
        _ => "32",
    }
}

//! `report.md`: what each pass changed, with counts.
//!
//! It is checked in and reviewed like code, so it lists decisions, not noise,
//! and two runs give the same bytes.

use std::fmt::Write as _;

use spec_diff::escape::{code, sentence};

/// The words by which a report is known to be written by this command.
pub(crate) fn written_by(command: &str) -> String {
    format!("Written by `{command}`; do not edit.")
}

/// The report of one generation.
#[derive(Debug, Clone, Default)]
pub struct Report {
    sections: Vec<Section>,
    warnings: Vec<Warning>,
}

/// Something that works, yet asks for the maintainer's eye.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Whose matter it is.
    pub about: About,
    /// What it is.
    pub text: String,
}

/// Which of the inputs a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Upstream's document.
    Document,
    /// What is kept beside it.
    Kept,
    /// Our corrections.
    Overlay,
}

#[derive(Debug, Clone)]
struct Section {
    title: String,
    purpose: String,
    lines: Vec<String>,
}

impl Report {
    /// Opens the section of a pass; lines that follow belong to it.
    pub fn section(&mut self, title: &str, purpose: &str) {
        self.sections.push(Section {
            title: title.to_owned(),
            purpose: purpose.to_owned(),
            lines: Vec::new(),
        });
    }

    /// One thing that the current pass did.
    pub fn line(&mut self, text: impl Into<String>) {
        if let Some(section) = self.sections.last_mut() {
            section.lines.push(text.into());
        }
    }

    /// Something that works, yet asks for the maintainer's eye.
    pub fn warn(&mut self, about: About, text: impl Into<String>) {
        let text = text.into();
        self.warnings.push(Warning { about, text });
    }

    /// The warnings, for the terminal.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The report on `source` as Markdown; `command` is what generates.
    pub fn render(&self, source: &str, command: &str) -> String {
        let (source, written_by) = (code(source), written_by(command));
        let mut text = format!(
            "# What generation did to {source}\n\n\
             {written_by} Each section is one pass, in the order they run.\n"
        );
        if !self.warnings.is_empty() {
            text.push_str("\n## Warnings\n\n");
            for warning in &self.warnings {
                let _ = writeln!(text, "- {}", sentence(&warning.text));
            }
        }
        for section in &self.sections {
            let _ = write!(
                text,
                "\n## {} ({})\n\n{}\n",
                section.title,
                section.lines.len(),
                section.purpose
            );
            if !section.lines.is_empty() {
                text.push('\n');
            }
            for line in &section.lines {
                let _ = writeln!(text, "- {}", sentence(line));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_count_their_lines_and_warnings_come_first() {
        let mut report = Report::default();
        report.section("one", "Does one thing.");
        report.line("a");
        report.line("b");
        report.section("two", "Did nothing.");
        report.warn(About::Overlay, "look here");
        let text = report.render("spec.json", "make it");
        let about = report
            .warnings()
            .iter()
            .map(|it| (it.about, it.text.as_str()));
        assert!(about.eq([(About::Overlay, "look here")]));
        assert!(text.starts_with("# What generation did to `spec.json`\n"));
        assert!(text.ends_with(
            "## Warnings\n\n- look here\n\n## one (2)\n\nDoes one thing.\n\n- a\n- b\n\n## two (0)\n\nDid nothing.\n"
        ));
    }
}

//! From what was asked to what is answered.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::IsTerminal;

use spec_diff::render::{self, Color};
use spec_diff::{Document, Finding, Level, Operation, Options, Policy, Report};

use crate::Outcome;
use crate::arguments::{Comparison, FailOn, Format, When};
use crate::config::Config;
use crate::siblings::Allowed;
use crate::{clock, folder, input};

/// Which part of a report is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    All,
    Breaking,
    Changelog,
}

/// Compares two documents.
pub(crate) fn compare(mut asked: Comparison, view: View) -> Result<Outcome, String> {
    let (config, folder) = Config::read(asked.config.as_deref())?;
    config.complete(&folder, &mut asked);
    let (Some(old), Some(new)) = (&asked.old, &asked.new) else {
        return Err("two documents are needed: spec-diff OLD NEW (see --help)".to_owned());
    };
    if old == "-" && new == "-" {
        return Err("only one of both can come from standard input".to_owned());
    }
    if let Some(day) = asked.today.as_deref().filter(|day| !is_day(day)) {
        return Err(format!("--today {day}: write YYYY-MM-DD"));
    }
    let policy = policy(&asked)?;
    let folders = [old, new].map(|from| folder::is_folder(from));
    let allowed = Allowed {
        root: asked.refs_root.as_deref(),
        found_in: None,
    };
    let pairs = match folders {
        [true, true] => folder::pairs(old, new, allowed.root)?,
        [false, false] => vec![(
            input::document(old, allowed)?,
            input::document(new, allowed)?,
        )],
        _ => {
            return Err(format!(
                "{old}, {new}: compare two documents, or two folders"
            ));
        }
    };
    let of_many = folders == [true, true];
    if of_many
        && !matches!(
            format(&asked, view),
            Format::Text | Format::Markdown | Format::Github
        )
    {
        return Err(
            "folders: --format text, markdown or github; the others hold one document".to_owned(),
        );
    }
    let today = asked.today.clone().or_else(clock::today);
    let options = Options {
        docs: asked.docs,
        today: today.clone(),
        earliest_end: earliest_end(&asked, today.as_deref())?,
        levels: policy.levels().clone(),
    };
    let (mut output, mut passes) = (String::new(), true);
    let mut met: HashSet<String> = HashSet::new();
    for (old, new) in &pairs {
        let mut report = spec_diff::compare(old, new, &options);
        let here: HashSet<String> = fingerprints(&report).collect();
        let mut problems = report.acknowledge(&policy, today.as_deref());
        // What fits nothing here may fit another document of the folder.
        problems.retain(|problem| {
            let said = problem.to_string();
            !of_many || here.iter().any(|fingerprint| said.contains(fingerprint))
        });
        for problem in &problems {
            eprintln!("{problem}");
        }
        met.extend(here);
        filter(&mut report, &asked, old, new);
        passes &= problems.is_empty() && !fails(&report, asked.fail_on);
        if view == View::Breaking {
            report.retain(|finding| finding.level >= Level::Undecidable);
        }
        let nothing = report.findings().is_empty() && report.acknowledged().is_empty();
        if !of_many || !nothing {
            output.push_str(if output.is_empty() { "" } else { "\n" });
            output.push_str(&written(&report, &asked, view));
        }
    }
    if of_many {
        for entry in policy.acknowledgements() {
            if !met.contains(&entry.fingerprint) {
                eprintln!(
                    "acknowledgement {} fits no finding: remove it",
                    entry.fingerprint
                );
                passes = false;
            }
        }
        if output.is_empty() && format(&asked, view) != Format::Github {
            let _ = writeln!(output, "{} documents: no differences", pairs.len());
        }
    }
    Ok(Outcome { output, passes })
}

fn fingerprints(report: &Report) -> impl Iterator<Item = String> {
    report
        .findings()
        .iter()
        .map(|finding| finding.fingerprint.clone())
}

/// The first day that a newly announced end may fall on.
fn earliest_end(asked: &Comparison, today: Option<&str>) -> Result<Option<String>, String> {
    let Some(days) = asked.grace else {
        return Ok(None);
    };
    let end = today.and_then(|today| clock::later(today, days));
    let what = || "--grace: today is not known; give it with --today YYYY-MM-DD".to_owned();
    end.map(Some).ok_or_else(what)
}

fn policy(asked: &Comparison) -> Result<Policy, String> {
    let Some(path) = &asked.policy else {
        return Ok(Policy::default());
    };
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| format!("{name}: {e}"))?;
    Policy::parse(&text, &name).map_err(|e| e.to_string())
}

fn fails(report: &Report, least: Option<FailOn>) -> bool {
    let least = match least.unwrap_or(FailOn::Undecidable) {
        FailOn::Never => return false,
        FailOn::Breaking => Level::BreaksResponses,
        FailOn::Undecidable => Level::Undecidable,
        FailOn::Warning => Level::Warning,
        FailOn::Info => Level::Info,
    };
    report.verdict().worst().is_some_and(|worst| worst >= least)
}

/// Keeps what affects the operations that were asked for; what belongs to no operation goes with the rest.
fn filter(report: &mut Report, asked: &Comparison, old: &Document, new: &Document) {
    if !asked.paths.is_empty() {
        let wanted =
            |operation: &Operation| asked.paths.iter().any(|glob| fits(glob, &operation.path));
        report.retain(|finding| finding.operations.iter().any(wanted));
    }
    if !asked.tag.is_empty() {
        let tagged = [old, new].map(|document| document.operations_with_tags(&asked.tag));
        let tagged: HashSet<Operation> = tagged.into_iter().flatten().collect();
        report.retain(|finding: &Finding| finding.operations.iter().any(|o| tagged.contains(o)));
    }
}

/// Whether a text fits a pattern in which `*` stands for anything.
fn fits(glob: &str, text: &str) -> bool {
    let mut parts = glob.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn is_day(text: &str) -> bool {
    let shape = |(i, c): (usize, char)| {
        if i == 4 || i == 7 {
            c == '-'
        } else {
            c.is_ascii_digit()
        }
    };
    text.len() == 10 && text.chars().enumerate().all(shape)
}

fn format(asked: &Comparison, view: View) -> Format {
    let default = if view == View::Changelog {
        Format::Markdown
    } else {
        Format::Text
    };
    asked.format.unwrap_or(default)
}

fn written(report: &Report, asked: &Comparison, view: View) -> String {
    let color = match asked.color {
        When::Always => Color::Ansi,
        When::Never => Color::Never,
        When::Auto => {
            let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
            if wanted && std::io::stdout().is_terminal() {
                Color::Ansi
            } else {
                Color::Never
            }
        }
    };
    match format(asked, view) {
        Format::Text if asked.all => render::text(report, color),
        Format::Text => render::short(report, color),
        Format::Markdown => render::markdown(report),
        Format::Json => render::json(report),
        Format::Github => render::github(report),
        Format::Junit => render::junit(report),
        Format::Sarif => render::sarif(report),
        Format::Html => render::html(report),
    }
}

/// Explains a rule, or lists all.
pub(crate) fn explain(rule: Option<&str>) -> Result<Outcome, String> {
    let output = match rule {
        Some(id) => spec_diff::explain(id).ok_or_else(|| unknown_rule(id))?,
        None => spec_diff::rules()
            .iter()
            .fold(String::new(), |mut all, rule| {
                let level = rule.level.as_str();
                let _ = writeln!(all, "{level:<17} {:<45} {}", rule.id, rule.reason);
                all
            }),
    };
    Ok(Outcome {
        output,
        passes: true,
    })
}

/// Names rules that were perhaps meant.
fn unknown_rule(id: &str) -> String {
    let like: Vec<&str> = spec_diff::rules()
        .iter()
        .map(|rule| rule.id.as_str())
        .filter(|known| known.contains(id))
        .take(5)
        .collect();
    if like.is_empty() {
        format!("there is no rule `{id}`; `spec-diff explain` lists all")
    } else {
        format!("there is no rule `{id}`; did you mean {}?", like.join(", "))
    }
}

/// As git asks for the text of a file. What is no OpenAPI document stays as it is: git would stop otherwise.
pub(crate) fn textconv(file: &str) -> Result<Outcome, String> {
    let output = if let Ok(document) = input::document(file, Allowed::default()) {
        render::plain(&document)
    } else {
        let bytes = std::fs::read(file).map_err(|e| format!("{file}: {e}"))?;
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Ok(Outcome {
        output,
        passes: true,
    })
}

/// As an external diff command of git: path, old file, hex, mode, new file, hex, mode. Never fails git.
pub(crate) fn git_driver(arguments: &[String]) -> Result<Outcome, String> {
    let [path, old, _, _, new, ..] = arguments else {
        return Err(
            "git-driver is for git: git config diff.openapi.command 'spec-diff git-driver'"
                .to_owned(),
        );
    };
    let output = match (
        input::document(old, Allowed::default()),
        input::document(new, Allowed::default()),
    ) {
        (Ok(old), Ok(new)) => {
            let options = Options {
                today: clock::today(),
                ..Options::default()
            };
            let report = spec_diff::compare(&old, &new, &options);
            format!("{path}\n{}", render::short(&report, Color::Never))
        }
        (Err(error), _) | (_, Err(error)) => format!("{path}: cannot be compared: {error}\n"),
    };
    Ok(Outcome {
        output,
        passes: true,
    })
}

#[cfg(test)]
mod tests {
    use super::{fits, is_day};

    #[test]
    fn globs() {
        assert!(fits("/pets*", "/pets/{id}"));
        assert!(fits("*", ""));
        assert!(fits("/a/*/c", "/a/b/c"));
        assert!(!fits("/a/*/c", "/a/b/d"));
        assert!(fits("/a", "/a") && !fits("/a", "/ab"));
    }

    #[test]
    fn days() {
        assert!(is_day("2030-01-31"));
        assert!(!is_day("2030-1-31") && !is_day("today") && !is_day(""));
    }
}

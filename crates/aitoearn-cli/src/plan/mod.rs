//! Plan files: many posts, in TOML, JSON or CSV.

mod csv;
mod fields;
mod identity;
mod run;
mod uploads;

use std::collections::BTreeSet;
use std::path::Path;

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::failure::{Failure, Outcome};
use crate::post::{Draft, Finding};

pub(crate) use self::identity::flow_id;
pub use self::run::{Checked, Follow, Report, Running, Settings};

/// A plan is a list that people write; a file larger than this is something else.
const LARGEST: u64 = 64 * 1024 * 1024;

/// One post of a plan.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its number, from 1, without the line of headings.
    pub number: usize,
    /// Its line in the file, if the format has lines.
    pub line: Option<usize>,
    /// What is to be published.
    pub draft: Draft,
    /// The id that makes it be published once: made of what it says.
    pub flow_id: String,
}

impl Row {
    /// Where it is, for a person.
    pub fn place(&self) -> String {
        place(self.number, self.line)
    }
}

fn place(number: usize, line: Option<usize>) -> String {
    match line {
        Some(line) => format!("row {number} (line {line})"),
        None => format!("row {number}"),
    }
}

/// A row as the file has it.
struct Written {
    line: Option<usize>,
    fields: Map<String, Value>,
}

/// Reads a plan. Times without an offset are in the zone; without one they are refused.
///
/// # Errors
/// If the file cannot be read, or with everything that is wrong with its form, each
/// with row and column.
pub fn read(path: &Path, zone: Option<&TimeZone>) -> Outcome<Vec<Row>> {
    let name = path.display();
    let size = std::fs::metadata(path)
        .map_err(|error| unreadable(path, &error))?
        .len();
    if size > LARGEST {
        return Err(Failure::usage(format!(
            "the plan `{name}` has {size} bytes; {LARGEST} are the most"
        )));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let (valid, _) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
        let line = valid.split(|byte| *byte == b'\n').count();
        Failure::usage(format!("the plan `{name}` is not UTF-8, in line {line}"))
            .advise("Save it again as UTF-8.")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let extension = path
        .extension()
        .and_then(|it| it.to_str())
        .unwrap_or_default();
    let written = match extension.to_ascii_lowercase().as_str() {
        "csv" => csv::rows(text),
        "json" => from_json(text),
        "toml" => from_toml(text),
        _ => Err("its name has to end in .toml, .json or .csv".to_owned()),
    };
    let written = written.map_err(|problem| {
        Failure::usage(format!("the plan `{name}` cannot be used: {problem}"))
    })?;
    rows(written, zone).map_err(|details| Failure {
        details,
        ..Failure::usage(format!("the plan `{name}` cannot be used as it is"))
            .advise("Correct what is listed; nothing was sent.")
    })
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!(
        "the plan `{}` cannot be read: {error}",
        path.display()
    ))
}

fn rows(written: Vec<Written>, zone: Option<&TimeZone>) -> Result<Vec<Row>, Vec<String>> {
    let mut problems = Vec::new();
    let mut drafts = Vec::with_capacity(written.len());
    // A wrong heading is one mistake, and not one in each row.
    let mut headings = BTreeSet::new();
    for (number, Written { line, fields }) in (1..).zip(written) {
        match fields::draft(fields, zone) {
            Ok(draft) => drafts.push((number, line, draft)),
            Err(mut findings) => {
                findings.retain(|it| {
                    let is_heading = line.is_some() && it.problem.starts_with(fields::NO_COLUMN);
                    !is_heading || headings.insert(it.field.clone())
                });
                problems.extend(in_row(number, line, &findings));
            }
        }
    }
    let ids = identity::flow_ids(drafts.iter().map(|(_, _, draft)| draft));
    let mut rows: Vec<Row> = Vec::with_capacity(drafts.len());
    for ((number, line, draft), id) in drafts.into_iter().zip(ids) {
        match id {
            Ok(flow_id) => rows.push(Row {
                number,
                line,
                draft,
                flow_id,
            }),
            Err(finding) => problems.extend(in_row(number, line, &[finding])),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if rows.is_empty() {
        return Err(vec!["it has no rows".to_owned()]);
    }
    Ok(rows)
}

/// Findings as lines, each with row and column.
fn in_row(number: usize, line: Option<usize>, findings: &[Finding]) -> Vec<String> {
    let place = place(number, line);
    let shown = |it: &Finding| format!("{place}, {}: {}", it.field, it.problem);
    findings.iter().map(shown).collect()
}

fn from_json(text: &str) -> Result<Vec<Written>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    objects(match value {
        Value::Object(mut plan) => plan.remove("post").unwrap_or(Value::Null),
        other => other,
    })
}

fn from_toml(text: &str) -> Result<Vec<Written>, String> {
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| error.to_string())?;
    if let Some(other) = table.keys().find(|key| *key != "post") {
        return Err(format!(
            "it has `{other}` beside its posts; each post begins with [[post]]"
        ));
    }
    // Dates and times become what they were written as.
    let value = serde_json::to_value(plain(toml::Value::Table(table)))
        .map_err(|error| error.to_string())?;
    objects(value["post"].clone())
}

fn plain(value: toml::Value) -> toml::Value {
    match value {
        toml::Value::Datetime(moment) => toml::Value::String(moment.to_string()),
        toml::Value::Array(items) => toml::Value::Array(items.into_iter().map(plain).collect()),
        toml::Value::Table(table) => toml::Value::Table(
            table
                .into_iter()
                .map(|(key, value)| (key, plain(value)))
                .collect(),
        ),
        other => other,
    }
}

fn objects(value: Value) -> Result<Vec<Written>, String> {
    let Value::Array(items) = value else {
        return Err("it is no list of posts: [[post]] in TOML, [{..}, {..}] in JSON".to_owned());
    };
    let written = (1..).zip(items).map(|(number, item)| match item {
        Value::Object(fields) => Ok(Written { line: None, fields }),
        _ => Err(format!("row {number} is no object")),
    });
    written.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(found: Result<Vec<Written>, String>) -> Vec<String> {
        rows(found.expect("readable"), None).expect_err("something is wrong")
    }

    #[test]
    fn three_formats_say_the_same() {
        let toml = "[[post]]\nto = ['x_1', 'x_2']\ntitle = 'A'\nmedia = 'a.mp4'\nat = 2031-05-06T07:08:09Z\n\
                    options = { 'x.n' = 5, list = ['b'] }\n";
        let json = r#"[{"to": ["x_1", "x_2"], "title": "A", "media": "a.mp4", "at": "2031-05-06T07:08:09Z",
                        "options": {"x.n": 5, "list": ["b"]}}]"#;
        let csv = "to,title,media,at,option.x.n,option.list\nx_1;x_2,A,a.mp4,2031-05-06T07:08:09Z,5,\"[\"\"b\"\"]\"\n";
        let toml = rows(from_toml(toml).unwrap(), None).unwrap();
        let json = rows(from_json(json).unwrap(), None).unwrap();
        let csv = rows(csv::rows(csv).unwrap(), None).unwrap();
        assert_eq!(toml[0].draft, json[0].draft);
        assert_eq!(csv[0].draft, json[0].draft);
        assert_eq!(toml[0].flow_id, csv[0].flow_id);
        assert_eq!(csv[0].place(), "row 1 (line 2)");
    }

    #[test]
    fn a_zone_makes_moments_of_times_without_an_offset() {
        let toml = "[[post]]\nto = 'x_1'\nat = 2031-05-06 07:08:00\n";
        let written = || from_toml(toml).unwrap();
        let berlin = crate::zone::zone("Europe/Berlin").unwrap();
        let rows_there = rows(written(), Some(&berlin)).unwrap();
        assert_eq!(
            rows_there[0].draft.at.as_deref(),
            Some("2031-05-06T07:08:00+02:00")
        );
        // Elsewhere the same plan would be other posts: so no machine's zone is taken by itself.
        let problem = rows(written(), None).expect_err("no zone").join("\n");
        assert!(problem.contains("--timezone"), "{problem}");
    }

    #[test]
    fn everything_is_told_at_once_with_row_and_column() {
        let csv = "to,titel,at\nx_1,A,\nx_2,B,now\n";
        assert_eq!(
            problems(csv::rows(csv)),
            // One mistake, however many rows there are.
            ["row 1 (line 2), titel: is no column of a plan; did you mean `title`?",]
        );
        let json = r#"[{"to": 5, "title": ["A"]}, {"at": "+5m", "to": "x_1"}, {"id": "a", "to": "x_1"}, {"id": "a", "to": "x_1"}]"#;
        let found = problems(from_json(json));
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(found[0].starts_with("row 1, title: "), "{found:#?}");
        assert!(found[1].starts_with("row 1, to: "), "{found:#?}");
        assert!(found[2].starts_with("row 2, at: "), "{found:#?}");
        assert!(found[3].starts_with("row 4, id: "), "{found:#?}");
    }
}

//! From the fields of a row to a draft, with everything that is wrong with them.

use std::time::SystemTime;

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::moment::when;
use crate::post::{Draft, Finding};
use crate::zone::with_offset;

const COLUMNS: &[&str] = &[
    "id", "to", "title", "body", "media", "cover", "at", "options",
];

/// How the problem of a field begins that a plan does not have.
pub(super) const NO_COLUMN: &str = "is no column of a plan";

/// The draft that the fields say.
pub(super) fn draft(
    fields: Map<String, Value>,
    zone: Option<&TimeZone>,
) -> Result<Draft, Vec<Finding>> {
    let mut draft = Draft::default();
    let mut findings = Vec::new();
    for (name, value) in fields {
        let result = match name.as_str() {
            "id" => text(value).map(|it| draft.id = it),
            "title" => text(value).map(|it| draft.title = it),
            "body" => text(value).map(|it| draft.body = it),
            "cover" => text(value).map(|it| draft.cover = it),
            "at" => text(value)
                .and_then(|it| fixed(it, zone))
                .map(|it| draft.at = it),
            "to" => list(value).map(|it| draft.to = it),
            "media" => list(value).map(|it| draft.media = it),
            "options" => match value {
                Value::Object(options) => {
                    draft.options = options.into_iter().collect();
                    Ok(())
                }
                _ => Err("is no table of names and values".to_owned()),
            },
            other => Err(match nearest(other) {
                Some(name) => format!("{NO_COLUMN}; did you mean `{name}`?"),
                None => format!("{NO_COLUMN}; there are {}", COLUMNS.join(", ")),
            }),
        };
        if let Err(problem) = result {
            findings.push(Finding::new(name, problem));
        }
    }
    if findings.is_empty() {
        return Ok(draft);
    }
    // Whether a format keeps the order of its fields is its own affair.
    findings.sort_by(|one, other| one.field.cmp(&other.field));
    Err(findings)
}

fn text(value: Value) -> Result<Option<String>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err("is no text".to_owned()),
    }
}

fn list(value: Value) -> Result<Vec<String>, String> {
    let wrong = || "is neither a text nor a list of texts".to_owned();
    match value {
        Value::Null => Ok(Vec::new()),
        Value::String(text) => Ok(vec![text]),
        Value::Array(items) => {
            let texts = items.into_iter().map(|it| it.as_str().map(str::to_owned));
            texts.collect::<Option<_>>().ok_or_else(wrong)
        }
        _ => Err(wrong()),
    }
}

/// A span begins when the plan is run, and the second run would be for another moment.
fn fixed(at: Option<String>, zone: Option<&TimeZone>) -> Result<Option<String>, String> {
    let Some(at) = at else { return Ok(None) };
    if at.trim_start().starts_with('+') {
        return Err(
            "is a span, which means another moment each time the plan is run: write a moment"
                .to_owned(),
        );
    }
    // Without a zone that was given: the system's may be another on another machine, and the
    // same plan would be other posts there.
    let moment = match zone {
        Some(_) => with_offset(&at, zone)?,
        None => at,
    };
    match when(Some(&moment), SystemTime::UNIX_EPOCH) {
        Ok(_) => Ok(Some(moment)),
        Err(problem) if zone.is_none() => Err(format!(
            "{problem}; `--timezone Europe/Berlin` reads times without an offset"
        )),
        Err(problem) => Err(problem),
    }
}

/// A column that differs in a slip or two.
fn nearest(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let known = |alias: &str| match alias {
        "account" | "accounts" => Some("to"),
        "text" | "description" | "desc" => Some("body"),
        "video" | "image" | "images" | "file" | "files" => Some("media"),
        "time" | "date" | "publish_at" | "when" => Some("at"),
        "option" => Some("options"),
        _ => None,
    };
    let close = COLUMNS
        .iter()
        .copied()
        .find(|it| it.len() > 2 && distance(it, &name) <= 2);
    known(&name).or(close)
}

/// How many letters have to change to get from one word to the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut costs: Vec<usize> = (0..=other.len()).collect();
    for (row, a) in one.chars().enumerate() {
        let mut diagonal = row;
        costs[0] = row + 1;
        for (column, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = costs[column + 1];
            costs[column + 1] = changed.min(costs[column] + 1).min(diagonal + 1);
        }
    }
    costs.last().copied().unwrap_or_default()
}

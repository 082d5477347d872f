//! What comes in: one budget for every text, wherever it comes from.
//!
//! A file, standard input, git and the network are read here, up to [`MAX_BYTES`]; a byte-order
//! mark at the start goes. How deep a text may nest is checked where its form is known, against
//! [`MAX_DEPTH`], before anything that calls itself sees it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::problem::{Problem, Result};

/// Bytes that a text may have. The largest published descriptions have a third of it.
pub const MAX_BYTES: usize = 32 << 20;

/// Containers inside containers that a document may have. Real ones stay below 60.
pub const MAX_DEPTH: usize = 100;

/// Reads a text file.
pub fn file(path: &Path) -> Result<String> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
    stream(file, &name)
}

/// Reads a text to its end, or to the end of the budget.
pub fn stream(input: impl Read, name: &str) -> Result<String> {
    let mut bytes = Vec::new();
    input
        .take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(name, &error))?;
    text(bytes, name)
}

/// Bytes as text, without a byte-order mark.
pub fn text(bytes: Vec<u8>, name: &str) -> Result<String> {
    if bytes.len() > MAX_BYTES {
        return Err(Problem::new(
            name,
            format!("it has more than {} MiB", MAX_BYTES >> 20),
            "no API description is that large: look at what it is",
        )
        .into());
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        Problem::new(
            name,
            format!("this is not UTF-8: {error}"),
            "save the file as UTF-8",
        )
    })?;
    if text.starts_with(MARK) {
        text.drain(..MARK.len_utf8());
    }
    Ok(text)
}

/// What some editors put in front of a text.
const MARK: char = '\u{feff}';

/// A text without a byte-order mark.
pub(crate) fn unmarked(text: &str) -> &str {
    text.strip_prefix(MARK).unwrap_or(text)
}

fn unreadable(name: &str, error: &std::io::Error) -> Problem {
    Problem::new(
        name,
        error.to_string(),
        "check that the path exists and can be read or written",
    )
}

/// Reads TOML; an error is one line with its place.
pub fn toml<T: DeserializeOwned>(text: &str) -> std::result::Result<T, String> {
    let text = unmarked(text);
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let message = error.message();
        let before = error.span().and_then(|span| text.get(..span.start));
        match before {
            Some(before) => format!("line {}: {message}", before.matches('\n').count() + 1),
            None => message.to_owned(),
        }
    })
}

/// Whether a value nests deeper than [`MAX_DEPTH`]; does not call itself.
pub(crate) fn is_too_deep(value: &Value) -> bool {
    let mut level: Vec<&Value> = vec![value];
    for _ in 0..=MAX_DEPTH {
        let mut next = Vec::new();
        for value in level {
            match value {
                Value::Array(items) => next.extend(items),
                Value::Object(members) => next.extend(members.values()),
                _ => {}
            }
        }
        if next.is_empty() {
            return false;
        }
        level = next;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::assert_says;

    #[test]
    fn a_text_has_its_budget_and_no_mark() {
        assert_eq!(stream("\u{feff}{}".as_bytes(), "x").unwrap(), "{}");
        let endless = std::io::repeat(b' ');
        let problem = stream(endless, "x").unwrap_err().to_string();
        assert_says(&problem, &["more than 32 MiB"]);
        assert_says(
            &stream(&b"\xff"[..], "x").unwrap_err().to_string(),
            &["not UTF-8"],
        );
    }

    #[test]
    fn depth_is_counted_without_descending() {
        let deep =
            |levels: usize| (0..levels).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
        assert!(!is_too_deep(&deep(MAX_DEPTH)));
        assert!(is_too_deep(&deep(MAX_DEPTH + 1)));
    }

    #[test]
    fn an_error_in_toml_is_one_line() {
        let error = toml::<toml::Table>("a = 1\nb = \"\u{1b}").unwrap_err();
        assert!(
            error.starts_with("line 2: ") && !error.contains('\n'),
            "{error}"
        );
    }
}

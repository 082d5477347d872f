//! `source.toml`: what lies in the tree, and since when.

use std::fmt::Write as _;

use client_gen::problem::{Problem, Result};
use sha2::{Digest as _, Sha256};
use toml_edit::{DocumentMut, Item, value};

use crate::diff::side::SOURCE;

/// What is written down about a vendored document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// The day, as `YYYY-MM-DD`.
    pub date: String,
    /// How many operations it has.
    pub operations: usize,
    /// How many component schemas it has.
    pub schemas: usize,
}

/// `source.toml` with new facts; everything else in it, comments too, stays.
///
/// # Errors
///
/// Text that is no TOML.
pub fn refresh(text: &str, facts: &Facts) -> Result<String> {
    let bad = |error: String| Problem::new(SOURCE, error, "mend the syntax at the line it names");
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| bad(error.to_string()))?;
    let date: toml_edit::Datetime = facts
        .date
        .parse()
        .map_err(|_| bad(format!("`{}` is no day", facts.date)))?;
    let number = |count: usize| value(i64::try_from(count).unwrap_or(i64::MAX));
    let mut set = |key: &str, new: Item| {
        document[key] = new;
    };
    set("date", value(date));
    set("sha256", value(&facts.sha256));
    set("operations", number(facts.operations));
    set("schemas", number(facts.schemas));
    Ok(document.to_string())
}

/// SHA-256 in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_other_keys_stay() {
        let text = "# Where from.\nsite = \"x\"\n# When.\ndate = 2020-01-01\nsha256 = \"0\"\noperations = 1\nschemas = 2\n";
        let facts = Facts {
            sha256: "ab".to_owned(),
            date: "2026-11-22".to_owned(),
            operations: 55,
            schemas: 51,
        };
        assert_eq!(
            refresh(text, &facts).unwrap(),
            "# Where from.\nsite = \"x\"\n# When.\ndate = 2026-11-22\nsha256 = \"ab\"\noperations = 55\nschemas = 51\n"
        );
    }
}

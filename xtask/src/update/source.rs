//! `source.toml`: what lies in the tree, and since when.

use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};
use toml_edit::{DocumentMut, Item, value};

use crate::diff::side::SOURCE;
use crate::problem::{Problem, Result};

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

/// Today in UTC.
pub(crate) fn today() -> String {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    day(seconds / 86_400)
}

/// A day, counted from 1970-01-01, in the Gregorian calendar.
fn day(days: u64) -> String {
    // Counted from 0000-03-01, so that the leap day ends a year: 400 years have 146,097 days.
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(19_782), "2024-02-29");
        assert_eq!(day(19_783), "2024-03-01");
        assert_eq!(day(20_779), "2026-11-22");
    }

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

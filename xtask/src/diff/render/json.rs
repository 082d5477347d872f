//! For programs.

use serde::Serialize;

use super::escape::visible_json;
use crate::diff::{Drift, Finding, Verdict};

/// The version of the JSON report. It grows when a field changes its meaning or goes away.
pub const JSON_VERSION: u32 = 2;

/// The JSON Schema (2020-12) of the JSON report.
pub const JSON_SCHEMA: &str = include_str!("../../../diff.schema.json");

#[derive(Serialize)]
struct Whole<'a> {
    version: u32,
    base: &'a str,
    revision: &'a str,
    verdict: &'a Verdict,
    findings: &'a [Finding],
}

/// The report as JSON, described by [`JSON_SCHEMA`].
pub fn json(drift: &Drift) -> String {
    let whole = Whole {
        version: JSON_VERSION,
        base: &drift.base,
        revision: &drift.revision,
        verdict: &drift.verdict,
        findings: &drift.findings,
    };
    // Text and numbers under text keys always have a JSON form.
    visible_json(&serde_json::to_string_pretty(&whole).unwrap_or_default()) + "\n"
}

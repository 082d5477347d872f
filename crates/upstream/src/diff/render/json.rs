//! For programs.

use serde::Serialize;

use super::escape::visible_json;
use crate::diff::{Did, Drift, Effect, Finding, Impact, Keeps, Operations, Verdict};

/// The version of the JSON report. It grows when a field changes its meaning or goes away.
pub const JSON_VERSION: u32 = 3;

/// The JSON Schema (2020-12) of the JSON report.
pub const JSON_SCHEMA: &str = include_str!("../../../diff.schema.json");

#[derive(Serialize)]
struct Whole<'a> {
    version: u32,
    base: &'a str,
    revision: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    operations: Option<Operations>,
    verdict: &'a Verdict,
    todo: Vec<String>,
    upstream: &'a [Did],
    kept: &'a [Keeps],
    causes: Vec<Rolled<'a>>,
    findings: &'a [Finding],
}

/// A cause in short: its findings are among the others.
#[derive(Serialize)]
struct Rolled<'a> {
    effect: Effect,
    impact: Impact,
    id: &'a str,
    what: String,
    count: usize,
}

/// The report as JSON, described by [`JSON_SCHEMA`].
pub fn json(drift: &Drift) -> String {
    let causes = drift.causes();
    let whole = Whole {
        version: JSON_VERSION,
        base: &drift.base,
        revision: &drift.revision,
        operations: drift.operations,
        verdict: &drift.verdict,
        todo: drift.todo(),
        upstream: &drift.upstream,
        kept: &drift.kept,
        causes: causes
            .iter()
            .map(|cause| Rolled {
                effect: cause.first().effect,
                impact: cause.first().impact,
                id: &cause.first().id,
                what: cause.what(),
                count: cause.count(),
            })
            .collect(),
        findings: &drift.findings,
    };
    // Text and numbers under text keys always have a JSON form.
    visible_json(&serde_json::to_string_pretty(&whole).unwrap_or_default()) + "\n"
}

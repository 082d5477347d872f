//! For programs.

use serde::Serialize;

use crate::error::Position;
use crate::escape::visible_json;
use crate::finding::{Finding, Location, Operation, Witness};
use crate::level::{Direction, Level};
use crate::report::Report;

/// The version of the JSON report. It grows when a field changes its meaning or goes away.
pub const JSON_VERSION: u32 = 1;

/// The JSON Schema (2020-12) of the JSON report.
pub const JSON_SCHEMA: &str = include_str!("../../report.schema.json");

#[derive(Serialize)]
struct Whole<'r> {
    version: u32,
    old: &'r str,
    new: &'r str,
    verdict: VerdictJson,
    findings: Vec<FindingJson<'r>>,
    acknowledged: Vec<FindingJson<'r>>,
}

#[derive(Serialize)]
struct VerdictJson {
    level: Option<Level>,
    breaking: bool,
    passes: bool,
    summary: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingJson<'r> {
    id: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    also: Option<&'r str>,
    level: Level,
    direction: Direction,
    place: &'r str,
    reason: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<&'r Witness>,
    old: Place<'r>,
    new: Place<'r>,
    fingerprint: &'r str,
    operations: &'r [Operation],
}

#[derive(Serialize)]
struct Place<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'r str>,
    pointer: &'r str,
    #[serde(flatten)]
    position: Position,
}

/// The report as JSON, described by [`JSON_SCHEMA`].
pub fn json(report: &Report) -> String {
    let verdict = report.verdict();
    let whole = Whole {
        version: JSON_VERSION,
        old: &report.old,
        new: &report.new,
        verdict: VerdictJson {
            level: verdict.worst(),
            breaking: verdict.is_breaking(),
            passes: verdict.passes(),
            summary: verdict.to_string(),
        },
        findings: report.findings.iter().map(finding_json).collect(),
        acknowledged: report.acknowledged.iter().map(finding_json).collect(),
    };
    // Text and numbers under text keys always have a JSON form.
    let mut out = serde_json::to_string_pretty(&whole).unwrap_or_default();
    out.push('\n');
    visible_json(&out)
}

fn finding_json(finding: &Finding) -> FindingJson<'_> {
    FindingJson {
        id: finding.id(),
        also: finding.also.map(|rule| rule.id.as_str()),
        level: finding.level,
        direction: finding.direction,
        place: &finding.place,
        reason: finding.reason(),
        before: finding.before.as_deref(),
        after: finding.after.as_deref(),
        witness: finding.witness.as_ref(),
        old: place(&finding.old),
        new: place(&finding.new),
        fingerprint: &finding.fingerprint,
        operations: &finding.operations,
    }
}

fn place(location: &Location) -> Place<'_> {
    Place {
        file: location.file.as_deref(),
        pointer: &location.pointer,
        position: location.position,
    }
}

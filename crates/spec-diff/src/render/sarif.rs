//! SARIF 2.1.0, as code scanning services read it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{change, ids, operations, witness};
use crate::escape::{uri, visible, visible_json};
use crate::finding::{Finding, Location};
use crate::level::Level;
use crate::report::Report;

/// The report as a SARIF log with one run. Acknowledged findings are in it, marked as suppressed.
pub fn sarif(report: &Report) -> String {
    let all = || report.findings.iter().chain(&report.acknowledged);
    let mut rules: BTreeMap<&str, &Finding> = BTreeMap::new();
    for finding in all() {
        rules.entry(finding.id()).or_insert(finding);
    }
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(i, id)| (*id, i)).collect();
    let described: Vec<Value> = rules
        .values()
        .map(|finding| {
            json!({
                "id": finding.id(),
                "shortDescription": { "text": finding.reason() },
                "defaultConfiguration": { "level": level(finding.rule.level) },
            })
        })
        .collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| result(report, finding, &index, false))
        .chain(
            report
                .acknowledged
                .iter()
                .map(|finding| result(report, finding, &index, true)),
        )
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_HOMEPAGE"),
                "rules": described,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let mut out = serde_json::to_string_pretty(&log).unwrap_or_default();
    out.push('\n');
    visible_json(&out)
}

fn result(
    report: &Report,
    finding: &Finding,
    index: &BTreeMap<&str, usize>,
    suppressed: bool,
) -> Value {
    let mut text = format!("{}: {}", finding.place, finding.reason());
    for more in [
        change(finding),
        witness(finding),
        operations(finding, 20),
        Some(ids(finding)),
    ]
    .into_iter()
    .flatten()
    {
        text.push_str("; ");
        text.push_str(&more);
    }
    let mut result = json!({
        "ruleId": finding.id(),
        "ruleIndex": index.get(finding.id()),
        "level": level(finding.level),
        "message": { "text": visible(&text) },
        "locations": [location(&report.new, &finding.new)],
        "relatedLocations": [location(&report.old, &finding.old)],
        "partialFingerprints": { "specDiff/v1": finding.fingerprint },
    });
    if suppressed {
        result["suppressions"] = json!([{ "kind": "external" }]);
    }
    result
}

fn location(document: &str, location: &Location) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(location.file.as_deref().unwrap_or(document)) },
            "region": { "startLine": location.position.line, "startColumn": location.position.column },
        },
        "logicalLocations": [{ "fullyQualifiedName": visible(&location.pointer) }],
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Info => "note",
        Level::Warning => "warning",
        _ => "error",
    }
}

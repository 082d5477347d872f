//! SARIF 2.1.0, as code scanning services read it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::escape::{uri, visible, visible_json};
use crate::diff::{Drift, Finding, Impact};

/// The report as a SARIF log with one run. Acknowledged findings are in it, marked as suppressed.
pub fn sarif(drift: &Drift) -> String {
    let mut rules: BTreeMap<String, &Finding> = BTreeMap::new();
    for finding in &drift.findings {
        rules.entry(rule(finding)).or_insert(finding);
    }
    let index: BTreeMap<&String, usize> = rules.keys().enumerate().map(|(i, id)| (id, i)).collect();
    let described: Vec<Value> = rules
        .iter()
        .map(|(id, finding)| {
            json!({
                "id": id,
                "shortDescription": { "text": finding.id.replace('-', " ") },
                "defaultConfiguration": { "level": level(finding.impact) },
            })
        })
        .collect();
    let results: Vec<Value> = drift
        .findings
        .iter()
        .map(|finding| result(finding, &index))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cargo-xtask-diff",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": described,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    visible_json(&serde_json::to_string_pretty(&log).unwrap_or_default()) + "\n"
}

fn rule(finding: &Finding) -> String {
    format!("{}/{}", finding.effect.as_str(), finding.id)
}

fn result(finding: &Finding, index: &BTreeMap<&String, usize>) -> Value {
    let mut text = format!("{}: {}", finding.place, finding.what);
    for more in [finding.transition(), finding.affected(20)]
        .into_iter()
        .flatten()
    {
        text.push_str("; ");
        text.push_str(&more);
    }
    let id = rule(finding);
    let mut result = json!({
        "ruleId": id,
        "ruleIndex": index.get(&id),
        "level": level(finding.impact),
        "message": { "text": visible(&text) },
        "partialFingerprints": { "aitoearnDrift/v1": finding.fingerprint },
    });
    if let Some(accepted) = &finding.acknowledged {
        let why = visible(&accepted.to_string()).into_owned();
        result["suppressions"] =
            json!([{ "kind": "external", "status": "accepted", "justification": why }]);
    }
    if let Some(at) = &finding.at {
        let mut place = json!({ "physicalLocation": {
            "artifactLocation": { "uri": uri(&at.file) },
            "region": { "startLine": at.line.unwrap_or(1) },
        } });
        if let Some(pointer) = &at.pointer {
            place["logicalLocations"] = json!([{ "fullyQualifiedName": visible(pointer) }]);
        }
        result["locations"] = json!([place]);
    }
    result
}

fn level(impact: Impact) -> &'static str {
    match impact {
        Impact::Info => "note",
        Impact::Warning => "warning",
        Impact::NeedsAction | Impact::Breaks => "error",
    }
}

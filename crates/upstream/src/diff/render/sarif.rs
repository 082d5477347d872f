//! SARIF 2.1.0, as code scanning services read it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::escape::{uri, visible, visible_json};
use super::places;
use crate::diff::{Cause, Drift, Effect, Finding, Impact};

/// Code scanning shows the first 5,000 results of a run.
const MOST: usize = 5_000;

/// The report as a SARIF log with one run, worst first. Acknowledged findings are in it, marked as
/// suppressed; words are one result per kind of change.
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
    let mut causes = drift.causes();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.first().impact));
    let mut results: Vec<Value> = causes
        .iter()
        .flat_map(|cause| of_cause(cause, &index))
        .collect();
    if results.len() > MOST {
        let rest = results.len() - (MOST - 1);
        results.truncate(MOST - 1);
        let text = format!("{rest} more: run `cargo xtask diff --all`");
        results.push(json!({ "level": "note", "message": { "text": text } }));
    }
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

/// Alerts are kept by fingerprint, so each finding is one; nobody follows single words.
fn of_cause(cause: &Cause<'_>, index: &BTreeMap<&String, usize>) -> Vec<Value> {
    let first = cause.first();
    if first.effect == Effect::Docs && cause.count() > 1 {
        let mut one = result(first, index);
        let text = format!("{}: {}", places(cause.count()), cause.what());
        one["message"] = json!({ "text": visible(&text) });
        return vec![one];
    }
    let all = cause.findings().iter();
    all.map(|finding| result(finding, index)).collect()
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

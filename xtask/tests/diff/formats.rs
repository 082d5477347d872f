//! One drift in every format.

use serde_json::{Value, json};
use xtask::diff::render;

use crate::{account, drift};

#[test]
fn every_format_tells_the_same_findings() {
    let drift = drift(|document| {
        account(document)["properties"]["nickname"]["type"] = json!("integer");
    });
    let text = render::text(&drift, false);
    assert!(!text.contains('\u{1b}'));
    assert!(render::text(&drift, true).contains("\u{1b}[1m"));
    let verdict = text.lines().nth(1).unwrap();
    assert_eq!(verdict, drift.verdict.summary, "the verdict comes first");

    let report: Value = serde_json::from_str(&render::json(&drift)).unwrap();
    let schema: Value = serde_json::from_str(render::JSON_SCHEMA).unwrap();
    assert_eq!(report["version"], schema["properties"]["version"]["const"]);
    let known = schema["$defs"]["finding"]["properties"]
        .as_object()
        .unwrap();
    for finding in report["findings"].as_array().unwrap() {
        assert!(
            finding
                .as_object()
                .unwrap()
                .keys()
                .all(|key| known.contains_key(key))
        );
        for name in schema["$defs"]["finding"]["required"].as_array().unwrap() {
            assert!(finding.get(name.as_str().unwrap()).is_some(), "{name}");
        }
        let values = |key: &str| known[key]["enum"].as_array().unwrap();
        assert!(values("effect").contains(&finding["effect"]));
        assert!(values("impact").contains(&finding["impact"]));
    }
    let sarif: Value = serde_json::from_str(&render::sarif(&drift)).unwrap();
    assert_eq!(
        sarif["runs"][0]["results"].as_array().unwrap().len(),
        drift.findings.len()
    );
    assert_eq!(
        render::github(&drift).lines().count(),
        drift.findings.len() + 1
    );
    assert_eq!(render::junit(&drift).matches("<failure").count(), 3);
    let markdown = render::markdown(&drift);
    assert!(markdown.starts_with("### API drift: breaks the contract"));
    assert!(markdown.contains("paste into `openapi/overlay.yaml`"));
}

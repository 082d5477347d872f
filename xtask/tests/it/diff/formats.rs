//! One drift in every format.

use serde_json::{Value, json};
use upstream::diff::{Drift, render};

use super::{account, drift};

/// What of a value does not fit a schema, by the few keywords that ours uses.
fn misfits(value: &Value, schema: &Value, root: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root
            .pointer(reference.trim_start_matches('#'))
            .expect(reference);
        return misfits(value, target, root, at, found);
    }
    let mut check = |is_fine: bool, what: &str| {
        if !is_fine {
            found.push(format!("{at}: {what}: {value}"));
        }
    };
    check(
        schema.get("const").is_none_or(|wanted| wanted == value),
        "const",
    );
    check(
        schema["enum"]
            .as_array()
            .is_none_or(|all| all.contains(value)),
        "enum",
    );
    check(
        match schema["type"].as_str() {
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64() || value.is_u64(),
            Some("boolean") => value.is_boolean(),
            _ => true,
        },
        "type",
    );
    for name in schema["required"].as_array().into_iter().flatten() {
        check(
            value.get(name.as_str().unwrap()).is_some(),
            &format!("no {name}"),
        );
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(name) {
            Some(of) => misfits(member, of, root, &format!("{at}/{name}"), found),
            None if schema["additionalProperties"] == false => {
                found.push(format!("{at}: unknown {name}"));
            }
            None => {}
        }
    }
    if schema["items"].is_object() {
        for item in value.as_array().into_iter().flatten() {
            misfits(item, &schema["items"], root, &format!("{at}[]"), found);
        }
    }
}

/// Checks a JSON report against the schema that is published with it.
#[track_caller]
pub(crate) fn assert_fits_its_schema(drift: &Drift) {
    let report: Value = serde_json::from_str(&render::json(drift)).unwrap();
    let schema: Value = serde_json::from_str(render::JSON_SCHEMA).unwrap();
    let mut found = Vec::new();
    misfits(&report, &schema, &schema, "", &mut found);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_format_tells_the_same_findings() {
    let drift = drift(|document| {
        account(document)["properties"]["nickname"]["type"] = json!("integer");
    });
    assert_fits_its_schema(&drift);
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

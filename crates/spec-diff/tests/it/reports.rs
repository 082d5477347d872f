//! Reports are stable, well formed and as published.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use crate::support::{PETS, diff, parse};
use serde_json::Value;
use spec_diff::{Options, Policy, Report, compare, render};

fn report() -> Report {
    let new = PETS
        .replacen(
            r#""email": {"type": "string"}"#,
            r#""email": {"type": "integer"}"#,
            1,
        )
        .replacen(
            r#""message": {"type": "string"}"#,
            r#""text": {"type": "string"}"#,
            1,
        );
    diff(PETS, &new)
}

#[test]
fn the_same_documents_give_the_same_bytes() {
    assert_eq!(render::json(&report()), render::json(&report()));
    assert_eq!(render::markdown(&report()), render::markdown(&report()));
}

#[test]
fn text_starts_and_ends_with_the_verdict() {
    let text = render::text(&report(), render::Color::Never);
    let verdict = "breaks old requests and responses: 1 for both, 1 warning, 1 info";
    assert!(
        text.starts_with(&format!("old.json → new.json: {verdict}\n")),
        "{text}"
    );
    assert!(text.trim_end().ends_with(verdict), "{text}");
    assert!(!text.contains('\u{1b}'));
    assert!(render::text(&report(), render::Color::Ansi).contains("\u{1b}[1;31m"));
}

#[test]
fn no_difference_is_one_line() {
    let text = render::text(&diff(PETS, PETS), render::Color::Never);
    assert_eq!(text, "old.json → new.json: no differences\n");
}

/// As much of JSON Schema as the published schema uses.
fn check(schema: &Value, root: &Value, value: &Value, at: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        return check(root.pointer(&reference[1..]).unwrap(), root, value, at);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        assert!(any.len() == 2 && any[1]["type"] == "null");
        if !value.is_null() {
            check(&any[0], root, value, at);
        }
        return;
    }
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{at}: {value}");
    }
    if let Some(only) = schema.get("const") {
        assert_eq!(only, value, "{at}");
    }
    match schema["type"].as_str() {
        Some("object") => {
            let map = value.as_object().unwrap_or_else(|| panic!("{at}: {value}"));
            for key in schema["required"].as_array().unwrap() {
                assert!(map.contains_key(key.as_str().unwrap()), "{at}: no {key}");
            }
            for (key, value) in map {
                let property = schema["properties"]
                    .get(key)
                    .unwrap_or_else(|| panic!("{at}: {key} is not described"));
                check(property, root, value, &format!("{at}/{key}"));
            }
        }
        Some("array") => {
            for (i, item) in value.as_array().unwrap().iter().enumerate() {
                check(&schema["items"], root, item, &format!("{at}/{i}"));
            }
        }
        Some("string") => assert!(value.is_string(), "{at}"),
        Some("integer") => assert!(value.as_u64().is_some_and(|n| n >= 1), "{at}"),
        Some("boolean") => assert!(value.is_boolean(), "{at}"),
        _ => {}
    }
}

#[test]
fn json_follows_its_published_schema() {
    let schema: Value = serde_json::from_str(render::JSON_SCHEMA).unwrap();
    for report in [report(), diff(PETS, PETS)] {
        let value: Value = serde_json::from_str(&render::json(&report)).unwrap();
        assert_eq!(value["version"], render::JSON_VERSION);
        check(&schema, &schema, &value, "");
    }
}

#[test]
fn sarif_has_what_code_scanning_needs() {
    let log: Value = serde_json::from_str(&render::sarif(&report())).unwrap();
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[rule]["id"], result["ruleId"]);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64().unwrap() > 0);
        assert!(result["partialFingerprints"]["specDiff/v1"].is_string());
    }
    assert_eq!(log["version"], "2.1.0");
}

#[test]
fn github_and_junit_count_alike() {
    let report = report();
    let github = render::github(&report);
    assert_eq!(github.lines().count(), report.findings().len());
    assert_eq!(
        github
            .lines()
            .filter(|l| l.starts_with("::error file=new.json,line="))
            .count(),
        1,
        "{github}"
    );
    let junit = render::junit(&report);
    assert_eq!(junit.matches("<testcase ").count(), 3);
    assert_eq!(junit.matches("<failure ").count(), 1);
}

#[test]
fn markdown_stays_within_a_comment() {
    let paths = |count: usize| {
        let all: Vec<String> = (0..count)
            .map(|i| format!(r#""/{i}{}":{{"get":{{}}}}"#, "x".repeat(100)))
            .collect();
        format!(r#"{{"openapi":"3.0.0","paths":{{{}}}}}"#, all.join(","))
    };
    let markdown = render::markdown(&diff(&paths(2000), &paths(0)));
    assert!(markdown.chars().count() < 65_536);
    assert!(markdown.contains("more findings do not fit here") && markdown.contains("</details>"));
}

#[test]
fn acknowledged_findings_no_longer_count() {
    let fingerprint = report().findings()[0].fingerprint.clone();
    let policy = |rest: &str| {
        let text = format!(
            "[[acknowledge]]\nfingerprint = \"{fingerprint}\"\nreason = \"agreed\"\n{rest}"
        );
        Policy::parse(&text, "policy.toml").unwrap()
    };
    let mut open = report();
    assert!(open.acknowledge(&policy(""), None).is_empty());
    assert!(!open.verdict().is_breaking());
    assert_eq!((open.acknowledged().len(), open.findings().len()), (1, 2));

    let mut expired = report();
    let problems = expired.acknowledge(&policy("expires = \"2026-01-31\"\n"), Some("2026-02-01"));
    assert!(
        problems[0].to_string().contains("policy.toml:1:1")
            && problems[0].to_string().contains("has expired")
    );
    assert!(expired.verdict().is_breaking());
    assert!(
        report()
            .acknowledge(&policy("expires = \"2026-01-31\"\n"), Some("2026-01-31"))
            .is_empty()
    );

    let problems = diff(PETS, PETS).acknowledge(&policy(""), None);
    assert!(
        problems[0]
            .to_string()
            .ends_with("fits no finding: remove it")
    );
}

#[test]
fn policies_are_checked() {
    let fault = |text: &str| {
        Policy::parse(text, "p.toml")
            .expect_err("must fail")
            .to_string()
    };
    assert!(
        fault("[levels]\nno-such-rule = \"info\"\n")
            .contains("p.toml:2:1: there is no rule `no-such-rule`")
    );
    assert!(fault("[levels]\nendpoint-added = \"fine\"\n").contains("unknown variant"));
    assert!(
        fault("[[acknowledge]]\nfingerprint = \"12\"\nreason = \"x\"\n")
            .contains("16 hexadecimal digits")
    );
    let with = |reason: &str, more: &str| {
        format!(
            "[[acknowledge]]\nfingerprint = \"0123456789abcdef\"\nreason = \"{reason}\"\n{more}"
        )
    };
    assert!(fault(&with(" ", "")).contains("needs a reason"));
    assert!(fault(&with("x", "expires = \"soon\"\n")).contains("write YYYY-MM-DD"));
    assert!(fault(&(with("x", "") + &with("y", ""))).contains("twice"));
    assert!(fault("acknowlege = []\n").contains("unknown field"));
    let policy = Policy::parse("[levels]\nendpoint-added = \"warning\"\n", "p.toml").unwrap();
    let options = Options {
        levels: policy.levels().clone(),
        ..Options::default()
    };
    let none = parse(r#"{"openapi":"3.0.0","paths":{}}"#, "a");
    let report = compare(&none, &parse(PETS, "b"), &options);
    assert_eq!(report.verdict().worst(), Some(spec_diff::Level::Warning));
}

#[test]
fn what_an_earlier_file_had_is_settled() {
    let entry = |fingerprint: &str, reason: &str| {
        format!("[[acknowledge]]\nfingerprint = \"{fingerprint}\"\nreason = \"{reason}\"\n")
    };
    let parse = |text: String| Policy::parse(&text, "p.toml").unwrap();
    let earlier = parse(entry("0123456789ABCDEF", "x") + &entry("fedcba9876543210", "y"));
    let now = parse(entry("0123456789abcdef", "x") + &entry("fedcba9876543210", "decided again"));
    let rest = now.without(&earlier);
    let left: Vec<&str> = rest.acknowledgements().iter().map(|a| &*a.reason).collect();
    assert_eq!(left, ["decided again"]);
}

/// An API with so many operations; what they take is limited by length or, in the newer one, more so.
fn limited(operations: usize, by: usize) -> String {
    let operation = |n: usize| {
        let schema = format!(r#"{{"type":"string","maxLength":{}}}"#, 100 + n - by);
        let parameter = format!(r#"{{"in":"query","name":"word","schema":{schema}}}"#);
        format!(r#""/things/{n}":{{"get":{{"parameters":[{parameter}],"responses":{{}}}}}}"#)
    };
    let all: Vec<String> = (0..operations).map(operation).collect();
    let all = all.join(",");
    format!(r#"{{"openapi":"3.1.0","paths":{{{all}}}}}"#)
}

#[test]
fn annotations_beyond_ten_of_a_kind_are_counted() {
    let of = |operations| render::github(&diff(&limited(operations, 0), &limited(operations, 3)));
    assert_eq!(of(10).lines().count(), 10);
    let many = of(24);
    assert_eq!(many.lines().count(), 10);
    let last = "::error title=spec-diff::and 15 more; the full report has all of them";
    assert_eq!(many.lines().last(), Some(last));
}

#[test]
fn annotations_start_with_what_reaches_farthest_and_tell_what_is_the_same_once() {
    let new = limited(4, 0).replace(r#""responses":{}"#, r#""responses":{},"deprecated":true"#);
    let same = render::github(&diff(&limited(4, 0), &new));
    assert_eq!(same.lines().count(), 1, "{same}");
    assert!(same.contains("and at 3 more places"), "{same}");
    let shop = |text: &str, price: &str| {
        let answer = |schema: &str| {
            format!(
                r#""responses":{{"200":{{"content":{{"application/json":{{"schema":{schema}}}}}}}}}"#
            )
        };
        let own = answer(&format!(r#"{{"type":"{text}"}}"#));
        let shared = answer(r##"{"$ref":"#/components/schemas/Price"}"##);
        format!(
            r#"{{"openapi":"3.1.0","paths":{{"/a":{{"get":{{{own}}}}},"/b":{{"get":{{{shared}}},"put":{{{shared}}}}}}},
            "components":{{"schemas":{{"Price":{{"type":"{price}"}}}}}}}}"#
        )
    };
    let report = diff(&shop("string", "integer"), &shop("boolean", "array"));
    let github = render::github(&report);
    assert!(
        github
            .lines()
            .next()
            .is_some_and(|line| line.contains("Price")),
        "{github}"
    );
}

#[test]
fn the_short_text_fits_two_screens() {
    let short = render::short(
        &diff(&limited(300, 0), &limited(300, 3)),
        render::Color::Never,
    );
    assert!(short.lines().count() <= 100, "{short}");
    assert!(
        short.contains("292 more like these; --all shows them"),
        "{short}"
    );
}

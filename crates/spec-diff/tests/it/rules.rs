//! Every rule is proved by its own cases.

use spec_diff::{Document, Options, Report, Rule, compare, explain, rules};

fn options() -> Options {
    Options {
        docs: true,
        today: Some("2029-06-01".to_owned()),
        earliest_end: Some("2029-08-30".to_owned()),
        ..Options::default()
    }
}

fn diff(old: &str, new: &str) -> Report {
    let parse = |text: &str| {
        Document::parse(text.as_bytes(), "case.json").unwrap_or_else(|e| panic!("{e}\n{text}"))
    };
    compare(&parse(old), &parse(new), &options())
}

fn ids(report: &Report) -> Vec<String> {
    let both = |f: &spec_diff::Finding| [Some(f.id().to_owned()), f.also.map(|r| r.id.clone())];
    report.findings().iter().flat_map(both).flatten().collect()
}

/// The one rule whose case needs more than two small documents; it has a test of its own.
fn provable() -> impl Iterator<Item = &'static Rule> {
    rules()
        .iter()
        .filter(|rule| rule.id != "comparison-incomplete")
}

#[test]
fn positive_cases_find_their_rule() {
    let mut wrong = Vec::new();
    for rule in provable() {
        let case = rule.positive();
        let report = diff(&case.old, &case.new);
        if !ids(&report).contains(&rule.id) {
            wrong.push(format!("{}: found {:?}", rule.id, ids(&report)));
        }
        let found = report.findings().iter().find(|f| f.id() == rule.id);
        if found.is_some_and(|f| f.level != rule.level) {
            wrong.push(format!("{}: level {:?}", rule.id, found.map(|f| f.level)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn mirrored_cases_find_the_mirror() {
    let mut wrong = Vec::new();
    for rule in provable() {
        let case = rule.mirrored();
        let found = ids(&diff(&case.old, &case.new));
        if !found.contains(&rule.mirror) {
            wrong.push(format!(
                "{}: expected {}, found {found:?}",
                rule.id, rule.mirror
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn quiet_cases_find_nothing_either_way() {
    let mut wrong = Vec::new();
    for rule in provable() {
        let case = rule.quiet();
        for (old, new) in [(&case.old, &case.new), (&case.new, &case.old)] {
            let found = ids(&diff(old, new));
            if !found.is_empty() {
                wrong.push(format!("{}: found {found:?}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ids_are_unique_sorted_kebab_case_and_mirrors_exist() {
    let all = rules();
    assert!(all.windows(2).all(|pair| pair[0].id < pair[1].id));
    for rule in all {
        let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(rule.id.chars().all(fine), "{}", rule.id);
        assert!(
            all.iter().any(|other| other.id == rule.mirror),
            "{}: no mirror {}",
            rule.id,
            rule.mirror
        );
        assert!(
            !rule.reason.is_empty() && !rule.reason.ends_with('.'),
            "{}",
            rule.id
        );
    }
}

#[test]
fn every_rule_explains_itself() {
    for rule in rules() {
        let text = explain(&rule.id).unwrap();
        assert!(
            text.contains(rule.reason) && text.contains(rule.level.as_str()),
            "{text}"
        );
    }
    assert_eq!(explain("no-such-rule"), None);
}

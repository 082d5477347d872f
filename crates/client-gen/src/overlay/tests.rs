use serde_json::json;

use super::*;
use crate::testing::{assert_says, spec};

const HEAD: &str = "overlay: 1.0.0\nactions:\n";

/// The paths after these actions, or the problems, and the report with its warnings.
fn applied(actions: &str, paths: Value) -> (std::result::Result<Value, String>, String) {
    let mut spec = spec(paths, json!({}));
    let mut report = Report::default();
    let outcome = Overlay::parse(&format!("{HEAD}{actions}"), "o.yaml")
        .and_then(|overlay| overlay.apply(&mut spec, &mut report))
        .map(|()| spec.doc["paths"].take())
        .map_err(|problems| problems.to_string());
    (outcome, report.render("spec.json", "make it"))
}

#[test]
fn objects_merge_arrays_grow_and_the_rest_is_replaced() {
    let (paths, report) = applied(
        "  - target: $.paths['/x']\n    description: Because.\n    update: { a: { c: 2 }, list: [3], one: 9 }\n",
        json!({ "/x": { "a": { "b": 1 }, "list": [1], "one": 1 } }),
    );
    assert_eq!(
        paths.unwrap(),
        json!({ "/x": { "a": { "b": 1, "c": 2 }, "list": [1, 3], "one": 9 } })
    );
    assert!(
        report.contains("- updated 1 × `$.paths['/x']`: Because."),
        "{report}"
    );
    assert!(!report.contains("Warnings"), "{report}");
}

#[test]
fn a_target_that_is_an_array_is_appended_to_once() {
    let (paths, _) = applied(
        "  - target: $.paths['/x'][\"list\", \"list\"]\n    description: Because.\n    update: { n: 1 }\n",
        json!({ "/x": { "list": [] } }),
    );
    assert_eq!(paths.unwrap(), json!({ "/x": { "list": [{ "n": 1 }] } }));
}

#[test]
fn removals_do_not_move_each_other() {
    let (paths, report) = applied(
        "  - target: $.paths['/x'].list[0, 2, 1]\n    description: Because.\n    remove: true\n  - target: $.paths['/x'].a\n    description: Because.\n    remove: true\n",
        json!({ "/x": { "list": [1, 2, 3, 4], "a": {}, "b": null } }),
    );
    assert_eq!(paths.unwrap(), json!({ "/x": { "list": [4], "b": null } }));
    assert!(report.contains("- removed 3 × "), "{report}");
}

#[test]
fn an_action_that_matches_nothing_is_an_error() {
    let (problem, _) = applied(
        "  - target: $.paths['/gone']\n    description: Because.\n    remove: true\n",
        json!({}),
    );
    assert_says(
        &problem.unwrap_err(),
        &[
            "`$.paths['/gone']` matches nothing",
            "at         o.yaml, action 1",
            "delete the action",
        ],
    );
}

#[test]
fn an_action_that_changes_nothing_is_a_warning() {
    let (_, report) = applied(
        "  - target: $.paths['/x']\n    description: Because.\n    update: { a: 1 }\n",
        json!({ "/x": { "a": 1 } }),
    );
    assert_says(
        &report,
        &["## Warnings", "changes nothing: upstream says it now"],
    );
}

#[test]
fn actions_that_are_none_are_refused_all_at_once() {
    let (problem, _) = applied(
        "  - description: No target.\n    remove: true\n\
         \x20 - target: $.paths\n    remove: true\n\
         \x20 - target: $.paths[\n    description: Bad.\n    remove: true\n\
         \x20 - target: $.paths\n    description: Both.\n    remove: true\n    update: {}\n\
         \x20 - target: $\n    description: All.\n    remove: true\n",
        json!({}),
    );
    assert_says(
        &problem.unwrap_err(),
        &[
            "the action has no `target`",
            "the action gives no reason",
            "is not a JSONPath",
            "either update something or remove a part",
            "o.yaml, action 5",
        ],
    );
}

#[test]
fn what_is_no_overlay_is_refused() {
    for (text, words) in [
        ("overlay: [", "this is not YAML"),
        ("actions: []", "not an Overlay 1.0 document"),
        ("overlay: 1.0.0", "a list of `actions`"),
        (
            "overlay: 1.0.0\nactions: []\n---\noverlay: 1.0.0\nactions: []",
            "not one YAML document",
        ),
        ("", "not an Overlay 1.0 document"),
    ] {
        let problem = Overlay::parse(text, "o.yaml").unwrap_err().to_string();
        assert_says(&problem, &[words, "at         o.yaml"]);
    }
}

/// What is said of an overlay.
fn said(text: &str) -> String {
    match Overlay::parse(text, "o.yaml") {
        Ok(_) => String::new(),
        Err(problems) => problems.to_string(),
    }
}

#[test]
fn a_target_has_an_end() {
    let action = |target: &str| {
        format!(
            "{HEAD}  - target: >-\n      {target}\n    description: Because.\n    remove: true\n"
        )
    };
    let nested = |levels: usize| {
        format!(
            "$.paths[?{}@.x{}]",
            "@[?".repeat(levels),
            "]".repeat(levels)
        )
    };
    assert_eq!(said(&action(&nested(3))), "");
    assert_eq!(said(&action("$.paths['[[[[[[[[[[[[[[[[[[(((((((']")), "");
    assert_says(&said(&action(&nested(500))), &["nests brackets deeper"]);
    assert_says(
        &said(&action(&format!(
            "$.paths[?{}@.x{}]",
            "(".repeat(5000),
            ")".repeat(5000)
        ))),
        &["more than 4096 bytes"],
    );
    assert_says(&said(&action("$..*..*..*..*")), &["more than 3 steps"]);
}

#[test]
fn yaml_has_an_end_and_no_aliases() {
    for (text, words) in [
        ("[".repeat(150), "nests deeper than 100 levels"),
        ("[".repeat(50_000), "recursion limit"),
        ("- ".repeat(50_000), "nests deeper than 100 levels"),
        ("a: &x [1]\nb: [*x, *x]\n".to_owned(), "line 2: an alias"),
    ] {
        assert_says(&said(&text), &[words, "o.yaml"]);
    }
    assert_says(&said("\u{feff}overlay: 1.0.0\n"), &["a list of `actions`"]);
}

#[test]
fn updates_do_not_pile_up_without_end() {
    let deep = "{ a: ".repeat(40) + "1" + &" }".repeat(40);
    let at = |depth: usize| "$.paths".to_owned() + &".a".repeat(depth);
    let actions: String = (0..3)
        .map(|turn| {
            let target = at(turn * 40);
            format!("  - target: {target}\n    description: Because.\n    update: {deep}\n")
        })
        .collect();
    let (outcome, _) = applied(&actions, json!({}));
    let said = outcome.unwrap_err();
    assert!(
        said.contains("nests deeper") || said.contains("matches nothing"),
        "{said}"
    );
}

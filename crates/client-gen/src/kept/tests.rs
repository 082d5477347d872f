use serde_json::{Value, json};

use super::*;
use crate::names::Names;
use crate::report::Report;
use crate::rules::Rules;
use crate::spec::Spec;
use crate::testing::{ANSWER, answering};

/// What is remembered of an answer when a new document describes it so.
fn remembered(was: &Spec, is: &Spec) -> Memory {
    let (kept, names) = (Kept::default(), Names::default());
    let known = Known {
        document: was,
        kept: &kept,
        version: "1, sha256 0",
        overlay: None,
        names: &names,
    };
    remember(&known, is, "2026-01-02")
}

fn both(was: Value, is: Value) -> (Memory, Value) {
    let is = answering(is, json!({}));
    let memory = remembered(&answering(was, json!({})), &is);
    let mut applied = is;
    memory.kept.apply(
        "kept.yaml",
        &Rules::default(),
        &mut applied,
        &mut Report::default(),
    );
    let answer = applied.doc.pointer(ANSWER).unwrap().clone();
    (memory, answer)
}

#[test]
fn what_is_described_by_less_comes_back() {
    let whole = json!({ "type": "object", "required": ["id"], "properties": {
        "id": { "type": "string" },
        "mood": { "type": "string", "enum": ["calm", "stormy"] },
        "at": { "type": "string", "format": "date-time" },
        "depth": { "type": "integer", "minimum": 0 },
        "more": { "type": "object", "properties": {}, "additionalProperties": true },
    } });
    let thin = json!({ "type": "object", "properties": {
        "mood": { "type": "string", "enum": ["calm"] },
        "at": { "type": "string" },
        "depth": { "type": "integer" },
        "more": { "type": "object", "properties": { "pier": { "type": "string" } }, "additionalProperties": false },
        "tide": { "type": "string" },
    } });
    let (memory, answer) = both(whole.clone(), thin);
    assert_eq!(memory.changes, Vec::new());
    let causes: Vec<Cause> = memory.kept.facts.iter().map(|fact| fact.cause).collect();
    let expected = [
        Cause::Open,
        Cause::Fields,
        Cause::Required,
        Cause::Values,
        Cause::Formats,
        Cause::Bounds,
    ];
    assert_eq!(causes, expected);
    for (name, known) in whole["properties"].as_object().unwrap() {
        assert_eq!(answer["properties"][name]["type"], known["type"], "{name}");
    }
    assert_eq!(
        answer["properties"]["mood"]["enum"],
        json!(["calm", "stormy"])
    );
    assert_eq!(answer["properties"]["more"], whole["properties"]["more"]);
    assert_eq!(answer["required"], json!(["id"]));
    assert_eq!(
        answer["properties"]["tide"],
        json!({ "type": "string" }),
        "new"
    );
}

#[test]
fn what_contradicts_is_a_change_and_no_fact() {
    for (was, is, id) in [
        (
            json!({ "type": "integer" }),
            json!({ "type": "string" }),
            "type:get_x:200.x",
        ),
        (
            json!({ "type": "array", "items": {} }),
            json!({ "type": "object", "properties": { "a": {} } }),
            "type:get_x:200.x",
        ),
    ] {
        let of = |x: Value| json!({ "type": "object", "properties": { "x": x } });
        let (memory, answer) = both(of(was), of(is.clone()));
        assert_eq!(memory.kept.facts, Vec::new());
        let ids: Vec<String> = memory.changes.iter().map(Change::id).collect();
        assert_eq!(ids, [id]);
        assert_eq!(answer["properties"]["x"], is);
    }
}

#[test]
fn a_choice_that_one_sample_stands_for_is_a_choice_again() {
    let choice = json!({ "oneOf": [
        { "type": "object", "required": ["mode"], "properties": { "mode": { "type": "string", "enum": ["a"] }, "left": { "type": "integer" } } },
        { "type": "object", "required": ["mode"], "properties": { "mode": { "type": "string", "enum": ["b"] }, "right": { "type": "integer" } } },
    ] });
    let sample = json!({ "type": "object", "properties": { "mode": { "type": "string" }, "left": { "type": "integer" }, "new": { "type": "string" } } });
    let (memory, answer) = both(choice, sample);
    assert_eq!(memory.kept.facts.len(), 1);
    assert_eq!(answer["oneOf"].as_array().unwrap().len(), 2);
    assert!(answer.get("properties").is_none());
    assert!(answer["oneOf"][0]["properties"].get("new").is_some());
}

#[test]
fn a_second_look_at_what_was_applied_finds_nothing_more() {
    let was = answering(
        json!({ "$ref": "#/components/schemas/Boat" }),
        json!({ "Boat": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" }, "crew": { "type": "integer" } } } }),
    );
    let is = answering(
        json!({ "type": "object", "properties": { "name": { "type": "string" }, "flag": { "type": "string" } } }),
        was.doc["components"]["schemas"].clone(),
    );
    let memory = remembered(&was, &is);
    assert_eq!(memory.kept.facts.len(), 1);
    assert_eq!(memory.kept.facts[0].cause, Cause::References);
    let mut applied = is.clone();
    memory.kept.apply(
        "kept.yaml",
        &Rules::default(),
        &mut applied,
        &mut Report::default(),
    );
    assert_eq!(
        applied.doc.pointer(ANSWER).unwrap(),
        &json!({ "$ref": "#/components/schemas/Boat" })
    );
    assert!(
        applied.doc["components"]["schemas"]["Boat"]["properties"]
            .get("flag")
            .is_some()
    );
    assert_eq!(remembered(&applied, &applied).kept, Kept::default());
    assert_eq!(remembered(&was, &applied).kept, Kept::default());
}

#[test]
fn the_file_is_read_as_it_was_written() {
    let was = answering(
        json!({ "type": "object", "required": ["a"], "properties": { "a": { "type": "string", "description": "It's: \"a\" # b" } } }),
        json!({}),
    );
    let is = answering(json!({ "type": "object", "properties": {} }), json!({}));
    let kept = remembered(&was, &is).kept;
    let text = kept.render(&is, "update");
    assert_eq!(Kept::parse(&text, "kept.yaml").unwrap(), kept);
    assert_eq!(Kept::parse("", "kept.yaml").unwrap(), Kept::default());
    for (bad, words) in [
        ("kept: 1\n", "no list called `kept`"),
        ("kept:\n  - cause: weather\n", "no cause that is known"),
        ("kept:\n  - cause: fields\n", "no `since`"),
        ("kept: [", "not YAML"),
    ] {
        let problem = Kept::parse(bad, "kept.yaml").unwrap_err().to_string();
        assert!(problem.contains(words), "{problem}");
    }
}

#[test]
fn facts_are_forgotten_by_pointer_and_by_operation() {
    let was = answering(
        json!({ "type": "object", "properties": { "a": {}, "b": { "type": "string" } } }),
        json!({}),
    );
    let is = answering(
        json!({ "type": "object", "properties": { "c": {} } }),
        json!({}),
    );
    let names = Names::default();
    for (what, count) in [
        (format!("{ANSWER}/properties/b"), 1),
        ("get_x".to_owned(), 2),
        ("getX".to_owned(), 2),
        (ANSWER.to_owned(), 2),
        ("/paths".to_owned(), 2),
        ("/pa".to_owned(), 0),
    ] {
        let mut kept = remembered(&was, &is).kept;
        assert_eq!(
            kept.forget(std::slice::from_ref(&what), &names),
            count,
            "{what}"
        );
    }
}

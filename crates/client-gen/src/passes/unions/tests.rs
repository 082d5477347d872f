use serde_json::json;

use super::*;
use crate::testing::{ANSWER, answering, assert_says, run as run_pass};

fn told(schema: Value, schemas: Value) -> (Value, Spec) {
    let mut spec = answering(schema, schemas);
    run_pass(&mut spec, "", run).unwrap();
    (spec.doc.pointer(ANSWER).unwrap().clone(), spec)
}

fn reference(name: &str) -> Value {
    crate::spec::schema_reference(name)
}

fn object(required: &str, property: Value) -> Value {
    json!({ "type": "object", "required": [required], "properties": { required: property } })
}

#[test]
fn strings_some_of_them_listed_are_one_list() {
    let (schema, _) = told(
        json!({ "anyOf": [{ "type": "string", "enum": ["a"] }, { "type": "string" }], "description": "Words.", "nullable": true }),
        json!({}),
    );
    assert_eq!(
        schema,
        json!({ "type": "string", "enum": ["a"], "description": "Words.", "nullable": true })
    );
}

#[test]
fn a_null_branch_makes_the_rest_nullable_and_keeps_the_words() {
    for nothing in [
        json!({ "type": "null" }),
        json!({ "enum": [null] }),
        json!({ "nullable": true, "description": "Or nothing." }),
    ] {
        let (schema, _) = told(
            json!({ "oneOf": [reference("A"), nothing], "description": "Words." }),
            json!({ "A": object("a", json!({})) }),
        );
        assert_eq!(
            schema,
            json!({ "description": "Words.", "nullable": true, "allOf": [reference("A")] })
        );
    }
}

#[test]
fn a_tag_is_a_property_of_one_value_each() {
    let branch = |value: Value| object("kind", json!({ "enum": [value] }));
    let (schema, _) = told(
        json!({ "oneOf": [branch("a".into()), branch("b b".into())] }),
        json!({}),
    );
    let union = &schema["x-union"];
    assert_eq!(
        (&union["style"], &union["tag"]),
        (&"tag".into(), &"kind".into())
    );
    assert_eq!(union["branches"][1]["name"], "BB");
    assert_eq!(union["branches"][1]["schema"]["properties"], json!({}));
    let (schema, _) = told(
        json!({ "oneOf": [branch(1.into()), branch(2.into())] }),
        json!({}),
    );
    assert_eq!(schema["x-union"]["branches"][0]["name"], "Kind1");
}

#[test]
fn a_discriminator_is_obeyed_with_all_that_it_maps() {
    let with_kind = |more: &str| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" }, more: {} } });
    let (schema, spec) = told(
        json!({
            "oneOf": [reference("Cat"), reference("Dog")],
            "discriminator": { "propertyName": "kind", "mapping": { "cat": "#/components/schemas/Cat", "kitten": "Cat" } }
        }),
        json!({ "Cat": with_kind("lives"), "Dog": with_kind("tricks") }),
    );
    let values: Vec<&Value> = elements(&schema["x-union"]["branches"])
        .map(|b| &b["value"])
        .collect();
    assert_eq!(values, ["cat", "kitten", "Dog"]);
    // Nobody else uses them, so the untagged ones take their names.
    assert_eq!(schema["x-union"]["branches"][0]["schema"], reference("Cat"));
    assert!(
        spec.schemas().unwrap()["Cat"]["properties"]
            .get("kind")
            .is_none()
    );
}

#[test]
fn a_branch_used_elsewhere_stays_beside_its_untagged_self() {
    let cat = json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "enum": ["cat"] }, "lives": {} } });
    let dog = object("kind", json!({ "enum": ["dog"] }));
    let (_, spec) = told(
        json!({ "properties": { "any": { "oneOf": [reference("Cat"), dog] }, "cat": reference("Cat") } }),
        json!({ "Cat": cat }),
    );
    let names: Vec<&String> = spec.schemas().unwrap().keys().collect();
    assert_eq!(names, ["Cat", "Cat by kind"]);
}

#[test]
fn a_union_may_hold_itself() {
    let node = json!({ "type": "object", "required": ["kind"], "properties": {
        "kind": { "enum": ["node"] },
        "child": { "oneOf": [reference("Node"), object("kind", json!({ "enum": ["leaf"] }))] },
    } });
    let (_, spec) = told(
        json!({ "oneOf": [reference("Node"), object("kind", json!({ "enum": ["leaf"] }))] }),
        json!({ "Node": node }),
    );
    let child = &spec.schemas().unwrap()["Node"]["properties"]["child"];
    assert_eq!(child["x-union"]["branches"][0]["schema"], reference("Node"));
}

#[test]
fn kinds_and_keys_tell_apart() {
    let (schema, _) = told(
        json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] }),
        json!({}),
    );
    let names = |schema: &Value| -> Vec<String> {
        elements(&schema["x-union"]["branches"])
            .map(|b| b["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&schema), ["One", "Many"]);
    let (schema, _) = told(
        json!({ "anyOf": [{ "type": "integer" }, { "type": "boolean" }] }),
        json!({}),
    );
    assert_eq!(names(&schema), ["Number", "Flag"]);
    let (schema, _) = told(
        json!({ "oneOf": [object("price", json!({})), object("tiers", json!({}))] }),
        json!({}),
    );
    assert_eq!(names(&schema), ["Price", "Tiers"]);
    // A key that may be null may be absent as well: it tells nothing.
    let (schema, _) = told(
        json!({ "oneOf": [object("price", json!({ "nullable": true })), object("tiers", json!({}))] }),
        json!({}),
    );
    assert!(schema.get("x-union").is_none());
}

#[test]
fn overlapping_objects_become_one_and_what_is_beside_the_choice_counts() {
    let (schema, _) = told(
        json!({
            "type": "object", "properties": { "mail": { "type": "string" }, "phone": { "type": "string" } },
            "anyOf": [{ "required": ["mail"] }, { "required": ["phone"] }]
        }),
        json!({}),
    );
    assert_eq!(schema["required"], json!([]));
    assert_eq!(entries(&schema["properties"]).count(), 2);
}

#[test]
fn what_cannot_be_told_apart_stays_json_that_can_be_read_as_each() {
    let plain = |name: &str, kind: &str| json!({ "type": "object", "properties": { name: { "type": kind } } });
    let map = json!({ "type": "object", "additionalProperties": true });
    for (schema, words, branches) in [
        (json!({ "oneOf": [] }), "no branches", 0),
        (
            json!({ "oneOf": [{}], "anyOf": [{}] }),
            "both `oneOf` and `anyOf`",
            0,
        ),
        (
            json!({ "oneOf": [plain("a", "string"), plain("a", "integer")] }),
            "they are Object, Object",
            2,
        ),
        (
            json!({ "oneOf": [plain("a", "string"), map] }),
            "they are Object, Object",
            2,
        ),
        (
            json!({ "oneOf": [plain("k", "string"), map], "discriminator": { "propertyName": "k" } }),
            "the discriminator `k`",
            2,
        ),
        (
            json!({ "oneOf": [{ "type": "string" }, {}] }),
            "they are Text, anything",
            1,
        ),
        (
            json!({ "oneOf": [{ "type": "string" }, { "anyOf": [{ "type": "string" }], "properties": {} }] }),
            "a choice with more beside it",
            1,
        ),
    ] {
        let mut spec = answering(schema, json!({}));
        let report = run_pass(&mut spec, "", run).unwrap();
        assert_says(&report, &[words, "as JSON", ANSWER]);
        let schema = spec.doc.pointer(ANSWER).unwrap();
        assert_eq!(elements(&schema["x-union"]["branches"]).count(), branches);
    }
}

#[test]
fn numbers_are_one_number() {
    let (schema, _) = told(
        json!({ "oneOf": [{ "type": "integer" }, { "type": "number" }] }),
        json!({}),
    );
    assert_eq!(schema, json!({ "type": "number", "format": "double" }));
    let listed =
        |value: i64, title: &str| json!({ "type": "integer", "enum": [value], "title": title });
    let (schema, _) = told(
        json!({ "oneOf": [listed(1, "calm"), listed(5, "storm")] }),
        json!({}),
    );
    assert_eq!(
        schema,
        json!({ "type": "integer", "enum": [1, 5], "description": "1 is calm, 5 is storm." })
    );
}

#[test]
fn kinds_come_first_and_then_the_branches_of_each() {
    let tagged = |value: &str| object("kind", json!({ "enum": [value] }));
    let (schema, _) = told(
        json!({ "oneOf": [{ "type": "string" }, tagged("tide"), tagged("text")] }),
        json!({}),
    );
    let union = &schema["x-union"];
    assert_eq!(union["style"], "tag");
    let names: Vec<&Value> = elements(&union["branches"]).map(|it| &it["name"]).collect();
    assert_eq!(names, ["Tide", "Text", "PlainText"]);
    assert_eq!(union["branches"][2]["plain"], true);
    // Told apart by keys, the objects are a choice of their own.
    let (schema, _) = told(
        json!({ "oneOf": [{ "type": "integer" }, { "type": "number" }, object("a", json!({})), object("b", json!({}))] }),
        json!({}),
    );
    let union = &schema["x-union"];
    assert_eq!(union["style"], "kind");
    assert_eq!(union["branches"][0]["schema"]["type"], "number");
    assert_eq!(union["branches"][1]["schema"]["x-union"]["style"], "key");
}

#[test]
fn a_tag_may_have_several_values() {
    let tagged = |values: Value| object("kind", json!({ "enum": values }));
    let (schema, _) = told(
        json!({
            "oneOf": [reference("Sail"), reference("Oar")], "discriminator": { "propertyName": "kind" },
        }),
        json!({ "Sail": tagged(json!(["jib", "main"])), "Oar": tagged(json!(["oar"])) }),
    );
    let values: Vec<&Value> = elements(&schema["x-union"]["branches"])
        .map(|branch| &branch["value"])
        .collect();
    assert_eq!(values, ["jib", "main", "oar"]);
    // The list of a shared base says nothing: the names of the branches are the values.
    let all = tagged(json!(["Sail", "Oar"]));
    let (schema, _) = told(
        json!({
            "oneOf": [reference("Sail"), reference("Oar")], "discriminator": { "propertyName": "kind" },
        }),
        json!({ "Sail": all, "Oar": all }),
    );
    assert_eq!(schema["x-union"]["branches"][1]["value"], "Oar");
}

#[test]
fn several_branches_of_any_of_may_hold_at_once() {
    let choice =
        |keyword: &str| json!({ keyword: [object("card", json!({})), object("bill", json!({}))] });
    let (schema, _) = told(choice("anyOf"), json!({}));
    assert_eq!(entries(&schema["properties"]).count(), 2);
    assert_eq!(schema["required"], json!([]));
    let (schema, _) = told(choice("oneOf"), json!({}));
    assert_eq!(schema["x-union"]["style"], "key");
    let mut spec = answering(choice("anyOf"), json!({}));
    let names = crate::names::Names::parse("[rules]\nany_of_is_one = true", "n.toml").unwrap();
    let mut report = crate::report::Report::default();
    let mut context = Context {
        names: &names,
        report: &mut report,
    };
    run(&mut spec, &mut context).unwrap();
    assert_eq!(spec.doc.pointer(ANSWER).unwrap()["x-union"]["style"], "key");
}

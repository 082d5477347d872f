//! What a finding says: one per component and change, with everybody it affects.

use crate::support::{PETS, diff, lines, only, parse};
use spec_diff::{Direction, Level, Options, compare};

/// `PETS` with one text replaced; fails if the text is not there.
fn edited(from: &str, to: &str) -> String {
    assert!(PETS.contains(from), "{from}");
    PETS.replacen(from, to, 1)
}

#[test]
fn one_change_of_a_component_is_one_finding_with_all_operations() {
    let report = diff(
        PETS,
        &edited(
            r#""email": {"type": "string"}"#,
            r#""email": {"type": "integer"}"#,
        ),
    );
    let finding = only(&report);
    assert_eq!(finding.id(), "request-type-changed");
    assert_eq!(
        finding.also.map(|rule| rule.id.as_str()),
        Some("response-type-changed")
    );
    assert_eq!(
        (finding.level, finding.direction),
        (Level::BreaksBoth, Direction::Both)
    );
    assert_eq!(finding.place, "Owner.email type");
    let operations: Vec<_> = finding.operations.iter().map(ToString::to_string).collect();
    assert_eq!(operations, ["GET /pets", "POST /pets", "GET /pets/{petId}"]);
    assert_eq!(
        finding.old.pointer,
        "/components/schemas/Owner/properties/email/type"
    );
    assert_eq!(
        finding.old.position.line,
        u32::try_from(PETS.lines().take_while(|l| !l.contains("email")).count() + 1).unwrap()
    );
    assert_eq!(
        (finding.before.as_deref(), finding.after.as_deref()),
        (Some("string"), Some("integer"))
    );
}

#[test]
fn what_is_only_received_is_judged_as_received() {
    let report = diff(
        PETS,
        &edited(
            r#""message": {"type": "string"}"#,
            r#""text": {"type": "string"}"#,
        ),
    );
    assert_eq!(
        lines(&report),
        [
            "response-optional-property-removed @ Problem.message",
            "response-optional-property-added @ Problem.text"
        ]
    );
    assert_eq!(report.findings()[0].operations.len(), 1);
}

#[test]
fn spelling_makes_no_finding() {
    let inline = edited(
        r##"{"$ref": "#/components/schemas/Problem"}"##,
        r#"{"properties": {"message": {"type": "string"}}, "type": "object"}"#,
    );
    let wrapped = edited(
        r##"{"$ref": "#/components/schemas/Problem"}"##,
        r##"{"allOf": [{"$ref": "#/components/schemas/Problem"}], "description": "so"}"##,
    );
    let renamed =
        edited("/pets/{petId}", "/pets/{id}").replace(r#""name": "petId""#, r#""name": "id""#);
    for same in [PETS, inline.as_str(), wrapped.as_str()] {
        assert_eq!(lines(&diff(PETS, same)), [""; 0]);
        assert_eq!(lines(&diff(same, PETS)), [""; 0]);
    }
    assert_eq!(
        lines(&diff(PETS, &renamed)),
        ["path-parameter-renamed @ /pets/{id}"]
    );
}

#[test]
fn nullable_has_one_meaning_in_every_spelling() {
    let schema = |schema: &str, version: &str| {
        format!(
            r#"{{"openapi":"{version}","paths":{{"/a":{{"get":{{"responses":{{"200":{{"content":
            {{"application/json":{{"schema":{schema}}}}}}}}}}}}}}},"components":{{"schemas":{{"S":{{"type":"string"}}}}}}}}"#
        )
    };
    let spellings = [
        schema(r#"{"type":"string","nullable":true}"#, "3.0.3"),
        schema(
            r##"{"allOf":[{"$ref":"#/components/schemas/S"}],"nullable":true}"##,
            "3.0.3",
        ),
        schema(r#"{"type":["string","null"]}"#, "3.1.0"),
        schema(
            r##"{"anyOf":[{"$ref":"#/components/schemas/S"},{"type":"null"}]}"##,
            "3.1.0",
        ),
        schema(
            r##"{"oneOf":[{"type":"null"},{"$ref":"#/components/schemas/S"}]}"##,
            "3.1.0",
        ),
    ];
    for old in &spellings {
        for new in &spellings {
            assert_eq!(lines(&diff(old, new)), [""; 0], "{old}\n{new}");
        }
        let report = diff(
            &schema(r##"{"$ref":"#/components/schemas/S"}"##, "3.0.0"),
            old,
        );
        assert_eq!(only(&report).id(), "response-became-nullable", "{old}");
        let report = diff(&schema(r#"{"type":"string"}"#, "3.1.0"), old);
        assert_eq!(only(&report).id(), "response-became-nullable", "{old}");
    }
}

#[test]
fn json_and_yaml_are_the_same_document() {
    let json =
        r#"{"openapi":"3.1.0","paths":{"/a":{"get":{"responses":{"200":{"description":"ok"}}}}}}"#;
    let yaml = "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      responses:\n        200: {description: ok}\n";
    let (json, yaml) = (parse(json, "a.json"), parse(yaml, "a.yaml"));
    assert_eq!(lines(&compare(&json, &yaml, &Options::default())), [""; 0]);
}

/// The edits that a maintainer would try.
#[test]
fn typical_edits_have_the_right_verdict() {
    let cases = [
        (
            "drop a response field",
            r#""message": {"type": "string"}"#,
            "",
            "response-optional-property-removed",
            Level::Warning,
        ),
        (
            "require a field",
            r#""required": ["name"]"#,
            r#""required": ["name", "kind"]"#,
            "request-property-became-required",
            Level::BreaksRequests,
        ),
        (
            "remove an enum value",
            r#"["cat", "dog"]"#,
            r#"["cat"]"#,
            "request-enum-value-removed",
            Level::BreaksRequests,
        ),
        (
            "add an enum value",
            r#"["cat", "dog"]"#,
            r#"["cat", "dog", "bat"]"#,
            "response-enum-value-added",
            Level::Warning,
        ),
        (
            "rename a parameter",
            r#""name": "limit""#,
            r#""name": "max""#,
            "request-parameter-renamed",
            Level::BreaksRequests,
        ),
        (
            "drop a status",
            r#""404""#,
            r#""x-404""#,
            "response-non-success-status-removed",
            Level::Info,
        ),
        (
            "change an operationId",
            "addPet",
            "createPet",
            "operation-id-changed",
            Level::Info,
        ),
    ];
    for (what, from, to, id, level) in cases {
        let report = diff(PETS, &edited(from, to));
        let finding = &report.findings()[0];
        assert_eq!(
            (finding.id(), finding.level),
            (id, level),
            "{what}: {:?}",
            lines(&report)
        );
    }
    let reordered = edited(
        r#""operationId": "listPets",
        "parameters": [{"in": "query", "name": "limit", "schema": {"type": "integer"}}],"#,
        r#""parameters": [{"schema": {"type": "integer"}, "name": "limit", "in": "query"}],
        "operationId": "listPets","#,
    );
    assert_eq!(lines(&diff(PETS, &reordered)), [""; 0]);
    let described = edited("What it listens to", "Its name");
    assert_eq!(lines(&diff(PETS, &described)), [""; 0]);
    let docs = Options {
        docs: true,
        ..Options::default()
    };
    let report = compare(&parse(PETS, "a"), &parse(&described, "b"), &docs);
    assert_eq!(
        lines(&report),
        ["request-documentation-changed @ Pet.name description"]
    );
}

#[test]
fn a_path_is_renamed_only_if_its_operation_ids_prove_it() {
    let moved = PETS.replace("/pets/{petId}", "/animals/{petId}");
    assert_eq!(
        lines(&diff(PETS, &moved)),
        ["path-renamed @ /animals/{petId}"]
    );
    let other = moved.replace("getPet", "getAnimal");
    assert_eq!(
        lines(&diff(PETS, &other)),
        [
            "endpoint-removed @ GET /pets/{petId}",
            "endpoint-added @ GET /animals/{petId}"
        ]
    );
}

#[test]
fn a_component_given_up_by_many_operations_is_one_finding() {
    let text = |parameters: &str| {
        format!(
            r#"{{"openapi":"3.0.0","paths":{{"/a":{{"get":{{{parameters}"responses":{{}}}}}},"/b":{{"get":{{{parameters}"responses":{{}}}}}}}},
            "components":{{"parameters":{{"Page":{{"in":"query","name":"page"}}}}}}}}"#
        )
    };
    let report = diff(
        &text(""),
        &text(r##""parameters":[{"$ref":"#/components/parameters/Page"}],"##),
    );
    assert_eq!(only(&report).operations.len(), 2);
}

#[test]
fn fingerprints_survive_unrelated_edits() {
    let new = edited(
        r#""email": {"type": "string"}"#,
        r#""email": {"type": "integer"}"#,
    );
    let alone = only(&diff(PETS, &new)).fingerprint.clone();
    let shifted = new.replace(r#""info""#, "\n\n\"tags\": [],\n\"info\"");
    let report = diff(PETS, &shifted);
    assert_eq!(only(&report).fingerprint, alone);
}

#[test]
fn levels_can_be_overridden() {
    let options = Options {
        levels: [("response-enum-value-added".to_owned(), Level::Info)].into(),
        ..Options::default()
    };
    let new = edited(r#"["cat", "dog"]"#, r#"["cat", "dog", "bat"]"#);
    let report = compare(&parse(PETS, "a"), &parse(&new, "b"), &options);
    assert_eq!(only(&report).level, Level::Info);
}

#[test]
fn webhooks_swap_the_roles() {
    let hook = |required: &str| {
        format!(
            r#"{{"openapi":"3.1.0","webhooks":{{"made":{{"post":{{"requestBody":{{"content":{{"application/json":
            {{"schema":{{"type":"object",{required}"properties":{{"id":{{"type":"string"}}}}}}}}}}}}}}}}}}}}"#
        )
    };
    let report = diff(&hook(r#""required":["id"],"#), &hook(""));
    assert_eq!(only(&report).level, Level::BreaksResponses);
    assert_eq!(only(&report).operations[0].to_string(), "POST webhook made");
}

/// A document whose one operation answers with `S`, beside other components.
fn answering(schemas: &str) -> String {
    format!(
        r##"{{"openapi":"3.1.0","paths":{{"/a":{{"get":{{"responses":{{"200":{{"content":{{"application/json":
        {{"schema":{{"$ref":"#/components/schemas/S"}}}}}}}}}}}}}}}},"components":{{"schemas":{{{schemas}}}}}}}"##
    )
}

#[test]
fn a_renamed_component_is_one_note() {
    let new = PETS
        .replace("schemas/Owner", "schemas/Keeper")
        .replace(r#""Owner""#, r#""Keeper""#);
    assert_eq!(
        lines(&diff(PETS, &new)),
        ["schema-component-renamed @ Keeper"]
    );
}

#[test]
fn parts_may_move_between_a_schema_and_its_all_of() {
    let flat = answering(
        r#""S":{"type":"object","required":["a"],"properties":{"a":{"type":"string"},"b":{"type":"string"}}}"#,
    );
    let split = answering(
        r##""S":{"allOf":[{"$ref":"#/components/schemas/Base"}],"type":"object","properties":{"b":{"type":"string"}}},
        "Base":{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}}"##,
    );
    assert_eq!(
        lines(&diff(&flat, &split)),
        ["schema-component-added @ Base"]
    );
    assert_eq!(
        lines(&diff(&split, &flat)),
        ["schema-component-removed @ Base"]
    );
}

#[test]
fn a_change_behind_a_wrapper_is_found_once_where_it_is() {
    let wrapped = |kind: &str| {
        answering(&format!(
            r##""S":{{"type":"object","properties":{{
                "x":{{"anyOf":[{{"$ref":"#/components/schemas/T"}},{{"type":"null"}}]}},
                "y":{{"allOf":[{{"$ref":"#/components/schemas/T"}}],"description":"d"}},
                "z":{{"type":"array","items":{{"$ref":"#/components/schemas/T"}}}}}}}},
            "T":{{"type":"object","properties":{{"t":{{"type":"{kind}"}}}}}}"##
        ))
    };
    assert_eq!(
        lines(&diff(&wrapped("string"), &wrapped("boolean"))),
        ["response-type-changed @ T.t type"]
    );
}

#[test]
fn exclusive_limits_mean_the_same_in_both_versions() {
    let new = answering(r#""S":{"type":"number","exclusiveMaximum":5}"#);
    let old = answering(r#""S":{"type":"number","maximum":5,"exclusiveMaximum":true}"#)
        .replace("3.1.0", "3.0.3");
    assert_eq!(lines(&diff(&old, &new)), [""; 0]);
}

#[test]
fn shared_responses_and_parameters_of_paths_are_one_finding() {
    let document = |header: &str, limit: &str| {
        format!(
            r##"{{"openapi":"3.0.0","paths":{{"/a":{{
                "parameters":[{{"in":"query","name":"q","schema":{{"type":"string","maxLength":{limit}}}}}],
                "get":{{"responses":{{"200":{{"$ref":"#/components/responses/Ok"}}}}}},
                "put":{{"responses":{{"200":{{"$ref":"#/components/responses/Ok"}}}}}}}}}},
            "components":{{"responses":{{"Ok":{{"headers":{{"{header}":{{"required":true}}}}}}}}}}}}"##
        )
    };
    let report = diff(&document("x-a", "5"), &document("x-b", "4"));
    assert_eq!(
        lines(&report),
        [
            "request-max-length-decreased @ /a, query parameter q: maxLength",
            "response-required-header-removed @ response Ok, header x-a",
            "response-header-added @ response Ok, header x-b",
        ]
    );
    assert!(report.findings().iter().all(|f| f.operations.len() == 2));
}

#[test]
fn a_read_only_property_does_not_count_in_requests() {
    let limit = |limit: &str| {
        PETS.replace(
            r#""name": {"type": "string","#,
            &format!(r#""name": {{"type": "string", "readOnly": true, "maxLength": {limit},"#),
        )
    };
    let report = diff(&limit("9"), &limit("5"));
    assert_eq!(only(&report).level, Level::Info);
}

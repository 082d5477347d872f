//! A table of updates: what is kept, what a person has to decide, what follows, and that every type
//! and method of before is still generated.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod tree;

use std::collections::{BTreeMap, BTreeSet};

use client_gen::kept::Cause;
use serde_json::{Value, json};
use upstream::diff::Side;

use tree::{Outcome, Tree, VENDORED, answer, every, object, operation, responses, schema};

#[test]
fn a_new_operation_costs_nothing() {
    let outcome = VENDORED.edited(|document| {
        let mut ping = operation(document, "/api/v2/channels/platforms", "get").clone();
        ping["operationId"] = json!("LanternsController_listLanterns_v2");
        document["paths"]["/api/v2/lanterns"] = json!({ "get": ping });
    });
    outcome.is_silent();
    assert!(outcome.new.iter().any(|it| it.contains("fn lanterns_list")));
}

#[test]
fn names_stay_when_upstream_renames() {
    let tree = &*VENDORED;
    let outcome = tree.edited(|document| {
        operation(document, "/api/v2/channels/accounts/{accountId}", "get")["operationId"] =
            json!("AccountsController_showAccount_v3");
    });
    outcome.is_silent();
    assert!(
        outcome
            .plan
            .side
            .beside
            .names
            .contains("\"AccountsController_showAccount_v3\" = \"accounts_get\"")
    );

    let text = tree
        .document()
        .to_string()
        .replace("VideoTaskStatusResponseVo", "ClipTaskStateVo");
    let outcome = tree.takes(&serde_json::from_str(&text).unwrap());
    outcome.is_silent();
    assert!(outcome.plan.side.beside.overlay.contains("ClipTaskStateVo"));
}

#[test]
fn fields_of_a_response_that_are_not_mentioned_any_more_are_kept() {
    let tree = &*VENDORED;
    for (field, is_required) in [("expiresAt", false), ("shortLink", true)] {
        let outcome = tree.edited(|document| {
            let action = schema(document, "ChannelPublishUserActionVo");
            object(&mut action["properties"])
                .shift_remove(field)
                .unwrap();
            action["required"]
                .as_array_mut()
                .unwrap()
                .retain(|name| name != field);
        });
        outcome.is_silent();
        let required = is_required.then_some((Cause::Required, 1));
        outcome.keeps(
            &[(Cause::Fields, 1)]
                .into_iter()
                .chain(required)
                .collect::<Vec<_>>(),
        );
    }
}

#[test]
fn a_new_value_is_added() {
    let outcome = VENDORED.edited(|document| {
        let status = &mut schema(document, "AssetVo")["properties"]["status"]["enum"];
        status.as_array_mut().unwrap().push(json!("archived"));
    });
    outcome.is_silent();
    outcome.keeps(&[]);
}

#[test]
fn a_whole_number_that_became_a_text_is_to_decide() {
    let outcome = VENDORED.edited(|document| {
        schema(document, "ChannelAccountGroupVo")["properties"]["name"] =
            json!({ "type": "integer" });
    });
    let ids: Vec<&str> = outcome.decisions.iter().map(String::as_str).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert!(ids[0].starts_with("type:account_groups"), "{ids:?}");
    assert_eq!(outcome.kept, BTreeMap::new());
}

#[test]
fn a_new_code_gets_an_entry() {
    let outcome = VENDORED.edited(|document| {
        operation(document, "/api/v2/channels/platforms", "get")["x-aitoearn-backend"]
            ["responseCodes"] = json!([{ "name": "LanternWentOut", "code": 15999 }]);
    });
    outcome.is_silent();
    assert!(
        outcome
            .plan
            .side
            .beside
            .codes
            .contains("name = \"LanternWentOut\"")
    );
}

// ---- Larger updates --------------------------------------------------------

#[test]
fn thinner_without_any_list_of_what_is_required() {
    let outcome = VENDORED.edited(|document| {
        responses(document, &mut |schema| {
            if schema.get("required").is_some_and(Value::is_array) {
                schema.shift_remove("required");
            }
        });
    });
    outcome.is_silent();
    assert_eq!(outcome.kept.keys().collect::<Vec<_>>(), [&Cause::Required]);
    assert!(outcome.kept[&Cause::Required] > 40);
}

#[test]
fn thinner_without_values_formats_and_bounds() {
    let outcome = VENDORED.edited(|document| {
        for name in ["AssetVo", "PublishOptionSourceVo", "ChannelPublishRecordVo"] {
            every(schema(document, name), &mut |schema| {
                if schema.contains_key("type") {
                    schema.retain(|key, value| {
                        !((key == "enum" && value.is_array())
                            || key == "format"
                            || key == "minimum")
                    });
                }
            });
        }
    });
    outcome.is_silent();
    assert!(outcome.kept[&Cause::Values] >= 5 && outcome.kept[&Cause::Formats] >= 4);
}

#[test]
fn thinner_by_one_recorded_answer_in_place_of_a_named_schema() {
    let outcome = VENDORED.edited(|document| {
        let path = "/api/v2/channels/publish/records/{recordId}/user-action";
        let envelope = answer(document, path, "get");
        envelope["properties"]["data"] = json!({ "type": "object", "additionalProperties": false, "properties": {
            "recordId": { "type": "string" }, "platform": { "type": "string" }, "lantern": { "type": "string" },
        } });
        object(envelope).shift_remove("required");
    });
    outcome.is_silent();
    outcome.keeps(&[(Cause::References, 1), (Cause::Required, 2)]);
    assert!(outcome.new.iter().any(|it| it.contains("lantern")));
}

#[test]
fn a_named_schema_that_is_gone_comes_back_with_what_pointed_at_it() {
    let outcome = VENDORED.edited(|document| {
        object(&mut document["components"]["schemas"]).shift_remove("PublishOptionCreatedValueVo");
        let path = "/api/v2/channels/accounts/{accountId}/publish-options/{field}/values";
        answer(document, path, "post")["properties"]["data"] =
            json!({ "type": "object", "properties": { "field": { "type": "string" } } });
    });
    outcome.is_silent();
    outcome.keeps(&[(Cause::Schemas, 1), (Cause::References, 1)]);
}

#[test]
fn richer_wins_over_everything_kept() {
    let tree = &*VENDORED;
    // Kept today: the response of the account list points at its schema.
    let outcome = tree.edited(|document| {
        let envelope = answer(document, "/api/v2/channels/accounts", "get");
        envelope["properties"]["data"] =
            json!({ "$ref": "#/components/schemas/ChannelAccountListVo" });
        envelope["required"] = json!(["code", "message"]);
        schema(document, "AssetVo")["properties"]["lantern"] =
            json!({ "type": "string", "format": "date-time" });
    });
    outcome.is_silent();
    assert_eq!(
        outcome.again,
        BTreeMap::from([(Cause::References, 1), (Cause::Required, 2)])
    );
    assert_eq!(outcome.kept, BTreeMap::new());
    assert!(outcome.new.iter().any(|it| it.contains("lantern")));
}

#[test]
fn everything_that_contradicts_is_listed_at_once() {
    let outcome = VENDORED.edited(|document| {
        object(&mut document["paths"]["/api/v2/channels/works/link-info"]).shift_remove("get");
        let body = &mut operation(document, "/api/v2/channels/account-groups", "post")["requestBody"]
            ["content"]["application/json"]["schema"];
        let name = object(&mut body["properties"]).keys().next_back().unwrap().clone();
        body["required"] = json!(["name", name]);
        schema(document, "ChannelAccountVo")["properties"]["nickname"] = json!({ "type": "number" });
        let list = operation(document, "/api/v2/channels/accounts", "get");
        for parameter in list["parameters"].as_array_mut().unwrap() {
            if parameter["name"] == "status" {
                parameter["required"] = json!(true);
            }
        }
    });
    let kinds: BTreeSet<&str> = outcome
        .decisions
        .iter()
        .filter_map(|id| Some(id.split_once(':')?.0))
        .collect();
    let expected = BTreeSet::from(["removed", "required", "type"]);
    assert!(expected.is_subset(&kinds), "{kinds:?}");
    assert!(
        outcome
            .decisions
            .contains(&"removed:works_link_info".to_owned()),
        "{:?}",
        outcome.decisions
    );
    assert_eq!(outcome.kept, BTreeMap::new());
}

#[test]
fn a_field_that_moved_is_no_field_to_keep() {
    let outcome = VENDORED.edited(|document| {
        let properties = &mut schema(document, "ChannelPublishUserActionVo")["properties"];
        let url = object(properties).shift_remove("schemeUrl").unwrap();
        properties["target"] = json!({ "type": "object", "properties": { "schemeUrl": url } });
    });
    assert!(
        outcome
            .decisions
            .iter()
            .any(|id| id.starts_with("moved:publish_record_user_action")),
        "{:?}",
        outcome.decisions
    );
    assert_eq!(outcome.kept.get(&Cause::Fields), None);
}

#[test]
fn an_inline_schema_that_becomes_a_named_one_keeps_name_and_corrections() {
    let outcome = VENDORED.edited(|document| {
        let tasks = &mut schema(document, "ListVideoTasksResponseVo")["properties"]["list"];
        let item = tasks["items"].take();
        tasks["items"] = json!({ "$ref": "#/components/schemas/ListedClipVo" });
        document["components"]["schemas"]["ListedClipVo"] = item;
    });
    assert_eq!(outcome.decisions, Vec::<String>::new());
    assert!(
        outcome
            .plan
            .followed
            .iter()
            .any(|line| line.contains("overlay.yaml")),
        "{:?}",
        outcome.plan.followed
    );
}

#[test]
fn an_optional_input_that_is_gone_stays_callable_and_says_so() {
    let outcome =
        VENDORED.edited(|document| {
            let list = operation(document, "/api/ai/video/generations", "get");
            list["parameters"]
                .as_array_mut()
                .unwrap()
                .retain(|it| it["in"] != "query");
            let body = &mut operation(document, "/api/ai/video/generations", "post")["requestBody"]
                ["content"]["application/json"]["schema"]["properties"];
            object(body).shift_remove("duration").unwrap();
        });
    assert_eq!(outcome.decisions, Vec::<String>::new());
    assert!(outcome.kept[&Cause::Requests] >= 2);
    assert_eq!(outcome.lost, Some(Vec::new()));
    assert!(outcome.plan.side.beside.kept.contains("Deprecated: "));
}

#[test]
fn mixed() {
    let outcome = VENDORED.edited(|document| {
        object(&mut schema(document, "ChannelPublishUserActionVo")["properties"])
            .shift_remove("expiresAt");
        schema(document, "AuthStartVo")["properties"]["lantern"] = json!({ "type": "boolean" });
        operation(document, "/api/assets/uploadSign", "post")["operationId"] =
            json!("AssetsHttpController_signUpload");
        let mut again = operation(document, "/api/v2/channels/platforms", "get").clone();
        again["operationId"] = json!("LanternsController_list_v2");
        document["paths"]["/api/v2/lanterns"] = json!({ "get": again });
    });
    outcome.is_silent();
    outcome.keeps(&[(Cause::Fields, 1)]);
}

// ---- Back and forward ------------------------------------------------------

#[test]
fn the_second_time_and_the_way_back_change_nothing() {
    let tree = &*VENDORED;
    let document = tree.document();
    let again = tree.takes(&document);
    assert_eq!(again.plan.side.beside, tree.side.beside);

    let mut thinner = document.clone();
    object(&mut schema(&mut thinner, "ChannelPublishUserActionVo")["properties"])
        .shift_remove("expiresAt");
    let forth = tree.takes(&thinner);
    let there = Tree {
        side: Side {
            name: tree.side.name.clone(),
            ..forth.plan.side
        },
        generated: tree.generated.clone(),
    };
    let back = there.takes(&document);
    assert_eq!(back.plan.side.beside, tree.side.beside);
    assert_eq!(back.again, BTreeMap::from([(Cause::Fields, 1)]));
}

#[test]
fn the_order_of_keys_says_nothing() {
    fn reversed(value: &Value) -> Value {
        match value {
            Value::Object(object) => {
                let turned = object
                    .iter()
                    .rev()
                    .map(|(key, it)| (key.clone(), reversed(it)));
                Value::Object(turned.collect())
            }
            Value::Array(list) => list.iter().map(reversed).collect(),
            value => value.clone(),
        }
    }
    let tree = &*VENDORED;
    let mut thinner = tree.document();
    object(&mut schema(&mut thinner, "ChannelPublishUserActionVo")["properties"])
        .shift_remove("expiresAt");
    let one = tree.takes(&thinner);
    let other = tree.takes(&reversed(&thinner));
    let facts = |outcome: &Outcome| {
        let facts = outcome.plan.memory.kept.facts.iter();
        facts
            .map(|fact| (fact.cause, fact.pointer.clone()))
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(facts(&one), facts(&other));
}

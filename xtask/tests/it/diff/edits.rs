//! One edit of the document, its verdict, and what pasting the remedies does.

use serde_json::{Value, json};
use upstream::diff::command::{FINE, Gate, POLICY, exit_code};
use upstream::diff::{Bump, Drift, Effect, Finding, Impact, Side, Witness, render};

use super::{GATES, account, drift, edited, find, ids, judged, list, remove};

/// Pastes a remedy where it says it belongs.
fn paste(side: &mut Side, finding: &Finding) {
    let remedy = finding.remedy.as_ref().expect("a remedy");
    let (text, head) = match remedy.file {
        "openapi/overlay.yaml" => (&mut side.beside.overlay, "actions:\n".to_owned()),
        "openapi/names.toml" => (&mut side.beside.names, format!("{}\n", remedy.under)),
        "crates/aitoearn-api/codes.toml" => {
            side.beside.codes.push_str(&remedy.text);
            return;
        }
        other => panic!("{other}"),
    };
    assert!(text.contains(&head), "{head}");
    *text = text.replacen(&head, &format!("{head}{}", remedy.text), 1);
}

/// The same edit again, with remedies pasted.
fn mended(edit: impl FnOnce(&mut Value), remedies: &[&Finding]) -> Drift {
    let mut revision = edited(edit);
    for finding in remedies {
        paste(&mut revision, finding);
    }
    judged(&revision)
}

fn assert_rust_is_as_it_was(drift: &Drift) {
    assert_eq!(
        ids(drift, Effect::RawApi),
        [""; 0],
        "{}",
        render::text(drift, false)
    );
    assert_eq!(ids(drift, Effect::Runtime), [""; 0]);
    assert_eq!(drift.verdict.witness, Witness::NotNeeded);
}

fn bumps(drift: &Drift) -> [Bump; 2] {
    [
        drift.verdict.versions[0].bump,
        drift.verdict.versions[1].bump,
    ]
}

#[test]
fn a_dropped_field_breaks_shipped_binaries_and_one_overlay_entry_brings_it_back() {
    let edit = |document: &mut Value| {
        let account = account(document);
        account["properties"]
            .as_object_mut()
            .unwrap()
            .shift_remove("uid");
        remove(&mut account["required"], "uid");
    };
    // One answer still shows the field in its own schema, so it may arrive.
    let drift = drift(edit);
    assert_eq!(
        ids(&drift, Effect::Wire),
        ["breaks response-property-became-optional"]
    );
    assert_eq!(ids(&drift, Effect::RawApi), ["breaks field-type-changed"]);
    assert_eq!(
        ids(&drift, Effect::Runtime),
        ["breaks required-field-became-optional"]
    );
    assert_eq!(bumps(&drift), [Bump::Breaking, Bump::Breaking]);
    assert_eq!(exit_code(&drift, &GATES), POLICY);
    assert_eq!(exit_code(&drift, &[Gate::Meaning]), FINE);

    let mended = mended(
        edit,
        &[find(
            &drift,
            Effect::Wire,
            "response-property-became-optional",
        )],
    );
    assert_rust_is_as_it_was(&mended);
}

#[test]
fn a_field_that_became_required_changes_its_type_and_nothing_else() {
    let edit = |document: &mut Value| {
        account(document)["required"]
            .as_array_mut()
            .unwrap()
            .push(json!("avatar"));
    };
    let drift = drift(edit);
    assert_eq!(
        ids(&drift, Effect::Wire),
        ["info response-property-became-required"]
    );
    let field = find(&drift, Effect::RawApi, "field-type-changed");
    assert_eq!(field.before.as_deref(), Some("Option<String>"));
    assert_eq!(field.after.as_deref(), Some("String"));
    assert_eq!(ids(&drift, Effect::Runtime), [""; 0]);
    assert!(drift.verdict.summary.contains("nothing breaks at run time"));
    assert_eq!(exit_code(&drift, &GATES), POLICY);
    assert_eq!(exit_code(&drift, &[Gate::Wire]), FINE);

    let finding = find(&drift, Effect::Wire, "response-property-became-required");
    assert_rust_is_as_it_was(&mended(edit, &[finding]));
}

#[test]
fn an_enum_value_that_goes_or_comes_breaks_no_binary() {
    let gone = |document: &mut Value| {
        remove(
            &mut account(document)["properties"]["clientType"]["enum"],
            "app",
        );
    };
    let drift_gone = drift(gone);
    assert_eq!(
        ids(&drift_gone, Effect::Wire),
        ["info response-enum-value-removed"]
    );
    assert_eq!(ids(&drift_gone, Effect::RawApi), ["breaks variant-removed"]);
    assert_eq!(ids(&drift_gone, Effect::Runtime), [""; 0]);
    let finding = find(&drift_gone, Effect::Wire, "response-enum-value-removed");
    assert_rust_is_as_it_was(&mended(gone, &[finding]));

    let come = drift(|document| {
        let values = &mut account(document)["properties"]["clientType"]["enum"];
        values.as_array_mut().unwrap().push(json!("desktop"));
    });
    assert_eq!(
        ids(&come, Effect::Wire),
        ["warning response-enum-value-added"]
    );
    assert_eq!(ids(&come, Effect::RawApi), ["info variant-added"]);
    assert_eq!(ids(&come, Effect::Runtime), [""; 0]);
    assert_eq!(bumps(&come), [Bump::Patch, Bump::Patch]);
    assert_eq!(exit_code(&come, &GATES), FINE);
}

#[test]
fn a_list_of_values_that_leaves_its_twins_keeps_its_name_by_an_entry() {
    let edit = |document: &mut Value| {
        let values = &mut account(document)["properties"]["type"]["enum"];
        values.as_array_mut().unwrap().push(json!("zhihu"));
    };
    let drift = drift(edit);
    assert_eq!(ids(&drift, Effect::Runtime), [""; 0]);
    let finding = find(&drift, Effect::RawApi, "type-added");
    let mended = mended(edit, &[finding]);
    assert_eq!(ids(&mended, Effect::RawApi), ["info variant-added"]);
}

#[test]
fn a_parameter_with_another_name_on_the_wire_reaches_shipped_binaries() {
    let edit = |document: &mut Value| {
        let parameters = list(document)["parameters"].as_array_mut().unwrap();
        let types = parameters
            .iter_mut()
            .find(|p| p["name"] == "types")
            .unwrap();
        types["name"] = json!("platforms");
    };
    let drift = drift(edit);
    // The old name stays callable for a release, beside the new one.
    find(&drift, Effect::Wire, "request-parameter-renamed");
    find(&drift, Effect::RawApi, "overlay-action-without-target");
    find(&drift, Effect::RawApi, "field-removed");
    find(&drift, Effect::Runtime, "request-parameter-renamed");
    assert_eq!(exit_code(&drift, &GATES), POLICY);

    let finding = find(&drift, Effect::Wire, "request-parameter-renamed");
    assert_rust_is_as_it_was(&mended(edit, &[finding]));
}

#[test]
fn a_new_operation_gets_a_method() {
    let drift = drift(|document| {
        let mut operation = list(document).clone();
        operation["operationId"] = json!("AccountsController_listArchived_v2");
        document["paths"]["/api/v2/channels/accounts/archived"] = json!({ "get": operation });
    });
    assert_eq!(ids(&drift, Effect::Wire), ["info endpoint-added"]);
    // Its method, what it can do without, and the types of an answer that is described once more.
    let raw = ids(&drift, Effect::RawApi);
    assert_eq!(raw[0], "info method-added");
    assert!(raw[1..].iter().all(|id| id == "info type-added"), "{raw:?}");
    assert_eq!(ids(&drift, Effect::SdkApi), ["info request-added"]);
    assert_eq!(bumps(&drift), [Bump::Patch, Bump::Patch]);
    assert_eq!(exit_code(&drift, &GATES), FINE);
}

/// An operation with a code of its own, and where that code stands.
fn with_code(
    document: &mut Value,
    change: impl Fn(&mut Vec<Value>, &mut serde_json::Map<String, Value>),
) {
    for item in document["paths"].as_object_mut().unwrap().values_mut() {
        for operation in item.as_object_mut().unwrap().values_mut() {
            let codes = operation["x-aitoearn-backend"]["responseCodes"]
                .as_array()
                .cloned();
            let Some(mut codes) = codes else { continue };
            let examples = operation
                .pointer_mut("/responses/200/content/application~1json/examples")
                .and_then(Value::as_object_mut);
            let Some(examples) = examples else { continue };
            change(&mut codes, examples);
            operation["x-aitoearn-backend"]["responseCodes"] = Value::Array(codes);
        }
    }
}

#[test]
fn a_dropped_code_is_no_warning_where_it_is_kept() {
    let edit = |document: &mut Value| {
        with_code(document, |codes, examples| {
            codes.retain(|code| code["code"] != 12600);
            examples.retain(|_, example| example["value"]["code"] != 12600);
        });
    };
    let drift = drift(edit);
    assert_eq!(ids(&drift, Effect::Wire), [""; 0]);
    assert_eq!(ids(&drift, Effect::Meaning), ["info code-moved"]);
    assert_eq!(ids(&drift, Effect::Runtime), [""; 0]);
    assert_eq!(exit_code(&drift, &GATES), FINE);
}

#[test]
fn a_renumbered_code_is_shouted() {
    let edit = |document: &mut Value| {
        with_code(document, |codes, examples| {
            for code in codes.iter_mut().filter(|code| code["code"] == 12600) {
                code["code"] = json!(12699);
            }
            for example in examples.values_mut() {
                if example["value"]["code"] == 12600 {
                    example["value"]["code"] = json!(12699);
                }
            }
        });
    };
    let drift = drift(edit);
    let finding = find(&drift, Effect::Meaning, "code-renumbered");
    assert_eq!(finding.impact, Impact::Breaks);
    assert_eq!(finding.before.as_deref(), Some("12600"));
    assert_eq!(finding.after.as_deref(), Some("12699"));
    // The examples' keys still end in the old number.
    find(&drift, Effect::Meaning, "example-key-contradicts-code");
    assert_eq!(exit_code(&drift, &[Gate::Meaning]), POLICY);

    // Both numbers stay known: the old entry gives up its name, as the finding says.
    let missing = find(&drift, Effect::RawApi, "code-not-in-registry");
    assert!(
        missing
            .todo
            .contains("rename the registry's entry 12600 to `AccountNotFound12600`")
    );
    let mut revision = edited(edit);
    let codes = &mut revision.beside.codes;
    *codes = codes.replacen("\"AccountNotFound\"", "\"AccountNotFound12600\"", 1);
    paste(&mut revision, missing);
    let mended = judged(&revision);
    assert!(
        ids(&mended, Effect::RawApi)
            .iter()
            .all(|id| !id.starts_with("needs action"))
    );
    assert!(
        drift.verdict.summary.contains("the generated API"),
        "{}",
        drift.verdict.summary
    );
}

#[test]
fn a_code_that_the_registry_lacks_comes_with_its_entry() {
    let edit = |document: &mut Value| {
        let codes = &mut list(document)["x-aitoearn-backend"]["responseCodes"];
        codes
            .as_array_mut()
            .unwrap()
            .push(json!({ "name": "AccountSnoozed", "code": 12_698 }));
    };
    let drift = drift(edit);
    assert_eq!(
        ids(&drift, Effect::RawApi),
        ["needs action code-not-in-registry"]
    );
    let mended = mended(
        edit,
        &[find(&drift, Effect::RawApi, "code-not-in-registry")],
    );
    assert_rust_is_as_it_was(&mended);
    assert_eq!(exit_code(&mended, &GATES), FINE);
}

#[test]
fn a_changed_type_breaks_everything() {
    let edit = |document: &mut Value| {
        account(document)["properties"]["nickname"]["type"] = json!("integer");
    };
    let drift = drift(edit);
    assert_eq!(ids(&drift, Effect::Wire), ["breaks response-type-changed"]);
    assert_eq!(ids(&drift, Effect::RawApi), ["breaks field-type-changed"]);
    assert_eq!(ids(&drift, Effect::Runtime), ["breaks field-type-changed"]);
    let finding = find(&drift, Effect::Wire, "response-type-changed");
    assert_rust_is_as_it_was(&mended(edit, &[finding]));
}

#[test]
fn a_schema_that_moved_inline_keeps_its_name_by_an_entry() {
    let edit = |document: &mut Value| {
        let schemas = document["components"]["schemas"].as_object_mut().unwrap();
        let schema = schemas.shift_remove("ChannelAccountListVo").unwrap();
        let content = &mut list(document)["responses"]["200"]["content"]["application/json"];
        content["schema"]["properties"]["data"] = schema;
    };
    let drift = drift(edit);
    assert_eq!(exit_code(&drift, &[Gate::Wire]), FINE);
    assert_eq!(ids(&drift, Effect::Runtime), [""; 0]);
    find(&drift, Effect::RawApi, "names-entry-without-use");
    let finding = find(&drift, Effect::RawApi, "type-renamed");

    // The new entry is pasted, the old one deleted, as both findings say.
    let mut revision = edited(edit);
    paste(&mut revision, finding);
    let old = "\"ChannelAccountListVo\" = \"AccountList\"\n";
    assert!(revision.beside.names.contains(old));
    revision.beside.names = revision.beside.names.replace(old, "");
    let mended = judged(&revision);
    // What was kept of the schema that is gone has no place; an update would forget it.
    assert_eq!(
        ids(&mended, Effect::RawApi),
        ["info kept-fact-without-place"]
    );
    assert_eq!(ids(&mended, Effect::Runtime), [""; 0]);
    assert_eq!(mended.verdict.witness, Witness::NotNeeded);
}

#[test]
fn a_copy_in_place_of_a_reference_reads_as_before() {
    // The overlay corrects the component and not the copy, so the types differ, and not a byte of
    // what is sent.
    let copied = |edit: fn(&mut Value)| {
        drift(|document| {
            let mut copy = account(document).clone();
            edit(&mut copy);
            let list = &mut document["components"]["schemas"]["ChannelAccountListVo"];
            list["properties"]["list"]["items"] = copy;
        })
    };
    let same = copied(|_| {});
    find(&same, Effect::RawApi, "field-type-changed");
    assert_eq!(ids(&same, Effect::Runtime), [""; 0]);
    assert_eq!(exit_code(&same, &[Gate::Wire]), FINE);

    // One of its fields is read as something else.
    let other = copied(|copy| copy["properties"]["rank"]["type"] = json!("string"));
    find(&other, Effect::Runtime, "field-type-changed");
}

#[test]
fn a_component_with_another_name_is_followed() {
    let mut revision = edited(|_| {});
    revision.document = revision.document.replace("ChannelAccountVo", "AccountVo");
    let drift = judged(&revision);
    assert_eq!(
        ids(&drift, Effect::RawApi),
        [
            "needs action component-renamed",
            "needs action component-renamed"
        ]
    );
    for text in [&mut revision.beside.overlay, &mut revision.beside.names] {
        *text = text.replace("ChannelAccountVo", "AccountVo");
    }
    assert_rust_is_as_it_was(&judged(&revision));
}

#[test]
fn words_are_docs_and_order_is_nothing() {
    let words = drift(|document| {
        account(document)["properties"]["uid"]["description"] = json!("Another word.");
    });
    assert!(
        words
            .findings
            .iter()
            .all(|finding| finding.effect == Effect::Docs)
    );
    assert_eq!(words.verdict.summary, "only text and examples changed");
    assert_eq!(bumps(&words), [Bump::Patch, Bump::Patch]);
    assert_eq!(exit_code(&words, &GATES), FINE);

    let order = drift(reverse_keys);
    assert!(order.findings.is_empty(), "{}", render::text(&order, false));
    assert_eq!(order.verdict.summary, "nothing changed");
    // The fields of a type are in the document's order, so the code is not the same.
    assert_eq!(bumps(&order), [Bump::Patch, Bump::Patch]);
}

/// In all objects, so that every first one becomes the last.
fn reverse_keys(value: &mut Value) {
    match value {
        Value::Object(object) => {
            *object = std::mem::take(object).into_iter().rev().collect();
            object.values_mut().for_each(reverse_keys);
        }
        Value::Array(items) => items.iter_mut().for_each(reverse_keys),
        _ => {}
    }
}

#[test]
fn a_stream_and_an_envelope_change_what_calls_mean() {
    let stream = drift(|document| {
        let content = &mut list(document)["responses"]["200"]["content"];
        content["text/event-stream"] = json!({ "schema": { "type": "string" } });
    });
    assert_eq!(
        find(&stream, Effect::Meaning, "stream-added").impact,
        Impact::NeedsAction
    );
    assert_eq!(exit_code(&stream, &[Gate::Meaning]), POLICY);

    let envelope = drift(|document| {
        let content = &mut list(document)["responses"]["200"]["content"]["application/json"];
        content["schema"]["properties"]["code"]["type"] = json!("string");
    });
    assert_eq!(
        find(&envelope, Effect::Meaning, "envelope-changed").impact,
        Impact::Breaks
    );
}

#[test]
fn a_document_that_cannot_be_generated_is_a_finding() {
    let drift = drift(|document| {
        account(document)["properties"]["uid"] =
            json!({ "oneOf": [{ "type": "string" }, { "type": "boolean" }, {}] });
        document["paths"]["/x"] = json!({ "get": { "operationId": "account s", "responses": {} } });
    });
    // Either it generates or it says why; it never fails as a command.
    assert!(drift.verdict.changed);
    assert_eq!(exit_code(&drift, &GATES), POLICY);
}

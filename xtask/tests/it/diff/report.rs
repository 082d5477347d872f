//! What a person reads: true verdicts, causes instead of places, and remedies that work.

use serde_json::{Value, json};
use upstream::diff::command::{FINE, Gate, POLICY, exit_code};
use upstream::diff::{Bump, Decisions, Drift, Effect, Impact, Judge, Side, Witness, render};

use super::formats::assert_fits_its_schema;
use super::{GATES, account, drift, edited, find, ids, judged, list, remove, root};

/// A document in a version that the generator does not read; `size` is an answer's field.
fn of_31(size: &Value) -> Side {
    let mut garden = edited(|_| {});
    "garden.json".clone_into(&mut garden.name);
    garden.document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Garden", "version": "1" },
        "paths": { "/beds": { "get": { "operationId": "bedsList", "responses": { "200": {
            "description": "", "content": { "application/json": { "schema": {
                "type": "object", "required": ["size"], "properties": { "size": size },
            } } },
        } } } } },
    })
    .to_string();
    garden
}

#[test]
fn what_cannot_be_generated_is_unknown_and_fails_every_gate() {
    let judge = Judge::new(&root(), of_31(&json!({ "type": "string" })));
    let compare = |size| {
        judge
            .compare(&of_31(&size), &Decisions::default(), false)
            .unwrap()
    };
    let broken = compare(json!({ "type": "number" }));
    assert_eq!(broken.verdict.witness, Witness::Impossible);
    assert!(
        broken
            .verdict
            .summary
            .starts_with("breaks the contract: 1 change; ")
    );
    let pages = [
        render::text(&broken, false),
        render::text_of_all(&broken, false),
        render::markdown(&broken),
        render::github(&broken),
    ];
    for page in pages {
        for untrue in ["nothing breaks", "no release", "still reads", "not touched"] {
            assert!(!page.contains(untrue), "`{untrue}` is in:\n{page}");
        }
        assert!(page.contains("unknown"), "{page}");
    }
    assert!(
        broken
            .verdict
            .versions
            .iter()
            .all(|it| it.bump == Bump::Unknown && it.next.is_none())
    );

    assert_fits_its_schema(&broken);

    // Not even a contract that is kept lets it pass.
    let kept = compare(json!({ "type": "string", "maxLength": 9 }));
    assert_eq!(ids(&kept, Effect::Wire), ["info response-max-length-set"]);
    assert_eq!(exit_code(&kept, &[Gate::Wire]), POLICY);
    assert_eq!(exit_code(&kept, &[Gate::Never]), FINE);
    let text = render::text(&kept, false);
    assert!(
        text.contains("contract          nothing breaks\n"),
        "{text}"
    );
    assert!(text.contains("shipped binaries  unknown"), "{text}");
}

/// Takes `required` away from everything that is inside of answers.
fn thin(value: &mut Value) {
    match value {
        Value::Object(object) => {
            if object.get("properties").is_some_and(Value::is_object) {
                object.shift_remove("required");
            }
            object.values_mut().for_each(thin);
        }
        Value::Array(items) => items.iter_mut().for_each(thin),
        _ => {}
    }
}

#[test]
fn one_cause_at_hundreds_of_places_is_one_finding_for_a_person() {
    let drift = drift(|document| {
        for schema in document["components"]["schemas"]
            .as_object_mut()
            .unwrap()
            .values_mut()
        {
            thin(schema);
        }
    });
    assert!(drift.findings.len() > 150, "{}", drift.findings.len());
    let causes = drift.causes();
    let optional: Vec<_> = causes
        .iter()
        .filter(|it| it.first().id == "response-property-became-optional")
        .collect();
    assert_eq!(optional.len(), 1);
    assert!(optional[0].count() > 50, "{}", optional[0].count());

    let text = render::text(&drift, false);
    assert!(
        text.lines().count() <= 200,
        "{} lines",
        text.lines().count()
    );
    let all = render::text_of_all(&drift, false);
    let report: Value = serde_json::from_str(&render::json(&drift)).unwrap();
    assert_eq!(
        report["findings"].as_array().unwrap().len(),
        drift.findings.len()
    );
    assert_eq!(report["causes"].as_array().unwrap().len(), causes.len());
    for finding in &drift.findings {
        assert!(
            all.contains(&finding.place),
            "{} is not there",
            finding.place
        );
    }

    assert_fits_its_schema(&drift);
    let markdown = render::markdown(&drift);
    assert!(markdown.chars().count() < 65_536);
    let github = render::github(&drift);
    for kind in ["error", "warning", "notice"] {
        let of_kind = github
            .lines()
            .filter(|line| line.starts_with(&format!("::{kind} ")));
        assert!(of_kind.count() <= 10, "{github}");
    }
    for cause in causes.iter().filter(|cause| cause.first().fails()) {
        assert!(
            markdown.contains(&cause.first().id),
            "{} was cut",
            cause.first().id
        );
        let failure = format!(
            "classname=\"{}.{}\"",
            cause.first().effect.as_str(),
            cause.first().id
        );
        assert!(render::junit(&drift).contains(&failure));
    }
}

#[test]
fn the_first_screen_says_what_to_do_before_anything_else() {
    let broken = drift(|document| remove(&mut account(document)["required"], "uid"));
    let text = render::text(&broken, false);
    let at = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("no {words} in:\n{text}"))
    };
    assert!(
        text.lines().next().unwrap().ends_with("69 operations"),
        "{text}"
    );
    assert!(at("To do\n") < at("Callers\n"));
    assert!(at("Callers\n") < at("What upstream did\n"));
    assert!(at("What upstream did\n") < at(Effect::Runtime.heading()));
    assert!(at("next versions     aitoearn-api") < at("What upstream did\n"));

    let words = drift(|document| {
        list(document)["description"] = json!("Other words.");
        list(document)["summary"] = json!("As well.");
    });
    let text = render::text(&words, false);
    assert!(text.contains("To do\n  nothing\n"), "{text}");
    assert!(text.contains("2, which change nobody's code"), "{text}");
    assert!(!text.contains("Other words"), "{text}");
    assert!(render::text_of_all(&words, false).contains("Other words"));
}

/// Both sides with what is beside the newer one, as when both are files.
fn with_the_same_beside(revision: &Side) -> Drift {
    let mut base = edited(|_| {});
    base.beside = revision.beside.clone();
    Judge::new(&root(), base)
        .compare(revision, &Decisions::default(), false)
        .unwrap()
}

fn assert_nobody_is_reached(drift: &Drift) {
    let text = render::text(drift, false);
    assert_eq!(ids(drift, Effect::RawApi), [""; 0], "{text}");
    assert_eq!(ids(drift, Effect::Runtime), [""; 0], "{text}");
    assert_eq!(drift.verdict.witness, Witness::NotNeeded);
    assert!(
        drift
            .verdict
            .versions
            .iter()
            .all(|it| it.bump <= Bump::Patch)
    );
}

#[test]
fn a_rename_that_was_followed_reaches_nobody() {
    // The component, and all that is kept by hand about it.
    let mut revision = edited(|_| {});
    revision.document = revision
        .document
        .replace("ChannelAccountVo", "SocialAccountVo");
    let beside = &mut revision.beside;
    for text in [&mut beside.kept, &mut beside.overlay, &mut beside.names] {
        *text = text.replace("ChannelAccountVo", "SocialAccountVo");
    }
    assert_nobody_is_reached(&with_the_same_beside(&revision));

    // An operation, whose entry now has another key.
    let mut revision = edited(|document| {
        list(document)["operationId"] = json!("SocialController_everyAccount");
    });
    let beside = &mut revision.beside;
    beside.kept = beside.kept.replace(
        "AccountsController_list_v2",
        "SocialController_everyAccount",
    );
    let names = "[operations]\n\"SocialController_everyAccount\" = \"accounts_list\"\n";
    beside.names = beside.names.replacen("[operations]\n", names, 1);
    let drift = with_the_same_beside(&revision);
    assert_nobody_is_reached(&drift);
    assert_eq!(exit_code(&drift, &GATES), FINE);
}

#[test]
fn a_pasted_remedy_is_not_reported_again() {
    let edit = |document: &mut Value| {
        account(document)["properties"]["nickname"]["type"] = json!("integer");
    };
    let open = drift(edit);
    let finding = find(&open, Effect::Wire, "response-type-changed");
    assert_eq!(finding.impact, Impact::Breaks);
    let remedy = finding.remedy.as_ref().expect("a remedy").text.clone();

    let mut revision = edited(edit);
    let overlay = &mut revision.beside.overlay;
    *overlay = overlay.replacen("actions:\n", &format!("actions:\n{remedy}"), 1);
    for drift in [judged(&revision), with_the_same_beside(&revision)] {
        for finding in drift.findings.iter().filter(|it| it.effect == Effect::Wire) {
            assert!(
                finding.remedy.is_none() && finding.undone.is_some(),
                "{finding:?}"
            );
        }
        assert!(drift.verdict.summary.starts_with("keeps the contract"));
        assert!(drift.todo().is_empty(), "{:?}", drift.todo());
        assert_eq!(exit_code(&drift, &GATES), FINE);
        assert_nobody_is_reached(&drift);
    }
}

#[test]
fn a_proposal_that_does_not_generate_is_not_made() {
    // The property's schema is gone as well: pasted again, it would point at nothing.
    let with_ref = |document: &mut Value| {
        let schemas = document["components"]["schemas"].as_object_mut().unwrap();
        schemas.insert("BadgeVo".to_owned(), json!({ "type": "object", "properties": { "color": { "type": "string" }, "shape": { "type": "string" } } }));
        let properties = &mut account(document)["properties"];
        properties["badge"] = json!({ "$ref": "#/components/schemas/BadgeVo" });
        properties["motto"] = json!({ "type": "string" });
    };
    let judge = Judge::new(&root(), edited(with_ref));
    let drift = judge
        .compare(&edited(|_| {}), &Decisions::default(), false)
        .unwrap();
    let gone = |name: &str| {
        let mut all = drift.findings.iter().filter(|f| f.effect == Effect::Wire);
        let place = format!("ChannelAccountVo.{name}");
        all.find(|f| f.place == place)
            .unwrap_or_else(|| panic!("no {place}"))
    };
    assert!(gone("badge").remedy.is_none());
    assert!(gone("motto").remedy.is_some(), "a good one stays");
}

#[test]
fn a_list_that_grows_back_does_not_stop_the_older_document() {
    let edit = |document: &mut Value| {
        remove(
            &mut account(document)["properties"]["clientType"]["enum"],
            "app",
        );
        remove(&mut account(document)["required"], "uid");
    };
    let open = drift(edit);
    let mut revision = edited(edit);
    for finding in &open.findings {
        if let Some(remedy) = finding
            .remedy
            .as_ref()
            .filter(|it| it.file.ends_with("overlay.yaml"))
        {
            let overlay = &mut revision.beside.overlay;
            *overlay = overlay.replacen("actions:\n", &format!("actions:\n{}", remedy.text), 1);
        }
    }
    assert_nobody_is_reached(&with_the_same_beside(&revision));
}

#[test]
fn a_broken_contract_asks_for_a_release_even_if_no_code_changes() {
    let drift = drift(|document| {
        let body = "/paths/~1api~1v2~1channels~1account-groups/post/requestBody/content/application~1json/schema";
        let schema = document.pointer_mut(body).unwrap();
        let schema = match schema["$ref"].as_str().map(str::to_owned) {
            Some(reference) => document
                .pointer_mut(reference.trim_start_matches('#'))
                .unwrap(),
            None => schema,
        };
        schema["properties"]["name"]["minLength"] = json!(5);
    });
    assert!(
        drift.verdict.summary.starts_with("breaks the contract"),
        "{}",
        drift.verdict.summary
    );
    let text = render::text(&drift, false);
    assert!(!text.contains("no release needed"), "{text}");
}

/// The seven small updates, each with what it may and may not ask for.
#[test]
fn small_updates_have_small_reports() {
    let lines = |drift: &Drift| render::text(drift, false).lines().count();
    let parameter = drift(|document| {
        let parameters = list(document)["parameters"].as_array_mut().unwrap();
        parameters.push(json!({ "in": "query", "name": "nickname", "required": false, "schema": { "type": "string" } }));
    });
    assert_eq!(
        ids(&parameter, Effect::Wire),
        ["info request-optional-parameter-added"]
    );
    // Whether or not anybody compiled it, our own line is named.
    let ours = ids(&parameter, Effect::SdkApi);
    if !ids(&parameter, Effect::RawApi)
        .iter()
        .all(|id| id.starts_with("info"))
    {
        assert_eq!(ours, ["needs action wrapper-of-changed-method"]);
        let finding = find(&parameter, Effect::SdkApi, "wrapper-of-changed-method");
        assert!(
            finding.place.starts_with("crates/aitoearn/src/"),
            "{}",
            finding.place
        );
        assert!(parameter.verdict.summary.contains("need a hand"));
    }

    let operation = drift(|document| {
        let mut operation = list(document).clone();
        operation["operationId"] = json!("AccountsController_listStarred_v2");
        document["paths"]["/api/v2/channels/accounts/starred"] = json!({ "get": operation });
    });
    assert_eq!(
        operation.operations.unwrap().after,
        operation.operations.unwrap().before + 1
    );
    assert_eq!(exit_code(&operation, &GATES), FINE);

    let optional = drift(|document| {
        let properties = account(document)["properties"].as_object_mut().unwrap();
        properties.shift_remove("loginTime").unwrap();
    });
    assert_eq!(ids(&optional, Effect::Runtime), [""; 0]);
    assert_eq!(
        ids(&optional, Effect::Wire),
        ["warning response-optional-property-removed"]
    );

    let required = drift(|document| {
        account(document)["properties"]
            .as_object_mut()
            .unwrap()
            .shift_remove("nickname");
        remove(&mut account(document)["required"], "nickname");
    });
    assert!(required.verdict.summary.contains("BREAKS SHIPPED BINARIES"));
    // A field that our crate may read is named where the type is.
    let used = ids(&required, Effect::SdkApi);
    assert!(
        used.iter().all(|id| id.ends_with("use-of-changed-type")),
        "{used:?}"
    );

    let value = drift(|document| {
        let values = &mut account(document)["properties"]["clientType"]["enum"];
        values.as_array_mut().unwrap().push(json!("watch"));
    });
    assert_eq!(exit_code(&value, &GATES), FINE);

    let number = drift(|document| {
        account(document)["properties"]["rank"]["type"] = json!("string");
    });
    assert!(
        number
            .verdict
            .summary
            .starts_with("breaks the contract: 1 change")
    );

    let code = drift(|document| {
        let codes = &mut list(document)["x-aitoearn-backend"]["responseCodes"];
        codes
            .as_array_mut()
            .unwrap()
            .push(json!({ "name": "AccountHidden", "code": 12_697 }));
    });
    assert_eq!(
        ids(&code, Effect::RawApi),
        ["needs action code-not-in-registry"]
    );

    for (name, drift) in [
        ("parameter", &parameter),
        ("operation", &operation),
        ("optional field", &optional),
        ("required field", &required),
        ("value", &value),
        ("type", &number),
        ("code", &code),
    ] {
        assert!(lines(drift) < 90, "{name}: {} lines", lines(drift));
    }
}

//! Asset groups, assets and validations of real people.

#![allow(clippy::unwrap_used)] // a test that cannot go on says so and stops

use std::time::Duration;

use crate::support::{Api, code, data};
use serde_json::{Value, json};

const GROUPS: &str = "/api/ai/volcengine/assets/groups";
const ITEMS: &str = "/api/ai/volcengine/assets/items";
const VALIDATIONS: &str = "/api/ai/volcengine/assets/visual-validation-sessions";

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

async fn group(api: &Api, name: &str) -> String {
    let group = data(api.post(GROUPS, json!({ "name": name })).await);
    text(&group["groupId"]).to_owned()
}

async fn asset(api: &Api, group_id: &str, kind: &str) -> String {
    let url = "https://files.example.org/otter.bin";
    let body = json!({ "groupId": group_id, "url": url, "assetType": kind });
    let asset = data(api.post(ITEMS, body).await);
    assert_eq!(
        (&asset["status"], &asset["url"]),
        (&json!("Processing"), &json!(url))
    );
    text(&asset["assetId"]).to_owned()
}

async fn total(api: &Api, list: &str) -> Value {
    data(api.get(list).await)["total"].clone()
}

#[tokio::test]
async fn a_group_is_listed_changed_and_deleted_with_its_assets() {
    let api = Api::new();
    let body = json!({ "name": "Otter", "description": "A drawn otter" });
    let made = data(api.post(GROUPS, body).await);
    let id = text(&made["groupId"]);
    assert_eq!(made["avatarType"], "Virtual");
    let path = format!("{GROUPS}/{id}");
    assert_eq!(data(api.get(&path).await), made);

    api.sandbox.clock().advance(Duration::from_secs(5));
    let renamed = data(
        api.send("PATCH", &path, json!({ "name": "Sea otter" }))
            .await,
    );
    assert_eq!(
        (&renamed["name"], &renamed["description"]),
        (&json!("Sea otter"), &json!("A drawn otter"))
    );
    assert_ne!(renamed["updatedAt"], made["updatedAt"]);
    assert_eq!(renamed["createdAt"], made["createdAt"]);

    let other = group(&api, "Heron").await;
    let page = data(api.get(&format!("{GROUPS}?pageSize=1")).await);
    assert_eq!(
        (&page["total"], &page["totalPages"], &page["pageSize"]),
        (&json!(2), &json!(2), &json!(1))
    );
    assert_eq!(page["list"][0]["groupId"], json!(other));
    let second = data(api.get(&format!("{GROUPS}?page=2&pageSize=1")).await);
    assert_eq!(second["list"], json!([renamed]));

    let gone = asset(&api, id, "Image").await;
    let stays = asset(&api, &other, "Image").await;
    assert_eq!(data(api.delete(&path).await), json!({}));
    for method in ["GET", "DELETE"] {
        assert_eq!(
            code(&crate::support::json(api.call(method, &path)).await),
            12323
        );
    }
    assert_eq!(
        code(&api.send("PATCH", &path, json!({ "name": "x" })).await),
        12323
    );
    assert_eq!(code(&api.get(&format!("{ITEMS}/{gone}")).await), 12324);
    data(api.get(&format!("{ITEMS}/{stays}")).await);
    assert_eq!(total(&api, GROUPS).await, 1);
}

#[tokio::test]
async fn an_asset_is_processed_as_it_is_looked_at() {
    let api = Api::new();
    let group = group(&api, "Otter").await;
    let id = asset(&api, &group, "Video").await;
    let path = format!("{ITEMS}/{id}");
    for expected in ["Processing", "Processing", "Active", "Active"] {
        // The list shows what is known, and moves nothing.
        assert_eq!(total(&api, &format!("{ITEMS}?status=Failed")).await, 0);
        assert_eq!(data(api.get(&path).await)["status"], expected);
    }
    assert_eq!(total(&api, &format!("{ITEMS}?status=Active")).await, 1);

    let renamed = data(api.send("PATCH", &path, json!({ "name": "Front" })).await);
    assert_eq!(
        (&renamed["name"], &renamed["status"]),
        (&json!("Front"), &json!("Active"))
    );
    api.sandbox
        .volcengine_assets()
        .pending_polls(0)
        .fail_next("too blurred");
    let failed = asset(&api, &group, "Audio").await;
    assert_eq!(
        data(api.get(&format!("{ITEMS}/{failed}")).await)["status"],
        "Failed"
    );

    for (filter, expected) in [
        ("assetType=Video", 1),
        ("assetType=Image", 0),
        ("status=Failed&assetType=Audio", 1),
        ("groupId=group-other", 0),
        (&format!("groupId={group}"), 2),
    ] {
        assert_eq!(
            total(&api, &format!("{ITEMS}?{filter}")).await,
            expected,
            "{filter}"
        );
    }
    assert_eq!(data(api.delete(&path).await), json!({}));
    assert_eq!(code(&api.delete(&path).await), 12324);
    assert_eq!(
        code(&api.send("PATCH", &path, json!({ "name": "x" })).await),
        12324
    );
    assert_eq!(total(&api, ITEMS).await, 1);
}

#[tokio::test]
async fn what_is_wrong_is_refused() {
    let api = Api::new();
    let group = group(&api, "Otter").await;
    let good =
        json!({ "groupId": group, "url": "https://example.org/a.png", "assetType": "Image" });
    let spoilt = |field: &str, value: Value| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    for body in [
        json!({}),
        spoilt("groupId", json!("")),
        spoilt("url", json!("a.png")),
        spoilt("assetType", json!("image")),
        spoilt("name", json!("")),
        spoilt("name", Value::Null),
    ] {
        assert_eq!(code(&api.post(ITEMS, body.clone()).await), 400, "{body}");
    }
    let nobodys = spoilt("groupId", json!("group-20260101-aaaaa"));
    assert_eq!(code(&api.post(ITEMS, nobodys).await), 12323);
    for body in [json!({}), json!({ "name": "" }), json!({ "name": 1 })] {
        assert_eq!(code(&api.post(GROUPS, body.clone()).await), 400, "{body}");
        let path = format!("{GROUPS}/{group}");
        assert_eq!(
            code(&api.send("PATCH", &path, body.clone()).await),
            400,
            "{body}"
        );
    }
    for list in [
        format!("{GROUPS}?avatarType=virtual"),
        format!("{GROUPS}?page=0"),
        format!("{ITEMS}?pageSize=1001"),
        format!("{ITEMS}?status=active"),
        format!("{ITEMS}?groupId[]=a"),
    ] {
        assert_eq!(code(&api.get(&list).await), 400, "{list}");
    }
    for callback in [json!(null), json!("done"), json!("ftp://example.org/")] {
        let body = json!({ "callbackUrl": callback });
        assert_eq!(code(&api.post(VALIDATIONS, body).await), 400);
    }
    assert_eq!(
        code(&crate::support::json(api.bare("GET", GROUPS)).await),
        401
    );
    assert_eq!(total(&api, ITEMS).await, 0);
}

async fn validation(api: &Api) -> Value {
    let callback = "https://example.org/checked?user=7";
    let made = data(
        api.post(VALIDATIONS, json!({ "callbackUrl": callback }))
            .await,
    );
    assert_eq!(made["callbackUrl"], callback);
    made
}

async fn complete(api: &Api, validation: &Value) -> Value {
    let token = text(&validation["bytedToken"]);
    let path = format!("{VALIDATIONS}/{token}/complete");
    crate::support::json(api.call("POST", &path)).await
}

#[tokio::test]
async fn a_person_who_passes_gets_a_group() {
    let api = Api::new();
    let validation = validation(&api).await;
    for _ in 0..2 {
        assert_eq!(code(&complete(&api, &validation).await), 12329);
    }
    let group = data(complete(&api, &validation).await);
    assert_eq!(group["avatarType"], "RealPerson");
    assert!(text(&group["name"]).starts_with("real_person_"), "{group}");
    assert_eq!(code(&complete(&api, &validation).await), 12322);

    let id = text(&group["groupId"]);
    assert_eq!(data(api.get(&format!("{GROUPS}/{id}")).await), group);
    assert_eq!(
        total(&api, &format!("{GROUPS}?avatarType=RealPerson")).await,
        1
    );
    assert_eq!(
        total(&api, &format!("{GROUPS}?avatarType=Virtual")).await,
        0
    );
    asset(&api, id, "Image").await;
}

#[tokio::test]
async fn a_validation_waits_for_its_person_and_no_longer_than_half_an_hour() {
    let api = Api::new();
    api.sandbox.validations().hold();
    let token = |validation: &Value| text(&validation["bytedToken"]).to_owned();

    for link in ["h5Link", "shortLink"] {
        let made = validation(&api).await;
        assert_eq!(code(&complete(&api, &made).await), 12329);
        let page = api.http.get(text(&made[link])).send().await.unwrap();
        assert!(page.text().await.unwrap().contains("Passed"));
        data(complete(&api, &made).await);
    }
    let refused = validation(&api).await;
    api.sandbox.validations().fail(token(&refused)).unwrap();
    assert!(api.sandbox.validations().pass(token(&refused)).is_err());
    assert_eq!(code(&complete(&api, &refused).await), 12322);

    let passed = validation(&api).await;
    api.sandbox.validations().pass(token(&passed)).unwrap();
    data(complete(&api, &passed).await);

    let late = validation(&api).await;
    api.sandbox.clock().advance(Duration::from_secs(30 * 60));
    assert_eq!(code(&complete(&api, &late).await), 12322);
    assert!(api.sandbox.validations().pass(token(&late)).is_err());
}

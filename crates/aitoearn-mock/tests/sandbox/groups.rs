//! Account groups, and deleting accounts.

#![allow(clippy::unwrap_used)] // a test that cannot go on says so and stops

use crate::support::{Api, code, data};
use serde_json::{Value, json};

const GROUPS: &str = "/api/v2/channels/account-groups";
const ACCOUNTS: &str = "/api/v2/channels/accounts";

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn groups_are_made_changed_and_listed() {
    let api = Api::new();
    let group = data(
        api.post(GROUPS, json!({ "name": "Cooking", "countryCode": "DE" }))
            .await,
    );
    assert_eq!(
        (&group["isDefault"], &group["hasBrowserConfig"]),
        (&json!(false), &json!(false))
    );
    let path = format!("{GROUPS}/{}", text(&group["id"]));
    let group = data(
        api.send("PATCH", &path, json!({ "rank": 2, "browserConfig": {} }))
            .await,
    );
    assert_eq!(
        (&group["name"], &group["rank"], &group["hasBrowserConfig"]),
        (&json!("Cooking"), &json!(2), &json!(true))
    );
    let list = data(api.get(GROUPS).await);
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert_eq!(list[0]["isDefault"], true);
}

#[tokio::test]
async fn bodies_are_checked_and_wrong_ids_crash() {
    let api = Api::new();
    for body in [
        json!({}),
        json!({ "name": "" }),
        json!({ "name": 1 }),
        json!({ "name": "x", "rank": "2" }),
    ] {
        assert_eq!(code(&api.post(GROUPS, body.clone()).await), 400, "{body}");
    }
    let unknown = format!("{GROUPS}/66f1c2a94b8e5d0012ab0007");
    assert_eq!(code(&api.send("PATCH", &unknown, json!({})).await), 12601);
    assert_eq!(
        code(
            &api.send("PATCH", &format!("{GROUPS}/short"), json!({}))
                .await
        ),
        500
    );
    // Without the content type a body is no body.
    let bare = api.call("POST", GROUPS).body(r#"{"name":"x"}"#);
    assert_eq!(code(&crate::support::json(bare).await), 400);
}

#[tokio::test]
async fn the_default_group_cannot_be_deleted_and_the_others_give_their_accounts_back() {
    let api = Api::new();
    let group = text(&data(api.post(GROUPS, json!({ "name": "Cooking" })).await)["id"]);
    let default = text(&data(api.get(GROUPS).await)[0]["id"]);
    let refused = api.delete(&format!("{GROUPS}?ids[]={default}")).await;
    assert_eq!(code(&refused), 12601);
    assert!(refused["data"]["reasonCode"].is_string());

    api.sandbox.sessions().pending_polls(0);
    let started = data(
        api.get(&format!("{ACCOUNTS}/auth/tiktok?groupId={group}"))
            .await,
    );
    let status = format!(
        "{ACCOUNTS}/auth/tiktok/status/{}",
        text(&started["sessionId"])
    );
    let account = text(&data(api.get(&status).await)["accountId"]);
    let account = format!("{ACCOUNTS}/{account}");
    assert_eq!(data(api.get(&account).await)["groupId"], json!(group));
    assert_eq!(
        data(api.delete(&format!("{GROUPS}?ids[]={group}")).await),
        true
    );
    assert_eq!(data(api.get(&account).await)["groupId"], json!(default));
    assert_eq!(code(&api.delete(GROUPS).await), 400);
}

#[tokio::test]
async fn accounts_are_ranked_in_their_group() {
    let api = Api::new();
    let id = api
        .sandbox
        .accounts()
        .add("KWAI", "Evening Garden")
        .unwrap();
    let default = text(&data(api.get(GROUPS).await)[0]["id"]);
    let path = format!("{GROUPS}/{default}/accounts/rank");
    let rank = |list: Value| json!({ "list": list });
    assert_eq!(
        data(
            api.send("PATCH", &path, rank(json!([{ "id": id, "rank": 7 }])))
                .await
        ),
        true
    );
    assert_eq!(data(api.get(&format!("{ACCOUNTS}/{id}")).await)["rank"], 7);
    let twice = rank(json!([{ "id": id, "rank": 1 }, { "id": id, "rank": 2 }]));
    assert_eq!(code(&api.send("PATCH", &path, twice).await), 10002);
    assert_eq!(code(&api.send("PATCH", &path, json!({})).await), 400);
}

#[tokio::test]
async fn deleting_one_account_says_true_and_deleting_many_says_nothing() {
    let api = Api::new();
    let one = api.sandbox.accounts().add("KWAI", "One").unwrap();
    let two = api.sandbox.accounts().add("tiktok", "Two").unwrap();
    assert_eq!(data(api.delete(&format!("{ACCOUNTS}/{one}")).await), true);
    assert_eq!(code(&api.delete(&format!("{ACCOUNTS}/{one}")).await), 12600);
    let answer = api
        .delete(&format!("{ACCOUNTS}?ids[]={two}&ids[]=nobody"))
        .await;
    assert_eq!(answer["code"], 0);
    assert!(answer.get("data").is_none(), "{answer}");
    assert_eq!(data(api.get(ACCOUNTS).await)["total"], 0);
    assert_eq!(
        code(&api.delete(&format!("{ACCOUNTS}?ids={two}")).await),
        400
    );
}

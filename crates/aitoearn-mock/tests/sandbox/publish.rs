//! Publishing: flows, tasks, records.

#![allow(clippy::unwrap_used)] // a test that cannot go on says so and stops

use std::time::{Duration, SystemTime};

use crate::support::{Api, code, data};
use aitoearn_api::Code;
use serde_json::{Value, json};

const PUBLISH: &str = "/api/v2/channels/publish";

/// A moment that many hours from the sandbox's now.
fn hours(api: &Api, hours: i64) -> String {
    let now = api
        .sandbox
        .clock()
        .now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    let seconds = i64::try_from(now.as_secs()).unwrap() + 3600 * hours;
    jiff::Timestamp::from_second(seconds).unwrap().to_string()
}

fn flow(account: &str, platform: &str, publish_at: impl Into<Value>) -> Value {
    json!({
        "content": { "title": "Maps", "body": "Fold them", "media": [{ "url": "https://cdn.example.com/a.mp4" }] },
        "publishAt": publish_at.into(),
        "items": [{ "platform": platform, "accountId": account }],
    })
}

/// Creates a flow of one task; the task's id.
async fn publish(api: &Api, body: Value) -> String {
    let flow = data(api.post(&format!("{PUBLISH}/flows"), body).await);
    flow["tasks"][0]["id"].as_str().unwrap().to_owned()
}

async fn record(api: &Api, id: &str) -> Value {
    data(api.get(&format!("{PUBLISH}/records/{id}")).await)
}

async fn task(api: &Api, method: &str, id: &str, action: &str, body: Value) -> Value {
    api.send(method, &format!("{PUBLISH}/tasks/{id}{action}"), body)
        .await
}

#[tokio::test]
async fn a_post_walks_from_waiting_to_published_with_a_link() {
    let api = Api::new();
    let account = api.sandbox.accounts().add("tiktok", "Maps").unwrap();
    let id = publish(&api, flow(&account, "tiktok", hours(&api, -1))).await;
    let mut walk = Vec::new();
    for _ in 0..4 {
        let record = record(&api, &id).await;
        walk.push((
            record["status"].as_i64().unwrap(),
            record.get("workLink").is_some(),
        ));
    }
    assert_eq!(walk, [(6, false), (2, false), (1, false), (1, true)]);
    let record = record(&api, &id).await;
    assert_eq!(
        (&record["type"], &record["accountType"]),
        (&json!("video"), &json!("tiktok"))
    );
    let works = data(
        api.get(&format!(
            "/api/v2/channels/works/tiktok?accountId={account}"
        ))
        .await,
    );
    assert_eq!(
        works["items"][0]["platformWorkId"],
        record["platformWorkId"]
    );
}

#[tokio::test]
async fn a_flow_id_works_once() {
    let api = Api::new();
    let account = api.sandbox.accounts().add("tiktok", "Maps").unwrap();
    let mut body = flow(&account, "tiktok", hours(&api, 1));
    body["flowId"] = json!("mine");
    let created = data(api.post(&format!("{PUBLISH}/flows"), body.clone()).await);
    assert_eq!(
        (&created["flowId"], &created["tasks"][0]["status"]),
        (&json!("mine"), &json!(0))
    );
    let again = api.post(&format!("{PUBLISH}/flows"), body).await;
    assert_eq!(
        (code(&again), &again["data"]),
        (15025, &json!({ "flowId": "mine" }))
    );
    assert!(again["message"].as_str().unwrap().contains("{{flowId}}"));
    let flow = data(api.get(&format!("{PUBLISH}/flows/mine")).await);
    assert_eq!(flow["tasks"].as_array().unwrap().len(), 1);
    assert_eq!(
        code(&api.get(&format!("{PUBLISH}/flows/other")).await),
        15050
    );
}

#[tokio::test]
async fn publish_times_are_read_as_javascript_reads_them() {
    let api = Api::new();
    let account = api.sandbox.accounts().add("tiktok", "Maps").unwrap();
    let create = async |at: Value| {
        api.post(&format!("{PUBLISH}/flows"), flow(&account, "tiktok", at))
            .await
    };
    let time = |answer: Value| data(answer)["tasks"][0]["publishTime"].clone();
    assert_eq!(time(create(json!(null)).await), "1970-01-01T00:00:00.000Z");
    assert_eq!(
        time(create(json!(1_772_099_056_662_i64)).await),
        "2026-02-26T09:44:16.662Z"
    );
    assert_eq!(
        time(create(json!("2026-05-18T11:30:00+02:00")).await),
        "2026-05-18T09:30:00.000Z"
    );
    assert_eq!(code(&create(json!("1772099056662")).await), 400);
    let mut missing = flow(&account, "tiktok", "x");
    missing.as_object_mut().unwrap().remove("publishAt");
    assert_eq!(
        code(&api.post(&format!("{PUBLISH}/flows"), missing).await),
        400
    );
}

#[tokio::test]
async fn a_flow_is_checked_and_made_as_a_whole() {
    let api = Api::new();
    let tiktok = api.sandbox.accounts().add("tiktok", "Maps").unwrap();
    let bilibili = api.sandbox.accounts().add("bilibili", "Maps").unwrap();
    let create = async |body: Value| api.post(&format!("{PUBLISH}/flows"), body).await;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = flow(&tiktok, "tiktok", "2026-05-18T09:30:00Z");
        change(&mut body);
        body
    };
    let invalid: [&dyn Fn(&mut Value); 8] = [
        &|body| body["items"] = json!([]),
        &|body| body["items"][0]["platform"] = json!("google_business"),
        &|body| body["items"][0]["platform"] = json!("Tiktok"),
        &|body| body["content"]["media"][0]["url"] = json!("http://localhost/a.mp4"),
        &|body| body["content"]["title"] = json!(null),
        &|body| body["items"][0]["option"] = json!({ "privacy_level": "NOBODY" }),
        &|body| body["items"][0] = json!({ "platform": "bilibili", "accountId": bilibili }),
        &|body| body["items"][0] = json!({ "platform": "bilibili", "accountId": bilibili, "option": { "tid": 21, "copyright": 2 } }),
    ];
    for (n, change) in invalid.into_iter().enumerate() {
        assert_eq!(code(&create(with(change)).await), 400, "case {n}");
    }
    assert_eq!(
        code(&create(with(&|body| body["items"][0]["accountId"] = json!(bilibili))).await),
        15021
    );
    let twice = create(with(&|body| {
        body["items"] = json!([body["items"][0], body["items"][0]]);
    }))
    .await;
    assert_eq!(
        (code(&twice), &twice["data"]["accountId"]),
        (15052, &json!(tiktok))
    );

    let broken = create(with(&|body| {
        body["items"] = json!([
            body["items"][0],
            { "platform": "bilibili", "accountId": bilibili, "option": { "tid": 21 },
              "overrides": { "title": "t".repeat(81), "cover": null } },
        ]);
    }))
    .await;
    assert_eq!(code(&broken), 15051);
    let issues = broken["data"]["issues"].as_array().unwrap();
    let codes: Vec<&Value> = issues.iter().map(|issue| &issue["code"]).collect();
    assert_eq!(codes, ["too_big", "required"]);
    assert_eq!(
        data(api.get(&format!("{PUBLISH}/records")).await),
        json!([])
    );

    api.sandbox.accounts().set_offline(&tiktok).unwrap();
    assert_eq!(code(&create(with(&|_| {})).await), 15001);
    api.sandbox.platforms().set_unavailable("tiktok").unwrap();
    assert_eq!(code(&create(with(&|_| {})).await), 15062);
}

#[tokio::test]
async fn a_scheduled_post_waits_for_its_time_and_can_be_moved() {
    let api = Api::new();
    let account = api.sandbox.accounts().add("twitter", "Maps").unwrap();
    let id = publish(&api, flow(&account, "twitter", hours(&api, 48))).await;
    assert_eq!(record(&api, &id).await["status"], 0);
    data(
        task(
            &api,
            "PATCH",
            &id,
            "/publish-at",
            json!({ "publishAt": hours(&api, 2) }),
        )
        .await,
    );
    assert_eq!(record(&api, &id).await["status"], 6);
    assert_eq!(record(&api, &id).await["status"], 6);
    api.sandbox.clock().advance(Duration::from_secs(2 * 3600));
    assert_eq!(record(&api, &id).await["status"], 2);
    let late = task(
        &api,
        "PATCH",
        &id,
        "/publish-at",
        json!({ "publishAt": hours(&api, 2) }),
    )
    .await;
    assert_eq!(code(&late), 15057);
    assert_eq!(
        code(&task(&api, "POST", &id, "/publish-now", json!({})).await),
        15058
    );
    let done = record(&api, &id).await;
    assert_eq!(
        (&done["status"], &done["linkStatus"]),
        (&json!(1), &json!("ready"))
    );
}

#[tokio::test]
async fn tasks_are_hurried_cancelled_retried_and_deleted_in_their_states() {
    let api = Api::new();
    let account = api.sandbox.accounts().add("twitter", "Maps").unwrap();
    let id = publish(&api, flow(&account, "twitter", hours(&api, 48))).await;
    assert_eq!(
        data(task(&api, "POST", &id, "/publish-now", json!({})).await),
        json!({ "taskId": id })
    );
    api.sandbox
        .posts()
        .fail_next(Code::new(15070), "rate_limit", "Slow down");
    record(&api, &id).await;
    let failed = record(&api, &id).await;
    assert_eq!(failed["status"], -1);
    assert_eq!(
        failed["errorData"],
        json!({ "type": "rate_limit", "code": "15070", "message": "Slow down" })
    );
    // Too late to cancel, and nobody says so.
    data(task(&api, "DELETE", &id, "", json!({})).await);
    assert_eq!(record(&api, &id).await["status"], -1);
    data(task(&api, "POST", &id, "/retry", json!({})).await);
    assert_eq!(
        code(&task(&api, "POST", &id, "/retry", json!({})).await),
        15095
    );
    assert_eq!(
        code(&api.delete(&format!("{PUBLISH}/records/{id}")).await),
        15018
    );
    data(task(&api, "DELETE", &id, "", json!({})).await);
    assert_eq!(record(&api, &id).await["status"], 9);
    let deleted = api.delete(&format!("{PUBLISH}/records/{id}")).await;
    assert!(deleted["code"] == 0 && deleted.get("data").is_none());
    let missing = api.get(&format!("{PUBLISH}/records/{id}")).await;
    assert_eq!(code(&missing), 15000);
    assert_eq!(
        code(&task(&api, "POST", &id, "/retry", json!({})).await),
        15004
    );
    assert_eq!(
        code(&api.get(&format!("{PUBLISH}/records/short")).await),
        500
    );
}

#[tokio::test]
async fn douyin_waits_for_its_user() {
    let api = Api::new();
    let account = api.sandbox.accounts().add("douyin", "Maps").unwrap();
    let id = publish(&api, flow(&account, "douyin", json!(null))).await;
    let action = format!("{PUBLISH}/records/{id}/user-action");
    assert_eq!(code(&api.get(&action).await), 15018);
    for expected in [6, 2, 8, 8] {
        assert_eq!(record(&api, &id).await["status"], expected);
    }
    let hand_off = data(api.get(&action).await);
    assert_eq!(
        (&hand_off["platform"], &hand_off["recordId"]),
        (&json!("douyin"), &json!(id))
    );
    api.http
        .get(hand_off["shortLink"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(record(&api, &id).await["status"], 1);

    let late = publish(&api, flow(&account, "douyin", json!(null))).await;
    for _ in 0..3 {
        record(&api, &late).await;
    }
    api.sandbox.clock().advance(Duration::from_secs(3600));
    assert_eq!(record(&api, &late).await["status"], -1);
    assert!(api.sandbox.posts().finish_hand_off(&late).is_err());

    let other = api.sandbox.accounts().add("twitter", "Maps").unwrap();
    let other = publish(&api, flow(&other, "twitter", json!(null))).await;
    let refused = api
        .get(&format!("{PUBLISH}/records/{other}/user-action"))
        .await;
    assert_eq!(
        (code(&refused), &refused["data"]["platform"]),
        (15062, &json!("twitter"))
    );
}

#[tokio::test]
async fn records_are_listed_newest_first_and_narrowed() {
    let api = Api::new();
    let twitter = api.sandbox.accounts().add("twitter", "Maps").unwrap();
    let xhs = api.sandbox.accounts().add("xhs", "Maps").unwrap();
    publish(&api, flow(&twitter, "twitter", "2026-05-18T09:30:00Z")).await;
    publish(&api, flow(&twitter, "twitter", hours(&api, 100))).await;
    let mut plugin = flow(&xhs, "xhs", "2026-05-19T09:30:00Z");
    plugin["items"][0]["option"] = json!({ "workLink": "https://www.example.com/xhs/1" });
    publish(&api, plugin).await;

    let list = async |query: &str| api.get(&format!("{PUBLISH}/records{query}")).await;
    let count = |answer: Value| data(answer).as_array().unwrap().len();
    assert_eq!(count(list("").await), 3);
    assert_eq!(count(list("/queued").await), 2);
    assert_eq!(count(list("/published").await), 1);
    assert_eq!(count(list(&format!("?accountId={twitter}")).await), 2);
    assert_eq!(count(list("?accountType=xhs&status=1").await), 1);
    assert_eq!(
        count(list("?time=2026-05-18T00:00:00Z,2026-05-20T00:00:00Z").await),
        2
    );
    assert_eq!(count(list("?status=").await), 2);
    for bad in [
        "?time=2026-05-18T00:00:00Z",
        "?time=a,b",
        "?accountType=kwai",
        "?status=x",
    ] {
        assert_eq!(code(&list(bad).await), 400, "{bad}");
    }
    let times = data(list("").await);
    assert!(times[0]["publishTime"].as_str() > times[1]["publishTime"].as_str());
}

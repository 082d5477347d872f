//! Posts that somebody publishes by scanning a code.

#![allow(clippy::unwrap_used)] // a test that cannot go on says so and stops

use std::time::Duration;

use crate::support::{Api, code, data};
use serde_json::{Value, json};

const DOUYIN: &str = "/api/v2/channels/douyin/open/offline-qr";
const REDNOTE: &str = "/api/v2/channels/rednote/open/offline-qr/share-config";
const RECORDS: &str = "/api/v2/channels/publish/records";

fn post(media: &[&str]) -> Value {
    let media: Vec<Value> = media.iter().map(|url| json!({ "url": url })).collect();
    json!({ "content": { "title": "Pier", "body": "At low tide #pier", "media": media } })
}

const PHOTO: &str = "https://files.example.org/pier.jpg";

async fn record(api: &Api, made: &Value) -> Value {
    let id = made["recordId"].as_str().unwrap();
    data(api.get(&format!("{RECORDS}/{id}")).await)
}

#[tokio::test]
async fn a_check_in_waits_for_whoever_scans_it() {
    let api = Api::new();
    let made = data(api.post(DOUYIN, post(&[PHOTO, PHOTO])).await);
    assert_eq!(made["status"], 8);
    let action = &made["userAction"];
    let picture = action["qrCodeUrl"].as_str().unwrap();
    assert!(picture.starts_with("data:image/png;base64,"));

    let waiting = record(&api, &made).await;
    assert_eq!(
        (
            &waiting["status"],
            &waiting["accountType"],
            &waiting["imgUrlList"]
        ),
        (&json!(8), &json!("douyin"), &json!([PHOTO, PHOTO]))
    );
    // Whoever scans it has no account with the service.
    assert!(waiting.get("accountId").is_none() && waiting.get("flowId").is_none());
    let listed = data(api.get(&format!("{RECORDS}?accountType=douyin")).await);
    assert_eq!(listed[0]["id"], made["recordId"]);
    let id = made["recordId"].as_str().unwrap();
    let again = data(api.get(&format!("{RECORDS}/{id}/user-action")).await);
    for field in ["shareId", "schemeUrl", "shortLink", "expiresAt"] {
        assert_eq!(again[field], action[field], "{field}");
    }

    let link = action["shortLink"].as_str().unwrap();
    let page = api.http.get(link).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("Posted"));
    assert_eq!(record(&api, &made).await["status"], 1);
}

#[tokio::test]
async fn a_check_in_that_nobody_scans_runs_out() {
    let api = Api::new();
    let made = data(
        api.post(DOUYIN, post(&["https://files.example.org/pier.MKV"]))
            .await,
    );
    assert_eq!(record(&api, &made).await["type"], "video");
    api.sandbox.clock().advance(Duration::from_secs(3600));
    assert_eq!(record(&api, &made).await["status"], -1);
    // The next one is another.
    let next = data(api.post(DOUYIN, post(&[PHOTO])).await);
    assert_ne!(next["recordId"], made["recordId"]);
    assert_eq!(record(&api, &next).await["status"], 8);
}

#[tokio::test]
async fn a_check_in_keeps_the_rules() {
    let api = Api::new();
    let with = |change: fn(&mut Value)| {
        let mut body = post(&[PHOTO]);
        change(&mut body);
        body
    };
    for body in [
        json!({}),
        post(&[]),
        post(&[PHOTO; 13]),
        post(&["pier.jpg"]),
        with(|body| body["content"]["title"] = json!("t".repeat(31))),
        with(|body| body["content"]["cover"] = json!({})),
        with(|body| body["option"] = json!({ "short_title": "s".repeat(13) })),
        with(|body| body["option"] = json!({ "private_status": 3 })),
        with(|body| body["option"] = json!({ "cover_tsp": -1 })),
    ] {
        assert_eq!(code(&api.post(DOUYIN, body.clone()).await), 400, "{body}");
    }
    for (body, wrong) in [
        (
            post(&[PHOTO, "https://files.example.org/pier.mp4"]),
            "invalid_combination",
        ),
        (post(&["https://files.example.org/pier.mp4"; 2]), "too_big"),
        (
            with(|body| body["content"]["body"] = json!("#a#b #c #d #e #f")),
            "too_big",
        ),
        (
            with(|body| body["content"]["body"] = json!("b".repeat(997))),
            "too_big",
        ),
    ] {
        let refused = api.post(DOUYIN, body.clone()).await;
        assert_eq!(code(&refused), 15051, "{body}");
        assert_eq!(refused["data"]["issues"][0]["code"], wrong, "{refused}");
    }
    // Topics do not count.
    let long = with(|body| {
        body["content"]["body"] = json!(format!("#pier{} {}", "r".repeat(40), "b".repeat(995)));
    });
    data(api.post(DOUYIN, long).await);
    assert_eq!(
        code(&crate::support::json(api.bare("POST", DOUYIN)).await),
        401
    );
}

#[tokio::test]
async fn a_share_is_signed_with_the_nonce_given_or_one_of_its_own() {
    let api = Api::new();
    let mine = data(api.post(REDNOTE, json!({ "nonce": "kiosk-4" })).await);
    let config = &mine["verifyConfig"];
    assert_eq!(config["nonce"], "kiosk-4");
    let moment = config["timestamp"].as_str().unwrap();
    assert!(moment.parse::<i64>().is_ok_and(|ms| ms > 1_700_000_000_000));

    let bare = crate::support::json(api.call("POST", REDNOTE)).await;
    let other = &data(bare)["verifyConfig"];
    assert!(
        other["nonce"]
            .as_str()
            .is_some_and(|nonce| !nonce.is_empty())
    );
    assert_ne!(other["signature"], config["signature"]);
    for nonce in [json!(""), json!(4), json!("n".repeat(65))] {
        assert_eq!(
            code(&api.post(REDNOTE, json!({ "nonce": nonce })).await),
            400
        );
    }
    assert_eq!(data(api.get(RECORDS).await), json!([]));
}

#[tokio::test]
async fn both_may_be_called_so_often_in_a_minute() {
    let api = Api::new();
    for (path, body, most) in [(DOUYIN, post(&[PHOTO]), 30), (REDNOTE, json!({}), 60)] {
        for _ in 0..most {
            data(api.post(path, body.clone()).await);
        }
        let refused = api.post(path, body.clone()).await;
        assert_eq!(code(&refused), 429);
        let seconds = refused["data"]["ttl"].as_u64().unwrap();
        assert!((1..=60).contains(&seconds), "{refused}");
        api.sandbox.clock().advance(Duration::from_secs(seconds));
        data(api.post(path, body).await);
    }
}

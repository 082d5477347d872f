//! Connecting an account, from the first request to the last.

#![allow(clippy::unwrap_used)] // a test that cannot go on says so and stops

use std::time::Duration;

use crate::support::{Api, code, data, json};
use serde_json::{Value, json};

const AUTH: &str = "/api/v2/channels/accounts/auth";

/// Starts a session; its id and its address.
async fn start(api: &Api, platform: &str) -> (String, String) {
    let started = data(api.get(&format!("{AUTH}/{platform}")).await);
    let text = |key: &str| started[key].as_str().unwrap().to_owned();
    (text("sessionId"), text("url"))
}

async fn poll(api: &Api, platform: &str, session: &str) -> Value {
    api.get(&format!("{AUTH}/{platform}/status/{session}"))
        .await
}

#[tokio::test]
async fn the_catalogue_has_fourteen_platforms() {
    let api = Api::new();
    api.sandbox
        .platforms()
        .set_unavailable("pinterest")
        .unwrap();
    let list = data(json(api.bare("GET", "/api/v2/channels/platforms")).await);
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 14);
    for platform in list {
        assert!(
            platform["optionSchema"].is_object() && platform["capabilities"]["publish"].is_object()
        );
        let expected = if platform["platform"] == "pinterest" {
            "unavailable"
        } else {
            "available"
        };
        assert_eq!(platform["status"], expected);
    }
    assert_eq!(code(&api.get(&format!("{AUTH}/pinterest")).await), 15032);
}

#[tokio::test]
async fn a_session_goes_from_pending_to_a_connected_account() {
    let api = Api::new();
    let (session, url) = start(&api, "tiktok").await;
    assert_eq!(session.len(), 16);
    assert!(url.starts_with(api.sandbox.base_url()));
    for _ in 0..2 {
        let state = data(poll(&api, "tiktok", &session).await);
        assert_eq!(
            (&state["status"], &state["requiresSelection"]),
            (&json!("pending"), &json!(false))
        );
    }
    let state = data(poll(&api, "tiktok", &session).await);
    assert_eq!(state["status"], "completed");
    let id = state["accountId"].as_str().unwrap();
    assert!(id.starts_with("tiktok_"));
    assert_eq!(state["accounts"][0]["accountId"], id);

    let account = data(api.get(&format!("/api/v2/channels/accounts/{id}")).await);
    assert_eq!(
        (&account["type"], &account["status"]),
        (&json!("tiktok"), &json!(1))
    );
    let status = data(
        api.get(&format!("/api/v2/channels/accounts/{id}/auth-status"))
            .await,
    );
    assert_eq!(status, json!({ "status": 1 }));
}

#[tokio::test]
async fn sub_accounts_are_chosen_in_the_browser() {
    let api = Api::new();
    let (session, _) = start(&api, "facebook").await;
    poll(&api, "facebook", &session).await;
    let state = data(poll(&api, "facebook", &session).await);
    assert_eq!(
        (&state["status"], &state["requiresSelection"]),
        (&json!("pending"), &json!(true))
    );
    assert_eq!(state["selectableAccounts"].as_array().unwrap().len(), 2);
    let state = data(poll(&api, "facebook", &session).await);
    assert_eq!(state["accountIds"].as_array().unwrap().len(), 2);
    assert_eq!(state["requiresSelection"], false);
}

#[tokio::test]
async fn a_session_can_be_held_and_ended_by_hand() {
    let api = Api::new();
    let sessions = api.sandbox.sessions().hold();
    let (session, _) = start(&api, "twitter").await;
    for _ in 0..9 {
        assert_eq!(
            data(poll(&api, "twitter", &session).await)["status"],
            "pending"
        );
    }
    sessions.fail(&session, 15013).unwrap();
    let state = data(poll(&api, "twitter", &session).await);
    assert_eq!(
        (&state["status"], &state["errorCode"]),
        (&json!("failed"), &json!(15013))
    );
    assert!(sessions.complete(&session).is_err());
    assert!(sessions.complete("nobody").is_err());

    sessions.pending_polls(0).fail_next(15045);
    let (session, _) = start(&api, "twitter").await;
    assert_eq!(
        data(poll(&api, "twitter", &session).await)["errorCode"],
        15045
    );
}

#[tokio::test]
async fn five_minutes_later_the_session_is_gone_finished_or_not() {
    let api = Api::new();
    api.sandbox.sessions().pending_polls(0);
    let (session, _) = start(&api, "tiktok").await;
    api.sandbox.clock().advance(Duration::from_secs(290));
    assert_eq!(
        data(poll(&api, "tiktok", &session).await)["status"],
        "completed"
    );
    api.sandbox.clock().advance(Duration::from_secs(10));
    assert_eq!(code(&poll(&api, "tiktok", &session).await), 15039);
    assert_eq!(code(&poll(&api, "tiktok", "nobody").await), 15039);
}

#[tokio::test]
async fn the_platform_must_be_the_sessions_own_and_spelt_right() {
    let api = Api::new();
    let (session, _) = start(&api, "KWAI").await;
    assert_eq!(code(&poll(&api, "tiktok", &session).await), 15040);
    assert_eq!(code(&poll(&api, "kwai", &session).await), 400);
    assert_eq!(code(&api.get(&format!("{AUTH}/kwai")).await), 400);
    for plugin in ["xhs", "wxSph", "google_business"] {
        assert_eq!(
            code(&api.get(&format!("{AUTH}/{plugin}")).await),
            15032,
            "{plugin}"
        );
    }
}

#[tokio::test]
async fn parameters_of_the_start_are_checked() {
    let api = Api::new();
    let try_with = async |query: &str| api.get(&format!("{AUTH}/tiktok?{query}")).await;
    assert_eq!(code(&try_with("redirectUri=/done").await), 400);
    data(try_with("redirectUri=https://example.com/done").await);
    assert_eq!(code(&try_with("groupId=short").await), 500);
    assert_eq!(
        code(&try_with("groupId=66f1c2a94b8e5d0012ab0007").await),
        12601
    );
}

#[tokio::test]
async fn a_qr_platform_gives_a_picture_and_the_others_a_page_with_two_buttons() {
    let api = Api::new();
    api.sandbox.sessions().hold();
    assert!(
        start(&api, "douyin")
            .await
            .1
            .starts_with("data:image/png;base64,")
    );

    let (session, url) = start(&api, "tiktok").await;
    let page = api
        .http
        .get(&url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        page.contains("approve") && page.contains("TikTok"),
        "{page}"
    );
    api.http
        .post(format!("{url}?answer=approve"))
        .send()
        .await
        .unwrap();
    assert_eq!(
        data(poll(&api, "tiktok", &session).await)["status"],
        "completed"
    );
}

#[tokio::test]
async fn authorizing_again_brings_an_offline_account_back() {
    let api = Api::new();
    let id = api
        .sandbox
        .accounts()
        .add("tiktok", "Morning Kitchen")
        .unwrap();
    api.sandbox.accounts().set_offline(&id).unwrap();
    let account = data(api.get(&format!("/api/v2/channels/accounts/{id}")).await);
    assert_eq!(account["status"], 0);

    api.sandbox.sessions().pending_polls(0);
    let (session, _) = start(&api, "tiktok").await;
    assert_eq!(
        data(poll(&api, "tiktok", &session).await)["accountIds"],
        json!([id])
    );
    let status = data(
        api.get(&format!("/api/v2/channels/accounts/{id}/auth-status"))
            .await,
    );
    assert_eq!(status["status"], 1);
}

//! Answers that no document shows, and that come.

use aitoearn::types::{AuthSessionStatus, Platform};
use aitoearn::{
    Client, Code, Error, RetryPolicy,
    error::{BodyKind, Category},
};
use aitoearn_mock::{Answer, MockServer, Operation, operations};
use serde_json::{Value, json};

/// A server that answers one operation, and a client of it that does not repeat anything.
pub(crate) fn serving(operation: &Operation, answer: Answer) -> (MockServer, Client) {
    let server = MockServer::start();
    server.when(operation).answers(answer);
    let client = Client::builder()
        .base_url(server.base_url())
        .api_key("ak_test-key")
        .retry(RetryPolicy::none())
        .build()
        .expect("a client");
    (server, client)
}

/// The text as it is: the order of the keys and what is missing are the point.
pub(crate) fn text(body: &str) -> Answer {
    Answer::raw(200, "application/json; charset=utf-8", body)
}

fn account(changes: &[(&str, Value)]) -> Value {
    let mut account = json!({
        "id": "tiktok_1", "userId": "u", "type": "tiktok", "uid": "1", "account": "jar",
        "avatar": "", "nickname": "Jar", "fansCount": 1, "status": 1, "groupId": "g",
        "clientType": "web", "loginTime": "2026-05-18T09:45:00.000Z",
        "createdAt": "2026-05-18T09:45:00.000Z", "updatedAt": "2026-05-18T09:45:00.000Z",
    });
    for (name, value) in changes {
        account[name] = value.clone();
    }
    account
}

#[tokio::test]
async fn unknown_platform() {
    let answer = Answer::ok(&account(&[("type", json!("mastodon"))]));
    let (_server, client) = serving(&operations::ACCOUNTS_GET, answer);
    let account = client.accounts().get("tiktok_1").await.expect("an account");
    assert_eq!(account.type_, Platform::Unknown("mastodon".to_owned()));
    assert!(!account.type_.is_known());
    assert_eq!(account.type_.to_string(), "mastodon");
}

#[tokio::test]
async fn unknown_status() {
    let answer = Answer::ok(&account(&[("status", json!(7))]));
    let (_server, client) = serving(&operations::ACCOUNTS_GET, answer);
    let account = client.accounts().get("tiktok_1").await.expect("an account");
    assert_eq!(account.status.value(), 7);
    assert!(!account.status.is_known());

    let answer = Answer::ok(&json!({
        "sessionId": "s", "status": "postponed", "requiresSelection": false,
    }));
    let (_server, client) = serving(&operations::AUTH_STATUS, answer);
    let session = client.auth().status("KWAI", "s").await.expect("a session");
    assert_eq!(
        session.status,
        AuthSessionStatus::Unknown("postponed".to_owned())
    );
}

#[tokio::test]
async fn unknown_code() {
    let answer = text(r#"{"data":{},"code":15099,"message":"Brand new","requestId":"r-1"}"#);
    let (_server, client) = serving(&operations::ACCOUNTS_LIST, answer);
    let error = client.accounts().list().await.expect_err("an error");
    assert_eq!(error.code(), Some(Code::from(15099)));
    assert_eq!(Code::from(15099).name(), None);
    // What it is about still follows from its range.
    assert_eq!(error.category(), Some(Category::Platform));
    assert!(!error.advice().is_empty());
    assert!(error.to_string().contains("15099"), "{error}");
    assert!(error.to_string().contains("Brand new"), "{error}");
}

#[tokio::test]
async fn unknown_field() {
    let answer = Answer::ok(&account(&[("mood", json!({ "today": ["fine"] }))]));
    let (_server, client) = serving(&operations::ACCOUNTS_GET, answer);
    let account = client.accounts().get("tiktok_1").await.expect("an account");
    assert_eq!(account.nickname, "Jar");
}

#[tokio::test]
async fn an_object_where_an_array_is_declared_does_not_hide_the_error() {
    let answer = text(r#"{"data":{},"code":401,"message":"Unauthorized","requestId":"r-2"}"#);
    let (_server, client) = serving(&operations::PLATFORMS_LIST, answer);
    let error = client.platforms().list().await.expect_err("an error");
    assert_eq!(error.code(), Some(Code::UNAUTHORIZED));
    assert_eq!(error.request_id(), Some("r-2"));
    assert!(matches!(error, Error::Api(_)), "{error:?}");
}

#[tokio::test]
async fn data_before_code_and_after_it() {
    for body in [
        r#"{"data":{"total":0,"list":[]},"code":0,"message":"ok","requestId":"r-3"}"#,
        r#"{"requestId":"r-3","message":"ok","code":0,"data":{"total":0,"list":[]}}"#,
    ] {
        let (_server, client) = serving(&operations::ACCOUNTS_LIST, text(body));
        let answer = client
            .accounts()
            .list()
            .send_with_meta()
            .await
            .expect("a list");
        assert_eq!(answer.data.total, 0);
        assert_eq!(answer.request_id(), "r-3");
    }
    for body in [
        r#"{"data":{"ttl":30},"code":429,"message":"Slow down"}"#,
        r#"{"message":"Slow down","code":429,"data":{"ttl":30}}"#,
    ] {
        let (_server, client) = serving(&operations::ACCOUNTS_LIST, text(body));
        let error = client.accounts().list().await.expect_err("an error");
        assert_eq!(error.code(), Some(Code::from(429)));
        assert_eq!(error.retry_after().map(|wait| wait.as_secs()), Some(30));
    }
}

#[tokio::test]
async fn absent_data() {
    // Where nothing is to be told, it is a success.
    let (_server, client) = serving(&operations::ACCOUNTS_DELETE, Answer::nothing());
    client.accounts().delete("tiktok_1").await.expect("deleted");

    // Where something was promised, the empty list is reported as mended, or it is an error.
    let (server, client) = serving(&operations::PLATFORMS_LIST, Answer::nothing());
    let response = client.platforms().list().send_with_meta().await;
    let response = response.expect("mended");
    assert!(response.data.is_empty());
    assert_eq!(response.mended().places[0].place, "/data");
    let strict = Client::builder()
        .base_url(server.base_url())
        .api_key("ak_test-key")
        .strict_answers(true)
        .build()
        .expect("a client");
    let error = strict.platforms().list().await.expect_err("no list");
    let Error::Decode(error) = error else {
        panic!("{error:?}");
    };
    assert!(error.message.contains("data"), "{error}");
}

#[tokio::test]
async fn html_502() {
    let page = "<html><head><title>502 Bad Gateway</title></head></html>";
    let answer = Answer::raw(502, "text/html", page);
    let (_server, client) = serving(&operations::ACCOUNTS_LIST, answer);
    let error = client.accounts().list().await.expect_err("an error");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(502));
    assert_eq!(error.code(), None);
    assert_eq!(error.category(), Some(Category::Internal));
    assert!(error.is_retryable());
    let Error::Http(error) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error.content_type.as_deref(), Some("text/html"));

    // The same lost answer of a call with an effect leaves its outcome open.
    let answer = Answer::raw(502, "text/html", page);
    let (_server, client) = serving(&operations::AUTH_START, answer);
    let error = client.auth().start("KWAI").await.expect_err("an error");
    assert!(matches!(error, Error::Ambiguous(_)), "{error:?}");
}

#[tokio::test]
async fn html_200() {
    let answer = Answer::raw(200, "text/html", "<!doctype html><title>Welcome</title>");
    let (_server, client) = serving(&operations::ACCOUNTS_LIST, answer);
    let error = client.accounts().list().await.expect_err("an error");
    let Error::Decode(error) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error.kind, BodyKind::Html);
    assert!(!error.to_string().contains("Welcome"), "{error}");
}

#[tokio::test]
async fn truncated_json() {
    let answer = text(r#"{"data":{"total":1,"list":[{"id":"tiktok_1","ni"#);
    let (_server, client) = serving(&operations::ACCOUNTS_LIST, answer);
    let error = client.accounts().list().await.expect_err("an error");
    let Error::Decode(error) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error.kind, BodyKind::Truncated);
    assert_eq!(error.len, 47);
}

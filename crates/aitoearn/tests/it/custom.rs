//! Calls of what has no method: the same manners as any other.

use std::time::Duration;

use aitoearn::{Client, Code, Error, Method, api::RetryClass};
use aitoearn_mock::{MockServer, Sandbox, operations};
use serde_json::{Value, json};

use crate::server::{Act, KEY, NO_ACCOUNTS, Server, builder, reply};

const PATH: &str = "/api/v2/channels/accounts";

fn client(mock: &MockServer) -> Client {
    builder(&mock.base_url()).build().expect("valid")
}

#[tokio::test]
async fn it_carries_what_every_call_carries() {
    let mock = MockServer::start();
    let calls = mock
        .when(&operations::ACCOUNT_GROUPS_CREATE)
        .key(KEY)
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .header("accept-language", "zh-CN")
        .header("x-request-id", "my-id")
        .header("x-note", "nightly")
        .ok(&json!({ "id": "g" }));
    let response = client(&mock)
        .request(Method::Post, "/api/v2/channels/account-groups")
        .json(&json!({ "name": "Travel" }))
        .query("a b", "c&d")
        .header("x-note", "nightly")
        .language(aitoearn::Language::Chinese)
        .request_id("my-id")
        .timeout(Duration::from_secs(5))
        .send_with_meta::<Value>()
        .await
        .expect("matched");
    assert_eq!(response.data, json!({ "id": "g" }));
    assert_eq!(
        (response.request_id(), response.call.attempts()),
        ("my-id", 1)
    );
    let seen = &calls.seen()[0];
    assert_eq!(seen.json(), Some(json!({ "name": "Travel" })));
    assert_eq!(seen.query, "a+b=c%26d");
    let agent = seen.header("user-agent").expect("set");
    assert!(agent.starts_with("aitoearn-rs/"), "{agent}");
}

#[tokio::test]
async fn errors_are_the_same() {
    let mock = MockServer::start();
    mock.when(&operations::ACCOUNTS_LIST)
        .fails(Code::USER_BANNED);
    let error = client(&mock)
        .request(Method::Get, PATH)
        .send::<Value>()
        .await;
    let error = error.expect_err("refused");
    assert_eq!(error.code(), Some(Code::USER_BANNED));
    assert_eq!(error.operation().map(|o| o.name), Some("custom_request"));
    let error = client(&mock)
        .request(Method::Get, "/no/such")
        .send::<Value>()
        .await;
    let error = error.expect_err("HTTP 404");
    assert!(matches!(error, Error::Http(_)), "{error:?}");
    assert_eq!(error.status().map(|s| s.as_u16()), Some(404));

    let server = Server::play([Act::json(r#"{"data":7,"code":0,"message":"ok"}"#)]).await;
    let error = server
        .client()
        .request(Method::Get, PATH)
        .send::<String>()
        .await;
    assert!(matches!(error, Err(Error::Decode(_))), "{error:?}");
    let server = Server::play([Act::json(r#"{"code":0,"message":"ok"}"#)]).await;
    server
        .client()
        .request(Method::Delete, PATH)
        .send::<()>()
        .await
        .expect("nothing to tell");

    let server = Server::play([Act::json(NO_ACCOUNTS)]).await;
    let small = server.builder().body_limit(10).build().expect("valid");
    let error = small.request(Method::Get, PATH).send::<Value>().await;
    assert!(matches!(error, Err(Error::TooLarge(_))), "{error:?}");
    let slow = Server::play([Act::silent()]).await;
    let limit = Duration::from_millis(30);
    let error = slow
        .client()
        .request(Method::Get, PATH)
        .timeout(limit)
        .send::<Value>()
        .await;
    assert!(matches!(error, Err(Error::Timeout(_))), "{error:?}");
}

#[tokio::test]
async fn the_caller_says_what_may_be_repeated() {
    let server = Server::play([Act::cut()]).await;
    let client = server.client();
    let mut hits = 0;
    for (method, class, attempts, kind) in [
        (Method::Get, None, 3, "transport"),
        (Method::Get, Some(RetryClass::Effect), 1, "ambiguous"),
        (Method::Post, None, 1, "ambiguous"),
        (Method::Delete, None, 1, "ambiguous"),
        (Method::Put, Some(RetryClass::Idempotent), 3, "transport"),
        (Method::Patch, Some(RetryClass::Read), 3, "transport"),
    ] {
        let mut request = client.request(method, PATH);
        if let Some(class) = class {
            request = request.retry_class(class);
        }
        let error = request.send::<Value>().await.expect_err("cut");
        assert_eq!(
            (error.attempts(), error.kind()),
            (attempts, kind),
            "{method:?} {class:?}"
        );
        assert_eq!(error.operation().map(|o| o.method), Some(method));
        hits += attempts as usize;
        assert_eq!(server.hits(), hits);
    }
}

#[tokio::test]
async fn the_key_stays_and_wrong_input_is_not_sent() {
    let elsewhere = Server::play([Act::json(NO_ACCOUNTS)]).await;
    let redirect = format!("location: http://{}/stolen\r\n", elsewhere.address);
    let server = Server::play([reply(307, &redirect, "")]).await;
    let client = server.client();
    let error = client
        .request(Method::Post, PATH)
        .send::<Value>()
        .await
        .expect_err("a redirect");
    assert!(matches!(error, Error::Http(_)), "{error:?}");
    assert_eq!((server.hits(), elsewhere.hits()), (1, 0));

    let other = format!("http://{}/x", elsewhere.address);
    for path in [
        "",
        "x",
        "//x",
        "/../x",
        "/%2e%2e/x",
        "/a?b",
        "/a#b",
        "/a b",
        other.as_str(),
    ] {
        let error = client
            .request(Method::Get, path)
            .send::<Value>()
            .await
            .expect_err(path);
        assert!(matches!(error, Error::InvalidInput(_)), "{path}: {error:?}");
    }
    let no_json = std::collections::HashMap::from([((1, 2), 3)]);
    let error = client
        .request(Method::Post, PATH)
        .json(&no_json)
        .send::<Value>()
        .await;
    assert!(matches!(error, Err(Error::InvalidInput(_))), "{error:?}");
    let header = client
        .request(Method::Get, PATH)
        .header("x-api-key", "mine");
    let error = header.send::<Value>().await;
    assert!(matches!(error, Err(Error::InvalidInput(_))), "{error:?}");
    assert_eq!((server.hits(), elsewhere.hits()), (1, 0));
}

#[tokio::test]
async fn public_operations_need_no_key() {
    let sandbox = Sandbox::start().expect("loopback");
    let client = Client::builder()
        .base_url(sandbox.base_url())
        .build()
        .expect("valid");
    let platforms: Vec<Value> = client
        .request(Method::Get, "/api/v2/channels/platforms")
        .send()
        .await
        .expect("public");
    assert!(!platforms.is_empty());
    let error = client
        .request(Method::Get, PATH)
        .send::<Value>()
        .await
        .expect_err("no key");
    assert_eq!(error.code(), Some(Code::UNAUTHORIZED));
}

//! Which failures are repeated, counted at the server: by class of operation.
//!
//! `accounts_list` stands for reads, `auth_start` for effects (although a GET).

use std::time::Duration;

use crate::server::{Act, NO_ACCOUNTS, STARTED, Server, quick, reply};
use aitoearn::{Error, RetryPolicy, types::Platform};

const LIMIT: Duration = Duration::from_millis(250);

fn code(code: i64) -> Act {
    Act::json(format!(
        r#"{{"data":{{}},"code":{code},"message":"no","timestamp":1,"requestId":"r-9"}}"#
    ))
}

fn status(status: u16) -> Act {
    reply(status, "", "")
}

async fn read(act: &Act) -> (Error, usize) {
    let server = Server::play([act.clone()]).await;
    // What does not fit is an error here.
    let client = server.builder().strict_answers(true).build().expect("fine");
    let error = client.accounts().list().timeout(LIMIT).await;
    (error.expect_err("every attempt fails"), server.hits())
}

async fn effect(act: &Act) -> (Error, usize) {
    let server = Server::play([act.clone()]).await;
    let error = server
        .client()
        .auth()
        .start(Platform::Tiktok)
        .timeout(LIMIT)
        .await;
    (error.expect_err("every attempt fails"), server.hits())
}

#[tokio::test]
async fn the_matrix() {
    let denied = Act::json(r#"{"data":{"retryable":false},"code":15070,"message":"no"}"#);
    let denied_500 = Act::json(r#"{"data":{"retryable":false},"code":500,"message":"no"}"#);
    let denied_429 = Act::json(r#"{"data":{"retryable":false},"code":429,"message":"no"}"#);
    let allowed = Act::json(r#"{"data":{"retryable":true},"code":12600,"message":"no"}"#);
    let half = Act::json(NO_ACCOUNTS).half();
    // What happens, attempts at a read, attempts at an effect, the effect's outcome.
    let table = [
        ("cut before the answer", Act::cut(), 3, 1, "ambiguous"),
        ("cut inside the answer", half, 3, 1, "ambiguous"),
        ("no answer", Act::silent(), 3, 1, "ambiguous"),
        ("HTTP 500", status(500), 3, 1, "ambiguous"),
        ("HTTP 502", Act::html(502), 3, 1, "ambiguous"),
        ("HTTP 504", status(504), 3, 1, "ambiguous"),
        ("HTTP 503", status(503), 3, 3, "http"),
        ("HTTP 429", status(429), 3, 3, "http"),
        ("HTTP 408", status(408), 3, 1, "http"),
        ("HTTP 401", status(401), 1, 1, "http"),
        ("HTTP 404", status(404), 1, 1, "http"),
        ("HTTP 409", status(409), 1, 1, "http"),
        ("HTTP 413", Act::html(413), 1, 1, "http"),
        ("HTTP 501", status(501), 1, 1, "http"),
        ("code 429", code(429), 3, 3, "api"),
        ("code 500", code(500), 3, 1, "api"),
        ("code 401", code(401), 1, 1, "api"),
        ("code 12600", code(12600), 1, 1, "api"),
        ("an unknown code", code(987_654), 1, 1, "api"),
        ("retryable: false", denied, 1, 1, "api"),
        ("retryable: false, code 500", denied_500, 1, 1, "api"),
        ("retryable: false, code 429", denied_429, 1, 1, "api"),
        ("retryable: true", allowed, 3, 1, "api"),
        ("a web page", Act::html(200), 1, 1, "ambiguous"),
        (
            "another shape",
            Act::json(r#"{"data":7,"code":0,"message":"ok"}"#),
            1,
            1,
            "decode",
        ),
    ];
    for (what, act, reads, effects, kind) in table {
        let (error, hits) = read(&act).await;
        assert_eq!(
            (hits, error.attempts() as usize),
            (reads, reads),
            "read, {what}: {error:?}"
        );
        assert_ne!(error.kind(), "ambiguous", "read, {what}");
        let (error, hits) = effect(&act).await;
        assert_eq!(
            (hits, error.attempts() as usize),
            (effects, effects),
            "effect, {what}: {error:?}"
        );
        assert_eq!(error.kind(), kind, "effect, {what}: {error:?}");
    }
}

#[tokio::test]
async fn a_retry_that_succeeds_is_a_success() {
    let server = Server::play([Act::cut(), status(503), Act::json(NO_ACCOUNTS)]).await;
    let response = server
        .client()
        .accounts()
        .list()
        .send_with_meta()
        .await
        .expect("third time");
    assert_eq!(response.call.attempts(), 3);

    let server = Server::play([status(503), Act::json(STARTED)]).await;
    let started = server
        .client()
        .auth()
        .start(Platform::Tiktok)
        .await
        .expect("second time");
    assert_eq!(started.session_id, "s1");
    assert_eq!(server.hits(), 2);
}

#[tokio::test]
async fn each_attempt_has_a_request_id_of_its_own() {
    let server = Server::play([status(503)]).await;
    let error = server.client().accounts().list().await.expect_err("503");
    let ids: Vec<String> = server
        .requests()
        .iter()
        .filter_map(|head| {
            let line = head
                .lines()
                .find(|line| line.starts_with("x-request-id: "))?;
            Some(line["x-request-id: ".len()..].to_owned())
        })
        .collect();
    assert_eq!(ids.len(), 3);
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    assert_eq!(error.request_id(), Some(ids[2].as_str()));
}

#[tokio::test]
async fn the_policy_of_one_request_goes_before_the_clients() {
    let server = Server::play([status(503)]).await;
    let client = server.client();
    client
        .accounts()
        .list()
        .retry(RetryPolicy::none())
        .await
        .expect_err("503");
    assert_eq!(server.hits(), 1);
    client
        .accounts()
        .list()
        .retry(quick().max_retries(4))
        .await
        .expect_err("503");
    assert_eq!(server.hits(), 1 + 5);

    let server = Server::play([Act::cut()]).await;
    let twice = quick().repeat_effects(true);
    let error = server
        .client()
        .auth()
        .start(Platform::Tiktok)
        .retry(twice)
        .await;
    assert!(matches!(error, Err(Error::Ambiguous(_))), "{error:?}");
    assert_eq!(server.hits(), 3);
}

#[tokio::test]
async fn a_long_wait_is_handed_to_the_caller_and_a_date_is_understood() {
    let server = Server::play([reply(429, "retry-after: 3600\r\n", "")]).await;
    let error = server.client().accounts().list().await.expect_err("429");
    assert_eq!(server.hits(), 1);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));

    let server = Server::play([reply(
        503,
        "retry-after: Tue, 01 Jan 2999 00:00:00 GMT\r\n",
        "",
    )])
    .await;
    let error = server.client().accounts().list().await.expect_err("503");
    assert_eq!(server.hits(), 1);
    assert!(
        error.retry_after() > Some(Duration::from_secs(86_400)),
        "{error:?}"
    );

    // In the past, negative, no number: our own wait remains.
    for odd in [
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "-1",
        "abc",
        "99999999999999999999999",
    ] {
        let server = Server::play([reply(503, &format!("retry-after: {odd}\r\n"), "")]).await;
        server.client().accounts().list().await.expect_err("503");
        assert_eq!(server.hits(), 3, "{odd}");
    }
}

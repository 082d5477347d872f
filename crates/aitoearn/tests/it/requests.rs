//! What goes over the wire, for arguments and options of every kind.

use std::time::Duration;

use aitoearn::{
    Client, Error, Language,
    types::{AccountStatus, Platform},
};
use httpmock::{
    Method::{DELETE, GET},
    Mock, MockServer,
};

use crate::server::{Act, KEY, NO_ACCOUNTS, STARTED, Server, builder, reply};

fn client(server: &MockServer) -> Client {
    builder(&server.base_url()).build().expect("valid")
}

async fn answer<'a>(server: &'a MockServer, path: &str, body: &str) -> Mock<'a> {
    server
        .mock_async(|when, then| {
            when.method(GET).path(path);
            then.status(200)
                .header("content-type", "application/json")
                .body(body);
        })
        .await
}

#[tokio::test]
async fn filters_in_the_form_that_the_service_takes() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.method(GET)
                .path("/api/v2/channels/accounts")
                .header("x-api-key", KEY)
                .header("accept", "application/json")
                .query_param("ids[]", "tiktok_1")
                .query_param("types[]", "KWAI")
                .query_param("types[]", "a+b&c 快")
                .query_param("status", "0");
            then.status(200).body(NO_ACCOUNTS);
        })
        .await;
    let list = client(&server)
        .accounts()
        .list()
        .ids(["tiktok_1"])
        .types([Platform::Kwai, Platform::from("a+b&c 快")])
        .status(AccountStatus::Offline);
    assert_eq!(list.await.expect("matched").total, 0);
    mock.assert_async().await;
}

#[tokio::test]
async fn deletions_name_what_goes_and_say_nothing_back() {
    let server = MockServer::start_async().await;
    let one = server
        .mock_async(|when, then| {
            when.method(DELETE)
                .path("/api/v2/channels/accounts/tiktok_1");
            then.status(200)
                .body(r#"{"data":true,"code":0,"message":"ok","requestId":"r-1"}"#);
        })
        .await;
    let many = server
        .mock_async(|when, then| {
            when.method(DELETE)
                .path("/api/v2/channels/accounts")
                .query_param("ids[]", "a")
                .query_param("ids[]", "b");
            then.status(200).body(r#"{"code":0,"message":"ok"}"#);
        })
        .await;
    let accounts = client(&server).accounts();
    let response = accounts
        .delete("tiktok_1")
        .send_with_meta()
        .await
        .expect("gone");
    assert_eq!(response.request_id(), "r-1");
    accounts.delete_many(["a", "b"]).await.expect("gone");
    let none: [&str; 0] = [];
    assert!(matches!(
        accounts.delete_many(none).await,
        Err(Error::InvalidInput(_))
    ));
    one.assert_async().await;
    many.assert_async().await;
}

#[tokio::test]
async fn lookups_use_the_path_of_their_operation() {
    let server = MockServer::start_async().await;
    let status = answer(
        &server,
        "/api/v2/channels/accounts/tiktok_1/auth-status",
        r#"{"data":{"status":1},"code":0,"message":"ok"}"#,
    )
    .await;
    let options = answer(
        &server,
        "/api/v2/channels/platforms/wxGzh/publish-options",
        r#"{"data":[],"code":0,"message":"ok"}"#,
    )
    .await;
    let session = answer(
        &server,
        "/api/v2/channels/accounts/auth/KWAI/status/s-1",
        r#"{"data":{"sessionId":"s-1","status":"half-done","requiresSelection":false},"code":0,"message":"ok"}"#,
    )
    .await;
    let client = client(&server);
    let state = client
        .accounts()
        .auth_status("tiktok_1")
        .await
        .expect("matched");
    assert_eq!(state.status, AccountStatus::Usable);
    assert!(
        client
            .platforms()
            .publish_options(Platform::WxGzh)
            .await
            .expect("matched")
            .is_empty()
    );
    let state = client
        .auth()
        .status(Platform::Kwai, "s-1")
        .await
        .expect("matched");
    assert_eq!(
        state.status.as_str(),
        "half-done",
        "a state of the future is kept"
    );
    for mock in [status, options, session] {
        mock.assert_async().await;
    }
}

#[tokio::test]
async fn empty_filters_are_left_out() {
    let server = Server::play([Act::json(NO_ACCOUNTS)]).await;
    let none: [String; 0] = [];
    server
        .client()
        .accounts()
        .list()
        .ids(none)
        .await
        .expect("fine");
    assert!(
        server.requests()[0].starts_with("GET /api/v2/channels/accounts HTTP/1.1\r\n"),
        "{:?}",
        server.requests()
    );
}

#[tokio::test]
async fn every_option_of_a_request() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.method(GET)
                .path("/api/v2/channels/accounts/auth/tiktok")
                .header("x-request-id", "import-42")
                .header("accept-language", "zh-CN")
                .header("x-note", "nightly")
                .header(
                    "user-agent",
                    concat!("my-tool/1 aitoearn-rs/", env!("CARGO_PKG_VERSION")),
                )
                .query_param("groupId", "g1")
                .query_param("redirectUri", "https://example.org/done?a=1&b=2")
                .query_param("fresh", "a&b");
            then.status(200)
                .header("x-ratelimit-limit", "30")
                .header("x-ratelimit-remaining", "29")
                .body(STARTED);
        })
        .await;
    let client = builder(&server.base_url())
        .user_agent("my-tool/1")
        .language(Language::English)
        .build()
        .expect("valid");
    let response = client
        .auth()
        .start(Platform::Tiktok)
        .group_id("g1")
        .redirect_uri("https://example.org/done?a=1&b=2")
        .timeout(Duration::from_secs(5))
        .language(Language::Chinese)
        .request_id("import-42")
        .header("x-note", "nightly")
        .query("fresh", "a&b")
        .send_with_meta()
        .await
        .expect("matched");
    mock.assert_async().await;
    assert_eq!(response.data.url, "https://example.org/consent");
    assert_eq!(
        (response.request_id(), response.message.as_str()),
        ("r-1", "ok")
    );
    assert_eq!(response.call.attempts(), 1);
    assert_eq!(
        response
            .rate_limit
            .as_ref()
            .and_then(|limit| limit.remaining),
        Some(29)
    );
}

#[tokio::test]
async fn options_of_one_request_do_not_stay() {
    let server = Server::play([Act::json(NO_ACCOUNTS)]).await;
    let client = server.client();
    client
        .accounts()
        .list()
        .header("x-note", "once")
        .request_id("first")
        .await
        .expect("fine");
    client.accounts().list().await.expect("fine");
    let requests = server.requests();
    assert!(requests[0].contains("x-note: once") && requests[0].contains("x-request-id: first"));
    assert!(
        !requests[1].contains("x-note") && !requests[1].contains("first"),
        "{requests:?}"
    );
}

#[tokio::test]
async fn an_argument_is_one_segment_of_the_path_or_refused() {
    let account = r#"{"data":{},"code":12600,"message":"no"}"#;
    let server = Server::play([Act::json(account)]).await;
    let client = server.client();
    for (id, sent) in [
        ("tiktok_1", "tiktok_1"),
        ("../platforms", "..%2Fplatforms"),
        ("a/b", "a%2Fb"),
        ("%2F", "%252F"),
        ("a?x=1#y", "a%3Fx=1%23y"),
        ("快", "%E5%BF%AB"),
        ("a:b", "a:b"),
    ] {
        client
            .accounts()
            .get(id)
            .await
            .expect_err("an error of the service");
        let head = server.requests().pop().expect("sent");
        assert!(
            head.starts_with(&format!("GET /api/v2/channels/accounts/{sent} HTTP")),
            "{id}: {head}"
        );
    }
    let sent = server.hits();
    for id in ["", ".", "..", "a\\b", "a\r\nx: y"] {
        let error = client.accounts().get(id).await.expect_err(id);
        assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
        let error = client
            .auth()
            .status(Platform::from(id), "s")
            .await
            .expect_err(id);
        assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
    }
    assert_eq!(server.hits(), sent, "nothing of it was sent");
}

#[tokio::test]
async fn wrong_options_come_out_when_the_request_is_sent() {
    let server = Server::play([Act::json(NO_ACCOUNTS)]).await;
    let list = || server.client().accounts().list();
    for wrong in [
        list().header("x-api-key", "mine"),
        list().header("x-note", "a\nb"),
        list().header("no name", "a"),
        list().request_id("a b"),
        list().timeout(Duration::ZERO),
        list().types((0..21).map(|n| n.to_string())),
    ] {
        let error = wrong.await.expect_err("wrong");
        assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
    }
    let start = server
        .client()
        .auth()
        .start(Platform::Tiktok)
        .redirect_uri("/done");
    assert!(matches!(start.await, Err(Error::InvalidInput(_))));
    assert_eq!(server.hits(), 0);
}

#[tokio::test]
async fn a_base_url_with_a_path_keeps_it() {
    let server = MockServer::start_async().await;
    let mock = answer(
        &server,
        "/tool/api/v2/channels/platforms",
        r#"{"data":[],"code":0,"message":"ok"}"#,
    )
    .await;
    let client = builder(&format!("{}/tool//", server.base_url()))
        .build()
        .expect("valid");
    assert!(client.platforms().list().await.expect("matched").is_empty());
    mock.assert_async().await;
}

#[tokio::test]
async fn the_low_level_client_is_set_up_alike() {
    let server = Server::play([Act::json(NO_ACCOUNTS)]).await;
    let client = server.client();
    let api = client.api().with_context(client.api().context().for_call());
    let answer =
        aitoearn::api::open(api.accounts_list(&Default::default()).await, api.context()).await;
    assert_eq!(answer.expect("fine").data.total, 0);
    assert!(server.requests()[0].contains(KEY));
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_at_the_same_time_do_not_mix_their_answers() {
    let acts = (0..64).map(|n| {
        let body = format!(r#"{{"data":{{"total":{n},"list":[]}},"code":0,"message":"ok"}}"#);
        reply(
            200,
            &format!("x-request-id: r{n}\r\nx-ratelimit-remaining: {n}\r\n"),
            &body,
        )
    });
    let server = Server::play(acts).await;
    let client = server.client();
    let tasks: Vec<_> = (0..64)
        .map(|_| tokio::spawn(client.accounts().list().send_with_meta()))
        .collect();
    for task in tasks {
        let response = task.await.expect("no panic").expect("fine");
        let number = response.data.total;
        let remaining = response
            .rate_limit
            .as_ref()
            .and_then(|limit| limit.remaining);
        assert_eq!(remaining, u64::try_from(number).ok());
        assert_eq!(response.request_id(), format!("r{number}"));
    }
}

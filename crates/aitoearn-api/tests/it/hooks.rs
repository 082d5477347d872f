//! What goes over the wire, seen by a real server on loopback.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::error::Error as _;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aitoearn_api::{ApiKey, Client, Context, Failure, http_client_builder, open};
use httpmock::MockServer;
use serde_json::json;

const KEY: &str = "ai_0123456789abcdefghijABCDEFGHIJ";

fn key() -> ApiKey {
    ApiKey::new(KEY).unwrap()
}

fn client(server: &MockServer) -> Client {
    Client::new(&server.base_url(), Context::new(Some(key()))).unwrap()
}

fn empty_list() -> serde_json::Value {
    json!({"data": {"total": 0, "list": []}, "code": 0, "message": "ok", "requestId": "r1"})
}

/// Calls `accounts_list` and opens its result.
async fn list(client: &Client) -> Result<i64, Failure> {
    let result = client.accounts_list(&Default::default()).await;
    let answer = open(result, client.context()).await?;
    Ok(answer.data.total)
}

#[tokio::test]
async fn a_request_carries_what_it_needs_and_nothing_else() {
    let server = MockServer::start_async().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    server
        .mock_async(|when, then| {
            when.is_true(move |request| {
                *sink.lock().unwrap() = request.headers_vec().clone();
                true
            });
            then.json_body(empty_list());
        })
        .await;
    assert_eq!(list(&client(&server)).await.unwrap(), 0);

    let mut seen = seen.lock().unwrap().clone();
    seen.retain(|(name, _)| name != "host" && name != "accept-encoding");
    seen.sort();
    let agent = concat!("aitoearn-api/", env!("CARGO_PKG_VERSION"));
    let expected = [
        ("accept", "application/json"),
        ("user-agent", agent),
        ("x-api-key", KEY),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_public_operation_gets_no_key() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.path("/api/v2/channels/platforms")
                .header_missing("x-api-key");
            then.json_body(json!({"data": [], "code": 0, "message": "ok"}));
        })
        .await;
    let client = client(&server);
    open(client.platforms_list().await, client.context())
        .await
        .unwrap();
    mock.assert_async().await;
}

#[tokio::test]
async fn without_a_key_nothing_is_sent() {
    let server = MockServer::start_async().await;
    let anything = server
        .mock_async(|when, then| {
            when.is_true(|_| true);
            then.json_body(empty_list());
        })
        .await;
    let client = Client::new(&server.base_url(), Context::new(None)).unwrap();
    let error = list(&client).await.unwrap_err();
    assert!(matches!(error, Failure::Invalid(_)));
    assert_eq!(
        error.to_string(),
        "the request was not sent: `accounts_list` needs an API key and the client has none: set one"
    );
    anything.assert_calls_async(0).await;
}

#[tokio::test]
async fn an_empty_id_is_not_the_list() {
    let server = MockServer::start_async().await;
    let anything = server
        .mock_async(|when, then| {
            when.is_true(|_| true);
            then.json_body(empty_list());
        })
        .await;
    let client = client(&server);
    for id in ["", ".", ".."] {
        let result = client.accounts_get(&id.into()).await;
        let error = open(result, client.context()).await.unwrap_err();
        assert!(matches!(error, Failure::Invalid(_)), "{error}");
    }
    anything.assert_calls_async(0).await;
}

#[tokio::test]
async fn slashes_at_the_end_of_the_base_url_do_not_matter() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.path("/self/hosted/api/v2/channels/accounts");
            then.json_body(empty_list());
        })
        .await;
    let base_url = format!("{}/self/hosted//", server.base_url());
    let client = Client::new(&base_url, Context::new(Some(key()))).unwrap();
    list(&client).await.unwrap();
    mock.assert_async().await;
}

/// Two servers on two ports are two origins.
async fn redirecting() -> (MockServer, MockServer) {
    let (front, elsewhere) = (
        MockServer::start_async().await,
        MockServer::start_async().await,
    );
    let location = elsewhere.url("/landing?signature=s3cr3t");
    front
        .mock_async(|when, then| {
            when.is_true(|_| true);
            then.status(307).header("location", location);
        })
        .await;
    (front, elsewhere)
}

#[tokio::test]
async fn a_redirect_is_an_error_and_the_key_stays_here() {
    let (front, elsewhere) = redirecting().await;
    let landed = elsewhere
        .mock_async(|when, then| {
            when.is_true(|_| true);
            then.json_body(empty_list());
        })
        .await;
    let error = list(&client(&front)).await.unwrap_err();
    landed.assert_calls_async(0).await;
    let text = error.to_string();
    assert_eq!(
        text,
        "HTTP 307 Temporary Redirect: a redirect to 127.0.0.1, not followed: check the base URL"
    );
    let Failure::Status(error) = error else {
        panic!("{error}")
    };
    assert_eq!(error.location_host.as_deref(), Some("127.0.0.1"));
}

/// Why [`http_client_builder`] exists; if this fails, reqwest has learned to drop custom headers.
#[tokio::test]
async fn a_client_that_follows_redirects_would_leak() {
    let (front, elsewhere) = redirecting().await;
    let leaked = elsewhere
        .mock_async(|when, then| {
            when.header("x-api-key", KEY);
            then.json_body(empty_list());
        })
        .await;
    let following = http_client_builder()
        .redirect(reqwest::redirect::Policy::default())
        .build()
        .unwrap();
    let client = Client::new_with_client(&front.base_url(), following, Context::new(Some(key())));
    list(&client).await.unwrap();
    leaked.assert_async().await;
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let mut context = Context::new(Some(key()));
    context.headers.insert("x-other", "s3cr3t".parse().unwrap());
    context
        .query
        .push(("signature".to_owned(), "s3cr3t".to_owned()));
    let client = Client::new("https://aitoearn.example", context).unwrap();
    for text in [
        format!("{client:?}"),
        format!("{:#?}", client.context()),
        format!("{:?}", client.context().key),
    ] {
        assert!(!text.contains(KEY) && !text.contains("s3cr3t"), "{text}");
        assert!(text.contains("ApiKey(***)"), "{text}");
    }
}

#[test]
fn a_key_is_checked_and_never_shown() {
    assert_eq!(ApiKey::new(" ai_1\n").unwrap().expose(), "ai_1");
    for wrong in ["", " \n", "ai 1", "ai\n1", "ai_1\u{201d}", "ключ"] {
        let error = ApiKey::new(wrong).unwrap_err().to_string();
        assert!(error.contains("API key"), "{error}");
        assert!(
            wrong.trim().is_empty() || !error.contains(wrong.trim()),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_body_may_be_as_large_as_the_limit_and_no_larger() {
    let server = MockServer::start_async().await;
    let body = empty_list().to_string();
    server
        .mock_async(|when, then| {
            when.is_true(|_| true);
            then.header("x-request-id", "r9").body(&body);
        })
        .await;
    let client = client(&server);
    for (limit, fits) in [(body.len(), true), (body.len() - 1, false), (0, false)] {
        let mut context = client.context().for_call();
        context.body_limit = limit as u64;
        match list(&client.with_context(context)).await {
            Ok(_) => assert!(fits, "{limit}"),
            Err(Failure::TooLarge {
                limit: named,
                request_id,
            }) => {
                assert!(!fits);
                assert_eq!((named, request_id.as_deref()), (limit as u64, Some("r9")));
            }
            Err(other) => panic!("{other}"),
        }
    }
}

/// 20 MB of zeros in 20 kB.
#[cfg(feature = "gzip")]
#[tokio::test]
async fn a_compressed_bomb_is_stopped_by_its_size_after_decompression() {
    let zeros = vec![b'0'; 20_000_000];
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bomb.write_all(&zeros).unwrap();
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 50_000);

    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.header_includes("accept-encoding", "gzip");
            then.header("content-encoding", "gzip").body(bomb);
        })
        .await;
    let client = client(&server);
    let mut context = client.context().for_call();
    context.body_limit = 1_000_000;
    let error = list(&client.with_context(context)).await.unwrap_err();
    assert!(
        matches!(
            error,
            Failure::TooLarge {
                limit: 1_000_000,
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn the_head_of_an_answer_is_recorded_per_call() {
    let server = MockServer::start_async().await;
    let reset = 1_735_689_600_000_u64;
    server
        .mock_async(|when, then| {
            when.is_true(|_| true);
            then.header("content-type", "Application/JSON; charset=utf-8")
                .header("x-request-id", "r7")
                .header("retry-after", "3")
                .header("x-ratelimit-limit", "60")
                .header("x-ratelimit-remaining", "0")
                .header("x-ratelimit-reset", reset.to_string())
                .json_body(json!({"data": {}, "code": 429, "message": "slow"}));
        })
        .await;
    let base = client(&server);
    let call = base.with_context(base.context().for_call());
    let Failure::Business(error) = list(&call).await.unwrap_err() else {
        panic!()
    };
    assert_eq!(error.retry_after, Some(Duration::from_secs(3)));
    assert_eq!(error.request_id.as_deref(), Some("r7"));

    assert_eq!(base.context().head(), None);
    let head = call.context().head().unwrap();
    assert_eq!(head.content_type.as_deref(), Some("application/json"));
    let limit = head.rate_limit.unwrap();
    assert_eq!((limit.limit, limit.remaining), (Some(60), Some(0)));
    assert_eq!(
        limit.reset,
        Some(std::time::UNIX_EPOCH + Duration::from_millis(reset))
    );

    // The next call forgets it, even if nothing comes back.
    let nowhere = Client::new("http://127.0.0.1:1", call.context().clone()).unwrap();
    list(&nowhere).await.unwrap_err();
    assert_eq!(nowhere.context().head(), None);
}

/// What a server does after it has answered.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    Close,
    /// Keep the connection, and say no more.
    Hold,
}

/// Reads a request from each connection and answers it with these bytes.
fn raw_server(answer: &'static [u8], then: Then) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            if stream.read(&mut request).is_ok() {
                let _ = stream.write_all(answer);
            }
            if then == Then::Hold {
                held.push(stream);
            }
        }
    });
    format!("http://{address}")
}

/// The head and the start of a longer body.
const HALF: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\nx-request-id: r5\r\n\r\n{\"data\":";

#[tokio::test]
async fn a_connection_that_breaks_inside_the_answer_is_told() {
    let url = raw_server(HALF, Then::Close);
    let client = Client::new(&url, Context::new(Some(key()))).unwrap();
    let error = list(&client).await.unwrap_err();
    assert!(matches!(error, Failure::Truncated { .. }), "{error:?}");
    assert_eq!(error.request_id(), Some("r5"));
    assert!(error.source().is_some());
    assert!(!format!("{error:?}").contains("http://"), "{error:?}");
}

#[tokio::test]
async fn a_connection_that_never_answers_is_told() {
    for url in [
        raw_server(b"", Then::Close),
        "http://127.0.0.1:1".to_owned(),
    ] {
        let client = Client::new(&url, Context::new(Some(key()))).unwrap();
        let error = list(&client).await.unwrap_err();
        assert!(matches!(error, Failure::Transport(_)), "{error:?}");
        assert!(!format!("{error:?}").contains("http://"), "{error:?}");
    }
}

#[tokio::test]
async fn a_call_ends_with_its_timeout_also_inside_the_body() {
    for answer in [b"", HALF] {
        let url = raw_server(answer, Then::Hold);
        let client = Client::new(&url, Context::new(Some(key()))).unwrap();
        let mut context = client.context().for_call();
        context.timeout = Some(Duration::from_millis(100));
        let error = list(&client.with_context(context)).await.unwrap_err();
        let Failure::Transport(cause) = &error else {
            panic!("{error:?}")
        };
        assert!(cause.is_timeout());
        assert_eq!(error.to_string(), "no complete answer came in time");
    }
}

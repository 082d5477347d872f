//! The relays: what becomes of every form of answer.

use std::time::Duration;

use aitoearn::{Code, Error, Request, Timeouts, resources::RelayResponse};
use aitoearn_mock::{Answer, MockServer, Sandbox, Then};
use serde_json::json;

use crate::{
    relay::{ALL, call, client, text},
    server::{Act, PAUSE, Server, builder, reply},
};

#[tokio::test]
async fn every_form_of_error() {
    let openai = r#"{"error":{"message":"no such model","type":"invalid_request_error"}}"#;
    let anthropic =
        r#"{"type":"error","error":{"type":"x","message":"no such model"},"request_id":"r"}"#;
    let gemini = r#"{"error":{"code":404,"message":"no such model","status":"NOT_FOUND"}}"#;
    let ours = r#"{"data":{},"code":401,"message":"Unauthorized","timestamp":1,"requestId":"r-1"}"#;
    let json = |status, body: &str| Answer::raw(status, "application/json", body);
    for (index, operation) in ALL.iter().enumerate() {
        let mock = MockServer::start();
        mock.when(operation).in_turn([
            json(200, ours),
            json(403, ours),
            json(200, openai),
            json(404, openai),
            json(200, anthropic),
            json(404, anthropic),
            json(200, gemini),
            json(404, gemini),
            Answer::raw(413, "text/html", "<html>too large</html>"),
            Answer::raw(400, "text/event-stream", "data: no\n\n"),
        ]);
        let relay = client(&mock).relay();
        for _ in 0..2 {
            let error = call(&relay, index).await.expect_err("an envelope");
            assert_eq!(
                error.code(),
                Some(Code::UNAUTHORIZED),
                "{operation}: {error:?}"
            );
            assert_eq!(error.request_id(), Some("r-1"));
        }
        for status in [200, 404, 200, 404, 200, 404] {
            let error = call(&relay, index).await.expect_err("of the provider");
            assert!(
                matches!(&error, Error::Http(error)
                    if error.provider_message.as_deref() == Some("no such model")),
                "{operation}: {error:?}"
            );
            assert_eq!(error.status().map(|s| s.as_u16()), Some(status));
        }
        for status in [413, 400] {
            let error = call(&relay, index).await.expect_err("of a proxy");
            assert!(matches!(error, Error::Http(_)), "{operation}: {error:?}");
            assert_eq!(error.status().map(|s| s.as_u16()), Some(status));
        }
    }
}

#[tokio::test]
async fn the_content_type_tells_what_the_answer_is() {
    let events = "data: {\"a\":1}\n\ndata: [DONE]\n\n";
    for (index, operation) in ALL.iter().enumerate() {
        let mock = MockServer::start();
        mock.when(operation).in_turn([
            Answer::raw(200, "application/json; charset=utf-8", r#"{"a":1}"#),
            Answer::raw(201, "text/event-stream; charset=utf-8", events)
                .header("x-request-id", "r-2"),
            Answer::raw(200, "application/json", r#"{"id":"x","error":null,"a":1}"#),
        ]);
        let relay = client(&mock).relay();
        let answer = call(&relay, index).await.expect("JSON").into_json();
        assert_eq!(answer, Some(json!({ "a": 1 })), "{operation}");
        let answer = call(&relay, index).await.expect("a stream");
        let RelayResponse::Events(stream) = &answer else {
            panic!("{operation}: {answer:?}");
        };
        assert_eq!(stream.call().request_id(), "r-2");
        assert_eq!(stream.call().status().map(|s| s.as_u16()), Some(201));
        assert_eq!(text(answer).await, events);
        let answer = call(&relay, index).await.expect("JSON").into_json();
        assert_eq!(answer.expect("JSON")["a"], 1);
    }
}

#[tokio::test]
async fn nothing_that_may_have_been_billed_is_repeated() {
    let broken = reply(200, "content-type: application/json\r\n", r#"{"choices":["#);
    let web_page = Act::html(200);
    for act in [
        Act::cut(),
        Act::json(r#"{"choices":[]}"#).half(),
        broken,
        web_page,
        Act::html(504),
    ] {
        let server = Server::play([act.clone()]).await;
        let relay = server.client().relay();
        for index in 0..ALL.len() {
            let error = call(&relay, index).await.expect_err("no answer");
            assert!(matches!(error, Error::Ambiguous(_)), "{error:?}");
            assert_eq!(error.attempts(), 1);
            assert!(error.advice().contains("credits"), "{error}");
        }
        assert_eq!(server.hits(), ALL.len());
    }
    // What was refused before it began may be repeated.
    let server = Server::play([reply(503, "", ""), Act::json("{}")]).await;
    call(&server.client().relay(), 0)
        .await
        .expect("second time");
    assert_eq!(server.hits(), 2);
}

#[tokio::test]
async fn an_answer_over_the_limit_is_one_and_a_stream_has_none() {
    let body = format!(r#"{{"a":"{}"}}"#, "x".repeat(100));
    let server = Server::play([Act::json(&body)]).await;
    let client = server.builder().body_limit(50).build().expect("valid");
    let error = call(&client.relay(), 0).await.expect_err("too large");
    assert!(
        matches!(&error, Error::Ambiguous(error) if matches!(error.cause(), Error::TooLarge(_))),
        "{error:?}"
    );
    let server = Server::play([reply(200, EVENTS, &body)]).await;
    let client = server.builder().body_limit(50).build().expect("valid");
    let answer = call(&client.relay(), 0).await.expect("a stream");
    assert_eq!(text(answer).await, body);
}

const EVENTS: &str = "content-type: text/event-stream\r\n";
const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";

#[tokio::test]
async fn a_stream_may_take_longer_than_its_beginning() {
    let mut pieces = vec![HEAD.to_owned()];
    pieces.extend((0..10).map(|n| format!("data: {n}\n\n")));
    let server = Server::play([Act::cut().pieces(pieces, PAUSE)]).await;
    let relay = server.client().relay();
    let begun = std::time::Instant::now();
    let limit = PAUSE * 5;
    let answer = relay
        .chat_completions("m")
        .user("u")
        .stream()
        .timeout(limit);
    let text = text(answer.await.expect("begun")).await;
    assert!(
        text.starts_with("data: 0\n\n") && text.ends_with("data: 9\n\n"),
        "{text}"
    );
    assert!(begun.elapsed() > limit, "else it proves nothing");
}

#[tokio::test]
async fn each_kind_of_answer_has_its_limit() {
    let short = Duration::from_millis(60);
    let server = Server::play([Act::silent()]).await;
    let client = server
        .builder()
        .timeouts(Timeouts::default().first_byte(short));
    let relay = client.build().expect("valid").relay();
    let timed_out = |error: Error| {
        let Error::Ambiguous(error) = error else {
            panic!("{error:?}");
        };
        assert!(
            matches!(error.cause(), Error::Timeout(error) if error.limit() == short && !error.is_inside_stream()),
            "{error:?}"
        );
    };
    timed_out(
        relay
            .chat_completions("m")
            .user("u")
            .stream()
            .await
            .expect_err("silence"),
    );
    timed_out(
        relay
            .messages("m")
            .user("u")
            .stream()
            .await
            .expect_err("silence"),
    );
    timed_out(
        relay
            .gemini_stream("m")
            .user("u")
            .await
            .expect_err("silence"),
    );

    // The body of a JSON answer counts.
    let begun = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{".to_vec();
    let server = Server::play([Act::raw(begun).then(Then::Silence)]).await;
    let client = server
        .builder()
        .timeouts(Timeouts::default().generation(short));
    let relay = client.build().expect("valid").relay();
    timed_out(
        relay
            .chat_completions("m")
            .user("u")
            .await
            .expect_err("silence"),
    );
    timed_out(relay.images_generate("m", "p").await.expect_err("silence"));
    assert_eq!(server.hits(), 2);
}

#[tokio::test]
async fn a_stream_that_falls_silent_or_breaks_ends_with_an_error() {
    let silent = format!("{HEAD}data: 1\n\n").into_bytes();
    let server = Server::play([Act::raw(silent).then(Then::Silence)]).await;
    let idle = Duration::from_millis(50);
    let client = server.builder().timeouts(Timeouts::default().idle(idle));
    let answer = call(&client.build().expect("valid").relay(), 0)
        .await
        .expect("begun");
    let mut stream = answer.into_events().expect("a stream");
    let first = stream.next_chunk().await.expect("there").expect("bytes");
    assert_eq!(&first[..], b"data: 1\n\n");
    let error = stream.next_chunk().await.expect_err("silence");
    assert!(
        matches!(&error, Error::Timeout(error) if error.is_inside_stream() && error.limit() == idle),
        "{error:?}"
    );
    assert!(error.to_string().contains("silent for 50ms"), "{error}");
    assert!(!error.is_retryable());
    assert!(stream.next_chunk().await.expect("the end").is_none());

    let cut = reply(200, EVENTS, "data: 1\n\ndata: 2\n\n").half();
    let server = Server::play([cut]).await;
    let answer = call(&server.client().relay(), 0).await.expect("begun");
    let mut stream = answer.into_events().expect("a stream");
    stream.next_chunk().await.expect("there").expect("bytes");
    let error = stream.next_chunk().await.expect_err("cut");
    assert!(
        matches!(&error, Error::Transport(error) if error.is_inside_answer()),
        "{error:?}"
    );
    assert_eq!(error.attempts(), 1);
    assert!(stream.next_chunk().await.expect("the end").is_none());
}

#[tokio::test]
async fn dropping_a_stream_closes_its_connection() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client");
        let mut request = [0; 4096];
        assert!(stream.read(&mut request).await.expect("a request") > 0);
        stream.write_all(HEAD.as_bytes()).await.expect("sent");
        // Ends only when the other end closes; what is left of the request comes before.
        while stream.read(&mut request).await.is_ok_and(|count| count > 0) {}
    });
    let client = builder(&url).build().expect("valid");
    let answer = call(&client.relay(), 0).await.expect("begun");
    assert!(!served.is_finished());
    drop(answer);
    let closed = tokio::time::timeout(Duration::from_secs(5), served);
    closed.await.expect("closed").expect("no panic");
}

#[tokio::test]
async fn the_sandbox_speaks_all_formats() {
    let sandbox = Sandbox::start().expect("loopback");
    let client = builder(sandbox.base_url())
        .api_key(sandbox.api_key())
        .build()
        .expect("valid");
    let relay = client.relay();
    let chat = relay.models().await.expect("public").remove(0).name;
    let chat = chat.as_str();
    let image = client
        .images()
        .models()
        .await
        .expect("public")
        .remove(0)
        .name;
    let edit = client
        .images()
        .edit_models()
        .await
        .expect("public")
        .remove(0)
        .name;
    for answer in [
        relay.chat_completions(chat).user("hi").await,
        relay.messages(chat).user("hi").await,
        relay.gemini_generate(chat).user("hi").await,
        relay.images_generate(image, "p").await,
        relay.images_edit(edit, "p", ["https://a.example/1"]).await,
    ] {
        assert!(answer.expect("fine").into_json().is_some());
    }
    for answer in [
        relay.chat_completions(chat).user("hi").stream().await,
        relay.messages(chat).user("hi").stream().await,
        relay.gemini_stream(chat).user("hi").await,
    ] {
        assert!(text(answer.expect("fine")).await.contains("sandbox"));
    }
    let error = relay
        .messages("no such model")
        .user("hi")
        .await
        .expect_err("refused");
    assert!(
        matches!(&error, Error::Http(error) if error.provider_message.is_some()),
        "{error:?}"
    );
    let wrong = builder(sandbox.base_url())
        .api_key("wrong")
        .build()
        .expect("valid");
    let error = wrong
        .relay()
        .gemini_stream(chat)
        .user("hi")
        .await
        .expect_err("refused");
    assert_eq!(error.code(), Some(Code::UNAUTHORIZED));
}

#[tokio::test]
async fn requests_and_streams_may_go_to_other_threads() {
    fn travels<T: Send + 'static>(_: &T) {}
    let server = Server::play([reply(200, EVENTS, "data: 1\n\n")]).await;
    let request = server.client().relay().messages("m").user("hi");
    travels(&request);
    let answer = tokio::spawn(request.send())
        .await
        .expect("no panic")
        .expect("begun");
    travels(&answer);
    let _: fn(Request<RelayResponse>) = |request| travels(&request);
}

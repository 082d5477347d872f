//! Typed streams, over real connections: how they end, well and badly.

use std::time::Duration;

use aitoearn::{
    Client, Error, RetryPolicy,
    error::StreamErrorKind,
    resources::RelayResponse,
    stream::{
        Delta, DeltaStream, EventStream, Piece, RawEvent, StreamEvent, Usage,
        anthropic::MessageEvent, openai::ChatChunk,
    },
};
use aitoearn_mock::Sandbox;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
    time::timeout,
};

use crate::server::{Act, Server, builder};

/// Without a length: the end of the connection is the end of the body.
const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\nx-request-id: r-9\r\n\r\n";
/// In pieces of which the last one must come.
const CHUNKED: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-request-id: r-9\r\ntransfer-encoding: chunked\r\n\r\n";
const TEXT: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n";
const FINISH: &str =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const DONE: &str = "data: [DONE]\n\n";
const STOP: &str = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

/// A long time for a test, and too short for the client's own limits.
const SOON: Duration = Duration::from_secs(20);

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

/// Everything up to the end, and the error there if it is one.
async fn all<E: StreamEvent>(mut stream: EventStream<E>) -> (Vec<E>, Option<Error>) {
    let mut events = Vec::new();
    while let Some(event) = stream.next().await {
        match event {
            Ok(event) => events.push(event),
            Err(error) => return (events, Some(error)),
        }
    }
    (events, None)
}

async fn chat(client: &Client) -> Result<EventStream<ChatChunk>, Error> {
    let request = client.relay().chat_completions("m").user("hi");
    request.events().await
}

/// The answer of a server that sends this and closes.
async fn sent(text: String) -> (Vec<ChatChunk>, Option<Error>) {
    let server = Server::play([Act::raw(text)]).await;
    let answer = all(chat(&server.client()).await.expect("begun")).await;
    assert_eq!(server.hits(), 1, "it was asked for again");
    answer
}

/// A server that sends this and leaves the connection open; ends when the client closes it.
async fn open(text: &'static str) -> (Client, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let closed = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a client");
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await;
        let _ = stream.write_all(text.as_bytes()).await;
        // The rest of the request, if any, then the end.
        while stream.read(&mut request).await.is_ok_and(|count| count > 0) {}
    });
    (builder(&url).build().expect("valid"), closed)
}

async fn pieces(mut stream: DeltaStream) -> Vec<Piece> {
    let mut pieces = Vec::new();
    while let Some(piece) = stream.next().await {
        pieces.push(piece.expect("a good answer"));
    }
    pieces
}

#[tokio::test]
async fn the_sandbox_says_the_same_in_all_formats() {
    let sandbox = Sandbox::start().expect("loopback");
    let client = builder(sandbox.base_url()).api_key(sandbox.api_key());
    let relay = client.build().expect("valid").relay();
    let model = relay.models().await.expect("models")[0].name.clone();
    let answers = [
        relay.chat_completions(&model).user("hi").deltas().await,
        relay.messages(&model).user("hi").deltas().await,
        relay.gemini_stream(&model).user("hi").deltas().await,
        // Whole, and a stream all the same.
        relay.gemini_generate(&model).user("hi").deltas().await,
    ];
    for (n, answer) in answers.into_iter().enumerate() {
        let pieces = pieces(answer.expect("begun")).await;
        let mut said = String::new();
        let mut used = Usage::default();
        for piece in &pieces {
            match (&piece.delta, piece.raw.as_deref()) {
                (Delta::Text(text), Some(_)) => said += text,
                (Delta::Usage(usage), Some(_)) => used = *usage,
                (Delta::Other, Some(raw)) => {
                    assert_eq!(matches!(raw, RawEvent::OpenAi(_)), n == 0, "{raw:?}");
                }
                (Delta::Done { reason }, None) => assert_eq!(reason.is_some(), n != 3),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(said, "Hello from the sandbox. \u{1f44b}");
        assert!(matches!(
            pieces.last(),
            Some(Piece {
                delta: Delta::Done { .. },
                ..
            })
        ));
        // The sandbox's OpenAI format tells no usage unless asked to.
        let expected = if n == 0 { None } else { Some(7) };
        assert_eq!(used.output, expected, "{n}");
    }
}

#[tokio::test]
async fn an_answer_may_end_with_its_connection_once_it_is_complete() {
    for text in [
        format!("{HEAD}{TEXT}{FINISH}{DONE}"),
        format!("{HEAD}{TEXT}{FINISH}"),
        format!("{CHUNKED}{}{}0\r\n\r\n", chunk(TEXT), chunk(FINISH)),
        // Nothing is read after the end.
        format!(
            "{CHUNKED}{}{}",
            chunk(&format!("{TEXT}{FINISH}{DONE}")),
            chunk("data: x")
        ),
    ] {
        let (events, error) = sent(text).await;
        assert!(events.len() == 2 && error.is_none(), "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_is_not_taken_for_whole() {
    for (text, broke) in [
        (format!("{HEAD}{TEXT}"), false),
        (
            format!("{HEAD}{TEXT}{}", &FINISH[..FINISH.len() - 1]),
            false,
        ),
        (format!("{CHUNKED}{}0\r\n\r\n", chunk(TEXT)), false),
        (format!("{CHUNKED}{}", chunk(TEXT)), true),
        (
            format!("{CHUNKED}{}{}", chunk(TEXT), &chunk(FINISH)[..9]),
            true,
        ),
    ] {
        let (events, error) = sent(text.clone()).await;
        assert_eq!(events.len(), 1, "{text}");
        let error = error.unwrap_or_else(|| panic!("taken for whole: {text}"));
        let Error::Stream(cut) = &error else {
            panic!("{error:?}");
        };
        assert_eq!((cut.kind(), cut.events()), (StreamErrorKind::Truncated, 1));
        assert_eq!(error.request_id(), Some("r-9"));
        assert_eq!(error.kind(), "stream_truncated");
        assert!(!error.is_retryable(), "it would cost again");
        assert_eq!(
            std::error::Error::source(&error).is_some(),
            broke,
            "{error:?}"
        );
        let told = error.to_string();
        assert!(
            told.contains("after 1 event") && told.contains("r-9"),
            "{told}"
        );
        assert!(!format!("{error:?}").contains("http://"), "{error:?}");
    }
    // After its reason, but not in peace.
    let (events, error) = sent(format!("{CHUNKED}{}{}", chunk(TEXT), chunk(FINISH))).await;
    assert_eq!(events.len(), 2);
    assert!(matches!(error, Some(Error::Stream(_))), "{error:?}");
}

#[tokio::test]
async fn the_last_event_closes_the_connection() {
    let (client, closed) = open(concat!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n",
        "data: {\"choices\":[]}\n\ndata: [DONE]\n\n"
    ))
    .await;
    let mut stream = chat(&client).await.expect("begun");
    assert!(matches!(stream.next().await, Some(Ok(_))));
    assert!(
        timeout(SOON, stream.next())
            .await
            .expect("at once")
            .is_none()
    );
    // Although the stream is still there.
    timeout(SOON, closed).await.expect("closed").expect("fine");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_dropped_stream_closes_the_connection() {
    let (client, closed) = open(concat!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n",
        "event: ping\ndata: {\"type\":\"ping\"}\n\n"
    ))
    .await;
    let request = client.relay().messages("m").user("hi");
    let mut stream = request.events().await.expect("begun");
    assert!(matches!(stream.next().await, Some(Ok(MessageEvent::Ping))));
    assert!(!closed.is_finished());
    drop(stream);
    timeout(SOON, closed).await.expect("closed").expect("fine");
}

#[tokio::test]
async fn an_error_in_the_middle_carries_the_request() {
    for frame in [
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"no more\"}}\n\n",
        "data: {\"error\":{\"message\":\"no more\"}}\n\n",
        "data: {\"code\":10000,\"message\":\"no more\",\"data\":{}}\n\n",
    ] {
        let (events, error) = sent(format!("{HEAD}{TEXT}{frame}{STOP}")).await;
        assert_eq!(events.len(), 1);
        let error = error.expect("an error");
        assert!(matches!(error, Error::Http(_) | Error::Api(_)), "{error:?}");
        assert_eq!(error.request_id(), Some("r-9"), "{error:?}");
        assert_eq!(
            error.operation().map(|operation| operation.name),
            Some("relay_chat_completions")
        );
        assert!(error.to_string().contains("no more"), "{error}");
    }
}

#[tokio::test]
async fn json_in_place_of_a_stream_is_one_event_or_the_error() {
    let whole = r#"{"id":"c1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","tool_calls":[]},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#;
    let server = Server::play([Act::json(whole)]).await;
    let (events, error) = all(chat(&server.client()).await.expect("whole")).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].choices[0].delta.content.as_deref(), Some("Hi"));

    let message = r#"{"type":"message","id":"m1","content":[{"type":"thinking","thinking":"Hm."},{"type":"text","text":"Hi"},{"type":"tool_use","id":"t","name":"look","input":{"a":1}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2}}"#;
    let server = Server::play([Act::json(message)]).await;
    let request = server.client().relay().messages("m").user("hi");
    let deltas: Vec<_> = pieces(request.deltas().await.expect("whole")).await;
    let [text, tool, usage, done] = &deltas[..] else {
        panic!("{deltas:?}");
    };
    assert_eq!(text.delta, Delta::Text("Hi".to_owned()));
    assert!(matches!(&tool.delta, Delta::Tool(tool) if tool.arguments == r#"{"a":1}"#));
    assert!(matches!(&usage.delta, Delta::Usage(usage) if usage.output == Some(2)));
    assert!(matches!(&done.delta, Delta::Done { reason } if reason.as_deref() == Some("tool_use")));

    let refused = r#"{"code":401,"message":"Unauthorized","data":{},"requestId":"r-3"}"#;
    let server = Server::play([Act::json(refused)]).await;
    let error = chat(&server.client()).await.expect_err("refused");
    assert_eq!(error.code().map(aitoearn::Code::get), Some(401));
    let server = Server::play([Act::json(r#"{"error":{"message":"no such model"}}"#)]).await;
    let error = chat(&server.client()).await.expect_err("refused");
    assert!(matches!(&error, Error::Http(_)), "{error:?}");
    let odd = r#"{"choices":7,"key":"canary-api-key-0123456789"}"#;
    let server = Server::play([Act::json(odd)]).await;
    let mended = chat(&server.client()).await.expect("mended");
    assert_eq!(mended.mended().places[0].place, "/choices");
    let strict = server.builder().strict_answers(true).build().expect("fine");
    let error = chat(&strict).await.expect_err("another shape");
    assert!(matches!(&error, Error::Decode(_)), "{error:?}");
    assert!(
        !format!("{error:?}").contains("canary-api-key"),
        "{error:?}"
    );
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
}

#[tokio::test]
async fn a_relay_s_own_stream_can_be_typed_later() {
    let server = Server::play([Act::raw(format!("{HEAD}{TEXT}{FINISH}"))]).await;
    let request = server.client().relay().chat_completions("m").user("hi");
    let RelayResponse::Events(stream) = request.retry(RetryPolicy::none()).await.expect("begun")
    else {
        panic!("no stream");
    };
    let (events, error) = all(EventStream::<ChatChunk>::from(stream)).await;
    assert!(events.len() == 2 && error.is_none(), "{error:?}");
}

#[test]
fn streams_travel() {
    fn travels<T: Send + 'static>(_: Option<T>) {}
    travels::<EventStream<ChatChunk>>(None);
    travels::<DeltaStream>(None);
}

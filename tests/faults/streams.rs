//! Event streams.

use std::time::{Duration, Instant};

use aitoearn::{
    Code, Error, Timeouts,
    error::StreamErrorKind,
    stream::{
        Decoder, EventStream, StreamEvent, anthropic::MessageEvent, gemini::GeminiChunk,
        openai::ChatChunk,
    },
};
use aitoearn_mock::{Act, RawServer, Then};

use crate::support::{builder, client, server, until_open};

/// Two events and the end, with everything that may be cut badly: CRLF, multi-byte text, a comment,
/// data in several lines.
const FIXTURE: &str = "data: {\"id\":\"c\",\r\nevent: message\r\ndata: \"choices\":[{\"index\":0,\"delta\":{\"content\":\"Grüße, 你好 \u{1f44b}\"}}]}\r\n\r\n: ping\r\n\r\ndata: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\r\n\r\ndata: [DONE]\r\n\r\n";
const TEXT: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n";
const FINISH: &str =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const DONE: &str = "data: [DONE]\n\n";

const MOMENT: Duration = Duration::from_millis(1);

async fn chat(server: &RawServer) -> EventStream<ChatChunk> {
    let request = client(server).relay().chat_completions("m").user("hi");
    request.events().await.expect("begun")
}

/// Everything up to the end, and the error there if it is one. Nothing follows either.
async fn all<E: StreamEvent>(mut stream: EventStream<E>) -> (Vec<E>, Option<Error>) {
    let mut events = Vec::new();
    let mut end = None;
    while let Some(event) = stream.next().await {
        match event {
            Ok(event) if end.is_none() => events.push(event),
            Err(error) if end.is_none() => end = Some(error),
            other => panic!("after the error: {:?}", other.err()),
        }
    }
    (events, end)
}

async fn answered(act: Act) -> (Vec<ChatChunk>, Option<Error>) {
    let server = server([act]);
    let answer = all(chat(&server).await).await;
    assert_eq!(server.hits(), 1, "it was asked for again");
    answer
}

/// The stream in one piece.
fn whole(text: &str) -> Act {
    Act::events([text.to_owned()], Duration::ZERO)
}

fn kind(error: Option<&Error>) -> Option<StreamErrorKind> {
    match error {
        Some(Error::Stream(error)) => Some(error.kind()),
        _ => None,
    }
}

/// 51. A stream with CRLF, a byte order mark and multi-byte text, split at every byte.
///
/// Outcome: the same events as unsplit.
#[tokio::test(start_paused = true)]
async fn f51_split_at_every_byte() {
    let text = format!("\u{feff}{FIXTURE}");
    let (expected, error) = answered(whole(&text)).await;
    assert!(expected.len() == 2 && error.is_none(), "{error:?}");
    let content = expected[0].choices[0].delta.content.as_deref();
    assert_eq!(content, Some("Grüße, 你好 \u{1f44b}"));

    let bytes = text.as_bytes();
    for at in 1..bytes.len() {
        let pieces = [bytes[..at].to_vec(), bytes[at..].to_vec()];
        let (events, error) = answered(Act::events(pieces, MOMENT)).await;
        assert!(error.is_none(), "{at}: {error:?}");
        assert_eq!(events, expected, "{at}");
    }
    let (events, error) = answered(whole(&text).drip_body(1, MOMENT)).await;
    assert!(events == expected && error.is_none(), "{error:?}");
}

/// 52. A byte order mark before the first event.
///
/// Outcome: the event is delivered.
#[tokio::test]
async fn f52_byte_order_mark() {
    let (events, error) = answered(whole(&format!("{TEXT}{FINISH}{DONE}")).bom()).await;
    assert!(events.len() == 2 && error.is_none(), "{error:?}");
}

/// 53. Lines that end with CR alone.
///
/// Outcome: all events.
#[tokio::test]
async fn f53_lines_that_end_with_cr() {
    let text = format!("{TEXT}{FINISH}{DONE}").replace('\n', "\r");
    let (events, error) = answered(whole(&text)).await;
    assert!(events.len() == 2 && error.is_none(), "{error:?}");
}

/// 54. Events without data, comments, unknown fields, an `id` with NUL, a huge `retry`.
///
/// Outcome: as the standard says: no event, nothing, nothing, no id, no wait. Nothing connects again.
#[tokio::test]
async fn f54_what_the_standard_drops() {
    let odd = "event: ping\n\n: comment\n\nunknown: 1\n\nid: 1\0\nretry: 99999999999999999999\n\n";
    let (events, error) = answered(whole(&format!("{odd}{TEXT}{odd}{FINISH}{DONE}"))).await;
    assert!(events.len() == 2 && error.is_none(), "{error:?}");

    let mut decoder = Decoder::new();
    decoder.push(format!("{odd}{TEXT}").as_bytes());
    let frame = decoder.next_frame().expect("one").expect("well-formed");
    assert_eq!((frame.id, decoder.retry()), (None, None));
    assert!(decoder.next_frame().is_none());
}

/// 55. An event of 8 MiB; one over the limit of 32 MiB.
///
/// Outcome: read within 10 ms (optimised); `EventTooLarge`, before all of it is in memory.
#[tokio::test]
async fn f55_large_events() {
    let event = format!("data: {}\n\n", "x".repeat(8 << 20));
    let read = || {
        let begun = Instant::now();
        let mut decoder = Decoder::new();
        for piece in event.as_bytes().chunks(16 << 10) {
            decoder.push(piece);
        }
        let frame = decoder
            .next_frame()
            .expect("one")
            .expect("within the limit");
        assert_eq!(frame.data.len(), 8 << 20);
        begun.elapsed()
    };
    let best = (0..5).map(|_| read()).min().expect("five");
    let limit = Duration::from_millis(if cfg!(debug_assertions) { 1000 } else { 10 });
    assert!(best < limit, "{best:?}");

    let server = server([whole(&"x".repeat(1 << 20)).repeated(1000)]);
    let (events, error) = all(chat(&server).await).await;
    assert!(events.is_empty(), "{events:?}");
    assert_eq!(
        kind(error.as_ref()),
        Some(StreamErrorKind::EventTooLarge(32 << 20)),
        "{error:?}"
    );
    assert!(
        server.sent() < 64 << 20,
        "{} bytes were taken",
        server.sent()
    );
}

/// 56. Bytes that are no UTF-8.
///
/// Outcome: `NotUtf8` after the events before them, and the end.
#[tokio::test]
async fn f56_no_utf8() {
    let mut bytes = TEXT.as_bytes().to_vec();
    bytes.extend(b"data: \xff\xfe\n\n");
    bytes.extend(format!("{FINISH}{DONE}").as_bytes());
    let (events, error) = answered(Act::events([bytes], Duration::ZERO)).await;
    assert_eq!(
        (events.len(), kind(error.as_ref())),
        (1, Some(StreamErrorKind::NotUtf8)),
        "{error:?}"
    );
}

/// 57. The connection ends before `[DONE]`, `message_stop` or the last Gemini chunk.
///
/// Outcome: `Truncated`, with the events so far and their number; never taken for a whole answer.
#[tokio::test]
async fn f57_cut_before_the_end() {
    fn assert_cut<E>((events, error): &(Vec<E>, Option<Error>), what: &str) {
        assert_eq!(events.len(), 1, "{what}");
        assert_eq!(
            kind(error.as_ref()),
            Some(StreamErrorKind::Truncated),
            "{what}: {error:?}"
        );
        let Some(Error::Stream(cut)) = error else {
            unreachable!("it has a kind")
        };
        assert_eq!(cut.events(), 1, "{what}");
    }

    let message =
        "data: {\"type\":\"message_start\",\"message\":{}}\n\ndata: {\"type\":\"content_blo";
    let contents = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]}}]}\n\n";
    for then in [Then::Close, Then::Reset] {
        let what = format!("{then:?}");
        let relay = |act: Act| {
            let server = server([act.then(then)]);
            (client(&server).relay(), server)
        };
        // Half an event is none.
        let begun = format!("{TEXT}{}", &FINISH[..FINISH.len() - 1]);
        let (asked, _server) = relay(Act::events([begun, String::new()], 5 * MOMENT));
        let chat = asked.chat_completions("m").user("hi").events().await;
        assert_cut(&all(chat.expect("begun")).await, &what);
        let (asked, _server) = relay(Act::events([message, ""], 5 * MOMENT));
        let messages = asked.messages("m").user("hi").events().await;
        assert_cut::<MessageEvent>(&all(messages.expect("begun")).await, &what);
        let (asked, _server) = relay(Act::events([contents, ""], 5 * MOMENT));
        let gemini = asked.gemini_stream("m").user("hi").events().await;
        assert_cut::<GeminiChunk>(&all(gemini.expect("begun")).await, &what);
    }
}

/// 58. `[DONE]`, and the connection stays open.
///
/// Outcome: the stream ends at once, and the client closes the connection.
#[tokio::test(start_paused = true)]
async fn f58_done_and_open() {
    let server = server([whole(&format!("{TEXT}{FINISH}{DONE}")).then(Then::Silence)]);
    let begun = tokio::time::Instant::now();
    let mut stream = chat(&server).await;
    for _ in 0..2 {
        stream.next().await.expect("not over").expect("an event");
    }
    assert!(stream.next().await.is_none());
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "{:?}",
        begun.elapsed()
    );
    // Although the caller keeps the stream.
    until_open(&server, 0).await;
    assert!(stream.next().await.is_none());
}

/// 59. Nothing but comments for longer than a stream may be without an event.
///
/// Outcome: `Error::Timeout` at the limit for events: comments keep the connection and do not count.
#[tokio::test(start_paused = true)]
async fn f59_nothing_but_comments() {
    let second = Duration::from_secs(1);
    let mut pieces = vec![TEXT.to_owned()];
    pieces.extend(vec![": still here\n\n".to_owned(); 660]);
    pieces.push(format!("{FINISH}{DONE}"));
    let server = server([Act::events(pieces, second)]);
    let begun = tokio::time::Instant::now();
    let (events, error) = all(chat(&server).await).await;
    assert_eq!(events.len(), 1);
    let Some(Error::Timeout(silent)) = &error else {
        panic!("{error:?}");
    };
    assert!(
        silent.is_without_event() && silent.limit() == 600 * second,
        "{silent:?}"
    );
    let waited = begun.elapsed().as_secs();
    assert!((600..=603).contains(&waited), "{waited} s");
}

/// 60. `event: error`, or data with an `error` or a code, in the middle.
///
/// Outcome: `Error::Api` with the code, or `Error::Http` with the provider's words; the events before
/// it are handed out, and nothing follows.
#[tokio::test]
async fn f60_errors_in_the_middle() {
    for (frame, code) in [
        (
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"no more\"}}\n\n",
            None,
        ),
        // The name alone tells it: the data is any text, or what could be an event.
        ("event: error\ndata: no more\n\n", None),
        ("event: error\ndata: {\"message\":\"no more\"}\n\n", None),
        ("data: {\"error\":{\"message\":\"no more\"}}\n\n", None),
        (
            "data: {\"code\":12001,\"message\":\"no more\",\"data\":{}}\n\n",
            Some(12001),
        ),
    ] {
        let (events, error) = answered(whole(&format!("{TEXT}{frame}{FINISH}{DONE}"))).await;
        assert_eq!(events.len(), 1, "{frame}");
        let error = error.unwrap_or_else(|| panic!("no error: {frame}"));
        assert_eq!(error.code(), code.map(Code::from), "{frame}");
        assert_eq!(matches!(error, Error::Api(_)), code.is_some(), "{error:?}");
        assert_eq!(matches!(error, Error::Http(_)), code.is_none(), "{error:?}");
        assert!(error.to_string().contains("no more"), "{error}");
    }
}

/// 61. An error in the service's envelope in place of a stream, under HTTP 200 and under 4xx.
///
/// Outcome: `Error::Api` with the code, before any event; never a decode error.
#[tokio::test]
async fn f61_an_envelope_in_place_of_a_stream() {
    let refusal = r#"{"data":{},"code":401,"message":"Unauthorized","requestId":"r-3"}"#;
    for status in [200, 400, 401, 429] {
        let act = Act::answer(status, refusal).header("content-type", "application/json");
        let server = server([act]);
        let chat = client(&server).relay().chat_completions("m").user("hi");
        let chat = chat.retry(aitoearn::RetryPolicy::none());
        let error = chat.events().await.expect_err("refused");
        assert!(matches!(error, Error::Api(_)), "{status}: {error:?}");
        assert_eq!(error.code(), Some(Code::UNAUTHORIZED), "{status}");
        assert_eq!(error.request_id(), Some("r-3"), "{status}");
    }
}

/// 62. A reader that is slower than the server.
///
/// Outcome: the server is held back: what is not taken is not read. No event is lost.
#[tokio::test]
async fn f62_a_slow_reader() {
    let event = format!(
        "data: {{\"choices\":[],\"filler\":\"{}\"}}\n\n",
        "x".repeat(64 << 10)
    );
    let (times, size) = (2000, event.len() as u64);
    let server = server([whole(&event).repeated(times)]);
    let mut stream = chat(&server).await;
    stream.next().await.expect("one").expect("an event");
    let stalled = loop {
        let before = server.sent();
        tokio::time::sleep(40 * MOMENT).await;
        if server.sent() == before {
            break before;
        }
    };
    // What the operating system buffers on both sides, and what the client holds.
    assert!(
        stalled < 32 << 20,
        "{stalled} of {} bytes were taken",
        times * size
    );
    let (rest, error) = all(stream).await;
    assert_eq!(rest.len() as u64, times - 1);
    assert_eq!(
        kind(error.as_ref()),
        Some(StreamErrorKind::Truncated),
        "it has no end"
    );
}

/// 63. The stream is dropped.
///
/// Outcome: the server sees the connection close within 100 ms, and nobody connects again.
#[tokio::test]
async fn f63_a_dropped_stream() {
    let server = server([whole(TEXT).then(Then::Silence)]);
    let idle = Timeouts::default().idle(Duration::from_secs(600));
    let client = builder(&server.base_url())
        .timeouts(idle)
        .build()
        .expect("valid");
    let chat = client.relay().chat_completions("m").user("hi").events();
    let mut stream = chat.await.expect("begun");
    stream.next().await.expect("one").expect("an event");
    assert_eq!(server.open(), 1);
    drop(stream);
    let closed = server.until(|server| server.open() == 0);
    let closed = tokio::time::timeout(100 * MOMENT, closed).await;
    closed.expect("closed within 100 ms");
    assert_eq!((server.connections(), server.hits()), (1, 1));
}

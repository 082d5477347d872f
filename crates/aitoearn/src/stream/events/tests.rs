//! Typed events: split, cut, silent, broken and mended.

use std::sync::{Arc, atomic::Ordering};

use aitoearn_api::Code;

use super::*;
use crate::stream::{
    anthropic::MessageEvent,
    gemini::GeminiChunk,
    openai::ChatChunk,
    testing::{ANTHROPIC, GEMINI, OPENAI, Timetable, all, complete_at},
};

const SECOND: Duration = Duration::from_secs(1);

/// The answer, split and cut at every byte.
async fn at_every_byte<E: StreamEvent + PartialEq + fmt::Debug>(text: &str, count: usize) {
    let bytes = text.as_bytes();
    let (expected, error) = all::<E>(Timetable::of([bytes]).events()).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(expected.len(), count);
    let (events, error) = all::<E>(Timetable::of(bytes.chunks(1)).events()).await;
    assert!(events == expected && error.is_none(), "{error:?}");
    for cut in 0..bytes.len() {
        let (head, tail) = bytes.split_at(cut);
        let (events, error) = all::<E>(Timetable::of([head, tail]).events()).await;
        assert!(events == expected && error.is_none(), "at {cut}: {error:?}");

        let (events, error) = all::<E>(Timetable::of([head]).events()).await;
        assert_eq!(events, expected[..events.len()], "cut at {cut}");
        match error {
            None => assert!(cut >= complete_at(text), "cut at {cut} and taken for whole"),
            Some(Error::Stream(error)) => {
                assert_eq!(error.kind(), StreamErrorKind::Truncated);
                assert_eq!(error.events(), events.len() as u64);
                assert!(cut < complete_at(text), "complete at {cut}");
            }
            Some(error) => panic!("cut at {cut}: {error:?}"),
        }
    }
}

#[tokio::test]
async fn a_split_changes_nothing_and_a_cut_is_never_an_end() {
    at_every_byte::<ChatChunk>(OPENAI, 9).await;
    at_every_byte::<MessageEvent>(ANTHROPIC, 13).await;
    at_every_byte::<GeminiChunk>(GEMINI, 4).await;
}

#[tokio::test]
async fn events_are_typed_and_what_is_unknown_is_kept() {
    let (events, _) = all::<ChatChunk>(Timetable::of([OPENAI.as_bytes()]).events()).await;
    assert_eq!(events[0].extra["object"], "chat.completion.chunk");
    assert_eq!(events[7].choices[0].finish_reason.as_deref(), Some("stop"));
    assert_eq!(events[8].extra["cost"], "0.0125");
    let text = Timetable::of([ANTHROPIC.as_bytes()]);
    let (events, _) = all::<MessageEvent>(text.events()).await;
    assert_eq!(events[1], MessageEvent::Ping);
    let MessageEvent::Unknown(later) = &events[10] else {
        panic!("{:?}", events[10]);
    };
    assert_eq!(
        (&later["type"], &later["n"]),
        (&"later_kind".into(), &1.into())
    );
    let (events, _) = all::<GeminiChunk>(Timetable::of([GEMINI.as_bytes()]).events()).await;
    assert!(events[3].extra.contains_key("sdkHttpResponse"));
}

#[tokio::test(start_paused = true)]
async fn the_last_event_ends_it_even_if_the_connection_stays_open() {
    let begun = Instant::now();
    let open = |text: &str| Timetable::of([text.as_bytes()]).stays_open();
    let (events, error) = all::<ChatChunk>(open(OPENAI).events()).await;
    assert!(events.len() == 9 && error.is_none(), "{error:?}");
    let (events, error) = all::<MessageEvent>(open(ANTHROPIC).events()).await;
    assert!(events.len() == 13 && error.is_none(), "{error:?}");
    assert_eq!(begun.elapsed(), Duration::ZERO);

    // Another format's word is only the end of the bytes.
    let done = open("data: {\"type\":\"ping\"}\n\ndata: [DONE]\n\n");
    let (_, error) = all::<MessageEvent>(done.events()).await;
    assert!(matches!(error, Some(Error::Stream(_))), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn silence_ends_it_and_comments_only_keep_it_alive() {
    let begun = Instant::now();
    let text = Timetable::of(["data: {}\n\n".as_bytes()]).stays_open();
    let (_, error) = all::<ChatChunk>(text.then(3, 50 * SECOND, ":\n").events()).await;
    assert!(
        matches!(&error, Some(Error::Timeout(error)) if error.limit() == 60 * SECOND
            && error.is_inside_stream() && !error.is_without_event()),
        "{error:?}"
    );
    assert_eq!(begun.elapsed().as_secs(), 210);

    for rest in [": ping\n\n", "event: ping\n\n", "data:\n\n", ":"] {
        let begun = Instant::now();
        let text = Timetable::of(["data: {}\n\n".as_bytes()]).stays_open();
        let (events, error) = all::<ChatChunk>(text.then(900, SECOND, rest).events()).await;
        assert_eq!(events.len(), 1);
        assert!(
            matches!(&error, Some(Error::Timeout(error)) if error.limit() == 600 * SECOND
                && error.is_inside_stream() && error.is_without_event()),
            "{error:?}"
        );
        let error = error.expect("one");
        assert!(error.to_string().contains("no event for 600s"), "{error}");
        assert!(
            error.advice().contains("Timeouts::event"),
            "{}",
            error.advice()
        );
        let waited = begun.elapsed();
        assert!(
            waited >= 600 * SECOND && waited < 602 * SECOND,
            "{rest:?} {waited:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_model_may_think_for_minutes_while_comments_come() {
    let begin = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n";
    let end =
        "data: {\"choices\":[{\"delta\":{\"content\":\"42\"},\"finish_reason\":\"stop\"}]}\n\n";
    let text = Timetable::of([begin.as_bytes()])
        .then(100, 5 * SECOND, ": keepalive\n\n")
        .then(1, SECOND, end);
    let (events, error) = all::<ChatChunk>(text.events()).await;
    assert!(events.len() == 2 && error.is_none(), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn events_at_intervals_below_the_limit_keep_it_alive() {
    let ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n";
    let stop = "data: {\"type\":\"message_stop\"}\n\n";
    let text = Timetable::of([])
        .then(9, 50 * SECOND, ping)
        .then(1, SECOND, stop);
    let (events, error) = all::<MessageEvent>(text.events()).await;
    assert!(events.len() == 10 && error.is_none(), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_is_no_silent_server_and_pulls_nothing_ahead() {
    let pieces = ["data: {\"choices\":[]}\n\n".as_bytes(); 5];
    let text = Timetable::of(pieces).then(1, 30 * SECOND, "data: [DONE]\n\n");
    let taken = Arc::clone(&text.taken);
    let mut stream = text.events::<ChatChunk>();
    for n in 0..5 {
        assert_eq!(taken.load(Ordering::Relaxed), n);
        assert!(matches!(stream.next().await, Some(Ok(_))));
        tokio::time::sleep(300 * SECOND).await;
    }
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn json_that_is_called_a_stream_is_an_answer_in_one_piece() {
    let answer = r#"{"choices":[{"message":{"content":"whole"},"finish_reason":"stop"}]}"#;
    for text in [answer.to_owned(), format!("\u{feff}\n {answer}\n")] {
        let pieces = text.as_bytes().chunks(7);
        let (events, error) = all::<ChatChunk>(Timetable::of(pieces).events()).await;
        assert!(error.is_none(), "{error:?}");
        let content = events[0].choices[0].delta.content.as_deref();
        assert_eq!((events.len(), content), (1, Some("whole")));
        let (head, _) = text.as_bytes().split_at(text.len() - 9);
        let (events, error) = all::<ChatChunk>(Timetable::of([head]).events()).await;
        assert!(events.is_empty());
        assert!(matches!(error, Some(Error::Stream(_))), "{error:?}");
    }
    let refusal = r#"{"code":401,"message":"Unauthorized","data":{}}"#;
    let text = Timetable::of([refusal.as_bytes()]);
    let (_, error) = all::<ChatChunk>(text.events()).await;
    assert_eq!(error.and_then(|error| error.code()), Some(Code::new(401)));
}

#[tokio::test]
async fn an_error_in_the_middle_is_typed_in_whatever_form() {
    for (frame, code, words) in [
        (
            r#"data: {"error":{"message":"overloaded","type":"x"}}"#,
            None,
            "overloaded",
        ),
        (
            r#"data: {"id":"c1","choices":[],"error":{"message":"lost"}}"#,
            None,
            "lost",
        ),
        (r#"data: {"error":"plain"}"#, None, "plain"),
        (
            r#"data: {"code":401,"message":"Unauthorized","data":{}}"#,
            Some(401),
            "Unauthorized",
        ),
        (
            "event: error\ndata: upstream failed",
            None,
            "upstream failed",
        ),
        ("event: error\ndata: {\"message\":\"no\"}", None, "no"),
        ("event: error\ndata: {\"error\":null}", None, "refused"),
        ("event: error\ndata:", None, "refused"),
        (
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"busy\"}}",
            None,
            "busy",
        ),
    ] {
        let text = format!("data: {{\"choices\":[]}}\n\n{frame}\n\n{OPENAI}");
        let (events, error) = all::<ChatChunk>(Timetable::of([text.as_bytes()]).events()).await;
        let error = error.unwrap_or_else(|| panic!("no error: {frame}"));
        assert_eq!(events.len(), 1, "{frame}");
        assert_eq!(error.code(), code.map(Code::new), "{frame}");
        assert!(matches!(error, Error::Api(_) | Error::Http(_)), "{error:?}");
        assert!(error.to_string().contains(words), "{frame}: {error}");
    }
    // What Anthropic's format itself calls an error.
    let data = r#"data: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}"#;
    let text = format!("{data}\n\n");
    let (_, error) = all::<MessageEvent>(Timetable::of([text.as_bytes()]).events()).await;
    assert!(
        matches!(&error, Some(Error::Http(error))
        if error.provider_message.as_deref() == Some("busy")),
        "{error:?}"
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error_that_says_why() {
    for bad in ["data: {\"choices\":", "data: <html>", "data: []"] {
        let text = format!("{bad}\n\n");
        let (_, error) = all::<ChatChunk>(Timetable::of([text.as_bytes()]).events()).await;
        assert!(matches!(error, Some(Error::Decode(_))), "{bad}: {error:?}");
    }
    // Who wants no event mended gets the place.
    let text = Timetable::of(["data: {\"choices\":[{\"index\":\"x\"}]}\n\n".as_bytes()]);
    let (_, error) = all::<ChatChunk>(text.strict().into()).await;
    assert!(error.is_some_and(|error| error.to_string().contains("choices[0].index")));

    let (_, error) = all::<ChatChunk>(Timetable::of([&b"data: \xff\n\n"[..]]).events()).await;
    assert!(
        matches!(&error, Some(Error::Stream(error)) if error.kind() == StreamErrorKind::NotUtf8),
        "{error:?}"
    );

    let mut live = Timetable::of([OPENAI.as_bytes()]).live();
    live.decoder = Decoder::new().with_limit(150);
    let (_, error) = all::<ChatChunk>(live.into()).await;
    let kind = StreamErrorKind::EventTooLarge(150);
    assert!(
        matches!(&error, Some(Error::Stream(error)) if error.kind() == kind),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_answer_of_several_is_whole_once_all_of_them_are() {
    let one = r#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"},{"index":1}]}"#;
    let two = r#"data: {"choices":[{"index":1,"finish_reason":"length"},{"index":0}]}"#;
    let text = format!("{one}\n\n");
    let (_, error) = all::<ChatChunk>(Timetable::of([text.as_bytes()]).events()).await;
    assert!(matches!(error, Some(Error::Stream(_))), "{error:?}");
    let text = format!("{one}\n\n{two}\n\n");
    let (_, error) = all::<ChatChunk>(Timetable::of([text.as_bytes()]).events()).await;
    assert!(error.is_none(), "{error:?}");

    let blocked = "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}\n\n";
    let (_, error) = all::<GeminiChunk>(Timetable::of([blocked.as_bytes()]).events()).await;
    assert!(error.is_none(), "{error:?}");
}

#[tokio::test]
async fn an_odd_field_of_an_event_costs_that_field_and_is_told() {
    let odd = "data: {\"choices\":[{\"index\":\"x\",\"delta\":{\"content\":\"kept\"}}]}\n\n";
    let also = "data: {\"choices\":[{\"index\":{}}]}\n\n";
    let text = format!("{odd}{also}{OPENAI}");
    let mut stream = Timetable::of([text.as_bytes()]).events::<ChatChunk>();
    let first = stream.next().await.expect("an event").expect("mended");
    assert_eq!(first.choices[0].delta.content.as_deref(), Some("kept"));
    let mended = stream.mended();
    assert_eq!(
        (mended.count, &*mended.places[0].place),
        (1, "/choices/0/index")
    );
    while let Some(event) = stream.next().await {
        event.expect("mended");
    }
    let places: Vec<_> = stream.mended().places.iter().map(|it| &*it.place).collect();
    assert_eq!(places, ["/choices/0/index"; 2]);
}

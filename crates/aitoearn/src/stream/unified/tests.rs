//! The same pieces from all three formats.

use super::*;
use crate::stream::testing::{ANTHROPIC, GEMINI, OPENAI, Timetable, complete_at};

async fn pieces(mut stream: DeltaStream) -> (Vec<Piece>, Option<Error>) {
    let mut pieces = Vec::new();
    while let Some(piece) = stream.next().await {
        match piece {
            Ok(piece) => pieces.push(piece),
            Err(error) => return (pieces, Some(error)),
        }
    }
    assert!(stream.next().await.is_none());
    (pieces, None)
}

/// What the pieces of an answer come to: text, calls, tokens, the end.
fn sum(pieces: &[Piece]) -> (String, Vec<ToolDelta>, Usage, Option<Delta>) {
    let (mut text, mut calls, mut usage, mut done) =
        (String::new(), Vec::new(), Usage::default(), None);
    for piece in pieces {
        assert!(done.is_none(), "something follows the end");
        assert_eq!(
            piece.raw.is_none(),
            matches!(piece.delta, Delta::Done { .. })
        );
        match &piece.delta {
            Delta::Text(more) => text += more,
            Delta::Tool(more) if more.name.is_some() => calls.push(more.clone()),
            Delta::Tool(more) => {
                let call = calls.iter_mut().find(|call| call.index == more.index);
                call.expect("begun").arguments += &more.arguments;
            }
            Delta::Usage(now) => usage = *now,
            Delta::Done { .. } => done = Some(piece.delta.clone()),
            Delta::Other => {}
        }
    }
    (text, calls, usage, done)
}

fn streams(cut: fn(&str) -> usize) -> [DeltaStream; 3] {
    let part = |text: &'static str| Timetable::of([&text.as_bytes()[..cut(text)]]);
    [
        part(OPENAI).events::<ChatChunk>().into(),
        part(ANTHROPIC).events::<MessageEvent>().into(),
        part(GEMINI).events::<GeminiChunk>().into(),
    ]
}

#[tokio::test]
async fn the_same_answer_is_the_same_in_all_formats() {
    for stream in streams(str::len) {
        let (pieces, error) = pieces(stream).await;
        assert!(error.is_none(), "{error:?}");
        let (text, calls, usage, done) = sum(&pieces);
        assert_eq!(text, "Grüße, 世界 👋");
        let [call] = &calls[..] else {
            panic!("{calls:?}");
        };
        assert_eq!(call.id.as_deref(), Some("t1"));
        assert_eq!(call.name.as_deref(), Some("look"));
        assert_eq!(call.arguments, r#"{"a":1}"#);
        assert_eq!((usage.input, usage.output), (Some(9), Some(7)));
        let reason = Some("stop".to_owned());
        assert_eq!(done, Some(Delta::Done { reason }));
    }
}

#[tokio::test]
async fn a_cut_answer_is_never_done() {
    for stream in streams(|text| complete_at(text) - 1) {
        let (pieces, error) = pieces(stream).await;
        assert!(matches!(error, Some(Error::Stream(_))), "{error:?}");
        assert!(sum(&pieces).3.is_none());
    }
}

#[tokio::test]
async fn every_event_comes_with_a_piece() {
    for (stream, count) in streams(str::len).into_iter().zip([9, 13, 4]) {
        let (pieces, _) = pieces(stream).await;
        let mut raw: Vec<_> = pieces
            .iter()
            .filter_map(|piece| piece.raw.as_ref())
            .collect();
        raw.dedup_by(|a, b| Arc::ptr_eq(a, b));
        assert_eq!(raw.len(), count);
    }
}

#[test]
fn calls_of_other_tools_than_the_callers_are_not_theirs() {
    let mut unifier = Unifier::default();
    for event in [
        r#"{"type":"content_block_start","index":4,"content_block":{"type":"server_tool_use","id":"s","name":"web","input":{}}}"#,
        r#"{"type":"content_block_delta","index":4,"delta":{"type":"input_json_delta","partial_json":"{}"}}"#,
    ] {
        let event = serde_json::from_str(event).expect("an event");
        let pieces = unifier.pieces(RawEvent::Anthropic(event));
        assert!(
            pieces.iter().all(|piece| piece.delta == Delta::Other),
            "{pieces:?}"
        );
    }
}

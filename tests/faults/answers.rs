//! What a model really answered.

use std::time::Duration;

use aitoearn::{
    Client, Error,
    stream::{Delta, ToolCall, ToolCalls},
};
use aitoearn_mock::{Act, Code};
use serde_json::{Value, json};

use crate::support::{client, server};

fn chunk(choice: &Value) -> String {
    format!("data: {}\n\n", json!({ "choices": [choice] }))
}

/// The text, the calls and the end of an answer in OpenAI's format.
async fn answer(act: Act) -> (String, Vec<ToolCall>, Result<Option<String>, Error>) {
    let server = server([act]);
    let request = client(&server).relay().chat_completions("m").user("hi");
    let (mut text, mut calls) = (String::new(), ToolCalls::new());
    let mut pieces = match request.deltas().await {
        Ok(pieces) => pieces,
        Err(error) => return (text, Vec::new(), Err(error)),
    };
    while let Some(piece) = pieces.next().await {
        match piece.map(|piece| piece.delta) {
            Ok(Delta::Text(more)) => text += &more,
            Ok(Delta::Tool(part)) => calls.add(&part),
            Ok(Delta::Done { reason }) => return (text, calls.finish(), Ok(reason)),
            Ok(_) => {}
            Err(error) => return (text, calls.finish(), Err(error)),
        }
    }
    panic!("neither an end nor an error");
}

fn events(pieces: impl IntoIterator<Item = String>) -> Act {
    Act::events(pieces, Duration::ZERO)
}

/// 84. Every chunk of a stream has an end reason that is empty, unknown, or always the same, and
/// the connection closes in the middle.
///
/// Outcome: `Error::Stream`. With the format's own end behind it, the answer is whole.
#[tokio::test]
async fn f84_reasons_that_end_nothing() {
    for reason in ["", "null", "going_on", "stop"] {
        let part =
            |text: &str| chunk(&json!({ "delta": { "content": text }, "finish_reason": reason }));
        let half = vec![part("half "), part("of it")];
        let (text, _, end) = answer(events(half.clone())).await;
        assert_eq!(text, "half of it");
        assert!(matches!(end, Err(Error::Stream(_))), "{reason:?}: {end:?}");
        let done = "data: [DONE]\n\n".to_owned();
        let (_, _, end) = answer(events(half.into_iter().chain([done]))).await;
        assert!(end.is_ok(), "{reason:?}: {end:?}");
    }
}

/// 85. A provider numbers all tool calls alike, or none, or sends their arguments as JSON instead of
/// as text.
///
/// Outcome: two calls are two calls, each with its own id, name and arguments.
#[tokio::test]
async fn f85_tool_calls_that_run_together() {
    for number in [None, Some(0), Some(7)] {
        let call = |id: &str, arguments: Value| {
            let mut call = json!({ "id": id, "function": { "name": id, "arguments": arguments } });
            if let Some(number) = number {
                call["index"] = json!(number);
            }
            chunk(&json!({ "delta": { "tool_calls": [call] } }))
        };
        let end = chunk(&json!({ "delta": {}, "finish_reason": "tool_calls" }));
        let pieces = [
            call("sun", json!("{\"d\":1}")),
            call("rain", json!({ "d": 2 })),
            end,
        ];
        let (_, calls, end) = answer(events(pieces)).await;
        end.expect("whole");
        let found: Vec<_> = calls
            .iter()
            .map(|it| (it.id.as_str(), it.parse().expect("JSON")["d"].clone()))
            .collect();
        assert_eq!(found, [("sun", json!(1)), ("rain", json!(2))], "{number:?}");
    }
}

/// 86. The result of a tool call is sent back, in each of the three formats.
///
/// Outcome: the second turn has the call and its result in the form that the format prescribes.
#[tokio::test]
async fn f86_the_second_turn() {
    let sent = async |ask: &dyn Fn(
        &Client,
    ) -> aitoearn::resources::Sending<
        aitoearn::resources::RelayResponse,
    >| {
        let server = server([Act::json("{}")]);
        ask(&client(&server)).await.expect("answered");
        let body = server.requests().remove(0).body;
        serde_json::from_slice::<Value>(&body).expect("JSON")
    };
    let call = ToolCall::new("c1", "sun", "{\"d\":1}");
    let calls = [call.clone(), ToolCall::new("c2", "rain", "{}")];
    let body = sent(&|client| {
        let chat = client
            .relay()
            .chat_completions("m")
            .user("u")
            .tool_calls(None, &calls);
        chat.tool_result(&call, json!({ "t": 9 })).into_future()
    })
    .await;
    assert_eq!(body["messages"][1]["content"], Value::Null);
    assert_eq!(
        body["messages"][1]["tool_calls"][0]["function"]["arguments"],
        "{\"d\":1}"
    );
    let result = json!({ "role": "tool", "tool_call_id": "c1", "content": "{\"t\":9}" });
    assert_eq!(body["messages"][2], result);

    let body = sent(&|client| {
        let chat = client
            .relay()
            .messages("m")
            .user("u")
            .tool_calls(Some("so"), &calls);
        chat.tool_result(&call, "9")
            .tool_result(&calls[1], "no")
            .into_future()
    })
    .await;
    let parts = &body["messages"][1]["content"];
    assert_eq!(
        (&parts[0]["text"], &parts[1]["input"]),
        (&json!("so"), &json!({ "d": 1 }))
    );
    let results = body["messages"][2]["content"].as_array().expect("parts");
    assert_eq!(
        (results.len(), &results[1]["tool_use_id"]),
        (2, &json!("c2")),
        "one message"
    );

    let body = sent(&|client| {
        let chat = client
            .relay()
            .gemini_generate("m")
            .user("u")
            .tool_calls(None, &calls);
        chat.tool_result(&call, 9)
            .tool_result(&calls[1], json!({}))
            .into_future()
    })
    .await;
    assert_eq!(
        body["contents"][1]["parts"][0]["functionCall"]["args"],
        json!({ "d": 1 })
    );
    let results = body["contents"][2]["parts"].as_array().expect("parts");
    assert_eq!(
        results[0]["functionResponse"]["response"],
        json!({ "output": 9 })
    );
    assert_eq!(results.len(), 2, "one turn");
}

/// 98. A stream was asked for, and its events come under another content type, or JSON comes as
/// `text/event-stream`.
///
/// Outcome: what the body is decides, and what was paid for is read.
#[tokio::test]
async fn f98_another_content_type() {
    let pieces = [
        ": hello\n\n".to_owned(),
        chunk(&json!({ "delta": { "content": "paid" }, "finish_reason": "stop" })),
        "data: [DONE]\n\n".to_owned(),
    ]
    .concat();
    let json =
        json!({ "choices": [{ "message": { "content": "paid" }, "finish_reason": "stop" }] });
    for (body, kind) in [
        (pieces.clone(), "application/json"),
        (pieces.clone(), "text/plain; charset=utf-8"),
        (pieces, ""),
        (json.to_string(), "text/event-stream"),
    ] {
        let act = Act::answer(200, body);
        let act = if kind.is_empty() {
            act
        } else {
            act.header("content-type", kind)
        };
        let (text, _, end) = answer(act).await;
        assert_eq!(text, "paid", "{kind}");
        end.expect(kind);
    }
}

/// 99. Small fields of a chunk have another form: an id is a number, a count is a text, the text a
/// list of parts.
///
/// Outcome: that costs the field and never the answer.
#[tokio::test]
async fn f99_odd_forms() {
    let chunk = json!({
        "id": 5, "model": null, "created": "now", "usage": "none",
        "choices": [{ "delta": { "role": 1, "content": [{ "text": "paid" }] }, "finish_reason": "stop" }],
    });
    let (text, _, end) = answer(events([format!("data: {chunk}\n\n")])).await;
    assert_eq!(
        (text.as_str(), end.expect("whole").as_deref()),
        ("paid", Some("stop"))
    );
}

/// 100. A model thinks for minutes, and the server keeps the stream alive with comments.
///
/// Outcome: it is waited for. Bytes have a limit (60 s by default), and events have another (600 s),
/// whose error names the option.
#[test]
fn f100_kept_alive() {
    crate::support::paused().block_on(async {
        let begin = chunk(&json!({ "delta": { "role": "assistant" } }));
        let end = chunk(&json!({ "delta": { "content": "42" }, "finish_reason": "stop" }));
        let keep = |times: usize| std::iter::repeat_n(": keepalive\n\n".to_owned(), times);
        let pause = Duration::from_secs(20);
        let pieces: Vec<_> = [begin.clone()]
            .into_iter()
            .chain(keep(12))
            .chain([end])
            .collect();
        let (text, _, done) = answer(Act::events(pieces, pause)).await;
        assert_eq!((text.as_str(), done.is_ok()), ("42", true));
        let pieces: Vec<_> = [begin].into_iter().chain(keep(40)).collect();
        let (_, _, end) = answer(Act::events(pieces, pause)).await;
        let error = end.expect_err("no event for ten minutes");
        assert!(
            matches!(&error, Error::Timeout(it) if it.is_without_event()),
            "{error:?}"
        );
        assert!(
            error.advice().contains("Timeouts::event"),
            "{}",
            error.advice()
        );
    });
}

/// 101. A provider is overloaded, or at its limit, and the relay passes that on under HTTP 200, as an
/// event or as JSON.
///
/// Outcome: `Error::Http` with the provider's word and a category; it may be asked again, and the
/// advice says so. AiToEarn's own code in such an error is `Error::Api`.
#[tokio::test]
async fn f101_a_busy_provider() {
    for (error, word) in [
        (
            json!({ "type": "overloaded_error", "message": "Overloaded" }),
            "overloaded_error",
        ),
        (
            json!({ "code": "rate_limit_exceeded", "type": "tokens", "message": "slow" }),
            "rate_limit",
        ),
        (
            json!({ "code": 429, "status": "RESOURCE_EXHAUSTED", "message": "quota" }),
            "RESOURCE",
        ),
        (json!({ "code": 529, "message": "busy" }), "529"),
    ] {
        let error = json!({ "type": "error", "error": error });
        for act in [
            events([format!("event: error\ndata: {error}\n\n")]),
            events([
                chunk(&json!({ "delta": { "content": "so" } })),
                format!("data: {error}\n\n"),
            ]),
        ] {
            let (_, _, end) = answer(act).await;
            let error = end.expect_err("busy");
            assert!(matches!(error, Error::Http(_)), "{error:?}");
            assert!(error.to_string().contains(word), "{error}");
            assert!(error.is_retryable(), "{error:?}");
            assert!(
                error.advice().contains("again in a moment"),
                "{}",
                error.advice()
            );
        }
    }
    let refused = json!({ "error": { "type": "invalid_request_error", "message": "too long" } });
    let (_, _, end) = answer(events([format!("data: {refused}\n\n")])).await;
    let error = end.expect_err("refused");
    assert!(
        !error.is_retryable() && !error.advice().contains("base URL"),
        "{}",
        error.advice()
    );
    let own = json!({ "error": { "code": 12001, "message": "no credits" } });
    let (_, _, end) = answer(events([format!("data: {own}\n\n")])).await;
    assert_eq!(
        end.expect_err("refused").code(),
        Some(Code::USER_CREDITS_INSUFFICIENT)
    );
}

//! What really happened.

use std::{
    thread,
    time::{Duration, SystemTime},
};

use aitoearn::{
    Client, Error, FlowItem, IssueCode, PublishTime, Timestamp,
    flow::{PollPolicy, UploadError, UploadSource},
    stream::{Delta, ToolCall, ToolCalls},
    types::Platform,
};
use aitoearn_mock::{Act, Code, RawServer, Sandbox};
use serde_json::{Value, json};

use crate::support::{builder, client, effect, server};

const HOUR: Duration = Duration::from_secs(3600);

fn sandbox() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().expect("loopback");
    let client = builder(sandbox.base_url()).api_key(sandbox.api_key());
    (sandbox, client.build().expect("valid"))
}

fn quick() -> PollPolicy {
    PollPolicy::every(Duration::from_millis(2)).shortest(Duration::ZERO)
}

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
    let sent = async |ask: &dyn Fn(&Client) -> aitoearn::Sending<aitoearn::RelayResponse>| {
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

/// 87. A page without items in the middle of a list, with the word that there are more.
///
/// Outcome: the list continues behind it. After a hundred such pages in a row it is `Error::Stream`.
#[tokio::test]
async fn f87_an_empty_page() {
    let page = |items: Value, next: Option<&str>| {
        let pagination = json!({
            "mode": "cursor", "nextCursor": next, "hasNext": next.is_some(), "hasPrevious": false, "limit": 1,
        });
        let data = json!({ "platform": "tiktok", "items": items, "pagination": pagination });
        Act::json(json!({ "code": 0, "message": "ok", "data": data }).to_string())
    };
    let work = |id: &str| json!([{ "platformWorkId": id, "contentMode": "video" }]);
    let server = server([
        page(json!([]), Some("a")),
        page(work("1"), Some("b")),
        page(json!([]), Some("c")),
        page(work("2"), None),
    ]);
    let mut works = client(&server)
        .works()
        .list(Platform::Tiktok, "tiktok_1")
        .stream();
    let mut found = Vec::new();
    while let Some(work) = works.next().await {
        found.push(work.expect("fine").platform_work_id);
    }
    assert_eq!(
        (found, server.hits()),
        (vec!["1".to_owned(), "2".to_owned()], 4)
    );
}

/// 88. A time is a number, has a part that nobody understands, or is over.
///
/// Outcome: refused where it is read, or before anything is sent: a post does not go out at once
/// because its time was misread.
#[tokio::test]
async fn f88_times_that_are_misread() {
    for text in [
        "1795800000",
        "1795800000000",
        "2031-05-18T09:30:00[Asia/Shanghai]",
    ] {
        text.parse::<Timestamp>().expect_err(text);
    }
    let (sandbox, client) = sandbox();
    let flow = client
        .publish()
        .flow()
        .title("t")
        .video("https://cdn.example.com/v.mp4");
    let flow = flow.item(FlowItem::youtube("youtube_1"));
    let error = flow
        .at(SystemTime::now() - 2 * HOUR)
        .await
        .expect_err("over");
    assert!(
        matches!(error.error(), Some(Error::InvalidInput(_))),
        "{error:?}"
    );
    assert!(sandbox.seen().is_empty());
}

/// 89. The platform took a post and then answered with an error.
///
/// Outcome: it counts as failed and keeps its link, and the advice is to look before posting again.
#[tokio::test]
async fn f89_failed_and_live() {
    let task = json!({
        "id": "66f2a9c4d81e5b0037c4a101", "flowId": "f", "accountId": "threads_1", "platform": "threads",
        "accountType": "threads", "type": "video", "userId": "u", "status": -1, "errorMsg": "no",
        "workLink": "https://threads.example/p/3", "platformWorkId": "3",
        "publishTime": "2026-01-01T00:00:00.000Z",
    });
    let server = RawServer::choose(move |_, request| {
        let is_record = request.is_some_and(|it| it.target().contains("/records/"));
        let flow = json!({ "flowId": "f", "tasks": [task] });
        let data = if is_record { &task } else { &flow };
        Act::json(json!({ "code": 0, "message": "ok", "data": data }).to_string())
    });
    let server = server.expect("loopback");
    let client = client(&server);
    let outcome = client
        .publish()
        .wait("f")
        .policy(quick())
        .await
        .expect("an end");
    let task = &outcome.tasks[0];
    assert_eq!(task.link(), Some("https://threads.example/p/3"));
    assert!(!task.is_published() && task.is_live());
    assert!(
        task.failure()
            .is_some_and(|it| it.advice().contains("twice"))
    );
}

/// 90. Of several accounts, one is offline and one is not there; of its options, one is unknown.
///
/// Outcome: all of it is named before anything is uploaded.
#[tokio::test]
async fn f90_accounts_and_options() {
    let (sandbox, client) = sandbox();
    let add = |platform| sandbox.accounts().add(platform, "x").expect("known");
    let off = add("youtube");
    sandbox.accounts().set_offline(&off).expect("there");
    let flow = client
        .publish()
        .flow()
        .title("t")
        .body("b")
        .at(PublishTime::Now);
    let flow = flow
        .video(UploadSource::bytes("v.mp4", vec![1; 10]))
        .item(FlowItem::youtube(&off))
        .item(FlowItem::threads("threads_0"))
        .item(FlowItem::twitter(add("twitter")).option("mystery", true));
    let error = flow.await.expect_err("three problems");
    let codes: Vec<_> = error.problems().iter().map(|it| &it.code).collect();
    let expected = [
        IssueCode::AccountOffline,
        IssueCode::AccountNotFound,
        IssueCode::UnknownOption,
    ];
    assert_eq!(codes, expected.iter().collect::<Vec<_>>(), "{error}");
    assert!(sandbox.storage().seen().is_empty());
}

/// 91. A job is stopped after it has created its flow, and starts again with the same id.
///
/// Outcome: the flow is found before anything is uploaded, and joined if that was asked for.
#[tokio::test]
async fn f91_the_same_flow_again() {
    let (sandbox, client) = sandbox();
    let account = sandbox.accounts().add("youtube", "x").expect("known");
    let flow = || {
        let flow = client
            .publish()
            .flow()
            .flow_id("night")
            .title("t")
            .body("b");
        let flow = flow.video(UploadSource::bytes("v.mp4", vec![1; 10]));
        flow.item(FlowItem::youtube(&account)).at(PublishTime::Now)
    };
    flow().await.expect("created");
    let error = flow().await.expect_err("it exists");
    assert_eq!(
        error.code(),
        Some(Code::CHANNEL_PUBLISH_TASK_ALREADY_EXISTS)
    );
    assert!(flow().or_existing().await.expect("joined").is_existing());
    assert_eq!(sandbox.storage().seen().len(), 1);
}

/// 92. The time to wait for a flow is up.
///
/// Outcome: the error has the state of every post, as the last poll found it.
#[tokio::test]
async fn f92_the_time_is_up() {
    let (sandbox, client) = sandbox();
    let account = sandbox.accounts().add("douyin", "x").expect("known");
    let flow = client
        .publish()
        .flow()
        .title("t")
        .video("https://cdn.example.com/v.mp4");
    let flow = flow.item(FlowItem::douyin(&account)).at(PublishTime::Now);
    let wait = flow.await.expect("created").wait();
    let policy = quick().deadline(Duration::from_millis(300));
    let error = wait.policy(policy).await.expect_err("a user must act");
    assert!(error.is_deadline() && error.last().is_some_and(|it| it.len() == 1));
    assert!(
        error.to_string().contains("waiting for its user"),
        "{error}"
    );
}

/// 93. The service's clock is hours ahead of this machine's, or a test has moved the sandbox's.
///
/// Outcome: a scheduled post is waited for by the service's clock, the `Date` of its answers.
#[tokio::test]
async fn f93_another_clock() {
    let (sandbox, client) = sandbox();
    let account = sandbox.accounts().add("youtube", "x").expect("known");
    let flow = client
        .publish()
        .flow()
        .title("t")
        .video("https://cdn.example.com/v.mp4");
    let flow = flow
        .item(FlowItem::youtube(&account))
        .at(SystemTime::now() + 5 * HOUR);
    let wait = flow.await.expect("created").wait().policy(quick());
    sandbox.clock().advance(6 * HOUR);
    let outcome = tokio::time::timeout(Duration::from_secs(20), wait.into_future()).await;
    assert!(outcome.expect("soon").expect("an end").all_published());
}

/// 94. A file is written to while it is uploaded, and is as long as before.
///
/// Outcome: `UploadError::Overwritten`, and nothing is confirmed.
#[tokio::test]
async fn f94_an_overwritten_file() {
    let (sandbox, client) = sandbox();
    let path = std::env::temp_dir().join(format!("aitoearn-f94-{}.mp4", std::process::id()));
    std::fs::write(&path, vec![b'a'; 2_000_000]).expect("writable");
    let (other, once) = (path.clone(), std::sync::Once::new());
    let upload = client.assets().upload(&path).on_progress(move |_| {
        once.call_once(|| {
            let file = std::fs::OpenOptions::new().write(true).open(&other);
            let mut file = file.expect("there");
            std::io::Write::write_all(&mut file, b"bbbb").expect("writable");
            let later = SystemTime::now() + Duration::from_secs(2);
            file.set_modified(later).expect("allowed");
        });
    });
    let error = upload.await;
    std::fs::remove_file(&path).expect("there");
    assert!(
        matches!(error, Err(UploadError::Overwritten { .. })),
        "{error:?}"
    );
    assert!(
        sandbox
            .operations_seen()
            .iter()
            .all(|it| *it != "assets_confirm")
    );
}

/// 95. The storage is busy (503 `SlowDown`, 500), or a page of somebody else answers in its place.
///
/// Outcome: the first is repeated with a fresh signature, as often as the policy says; the second is
/// no success.
#[tokio::test]
async fn f95_a_busy_storage() {
    let (sandbox, client) = sandbox();
    let upload = || {
        client
            .assets()
            .upload(UploadSource::bytes("v.mp4", vec![1; 10]))
    };
    sandbox.storage().fail_next(503).fail_next(500);
    upload().await.expect("the third time");
    assert_eq!(sandbox.storage().seen().len(), 3);
    let page = server([Act::answer(200, "<html>Log in</html>")]);
    let api = crate::support::assets(&format!("{}/b?sig=1", page.base_url()));
    let source = UploadSource::bytes("a.mp4", vec![1; 4]);
    let error = crate::support::client(&api).assets().upload(source).await;
    assert!(
        matches!(error, Err(UploadError::Refused { .. })),
        "{error:?}"
    );
}

/// 96. One client in a runtime that rests and in one that runs, and in many short ones at once.
///
/// Outcome: each runtime has connections of its own; no answer is lost, and nothing waits.
#[test]
fn f96_runtimes_side_by_side() {
    let (sandbox, client) = sandbox();
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().expect("a runtime")
    };
    let resting = runtime();
    for _ in 0..2 {
        resting.block_on(effect(&client)).expect("resting");
        runtime().block_on(effect(&client)).expect("another");
    }
    let threads: Vec<_> = (0..16)
        .map(|_| {
            let client = client.clone();
            thread::spawn(move || (0..8).all(|_| runtime().block_on(effect(&client)).is_ok()))
        })
        .collect();
    assert!(threads.into_iter().all(|it| it.join().expect("no panic")));
    assert_eq!(sandbox.seen().len(), 4 + 128);
}

/// 97. A call is awaited outside of a tokio runtime.
///
/// Outcome: `Error::Config` that says so, and no panic.
#[test]
fn f97_no_runtime() {
    let (sandbox, client) = sandbox();
    let mut call = Box::pin(async move { effect(&client).await });
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(error)) = call.as_mut().poll(&mut context) else {
        panic!("it waits");
    };
    assert!(
        matches!(&error, Error::Config(it) if it.setting() == "runtime"),
        "{error:?}"
    );
    assert!(sandbox.seen().is_empty());
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

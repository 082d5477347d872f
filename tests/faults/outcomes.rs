//! What really happened.

use std::{
    thread,
    time::{Duration, SystemTime},
};

use aitoearn::{
    Client, Error, FlowItem, PublishTime, Timestamp,
    error::IssueCode,
    flow::{PollPolicy, UploadError, UploadSource},
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

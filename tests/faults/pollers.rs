//! Pollers.

use std::time::Duration;

use aitoearn::{
    Code, Error,
    flow::{Handle, NotConnected, PollPolicy, Update, VideoJob, Wait, WaitReason},
    types::Platform,
};
use aitoearn_mock::{Act, RawServer};
use serde_json::{Value, json};
use tokio::{task::JoinHandle, time::Instant};

use crate::support::{KEY, STARTED, client, server, until_open};

const TASK: &str = "66f2a9c4d81e5b0037c4a1a0";
const MORNING: &str = "2026-01-01T09:00:00.000Z";
const SECOND: Duration = Duration::from_secs(1);

/// A look at a video task that finds it in this state.
fn task(status: &str) -> Act {
    let url = (status == "SUCCESS").then_some("https://example.com/1.mp4");
    ok(&json!({
        "id": TASK, "model": "m", "status": status, "videoUrl": url, "submittedAt": MORNING, "startedAt": MORNING,
        "input": { "prompt": "A paper boat" },
    }))
}

fn ok(data: &Value) -> Act {
    Act::json(json!({ "data": data, "code": 0, "message": "ok" }).to_string())
}

/// Waits for a video whose looks are answered like this, every ten seconds.
fn wait(looks: impl IntoIterator<Item = Act>) -> (Wait<VideoJob>, RawServer) {
    let server = server(looks);
    let job = VideoJob { id: TASK.into() };
    let every = PollPolicy::every(10 * SECOND);
    (client(&server).wait_for(job).policy(every), server)
}

/// 64. The status never changes.
///
/// Outcome: a deadline error with the handle, at the deadline, after as many looks as the intervals
/// leave room for.
#[tokio::test(start_paused = true)]
async fn f64_nothing_ever_changes() {
    let (wait, server) = wait([task("InProgress")]);
    let begun = Instant::now();
    let error = wait.deadline(95 * SECOND).await.expect_err("never ready");
    assert_eq!(begun.elapsed().as_secs(), 95);
    let WaitReason::Deadline { waited, looks } = *error.reason() else {
        panic!("{error:?}");
    };
    assert_eq!(waited.as_secs(), 95);
    assert_eq!(looks as usize, server.hits());
    // At once, then every ten seconds, a tenth more or less.
    assert!((9..=11).contains(&looks), "{looks}");
    assert_eq!(error.handle().job().id.as_str(), TASK);
}

/// 65. A status that is not known here.
///
/// Outcome: it goes on, and the text is handed out.
#[tokio::test(start_paused = true)]
async fn f65_an_unknown_status() {
    let (wait, server) = wait([task("DREAMING"), task("SUCCESS")]);
    let mut updates = wait.updates();
    let update = updates.next().await.expect("goes on").expect("no end");
    assert!(
        matches!(&update, Update::Pending(task) if task.status == "DREAMING"),
        "{update:?}"
    );
    let update = updates.next().await.expect("an end").expect("ready");
    assert!(matches!(update, Update::Done(_)), "{update:?}");
    assert_eq!(server.hits(), 2);
}

/// 66. Five looks in a row fail for a passing reason, then one succeeds; six fail.
///
/// Outcome: success; an error with the last cause.
#[tokio::test(start_paused = true)]
async fn f66_looks_that_fail() {
    let passing = || {
        let busy = r#"{"data":{},"code":500,"message":"busy"}"#;
        [
            Act::cut(),
            Act::html(502),
            Act::reset(),
            Act::json(busy),
            Act::html(503),
        ]
    };
    let (waiting, server) = wait(passing().into_iter().chain([task("SUCCESS")]));
    waiting.await.expect("ready");
    assert_eq!(server.hits(), 6);

    // In a row: a look that succeeds between them begins the count again.
    let between = [task("InProgress")].into_iter().chain(passing());
    let looks = passing()
        .into_iter()
        .chain(between)
        .chain([task("SUCCESS")]);
    let (waiting, server) = wait(looks);
    waiting.await.expect("ready");
    assert_eq!(server.hits(), 12);

    let sixth = Act::html(504);
    let (waiting, server) = wait(passing().into_iter().chain([sixth, task("SUCCESS")]));
    let error = waiting.await.expect_err("too many");
    assert_eq!(server.hits(), 6);
    let WaitReason::Call(Error::Http(last)) = error.reason() else {
        panic!("{error:?}");
    };
    assert_eq!(last.status.as_u16(), 504);
    assert_eq!(error.handle().job().id.as_str(), TASK);
}

/// 67. The service does not know the task (12302).
///
/// Outcome: the wait ends with the code at the first look.
#[tokio::test(start_paused = true)]
async fn f67_an_unknown_task() {
    let begun = Instant::now();
    let unknown = Act::json(r#"{"data":{},"code":12302,"message":"no such task"}"#);
    let (wait, server) = wait([unknown, task("SUCCESS")]);
    let error = wait.await.expect_err("no such task");
    let WaitReason::Call(cause) = error.reason() else {
        panic!("{error:?}");
    };
    assert_eq!(cause.code(), Some(Code::INVALID_AI_TASK_ID));
    assert_eq!(server.hits(), 1);
    assert!(begun.elapsed() < SECOND);
}

/// 68. `expiresAt` of an authorization session is long past, absent, or ten minutes off.
///
/// Outcome: the server's status ends the wait, and the local clock does not.
#[tokio::test(start_paused = true)]
async fn f68_a_session_by_another_clock() {
    let session = |status: &str, expires: Option<&str>| {
        ok(&json!({
            "sessionId": "s1", "status": status, "requiresSelection": false, "expiresAt": expires,
            "accountIds": ["tiktok_1"],
        }))
    };
    let long_ago = Some("2001-01-01T00:00:00.000Z");
    let far_off = Some("2099-01-01T00:00:00.000Z");
    for expires in [long_ago, far_off, None] {
        let pending = || session("pending", expires);
        let server = server([
            Act::json(STARTED),
            pending(),
            pending(),
            session("completed", expires),
        ]);
        let connecting = client(&server).auth().connect(Platform::Tiktok);
        let connecting = connecting.await.expect("begins");
        let connected = connecting.await.expect("approved all the same");
        assert_eq!(connected.account_ids, ["tiktok_1"], "{expires:?}");
        assert_eq!(server.hits(), 4, "{expires:?}");
    }
    // Its own word ends it, whatever it had said before.
    let ended = Act::json(r#"{"data":{},"code":15039,"message":"expired"}"#);
    let server = server([Act::json(STARTED), session("pending", far_off), ended]);
    let connecting = client(&server).auth().connect(Platform::Tiktok);
    let error = connecting
        .await
        .expect("begins")
        .await
        .expect_err("expired");
    assert_eq!(error.failure(), Some(&NotConnected::Expired));
}

/// 69. The wait is cancelled between two looks, and inside one.
///
/// Outcome: dropping it is how; it takes effect within 50 ms, the connection closes, and nothing more
/// is asked.
#[tokio::test]
async fn f69_cancelled() {
    async fn cancelled<T: std::fmt::Debug>(waiting: JoinHandle<T>, server: &RawServer) {
        let begun = std::time::Instant::now();
        waiting.abort();
        let end = waiting.await.expect_err("cancelled");
        assert!(end.is_cancelled() && begun.elapsed() < Duration::from_millis(50));
        // The client of this wait is gone with it, and so are its connections: long before a look
        // that went on would come to the end of its time.
        until_open(server, 0).await;
        assert_eq!((server.hits(), server.connections()), (1, 1));
    }

    let (wait, server) = wait([task("InProgress")]);
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let watching = wait.watch(move |_| tell.send(()).expect("heard"));
    let watching = tokio::spawn(watching);
    told.recv().await.expect("a look");
    cancelled(watching, &server).await;

    for look in [task("InProgress"), Act::silent()] {
        let (wait, server) = self::wait([look]);
        let waiting = tokio::spawn(wait.into_future());
        server.until(|server| server.hits() == 1).await;
        cancelled(waiting, &server).await;
    }
}

/// 70. A saved handle is resumed after the task has ended.
///
/// Outcome: the result at the first look, at once; nothing secret is in what was saved.
#[tokio::test(start_paused = true)]
async fn f70_resumed_afterwards() {
    let server = server([task("InProgress"), task("SUCCESS")]);
    let wait = client(&server).wait_for(VideoJob { id: TASK.into() });
    let error = wait.deadline(SECOND).await.expect_err("not yet");
    let saved = serde_json::to_string(error.handle()).expect("plain data");
    assert!(!saved.contains(KEY), "{saved}");

    let handle: Handle<VideoJob> = serde_json::from_str(&saved).expect("as saved");
    let begun = Instant::now();
    let video = client(&server).resume(handle).await.expect("ready");
    assert_eq!(video.url, "https://example.com/1.mp4");
    assert_eq!(server.hits(), 2);
    assert!(begun.elapsed() < SECOND);
}

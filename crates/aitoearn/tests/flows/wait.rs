//! Waiting as such, whatever for.

use std::time::{Duration, Instant};

use aitoearn::{
    Client, Error,
    flow::{Handle, ImageJob, PollPolicy, Update, VideoJob, Wait, WaitReason},
};
use aitoearn_mock::{Fault, Sandbox, operations};

use crate::{calls, quick, sandbox};

async fn video(client: &Client) -> Wait<VideoJob> {
    let models = client.video().models().await.expect("models");
    let request = client.video().generate(&models[0].name, "A paper boat");
    request.start().await.expect("started").policy(quick())
}

fn looks(sandbox: &Sandbox) -> usize {
    calls(sandbox, "video_get")
}

#[tokio::test]
async fn five_failures_in_a_row_are_borne_and_told() {
    let (sandbox, client) = sandbox();
    sandbox.videos().pending_polls(0);
    let wait = video(&client).await;
    for fault in [
        Fault::cut(),
        Fault::bad_gateway(),
        Fault::truncate(),
        Fault::code(500),
        Fault::page(503),
    ] {
        sandbox.faults().next(&operations::VIDEO_GET, fault);
    }
    let mut interruptions = 0;
    let mut updates = wait.updates();
    let done = loop {
        match updates.next().await.expect("goes on").expect("no end") {
            Update::Interrupted(_) => interruptions += 1,
            Update::Done(video) => break video,
            other => panic!("{other:?}"),
        }
    };
    assert!(done.url.starts_with("https://"));
    assert_eq!((interruptions, looks(&sandbox)), (5, 6));
    assert!(updates.next().await.is_none(), "the end is the end");
}

#[tokio::test]
async fn the_sixth_failure_in_a_row_is_the_end_and_only_in_a_row() {
    let (sandbox, client) = sandbox();
    let wait = video(&client).await;
    let fault = |fault| sandbox.faults().next(&operations::VIDEO_GET, fault);
    for _ in 0..5 {
        fault(Fault::cut());
    }
    // A delay is no failure: this look is answered, and the count begins again.
    fault(Fault::delay(Duration::ZERO));
    for _ in 0..5 {
        fault(Fault::cut());
    }
    fault(Fault::bad_gateway());
    let error = wait.await.expect_err("too many");
    assert_eq!(looks(&sandbox), 12);
    let WaitReason::Call(Error::Http(last)) = error.reason() else {
        panic!("{error:?}");
    };
    assert_eq!(last.status, 502, "the last cause");
}

#[tokio::test]
async fn the_services_own_wait_is_kept_within_the_deadline() {
    let (sandbox, client) = sandbox();
    let wait = video(&client).await;
    let throttled = Fault::throttled(Duration::from_secs(3600));
    sandbox.faults().next(&operations::VIDEO_GET, throttled);
    let limit = Duration::from_millis(40);
    let error = wait.deadline(limit).await.expect_err("not in time");
    assert!(error.is_deadline(), "{error:?}");
    assert!(looks(&sandbox) <= 1, "not asked again before an hour");
}

#[tokio::test]
async fn the_deadline_holds_while_a_look_hangs() {
    let (sandbox, client) = sandbox();
    let wait = video(&client).await;
    sandbox
        .faults()
        .always(&operations::VIDEO_GET, Fault::hang());
    let begun = Instant::now();
    let limit = Duration::from_millis(30);
    let error = wait.deadline(limit).await.expect_err("not in time");
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!(matches!(
        error.reason(),
        WaitReason::Deadline { looks: 0, waited } if *waited >= limit
    ));
}

#[tokio::test]
async fn a_deadline_gives_the_handle_and_another_process_goes_on() {
    let (sandbox, client) = sandbox();
    sandbox.videos().hold();
    let wait = video(&client).await;
    let limit = Duration::from_millis(50);
    let error = wait.deadline(limit).await.expect_err("held");
    assert!(error.is_deadline() && error.to_string().contains("continues"));

    // To a file and back, with nothing secret in it.
    let saved = serde_json::to_string(error.handle()).expect("plain data");
    assert!(!saved.contains(sandbox.api_key()), "{saved}");
    assert!(saved.contains(sandbox.base_url()) && saved.contains(r#""kind":"video""#));
    let handle: Handle<VideoJob> = serde_json::from_str(&saved).expect("the same");
    assert_eq!(&handle, error.handle());

    // It has ended in the meantime: the first look finds it.
    sandbox.videos().pending_polls(0);
    let other = Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .user_agent("another-process")
        .build()
        .expect("fine");
    let video = other.resume(handle).await.expect("ready");
    assert!(video.url.starts_with("https://"));
    // Counted by its name: a look that the deadline cut short may still arrive.
    let seen = sandbox.seen();
    let its_looks = seen.iter().filter(|it| {
        it.header("user-agent")
            .is_some_and(|agent| agent.starts_with("another-process"))
    });
    assert_eq!(its_looks.count(), 1);
    assert_eq!(calls(&sandbox, "video_generate"), 1, "no second submission");
}

#[tokio::test]
async fn a_handle_belongs_to_its_server_and_its_kind() {
    let (here, client) = sandbox();
    let (there, other) = sandbox();
    let handle = video(&client).await.handle().clone();
    let error = other.resume(handle.clone()).await.expect_err("elsewhere");
    assert!(matches!(error.reason(), WaitReason::Call(Error::Config(_))));
    assert!(there.seen().is_empty());
    drop(here);

    let saved = serde_json::to_string(&handle).expect("plain data");
    let wrong = serde_json::from_str::<Handle<ImageJob>>(&saved).expect_err("a video");
    assert!(wrong.to_string().contains("handle of a video"), "{wrong}");
}

#[tokio::test]
async fn dropped_between_looks_or_in_one_it_asks_no_more() {
    let (sandbox, client) = sandbox();
    sandbox.videos().hold();
    let slow = PollPolicy::every(Duration::from_secs(60));
    let mut updates = video(&client).await.policy(slow).updates();
    updates.next().await.expect("goes on").expect("no end");
    // The stream, while its next look is being waited for.
    assert!(
        tokio::time::timeout(Duration::from_millis(1), updates.next())
            .await
            .is_err()
    );
    drop(updates);
    let after_first = looks(&sandbox);

    // A look under way.
    let wait = video(&client).await;
    sandbox
        .faults()
        .always(&operations::VIDEO_GET, Fault::hang());
    let waiting = tokio::spawn(wait.into_future());
    while looks(&sandbox) == after_first {
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished(), "it hangs");
    }
    let during_second = looks(&sandbox);
    waiting.abort();
    assert!(waiting.await.is_err_and(|error| error.is_cancelled()));
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(looks(&sandbox), during_second);
}

#[tokio::test]
async fn nothing_is_asked_before_it_is_awaited() {
    let (sandbox, client) = sandbox();
    let updates = video(&client).await.updates();
    tokio::time::sleep(Duration::from_millis(10)).await;
    assert_eq!(looks(&sandbox), 0);
    drop(updates);
}

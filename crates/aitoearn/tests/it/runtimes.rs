//! One client, several runtimes: resting, short-lived, at the same time, or none.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use aitoearn::{Client, Error, FlowItem, PublishTime, RetryPolicy, Timeouts, types::Platform};
use aitoearn_mock::Sandbox;
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

fn setup() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().expect("a free port");
    let client = Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .retry(RetryPolicy::none())
        .timeouts(Timeouts::default().write(Duration::from_secs(20)))
        .build()
        .expect("valid");
    (sandbox, client)
}

#[test]
fn a_connection_of_a_runtime_that_rests_is_not_used_by_another() {
    let (sandbox, client) = setup();
    let (resting, other) = (runtime(), runtime());
    let start = || async { client.auth().start(Platform::Tiktok).await };
    resting.block_on(start()).expect("the first");
    let begun = Instant::now();
    other.block_on(start()).expect("the second");
    // And the other way round, again and again.
    for _ in 0..3 {
        resting.block_on(start()).expect("the resting one again");
        other.block_on(start()).expect("the other one again");
    }
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(sandbox.seen().len(), 8);
}

#[test]
fn short_runtimes_at_the_same_time_lose_no_answer() {
    let (sandbox, client) = setup();
    let lost = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..24)
        .map(|_| {
            let (client, lost) = (client.clone(), Arc::clone(&lost));
            thread::spawn(move || {
                for _ in 0..12 {
                    let start = async { client.auth().start(Platform::Tiktok).await };
                    if runtime().block_on(start).is_err() {
                        lost.fetch_add(1, Ordering::Relaxed);
                    }
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().expect("no panic");
    }
    assert_eq!(lost.load(Ordering::Relaxed), 0, "of 288");
    assert_eq!(sandbox.seen().len(), 288);
}

/// Polls a future on a thread that has never heard of tokio.
fn outside<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let polled = thread::spawn(move || {
        let mut future = std::pin::pin!(future);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(value) => value,
            std::task::Poll::Pending => panic!("it waits for a runtime"),
        }
    });
    polled.join().expect("no panic")
}

#[test]
fn outside_of_tokio_there_is_an_error_and_no_panic() {
    let (sandbox, client) = setup();
    let no_runtime = |error: &Error| {
        assert!(
            matches!(error, Error::Config(error) if error.setting() == "runtime"),
            "{error:?}"
        );
        assert!(error.advice().contains("tokio"), "{}", error.advice());
    };
    let it = client.clone();
    let error = outside(async move { it.accounts().get("tiktok_1").await });
    no_runtime(&error.expect_err("no runtime"));
    let it = client.clone();
    let error = outside(async move { it.relay().messages("m").user("Hi").deltas().await });
    no_runtime(&error.expect_err("no runtime"));
    let it = client.clone();
    let error = outside(async move { it.publish().wait("f").await });
    let aitoearn::flow::WaitReason::Call(error) = error.expect_err("no runtime").into_parts().1
    else {
        panic!("another reason");
    };
    no_runtime(&error);
    let it = client.clone();
    let error = outside(async move { it.assets().upload("no-such-clip.mp4").await });
    let aitoearn::flow::UploadError::Sign(error) = error.expect_err("no runtime") else {
        panic!("another step");
    };
    no_runtime(&error);
    let error = outside(async move {
        let flow = client
            .publish()
            .flow()
            .title("t")
            .body("b")
            .at(PublishTime::Now);
        let flow = flow.video(std::path::Path::new("no-such-clip.mp4"));
        flow.item(FlowItem::youtube("youtube_1")).await
    });
    no_runtime(error.expect_err("no runtime").error().expect("a call"));
    assert!(sandbox.seen().is_empty());
}

//! The client without a runtime.

use std::time::Duration;

use aitoearn::{Code, FlowItem, PublishTime, blocking::Client, flow::PollPolicy, types::Platform};
use aitoearn_mock::Sandbox;

fn client(sandbox: &Sandbox) -> Client {
    let client = aitoearn::Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key());
    Client::new(client.build().expect("valid")).expect("a thread")
}

#[test]
fn requests_flows_and_streams_without_a_runtime() {
    let sandbox = Sandbox::start().expect("a free port");
    let account = sandbox.accounts().add("youtube", "Bakery").expect("known");
    let client = client(&sandbox);
    let accounts = client.run(|it| it.accounts().list()).expect("a list");
    assert_eq!(accounts.total, 1);
    let missing = client.run(|it| it.accounts().get("youtube_0"));
    let error = missing.expect_err("no such account");
    assert_eq!(error.code(), Some(Code::ACCOUNT_NOT_FOUND));

    let flow = client.run(|it| {
        let flow = it.publish().flow().title("Bread").at(PublishTime::Now);
        let flow = flow.video("https://cdn.example.com/bread.mp4");
        flow.item(FlowItem::youtube(&account))
    });
    let quick = PollPolicy::every(Duration::from_millis(2)).shortest(Duration::ZERO);
    let wait = flow.expect("created").wait().policy(quick);
    assert!(client.run(|_| wait).expect("an end").all_published());

    let works = client.iter(|it| {
        it.works()
            .list(Platform::Youtube, account.as_str())
            .stream()
    });
    let works: Result<Vec<_>, _> = works.collect();
    assert!(!works.expect("all").is_empty());
}

#[tokio::test]
async fn inside_a_runtime_and_from_many_threads() {
    let sandbox = Sandbox::start().expect("a free port");
    let client = client(&sandbox);
    client.run(|it| it.platforms().list()).expect("inside");
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            std::thread::spawn(move || client.run(|it| it.accounts().list()).is_ok())
        })
        .collect();
    drop(client);
    for thread in threads {
        assert!(thread.join().expect("no panic"));
    }
}

#[test]
fn a_panic_of_the_callers_is_theirs_and_the_client_lives_on() {
    let sandbox = Sandbox::start().expect("a free port");
    let client = client(&sandbox);
    let other = client.clone();
    let panicked = std::thread::spawn(move || other.run(|_| async { panic!("mine") })).join();
    assert!(panicked.is_err());
    client.run(|it| it.platforms().list()).expect("alive");
}

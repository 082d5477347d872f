//! What was mended on the way is reported at the end: of pages, waits and flows.

use aitoearn::{
    api::Mended,
    flow::{FlowEvent, Update},
};
use aitoearn_mock::{Fault, operations};

use crate::{publish::video_flow, quick, sandbox};

fn places(mended: &Mended) -> Vec<&str> {
    mended.places.iter().map(|it| &*it.place).collect()
}

#[tokio::test]
async fn pages_tell_what_was_odd_in_those_that_were_read() {
    let (sandbox, client) = sandbox();
    let models = client.video().models().await.expect("models");
    for n in 0..3 {
        let request = client
            .video()
            .generate(&models[0].name, format!("Boat {n}"));
        request.await.expect("started");
    }
    // Without the number of pages, the total says that there are more.
    let odd = Fault::odd("/data/totalPages", "many").and(Fault::without("/data/page"));
    sandbox.faults().next(&operations::VIDEO_LIST, odd);
    let mut tasks = client.video().list().page_size(1).stream();
    assert!(tasks.mended().is_empty());
    let mut count = 0;
    while let Some(task) = tasks.next().await {
        task.expect("mended");
        count += 1;
    }
    assert_eq!(count, 3);
    let mut told = places(tasks.mended());
    told.sort_unstable();
    assert_eq!(told, ["/data/page", "/data/totalPages"]);
}

#[tokio::test]
async fn calls_in_parts_tell_what_was_odd_in_each() {
    let (sandbox, client) = sandbox();
    let list = &operations::ACCOUNTS_LIST;
    let faults = sandbox.faults();
    faults
        .next(list, Fault::odd("/data/total", "many"))
        .next(list, Fault::without("/data/total"));
    let ids = (0..25).map(|n| format!("tiktok_{n}"));
    let answer = client.accounts().list().ids(ids).send_with_meta().await;
    let answer = answer.expect("mended");
    assert_eq!(places(answer.mended()), ["/data/total", "/data/total"]);
}

#[tokio::test]
async fn a_wait_tells_what_was_odd_in_its_looks() {
    let (sandbox, client) = sandbox();
    let models = client.video().models().await.expect("models");
    let get = &operations::VIDEO_GET;
    let odd = || Fault::odd("/data/input", 7);
    sandbox.faults().next(get, odd()).next(get, odd());
    let start = || client.video().generate(&models[0].name, "Boat").start();
    let wait = start().await.expect("started").policy(quick());
    let (video, mended) = wait.with_mended().await.expect("made");
    assert!(!video.url.is_empty());
    assert_eq!(places(&mended), ["/data/input", "/data/input"]);

    sandbox.faults().next(get, odd());
    let mut updates = start().await.expect("started").policy(quick()).updates();
    let first = updates.next().await.expect("a look").expect("mended");
    assert!(matches!(first, Update::Pending(_)), "{first:?}");
    assert_eq!(places(&updates.mended()), ["/data/input"]);
}

#[tokio::test]
async fn the_events_of_a_flow_tell_what_was_odd() {
    let (sandbox, client) = sandbox();
    let flow = video_flow(&sandbox, &client).await.expect("created");
    let odd = Fault::without("/data/tasks/0/platform");
    sandbox.faults().next(&operations::PUBLISH_FLOW_GET, odd);
    let mut events = flow.wait().policy(quick()).events();
    while let Some(event) = events.next().await {
        if let FlowEvent::Ended(outcome) = event.expect("mended") {
            assert_eq!(outcome.tasks.len(), 1);
        }
    }
    assert_eq!(places(&events.mended()), ["/data/tasks/0/platform"]);
}

//! Lists of several pages, item by item.

use aitoearn::{Error, types::Platform};
use aitoearn_mock::{Fault, operations};

use crate::{calls, sandbox};

#[tokio::test]
async fn all_video_tasks_page_by_page_and_no_page_too_early() {
    let (sandbox, client) = sandbox();
    let models = client.video().models().await.expect("models");
    for n in 0..5 {
        let request = client
            .video()
            .generate(&models[0].name, format!("Boat {n}"));
        request.await.expect("started");
    }
    let mut tasks = client.video().list().page_size(2).stream();
    assert_eq!(calls(&sandbox, "video_list"), 0);
    let mut prompts = Vec::new();
    while let Some(task) = tasks.next().await {
        prompts.push(task.expect("fine").input.prompt);
        assert_eq!(calls(&sandbox, "video_list"), prompts.len().div_ceil(2));
    }
    assert_eq!(prompts, ["Boat 4", "Boat 3", "Boat 2", "Boat 1", "Boat 0"]);
    assert_eq!(calls(&sandbox, "video_list"), 3);

    let mut from_the_third = client.video().list().page(3).page_size(2).stream();
    let only = from_the_third.next().await.expect("one").expect("fine");
    assert_eq!(only.input.prompt, "Boat 0");
    assert!(from_the_third.next().await.is_none());
}

#[tokio::test]
async fn options_are_for_every_page_and_errors_are_the_end() {
    let (sandbox, client) = sandbox();
    let models = client.video().models().await.expect("models");
    for _ in 0..2 {
        let request = client.video().generate(&models[0].name, "Boat");
        request.await.expect("started");
    }
    let mut tasks = client
        .video()
        .list()
        .page_size(1)
        .header("x-note", "a")
        .stream();
    tasks.next().await.expect("one").expect("fine");
    sandbox
        .faults()
        .next(&operations::VIDEO_LIST, Fault::code(401));
    assert!(tasks.next().await.expect("an error").is_err());
    assert!(tasks.next().await.is_none());
    let seen = sandbox.seen();
    let lists = seen.iter().filter(|it| it.operation == Some("video_list"));
    assert!(lists.clone().all(|it| it.header("x-note") == Some("a")));
    assert_eq!(lists.count(), 2);

    let mut wrong = client.video().list().page(0).stream();
    let error = wrong.next().await.expect("an error").expect_err("page 0");
    assert!(matches!(error, Error::InvalidInput(_)));
}

/// Tiktok pages by cursor, 20 on each; Bilibili by number.
#[tokio::test]
async fn works_by_cursor_and_by_number() {
    let (sandbox, client) = sandbox();
    for platform in [
        Platform::Tiktok,
        Platform::Bilibili,
        Platform::Kwai,
        Platform::Twitter,
    ] {
        let account = sandbox
            .accounts()
            .add(&platform, "Somebody")
            .expect("known");
        let before = calls(&sandbox, "works_list");
        let mut works = client.works().list(platform.clone(), account).stream();
        let mut ids = Vec::new();
        while let Some(work) = works.next().await {
            ids.push(work.expect("fine").platform_work_id);
        }
        assert!(calls(&sandbox, "works_list") > before + 1, "{platform}");
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 25, "{platform}: all of them, none twice");
    }
}

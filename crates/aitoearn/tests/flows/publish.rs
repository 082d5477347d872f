//! Flows created: once, with what is uploaded first, whatever happens on the way.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use aitoearn::{
    Client, Code, Error, FlowItem, PublishTime, RetryPolicy, Timeouts,
    flow::{FlowEvent, PublishReason, UploadError, UploadSource},
    resources::CreateFlow,
};
use aitoearn_mock::{Fault, Sandbox, operations};
use serde_json::json;

use crate::{
    Scratch, calls, quick, sandbox,
    storage::{ASSET, OK, Storage, api},
};

pub(crate) const VIDEO: &str = "https://cdn.example.com/fold.mp4";

/// A client that repeats what may be repeated, without the usual waits.
fn persistent(sandbox: &Sandbox) -> Client {
    let wait = Duration::from_millis(2);
    let builder = Client::builder().base_url(sandbox.base_url());
    let builder = builder.api_key(sandbox.api_key());
    let builder = builder.retry(RetryPolicy::default().backoff(wait, wait));
    builder.build().expect("valid settings")
}

/// A video for a TikTok account.
pub(crate) fn video_flow(sandbox: &Sandbox, client: &Client) -> CreateFlow {
    let account = sandbox.accounts().add("tiktok", "Maps").expect("known");
    let flow = client.publish().flow().title("Maps").video(VIDEO);
    flow.item(FlowItem::tiktok(account)).at(PublishTime::Now)
}

async fn posts(client: &Client) -> usize {
    let records = client.publish().records().list().await;
    records.expect("a list").len()
}

#[tokio::test]
async fn from_the_content_to_the_links() {
    let (sandbox, client) = sandbox();
    let account = |platform| sandbox.accounts().add(platform, "Maps").expect("known");
    let flow = client
        .publish()
        .flow()
        .title("Maps")
        .body("Fold them #maps");
    let flow = flow
        .video(VIDEO)
        .cover("https://cdn.example.com/c.png")
        .item(FlowItem::youtube(account("youtube")))
        .item(FlowItem::bilibili(account("bilibili"), 171))
        .at(PublishTime::Now)
        .await
        .expect("created");
    assert_eq!(flow.tasks.len(), 2);
    let mut events = flow.wait().policy(quick()).events();
    let mut told = Vec::new();
    let outcome = loop {
        match events.next().await.expect("goes on").expect("no error") {
            FlowEvent::Changed(task) => told.push(task.to_string()),
            FlowEvent::Ended(outcome) => break outcome,
            other => panic!("{other:?}"),
        }
    };
    assert!(events.next().await.is_none(), "the end is the end");
    let states: Vec<_> = told
        .iter()
        .filter_map(|line| line.strip_prefix("youtube (")?.split_once("): "))
        .map(|(_, state)| state.split_whitespace().next().unwrap_or_default())
        .collect();
    assert_eq!(states, ["queued", "publishing", "published"], "{told:?}");
    assert_eq!(told.len(), 6, "each change once: {told:?}");
    assert!(outcome.all_published());
    assert_eq!(outcome.to_string(), "2 published (1 link pending)");
    let links: Vec<_> = outcome.tasks.iter().map(|task| task.link()).collect();
    assert!(
        links[0].expect("at once").starts_with("https://"),
        "{links:?}"
    );
    assert_eq!(links[1], None, "bilibili tells later");
    assert_eq!(calls(&sandbox, "publish_flow_create"), 1);
    assert_eq!(calls(&sandbox, "publish_flow_get"), 3, "one a look");
    assert_eq!(calls(&sandbox, "publish_record_get"), 0, "nothing to ask");
}

#[tokio::test]
async fn local_files_are_uploaded_first_and_once_each() {
    let (sandbox, client) = sandbox();
    let account = |platform| sandbox.accounts().add(platform, "Maps").expect("known");
    let file = Scratch::new("fold.mp4", &vec![7; 90_000]);
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&told);
    let path: &Path = &file.0;
    let flow = client.publish().flow().title("Maps").video(path);
    let flow = flow
        .cover(UploadSource::bytes("c.png", vec![1; 10]))
        .item(FlowItem::tiktok(account("tiktok")))
        .item(FlowItem::youtube(account("youtube")).video(path.to_owned()))
        .on_upload(move |name, it| {
            log.lock().expect("fine").push((name.to_owned(), it.sent));
        })
        .at(PublishTime::Now)
        .await
        .expect("created");
    assert_eq!(calls(&sandbox, "assets_confirm"), 2);
    let seen = sandbox.seen();
    let order: Vec<_> = seen.iter().filter_map(|it| it.operation).collect();
    assert_eq!(order.last(), Some(&"publish_flow_create"), "{order:?}");
    let mut told = told.lock().expect("fine").clone();
    told.dedup_by(|b, a| {
        let same = a.0 == b.0;
        a.1 = if same { b.1 } else { a.1 };
        same
    });
    assert_eq!(
        told,
        [("fold.mp4".to_owned(), 90_000), ("c.png".to_owned(), 10)]
    );
    for task in &flow.tasks {
        let record = client
            .publish()
            .records()
            .get(&task.id)
            .await
            .expect("there");
        let url = record.video_url.expect("a video");
        assert!(url.starts_with("https://assets.example.com/"), "{url}");
    }
}

#[tokio::test]
async fn a_failed_upload_creates_nothing_and_what_is_uploaded_stays() {
    let (sandbox, client) = sandbox();
    let account = sandbox.accounts().add("tiktok", "Maps").expect("known");
    let flow = client.publish().flow().at(PublishTime::Now);
    let flow = flow
        .item(FlowItem::tiktok(account))
        .video(UploadSource::bytes("fold.mp4", vec![2; 10]))
        .cover(UploadSource::bytes("c.png", vec![1; 10]));
    // A delay is no failure: the first file passes.
    sandbox
        .faults()
        .next(
            &operations::ASSETS_UPLOAD_SIGN,
            Fault::delay(Duration::ZERO),
        )
        .next(
            &operations::ASSETS_UPLOAD_SIGN,
            Fault::code(Code::ASSET_TOO_LARGE),
        );
    let error = flow.await.expect_err("too large");
    let PublishReason::Upload { name, error: cause } = error.reason() else {
        panic!("{error:?}");
    };
    assert_eq!(name, "c.png");
    assert!(matches!(cause, UploadError::Sign(_)), "{cause:?}");
    assert!(error.to_string().contains("`c.png`"), "{error}");
    assert_eq!(error.advice(), cause.advice());
    assert_eq!(calls(&sandbox, "publish_flow_create"), 0);

    // Now all is uploaded, and the call that creates is refused.
    sandbox
        .faults()
        .next(&operations::PUBLISH_FLOW_CREATE, Fault::code(15061));
    let error = error.into_flow().await.expect_err("refused");
    assert_eq!(error.code(), Some(Code::from(15061)));
    assert_eq!(calls(&sandbox, "assets_confirm"), 2);
    assert_eq!(posts(&client).await, 0, "nothing is created");

    error.into_flow().await.expect("created");
    assert_eq!(calls(&sandbox, "assets_confirm"), 2, "none uploaded again");
    assert_eq!(posts(&client).await, 1);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_found_before_others_are_sent() {
    let (sandbox, client) = sandbox();
    let flow = video_flow(&sandbox, &client).video(UploadSource::bytes("a.mp4", vec![1; 10]));
    let error = flow.cover(Path::new("/no/such.png")).await;
    let error = error.expect_err("not there");
    assert!(
        matches!(error.reason(), PublishReason::Upload { name, error: UploadError::Source { .. } }
            if name == "such.png"),
        "{error:?}"
    );
    assert_eq!(sandbox.seen().len(), 0, "{error}");
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_there_is_one_flow() {
    let (sandbox, _) = sandbox();
    let client = persistent(&sandbox);
    for fault in [Fault::lose_answer(), Fault::bad_gateway(), Fault::cut()] {
        let before = posts(&client).await;
        sandbox
            .faults()
            .next(&operations::PUBLISH_FLOW_CREATE, fault);
        // An id of one's own makes no difference: an attempt was made with it.
        let flow = video_flow(&sandbox, &client).flow_id(format!("maps-{before}"));
        let flow = flow.await.expect("created");
        assert_eq!(flow.tasks.len(), 1);
        assert_eq!(posts(&client).await, before + 1);
        let outcome = flow.wait().policy(quick()).await.expect("published");
        assert!(outcome.all_published());
    }
    assert_eq!(calls(&sandbox, "publish_flow_create"), 6);
}

#[tokio::test]
async fn a_slow_answer_is_no_second_flow() {
    let (sandbox, _) = sandbox();
    let client = persistent(&sandbox);
    let slow = Fault::delay(Duration::from_secs(60));
    sandbox
        .faults()
        .next(&operations::PUBLISH_FLOW_CREATE, slow);
    let flow = video_flow(&sandbox, &client).timeout(Duration::from_millis(150));
    flow.await.expect("created");
    assert_eq!(posts(&client).await, 1);
    assert_eq!(calls(&sandbox, "publish_flow_create"), 2);
}

#[tokio::test]
async fn without_repetition_the_outcome_is_unknown_until_it_is_tried_again() {
    let (sandbox, client) = sandbox();
    sandbox
        .faults()
        .next(&operations::PUBLISH_FLOW_CREATE, Fault::lose_answer());
    let flow = video_flow(&sandbox, &client).flow_id("maps");
    let error = flow.await.expect_err("nobody knows");
    assert!(
        matches!(error.error(), Some(Error::Ambiguous(_))),
        "{error:?}"
    );
    assert_eq!(calls(&sandbox, "publish_flow_create"), 1);

    let flow = error.into_flow();
    assert_eq!(flow.id(), "maps");
    assert_eq!(flow.await.expect("it is there").flow_id, "maps");
    assert_eq!(posts(&client).await, 1);
}

#[tokio::test]
async fn an_id_that_was_used_before_is_an_error() {
    let (sandbox, _) = sandbox();
    let client = persistent(&sandbox);
    let first = video_flow(&sandbox, &client).flow_id("maps");
    first.await.expect("created");
    let error = video_flow(&sandbox, &client).flow_id("maps").await;
    let error = error.expect_err("it exists");
    assert_eq!(
        error.code(),
        Some(Code::CHANNEL_PUBLISH_TASK_ALREADY_EXISTS)
    );
    let Some(Error::Api(refused)) = error.error() else {
        panic!("{error:?}");
    };
    assert_eq!(refused.existing_flow(), Some("maps".into()));
    // Not even when it is tried again: nothing was unknown.
    error.into_flow().await.expect_err("it still exists");
    assert_eq!(posts(&client).await, 1);
}

#[tokio::test]
async fn a_flow_without_a_key_or_a_time_costs_nothing() {
    let (sandbox, client) = sandbox();
    let account = sandbox.accounts().add("tiktok", "Maps").expect("known");
    let file = UploadSource::bytes("a.mp4", vec![1; 10]);
    let anonymous = Client::builder().base_url(sandbox.base_url());
    let anonymous = anonymous.build().expect("valid settings");
    let flow = |client: &Client| {
        let flow = client.publish().flow().video(file.clone());
        flow.item(FlowItem::tiktok(&account))
    };
    let error = flow(&anonymous).at(PublishTime::Now).await;
    let error = error.expect_err("no key");
    assert!(matches!(error.error(), Some(Error::Config(_))), "{error:?}");
    let error = flow(&client).await.expect_err("no time");
    assert!(matches!(error.error(), Some(Error::InvalidInput(_))));
    let untimed = flow(&client).at(PublishTime::Now);
    let error = untimed.timeout(Duration::ZERO).await;
    let error = error.expect_err("no time at all");
    assert!(matches!(error.error(), Some(Error::InvalidInput(_))));
    assert!(sandbox.seen().is_empty());
}

#[tokio::test]
async fn an_asset_without_an_address_cannot_be_published() {
    let storage = Storage::start(&[OK]).await;
    let (mock, client) = api(&storage, Timeouts::default());
    let asset = json!({
        "id": ASSET, "filename": "fold.mp4", "mimeType": "video/mp4", "path": "fold.mp4",
        "status": "confirmed", "type": "publishMedia", "userId": ASSET, "userType": "user",
        "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z",
    });
    mock.when(&operations::ASSETS_CONFIRM).ok(&asset);
    let flow = client.publish().flow().unchecked().at(PublishTime::Now);
    let flow = flow.item(FlowItem::tiktok("tiktok_1"));
    let flow = flow.video(UploadSource::bytes("fold.mp4", vec![1; 10]));
    let error = flow.await.expect_err("where is it?");
    assert!(
        matches!(error.reason(), PublishReason::NoAddress { name, asset_id }
            if name == "fold.mp4" && asset_id == ASSET),
        "{error:?}"
    );
}

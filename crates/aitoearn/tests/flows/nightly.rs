//! What a job needs that runs while nobody watches: it is told beforehand, told in the end, and may
//! start again.

use std::{
    future::IntoFuture as _,
    time::{Duration, Instant, SystemTime},
};

use aitoearn::{
    Client, Code, Error, FlowItem, PublishTime,
    error::IssueCode,
    flow::{
        FlowJob, PollPolicy, PublishFailure, PublishReason, TaskState, UploadSource, WaitReason,
    },
    resources::CreateFlow,
};
use aitoearn_mock::{Fault, MockServer, Sandbox, operations};
use serde_json::json;

use crate::{calls, publish::VIDEO, quick, sandbox};

const HOUR: Duration = Duration::from_secs(3600);

fn local(flow: CreateFlow) -> CreateFlow {
    flow.title("Night")
        .body("Bread")
        .video(UploadSource::bytes("oven.mp4", vec![3; 900]))
        .at(PublishTime::Now)
}

fn uploads(sandbox: &Sandbox) -> usize {
    sandbox.storage().seen().len()
}

#[tokio::test]
async fn every_account_that_cannot_be_published_to_is_named_before_the_upload() {
    let (sandbox, client) = sandbox();
    let add = |platform| sandbox.accounts().add(platform, "Bakery").expect("known");
    let (good, off, later) = (add("youtube"), add("twitter"), add("tiktok"));
    sandbox.accounts().set_offline(&off).expect("there");
    sandbox
        .platforms()
        .set_unavailable("tiktok")
        .expect("known");
    let flow = local(client.publish().flow())
        .item(FlowItem::youtube(&good))
        .item(FlowItem::twitter(&off))
        .item(FlowItem::threads("threads_gone"))
        .item(FlowItem::tiktok(&later))
        .item(FlowItem::instagram(add("facebook")));
    let error = flow.await.expect_err("four of five");
    let found: Vec<_> = error
        .problems()
        .iter()
        .filter(|it| it.field == "account" || it.field == "platform")
        .map(|it| (it.item, it.account_id.as_str(), it.code.clone()))
        .collect();
    let facebook = error.problems().last().expect("one").account_id.clone();
    assert_eq!(
        found,
        [
            (1, off.as_str(), IssueCode::AccountOffline),
            (2, "threads_gone", IssueCode::AccountNotFound),
            (3, later.as_str(), IssueCode::PlatformUnavailable),
            (4, facebook.as_str(), IssueCode::AccountNotFound),
        ]
    );
    assert!(error.to_string().contains(&off), "{error}");
    assert_eq!(uploads(&sandbox), 0);
    assert_eq!(calls(&sandbox, "publish_flow_create"), 0);
    assert_eq!(calls(&sandbox, "accounts_list"), 1, "all at once");
}

#[tokio::test]
async fn accounts_that_cannot_be_read_are_left_to_the_service() {
    let (sandbox, client) = sandbox();
    let account = sandbox.accounts().add("youtube", "Bakery").expect("known");
    sandbox
        .faults()
        .always(&operations::ACCOUNTS_LIST, Fault::bad_gateway());
    let flow = local(client.publish().flow()).item(FlowItem::youtube(&account));
    flow.await.expect("created");
}

#[tokio::test]
async fn a_job_that_starts_again_joins_its_flow_and_uploads_nothing() {
    let (sandbox, client) = sandbox();
    let account = sandbox.accounts().add("youtube", "Bakery").expect("known");
    let night = || {
        let flow = client.publish().flow().flow_id("bread-0518");
        local(flow).item(FlowItem::youtube(&account))
    };
    let first = night().or_existing().await.expect("created");
    assert!(!first.is_existing());
    assert_eq!(uploads(&sandbox), 1);

    let again = night().or_existing().await.expect("joined");
    assert!(again.is_existing());
    assert_eq!(again.tasks[0].id, first.tasks[0].id);
    // Too late for its time, and all the same.
    let late = night().or_existing().at(SystemTime::now() - 2 * HOUR);
    assert!(late.await.expect("joined").is_existing());
    let outcome = again.wait().policy(quick()).await.expect("an end");
    assert!(outcome.all_published());

    // Whoever does not ask to join hears it before the upload.
    let error = night().await.expect_err("it exists");
    assert_eq!(
        error.code(),
        Some(Code::CHANNEL_PUBLISH_TASK_ALREADY_EXISTS)
    );
    let Some(Error::Api(refusal)) = error.error() else {
        panic!("{error:?}");
    };
    assert_eq!(refusal.existing_flow(), Some("bread-0518".into()));
    assert_eq!(uploads(&sandbox), 1, "the first one");
    assert_eq!(calls(&sandbox, "publish_flow_create"), 1);
}

#[tokio::test]
async fn a_flow_that_cannot_be_looked_up_is_not_uploaded_blindly() {
    let (sandbox, client) = sandbox();
    let account = sandbox.accounts().add("youtube", "Bakery").expect("known");
    sandbox
        .faults()
        .next(&operations::PUBLISH_FLOW_GET, Fault::bad_gateway());
    let flow = local(client.publish().flow().flow_id("bread-0519"));
    let flow = flow.item(FlowItem::youtube(&account));
    let error = flow.await.expect_err("nobody knows");
    assert!(matches!(error.error(), Some(Error::Http(_))), "{error:?}");
    assert_eq!(uploads(&sandbox), 0);
    // What the service calls an unknown flow is its affair.
    sandbox
        .faults()
        .next(&operations::PUBLISH_FLOW_GET, Fault::code(10002));
    error.into_flow().await.expect("created");
}

#[tokio::test]
async fn the_past_is_refused_with_what_to_say_instead() {
    let (sandbox, client) = sandbox();
    let account = sandbox.accounts().add("youtube", "Bakery").expect("known");
    let flow = || client.publish().flow().title("Night").video(VIDEO);
    let flow = || flow().item(FlowItem::youtube(&account));
    let seconds = Duration::from_secs(1_779_096_600);
    for wrong in [
        SystemTime::UNIX_EPOCH + seconds / 1000,
        SystemTime::now() - 3 * HOUR,
        SystemTime::now() - Duration::from_secs(90),
    ] {
        let error = flow().at(wrong).await.expect_err("over");
        let PublishReason::Call(Error::InvalidInput(input)) = error.reason() else {
            panic!("{error:?}");
        };
        assert_eq!(input.parameter(), "at");
        assert!(error.to_string().contains("PublishTime::Now"), "{error}");
    }
    // Milliseconds for seconds.
    let error = flow().at(SystemTime::UNIX_EPOCH + seconds * 1000).await;
    let error = error.expect_err("never");
    assert!(error.to_string().contains("milliseconds"), "{error}");
    assert!(sandbox.seen().is_empty(), "nothing is sent");

    let created = flow().at(SystemTime::now()).await.expect("just now");
    let id = &created.tasks[0].id;
    let tasks = client.publish().tasks();
    let error = tasks.reschedule(id, SystemTime::now() - HOUR).await;
    assert!(matches!(error, Err(Error::InvalidInput(_))), "{error:?}");
    assert_eq!(calls(&sandbox, "publish_task_reschedule"), 0);
}

#[tokio::test]
async fn a_time_that_passes_during_the_upload_is_no_mistake() {
    let (sandbox, client) = sandbox();
    let account = sandbox.accounts().add("youtube", "Bakery").expect("known");
    let soon = SystemTime::now() - Duration::from_secs(58);
    let flow = local(client.publish().flow()).item(FlowItem::youtube(&account));
    let slow = Fault::delay(Duration::from_millis(2500));
    sandbox.faults().next(&operations::ASSETS_CONFIRM, slow);
    flow.at(soon).await.expect("created, a little late");
}

#[tokio::test]
async fn when_the_time_is_up_the_last_state_of_every_post_is_there() {
    let (sandbox, client) = sandbox();
    let add = |platform| sandbox.accounts().add(platform, "Bakery").expect("known");
    let flow = client.publish().flow().title("Night").video(VIDEO);
    let flow = flow
        .item(FlowItem::youtube(add("youtube")))
        .item(FlowItem::douyin(add("douyin")))
        .at(PublishTime::Now);
    let flow = flow.await.expect("created");
    let policy = quick().deadline(Duration::from_millis(400));
    let error = flow
        .wait()
        .policy(policy)
        .await
        .expect_err("a user must act");
    assert!(matches!(error.reason(), WaitReason::Deadline { .. }));
    let last = error.last().expect("found");
    assert!(last[0].is_published());
    assert!(matches!(last[1].state, TaskState::AwaitingUser(_)));
    let text = error.to_string();
    assert!(text.contains("published at https://"), "{text}");
    assert!(text.contains("waiting for its user"), "{text}");

    // The same for a wait that ends because the service is not there any more.
    sandbox
        .faults()
        .always(&operations::PUBLISH_FLOW_GET, Fault::code(15050));
    let mut updates = flow.wait().policy(quick()).updates();
    let error = updates.next().await.expect("an end").expect_err("no flow");
    assert!(error.last().is_none(), "nothing was found");
}

/// A server with one flow of one failed task, whose record has these fields more.
fn failed(task: serde_json::Value, record: serde_json::Value) -> (MockServer, Client) {
    let merged = |more: serde_json::Value| {
        let mut all = json!({
            "id": "66f2a9c4d81e5b0037c4a1b7", "flowId": "bread", "accountId": "threads_9",
            "platform": "threads", "accountType": "threads", "type": "video", "userId": "u",
            "status": -1, "errorMsg": "the platform said no", "publishTime": "2026-05-18T09:30:00.000Z",
        });
        for (name, value) in more.as_object().expect("fields") {
            all[name] = value.clone();
        }
        all
    };
    let mock = MockServer::start();
    mock.when(&operations::PUBLISH_FLOW_GET)
        .ok(&json!({ "flowId": "bread", "tasks": [merged(task)] }));
    mock.when(&operations::PUBLISH_RECORD_GET)
        .ok(&merged(record));
    let client = Client::builder()
        .base_url(mock.base_url())
        .api_key("key-of-the-bakery");
    let client = client.build().expect("valid");
    (mock, client)
}

#[tokio::test]
async fn a_failed_post_that_is_live_keeps_its_link() {
    let link = "https://threads.example/t/71?xsec_token=ABsecret&v=2";
    let with_link = json!({ "workLink": link, "platformWorkId": "71" });
    for (task, record) in [
        (with_link.clone(), with_link.clone()),
        (json!({}), with_link.clone()),
        (with_link.clone(), json!({})),
    ] {
        let (_mock, client) = failed(task, record);
        let outcome = client.publish().wait("bread").policy(quick()).await;
        let outcome = outcome.expect("an end");
        let task = &outcome.tasks[0];
        assert!(!task.is_published() && task.is_live());
        assert_eq!(task.link(), Some(link));
        let failure = task.failure().expect("failed");
        assert_eq!(failure.work_id.as_deref(), Some("71"));
        assert!(failure.advice().contains("twice"), "{}", failure.advice());
        let text = format!("{task} {task:?} {outcome}");
        assert!(text.contains("live all the same"), "{text}");
        assert!(text.contains("1 failed (1 of them live"), "{text}");
        assert!(
            text.contains("threads.example/t/71?xsec_token=***&v=2"),
            "{text}"
        );
        assert!(!text.contains("ABsecret"), "{text}");
    }
    // One without either is not.
    let (_mock, client) = failed(json!({}), json!({ "workLink": "", "platformWorkId": null }));
    let outcome = client.publish().wait("bread").policy(quick()).await;
    let task = &outcome.expect("an end").tasks[0];
    assert!(!task.is_live() && task.link().is_none());
    assert!(!task.failure().is_some_and(PublishFailure::is_live));
}

#[tokio::test]
async fn the_sandboxs_clock_brings_a_scheduled_post() {
    let (sandbox, client) = sandbox();
    let account = sandbox.accounts().add("youtube", "Bakery").expect("known");
    let flow = client.publish().flow().title("Night").video(VIDEO);
    let flow = flow.item(FlowItem::youtube(&account));
    let flow = flow
        .at(SystemTime::now() + 7 * HOUR)
        .await
        .expect("created");
    let fast = PollPolicy::every(Duration::from_millis(20)).shortest(Duration::ZERO);
    let wait = flow.wait().policy(fast.deadline(Duration::from_secs(3)));
    sandbox.clock().advance(8 * HOUR);
    let begun = Instant::now();
    let outcome = wait.await.expect("published by the sandbox's clock");
    assert!(outcome.all_published());
    assert!(
        begun.elapsed() < Duration::from_secs(8),
        "{:?}",
        begun.elapsed()
    );

    // By the id alone, and moved while somebody waits.
    let flow = client.publish().flow().title("Next").video(VIDEO);
    let flow = flow.item(FlowItem::youtube(&account));
    let flow = flow
        .at(SystemTime::now() + 20 * HOUR)
        .await
        .expect("created");
    let job = FlowJob::new(&flow.flow_id);
    let waiting = tokio::spawn(client.wait_for(job).policy(fast).into_future());
    while calls(&sandbox, "publish_flow_get") == 0 {
        tokio::task::yield_now().await;
    }
    sandbox.clock().advance(24 * HOUR);
    let outcome = waiting.await.expect("no panic").expect("published");
    assert!(outcome.all_published());
}

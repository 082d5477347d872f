//! Flows followed to the end of each post, and what can be done to a post.

use std::{
    future::IntoFuture as _,
    time::{Duration, SystemTime},
};

use aitoearn::{
    Client, Code, FlowItem, PublishTime,
    error::PlatformErrorCategory,
    flow::{
        CreatedFlow, FlowEvent, FlowEvents, FlowJob, FlowTask, Handle, PublishFailure, TaskState,
        VideoJob, WaitReason,
    },
    resources::Cancellation,
    types::{LinkStatus, PublishStatus},
};
use aitoearn_mock::{Answer, Fault, MockServer, Sandbox, operations};
use serde_json::{Value, json};

use crate::{
    calls,
    publish::{VIDEO, video_flow},
    quick, sandbox,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn tiktok(sandbox: &Sandbox, client: &Client) -> CreatedFlow {
    video_flow(sandbox, client).await.expect("created")
}

async fn changed(events: &mut FlowEvents) -> FlowTask {
    match events.next().await.expect("goes on").expect("no error") {
        FlowEvent::Changed(task) => *task,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn failures_of_all_kinds_are_typed() {
    let (sandbox, client) = sandbox();
    for (code, category, message) in [
        (Code::CHANNEL_ACCESS_TOKEN_FAILED, "auth", "token expired"),
        (
            Code::CHANNEL_PLATFORM_RATE_LIMITED,
            "rate_limit",
            "slow down",
        ),
        (Code::CHANNEL_PLATFORM_API_FAILED, "validation", "no"),
        (Code::from(15999), "a_new_one", ""),
    ] {
        sandbox.posts().fail_next(code, category, message);
        let wait = tiktok(&sandbox, &client).await.wait().policy(quick());
        let outcome = wait.await.expect("an end");
        assert!(!outcome.all_published());
        assert_eq!(outcome.to_string(), "0 published, 1 failed");
        let (task, failure) = outcome.failures().next().expect("failed");
        assert_eq!(failure.code, Some(code));
        assert_eq!(failure.category, Some(category.into()));
        assert_eq!(failure.message.as_deref().unwrap_or_default(), message);
        assert_eq!(failure.advice(), code.advice());
        assert!(failure.to_string().contains(message), "{failure}");
        assert!(failure.to_string().contains(code.meaning()), "{failure}");
        // The record says the same.
        let record = client.publish().records().get(&task.id).await;
        let record = record.expect("there");
        assert_eq!(PublishFailure::of(&record).as_ref(), Some(failure));
    }
    assert!(PlatformErrorCategory::from("auth").is_known());
}

#[tokio::test]
async fn one_failure_ends_nothing_for_the_others() {
    let (sandbox, client) = sandbox();
    let account = |platform| sandbox.accounts().add(platform, "Maps").expect("known");
    let douyin = FlowItem::douyin(account("douyin"));
    let flow = client.publish().flow().title("Maps").video(VIDEO);
    let flow = flow.item(FlowItem::tiktok(account("tiktok"))).item(douyin);
    let flow = flow.item(FlowItem::youtube(account("youtube")));
    let flow = flow.at(PublishTime::Now).await.expect("created");
    sandbox
        .posts()
        .fail_next(Code::CHANNEL_PLATFORM_RATE_LIMITED, "rate_limit", "slow");
    let mut events = flow.wait().policy(quick()).events();
    let action = loop {
        if let TaskState::AwaitingUser(action) = changed(&mut events).await.state {
            break action;
        }
    };
    assert!(action.short_link.starts_with("http"), "{action:?}");
    assert!(action.expires_at.is_some());
    let done = sandbox.posts().finish_hand_off(&action.record_id);
    done.expect("it waits");
    let outcome = loop {
        match events.next().await.expect("goes on").expect("no error") {
            FlowEvent::Changed(_) => {}
            FlowEvent::Ended(outcome) => break outcome,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(outcome.to_string(), "2 published, 1 failed");
    let states: Vec<_> = outcome.tasks.iter().map(FlowTask::is_published).collect();
    assert_eq!(states, [false, true, true]);
    assert_eq!(calls(&sandbox, "publish_record_user_action"), 1, "once");
    assert_eq!(calls(&sandbox, "publish_record_get"), 1, "once");
}

#[tokio::test]
async fn a_user_who_does_not_come_is_a_failure() {
    let (sandbox, client) = sandbox();
    let account = sandbox.accounts().add("douyin", "Maps").expect("known");
    let flow = client.publish().flow().video(VIDEO).at(PublishTime::Now);
    let flow = flow.item(FlowItem::douyin(account)).await.expect("created");
    let mut events = flow.wait().policy(quick()).events();
    let waiting = loop {
        let task = changed(&mut events).await;
        if task.status == Some(PublishStatus::AwaitingUser) {
            break task;
        }
    };
    assert!(waiting.to_string().contains("/s/"), "{waiting}");
    sandbox.clock().advance(Duration::from_secs(3601));
    let failed = changed(&mut events).await;
    assert!(failed.failure().is_some(), "{failed}");
}

#[tokio::test]
async fn cancelled_posts_are_an_end_of_their_own() {
    let (sandbox, client) = sandbox();
    sandbox.posts().hold();
    let flow = tiktok(&sandbox, &client).await;
    let tasks = client.publish().tasks();
    let done = tasks.cancel(&flow.tasks[0].id).await.expect("allowed");
    assert_eq!(done, Cancellation::Done);
    let outcome = flow.wait().policy(quick()).await.expect("an end");
    assert_eq!(outcome.tasks[0].state, TaskState::Cancelled);
    assert_eq!(outcome.to_string(), "0 published, 1 cancelled");
    // Once more changes nothing.
    let again = tasks.cancel(&flow.tasks[0].id).await.expect("allowed");
    assert_eq!(again, Cancellation::Done);
}

#[tokio::test]
async fn a_cancellation_that_does_nothing_is_found_out() {
    let (sandbox, client) = sandbox();
    sandbox.posts().hold();
    let flow = tiktok(&sandbox, &client).await;
    let id = &flow.tasks[0].id;
    for status in [
        PublishStatus::Publishing,
        PublishStatus::Published,
        42.into(),
    ] {
        sandbox
            .posts()
            .set_status(id, status.value())
            .expect("there");
        let late = client.publish().tasks().cancel(id).await.expect("no error");
        assert_eq!(late, Cancellation::TooLate(status));
    }
    let missing = client.publish().tasks().cancel("66f2a9c4d81e5b0037c4a1a0");
    let error = missing.await.expect_err("no such task");
    assert_eq!(error.code(), Some(Code::PUBLISH_TASK_NOT_FOUND));
}

#[tokio::test]
async fn a_failed_post_is_retried_and_waited_for_again() {
    let (sandbox, client) = sandbox();
    sandbox
        .posts()
        .fail_next(Code::CHANNEL_PLATFORM_RATE_LIMITED, "rate_limit", "slow");
    let flow = tiktok(&sandbox, &client).await;
    let publish = client.publish();
    let outcome = flow.wait().policy(quick()).await.expect("an end");
    let (task, _) = outcome.failures().next().expect("failed");
    publish.tasks().retry(&task.id).await.expect("allowed");
    let wait = publish.wait(outcome.flow_id.clone()).policy(quick());
    assert!(wait.await.expect("an end").all_published());
    let error = publish
        .tasks()
        .retry(&task.id)
        .await
        .expect_err("it is live");
    assert_eq!(error.code(), Some(Code::CHANNEL_PUBLISH_RETRY_NOT_ALLOWED));
}

#[tokio::test]
async fn nothing_is_asked_before_its_time() {
    let (sandbox, client) = sandbox();
    let flow = video_flow(&sandbox, &client).at(SystemTime::now() + 2 * DAY);
    let flow = flow.await.expect("created");
    let patience = Duration::from_millis(60);
    let wait = flow.wait().policy(quick()).into_future();
    let early = tokio::time::timeout(patience, wait).await;
    early.expect_err("not before its time");
    assert_eq!(calls(&sandbox, "publish_flow_get"), 0);

    // Who does not know the time learns it from the first look.
    let publish = client.publish();
    let id = &flow.tasks[0].id;
    let mut events = publish.wait(&flow.flow_id).policy(quick()).events();
    assert_eq!(
        changed(&mut events).await.status,
        Some(PublishStatus::Waiting)
    );
    let early = tokio::time::timeout(patience, events.next()).await;
    early.expect_err("not before its time");
    assert_eq!(calls(&sandbox, "publish_flow_get"), 1);

    // Put off and hurried, both are followed.
    let later = SystemTime::now() + 3 * DAY;
    publish
        .tasks()
        .reschedule(id, later)
        .await
        .expect("allowed");
    let record = publish.records().get(id).await.expect("there");
    assert_eq!(record.publish_time, later.into());
    publish.tasks().publish_now(id).await.expect("allowed");
    let outcome = publish.wait(&flow.flow_id).policy(quick()).await;
    assert!(outcome.expect("an end").all_published());
    let error = publish.tasks().publish_now(id).await;
    assert_eq!(
        error.expect_err("it is live").code(),
        Some(Code::CHANNEL_PUBLISH_NOW_NOT_ALLOWED)
    );
}

#[tokio::test]
async fn a_restart_and_a_broken_gateway_between_looks_are_survived() {
    let (sandbox, client) = sandbox();
    sandbox
        .posts()
        .fail_next(Code::CHANNEL_PLATFORM_RATE_LIMITED, "rate_limit", "slow");
    let flow = tiktok(&sandbox, &client).await;
    for fault in [Fault::cut(), Fault::bad_gateway(), Fault::code(500)] {
        sandbox.faults().next(&operations::PUBLISH_FLOW_GET, fault);
    }
    // Also where the reason of a failure is read.
    sandbox
        .faults()
        .next(&operations::PUBLISH_RECORD_GET, Fault::bad_gateway());
    let mut events = flow.wait().policy(quick()).events();
    let mut interruptions = 0;
    let outcome = loop {
        match events.next().await.expect("goes on").expect("no error") {
            FlowEvent::Changed(_) => {}
            FlowEvent::Interrupted(_) => interruptions += 1,
            FlowEvent::Ended(outcome) => break outcome,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(interruptions, 4);
    let (_, failure) = outcome.failures().next().expect("failed");
    assert_eq!(failure.code, Some(Code::CHANNEL_PLATFORM_RATE_LIMITED));
    assert_eq!(calls(&sandbox, "publish_flow_create"), 1);
}

#[tokio::test]
async fn a_deadline_gives_the_handle_and_another_process_goes_on() {
    let (sandbox, client) = sandbox();
    sandbox.posts().hold();
    let flow = tiktok(&sandbox, &client).await;
    let wait = flow
        .wait()
        .policy(quick())
        .deadline(Duration::from_millis(40));
    let error = wait.await.expect_err("held");
    assert!(error.is_deadline(), "{error:?}");
    assert_eq!(error.handle().job().flow_id, flow.flow_id);

    // To a file and back, with nothing secret in it.
    let saved = serde_json::to_string(error.handle()).expect("plain data");
    assert!(!saved.contains(sandbox.api_key()), "{saved}");
    assert!(saved.contains(r#""kind":"publish_flow""#), "{saved}");
    let handle: Handle<FlowJob> = serde_json::from_str(&saved).expect("the same");
    assert_eq!(&handle, error.handle());
    assert!(serde_json::from_str::<Handle<VideoJob>>(&saved).is_err());

    sandbox.posts().release();
    let builder = Client::builder().base_url(sandbox.base_url());
    let other = builder.api_key(sandbox.api_key()).build().expect("fine");
    let outcome = other.resume(handle).policy(quick()).await.expect("an end");
    assert!(outcome.all_published());
    assert_eq!(
        calls(&sandbox, "publish_flow_create"),
        1,
        "no second submission"
    );
}

#[tokio::test]
async fn dropped_in_the_middle_it_asks_no_more() {
    let (sandbox, client) = sandbox();
    sandbox.posts().hold();
    let flow = tiktok(&sandbox, &client).await;
    let mut events = flow.wait().policy(quick()).events();
    changed(&mut events).await;
    drop(events);
    let looks = calls(&sandbox, "publish_flow_get");
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!(calls(&sandbox, "publish_flow_get"), looks);

    // In the middle of a look.
    let hang = Fault::hang();
    sandbox.faults().always(&operations::PUBLISH_FLOW_GET, hang);
    let wait = flow.wait().policy(quick());
    let early = tokio::time::timeout(Duration::from_millis(30), wait.into_future());
    early.await.expect_err("it hangs");
    let looks = calls(&sandbox, "publish_flow_get");
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!(calls(&sandbox, "publish_flow_get"), looks);
}

#[tokio::test]
async fn a_flow_that_is_not_there_cannot_be_waited_for() {
    let (_sandbox, client) = sandbox();
    let error = client.publish().wait("nothing").policy(quick()).await;
    let error = error.expect_err("no such flow");
    let WaitReason::Call(cause) = error.reason() else {
        panic!("{error:?}");
    };
    assert_eq!(cause.code(), Some(Code::PUBLISH_FLOW_NOT_FOUND));
}

fn task(status: &Value) -> Value {
    json!({ "id": "66f2a9c4d81e5b0037c4a1a0", "accountId": "tiktok_1", "platform": "tiktok",
        "status": status, "linkStatus": "pending", "workLink": "", "errorMsg": "", "linkMeta": {} })
}

/// Answers of which the sandbox knows nothing.
#[tokio::test]
async fn unknown_states_are_kept_and_what_is_missing_is_nobodys_end() {
    let mock = MockServer::start();
    let client = Client::builder().base_url(mock.base_url()).api_key("any");
    let client = client.build().expect("valid settings");
    let flow = |status| Answer::ok(&json!({ "flowId": "f-1", "tasks": [task(&status)] }));
    mock.when(&operations::PUBLISH_FLOW_GET)
        .in_turn([json!(42), json!(null), json!(8), json!(8), json!(-1)].map(flow));
    mock.when(&operations::PUBLISH_RECORD_USER_ACTION)
        .fails(Code::PUBLISH_TASK_STATUS_INVALID);
    // A record that is gone, or says less than the flow.
    mock.when(&operations::PUBLISH_RECORD_GET)
        .fails(Code::PUBLISH_RECORD_NOT_FOUND);
    let mut events = client.publish().wait("f-1").policy(quick()).events();
    let unknown = changed(&mut events).await;
    assert_eq!(unknown.status, Some(PublishStatus::from(42)));
    assert_eq!(unknown.state, TaskState::Pending);
    assert!(unknown.to_string().ends_with("in state 42"), "{unknown}");
    let none = changed(&mut events).await;
    assert_eq!((none.status, none.is_over()), (None, false));
    let waits = changed(&mut events).await;
    assert_eq!(waits.state, TaskState::Pending, "it has moved on meanwhile");
    let failed = changed(&mut events).await;
    let failure = failed.failure().expect("failed");
    assert_eq!((failure.code, &failure.message), (None, &None));
    let event = events.next().await.expect("an end").expect("no error");
    assert!(matches!(event, FlowEvent::Ended(_)), "{event:?}");
}

#[tokio::test]
async fn published_without_a_link_says_so() {
    let mock = MockServer::start();
    let client = Client::builder().base_url(mock.base_url()).api_key("any");
    let client = client.build().expect("valid settings");
    let updated = task(&json!(5));
    let tasks = json!({ "flowId": "f-1", "tasks": [task(&json!(1)), updated] });
    mock.when(&operations::PUBLISH_FLOW_GET).ok(&tasks);
    let outcome = client.publish().wait("f-1").await.expect("an end");
    assert_eq!(
        outcome.tasks[0].state,
        TaskState::Published {
            link: None,
            link_status: Some(LinkStatus::Pending),
        }
    );
    assert_eq!(outcome.to_string(), "2 published (2 links pending)");
}

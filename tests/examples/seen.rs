//! Answers in the shapes that the hosted service gave in July 2026, with other values: `seen/`.
//!
//! All of them are read with nothing mended, by the low level, by the typed requests and, where a
//! model answers, by the stream that is the same for all formats.

use std::sync::{Arc, Mutex};

use aitoearn::stream::{Delta, DeltaStream};
use aitoearn::types::Platform;
use aitoearn::{Client, Code, api::Mended};
use aitoearn_api::{Failure, operations};
use aitoearn_mock::Answer;
use aitoearn_tests::calls;
use aitoearn_tests::server::{Act, Server};
use serde_json::Value;

use crate::edges::{serving, text};

/// An operation, and what it answered.
const SEEN: [(&str, &str); 11] = [
    seen(
        "account_groups_list",
        include_str!("seen/account_groups_list.json"),
    ),
    seen("accounts_list", include_str!("seen/accounts_list.json")),
    seen(
        "accounts_option_values",
        include_str!("seen/accounts_option_values.json"),
    ),
    seen("chat_models", include_str!("seen/chat_models.json")),
    seen("platforms_list", include_str!("seen/platforms_list.json")),
    seen(
        "publish_record_user_action",
        include_str!("seen/publish_record_user_action.json"),
    ),
    seen(
        "publish_records_list",
        include_str!("seen/publish_records_list.json"),
    ),
    seen("video_models", include_str!("seen/video_models.json")),
    seen("works_analytics", include_str!("seen/works_analytics.json")),
    seen("works_link_info", include_str!("seen/works_link_info.json")),
    seen(
        "relay_chat_completions",
        include_str!("seen/relay_chat_completions.json"),
    ),
];

const MESSAGES: &str = include_str!("seen/relay_messages.sse");

const fn seen(operation: &'static str, body: &'static str) -> (&'static str, &'static str) {
    (operation, body)
}

fn body(operation: &str) -> &'static str {
    let found = SEEN.iter().find(|(name, _)| *name == operation);
    found
        .unwrap_or_else(|| panic!("no answer of {operation}"))
        .1
}

#[tokio::test]
async fn the_low_level_reads_them_with_nothing_mended() {
    let answer = Arc::new(Mutex::new(""));
    let answered = Arc::clone(&answer);
    let server = Server::start(move |_| Act::json(*answered.lock().expect("no panic"))).await;
    let client = crate::client(&server.url());
    for call in calls::table() {
        let Some((_, body)) = SEEN.iter().find(|(name, _)| *name == call.name) else {
            continue;
        };
        *answer.lock().expect("no panic") = body;
        let (read, mended) = call.make_mending(&client).await;
        assert_eq!(mended, Mended::default(), "{}", call.name);
        if call.name == "publish_record_user_action" {
            let Err(Failure::Business(error)) = read else {
                panic!("{read:?}");
            };
            assert_eq!(error.code, Code::new(15018));
            continue;
        }
        let read = read.unwrap_or_else(|failure| panic!("{}: {failure}", call.name));
        let mut lost = Vec::new();
        let body: Value = serde_json::from_str(body).expect("JSON");
        let seen = body.get("data").unwrap_or(&body);
        compare(seen, &read, "", &mut lost);
        assert!(lost.is_empty(), "{} drops {lost:#?}", call.name);
    }
}

/// What stands in the answer and not in what was read.
fn compare(seen: &Value, read: &Value, place: &str, lost: &mut Vec<String>) {
    match (seen, read) {
        (Value::Object(seen), Value::Object(read)) => {
            for (name, value) in seen {
                let place = format!("{place}/{name}");
                match read.get(name) {
                    Some(read) => compare(value, read, &place, lost),
                    // Written again, a list of nothing is nothing, and so is `null`.
                    None if value.is_null() || value.as_array().is_some_and(Vec::is_empty) => {}
                    None => lost.push(place),
                }
            }
        }
        (Value::Array(seen), Value::Array(read)) if seen.len() == read.len() => {
            for (index, (seen, read)) in seen.iter().zip(read).enumerate() {
                compare(seen, read, &format!("{place}/{index}"), lost);
            }
        }
        _ if seen == read || number(seen).is_some_and(|it| number(read) == Some(it)) => {}
        _ => lost.push(format!("{place}: {seen} became {read}")),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.parse().ok(),
        value => value.as_f64(),
    }
}

/// What the typed request makes of the answer that was seen.
macro_rules! typed {
    ($operation:ident, $name:literal, $call:expr) => {{
        let answer = text(body($name));
        let (_server, client) = serving(&operations::$operation, answer);
        let call: fn(Client) -> _ = $call;
        let answer = call(client).await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(*answer.mended(), Mended::default(), $name);
        answer.into_data()
    }};
}

#[tokio::test]
async fn the_typed_requests_read_them() {
    let groups = typed!(
        ACCOUNT_GROUPS_LIST,
        "account_groups_list",
        |client| async move { client.account_groups().list().send_with_meta().await }
    );
    assert_eq!(
        (groups[0].is_default, groups[1].is_default),
        (Some(true), Some(false))
    );
    let accounts = typed!(ACCOUNTS_LIST, "accounts_list", |client| async move {
        client.accounts().list().send_with_meta().await
    });
    assert_eq!(accounts.list[2].type_, Platform::Douyin);
    let models = typed!(CHAT_MODELS, "chat_models", |client| async move {
        client.relay().models().send_with_meta().await
    });
    assert!(models.iter().any(|model| !model.tags.is_empty()));
    let videos = typed!(VIDEO_MODELS, "video_models", |client| async move {
        client.video().models().send_with_meta().await
    });
    assert!(videos[0].resolutions.iter().any(|it| it == "4k"));
    let platforms = typed!(PLATFORMS_LIST, "platforms_list", |client| async move {
        client.platforms().list().send_with_meta().await
    });
    assert!(
        platforms
            .iter()
            .any(|it| !it.capabilities.publish.supported)
    );
    let records = typed!(
        PUBLISH_RECORDS_LIST,
        "publish_records_list",
        |client| async move { client.publish().records().list().send_with_meta().await }
    );
    // That account is gone.
    assert!(records.iter().any(|record| record.account_id.is_none()));
}

#[tokio::test]
async fn the_unified_reader_reads_both_kinds() {
    let (_server, client) = serving(
        &operations::RELAY_CHAT_COMPLETIONS,
        text(body("relay_chat_completions")),
    );
    let relay = client.relay();
    let chat = relay
        .chat_completions("model-38")
        .user("Hello!")
        .deltas()
        .await;
    let (said, reason) = all(chat.expect("an answer")).await;
    assert_eq!((said.as_str(), reason.as_deref()), ("", Some("length")));

    let stream = Answer::raw(200, "text/event-stream", MESSAGES);
    let (_server, client) = serving(&operations::RELAY_MESSAGES, stream);
    let relay = client.relay();
    let messages = relay.messages("model-36").user("Hello!").deltas().await;
    let (said, reason) = all(messages.expect("an answer")).await;
    assert_eq!(
        (said.as_str(), reason.as_deref()),
        ("Text 149Text 150", Some("end_turn"))
    );
}

/// The text of an answer and why it ended; nothing of it was mended.
async fn all(mut stream: DeltaStream) -> (String, Option<String>) {
    let mut said = String::new();
    let mut ended = None;
    while let Some(piece) = stream.next().await {
        match piece.expect("fine").delta {
            Delta::Text(text) => said.push_str(&text),
            Delta::Done { reason } => ended = reason,
            _ => {}
        }
    }
    assert!(stream.mended().is_empty(), "{:?}", stream.mended());
    (said, ended)
}

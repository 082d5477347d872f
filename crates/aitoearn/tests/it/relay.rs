//! The relays: what they send. What comes back is in `relay_answers`.

use aitoearn::{
    Client, Error,
    resources::{Relay, RelayResponse},
    types::ClaudeMessage,
};
use aitoearn_mock::{Calls, MockServer, operations};
use serde_json::{Value, json};

use crate::server::{Act, KEY, Server, builder};

pub(crate) const ALL: [&aitoearn::api::Operation; 6] = [
    &operations::RELAY_CHAT_COMPLETIONS,
    &operations::RELAY_MESSAGES,
    &operations::RELAY_GEMINI_GENERATE,
    &operations::RELAY_GEMINI_STREAM,
    &operations::RELAY_IMAGES_GENERATE,
    &operations::RELAY_IMAGES_EDIT,
];

pub(crate) fn client(mock: &MockServer) -> Client {
    builder(&mock.base_url()).build().expect("valid")
}

/// A call of the relay that `ALL` has at this index.
pub(crate) async fn call(relay: &Relay, index: usize) -> Result<RelayResponse, Error> {
    match index {
        0 => relay.chat_completions("m").user("hi").await,
        1 => relay.messages("m").user("hi").await,
        2 => relay.gemini_generate("m").user("hi").await,
        3 => relay.gemini_stream("m").user("hi").await,
        4 => relay.images_generate("m", "p").await,
        _ => relay.images_edit("m", "p", ["https://a.example/1"]).await,
    }
}

fn bodies(calls: &Calls<'_>) -> Vec<Value> {
    calls
        .seen()
        .iter()
        .filter_map(aitoearn_mock::Seen::json)
        .collect()
}

pub(crate) async fn text(response: RelayResponse) -> String {
    let mut events = response.into_events().expect("a stream");
    let mut text = Vec::new();
    while let Some(bytes) = events.next_chunk().await.expect("fine") {
        text.extend_from_slice(&bytes);
    }
    String::from_utf8(text).expect("UTF-8")
}

#[tokio::test]
async fn conversations_on_the_wire() {
    let mock = MockServer::start();
    let chat = mock
        .when(&operations::RELAY_CHAT_COMPLETIONS)
        .key(KEY)
        .ok(&json!({}));
    let messages = mock
        .when(&operations::RELAY_MESSAGES)
        .key(KEY)
        .ok(&json!({}));
    let relay = client(&mock).relay();

    let plain = relay.chat_completions("m").user("hi");
    plain.await.expect("fine");
    let full = relay
        .chat_completions("m")
        .system("s")
        .user("u")
        .assistant("a")
        .stream();
    full.extra("temperature", 0.2)
        .extra("tools", json!([]))
        .await
        .expect("fine");
    assert_eq!(
        bodies(&chat),
        [
            json!({ "model": "m", "messages": [{ "role": "user", "content": "hi" }] }),
            json!({
                "model": "m", "stream": true, "temperature": 0.2, "tools": [],
                "messages": [
                    { "role": "system", "content": "s" },
                    { "role": "user", "content": "u" },
                    { "role": "assistant", "content": "a" },
                ],
            }),
        ]
    );

    relay.messages("m").user("hi").await.expect("fine");
    let before: ClaudeMessage =
        serde_json::from_value(json!({ "role": "user", "content": "u" })).expect("a message");
    let full = relay
        .messages("m")
        .messages([before])
        .assistant("a")
        .system("s");
    full.max_tokens(9)
        .stream()
        .extra("thinking", json!({}))
        .await
        .expect("fine");
    assert_eq!(
        bodies(&messages),
        [
            // Told nothing, the service would stream.
            json!({ "model": "m", "stream": false, "messages": [{ "role": "user", "content": "hi" }] }),
            json!({
                "model": "m", "stream": true, "system": "s", "max_tokens": 9, "thinking": {},
                "messages": [
                    { "role": "user", "content": "u" },
                    { "role": "assistant", "content": "a" },
                ],
            }),
        ]
    );
}

#[tokio::test]
async fn gemini_names_the_model_twice_and_keeps_the_colon() {
    let mock = MockServer::start();
    let generate = mock
        .when(&operations::RELAY_GEMINI_GENERATE)
        .key(KEY)
        .ok(&json!({}));
    let stream = mock
        .when(&operations::RELAY_GEMINI_STREAM)
        .key(KEY)
        .ok(&json!({}));
    let relay = client(&mock).relay();
    relay
        .gemini_generate("a/b 快")
        .user("hi")
        .await
        .expect("fine");
    let full = relay.gemini_stream("m").user("u").assistant("a");
    full.config("maxOutputTokens", 9)
        .config("other", true)
        .await
        .expect("fine");

    let model = "a%2Fb%20%E5%BF%AB";
    let path = format!("/api/ai/v1beta/models/{model}:generateContent");
    assert_eq!(generate.seen()[0].path, path);
    assert_eq!(
        bodies(&generate),
        [
            json!({ "model": "a/b 快", "contents": [{ "role": "user", "parts": [{ "text": "hi" }] }] })
        ]
    );
    assert_eq!(
        stream.seen()[0].path,
        "/api/ai/v1beta/models/m:streamGenerateContent"
    );
    assert_eq!(
        bodies(&stream),
        [json!({
            "model": "m",
            "contents": [
                { "role": "user", "parts": [{ "text": "u" }] },
                { "role": "model", "parts": [{ "text": "a" }] },
            ],
            "config": { "maxOutputTokens": 9, "other": true },
        })]
    );
}

#[tokio::test]
async fn images_on_the_wire() {
    let mock = MockServer::start();
    let generate = mock
        .when(&operations::RELAY_IMAGES_GENERATE)
        .key(KEY)
        .ok(&json!({}));
    let edit = mock
        .when(&operations::RELAY_IMAGES_EDIT)
        .key(KEY)
        .ok(&json!({}));
    let relay = client(&mock).relay();
    let full = relay
        .images_generate("m", "p")
        .size("1x1")
        .quality("high")
        .style("vivid");
    full.response_format("b64_json")
        .extra("n", 2)
        .await
        .expect("fine");
    assert_eq!(
        bodies(&generate),
        [json!({
            "model": "m", "prompt": "p", "size": "1x1", "quality": "high", "style": "vivid",
            "response_format": "b64_json", "n": 2,
        })]
    );
    let full = relay.images_edit("m", "p", ["https://a.example/1", "https://a.example/2"]);
    let full = full.mask("https://a.example/m.png").count(2).size("1x1");
    full.response_format("url")
        .extra("background", "auto")
        .await
        .expect("fine");
    assert_eq!(
        bodies(&edit),
        [json!({
            "model": "m", "prompt": "p", "image": ["https://a.example/1", "https://a.example/2"],
            "mask": "https://a.example/m.png", "n": 2, "size": "1x1", "response_format": "url",
            "background": "auto",
        })]
    );
}

#[tokio::test]
async fn what_makes_no_request_is_not_sent() {
    let server = Server::play([Act::cut()]).await;
    let relay = server.client().relay();
    let none: [&str; 0] = [];
    for (what, result) in [
        ("no model", relay.chat_completions("").user("u").await),
        ("no message", relay.chat_completions("m").await),
        (
            "stream",
            relay
                .chat_completions("m")
                .user("u")
                .extra("stream", true)
                .await,
        ),
        (
            "messages",
            relay.messages("m").user("u").extra("messages", 1).await,
        ),
        (
            "no tokens",
            relay.messages("m").user("u").max_tokens(0).await,
        ),
        ("no turn", relay.gemini_generate("m").await),
        ("no model", relay.gemini_generate(" ").user("u").await),
        ("a step", relay.gemini_stream("..").user("u").await),
        (
            "a type",
            relay.gemini_stream("m").user("u").config("topK", "x").await,
        ),
        ("no prompt", relay.images_generate("m", "").await),
        ("no image", relay.images_edit("m", "p", none).await),
        (
            "no count",
            relay.images_edit("m", "p", ["x"]).count(0).await,
        ),
        (
            "no mask",
            relay.images_edit("m", "p", ["x"]).mask("m").await,
        ),
    ] {
        let error = result.expect_err(what);
        assert!(matches!(error, Error::InvalidInput(_)), "{what}: {error:?}");
    }
    assert_eq!(server.hits(), 0);
}

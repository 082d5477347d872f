//! What relays hand on, in the formats of three model providers: whole answers as the document
//! shows them, and the events of a stream.
//!
//! No schema says what is optional, so nearly everything is; what is not stands in [`NEEDED`].

use std::collections::BTreeMap;
use std::sync::Arc;

use aitoearn::stream::{EventStream, StreamEvent};
use aitoearn::{Client, Error, RetryPolicy};
use aitoearn_tests::document::examples;
use aitoearn_tests::server::{Act, Server};
use aitoearn_tests::tell;
use serde_json::{Value, json};

use crate::changes::{Change, FRACTION, MISSING, NEW_FIELD, NEW_VALUE, NULL, NULL_LIST};

/// What the events of Anthropic's format always have: without it nobody knows what they are about.
const NEEDED: [&str; 4] = ["index", "content_block", "delta", "message"];

/// Fields whose text is one of a list.
const WORDS: [&str; 7] = [
    "type",
    "role",
    "object",
    "finish_reason",
    "finishReason",
    "stop_reason",
    "model",
];

/// One way to ask, and what it is answered.
struct Relay {
    operation: &'static str,
    /// Whether all that [`NEEDED`] names may be missing.
    is_lenient: bool,
    /// The events of a whole stream.
    events: Vec<Value>,
    /// What ends the stream, beside the end of the bytes.
    last: &'static str,
}

fn relays() -> [Relay; 3] {
    [
        Relay {
            operation: "relay_chat_completions",
            is_lenient: true,
            events: vec![
                json!({ "id": "c", "object": "chat.completion.chunk", "created": 1_772_612_100, "model": "m",
                    "choices": [{ "index": 0, "delta": { "role": "assistant", "content": "H",
                        "reasoning_content": "t", "tool_calls": [{ "index": 0, "id": "t", "type": "function",
                            "function": { "name": "n", "arguments": "{}" } }] },
                        "finish_reason": null, "logprobs": null }],
                    "usage": { "prompt_tokens": 9, "completion_tokens": 7, "total_tokens": 16,
                        "completion_tokens_details": { "reasoning_tokens": 0 } }, "cost": "0.25" }),
                json!({ "id": "c", "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }] }),
            ],
            last: "data: [DONE]\n\n",
        },
        Relay {
            operation: "relay_messages",
            is_lenient: false,
            events: vec![
                json!({ "type": "message_start", "message": { "id": "m", "type": "message", "role": "assistant",
                    "model": "m", "content": [], "stop_reason": null,
                    "usage": { "input_tokens": 9, "output_tokens": 1, "cache_read_input_tokens": 0 } } }),
                json!({ "type": "content_block_start", "index": 0,
                    "content_block": { "type": "tool_use", "id": "t", "name": "n", "input": {}, "text": "" } }),
                json!({ "type": "content_block_delta", "index": 0,
                    "delta": { "type": "text_delta", "text": "H", "thinking": "t", "partial_json": "{" } }),
                json!({ "type": "content_block_stop", "index": 0 }),
                json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn", "stop_sequence": null },
                    "usage": { "input_tokens": 9, "output_tokens": 7 } }),
                json!({ "type": "ping" }),
            ],
            last: "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
        },
        Relay {
            operation: "relay_gemini_stream",
            is_lenient: true,
            events: vec![
                json!({ "candidates": [{ "index": 0, "content": { "role": "model", "parts": [
                        { "text": "H", "thought": true },
                        { "functionCall": { "id": "f", "name": "n", "args": { "x": 1 } } }] },
                    "safetyRatings": [] }],
                    "usageMetadata": { "promptTokenCount": 9, "candidatesTokenCount": 7,
                        "thoughtsTokenCount": 1, "totalTokenCount": 17 },
                    "modelVersion": "m", "sdkHttpResponse": { "headers": {} } }),
                json!({ "candidates": [{ "index": 0, "content": { "parts": [] }, "finishReason": "STOP" }] }),
            ],
            last: "",
        },
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_to_what_relays_hand_on_is_read() {
    let mut counts = BTreeMap::<&str, usize>::new();
    let mut problems = Vec::new();
    for relay in relays() {
        let mut answers = Vec::new();
        for (what, kind, answer) in relay.answers() {
            *counts.entry(kind).or_default() += 1;
            answers.push((what, answer));
        }
        let answers = Arc::new(answers);
        let table = Arc::clone(&answers);
        let server = Server::start(move |heard| {
            let number: Option<usize> = heard.header("x-request-id").parse().ok();
            let answer = number.and_then(|number| table.get(number));
            answer.map_or(Act::Silence, |(_, answer)| answer.clone())
        })
        .await;
        let client = Client::builder()
            .base_url(server.url())
            .api_key("ak_key-of-the-test")
            .retry(RetryPolicy::none())
            .build()
            .expect("valid");
        for (number, (what, _)) in answers.iter().enumerate() {
            if let Err(error) = relay.read(&client, number.to_string()).await {
                problems.push(format!("{}, {what}: {error}", relay.operation));
            }
        }
    }
    assert!(
        problems.is_empty(),
        "{} answers are not read, of {counts:?}; the first of them:\n{}",
        problems.len(),
        problems[..problems.len().min(20)].join("\n")
    );
    tell(format_args!(
        "forward: {} changes to what relays hand on, all read: {counts:?}",
        counts.values().sum::<usize>()
    ));
}

impl Relay {
    /// Each change, in words, by its kind, and in an answer.
    fn answers(&self) -> Vec<(String, &'static str, Act)> {
        let mut answers = Vec::new();
        let examples = examples();
        let whole = examples
            .iter()
            .find(|it| it.operation.name == self.operation && it.is_success())
            .unwrap_or_else(|| panic!("the document shows no success of {}", self.operation));
        for Change { kind, place, data } in changes(&whole.body, self.is_lenient) {
            let what = format!("the whole answer: {kind} at `{place}`");
            answers.push((what, kind, Act::json(&data.to_string())));
        }
        // A changed event comes before the same one as it should be: what ends a stream stays at
        // its end, and a reason to end is not followed by more of the answer.
        for (number, event) in self.events.iter().enumerate() {
            for Change { kind, place, data } in changes(event, self.is_lenient) {
                let what = format!("event {number}: {kind} at `{place}`");
                let (before, after) = self.events.split_at(number);
                let all = before.iter().chain([&data]).chain(after);
                let mut text: Vec<_> = all.map(|event| format!("data: {event}\n\n")).collect();
                text.push(self.last.to_owned());
                let head = "content-type: text/event-stream\r\n";
                answers.push((what, kind, Act::answer(200, head, &text.concat())));
            }
        }
        answers
    }

    async fn read(&self, client: &Client, id: String) -> Result<(), Error> {
        let relay = client.relay();
        match self.operation {
            "relay_chat_completions" => {
                let ask = relay.chat_completions("m").user("Hi").request_id(id);
                drain(ask.events().await?).await
            }
            "relay_messages" => {
                let ask = relay.messages("m").user("Hi").request_id(id);
                drain(ask.events().await?).await
            }
            _ => {
                let ask = relay.gemini_stream("m").user("Hi").request_id(id);
                drain(ask.events().await?).await
            }
        }
    }
}

async fn drain<E: StreamEvent>(mut events: EventStream<E>) -> Result<(), Error> {
    while let Some(event) = events.next().await {
        event?;
    }
    Ok(())
}

/// All changes to a value that has no schema.
fn changes(data: &Value, is_lenient: bool) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut places = vec![String::new()];
    while let Some(place) = places.pop() {
        let mut change = |kind, edit: &dyn Fn(&mut Value)| {
            let mut data = data.clone();
            edit(data.pointer_mut(&place).expect("a place of the data"));
            changes.push(Change {
                kind,
                place: place.clone(),
                data,
            });
        };
        match data.pointer(&place).expect("a place of the data") {
            Value::Object(fields) => {
                change(NEW_FIELD, &|object| {
                    object["aFieldOfTomorrow"] = json!({ "deep": [1, null, "x"] });
                });
                for (name, value) in fields {
                    if is_lenient || !NEEDED.contains(&name.as_str()) {
                        let kind = if value.is_array() { NULL_LIST } else { NULL };
                        change(kind, &|object| object[name] = Value::Null);
                        change(MISSING, &|object| {
                            object.as_object_mut().expect("an object").remove(name);
                        });
                    }
                    if value.is_string() && WORDS.contains(&name.as_str()) {
                        change(NEW_VALUE, &|object| {
                            object[name] = json!("a value of tomorrow");
                        });
                    }
                    places.push(format!("{place}/{name}"));
                }
            }
            Value::Array(items) => {
                places.extend((0..items.len()).map(|index| format!("{place}/{index}")));
            }
            Value::Number(number) => {
                let fraction = number.as_f64().map(|number| json!(number));
                change(FRACTION, &|value| {
                    *value = fraction.clone().unwrap_or_default();
                });
            }
            _ => {}
        }
    }
    changes
}

//! OpenAI's Chat Completions.

use aitoearn_api::operations;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Fields, Turns, send, streamed, turns::text};
use crate::{
    Client, Error, RelayResponse, Request,
    options::RequestOptions,
    request::{debug_options, request_methods},
    resources::generation::check_model,
    stream::{DeltaStream, EventStream, ToolCall, openai::ChatChunk},
    types::{ChatMessage, MessageContent},
};

/// A chat completion that is ready to be asked for. Made by
/// [`Relay::chat_completions`](crate::Relay::chat_completions); `.await` it.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// let question = client.relay().chat_completions("the model's name").user("Why does a kettle sing?");
/// println!("{:?}", question.extra("temperature", 0.2).await?);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is awaited"]
pub struct ChatCompletions {
    client: Client,
    options: RequestOptions,
    model: String,
    turns: Turns,
    stream: bool,
    extra: Fields,
}

/// What is sent: `ChatCompletionsBody` with messages of every form.
#[derive(Serialize)]
struct Body {
    messages: Vec<Value>,
    model: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

impl ChatCompletions {
    pub(super) fn new(client: Client, model: String) -> Self {
        Self {
            client,
            options: RequestOptions::default(),
            model,
            turns: Turns::default(),
            stream: false,
            extra: Fields::default(),
        }
    }

    /// Adds what the model is to keep in mind.
    pub fn system(self, content: impl Into<MessageContent>) -> Self {
        self.turn("system", content.into())
    }

    /// Adds what the user says: a text, or parts in OpenAI's format, such as pictures.
    pub fn user(self, content: impl Into<MessageContent>) -> Self {
        self.turn("user", content.into())
    }

    /// Adds what the model said before.
    pub fn assistant(self, content: impl Into<MessageContent>) -> Self {
        self.turn("assistant", content.into())
    }

    /// Adds messages, such as the conversation so far.
    pub fn messages(mut self, messages: impl IntoIterator<Item = ChatMessage>) -> Self {
        for message in messages {
            self.turns.add("messages", message);
        }
        self
    }

    /// Adds a message of any form that the format knows: a `serde_json::json!({..})`,
    /// or a struct of yours.
    pub fn message(mut self, message: impl Serialize) -> Self {
        self.turns.add("message", message);
        self
    }

    /// Adds the calls of your tools that the model has made, and what it said with
    /// them, if anything. Their [results](Self::tool_result) follow.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use aitoearn::stream::{Delta, ToolCalls};
    /// use serde_json::json;
    ///
    /// let ask = || client.relay().chat_completions("the model's name").user("How warm is it in Lisbon?");
    /// let tools = json!([{ "type": "function", "function": { "name": "weather" } }]);
    /// let (mut answer, mut calls) = (ask().extra("tools", &tools).deltas().await?, ToolCalls::new());
    /// while let Some(piece) = answer.next().await {
    ///     if let Delta::Tool(part) = piece?.delta {
    ///         calls.add(&part);
    ///     }
    /// }
    /// let calls = calls.finish();
    /// let mut turn = ask().extra("tools", &tools).tool_calls(None, &calls);
    /// for call in &calls {
    ///     turn = turn.tool_result(call, json!({ "celsius": 24 }));
    /// }
    /// let mut answer = turn.deltas().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn tool_calls(self, text: Option<&str>, calls: &[ToolCall]) -> Self {
        let calls: Vec<Value> = calls
            .iter()
            .map(|call| {
                json!({
                    "id": call.id,
                    "type": "function",
                    "function": { "name": call.name, "arguments": call.arguments },
                })
            })
            .collect();
        self.message(json!({ "role": "assistant", "content": text, "tool_calls": calls }))
    }

    /// Adds what a tool has found: a text, or any JSON.
    pub fn tool_result(self, call: &ToolCall, output: impl Into<Value>) -> Self {
        let content = text(&output.into());
        self.message(json!({ "role": "tool", "tool_call_id": call.id, "content": content }))
    }

    /// Asks for an event stream.
    ///
    /// The stream must begin within [`Timeouts::first_byte`](crate::Timeouts::first_byte).
    pub fn stream(mut self) -> Self {
        self.stream = true;
        self
    }

    /// Sets another field of the body, such as `temperature`, `tools` or `max_tokens`.
    pub fn extra(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        const TYPED: &[&str] = &["model", "messages", "stream"];
        self.extra.set(name.into(), value, TYPED);
        self
    }

    /// Sends it and reads the answer as the events of its format, whether it
    /// comes as a stream or whole.
    ///
    /// # Errors
    ///
    /// Any [`Error`] before the first event; later ones come out of the stream.
    pub async fn events(self) -> Result<EventStream<ChatChunk>, Error> {
        let client = self.client.clone();
        EventStream::of(self.stream().send_with_meta().await?, &client)
    }

    /// The same in the pieces that all formats have in common.
    ///
    /// # Errors
    ///
    /// As for [`events`](Self::events).
    pub async fn deltas(self) -> Result<DeltaStream, Error> {
        Ok(self.events().await?.into())
    }

    fn turn(self, role: &str, content: MessageContent) -> Self {
        let role = role.to_owned();
        self.messages([ChatMessage { content, role }])
    }

    fn into_request(self) -> Request<RelayResponse> {
        let Self {
            client,
            options,
            model,
            turns,
            stream,
            extra,
        } = self;
        let body = || -> Result<_, Error> {
            check_model(&model)?;
            Ok(Body {
                messages: turns.finish("messages")?,
                model: model.clone(),
                stream: stream.then_some(true),
                extra: extra.finish()?,
            })
        };
        let operation = &operations::RELAY_CHAT_COMPLETIONS;
        let request = send(&client, operation, &model, body());
        streamed(request, stream).with_options(options)
    }
}

request_methods!([] ChatCompletions => RelayResponse);
debug_options!(ChatCompletions);

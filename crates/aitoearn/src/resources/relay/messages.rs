//! Anthropic's Messages.

use aitoearn_api::operations;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Fields, Turns, send, streamed, turns::text};
use crate::{
    Client, Error, InputError, RelayResponse, Request,
    options::RequestOptions,
    request::{debug_options, request_methods},
    resources::generation::check_model,
    stream::{DeltaStream, EventStream, ToolCall, anthropic::MessageEvent},
    types::{ClaudeMessage, ClaudeMessageRole, MessageContent},
};

/// A message that is ready to be asked for. Made by
/// [`Relay::messages`](crate::Relay::messages); `.await` it.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// let question = client.relay().messages("the model's name").system("Be brief.").user("Why does a kettle sing?");
/// println!("{:?}", question.max_tokens(200).await?);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is awaited"]
pub struct Messages {
    client: Client,
    options: RequestOptions,
    model: String,
    turns: Turns,
    max_tokens: Option<u32>,
    stream: bool,
    extra: Fields,
}

/// What is sent: `MessagesBody` with messages of every form.
#[derive(Serialize)]
struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    messages: Vec<Value>,
    model: String,
    /// Told nothing, the service streams.
    stream: bool,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

impl Messages {
    pub(super) fn new(client: Client, model: String) -> Self {
        Self {
            client,
            options: RequestOptions::default(),
            model,
            turns: Turns::default(),
            max_tokens: None,
            stream: false,
            extra: Fields::default(),
        }
    }

    /// What the model is to keep in mind.
    pub fn system(self, content: impl Into<MessageContent>) -> Self {
        self.extra("system", content.into())
    }

    /// Adds what the user says: a text, or parts in Anthropic's format, such as pictures.
    pub fn user(self, content: impl Into<MessageContent>) -> Self {
        self.turn(ClaudeMessageRole::User, content.into())
    }

    /// Adds what the model said before.
    pub fn assistant(self, content: impl Into<MessageContent>) -> Self {
        self.turn(ClaudeMessageRole::Assistant, content.into())
    }

    /// Adds messages, such as the conversation so far.
    pub fn messages(mut self, messages: impl IntoIterator<Item = ClaudeMessage>) -> Self {
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
    pub fn tool_calls(mut self, text: Option<&str>, calls: &[ToolCall]) -> Self {
        let said = text.filter(|text| !text.is_empty());
        let mut parts: Vec<Value> = said
            .map(|text| json!({ "type": "text", "text": text }))
            .into_iter()
            .collect();
        for call in calls {
            let input = self.turns.arguments(call);
            parts.push(
                json!({ "type": "tool_use", "id": call.id, "name": call.name, "input": input }),
            );
        }
        self.message(json!({ "role": "assistant", "content": parts }))
    }

    /// Adds what a tool has found: a text, or any JSON. The results of calls that were
    /// made together become one message, as the format wants it.
    pub fn tool_result(mut self, call: &ToolCall, output: impl Into<Value>) -> Self {
        let content = text(&output.into());
        self.turns.add_result(
            "content",
            |part| part["type"] == "tool_result",
            json!({ "type": "tool_result", "tool_use_id": call.id, "content": content }),
        );
        self
    }

    /// The most tokens that the model may write, at least 1. Default: 32000. A
    /// small number may be used up by its thinking, with nothing left to say.
    pub fn max_tokens(mut self, count: u32) -> Self {
        self.max_tokens = Some(count);
        self
    }

    /// Asks for an event stream. Without this, one in one piece is asked for,
    /// and the service may stream all the same.
    ///
    /// The stream must begin within [`Timeouts::first_byte`](crate::Timeouts::first_byte).
    pub fn stream(mut self) -> Self {
        self.stream = true;
        self
    }

    /// Sets another field of the body, such as `temperature`, `tools` or `thinking`.
    pub fn extra(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        const TYPED: &[&str] = &["model", "messages", "max_tokens", "stream"];
        self.extra.set(name.into(), value, TYPED);
        self
    }

    /// Sends it and reads the answer as the events of its format, whether it
    /// comes as a stream or whole.
    ///
    /// # Errors
    ///
    /// Any [`Error`] before the first event; later ones come out of the stream.
    pub async fn events(self) -> Result<EventStream<MessageEvent>, Error> {
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

    fn turn(self, role: ClaudeMessageRole, content: MessageContent) -> Self {
        self.messages([ClaudeMessage { content, role }])
    }

    fn into_request(self) -> Request<RelayResponse> {
        let Self {
            client,
            options,
            model,
            turns,
            max_tokens,
            stream,
            extra,
        } = self;
        let body = || -> Result<_, Error> {
            check_model(&model)?;
            let messages = turns.finish("messages")?;
            if max_tokens == Some(0) {
                return Err(InputError::new("max_tokens", "is zero").into());
            }
            Ok(Body {
                max_tokens,
                messages,
                model: model.clone(),
                stream,
                extra: extra.finish()?,
            })
        };
        let request = send(&client, &operations::RELAY_MESSAGES, &model, body());
        streamed(request, stream).with_options(options)
    }
}

request_methods!([] Messages => RelayResponse);
debug_options!(Messages);

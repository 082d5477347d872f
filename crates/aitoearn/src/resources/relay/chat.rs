//! OpenAI's Chat Completions.

use aitoearn_api::operations;
use serde::Serialize;

use super::{Fields, check_turns, request, streamed};
use crate::{
    Client, Error, RelayResponse, Request,
    options::RequestOptions,
    request::{debug_options, request_methods},
    resources::generation::check_model,
    stream::{DeltaStream, EventStream, openai::ChatChunk},
    types::{ChatCompletionsBody, ChatMessage, MessageContent},
};

/// A chat completion that is ready to be asked for. Made by
/// [`Relay::chat_completions`](crate::Relay::chat_completions); `.await` it.
#[must_use = "a request does nothing until it is awaited"]
pub struct ChatCompletions {
    client: Client,
    options: RequestOptions,
    model: String,
    messages: Vec<ChatMessage>,
    stream: bool,
    extra: Fields,
}

request_methods!([] ChatCompletions => RelayResponse);
debug_options!(ChatCompletions);

impl ChatCompletions {
    pub(super) fn new(client: Client, model: String) -> Self {
        Self {
            client,
            options: RequestOptions::default(),
            model,
            messages: Vec::new(),
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
        self.messages.extend(messages);
        self
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
            messages,
            stream,
            extra,
        } = self;
        let body = || -> Result<_, Error> {
            check_model(&model)?;
            check_turns("messages", &messages)?;
            Ok(ChatCompletionsBody {
                extra: extra.finish()?,
                messages,
                model,
                stream: stream.then_some(true),
            })
        };
        let request = request(
            &client,
            &operations::RELAY_CHAT_COMPLETIONS,
            body(),
            |api, body| Box::pin(api.relay_chat_completions(body)),
        );
        streamed(request, stream).with_options(options)
    }
}

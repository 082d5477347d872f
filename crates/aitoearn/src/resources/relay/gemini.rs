//! Gemini's contents, in one piece or as a stream.

use aitoearn_api::{Operation, operations};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Fields, check_turns, request};
use crate::{
    Client, Error, InputError, RelayResponse, Request,
    input::path_segment,
    options::RequestOptions,
    request::{debug_options, request_methods},
    resources::generation::check_model,
    stream::{DeltaStream, EventStream, gemini::GeminiChunk},
    types::{GeminiBody, GeminiConfig, GeminiContent, GeminiContentRole, TextPart},
};

/// Contents that are ready to be asked for. Made by
/// [`Relay::gemini_generate`](crate::Relay::gemini_generate) and
/// [`Relay::gemini_stream`](crate::Relay::gemini_stream); `.await` it.
#[must_use = "a request does nothing until it is awaited"]
pub struct GeminiContents {
    client: Client,
    options: RequestOptions,
    operation: &'static Operation,
    model: String,
    contents: Vec<GeminiContent>,
    config: Fields,
}

request_methods!([] GeminiContents => RelayResponse);
debug_options!(GeminiContents);

impl GeminiContents {
    pub(super) fn generate(client: Client, model: String) -> Self {
        Self::new(client, &operations::RELAY_GEMINI_GENERATE, model)
    }

    pub(super) fn stream(client: Client, model: String) -> Self {
        Self::new(client, &operations::RELAY_GEMINI_STREAM, model)
    }

    fn new(client: Client, operation: &'static Operation, model: String) -> Self {
        Self {
            client,
            options: RequestOptions::default(),
            operation,
            model,
            contents: Vec::new(),
            config: Fields::default(),
        }
    }

    /// Adds what the user says.
    pub fn user(self, text: impl Into<String>) -> Self {
        self.turn(GeminiContentRole::User, text.into())
    }

    /// Adds what the model said before.
    pub fn assistant(self, text: impl Into<String>) -> Self {
        self.turn(GeminiContentRole::Model, text.into())
    }

    /// Adds turns, such as the conversation so far, or pictures.
    pub fn contents(mut self, contents: impl IntoIterator<Item = GeminiContent>) -> Self {
        self.contents.extend(contents);
        self
    }

    /// Sets a field of [`GeminiConfig`] by its name on the wire, or one that it
    /// does not know: `temperature`, `maxOutputTokens`, `systemInstruction`.
    pub fn config(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.config.set(name.into(), value, &[]);
        self
    }

    /// Sends it and reads the answer as the events of its format, whether it
    /// comes as a stream or whole.
    ///
    /// # Errors
    ///
    /// Any [`Error`] before the first event; later ones come out of the stream.
    pub async fn events(self) -> Result<EventStream<GeminiChunk>, Error> {
        let client = self.client.clone();
        EventStream::of(self.send_with_meta().await?, &client)
    }

    /// The same in the pieces that all formats have in common.
    ///
    /// # Errors
    ///
    /// As for [`events`](Self::events).
    pub async fn deltas(self) -> Result<DeltaStream, Error> {
        Ok(self.events().await?.into())
    }

    fn turn(self, role: GeminiContentRole, text: String) -> Self {
        self.contents([GeminiContent {
            parts: vec![TextPart { text }.into()],
            role: Some(role),
        }])
    }

    fn into_request(self) -> Request<RelayResponse> {
        let Self {
            client,
            options,
            operation,
            model,
            contents,
            config,
        } = self;
        let body = || -> Result<_, Error> {
            check_model(&model)?;
            check_turns("contents", &contents)?;
            Ok(GeminiBody {
                config: typed(config.finish()?)?,
                contents,
                // The path names it, too: there is one source for both.
                model: path_segment("model", model)?,
            })
        };
        let streamed = operation.name == operations::RELAY_GEMINI_STREAM.name;
        request(&client, operation, body(), move |api, body| {
            if streamed {
                Box::pin(api.relay_gemini_stream(&body.model, body))
            } else {
                Box::pin(api.relay_gemini_generate(&body.model, body))
            }
        })
        .with_options(options)
    }
}

fn typed(config: Map<String, Value>) -> Result<Option<GeminiConfig>, Error> {
    if config.is_empty() {
        return Ok(None);
    }
    serde_json::from_value(config.into())
        .map(Some)
        .map_err(|error| {
            InputError::new("config", format!("holds what does not fit: {error}")).into()
        })
}

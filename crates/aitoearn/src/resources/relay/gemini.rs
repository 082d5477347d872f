//! Gemini's contents, in one piece or as a stream.

use aitoearn_api::{Operation, operations};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Fields, Turns, send};
use crate::{
    Client, Error, InputError, RelayResponse, Request,
    input::path_segment,
    options::RequestOptions,
    request::{debug_options, request_methods},
    resources::generation::check_model,
    stream::{DeltaStream, EventStream, ToolCall, gemini::GeminiChunk},
    types::{GeminiConfig, GeminiContent, GeminiContentRole, TextPart},
};

/// Contents that are ready to be asked for. Made by
/// [`Relay::gemini_generate`](crate::Relay::gemini_generate) and
/// [`Relay::gemini_stream`](crate::Relay::gemini_stream); `.await` it.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// let question = client.relay().gemini_generate("the model's name").user("Why does a kettle sing?");
/// println!("{:?}", question.config("temperature", 0.2).await?);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is awaited"]
pub struct GeminiContents {
    client: Client,
    options: RequestOptions,
    operation: &'static Operation,
    model: String,
    turns: Turns,
    config: Fields,
}

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
            turns: Turns::default(),
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
        for content in contents {
            self.turns.add("contents", content);
        }
        self
    }

    /// Adds a turn of any form that the format knows: a `serde_json::json!({..})`, or a
    /// struct of yours.
    pub fn content(mut self, content: impl Serialize) -> Self {
        self.turns.add("content", content);
        self
    }

    /// Adds the calls of your tools that the model has made, and what it said with
    /// them, if anything. Their [results](Self::tool_result) follow.
    pub fn tool_calls(mut self, text: Option<&str>, calls: &[ToolCall]) -> Self {
        let said = text.filter(|text| !text.is_empty());
        let mut parts: Vec<Value> = said
            .map(|text| json!({ "text": text }))
            .into_iter()
            .collect();
        for call in calls {
            let mut function = json!({ "name": call.name, "args": self.turns.arguments(call) });
            if !call.id.is_empty() {
                function["id"] = json!(call.id);
            }
            let mut part = json!({ "functionCall": function });
            if let Some(signature) = &call.signature {
                part["thoughtSignature"] = json!(signature);
            }
            parts.push(part);
        }
        self.content(json!({ "role": "model", "parts": parts }))
    }

    /// Adds what a tool has found: a text, or any JSON. The results of calls that were
    /// made together become one turn, as the format wants it.
    pub fn tool_result(mut self, call: &ToolCall, output: impl Into<Value>) -> Self {
        let response = match output.into() {
            output @ Value::Object(_) => output,
            // The format takes objects only.
            output => json!({ "output": output }),
        };
        let mut function = json!({ "name": call.name, "response": response });
        if !call.id.is_empty() {
            function["id"] = json!(call.id);
        }
        self.turns.add_result(
            "parts",
            |part| part.get("functionResponse").is_some(),
            json!({ "functionResponse": function }),
        );
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
            turns,
            config,
        } = self;
        let body = || -> Result<_, Error> {
            check_model(&model)?;
            Ok(Body {
                contents: turns.finish("contents")?,
                config: typed(config.finish()?)?,
                // The path names it, too.
                model: path_segment("model", model.clone())?,
            })
        };
        send(&client, operation, &model, body()).with_options(options)
    }
}

request_methods!([] GeminiContents => RelayResponse);
debug_options!(GeminiContents);

/// What is sent: `GeminiBody` with turns of every form.
#[derive(Serialize)]
struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<GeminiConfig>,
    contents: Vec<Value>,
    model: String,
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

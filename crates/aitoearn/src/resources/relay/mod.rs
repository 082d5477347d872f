//! `client.relay()`

#![allow(clippy::doc_markdown, reason = "OpenAI is a name, not code")]

mod chat;
mod gemini;
mod images;
mod messages;
mod turns;

use aitoearn_api::{
    __private::{Pending, encode_segment},
    ByteStream, Operation, TimeoutClass, operations,
};
use serde::Serialize;
use serde_json::{Map, Value};

use self::turns::Turns;
pub use self::{
    chat::ChatCompletions,
    gemini::GeminiContents,
    images::{RelayEditImage, RelayGenerateImage},
    messages::Messages,
};
use super::resource;
use crate::{
    Client, Error, InputError, RelayResponse, Request, Response,
    call::{Call, Method, Reply},
    error::Attempted,
    local::{BoxFuture, boxed},
    request::Attempt,
    sent::{Sent, json},
    types::ChatModel,
};

resource! {
    /// Language and image models in the formats of their providers, billed in
    /// AiToEarn's credits. Made by [`Client::relay`].
    ///
    /// What is typed here is what the formats have in common over the years; the
    /// rest goes in by name (`extra`, `config`) and comes out as JSON. An answer
    /// is a [`RelayResponse`]: whole, or an event stream.
    ///
    /// Nothing here is repeated once it may have been done, because each try is
    /// billed. `timeout` limits the time until the answer is whole, or until an
    /// event stream begins; the stream then has no limit but that on silence
    /// ([`Timeouts::idle`](crate::Timeouts::idle)).
    ///
    /// # Errors
    ///
    /// Beside those named with each method: [`Error::Api`] is AiToEarn's own
    /// refusal, such as [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED) or
    /// [`Code::USER_CREDITS_INSUFFICIENT`](crate::Code::USER_CREDITS_INSUFFICIENT);
    /// [`Error::Http`] is the model provider's, with its words in
    /// `provider_message`, whatever the HTTP status. [`Error::Ambiguous`] if the
    /// answer was lost: the model may have worked.
    Relay
}

impl Relay {
    /// The chat models of this site: provider, kinds of input and output, and
    /// prices in credits.
    ///
    /// Prices are decimal and may have fractions, hence [`Decimal`](crate::Decimal);
    /// those per token are texts. Public: works without a key.
    ///
    /// Calls `GET /api/ai/models/chat`.
    ///
    /// # Errors
    ///
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED) if the client has a key that is not valid here.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// for model in client.relay().models().await? {
    ///     println!("{} by {}", model.name, model.channel);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn models(&self) -> Request<Vec<ChatModel>> {
        Request::new(&self.client, &operations::CHAT_MODELS, Ok(()), |api, ()| {
            Box::pin(api.chat_models())
        })
    }

    /// Asks a model in OpenAI's format (Chat Completions).
    ///
    /// `model` is a `name` of [`models`](Self::models). At least one message is needed.
    ///
    /// Calls `POST /api/ai/chat/completions`.
    ///
    /// # Errors
    ///
    /// As [above](Self#errors), and [`Error::InvalidInput`] for an empty model or
    /// no message.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let answer = client
    ///     .relay()
    ///     .chat_completions("the model's name")
    ///     .system("Answer in one sentence.")
    ///     .user("Why is the sky blue?")
    ///     .extra("temperature", 0.2)
    ///     .await?;
    /// if let Some(answer) = answer.into_json() {
    ///     println!("{}", answer["choices"][0]["message"]["content"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn chat_completions(&self, model: impl Into<String>) -> ChatCompletions {
        ChatCompletions::new(self.client.clone(), model.into())
    }

    /// Asks a model in Anthropic's format (Messages).
    ///
    /// `model` is a `name` of [`models`](Self::models). At least one message is needed.
    ///
    /// Calls `POST /api/ai/v1/messages`.
    ///
    /// # Errors
    ///
    /// As [above](Self#errors), and [`Error::InvalidInput`] for an empty model, no
    /// message, or a limit of 0 tokens.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let answer = client
    ///     .relay()
    ///     .messages("the model's name")
    ///     .system("Answer in one sentence.")
    ///     .user("Why is the sky blue?")
    ///     .stream()
    ///     .await?;
    /// if let Some(mut events) = answer.into_events() {
    ///     while let Some(bytes) = events.next_chunk().await? {
    ///         print!("{}", String::from_utf8_lossy(&bytes));
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn messages(&self, model: impl Into<String>) -> Messages {
        Messages::new(self.client.clone(), model.into())
    }

    /// Asks a model in Gemini's format, for an answer in one piece.
    ///
    /// `model` is a `name` of [`models`](Self::models). At least one turn is needed.
    ///
    /// Calls `POST /api/ai/v1beta/models/{model}:generateContent`.
    ///
    /// # Errors
    ///
    /// As [above](Self#errors), and [`Error::InvalidInput`] for an empty model, no
    /// turn, or a setting of the wrong type.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let answer = client
    ///     .relay()
    ///     .gemini_generate("the model's name")
    ///     .user("Why is the sky blue?")
    ///     .config("maxOutputTokens", 500)
    ///     .await?;
    /// if let Some(answer) = answer.into_json() {
    ///     println!("{}", answer["candidates"][0]["content"]["parts"][0]["text"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn gemini_generate(&self, model: impl Into<String>) -> GeminiContents {
        GeminiContents::generate(self.client.clone(), model.into())
    }

    /// Asks a model in Gemini's format, for an event stream.
    ///
    /// `model` is a `name` of [`models`](Self::models). At least one turn is needed.
    ///
    /// Calls `POST /api/ai/v1beta/models/{model}:streamGenerateContent`.
    ///
    /// # Errors
    ///
    /// As for [`gemini_generate`](Self::gemini_generate).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let answer = client.relay().gemini_stream("the model's name").user("Hello!").await?;
    /// if let Some(mut events) = answer.into_events() {
    ///     while let Some(bytes) = events.next_chunk().await? {
    ///         print!("{}", String::from_utf8_lossy(&bytes));
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn gemini_stream(&self, model: impl Into<String>) -> GeminiContents {
        GeminiContents::stream(self.client.clone(), model.into())
    }

    /// Makes images from words, in OpenAI's format, and waits for them: **up to
    /// ten minutes**.
    ///
    /// The images come as the provider gives them; for addresses that last, use
    /// [`Images::generate_async`](crate::Images::generate_async). `model` is a
    /// `name` of [`Images::models`](crate::Images::models).
    ///
    /// Calls `POST /api/ai/images/generations`.
    ///
    /// # Errors
    ///
    /// As [above](Self#errors), and [`Error::InvalidInput`] for an empty model or prompt.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let answer = client
    ///     .relay()
    ///     .images_generate("the model's name", "A paper boat")
    ///     .size("1024x1024")
    ///     .await?;
    /// if let Some(answer) = answer.into_json() {
    ///     println!("{}", answer["data"][0]["url"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn images_generate(
        &self,
        model: impl Into<String>,
        prompt: impl Into<String>,
    ) -> RelayGenerateImage {
        RelayGenerateImage::new(self.client.clone(), model.into(), prompt.into())
    }

    /// Changes images, in OpenAI's format, and waits for them: **up to ten minutes**.
    ///
    /// The images come as the provider gives them; for addresses that last, use
    /// [`Images::edit_async`](crate::Images::edit_async). `model` is a `name` of
    /// [`Images::edit_models`](crate::Images::edit_models).
    ///
    /// Calls `POST /api/ai/images/edits`, with JSON.
    ///
    /// # Errors
    ///
    /// As [above](Self#errors), and [`Error::InvalidInput`] for an empty model or
    /// prompt, or no image.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let boat = "https://example.org/boat.png";
    /// let answer = client
    ///     .relay()
    ///     .images_edit("the model's name", "Make the boat red", [boat])
    ///     .await?;
    /// if let Some(answer) = answer.into_json() {
    ///     println!("{}", answer["data"][0]["url"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn images_edit(
        &self,
        model: impl Into<String>,
        prompt: impl Into<String>,
        images: impl IntoIterator<Item = impl Into<String>>,
    ) -> RelayEditImage {
        let images = images.into_iter().map(Into::into).collect();
        RelayEditImage::new(self.client.clone(), model.into(), prompt.into(), images)
    }
}

/// A call of a relay. `call` names the generated method.
fn request<I, F>(
    client: &Client,
    operation: &'static Operation,
    input: Result<I, Error>,
    call: F,
) -> Request<RelayResponse>
where
    I: Send + Sync + 'static,
    F: for<'a> Fn(&'a aitoearn_api::Client, &'a I) -> Pending<'a, Reply<ByteStream>>
        + Send
        + Sync
        + 'static,
{
    let attempt = input.map(|input| Relayed(Method { input, call }));
    Request::with_attempts(client, operation, attempt)
}

/// A call of a relay with a body of ours.
fn send(
    client: &Client,
    operation: &'static Operation,
    model: &str,
    body: Result<impl Serialize, Error>,
) -> Request<RelayResponse> {
    let sent = body.and_then(|body| {
        Ok(Relayed(Sent {
            operation,
            path: operation.path.replace("{model}", &encode_segment(model)),
            body: Some(json("body", &body)?),
        }))
    });
    Request::with_attempts(client, operation, sent)
}

/// A call whose response is a model provider's.
pub(crate) struct Relayed<C>(pub(crate) C);

impl<C: Call<ByteStream>> Attempt<RelayResponse> for Relayed<C> {
    fn attempt(
        &self,
        attempted: Box<Attempted>,
    ) -> BoxFuture<'_, Result<Response<RelayResponse>, Error>> {
        boxed(RelayResponse::of(&self.0, attempted))
    }
}

/// Fields that go into a body by their name on the wire.
#[derive(Debug, Default)]
struct Fields {
    map: Map<String, Value>,
    wrong: Option<Error>,
}

impl Fields {
    /// `typed` are the names that have a method of their own, or an argument.
    fn set(&mut self, name: String, value: impl Serialize, typed: &[&str]) {
        if typed.contains(&name.as_str()) {
            self.refuse(format!("holds `{name}`, which is set otherwise"));
            return;
        }
        match serde_json::to_value(value) {
            Ok(value) => {
                self.map.insert(name, value);
            }
            Err(error) => self.refuse(format!("holds `{name}`, which is no JSON: {error}")),
        }
    }

    fn refuse(&mut self, problem: String) {
        self.wrong
            .get_or_insert_with(|| InputError::new("extra", problem).into());
    }

    fn finish(self) -> Result<Map<String, Value>, Error> {
        self.wrong.map_or(Ok(self.map), Err)
    }
}

/// A stream has its own limit: on the time until it begins.
fn streamed(request: Request<RelayResponse>, yes: bool) -> Request<RelayResponse> {
    if yes {
        request.with_timeout_class(TimeoutClass::Stream)
    } else {
        request
    }
}

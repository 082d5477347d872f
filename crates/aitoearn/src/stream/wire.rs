//! What the three wire formats have in common, and how any of them tells an error.

use std::collections::BTreeMap;

use aitoearn_api::{Context, Failure, decode_plain, tolerant};
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny};
use serde_json::{Map, Value, json};

use super::Frame;

/// The event of a wire format. Not nameable from outside, so only the formats of
/// this crate have it.
pub trait Wire: DeserializeOwned + Send + Unpin + 'static {
    /// Whether `[DONE]` is the format's own word for the end of a whole answer.
    const DONE_ENDS: bool;

    /// Whether it is no event but an error under HTTP 200.
    fn reports_error(&self) -> bool;

    /// Notes how far the answer is.
    fn note(&self, progress: &mut Progress);

    /// Gives a whole answer the form of an event.
    fn adapt(_answer: &mut Value) {}
}

/// How far an answer is.
#[derive(Debug, Default)]
pub struct Progress {
    /// Whether each of the answers asked for is finished.
    answers: BTreeMap<u32, bool>,
    /// Something came after an end: this provider gives a reason before there is one.
    is_distrusted: bool,
    is_over: bool,
}

impl Progress {
    /// Notes what an event says of an answer: whether it brings something new, and
    /// whether it ends it.
    pub(super) fn saw(&mut self, answer: u32, is_new: bool, is_finished: bool) {
        let finished = self.answers.entry(answer).or_default();
        self.is_distrusted |= *finished && is_new;
        *finished |= is_finished;
    }

    /// The event came after which there is none.
    pub(super) fn end(&mut self) {
        self.is_over = true;
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Whether each answer has named its end.
    pub(super) fn is_finished(&self) -> bool {
        !self.answers.is_empty() && self.answers.values().all(|done| *done)
    }

    /// Whether the bytes may end here.
    pub(super) fn may_end(&self) -> bool {
        self.is_over || (self.is_finished() && !self.is_distrusted)
    }
}

/// Whether the fields that a format does not have are those of an error: a
/// provider's `error`, or the `code` of AiToEarn's envelope.
pub(super) fn reports_error(fields: &Map<String, Value>) -> bool {
    fields.get("error").is_some_and(|error| !error.is_null())
        || fields
            .get("code")
            .and_then(Value::as_i64)
            .is_some_and(|code| code != 0)
}

/// The event in a frame.
pub(super) fn read<E: Wire>(frame: &Frame, context: &Context) -> Result<E, Failure> {
    if frame.event == "error" {
        return Err(reported(&frame.data, context));
    }
    match serde_json::from_str::<E>(&frame.data) {
        Ok(event) if !event.reports_error() => Ok(event),
        Ok(_) => Err(reported(&frame.data, context)),
        // Once more, slowly: it may be an error, and if not, it names the place.
        Err(_) => decode_plain(frame.data.as_bytes(), context),
    }
}

/// The event that a whole answer stands for.
pub(super) fn read_whole<E: Wire>(mut answer: Value, context: &Context) -> Result<E, Failure> {
    E::adapt(&mut answer);
    let data = answer.to_string();
    read(&Frame::message(data), context)
}

/// The error in data that tells one, in whatever form.
fn reported(data: &str, context: &Context) -> Failure {
    if let Err(failure @ (Failure::Business(_) | Failure::Status(_))) =
        decode_plain::<IgnoredAny>(data.as_bytes(), context)
    {
        return failure;
    }
    // A form that whole answers do not have: what it says is the provider's message.
    let said: Value = serde_json::from_str(data).unwrap_or_else(|_| data.into());
    let error = said
        .get("error")
        .filter(|error| !error.is_null())
        .unwrap_or(&said);
    let message = match error.get("message").unwrap_or(error) {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let body = json!({ "error": message }).to_string();
    decode_plain::<IgnoredAny>(body.as_bytes(), context)
        .err()
        .unwrap_or(Failure::Invalid(message))
}

/// A whole number, for `#[serde(deserialize_with = "...")]`: some providers write `3.0`.
pub(super) fn whole<'de, D, N>(deserializer: D) -> Result<N, D::Error>
where
    D: Deserializer<'de>,
    N: TryFrom<i64>,
{
    fit(tolerant::int(deserializer)?)
}

/// The same, `None` for null. Goes with `#[serde(default)]`.
pub(super) fn whole_opt<'de, D, N>(deserializer: D) -> Result<Option<N>, D::Error>
where
    D: Deserializer<'de>,
    N: TryFrom<i64>,
{
    tolerant::int_opt(deserializer)?.map(fit).transpose()
}

/// The same, 0 for null. Goes with `#[serde(default)]`.
pub(super) fn whole_or_zero<'de, D, N>(deserializer: D) -> Result<N, D::Error>
where
    D: Deserializer<'de>,
    N: TryFrom<i64> + Default,
{
    whole_opt(deserializer).map(Option::unwrap_or_default)
}

fn fit<N: TryFrom<i64>, E: serde::de::Error>(number: i64) -> Result<N, E> {
    N::try_from(number).map_err(|_| E::custom(format_args!("{number} is out of range")))
}

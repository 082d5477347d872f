//! What the three wire formats have in common, and how any of them tells an error.

use std::collections::BTreeMap;

use aitoearn_api::{
    __private::{is_too_heavy, reported},
    Context, Failure, Mended, decode_plain, tolerant,
};
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::{Map, Value};

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

/// More answers to one question than anybody asks for. A stream has no end, so
/// they are not counted without one either.
const MOST_ANSWERS: usize = 1024;

/// How far an answer is.
#[derive(Debug, Default)]
pub struct Progress {
    /// Whether each of the answers asked for is finished.
    answers: BTreeMap<u32, bool>,
    /// Something came after an end: this provider gives a reason before there is one.
    is_distrusted: bool,
    /// There are others, of which nothing is known.
    more: bool,
    is_over: bool,
}

impl Progress {
    /// Notes what an event says of an answer: whether it brings something new, and
    /// whether it ends it.
    pub(super) fn saw(&mut self, answer: u32, is_new: bool, is_finished: bool) {
        if self.answers.len() < MOST_ANSWERS || self.answers.contains_key(&answer) {
            let finished = self.answers.entry(answer).or_default();
            self.is_distrusted |= *finished && is_new;
            *finished |= is_finished;
        } else {
            self.more = true;
        }
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
        !self.more && !self.answers.is_empty() && self.answers.values().all(|done| *done)
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
pub(super) fn read<E: Wire>(frame: &Frame, context: &Context) -> Result<(E, Mended), Failure> {
    let data = frame.data.as_bytes();
    if frame.event == "error" {
        return Err(reported(data, context));
    }
    if !is_too_heavy(data, context.body_limit)
        && let Ok(event) = serde_json::from_slice::<E>(data)
    {
        return if event.reports_error() {
            Err(reported(data, context))
        } else {
            Ok((event, Mended::default()))
        };
    }
    // Once more, slowly: it may be an error, and if not, it names the place.
    // A record of its own: the context's is that of the whole answer.
    let context = context.for_event();
    Ok((decode_plain(data, &context)?, context.mended()))
}

/// The event that a whole answer stands for.
pub(super) fn read_whole<E: Wire>(
    mut answer: Value,
    context: &Context,
) -> Result<(E, Mended), Failure> {
    E::adapt(&mut answer);
    let data = answer.to_string();
    drop(answer);
    read(&Frame::message(data), context)
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

#[cfg(test)]
mod tests {
    use crate::{
        Error,
        stream::{
            StreamEvent,
            gemini::GeminiChunk,
            openai::ChatChunk,
            testing::{Timetable, all},
        },
    };

    async fn end_of<E: StreamEvent>(pieces: &[String]) -> Option<Error> {
        let text = pieces.concat();
        all::<E>(Timetable::of([text.as_bytes()]).events()).await.1
    }

    #[tokio::test]
    async fn a_reason_that_is_none_does_not_end_an_answer() {
        let chunk = |text: &str, reason: &str| {
            format!(
                "data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":{reason}}}]}}\n\n"
            )
        };
        let done = "data: [DONE]\n\n".to_owned();
        let words = ["", " ", "null", "unknown", "NONE", "later"];
        let words = words.map(|word| format!("\"{word}\""));
        for reason in words.iter().map(String::as_str).chain(["null", "0"]) {
            let mut text = vec![chunk("half of", reason), chunk(" the ans", reason)];
            let error = end_of::<ChatChunk>(&text).await;
            assert!(
                matches!(error, Some(Error::Stream(_))),
                "{reason}: {error:?}"
            );
            text.push(done.clone());
            let error = end_of::<ChatChunk>(&text).await;
            assert!(error.is_none(), "{reason}: {error:?}");
        }
        // One that is in every chunk.
        let mut text = vec![chunk("half of", "\"stop\""), chunk(" the ans", "\"stop\"")];
        let error = end_of::<ChatChunk>(&text).await;
        assert!(matches!(error, Some(Error::Stream(_))), "{error:?}");
        text.push(done);
        let error = end_of::<ChatChunk>(&text).await;
        assert!(error.is_none(), "{error:?}");
        // Repeated without anything new, beside the tokens after the end.
        let end = chunk("", "\"stop\"");
        let error = end_of::<ChatChunk>(&[chunk("all", "null"), end.clone(), end]).await;
        assert!(error.is_none(), "{error:?}");
    }

    #[tokio::test]
    async fn the_same_in_geminis_words() {
        let chunk = |text: &str, reason: &str| {
            format!(
                "data: {{\"candidates\":[{{\"content\":{{\"parts\":[{{\"text\":\"{text}\"}}]}},\"finishReason\":\"{reason}\"}}]}}\n\n"
            )
        };
        for reason in ["", "FINISH_REASON_UNSPECIFIED", "unknown"] {
            let error = end_of::<GeminiChunk>(&[chunk("half", reason)]).await;
            assert!(
                matches!(error, Some(Error::Stream(_))),
                "{reason}: {error:?}"
            );
        }
        let error = end_of::<GeminiChunk>(&[chunk("half", "STOP"), chunk(" it", "STOP")]).await;
        assert!(matches!(error, Some(Error::Stream(_))), "{error:?}");
        let error = end_of::<GeminiChunk>(&[chunk("all", "A_NEW_WORD")]).await;
        assert!(error.is_none(), "{error:?}");
        let blocked =
            "data: {\"promptFeedback\":{\"blockReason\":\"BLOCK_REASON_UNSPECIFIED\"}}\n\n";
        let error = end_of::<GeminiChunk>(&[blocked.to_owned()]).await;
        assert!(matches!(error, Some(Error::Stream(_))), "{error:?}");
    }
}

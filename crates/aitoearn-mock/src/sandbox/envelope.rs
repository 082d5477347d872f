//! How the service dresses an answer: always HTTP 200, always an envelope.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::messages::{self, Language};

/// What a success of the service says in every language.
const SUCCESS: &str = "请求成功";

/// What it says here to somebody who asks for another language, so that people can read it.
const SUCCESS_IN_ENGLISH: &str = "Request succeeded";

/// What a handler answers when all went well.
#[derive(Debug)]
pub(crate) enum Reply {
    /// A payload, in the envelope.
    Data(Value),
    /// A success with nothing to tell: the envelope has no `data` key at all.
    Nothing,
    /// JSON without an envelope (the relays, the `/v3` routes).
    Plain(Value),
    /// A provider's own error, with a status of its own (the relays).
    Provider(u16, Value),
    /// An event stream, one frame at a time.
    Events(Vec<String>),
}

/// What a handler answers when it will not: a code, perhaps with details.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: i64,
    /// Details; `{}` if there are none, whatever type the operation declares.
    pub(crate) data: Value,
    /// Overrides the registry's text for the code.
    pub(crate) message: Option<String>,
    /// For the sandbox's log alone: which part of the request, and why. The service says neither.
    pub(crate) note: Option<Box<str>>,
}

impl Refusal {
    pub(crate) fn new(code: i64) -> Self {
        Self {
            code,
            data: json!({}),
            message: None,
            note: None,
        }
    }

    pub(crate) fn with(code: i64, data: Value) -> Self {
        Self {
            code,
            data,
            message: None,
            note: None,
        }
    }

    pub(crate) fn saying(code: i64, message: impl Into<String>) -> Self {
        Self {
            code,
            data: json!({}),
            message: Some(message.into()),
            note: None,
        }
    }

    /// The same, with a reason in the log.
    pub(crate) fn noting(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into().into_boxed_str());
        self
    }

    /// The schema check said no. The service never names the field; the log does.
    pub(crate) fn invalid(note: impl Into<String>) -> Self {
        Self::saying(400, "Bad request").noting(note)
    }

    /// An id of the wrong form, in the operations that check for that.
    pub(crate) fn malformed_id(name: &str, id: &str) -> Self {
        Self::new(10002).noting(not_an_id(name, id))
    }

    /// The same in the others, where the service fails.
    pub(crate) fn crash_of_id(name: &str, id: &str) -> Self {
        Self::crash().noting(not_an_id(name, id))
    }

    pub(crate) fn crash() -> Self {
        Self::saying(500, "Internal server error")
    }
}

fn not_an_id(name: &str, id: &str) -> String {
    format!("{name} is {id:?}, and not an id of 24 hexadecimal digits")
}

/// The keys in the order the service writes them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    code: i64,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

impl Envelope<'_> {
    fn write(&self) -> String {
        // Values made of maps with text keys, text and numbers always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// `asked` is what the request says of languages, if it says anything.
pub(crate) fn success(data: Option<&Value>, request_id: &str, asked: Option<&str>) -> String {
    let message = match asked.map(|asked| Language::from_header(Some(asked))) {
        Some(Language::English) => SUCCESS_IN_ENGLISH,
        Some(Language::Chinese) | None => SUCCESS,
    };
    Envelope {
        data,
        code: 0,
        message,
        timestamp: None,
        request_id: Some(request_id),
    }
    .write()
}

/// `request_id` is absent where the request was refused before it got one.
pub(crate) fn refusal(
    refusal: &Refusal,
    language: Language,
    now: Timestamp,
    request_id: Option<&str>,
) -> String {
    let message = match &refusal.message {
        Some(message) => message.clone(),
        None => messages::text(refusal.code, &refusal.data, language),
    };
    Envelope {
        data: Some(&refusal.data),
        code: refusal.code,
        message: &message,
        timestamp: Some(now.as_millisecond()),
        request_id,
    }
    .write()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_the_service_order() {
        assert_eq!(
            success(Some(&json!({"a": 1})), "r1", None),
            r#"{"data":{"a":1},"code":0,"message":"请求成功","requestId":"r1"}"#
        );
        assert_eq!(
            success(None, "r1", Some("zh-CN")),
            r#"{"code":0,"message":"请求成功","requestId":"r1"}"#
        );
        assert_eq!(
            success(None, "r1", Some("de,zh;q=0.5")),
            r#"{"code":0,"message":"Request succeeded","requestId":"r1"}"#
        );
        assert_eq!(
            refusal(
                &Refusal::invalid("body.name is missing"),
                Language::English,
                Timestamp::UNIX_EPOCH,
                None
            ),
            r#"{"data":{},"code":400,"message":"Bad request","timestamp":0}"#
        );
    }
}

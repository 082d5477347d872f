//! How the service dresses an answer: always HTTP 200, always an envelope.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::messages::{self, Language};

/// What a success says, whatever language was asked for.
const SUCCESS: &str = "请求成功";

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
}

impl Refusal {
    pub(crate) fn new(code: i64) -> Self {
        Self {
            code,
            data: json!({}),
            message: None,
        }
    }

    pub(crate) fn with(code: i64, data: Value) -> Self {
        Self {
            code,
            data,
            message: None,
        }
    }

    pub(crate) fn saying(code: i64, message: impl Into<String>) -> Self {
        Self {
            code,
            data: json!({}),
            message: Some(message.into()),
        }
    }

    /// The schema check said no. The service never names the field.
    pub(crate) fn invalid() -> Self {
        Self::saying(400, "Bad request")
    }

    /// The service stumbled over its own feet, as over a malformed id.
    pub(crate) fn crash() -> Self {
        Self::saying(500, "Internal server error")
    }
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

pub(crate) fn success(data: Option<&Value>, request_id: &str) -> String {
    Envelope {
        data,
        code: 0,
        message: SUCCESS,
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
            success(Some(&json!({"a": 1})), "r1"),
            r#"{"data":{"a":1},"code":0,"message":"请求成功","requestId":"r1"}"#
        );
        assert_eq!(
            success(None, "r1"),
            r#"{"code":0,"message":"请求成功","requestId":"r1"}"#
        );
        assert_eq!(
            refusal(
                &Refusal::invalid(),
                Language::English,
                Timestamp::UNIX_EPOCH,
                None
            ),
            r#"{"data":{},"code":400,"message":"Bad request","timestamp":0}"#
        );
    }
}

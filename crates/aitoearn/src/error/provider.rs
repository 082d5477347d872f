//! What others say than the service itself: a model's provider, whatever the HTTP status, and what
//! stands between here and the service.

use aitoearn_api::{Reply, StatusError};
use reqwest::StatusCode;

use super::Failed;

/// Parts of the words of providers, and the status under which others send the same error.
const WORDS: [(&str, StatusCode); 14] = [
    ("overloaded", StatusCode::SERVICE_UNAVAILABLE),
    ("unavailable", StatusCode::SERVICE_UNAVAILABLE),
    ("server_busy", StatusCode::SERVICE_UNAVAILABLE),
    ("capacity", StatusCode::SERVICE_UNAVAILABLE),
    ("insufficient_quota", StatusCode::PAYMENT_REQUIRED),
    ("billing", StatusCode::PAYMENT_REQUIRED),
    ("rate_limit", StatusCode::TOO_MANY_REQUESTS),
    ("resource_exhausted", StatusCode::TOO_MANY_REQUESTS),
    ("throttl", StatusCode::TOO_MANY_REQUESTS),
    ("invalid_request", StatusCode::BAD_REQUEST),
    ("invalid_argument", StatusCode::BAD_REQUEST),
    ("context_length", StatusCode::BAD_REQUEST),
    ("timeout", StatusCode::GATEWAY_TIMEOUT),
    ("deadline_exceeded", StatusCode::GATEWAY_TIMEOUT),
];

/// The HTTP status of an error, or the one that its provider's word stands for.
pub(super) fn status(error: &StatusError) -> StatusCode {
    if !error.status.is_success() {
        return error.status;
    }
    let Some(code) = &error.provider_code else {
        return error.status;
    };
    if let Some(status) = number(code) {
        return status;
    }
    let code = code.to_ascii_lowercase();
    let found = WORDS.iter().find(|(word, _)| code.contains(word));
    found.map_or_else(
        || match code.as_str() {
            "api_error" | "server_error" | "internal" | "internal_error" => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
            _ => error.status,
        },
        |(_, status)| *status,
    )
}

/// A code that is an HTTP status. 529 is Anthropic's for an overload.
fn number(code: &str) -> Option<StatusCode> {
    let number: u16 = code.parse().ok()?;
    match number {
        529 => Some(StatusCode::SERVICE_UNAVAILABLE),
        400..600 => StatusCode::from_u16(number).ok(),
        _ => None,
    }
}

/// What to do about it, in one sentence; `None` if the provider did not say it. Where the service
/// answers in its own envelope, nobody hands on what a provider says.
pub(super) fn advice(error: &Failed<StatusError>) -> Option<&'static str> {
    let may_hand_on = error.call.operation.reply != Reply::Envelope;
    if error.provider_message.is_none() || !(may_hand_on || error.status.is_success()) {
        return None;
    }
    let status = match status(error).as_u16() {
        529 => StatusCode::SERVICE_UNAVAILABLE,
        _ => status(error),
    };
    Some(match status {
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
            "The model's provider is busy, which passes: ask again in a moment, or take another model."
        }
        StatusCode::INTERNAL_SERVER_ERROR
        | StatusCode::BAD_GATEWAY
        | StatusCode::GATEWAY_TIMEOUT => {
            "The model's provider failed: ask again, which may cost again, or take another model."
        }
        StatusCode::PAYMENT_REQUIRED => {
            "The site has no credit left with this model's provider: take another model."
        }
        _ => "Read what the model's provider says: the request or the model has to change.",
    })
}

/// What to do about an HTTP error that is nobody's but the gateway's, in a sentence or two: the
/// service itself answers 200 even to say no.
pub(super) fn gateway_advice(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => {
            "Check the key, the site it was made on, and any proxy on the way: the service itself answers in another form."
        }
        403 | 407 => {
            "Something between here and the service refuses it, such as a proxy or a firewall: ask whoever runs it."
        }
        404 | 405 | 410 => {
            "Check the base URL, with its path: what answers there does not know this route."
        }
        413 => "Send less, or upload the file first and send its URL.",
        429 => "Make fewer calls at a time, and wait as long as `Error::retry_after` says.",
        500..=599 => {
            "Try again later: a gateway answered in place of the service. If it stays, check the base URL and any proxy on the way."
        }
        _ => "Check the base URL and any proxy between here and the service.",
    }
}

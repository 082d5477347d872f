//! What a model provider's error under HTTP 200 would be as an HTTP status.

use aitoearn_api::StatusError;
use reqwest::StatusCode;

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

/// What to do about it, in one sentence; `None` if the provider did not say it.
pub(super) fn advice(error: &StatusError) -> Option<&'static str> {
    if !error.status.is_success() || error.provider_message.is_none() {
        return None;
    }
    Some(match status(error) {
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

//! From what a generated method returns to a success or a [`Failure`]: the second look.

use std::error::Error as _;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::LengthLimitError;
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Response, StatusCode, Url};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use crate::failure::{BodyKind, BusinessError, DecodeError, Failure, StatusError};
use crate::field::field;
use crate::hooks::Pending;
use crate::{
    ByteStream, Code, Context, Envelope, Error, Head, ResponseValue, place, redact, tolerant,
};

/// Most bytes of an error page that are read.
const ERROR_PAGE: usize = 64 * 1024;

/// Longest explanation of a decode error, in characters.
const EXPLANATION: usize = 200;

/// Ends the call of an enveloped operation: its envelope, or why there is none.
///
/// `context` is that of the client that made the call.
///
/// # Errors
///
/// Any [`Failure`]. A body with a numeric code other than 0 is always [`Failure::Business`] (under
/// an HTTP error [`Failure::Status`] with the business error inside), never a decode error.
pub async fn open<T: DeserializeOwned>(
    result: Result<ResponseValue<Envelope<T>>, Error<()>>,
    context: &Context,
) -> Result<ResponseValue<Envelope<T>>, Failure> {
    settle(result, context, second_look).await
}

/// Ends the call of an operation that answers plain JSON.
///
/// # Errors
///
/// Any [`Failure`]; an AiToEarn error is found here, too, although its envelope is not declared.
pub async fn open_plain<T: DeserializeOwned>(
    result: Result<ResponseValue<T>, Error<()>>,
    context: &Context,
) -> Result<ResponseValue<T>, Failure> {
    settle(result, context, decode_plain).await
}

/// Ends the start of an operation whose body is handed over as bytes.
///
/// What the bytes are is told by the answer's content type: an event stream, or JSON for
/// [`decode_plain`].
///
/// # Errors
///
/// Any [`Failure`] that shows before the body.
pub async fn open_stream(
    result: Result<ResponseValue<ByteStream>, Error<()>>,
    context: &Context,
) -> Result<ResponseValue<ByteStream>, Failure> {
    match result {
        Ok(value) => Ok(value),
        Err(Error::UnexpectedResponse(response)) if response.status().is_success() => {
            Ok(ResponseValue::stream(response))
        }
        Err(error) => Err(failed(error, context).await),
    }
}

async fn settle<T>(
    result: Result<ResponseValue<T>, Error<()>>,
    context: &Context,
    read: fn(&[u8], &Context) -> Result<T, Failure>,
) -> Result<ResponseValue<T>, Failure> {
    let error = match result {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let (status, headers, body) = salvage(error, context).await?;
    let value = read(&body, context)?;
    Ok(ResponseValue::new(value, status, headers))
}

/// The whole answer, if there is one whose body decides.
fn salvage(
    error: Error<()>,
    context: &Context,
) -> Pending<'_, Result<(StatusCode, HeaderMap, Bytes), Failure>> {
    Box::pin(async move {
        match error {
            Error::InvalidResponsePayload(body, _) => {
                let (status, headers) = context
                    .take_headers()
                    .unwrap_or_else(|| (StatusCode::OK, HeaderMap::new()));
                Ok((status, headers, body))
            }
            // Another 2xx than the document declares: the body decides, as always.
            Error::UnexpectedResponse(mut response) if response.status().is_success() => {
                let status = response.status();
                let headers = std::mem::take(response.headers_mut());
                match response.bytes().await {
                    Ok(body) => Ok((status, headers, body)),
                    Err(error) => Err(broken_body(error, context)),
                }
            }
            error => Err(failed(error, context).await),
        }
    })
}

async fn failed(error: Error<()>, context: &Context) -> Failure {
    match error {
        Error::UnexpectedResponse(response) => unexpected(response, context).await,
        Error::ResponseBodyError(error) => broken_body(error, context),
        Error::InvalidRequest(reason) | Error::Custom(reason) => Failure::Invalid(reason),
        Error::CommunicationError(error) if error.is_builder() => {
            let error = error.without_url();
            let cause = error.source().map(ToString::to_string);
            Failure::Invalid(cause.unwrap_or_else(|| error.to_string()))
        }
        Error::CommunicationError(error) | Error::InvalidUpgrade(error) => {
            Failure::Transport(error.without_url())
        }
        Error::InvalidResponsePayload(body, error) => {
            Failure::Decode(Box::new(decode_error(&body, &error, context)))
        }
        Error::ErrorResponse(answer) => {
            let head = Head::new(answer.status(), answer.headers(), context.key.as_ref());
            Failure::Status(Box::new(status_error(head, &[], context)))
        }
    }
}

async fn unexpected(response: Response, context: &Context) -> Failure {
    let key = context.key.as_ref();
    let head = Head::new(response.status(), response.headers(), key);
    let location_host = response
        .headers()
        .get(LOCATION)
        .and_then(|location| {
            let location = redact::text_without_key(location.to_str().ok()?, key);
            Url::parse(&location).ok()
        })
        .and_then(|location| location.host_str().map(str::to_owned));
    let body = error_page(response).await;
    Failure::Status(Box::new(StatusError {
        location_host,
        ..status_error(head, &body, context)
    }))
}

/// The beginning of an error page. One that breaks off is still an error page.
#[cfg(not(target_family = "wasm"))]
async fn error_page(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() >= ERROR_PAGE {
            break;
        }
    }
    body.truncate(ERROR_PAGE);
    body
}

/// A browser gives it in one piece.
#[cfg(target_family = "wasm")]
async fn error_page(response: Response) -> Vec<u8> {
    let mut body = response.bytes().await.unwrap_or_default().to_vec();
    body.truncate(ERROR_PAGE);
    body
}

fn broken_body(error: reqwest::Error, context: &Context) -> Failure {
    let error = error.without_url();
    let request_id = context.head().and_then(|head| head.request_id);
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.is::<LengthLimitError>() {
            let limit = context.body_limit;
            return Failure::TooLarge { limit, request_id };
        }
        cause = inner.source();
    }
    if error.is_timeout() {
        return Failure::Transport(error);
    }
    Failure::Truncated {
        source: error,
        request_id,
    }
}

/// The body of an enveloped operation, once reading it in one pass has failed.
pub(crate) fn second_look<T: DeserializeOwned>(
    body: &[u8],
    context: &Context,
) -> Result<Envelope<T>, Failure> {
    let body = without_bom(body);
    match business_error(body, context.head().as_ref(), context) {
        Some(error) => Err(Failure::Business(Box::new(error))),
        None => decode(body, context),
    }
}

/// Reads a plain JSON body: a model provider's error, an AiToEarn error, or a `T`, in this order.
///
/// Relays answer errors of either kind under HTTP 200.
///
/// # Errors
///
/// [`Failure::Status`] for a provider's error (an `error` that is not null, and no `id`),
/// [`Failure::Business`] for AiToEarn's, [`Failure::Decode`] if the body is no `T` either.
pub fn decode_plain<T: DeserializeOwned>(body: &[u8], context: &Context) -> Result<T, Failure> {
    let body = without_bom(body);
    if provider_message(body).is_some() {
        let head = context
            .head()
            .unwrap_or_else(|| Head::new(StatusCode::OK, &HeaderMap::new(), None));
        return Err(Failure::Status(Box::new(status_error(head, body, context))));
    }
    if let Some(error) = business_error(body, context.head().as_ref(), context) {
        return Err(Failure::Business(Box::new(error)));
    }
    decode(body, context)
}

fn decode<T: DeserializeOwned>(body: &[u8], context: &Context) -> Result<T, Failure> {
    serde_json::from_slice(body)
        .map_err(|error| Failure::Decode(Box::new(decode_error(body, &error, context))))
}

/// A code of the service, which is never written as a text.
#[derive(Deserialize)]
struct Whole(#[serde(deserialize_with = "tolerant::strict_int")] i64);

/// The business error in the body, if there is a code other than 0. Whatever follows the object
/// does not matter, and neither does what else is in it.
fn business_error(body: &[u8], head: Option<&Head>, context: &Context) -> Option<BusinessError> {
    let body = &*redact::without_key(body, context.key.as_ref());
    let Whole(code) = field(body, "code")?;
    if code == 0 {
        return None;
    }
    let detail = |name| field::<Value>(body, name).unwrap_or_default();
    let data = detail("data");
    let from_head = head.and_then(|head| head.retry_after);
    let ttl = data.get("ttl").and_then(Value::as_u64);
    Some(BusinessError {
        code: Code::new(code),
        message: text(detail("message")),
        request_id: request_id(detail("requestId"), head),
        timestamp_ms: detail("timestamp").as_i64(),
        retry_after: from_head.or_else(|| ttl.map(Duration::from_secs)),
        data,
    })
}

/// The id that the body names, else the one that the head does.
fn request_id(from_body: Value, head: Option<&Head>) -> Option<String> {
    match from_body {
        Value::String(id) => Some(id),
        _ => head.and_then(|head| head.request_id.clone()),
    }
}

/// The message of `{"error": ...}`, the form of the model providers.
fn provider_message(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Provider {
        error: Option<Value>,
        id: Option<IgnoredAny>,
    }

    match serde_json::from_slice(body).ok()? {
        Provider {
            error: Some(mut error),
            id: None,
        } => Some(text(match error.get_mut("message") {
            Some(message) => message.take(),
            None => error,
        })),
        _ => None,
    }
}

/// A text as it is, nothing for null, anything else as JSON.
fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

fn status_error(head: Head, body: &[u8], context: &Context) -> StatusError {
    let body = &*redact::without_key(without_bom(body), context.key.as_ref());
    StatusError {
        business: business_error(body, Some(&head), context),
        provider_message: provider_message(body),
        excerpt: redact::excerpt(body, 0),
        location_host: None,
        status: head.status,
        content_type: head.content_type,
        retry_after: head.retry_after,
        request_id: head.request_id,
    }
}

fn decode_error(body: &[u8], error: &serde_json::Error, context: &Context) -> DecodeError {
    let key = context.key.as_ref();
    let body = &*redact::without_key(body, key);
    let (line, column) = (error.line(), error.column());
    let offset = offset(body, line, column);
    let text = error.to_string();
    // Said by the fields.
    let place = format!(" at line {line} column {column}");
    let text = text.strip_suffix(&place).unwrap_or(&text);
    let shown = |text: &str| redact::line(&redact::text_without_key(text, key), EXPLANATION);
    let id = field(body, "requestId").unwrap_or_default();
    let head = context.head();
    let content_encoding = head.as_ref().and_then(|head| head.content_encoding.clone());
    DecodeError {
        kind: match content_encoding {
            // A wrong header on plain text is no reason to look away from the text.
            Some(_) if std::str::from_utf8(body).is_err() => BodyKind::Encoded,
            _ => kind(body, error),
        },
        path: shown(&place::path(body, offset)),
        message: shown(text),
        offset,
        line,
        column,
        excerpt: redact::excerpt(body, offset),
        len: body.len(),
        request_id: request_id(id, head.as_ref()),
        content_type: head.and_then(|head| head.content_type),
        content_encoding,
    }
}

fn kind(body: &[u8], error: &serde_json::Error) -> BodyKind {
    match body.trim_ascii_start().first() {
        None => BodyKind::Empty,
        Some(b'<') => BodyKind::Html,
        Some(_) if error.is_data() => BodyKind::Json,
        Some(b'{' | b'[') if error.is_eof() => BodyKind::Truncated,
        Some(b'{' | b'[') => BodyKind::Json,
        Some(_) => BodyKind::Other,
    }
}

/// Byte of a line (from 1) and column (bytes, from 1; 0 right after a line break).
fn offset(body: &[u8], line: usize, column: usize) -> usize {
    let start: usize = body
        .split_inclusive(|&byte| byte == b'\n')
        .take(line.saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    (start + column).min(body.len())
}

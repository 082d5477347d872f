//! From what a generated method returns to a success or a [`Failure`]: the second look.

use std::error::Error as _;
use std::fmt::{self, Write as _};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::LengthLimitError;
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Response, StatusCode, Url};
use serde::de::DeserializeOwned;

use crate::details::Details;
use crate::failure::{BodyKind, BusinessError, DecodeError, Failure, StatusError};
use crate::hooks::Pending;
use crate::mend::mend;
use crate::raw::{Raw, beginning};
use crate::redact::KEPT;
use crate::{
    ApiKey, ByteStream, Code, Context, Envelope, Error, Head, ResponseValue, place, redact, weight,
};

/// Most bytes of an error page that are read.
const ERROR_PAGE: usize = 64 * 1024;

/// Most bytes of an explanation that are looked at.
const SEEN: usize = 4096;

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
    settle(result, context, plain).await
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
        .and_then(|location| Url::parse(location.to_str().ok()?).ok())
        // As the URL's reader writes it, which is not always as it was sent.
        .and_then(|location| location.host_str().map(str::to_owned))
        .map(|host| redact::id_without_key(host, key));
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
        None => decode(body, context, context.mend && reports_success(body)),
    }
}

/// What an operation without envelope answers.
fn plain<T: DeserializeOwned>(body: &[u8], context: &Context) -> Result<T, Failure> {
    let body = without_bom(body);
    match told_error(body, context) {
        Some(failure) => Err(failure),
        None => decode(body, context, context.mend),
    }
}

/// Whether the body has the code of a success.
fn reports_success(body: &[u8]) -> bool {
    let code = Raw::first(body).and_then(|body| body.get("code")?.integer());
    code == Some(0)
}

/// Reads a plain JSON body: a model provider's error, an AiToEarn error, or a `T`, in this order.
///
/// Relays answer errors of either kind under HTTP 200. What is odd is mended if the context says
/// so, and [`Context::mended`] returns what that was.
///
/// # Errors
///
/// [`Failure::Status`] for a provider's error (an `error` that is not null, and no `id`),
/// [`Failure::Business`] for AiToEarn's, [`Failure::TooLarge`] if it would take too much memory,
/// [`Failure::Decode`] if the body is no `T` either.
pub fn decode_plain<T: DeserializeOwned>(body: &[u8], context: &Context) -> Result<T, Failure> {
    let body = without_bom(body);
    match told_error(body, context) {
        Some(failure) => Err(failure),
        None => decode(body, context, context.mend),
    }
}

/// The error in a body that is known to tell one, in whatever form.
pub fn reported(body: &[u8], context: &Context) -> Failure {
    let body = without_bom(body);
    told_error(body, context).unwrap_or_else(|| {
        // A form that whole answers do not have: what it says is the provider's message.
        let message = match Raw::whole(body) {
            Some(said) => {
                let error = said.get("error").filter(|error| !error.is_null());
                let error = error.unwrap_or(said);
                error.get("message").unwrap_or(error).text(KEPT)
            }
            None => String::from_utf8_lossy(&body[..body.len().min(KEPT)]).into_owned(),
        };
        let message = redact::text_without_key(message, context.key.as_ref());
        Failure::Status(Box::new(StatusError {
            provider_message: Some(message),
            ..status_error(head(context), body, context)
        }))
    })
}

/// The error in a body, a model provider's or AiToEarn's, if it is one.
fn told_error(body: &[u8], context: &Context) -> Option<Failure> {
    if let Some(error) = wrapped_business_error(body, context) {
        return Some(Failure::Business(Box::new(error)));
    }
    if provider_message(body, context).is_some() {
        let error = status_error(head(context), body, context);
        return Some(Failure::Status(Box::new(error)));
    }
    let error = business_error(body, context.head().as_ref(), context)?;
    Some(Failure::Business(Box::new(error)))
}

fn head(context: &Context) -> Head {
    let head = context.head();
    head.unwrap_or_else(|| Head::new(StatusCode::OK, &HeaderMap::new(), None))
}

/// The value in the body, which is mended if it does not fit and `mends` is true.
fn decode<T: DeserializeOwned>(body: &[u8], context: &Context, mends: bool) -> Result<T, Failure> {
    let mut value = None;
    let mut read = |body: &[u8]| match serde_json::from_slice(body) {
        Ok(read) => {
            value = Some(read);
            None
        }
        Err(error) => Some(error),
    };
    read_or_mend(body, context, mends, &mut read)?;
    value.ok_or_else(|| Failure::Invalid("the answer was not read".to_owned()))
}

/// Gives the body to `read`, mended if need be. Compiled once, and not for each type that is read.
fn read_or_mend(
    body: &[u8],
    context: &Context,
    mends: bool,
    read: &mut dyn FnMut(&[u8]) -> Option<serde_json::Error>,
) -> Result<(), Failure> {
    if weight::is_too_heavy(body, context.body_limit) {
        return Err(Failure::TooLarge {
            limit: context.body_limit,
            request_id: context.head().and_then(|head| head.request_id),
        });
    }
    let Some(error) = read(body) else {
        return Ok(());
    };
    let mended = if mends {
        mend(body, &error, context.body_limit, context.key.as_ref(), read)
    } else {
        None
    };
    let Some(mended) = mended.filter(|_| !context.lacks_an_essential(body)) else {
        let error = decode_error(body, &error, context);
        return Err(Failure::Decode(Box::new(error)));
    };
    context.keep_mended(mended);
    Ok(())
}

/// The business error in the body, if there is a code other than 0. Whatever follows the object
/// does not matter, and neither does what else is in it.
fn business_error(body: &[u8], head: Option<&Head>, context: &Context) -> Option<BusinessError> {
    let body = Raw::first(body)?;
    // A code of the service is never written as a text.
    let code = body.get("code")?.integer()?;
    if code == 0 {
        return None;
    }
    let key = context.key.as_ref();
    let data = body.get("data");
    let from_head = head.and_then(|head| head.retry_after);
    let ttl = data.and_then(|data| data.get("ttl")?.small());
    let message = body.get("message").map(|message| message.text(KEPT));
    Some(BusinessError {
        code: Code::new(code),
        message: redact::text_without_key(message.unwrap_or_default(), key),
        request_id: request_id(body.get("requestId"), head, key),
        timestamp_ms: body.get("timestamp").and_then(Raw::small),
        retry_after: from_head.or_else(|| ttl.map(Duration::from_secs)),
        data: data.map_or_else(Details::default, |data| Details::new(data, key)),
    })
}

/// The id that the body names, else the one that the head does.
fn request_id(
    from_body: Option<Raw<'_>>,
    head: Option<&Head>,
    key: Option<&ApiKey>,
) -> Option<String> {
    match from_body.and_then(|id| id.string(KEPT)) {
        Some(id) => Some(redact::id_without_key(id, key)),
        None => head.and_then(|head| head.request_id.clone()),
    }
}

/// The message of `{"error": ...}`, the form of the model providers.
fn provider_message(body: &[u8], context: &Context) -> Option<String> {
    let body = Raw::whole(body)?;
    let error = body.get("error").filter(|error| !error.is_null())?;
    if body.get("id").is_some_and(|id| !id.is_null()) {
        return None;
    }
    let message = error.get("message").unwrap_or(error).text(KEPT);
    Some(redact::text_without_key(message, context.key.as_ref()))
}

/// Most bytes of a provider's word for an error.
const WORD: usize = 128;

/// The word of a model provider for its error, where it says most: `OpenAI`'s `code` and Gemini's
/// `status` before the `type` that stands for many.
fn provider_code(body: &[u8], context: &Context) -> Option<String> {
    let body = Raw::whole(body)?;
    let error = body.get("error").filter(|error| !error.is_null());
    let error = error.unwrap_or(body);
    let word = |name: &str| {
        error
            .get(name)?
            .string(WORD)
            .filter(|word| !word.is_empty())
    };
    let number = || Some(error.get("code")?.integer()?.to_string());
    let found = word("status").or_else(|| word("code"));
    let found = found.or_else(|| word("type").filter(|word| word != "error"));
    let found = found.or_else(number)?;
    Some(redact::text_without_key(found, context.key.as_ref()))
}

/// The service's own error in the form of a provider's, as a relay may pass it on.
fn wrapped_business_error(body: &[u8], context: &Context) -> Option<BusinessError> {
    /// Where the service's own codes begin; below are HTTP's, which providers use, too.
    const FIRST: i64 = 10_000;

    let error = Raw::whole(body)?.get("error")?;
    let code = error.get("code")?.integer()?;
    if code < FIRST {
        return None;
    }
    business_error(error.bytes(), context.head().as_ref(), context)
}

fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

fn status_error(head: Head, body: &[u8], context: &Context) -> StatusError {
    let body = without_bom(body);
    StatusError {
        business: business_error(body, Some(&head), context),
        provider_message: provider_message(body, context),
        provider_code: provider_code(body, context),
        excerpt: redact::excerpt(body, 0, context.key.as_ref()),
        location_host: None,
        status: head.status,
        content_type: head.content_type,
        retry_after: head.retry_after,
        request_id: head.request_id,
    }
}

fn decode_error(body: &[u8], error: &serde_json::Error, context: &Context) -> DecodeError {
    let key = context.key.as_ref();
    let (line, column) = (error.line(), error.column());
    let offset = place::offset(body, line, column);
    let text = Beginning::of(error);
    // Said by the fields.
    let place = format!(" at line {line} column {column}");
    let text = text.strip_suffix(&place).unwrap_or(&text);
    let shown = |text: &str| redact::line(&redact::text_without_key(text, key), EXPLANATION);
    let id = Raw::first(body).and_then(|body| body.get("requestId"));
    let head = context.head();
    let content_encoding = head.as_ref().and_then(|head| head.content_encoding.clone());
    DecodeError {
        kind: match content_encoding {
            // A wrong header on plain text is no reason to look away from the text.
            Some(_) if std::str::from_utf8(body).is_err() => BodyKind::Encoded,
            _ => kind(body, error),
        },
        path: shown(&place::path(body, place::behind(body, offset, text))),
        message: shown(text),
        offset,
        line,
        column,
        excerpt: redact::excerpt(body, offset, key),
        len: body.len(),
        reports_success: reports_success(body),
        request_id: request_id(id, head.as_ref(), key),
        content_type: head.and_then(|head| head.content_type),
        content_encoding,
    }
}

/// The beginning of what an error says: it may quote a value as large as the answer.
struct Beginning(String);

impl Beginning {
    fn of(error: &serde_json::Error) -> String {
        let mut beginning = Self(String::new());
        // Fails once there is enough.
        let _ = write!(beginning, "{error}");
        beginning.0
    }
}

impl fmt::Write for Beginning {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = SEEN.saturating_sub(self.0.len());
        self.0.push_str(beginning(text, room));
        if text.len() < room {
            Ok(())
        } else {
            Err(fmt::Error)
        }
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

//! What a call can end in when it is no success.

use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;

use crate::{Code, Details, RetryAdvice, redact};

/// Longest text of the service that an error prints, in characters.
const SHOWN: usize = 300;

/// Longest id of a request that an error prints, in characters.
const REQUEST_ID: usize = 64;

/// Why a call failed.
///
/// `Display` is one line, without bodies, URLs or keys.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// The service says no: the usual case.
    Business(Box<BusinessError>),
    /// The answer is not what the operation returns.
    Decode(Box<DecodeError>),
    /// The answer is an HTTP error or a redirect, or a model provider's error.
    Status(Box<StatusError>),
    /// The answer is larger than [`Context::body_limit`](crate::Context::body_limit), or its values
    /// would take more than four times as much memory. The call itself may have succeeded.
    TooLarge {
        /// The limit, in bytes after decompression.
        limit: u64,
        /// Id of the request, if the service named one.
        request_id: Option<String>,
    },
    /// The connection broke inside the answer. The call itself may have succeeded.
    Truncated {
        /// What broke it; its URL is removed.
        source: reqwest::Error,
        /// Id of the request, if the service named one.
        request_id: Option<String>,
    },
    /// No answer came: not connected, not secure, not in time. Its URL is removed.
    Transport(reqwest::Error),
    /// The request was not sent: no key, or a value that cannot be sent. Says what to change.
    Invalid(String),
}

impl Failure {
    /// The business code, wherever the answer carried one.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Business(error) => Some(error.code),
            Self::Status(error) => error.business.as_ref().map(|error| error.code),
            _ => None,
        }
    }

    /// Id of the request, if an answer came that named one.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Business(error) => error.request_id.as_deref(),
            Self::Decode(error) => error.request_id.as_deref(),
            Self::Status(error) => error.request_id.as_deref(),
            Self::TooLarge { request_id, .. } | Self::Truncated { request_id, .. } => {
                request_id.as_deref()
            }
            Self::Transport(_) | Self::Invalid(_) => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Business(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::Status(error) => error.fmt(f),
            Self::TooLarge { limit, request_id } => {
                write!(
                    f,
                    "the answer is larger than {limit} bytes, or than four times that in memory: raise the body limit"
                )?;
                write_request_id(f, request_id.as_deref())
            }
            Self::Truncated { request_id, .. } => {
                f.write_str("the connection broke inside the answer: the call may have succeeded")?;
                write_request_id(f, request_id.as_deref())
            }
            Self::Transport(error) if error.is_timeout() => {
                f.write_str("no complete answer came in time")
            }
            // A browser does not tell.
            #[cfg(not(target_family = "wasm"))]
            Self::Transport(error) if error.is_connect() => {
                f.write_str("cannot connect to the service: check the base URL and the network")
            }
            Self::Transport(_) => f.write_str("the connection to the service failed"),
            Self::Invalid(reason) => write!(f, "the request was not sent: {reason}"),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) | Self::Truncated { source: error, .. } => Some(error),
            _ => None,
        }
    }
}

/// An answer of the service that says what went wrong.
///
/// `Debug` shows the service's words masked and cut short, as `Display` does.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct BusinessError {
    /// What went wrong. Decide by this.
    pub code: Code,
    /// The service's words for it, in the language asked for. May be empty.
    pub message: String,
    /// Id of the request, for support.
    pub request_id: Option<String>,
    /// When it happened, in Unix milliseconds.
    pub timestamp_ms: Option<i64>,
    /// How long to wait before another try: `Retry-After`, or `ttl` in [`data`](Self::data).
    pub retry_after: Option<Duration>,
    /// Details, mostly `{}`; `null` if absent. Errors of a social platform tell `platform`,
    /// `category` and `retryable`; 15051 lists its `issues`.
    pub data: Details,
}

impl BusinessError {
    /// Whether the same call may succeed later: `retryable` in the details if there, else what the
    /// code says.
    pub fn retry(&self) -> RetryAdvice {
        let advice = self.code.retry();
        match (self.retryable(), advice) {
            (Some(true), _) => RetryAdvice::Yes,
            (Some(false), RetryAdvice::Yes) => RetryAdvice::No,
            _ => advice,
        }
    }

    /// `retryable` in the details: whether the same call may succeed later, in the service's own
    /// word.
    pub fn retryable(&self) -> Option<bool> {
        self.data.flag("retryable")
    }
}

impl fmt::Debug for BusinessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BusinessError")
            .field("code", &self.code)
            .field("message", &redact::line(&self.message, SHOWN))
            .field("request_id", &self.request_id)
            .field("timestamp_ms", &self.timestamp_ms)
            .field("retry_after", &self.retry_after)
            .field("data", &redact::line(self.data.as_str(), SHOWN))
            .finish()
    }
}

impl fmt::Display for BusinessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = match self.message.as_str() {
            "" => self.code.meaning(),
            message => message,
        };
        write!(f, "{}: {}", self.code, redact::line(message, SHOWN))?;
        write_request_id(f, self.request_id.as_deref())
    }
}

impl std::error::Error for BusinessError {}

/// An answer that is not what the operation returns.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// What the body is.
    pub kind: BodyKind,
    /// Where it does not fit, such as `data.list[17].id`; empty for the whole body.
    pub path: String,
    /// What was found there, and what was expected. Long and secret-looking values are masked.
    pub message: String,
    /// Byte of the body at which reading stopped.
    pub offset: usize,
    /// The same as a line, from 1.
    pub line: usize,
    /// The same as a byte in that line, from 1.
    pub column: usize,
    /// At most 64 bytes around it, on one line, with secret-looking values masked.
    pub excerpt: String,
    /// Length of the body in bytes.
    pub len: usize,
    /// Whether the body has the code of a success: what was asked for is done, although the answer
    /// cannot be read.
    pub reports_success: bool,
    /// `Content-Type` without parameters.
    pub content_type: Option<String>,
    /// `Content-Encoding`, if it is not one that was asked for.
    pub content_encoding: Option<String>,
    /// Id of the request, for support.
    pub request_id: Option<String>,
}

/// What the body of a [`DecodeError`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyKind {
    /// JSON of another shape, or broken JSON.
    Json,
    /// JSON that ends too early.
    Truncated,
    /// Nothing.
    Empty,
    /// An HTML page, as a web site or a proxy sends.
    Html,
    /// Packed in a way that was not asked for, as a proxy may do.
    Encoded,
    /// Something else.
    Other,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            message,
            line,
            column,
            excerpt,
            len,
            ..
        } = self;
        match self.kind {
            BodyKind::Json => {
                f.write_str("the answer is not what the operation returns")?;
                if !path.is_empty() {
                    write!(f, ", at `{path}`")?;
                }
                write!(
                    f,
                    ": {message} (line {line}, column {column}, near `{excerpt}`)"
                )?;
            }
            BodyKind::Truncated => write!(f, "the answer ends after {len} bytes, inside its JSON")?,
            BodyKind::Empty => f.write_str("the answer is empty: check the base URL")?,
            BodyKind::Html => write!(
                f,
                "the answer is an HTML page of {len} bytes: check the base URL and any proxy"
            )?,
            BodyKind::Encoded => write!(
                f,
                "the answer is packed as `{}`, which was not asked for: check any proxy",
                redact::line(self.content_encoding.as_deref().unwrap_or_default(), 40)
            )?,
            BodyKind::Other => {
                write!(f, "the answer is no JSON but {len} bytes of ")?;
                f.write_str(self.content_type.as_deref().unwrap_or("unknown type"))?;
                write!(f, ", near `{excerpt}`")?;
            }
        }
        write_request_id(f, self.request_id.as_deref())
    }
}

impl std::error::Error for DecodeError {}

/// An answer with another status than success, or a model provider's error.
///
/// The service itself answers 200, so this mostly comes from a proxy in front of it.
///
/// `Debug` shows a provider's words masked and cut short, as `Display` does.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct StatusError {
    /// HTTP status.
    pub status: StatusCode,
    /// `Content-Type` without parameters.
    pub content_type: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<Duration>,
    /// At most 64 bytes from the start of the body, masked as in [`DecodeError::excerpt`].
    pub excerpt: String,
    /// Id of the request, for support.
    pub request_id: Option<String>,
    /// The host a redirect names, which was not followed.
    pub location_host: Option<String>,
    /// The service's own error, if the body is one.
    pub business: Option<BusinessError>,
    /// The message of a model provider's error, if the body is one.
    pub provider_message: Option<String>,
    /// The provider's own word or number for it, such as `overloaded_error`,
    /// `rate_limit_exceeded`, `RESOURCE_EXHAUSTED` or `529`.
    pub provider_code: Option<String>,
}

impl fmt::Debug for StatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = self.provider_message.as_deref();
        f.debug_struct("StatusError")
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .field("retry_after", &self.retry_after)
            .field("excerpt", &self.excerpt)
            .field("request_id", &self.request_id)
            .field("location_host", &self.location_host)
            .field("business", &self.business)
            .field(
                "provider_message",
                &said.map(|said| redact::line(said, SHOWN)),
            )
            .field("provider_code", &self.provider_code)
            .finish()
    }
}

impl fmt::Display for StatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Relays pass on the error of a model provider under 200, too.
        match &self.provider_message {
            Some(message) if self.status.is_success() => {
                let message = redact::line(message, SHOWN);
                write!(f, "the model provider refused: {message}")?;
                if let Some(code) = &self.provider_code {
                    write!(f, " ({})", redact::line(code, SHOWN))?;
                }
                return write_request_id(f, self.request_id.as_deref());
            }
            _ => write!(f, "HTTP {}", self.status)?,
        }
        if let Some(business) = &self.business {
            return write!(f, ": {business}");
        }
        if let Some(message) = &self.provider_message {
            write!(f, ": {}", redact::line(message, SHOWN))?;
        } else if let Some(host) = &self.location_host {
            write!(
                f,
                ": a redirect to {host}, not followed: check the base URL"
            )?;
        } else if self.status.is_redirection() {
            f.write_str(": a redirect, not followed: check the base URL")?;
        } else if !self.excerpt.is_empty() {
            write!(f, ": `{}`", self.excerpt)?;
        }
        write_request_id(f, self.request_id.as_deref())
    }
}

impl std::error::Error for StatusError {}

/// Bounded and on one line, because the id is text of the service, too.
fn write_request_id(f: &mut fmt::Formatter<'_>, id: Option<&str>) -> fmt::Result {
    match id {
        Some(id) => {
            let id = redact::plain_line(id, REQUEST_ID);
            write!(f, " [request {id}]")
        }
        None => Ok(()),
    }
}

//! Why a call failed, as a value to act on.

mod ambiguous;
mod call;
mod convert;
mod details;
mod misuse;
mod provider;
mod stream;
#[cfg(test)]
pub(crate) mod testing;
mod text;
mod transport;

use std::{fmt, time::Duration};

use aitoearn_api::{Code, Operation, RetryClass};
use reqwest::StatusCode;

pub use aitoearn_api::{BodyKind, BusinessError, Category, DecodeError, RetryAdvice, StatusError};

pub use self::{
    ambiguous::AmbiguousError,
    call::{CallInfo, Failed},
    details::{ContentIssue, ContentRefusal, IssueCode, PlatformError, PlatformErrorCategory},
    misuse::{ConfigError, InputError},
    stream::{StreamError, StreamErrorKind},
    transport::{ConnectError, TimeoutError, TooLargeError, TransportError},
};
pub(crate) use self::{
    convert::{Attempted, already_exists, without_key},
    text::{said, write_with_advice},
};

/// Why a call failed.
///
/// The accessors answer the usual questions for every variant; match on the
/// variant for more. `Display` is one line for a person. `Debug` adds the advice, so that an error
/// which `fn main` returns reads well; `{:#?}` shows all fields. None of them shows the key, a URL's
/// query or a whole body.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) {
/// use aitoearn::{Code, Error};
///
/// match client.accounts().get("tiktok_123").await {
///     Ok(account) => println!("{account:?}"),
///     Err(error) if error.code() == Some(Code::ACCOUNT_NOT_FOUND) => println!("no such account"),
///     Err(Error::Timeout(error)) => println!("too slow for {:?}", error.limit()),
///     Err(error) => println!("{error}\n{}", error.advice()),
/// }
/// # }
/// ```
#[non_exhaustive]
pub enum Error {
    /// The service says no, with a [`Code`]: the usual case.
    Api(Box<Failed<BusinessError>>),
    /// A call with an effect that may or may not have been done.
    Ambiguous(Box<AmbiguousError>),
    /// The answer is not what the operation returns; names the place.
    Decode(Box<Failed<DecodeError>>),
    /// An answer with another HTTP status than success: of a proxy, a redirect,
    /// or a model provider.
    Http(Box<Failed<StatusError>>),
    /// No complete answer in time.
    Timeout(Box<Failed<TimeoutError>>),
    /// No connection: the request never left.
    Connect(Box<Failed<ConnectError>>),
    /// The connection broke before the answer was complete.
    Transport(Box<Failed<TransportError>>),
    /// An event stream that ended, or cannot be read, before the end of its answer; or a list
    /// without an end.
    Stream(Box<Failed<StreamError>>),
    /// The answer is larger than the limit.
    TooLarge(Box<Failed<TooLargeError>>),
    /// The client is set up wrongly. Nothing was sent.
    Config(Box<ConfigError>),
    /// An argument cannot be sent. Nothing was sent.
    InvalidInput(Box<InputError>),
}

impl Error {
    /// The service's code, if it answered with one.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Api(error) => Some(error.code),
            Self::Ambiguous(error) => error.cause().code(),
            _ => None,
        }
    }

    /// What kind of trouble it is, if the code or the HTTP status tells.
    pub fn category(&self) -> Option<Category> {
        match self {
            Self::Api(error) => Some(error.code.category()),
            Self::Http(error) => Some(status_code(provider::status(error)).category()),
            Self::Ambiguous(error) => error.cause().category(),
            _ => None,
        }
    }

    /// The call that failed; `None` for an error that is found before it.
    pub fn call(&self) -> Option<&CallInfo> {
        match self {
            Self::Api(error) => Some(error.call()),
            Self::Ambiguous(error) => Some(error.call()),
            Self::Decode(error) => Some(error.call()),
            Self::Http(error) => Some(error.call()),
            Self::Timeout(error) => Some(error.call()),
            Self::Connect(error) => Some(error.call()),
            Self::Transport(error) => Some(error.call()),
            Self::Stream(error) => Some(error.call()),
            Self::TooLarge(error) => Some(error.call()),
            Self::Config(_) | Self::InvalidInput(_) => None,
        }
    }

    /// The operation that was called.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.call().map(CallInfo::operation)
    }

    /// The id to quote when you report the problem.
    pub fn request_id(&self) -> Option<&str> {
        self.call().map(CallInfo::request_id)
    }

    /// The HTTP status, if an answer came. 200 is usual for [`Error::Api`].
    pub fn status(&self) -> Option<StatusCode> {
        self.call().and_then(CallInfo::status)
    }

    /// How many attempts were made; 0 if nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.call().map_or(0, CallInfo::attempts)
    }

    /// How long the service asks to wait before another try.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Api(error) => error.retry_after,
            Self::Http(error) => error.retry_after,
            Self::Ambiguous(error) => error.cause().retry_after(),
            _ => None,
        }
    }

    /// Whether the same call, made again later, may succeed and cannot do harm.
    ///
    /// What the client would repeat by itself counts, and so does an effect that
    /// the service refused for a passing reason. Never an [`Error::Ambiguous`].
    pub fn is_retryable(&self) -> bool {
        let Some(operation) = self.operation() else {
            return false;
        };
        self.may_repeat(operation.retry)
            || matches!(self, Self::Api(error)
                if error.code != Code::from(500) && error.retry() == RetryAdvice::Yes)
    }

    /// What to do about it, in one sentence.
    pub fn advice(&self) -> &str {
        match self {
            Self::Api(error) => error.code.advice(),
            Self::Ambiguous(error) => error.how_to_find_out(),
            Self::Decode(error) if is_done(error) => {
                ambiguous::how_to_find_out(error.call.operation)
            }
            Self::Decode(error) if error.kind == BodyKind::Json => {
                "Do not repeat the call; look for a newer version of this crate, or report the error."
            }
            Self::Http(error) if provider::advice(error).is_some() => {
                provider::advice(error).unwrap_or_default()
            }
            Self::Http(error) if error.status.is_redirection() => {
                "Check the base URL: redirects are not followed, because they could carry off the key."
            }
            Self::Http(error) => provider::gateway_advice(error.status),
            Self::Decode(_) => "Check the base URL and any proxy between here and the service.",
            Self::Timeout(error) if error.is_queued() => {
                "Make fewer calls at a time, or allow more (`ClientBuilder::max_connections`); streams that nobody reads count until they are dropped."
            }
            Self::Timeout(error) if error.is_unsent() => {
                "Try again; nothing was sent. If it stays, check the network and any proxy on the way."
            }
            Self::Timeout(error) if error.is_without_event() => {
                "Give the model more time (`Timeouts::event`); asking again costs again."
            }
            Self::Timeout(error) if error.is_inside_stream() => {
                "Give the stream more time (`Timeouts::idle`), or check any proxy on the way; asking again costs again."
            }
            Self::Timeout(_) => "Try again later, or give the call more time.",
            Self::Connect(error) if error.is_tls() => {
                "Check the base URL, the certificate of the server and the clock of this machine."
            }
            Self::Connect(error) if error.is_proxy() => {
                "Check the proxy: the one that HTTPS_PROXY names, or that of your own HTTP client."
            }
            Self::Connect(error) if error.is_limit() => {
                "Make fewer calls at a time, or raise the limit of open files (`ulimit -n`)."
            }
            Self::Connect(_) => "Check the base URL and the network.",
            Self::Transport(_) => "Try again; if it stays, check any proxy on the way.",
            Self::Stream(error) if error.kind() == StreamErrorKind::OnlyEmptyPages => {
                "Use what came so far, and report it to the service."
            }
            Self::Stream(error) if matches!(error.kind(), StreamErrorKind::EventTooLarge(_)) => {
                "Use what came so far; before you ask again, which costs again, raise the limit (`ClientBuilder::body_limit`)."
            }
            Self::Stream(_) => {
                "Use what came so far, or ask again, which costs again; if it stays, check any proxy on the way."
            }
            Self::TooLarge(_) => "Ask for less, or raise the limit (`ClientBuilder::body_limit`).",
            Self::Config(error) => error.advice(),
            Self::InvalidInput(_) => "Correct the argument; nothing was sent.",
        }
    }

    /// The variant's name, for logs and metrics (OpenTelemetry's `error.type`).
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Api(_) => "api",
            Self::Ambiguous(_) => "ambiguous",
            Self::Decode(_) => "decode",
            Self::Http(_) => "http",
            Self::Timeout(_) => "timeout",
            Self::Connect(_) => "connect",
            Self::Transport(_) => "transport",
            Self::Stream(error) => error.kind().name(),
            Self::TooLarge(_) => "too_large",
            Self::Config(_) => "config",
            Self::InvalidInput(_) => "invalid_input",
        }
    }

    /// Whether the client may repeat an attempt that ended like this.
    pub(crate) fn may_repeat(&self, class: RetryClass) -> bool {
        let effect = class == RetryClass::Effect;
        match self {
            // Nothing left, whatever the operation does.
            Self::Connect(error) => !error.is_tls(),
            Self::Timeout(error) if error.is_unsent() => true,
            Self::Transport(error) if error.is_unsent() => true,
            Self::Timeout(_) | Self::Transport(_) => !effect,
            Self::Http(error) if effect => {
                matches!(provider::status(error).as_u16(), 429 | 503)
            }
            Self::Http(error) => matches!(
                provider::status(error).as_u16(),
                408 | 429 | 500 | 502 | 503 | 504
            ),
            // The service's own word comes before any rule of ours.
            Self::Api(error) if is_denied(error) => false,
            Self::Api(error) if effect => {
                error.code == Code::from(429)
                    || matches!(error.call.status.map(|s| s.as_u16()), Some(429 | 503))
            }
            Self::Api(error) => {
                matches!(error.code.get(), 429 | 500) || error.retry() == RetryAdvice::Yes
            }
            _ => false,
        }
    }

    /// Whether an effect may have been done although the attempt ended like this.
    pub(crate) fn leaves_effect_unknown(&self, operation: &Operation) -> bool {
        operation.retry == RetryClass::Effect
            && match self {
                Self::Timeout(error) => !error.is_unsent(),
                Self::Transport(error) => !error.is_unsent(),
                Self::TooLarge(_) => true,
                // The service did answer; where it answered with success, it was done.
                Self::Decode(error) => error.kind != BodyKind::Json,
                // A gateway lost the service's answer. 501 and 503 say that nothing was tried.
                Self::Http(error) => {
                    error.status.is_server_error() && !matches!(error.status.as_u16(), 501 | 503)
                }
                _ => false,
            }
    }

    /// The same failure, said to be of unknown outcome.
    pub(crate) fn into_ambiguous(self) -> Self {
        match self.call().cloned() {
            Some(call) => Self::Ambiguous(Box::new(AmbiguousError { call, cause: self })),
            None => self,
        }
    }
}

/// Whether the service itself says that a repetition is of no use.
fn is_denied(error: &BusinessError) -> bool {
    error.retryable() == Some(false)
}

/// Whether an effect has happened, although its answer cannot be read.
fn is_done(error: &Failed<DecodeError>) -> bool {
    error.reports_success && error.call.operation.retry == RetryClass::Effect
}

/// The registry knows HTTP's classes under the same numbers.
fn status_code(status: StatusCode) -> Code {
    Code::from(i64::from(status.as_u16()))
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            return text::write_with_advice(f, self, self.advice());
        }
        let (name, fields): (_, &dyn fmt::Debug) = match self {
            Self::Api(error) => ("Api", error),
            Self::Ambiguous(error) => ("Ambiguous", error),
            Self::Decode(error) => ("Decode", error),
            Self::Http(error) => ("Http", error),
            Self::Timeout(error) => ("Timeout", error),
            Self::Connect(error) => ("Connect", error),
            Self::Transport(error) => ("Transport", error),
            Self::Stream(error) => ("Stream", error),
            Self::TooLarge(error) => ("TooLarge", error),
            Self::Config(error) => ("Config", error),
            Self::InvalidInput(error) => ("InvalidInput", error),
        };
        f.debug_tuple(name).field(fields).finish()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(error) => return text::write_api(f, error),
            Self::Ambiguous(error) => return error.fmt(f),
            Self::Config(error) => return error.fmt(f),
            Self::InvalidInput(error) => return error.fmt(f),
            Self::Decode(error) if is_done(error) => {
                let find_out = ambiguous::how_to_find_out(error.call.operation);
                write!(f, "{error}; it is done all the same: {find_out}")
            }
            Self::Decode(error) => write!(f, "{error}"),
            Self::Http(error) => write!(f, "{error}"),
            Self::Timeout(error) => write!(f, "{error}"),
            Self::Connect(error) => write!(f, "{error}"),
            Self::Transport(error) => write!(f, "{error}"),
            Self::Stream(error) => write!(f, "{error}"),
            Self::TooLarge(error) => write!(f, "{error}"),
        }?;
        text::write_request_id(f, self)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Ambiguous(error) => Some(error.cause()),
            Self::Timeout(error) => error.source.as_ref().map(|source| source as _),
            Self::Connect(error) => Some(&error.source),
            Self::Transport(error) => Some(&error.source),
            Self::Stream(error) => error.source.as_ref().map(|source| source as _),
            _ => None,
        }
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::Config(Box::new(error))
    }
}

impl From<InputError> for Error {
    fn from(error: InputError) -> Self {
        Self::InvalidInput(Box::new(error))
    }
}

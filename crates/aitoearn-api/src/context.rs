//! What a client carries besides its base URL: the key, the options of a call, and a record of the
//! answer's head.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, RETRY_AFTER};

use crate::{ApiKey, redact};

/// Largest body that is read by default, after decompression: 32 MiB.
pub(crate) const DEFAULT_BODY_LIMIT: u64 = 32 * 1024 * 1024;

/// Credential and options of the calls made through one [`Client`](crate::Client).
///
/// To change an option for one call, derive a context from the client's and call through it:
///
/// ```
/// # fn example(client: &aitoearn_api::Client) -> aitoearn_api::Client {
/// let mut context = client.context().for_call();
/// context.timeout = Some(std::time::Duration::from_secs(30));
/// client.with_context(context)
/// # }
/// ```
///
/// A context also records the head of the last answer, so that [`open`](crate::open) can name it in an
/// error. Clones share that record; [`for_call`](Self::for_call) starts a new one. Use one context
/// per call where calls run at the same time.
#[derive(Clone)]
#[non_exhaustive]
pub struct Context {
    /// The API key. `None` is enough for public operations only.
    pub key: Option<ApiKey>,
    /// Time from sending the request to the end of the answer. `None` (the default) leaves it to
    /// the `reqwest::Client`.
    pub timeout: Option<Duration>,
    /// Most bytes of an answer that are read, after decompression. 32 MiB by default. Event
    /// streams are not counted: their reader limits each event.
    pub body_limit: u64,
    /// Sent as `X-Request-Id`; the service uses it as the id of the request. Visible ASCII.
    pub request_id: Option<String>,
    /// Sent as `Accept-Language`: `en-US` (the service's default) or `zh-CN`. It chooses the
    /// language of error messages.
    pub accept_language: Option<String>,
    /// Further headers. They replace those of the same name, credentials excepted.
    pub headers: HeaderMap,
    /// Further query pairs, appended and percent-encoded.
    pub query: Vec<(String, String)>,
    record: Arc<Mutex<Option<(StatusCode, HeaderMap)>>>,
}

impl Context {
    /// A context with default options.
    pub fn new(key: Option<ApiKey>) -> Self {
        Self {
            key,
            timeout: None,
            body_limit: DEFAULT_BODY_LIMIT,
            request_id: None,
            accept_language: None,
            headers: HeaderMap::new(),
            query: Vec::new(),
            record: Arc::default(),
        }
    }

    /// The same options with a record of its own: what a single call should use.
    #[must_use]
    pub fn for_call(&self) -> Self {
        Self {
            record: Arc::default(),
            ..self.clone()
        }
    }

    /// Head of the last answer, or `None` if none came: not sent, not connected, timed out.
    pub fn head(&self) -> Option<Head> {
        self.recorded()
            .map(|(status, headers)| Head::new(status, &headers, self.key.as_ref()))
    }

    pub(crate) fn recorded(&self) -> Option<(StatusCode, HeaderMap)> {
        self.slot().clone()
    }

    pub(crate) fn record(&self, head: Option<(StatusCode, HeaderMap)>) {
        *self.slot() = head;
    }

    /// Nothing panics while it holds the lock, so a poisoned one is as good as any.
    fn slot(&self) -> MutexGuard<'_, Option<(StatusCode, HeaderMap)>> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Names headers and query pairs without their values.
impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers.keys().map(HeaderName::as_str).collect();
        let query: Vec<_> = self.query.iter().map(|(name, _)| name).collect();
        f.debug_struct("Context")
            .field("key", &self.key)
            .field("timeout", &self.timeout)
            .field("body_limit", &self.body_limit)
            .field("request_id", &self.request_id)
            .field("accept_language", &self.accept_language)
            .field("headers", &headers)
            .field("query", &query)
            .finish_non_exhaustive()
    }
}

/// What an answer says about itself before its body.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Head {
    /// HTTP status. The service answers 200 even for errors; another one comes from a proxy.
    pub status: StatusCode,
    /// `Content-Type`, without parameters, in lower case.
    pub content_type: Option<String>,
    /// `Content-Encoding` of a body that was not unpacked, because nobody asked for that encoding.
    pub content_encoding: Option<String>,
    /// `X-Request-Id`.
    pub request_id: Option<String>,
    /// `Retry-After`, given in seconds or as a date.
    pub retry_after: Option<Duration>,
    /// `X-RateLimit-*`, on the few routes that have a limit.
    pub rate_limit: Option<RateLimit>,
}

/// `X-RateLimit-Limit`, `-Remaining` and `-Reset`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests allowed in the present window.
    pub limit: Option<u64>,
    /// Requests left in it.
    pub remaining: Option<u64>,
    /// When the next window starts.
    pub reset: Option<SystemTime>,
}

impl Head {
    /// Texts that repeat the key hold asterisks in its place: they end up in errors and logs.
    pub(crate) fn new(status: StatusCode, headers: &HeaderMap, key: Option<&ApiKey>) -> Self {
        let shown = |name| Some(redact::text_without_key(text(headers, name)?, key));
        Self {
            status,
            content_type: shown(CONTENT_TYPE.as_str()).map(|value| {
                let essence = value.split(';').next().unwrap_or_default();
                essence.trim().to_ascii_lowercase()
            }),
            content_encoding: shown(CONTENT_ENCODING.as_str())
                .filter(|encoding| !encoding.eq_ignore_ascii_case("identity")),
            request_id: shown("x-request-id"),
            retry_after: text(headers, RETRY_AFTER.as_str()).and_then(retry_after),
            rate_limit: rate_limit(headers),
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    text(headers, name)?.trim().parse().ok()
}

/// Seconds, or a date; a date in the past means now.
fn retry_after(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value.trim()).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

fn rate_limit(headers: &HeaderMap) -> Option<RateLimit> {
    let limit = number(headers, "x-ratelimit-limit");
    let remaining = number(headers, "x-ratelimit-remaining");
    // Epoch milliseconds, unlike most services.
    let reset = number(headers, "x-ratelimit-reset")
        .and_then(|ms| SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(ms)));
    (limit.is_some() || remaining.is_some() || reset.is_some()).then_some(RateLimit {
        limit,
        remaining,
        reset,
    })
}

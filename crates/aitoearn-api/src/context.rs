//! What a client carries besides its base URL: the key, the options of a call, and a record of the
//! answer's head.

use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{
    CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
};

use crate::raw::Raw;
use crate::timestamp::now;
use crate::{ApiKey, Mended, redact};

/// Largest body that is read by default, after decompression: 32 MiB.
pub(crate) const DEFAULT_BODY_LIMIT: u64 = 32 * 1024 * 1024;

pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const X_RATELIMIT_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const X_RATELIMIT_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const X_RATELIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

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
    /// Most bytes of an answer that are read, after decompression. 32 MiB by default. Read, it
    /// takes four times as much memory at most. Of event streams the reader limits each event.
    pub body_limit: u64,
    /// Sent as `X-Request-Id`; the service uses it as the id of the request.
    pub request_id: Option<HeaderValue>,
    /// Sent as `Accept-Language`: `en-US` (the service's default) or `zh-CN`. It chooses the
    /// language of error messages.
    pub accept_language: Option<HeaderValue>,
    /// Further headers. They replace those of the same name, credentials excepted.
    pub headers: HeaderMap,
    /// Further query pairs, appended and percent-encoded.
    pub query: Vec<(String, String)>,
    /// Whether a success that does not fit is read all the same, what is odd in it becoming neutral.
    /// [`mended`](Self::mended) tells what that was. Off by default.
    pub mend: bool,
    record: Arc<Record>,
}

/// What is known of the last call.
#[derive(Default)]
struct Record {
    answer: Mutex<Option<Recorded>>,
    /// Whether its request has begun to leave, as far as that is known.
    leaves: AtomicU8,
}

/// The request has begun to leave, or may have.
const LEFT: u8 = 0;
/// Nobody has asked for the first byte of its body.
const WAITS: u8 = 1;
/// Nobody will get it.
const GIVEN_UP: u8 = 2;

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
            mend: false,
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

    /// The same options and the same head, for a part of the answer that is read by itself.
    #[doc(hidden)]
    #[must_use]
    pub fn for_event(&self) -> Self {
        let recorded = self.slot().clone();
        let mut recorded =
            recorded.unwrap_or_else(|| Recorded::new(StatusCode::OK, &HeaderMap::new()));
        let context = self.for_call();
        if let Some(rare) = recorded.rare.as_mut() {
            rare.mended = Mended::default();
        }
        *context.slot() = Some(recorded);
        context
    }

    /// HTTP status of the last answer, as in [`head`](Self::head).
    pub fn status(&self) -> Option<StatusCode> {
        self.slot().as_ref().map(|recorded| recorded.status)
    }

    /// Rate limit in the last answer, as in [`head`](Self::head).
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.slot().as_ref().and_then(Recorded::rate_limit)
    }

    /// Head of the last answer, or `None` if none came: not sent, not connected, timed out.
    pub fn head(&self) -> Option<Head> {
        let key = self.key.as_ref();
        self.slot().as_ref().map(|recorded| recorded.head(key))
    }

    /// What had to be mended in the last answer; nothing, as a rule.
    pub fn mended(&self) -> Mended {
        let slot = self.slot();
        let rare = slot.as_ref().and_then(|recorded| recorded.rare.as_ref());
        rare.map(|rare| rare.mended.clone()).unwrap_or_default()
    }

    /// Notes what was mended in the recorded answer, or in a further part of it.
    pub(crate) fn keep_mended(&self, mended: Mended) {
        let mut slot = self.slot();
        // A body that came another way than by a call: what was mended in it is reported all the same.
        let recorded = slot.get_or_insert_with(|| Recorded::new(StatusCode::OK, &HeaderMap::new()));
        recorded.rare.get_or_insert_default().mended.add(mended);
    }

    /// Notes what the recorded answer cannot do without.
    pub(crate) fn keep_essential(&self, essential: &'static [&'static str]) {
        if let Some(recorded) = self.slot().as_mut() {
            recorded.essential = essential;
        }
    }

    /// Whether the body of the recorded answer lacks something without which nothing can follow.
    pub(crate) fn lacks_an_essential(&self, body: &[u8]) -> bool {
        let essential = self.slot().as_ref().map_or(&[][..], |it| it.essential);
        let is_there = |pointer: &&str| {
            let mut steps = pointer.split('/').skip(1);
            let found = steps.try_fold(Raw::first(body)?, Raw::get)?;
            // A number is read as a text.
            let text = found.bytes();
            Some(matches!(text.first(), Some(b'"' | b'[' | b'0'..=b'9')) && text != b"\"\"")
        };
        essential
            .iter()
            .any(|pointer| is_there(pointer) != Some(true))
    }

    /// Whether the request of the last call never began to leave: no connection took the first byte
    /// of its body. Once this has been `true` it will not leave any more. Known for calls with an
    /// effect that have a body; `false` for all others.
    pub fn is_unsent(&self) -> bool {
        let leaves = &self.record.leaves;
        let given_up =
            leaves.compare_exchange(WAITS, GIVEN_UP, Ordering::AcqRel, Ordering::Acquire);
        given_up.is_ok() || given_up == Err(GIVEN_UP)
    }

    /// Notes that a request is about to leave. What is returned is asked once it does, and whether
    /// it still may.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn leaving(&self) -> impl Fn() -> bool + Send + Sync + 'static {
        let record = Arc::clone(&self.record);
        record.leaves.store(WAITS, Ordering::Release);
        move || {
            let leaves = &record.leaves;
            let left = leaves.compare_exchange(WAITS, LEFT, Ordering::AcqRel, Ordering::Acquire);
            left != Err(GIVEN_UP)
        }
    }

    /// Notes the head of an answer, or forgets that of the last one.
    pub(crate) fn record(&self, answer: Option<(StatusCode, &HeaderMap)>) {
        self.record.leaves.store(LEFT, Ordering::Release);
        *self.slot() = answer.map(|(status, headers)| Recorded::new(status, headers));
    }

    /// Keeps all headers of the recorded answer, for [`take_headers`](Self::take_headers).
    pub(crate) fn keep_headers(&self, headers: HeaderMap) {
        if let Some(recorded) = self.slot().as_mut() {
            recorded.rare.get_or_insert_default().headers = headers;
        }
    }

    /// Status and kept headers of the recorded answer.
    pub(crate) fn take_headers(&self) -> Option<(StatusCode, HeaderMap)> {
        let mut slot = self.slot();
        let recorded = slot.as_mut()?;
        let kept = recorded.rare.as_mut().map(|rare| &mut rare.headers);
        Some((
            recorded.status,
            kept.map(std::mem::take).unwrap_or_default(),
        ))
    }

    /// Nothing panics while it holds the lock, so a poisoned one is as good as any.
    fn slot(&self) -> MutexGuard<'_, Option<Recorded>> {
        let answer = self.record.answer.lock();
        answer.unwrap_or_else(PoisonError::into_inner)
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
            .field("mend", &self.mend)
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
    /// `Date`: what the server takes the time to be.
    pub date: Option<SystemTime>,
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
        Recorded::new(status, headers).head(key)
    }
}

/// What a [`Head`] is made of. Header values share their bytes, so that to record them costs every
/// answer next to nothing; they are read when somebody asks.
#[derive(Clone)]
struct Recorded {
    status: StatusCode,
    content_type: Option<HeaderValue>,
    request_id: Option<HeaderValue>,
    date: Option<HeaderValue>,
    /// JSON pointers into the body.
    essential: &'static [&'static str],
    /// In a box: most answers have none of it.
    rare: Option<Box<Rare>>,
}

/// What few answers have.
#[derive(Clone, Default)]
struct Rare {
    content_encoding: Option<HeaderValue>,
    retry_after: Option<HeaderValue>,
    limit: Option<HeaderValue>,
    remaining: Option<HeaderValue>,
    reset: Option<HeaderValue>,
    /// All of them, if the body could not be read at first.
    headers: HeaderMap,
    mended: Mended,
}

impl Recorded {
    fn new(status: StatusCode, headers: &HeaderMap) -> Self {
        let get = |name: HeaderName| headers.get(name).cloned();
        let is_rare = [
            CONTENT_ENCODING,
            RETRY_AFTER,
            X_RATELIMIT_LIMIT,
            X_RATELIMIT_REMAINING,
            X_RATELIMIT_RESET,
        ]
        .iter()
        .any(|name| headers.contains_key(name));
        Self {
            status,
            content_type: get(CONTENT_TYPE),
            request_id: get(X_REQUEST_ID),
            date: get(DATE),
            essential: &[],
            rare: is_rare.then(|| {
                Box::new(Rare {
                    content_encoding: get(CONTENT_ENCODING),
                    retry_after: get(RETRY_AFTER),
                    limit: get(X_RATELIMIT_LIMIT),
                    remaining: get(X_RATELIMIT_REMAINING),
                    reset: get(X_RATELIMIT_RESET),
                    ..Rare::default()
                })
            }),
        }
    }

    fn head(&self, key: Option<&ApiKey>) -> Head {
        let shown = |value: Option<&HeaderValue>| Some(redact::id_without_key(text(value)?, key));
        let rare = self.rare.as_deref();
        Head {
            status: self.status,
            content_type: shown(self.content_type.as_ref()).map(|value| {
                let essence = value.split(';').next().unwrap_or_default();
                essence.trim().to_ascii_lowercase()
            }),
            content_encoding: shown(rare.and_then(|rare| rare.content_encoding.as_ref()))
                .filter(|encoding| !encoding.eq_ignore_ascii_case("identity")),
            request_id: shown(self.request_id.as_ref()),
            retry_after: text(rare.and_then(|rare| rare.retry_after.as_ref()))
                .and_then(retry_after),
            date: text(self.date.as_ref())
                .and_then(|date| httpdate::parse_http_date(date.trim()).ok()),
            rate_limit: self.rate_limit(),
        }
    }

    fn rate_limit(&self) -> Option<RateLimit> {
        let rare = self.rare.as_deref()?;
        let limit = number(rare.limit.as_ref());
        let remaining = number(rare.remaining.as_ref());
        // Epoch milliseconds, unlike most services.
        let reset = number(rare.reset.as_ref())
            .and_then(|ms| SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(ms)));
        (limit.is_some() || remaining.is_some() || reset.is_some()).then_some(RateLimit {
            limit,
            remaining,
            reset,
        })
    }
}

fn text(value: Option<&HeaderValue>) -> Option<&str> {
    value?.to_str().ok()
}

fn number(value: Option<&HeaderValue>) -> Option<u64> {
    text(value)?.trim().parse().ok()
}

/// Seconds, or a date; a date in the past means now.
fn retry_after(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value.trim()).ok()?;
    Some(date.duration_since(now()).unwrap_or_default())
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_not_to_be_sent_does_not_leave() {
        let context = Context::new(None);
        assert!(!context.is_unsent(), "nothing is known");
        let may_leave = context.leaving();
        assert!(context.is_unsent() && context.is_unsent());
        assert!(!may_leave());
        let may_leave = context.leaving();
        assert!(may_leave() && may_leave());
        assert!(!context.is_unsent());
    }

    #[test]
    fn what_was_mended_without_a_call_is_told() {
        let mut context = Context::new(None);
        context.mend = true;
        let words: Vec<String> = crate::decode_plain(b"[\"a\",7]", &context).expect("mended");
        assert_eq!(
            (words, context.mended().count),
            (vec!["a".to_owned(), "7".to_owned()], 1)
        );
    }
}

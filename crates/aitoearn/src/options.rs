//! What one request may do differently from its client.

use std::{fmt, time::Duration};

use aitoearn_api::Context;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::{
    RetryPolicy,
    error::{Error, InputError},
    input,
};

/// The language of the service's error messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// `en-US`, the service's own default.
    English,
    /// `zh-CN`.
    Chinese,
}

impl Language {
    /// The value of `Accept-Language`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en-US",
            Self::Chinese => "zh-CN",
        }
    }

    pub(crate) const fn header(self) -> HeaderValue {
        HeaderValue::from_static(self.as_str())
    }
}

/// Collected by the methods that every request has; `None` leaves it to the client.
///
/// A wrong option does not interrupt the chain of calls: the first one is kept
/// and comes out when the request is sent.
#[derive(Default)]
pub(crate) struct RequestOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    request_id: Option<HeaderValue>,
    language: Option<Language>,
    headers: HeaderMap,
    query: Vec<(String, String)>,
    wrong: Option<Error>,
}

impl RequestOptions {
    /// For a call of which several requests are made. What was wrong stays with
    /// the first.
    pub(crate) fn again(&self) -> Self {
        Self {
            timeout: self.timeout,
            retry: self.retry,
            request_id: self.request_id.clone(),
            language: self.language,
            headers: self.headers.clone(),
            query: self.query.clone(),
            wrong: None,
        }
    }

    pub(crate) fn set_timeout(&mut self, limit: Duration) {
        if limit.is_zero() {
            self.keep_first(InputError::new("timeout", "is zero").into());
        }
        self.timeout = Some(limit);
    }

    pub(crate) fn set_header(&mut self, name: &str, value: &str) {
        match input::header(name, value) {
            Ok((name, value)) => {
                self.headers.append(name, value);
            }
            Err(error) => self.keep_first(error),
        }
    }

    pub(crate) fn set_query(&mut self, name: String, value: String) {
        self.query.push((name, value));
    }

    pub(crate) fn set_request_id(&mut self, id: &str) {
        match input::request_id(id) {
            Ok(id) => self.request_id = Some(id),
            Err(error) => self.keep_first(error),
        }
    }

    pub(crate) fn set_language(&mut self, language: Language) {
        self.language = Some(language);
    }

    /// The first option that was wrong.
    pub(crate) fn take_error(&mut self) -> Result<(), Error> {
        self.wrong.take().map_or(Ok(()), Err)
    }

    fn keep_first(&mut self, error: Error) {
        self.wrong.get_or_insert(error);
    }

    /// Writes what one attempt needs into its context.
    pub(crate) fn apply(&self, context: &mut Context) {
        // The attempt keeps its own clock.
        context.timeout = None;
        if let Some(language) = self.language {
            context.accept_language = Some(language.header());
        }
        for name in self.headers.keys() {
            context.headers.remove(name);
        }
        for (name, value) in &self.headers {
            context.headers.append(name, value.clone());
        }
        context.query.extend_from_slice(&self.query);
        // Each attempt has its own id, so that the service's log tells them apart.
        let own = self.request_id.clone();
        context.request_id = own.or_else(input::new_request_id);
    }
}

/// Names headers and query parameters without their values.
impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers.keys().map(HeaderName::as_str).collect();
        let query: Vec<_> = self.query.iter().map(|(name, _)| name).collect();
        f.debug_struct("RequestOptions")
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("request_id", &self.request_id)
            .field("language", &self.language)
            .field("headers", &headers)
            .field("query", &query)
            .finish_non_exhaustive()
    }
}

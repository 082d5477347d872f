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

/// Collected by the methods that every request has; what is not set is left to
/// the client, and nearly always nothing is.
///
/// A wrong option does not interrupt the chain of calls: the first one is kept
/// and comes out when the request is sent.
#[derive(Default)]
pub(crate) struct RequestOptions(Option<Box<Options>>);

#[derive(Default)]
struct Options {
    timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
    request_id: Option<HeaderValue>,
    language: Option<Language>,
    headers: HeaderMap,
    query: Vec<(String, String)>,
    is_exact: bool,
    wrong: Option<Error>,
}

impl RequestOptions {
    /// For a call of which several requests are made. What was wrong stays with
    /// the first.
    pub(crate) fn again(&self) -> Self {
        Self(self.0.as_ref().map(|options| {
            Box::new(Options {
                timeout: options.timeout,
                retry: options.retry,
                request_id: options.request_id.clone(),
                language: options.language,
                headers: options.headers.clone(),
                query: options.query.clone(),
                is_exact: options.is_exact,
                wrong: None,
            })
        }))
    }

    pub(crate) fn timeout(&self) -> Option<Duration> {
        self.0.as_ref()?.timeout
    }

    pub(crate) fn retry(&self) -> Option<&RetryPolicy> {
        self.0.as_ref()?.retry.as_ref()
    }

    pub(crate) fn set_timeout(&mut self, limit: Duration) {
        if limit.is_zero() {
            self.keep_first(InputError::new("timeout", "is zero").into());
        }
        self.options().timeout = Some(limit);
    }

    pub(crate) fn set_retry(&mut self, policy: RetryPolicy) {
        self.options().retry = Some(policy);
    }

    pub(crate) fn set_header(&mut self, name: &str, value: &str) {
        match input::header(name, value) {
            Ok((name, value)) => {
                self.options().headers.append(name, value);
            }
            Err(error) => self.keep_first(error),
        }
    }

    pub(crate) fn set_query(&mut self, name: String, value: String) {
        self.options().query.push((name, value));
    }

    pub(crate) fn set_request_id(&mut self, id: &str) {
        match input::request_id(id) {
            Ok(id) => self.options().request_id = Some(id),
            Err(error) => self.keep_first(error),
        }
    }

    pub(crate) fn set_language(&mut self, language: Language) {
        self.options().language = Some(language);
    }

    /// Nothing of the response is mended: a type of the caller's own may mean what it says.
    pub(crate) fn set_exact(&mut self) {
        self.options().is_exact = true;
    }

    /// The first option that was wrong.
    pub(crate) fn take_error(&mut self) -> Result<(), Error> {
        let wrong = self.0.as_mut().and_then(|options| options.wrong.take());
        wrong.map_or(Ok(()), Err)
    }

    fn keep_first(&mut self, error: Error) {
        self.options().wrong.get_or_insert(error);
    }

    fn options(&mut self) -> &mut Options {
        self.0.get_or_insert_default()
    }

    /// Writes what one attempt needs into its context.
    pub(crate) fn apply(&self, context: &mut Context) {
        // The attempt keeps its own clock.
        context.timeout = None;
        // Each attempt has its own id, so that the service's log tells them apart.
        let options = self.0.as_ref();
        let own = options.and_then(|options| options.request_id.clone());
        context.request_id = own.or_else(input::new_request_id);
        let Some(options) = options else { return };
        if let Some(language) = options.language {
            context.accept_language = Some(language.header());
        }
        for name in options.headers.keys() {
            context.headers.remove(name);
        }
        for (name, value) in &options.headers {
            context.headers.append(name, value.clone());
        }
        context.query.extend_from_slice(&options.query);
        context.mend &= !options.is_exact;
    }
}

/// Names headers and query parameters without their values.
impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("RequestOptions");
        let Some(options) = &self.0 else {
            return shown.finish();
        };
        let headers: Vec<_> = options.headers.keys().map(HeaderName::as_str).collect();
        let query: Vec<_> = options.query.iter().map(|(name, _)| name).collect();
        shown
            .field("timeout", &options.timeout)
            .field("retry", &options.retry)
            .field("request_id", &options.request_id)
            .field("language", &options.language)
            .field("headers", &headers)
            .field("query", &query)
            .finish_non_exhaustive()
    }
}

//! What the sandbox has been asked, for a test to look at.

use std::fmt;
use std::str::FromStr as _;

use aitoearn_api::Operation;
use bytes::Bytes;
use httpmock::HttpMockRequest;
use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};
use serde_json::Value;

use super::request::Incoming;

/// One request that the sandbox has answered.
///
/// `Debug` and `Display` are one line without headers and body: a log of them
/// holds no key.
#[derive(Clone)]
#[non_exhaustive]
pub struct Seen {
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path as it was sent, percent-encoding and all.
    pub path: String,
    /// The query string as it was sent, without `?`.
    pub query: String,
    /// The operation's name (`accounts_list`), if the request reached one.
    pub operation: Option<&'static str>,
    /// The HTTP status that was answered; `None` if no answer was sent, by order
    /// of a [`Fault`](crate::Fault).
    pub status: Option<u16>,
    /// The code in the envelope of the answer, sent or not, if there was one.
    pub code: Option<i64>,
    /// How many bytes of body came in, also if they were not kept.
    pub body_length: u64,
    /// What the log says beside it: which part of the request was refused and why, which the
    /// service's own responses never say; or which page the request reached.
    pub note: Option<String>,
    headers: HeaderMap,
    body: Bytes,
}

impl Seen {
    pub(crate) fn new(
        request: &Incoming,
        operation: Option<&'static str>,
        status: Option<u16>,
        code: Option<i64>,
    ) -> Self {
        Self {
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            operation,
            status,
            code,
            body_length: request.body.length,
            note: None,
            headers: request.headers.clone(),
            body: request.body.bytes.clone(),
        }
    }

    /// Forgets the body's bytes, but not how many they were.
    pub(crate) fn drop_body(&mut self) {
        self.body = Bytes::new();
    }

    /// About how much memory this takes.
    pub(crate) fn size(&self) -> usize {
        let headers: usize = self
            .headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        let note = self.note.as_ref().map_or(0, String::len);
        size_of::<Self>() + note + self.path.len() + self.query.len() + headers + self.body.len()
    }

    /// A request that a mock has answered.
    pub(crate) fn of_mock(
        request: &HttpMockRequest,
        operation: &Operation,
        status: u16,
        code: Option<i64>,
    ) -> Self {
        let uri = request.uri();
        Self {
            method: request.method_str().to_owned(),
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            operation: Some(operation.name),
            status: Some(status),
            code,
            body_length: request.body_ref().len() as u64,
            note: None,
            // Not `request.headers()`: it panics over a value that is not ASCII.
            headers: request
                .headers_vec()
                .iter()
                .filter_map(|(name, value)| {
                    Some((
                        HeaderName::from_str(name).ok()?,
                        HeaderValue::from_str(value).ok()?,
                    ))
                })
                .collect(),
            body: Bytes::copy_from_slice(request.body_ref()),
        }
    }

    /// Whether the answer was a success: HTTP 200, and code 0 if there is a code.
    pub fn is_success(&self) -> bool {
        self.status == Some(200) && self.code.unwrap_or(0) == 0
    }

    /// A request header's text; names are case-insensitive.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The request headers with their values, in no particular order.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
    }

    /// The request body as it was sent.
    ///
    /// Empty if it was not kept: a body over 8 MiB, and one that came without
    /// the key or a signature. [`body_length`](Self::body_length) is its size.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The request body as JSON, if it is any.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The query's pairs, decoded, in the order they were sent.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.query.as_bytes())
            .into_owned()
            .collect()
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:6} {}", self.method, Harmless(&self.path))?;
        if !self.query.is_empty() {
            write!(f, "?{}", Harmless(&self.query))?;
        }
        match self.status {
            Some(status) => write!(f, " -> {status}")?,
            None => write!(f, " -> no answer")?,
        }
        if let Some(code) = self.code {
            write!(f, " code {code}")?;
        }
        match (self.operation, &self.note) {
            (Some(operation), _) => write!(f, " {operation}")?,
            (None, None) => write!(f, " (no such operation)")?,
            (None, Some(_)) => {}
        }
        if let Some(note) = &self.note {
            write!(f, ": {}", Harmless(note))?;
        }
        if self.body.len() as u64 != self.body_length {
            write!(f, " (body of {} bytes not kept)", self.body_length)?;
        }
        Ok(())
    }
}

/// Text from outside without what a terminal would obey: control characters
/// and changes of direction are escaped.
struct Harmless<'a>(&'a str);

impl fmt::Display for Harmless<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '\\' | '"' | '\'' => write!(f, "{c}"),
            _ => write!(f, "{}", c.escape_debug()),
        })
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

//! What is known about an operation without calling it: one constant per operation drives
//! authentication, `Accept`, retries, timeouts, mocks and documentation.

use crate::Code;

/// One operation of the API. All of them stand in [`operations`](crate::operations).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Name of the method of [`Client`](crate::Client), such as `accounts_list`.
    pub name: &'static str,
    /// `operationId` in upstream's OpenAPI document.
    pub id: &'static str,
    /// Upstream's summary, in one line; may be empty.
    pub summary: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path template below the base URL, such as `/api/v2/channels/accounts/{accountId}`.
    pub path: &'static str,
    /// Upstream's tag, `Group / Topic`.
    pub tag: &'static str,
    /// The credential it wants.
    pub auth: Auth,
    /// How its answer is wrapped.
    pub reply: Reply,
    /// What repeating it does.
    pub retry: RetryClass,
    /// How long an answer may reasonably take.
    pub timeout: TimeoutClass,
    /// The business errors documented for it; others may come.
    pub codes: &'static [Code],
    /// What its answer must tell, because nothing can follow without it: JSON pointers into the body,
    /// such as `/data/id`.
    pub essential: &'static [&'static str],
}

impl Operation {
    /// The names of the parameters in the path, in its order.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> + use<> {
        let after_braces = self.path.split('{').skip(1);
        after_braces.filter_map(|rest| Some(rest.split_once('}')?.0))
    }

    /// Whether `path`, percent-encoded and relative to the base URL, is a path of this operation.
    ///
    /// An empty argument or one of dots would silently address another operation (`/accounts/` is
    /// the list, and URLs resolve `..`): such a path does not match.
    pub fn matches_path(&self, path: &str) -> bool {
        if path == self.path {
            return true;
        }
        let mut actual = path.split('/');
        let mut template = self.path.split('/');
        loop {
            match (template.next(), actual.next()) {
                (None, None) => return true,
                (Some(template), Some(actual)) if segment_matches(template, actual) => {}
                _ => return false,
            }
        }
    }
}

/// `{id}` takes any text, `{model}:run` any text before its fixed end.
fn segment_matches(template: &str, actual: &str) -> bool {
    match (template.find('{'), template.rfind('}')) {
        (Some(open), Some(close)) => actual
            .strip_prefix(&template[..open])
            .and_then(|rest| rest.strip_suffix(&template[close + 1..]))
            .is_some_and(|argument| !argument.is_empty()),
        _ => template == actual,
    }
}

/// An argument as one segment of a path.
pub fn encode_segment(argument: &str) -> String {
    // A URL takes a backslash for a slash, and with dots behind it for a step up.
    progenitor_client::encode_path(argument).replace('\\', "%5C")
}

/// `GET /api/v2/channels/accounts`.
impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method.as_str(), self.path)
    }
}

/// HTTP method of an [`Operation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`. Not a promise of no effect: see [`Operation::retry`].
    Get,
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
    /// `PATCH`.
    Patch,
    /// `DELETE`.
    Delete,
}

impl Method {
    /// The method as HTTP writes it, such as `GET`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// The header in which an operation wants the API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Auth {
    /// `X-Api-Key: KEY`.
    ApiKey,
    /// `Authorization: Bearer KEY`.
    Bearer,
    /// `x-goog-api-key: KEY`.
    GoogApiKey,
    /// No credential: public.
    None,
}

/// How the answer of an operation is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reply {
    /// `{data, code, message, requestId}`: [`Envelope`](crate::Envelope).
    Envelope,
    /// Plain JSON.
    Json,
    /// Handed over as bytes: JSON or an event stream, as the answer's content type says.
    Raw,
}

/// What sending an operation a second time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RetryClass {
    /// Changes nothing: may be repeated.
    Read,
    /// Changes something, and a repetition leaves the same result: may be repeated.
    Idempotent,
    /// Spends credits, publishes or starts something: a repetition may do it twice.
    Effect,
}

/// How long an answer may reasonably take; the numbers are the caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeoutClass {
    /// A lookup: seconds.
    Read,
    /// A small change: seconds.
    Write,
    /// The service fetches or probes media before it answers: a minute or two.
    Slow,
    /// The service generates while the connection waits: up to ten minutes.
    Generation,
    /// A stream without a fixed end: limit the silence, not the whole.
    Stream,
}

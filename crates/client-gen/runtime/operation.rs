//! What is known about an operation without calling it.

/// One operation of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Name of the method of [`Client`](crate::Client).
    pub name: &'static str,
    /// `operationId` in the description.
    pub id: &'static str,
    /// The document's summary, in one line; may be empty.
    pub summary: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path template below the base URL, such as `/pets/{id}`.
    pub path: &'static str,
    /// The description's first tag; empty if there is none.
    pub tag: &'static str,
    /// The credential that it wants.
    pub auth: Auth,
    /// How its response is wrapped.
    pub reply: Reply,
    /// What sending it a second time does.
    pub retry: RetryClass,
    /// How long a response may reasonably take.
    pub timeout: TimeoutClass,
    /// The result codes documented for it; others may come.
    pub codes: &'static [Code],
    /// JSON pointers to what a response must contain, because nothing can follow without it.
    pub essential: &'static [&'static str],
}

impl Operation {
    /// Whether `path`, percent-encoded and relative to the base URL, is a path of this operation.
    ///
    /// An empty argument or one of dots would silently address another operation: such a path does
    /// not match.
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

/// HTTP method of an [`Operation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
    /// `PATCH`.
    Patch,
    /// `DELETE`.
    Delete,
    /// `HEAD`: the headers of a `GET`, without its body.
    Head,
    /// `OPTIONS`.
    Options,
    /// `TRACE`.
    Trace,
}

/// How an operation wants the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Auth {
    /// In this header, as it is.
    Header(&'static str),
    /// In this query parameter.
    Query(&'static str),
    /// As `Authorization: Bearer …`.
    Bearer,
    /// As `Authorization: Basic …`, of a credential that is `name:password`.
    Basic,
    /// In this cookie.
    Cookie(&'static str),
    /// Several at once, each in its place.
    All(&'static [Auth]),
    /// If the client has one.
    Optional(&'static Auth),
    /// Not at all.
    None,
}

impl Auth {
    /// Where one credential goes: the name of the header, the query parameter or the cookie.
    pub(super) fn place(self) -> Option<&'static str> {
        match self {
            Self::Bearer | Self::Basic => Some("authorization"),
            Self::Header(name) | Self::Query(name) | Self::Cookie(name) => Some(name),
            Self::All(_) | Self::Optional(_) | Self::None => None,
        }
    }
}

/// How the response of an operation is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reply {
    /// In an envelope with a result code.
    Envelope,
    /// Plain JSON.
    Json,
    /// Bytes, as they come.
    Raw,
}

/// What sending an operation a second time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RetryClass {
    /// Changes nothing.
    Read,
    /// Leaves the same result as the first time.
    Idempotent,
    /// May do it twice.
    Effect,
}

/// How long a response may reasonably take; the numbers are the caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeoutClass {
    /// A lookup.
    Read,
    /// A small change.
    Write,
    /// Work that takes a minute or two.
    Slow,
    /// The service generates while the connection waits.
    Generation,
    /// A stream without a fixed end.
    Stream,
}

/// A result code of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code(pub i64);

impl Code {
    /// The code with this number.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }
}

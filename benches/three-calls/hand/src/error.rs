//! Why a call failed.

use std::fmt;

use reqwest::StatusCode;

/// Why a call failed.
#[derive(Debug)]
pub enum Error {
    /// The key is no header.
    Key,
    /// The base is no URL.
    Url,
    /// Not sent, not answered, not in time.
    Http(reqwest::Error),
    /// Another status than success.
    Status(StatusCode),
    /// The service says no.
    Refused {
        /// What went wrong.
        code: i64,
        /// The service's words for it.
        message: String,
        /// Id of the request.
        request_id: Option<String>,
    },
    /// The answer is not what was expected.
    Json(serde_json::Error),
    /// A refusal that cannot be read.
    Shape,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key => f.write_str("the key holds characters that no header can carry"),
            Self::Url => f.write_str("the base is no URL"),
            Self::Http(error) => error.fmt(f),
            Self::Status(status) => write!(f, "HTTP {status}"),
            Self::Refused { code, message, .. } => write!(f, "{code}: {message}"),
            Self::Json(error) => error.fmt(f),
            Self::Shape => f.write_str("the refusal cannot be read"),
        }
    }
}

impl std::error::Error for Error {}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error)
    }
}

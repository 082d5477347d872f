//! The API key: never printed, wiped from memory when dropped.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::{HeaderValue, InvalidHeaderValue};
use secrecy::{ExposeSecret as _, SecretString};

/// An AiToEarn API key.
///
/// `Debug` hides it, there is no `Display` and no serde. Clones and requests share what is in memory,
/// and it is wiped when the last of them is dropped. Keys of `aitoearn.cn` and `aitoearn.ai` are not
/// interchangeable.
#[derive(Clone)]
pub struct ApiKey(Arc<Forms>);

/// The key in each form that is sent: made once, so that a request copies nothing.
struct Forms {
    text: SecretString,
    plain: HeaderValue,
    bearer: HeaderValue,
}

impl ApiKey {
    /// Takes a key as the console shows it. White space around it is removed.
    ///
    /// # Errors
    ///
    /// If nothing is left, or if it holds anything but visible ASCII (a line break from a file, a
    /// typographic quote): such text cannot be a header. The error does not show the key.
    pub fn new(key: impl Into<String>) -> Result<Self, InvalidApiKey> {
        // Owned by a secret from the start, so that the original is wiped, too.
        let given = SecretString::from(key.into());
        let trimmed = given.expose_secret().trim();
        if trimmed.is_empty() {
            return Err(InvalidApiKey::Empty);
        }
        if !trimmed.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidApiKey::NotVisibleAscii);
        }
        let refused = |_| InvalidApiKey::NotVisibleAscii;
        Ok(Self(Arc::new(Forms {
            plain: header(SecretString::from(trimmed)).map_err(refused)?,
            bearer: header(SecretString::from(format!("Bearer {trimmed}"))).map_err(refused)?,
            text: SecretString::from(trimmed),
        })))
    }

    /// The key itself. Keep it out of logs.
    pub fn expose(&self) -> &str {
        self.0.text.expose_secret()
    }

    /// The key alone as a header value, marked sensitive.
    pub(crate) fn plain(&self) -> HeaderValue {
        self.0.plain.clone()
    }

    /// The key after `Bearer`, likewise.
    pub(crate) fn bearer(&self) -> HeaderValue {
        self.0.bearer.clone()
    }
}

/// The key alone as a header value, for calls of what has no operation here.
pub fn plain(key: &ApiKey) -> HeaderValue {
    key.plain()
}

/// A header value that lends the secret's memory, and so is wiped with it.
fn header(text: SecretString) -> Result<HeaderValue, InvalidHeaderValue> {
    struct Lent(SecretString);

    impl AsRef<[u8]> for Lent {
        fn as_ref(&self) -> &[u8] {
            self.0.expose_secret().as_bytes()
        }
    }

    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(Lent(text)))?;
    value.set_sensitive(true);
    Ok(value)
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(***)")
    }
}

impl FromStr for ApiKey {
    type Err = InvalidApiKey;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        Self::new(key)
    }
}

/// Why a text is no [`ApiKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidApiKey {
    /// Empty, or white space only.
    Empty,
    /// Holds white space inside, a control character, or something outside ASCII.
    NotVisibleAscii,
}

impl fmt::Display for InvalidApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the API key is empty: copy it from the AiToEarn console",
            Self::NotVisibleAscii => {
                "the API key holds a space, a line break or a character outside ASCII: copy it again"
            }
        })
    }
}

impl std::error::Error for InvalidApiKey {}

//! The API key: never printed, wiped from memory when dropped.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};

/// An AiToEarn API key.
///
/// `Debug` hides it, there is no `Display` and no serde. Clones share one copy in memory, which is
/// wiped when the last of them is dropped. Keys of `aitoearn.cn` and `aitoearn.ai` are not
/// interchangeable.
#[derive(Clone)]
pub struct ApiKey(Arc<SecretString>);

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
        Ok(Self(Arc::new(SecretString::from(trimmed))))
    }

    /// The key itself. Keep it out of logs.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The key as a header value after `scheme`, marked sensitive.
    pub(crate) fn header(&self, scheme: &str) -> Option<HeaderValue> {
        let text = SecretString::from(format!("{scheme}{}", self.expose()));
        let mut value = HeaderValue::from_str(text.expose_secret()).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
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

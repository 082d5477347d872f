//! Result codes of the service: what each means, and what to do about it.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::generated::codes::TABLE;
use crate::tolerant::strict_int;

/// The number that says how a call ended; 0 is success.
///
/// Known codes are constants, such as [`Code::ACCOUNT_NOT_FOUND`]. Any other number is a valid
/// `Code`, too: the service is newer than this crate. The text that comes with an error changes
/// with language and release, so compare codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Code(i64);

/// What kind of trouble a [`Code`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Category {
    /// The credential, or the authorization of a social account, is missing, wrong or too small.
    Auth,
    /// The request is not acceptable as it is.
    Validation,
    /// What the request names does not exist, or not for this user.
    NotFound,
    /// Not possible in the present state.
    Conflict,
    /// Too many requests.
    RateLimit,
    /// Credits, storage or an allowance are used up.
    Quota,
    /// A file could not be read or stored.
    Storage,
    /// A model or its provider failed.
    Ai,
    /// The social platform failed or refused.
    Platform,
    /// The service itself failed.
    Internal,
    /// This version knows neither the code nor its range.
    Unknown,
}

/// Whether the same call may succeed later.
///
/// It does not say that repeating is harmless: for that, see [`Operation::retry`](crate::Operation::retry).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RetryAdvice {
    /// By itself, after a while.
    Yes,
    /// Only with another key, or after the social account has been authorized again.
    AfterReauth,
    /// Not before the request or the state has changed.
    No,
}

/// What is known about one code.
pub(crate) struct Entry {
    pub(crate) code: i64,
    pub(crate) name: &'static str,
    pub(crate) category: Category,
    pub(crate) retry: RetryAdvice,
    pub(crate) meaning: &'static str,
    pub(crate) advice: &'static str,
}

impl Code {
    /// The code with this number.
    pub const fn new(code: i64) -> Self {
        Self(code)
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Its name, such as `AccountNotFound`, if this version knows the code: upstream's, where
    /// upstream has one.
    pub fn name(self) -> Option<&'static str> {
        self.entry().map(|entry| entry.name)
    }

    /// What kind of trouble it is; for an unknown code, as far as its range tells.
    pub fn category(self) -> Category {
        self.entry()
            .map_or_else(|| category_of_range(self.0), |entry| entry.category)
    }

    /// Whether the same call may succeed later. An unknown code is not retried, except among the
    /// HTTP-like codes from 500 to 599.
    ///
    /// An error that carries its own answer knows better: [`BusinessError::retry`](crate::BusinessError::retry).
    pub fn retry(self) -> RetryAdvice {
        match self.entry() {
            Some(entry) => entry.retry,
            None if matches!(self.0, 500..=599) => RetryAdvice::Yes,
            None => RetryAdvice::No,
        }
    }

    /// What happened, in one sentence.
    pub fn meaning(self) -> &'static str {
        self.entry()
            .map_or("This version does not know the code.", |entry| {
                entry.meaning
            })
    }

    /// What to do about it, in one sentence.
    pub fn advice(self) -> &'static str {
        self.entry().map_or(
            "Read the message of the error, and look for a newer version of this crate.",
            |entry| entry.advice,
        )
    }

    fn entry(self) -> Option<&'static Entry> {
        let index = TABLE
            .binary_search_by_key(&self.0, |entry| entry.code)
            .ok()?;
        TABLE.get(index)
    }
}

/// Only ranges that tell what to do; the rest is better called unknown than guessed at.
fn category_of_range(code: i64) -> Category {
    match code {
        400..=499 => Category::Validation,
        500..=599 => Category::Internal,
        10_100..=10_149 => Category::Storage,
        12_300..=12_399 | 18_000..=18_999 => Category::Ai,
        14_000..=14_099 => Category::Quota,
        15_000..=15_099 => Category::Platform,
        _ => Category::Unknown,
    }
}

/// `AccountNotFound (12600)`, or the number alone.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} ({})", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}

impl From<i64> for Code {
    fn from(code: i64) -> Self {
        Self(code)
    }
}

/// Reads the number, as some records carry a code in a text.
impl FromStr for Code {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        strict_int(deserializer).map(Self)
    }
}

/// Defines the constants and the table of known codes, sorted by number.
macro_rules! codes {
    ($($code:literal $constant:ident $name:literal $category:ident $retry:ident $meaning:literal $advice:literal;)+) => {
        impl $crate::Code {
            $(
                #[doc = concat!("`", $code, "`: ", $meaning)]
                #[doc = ""]
                #[doc = $advice]
                pub const $constant: Self = Self::new($code);
            )+
        }

        const _: () = $crate::code::assert_sorted(&[$($code),+]);

        pub(crate) static TABLE: &[$crate::code::Entry] = &[
            $(
                $crate::code::Entry {
                    code: $code,
                    name: $name,
                    category: $crate::Category::$category,
                    retry: $crate::RetryAdvice::$retry,
                    meaning: $meaning,
                    advice: $advice,
                },
            )+
        ];
    };
}

pub(crate) use codes;

/// Stops the build unless every code stands once and in order, as a binary search needs it.
pub(crate) const fn assert_sorted(codes: &[i64]) {
    let mut index = 1;
    while index < codes.len() {
        assert!(codes[index - 1] < codes[index], "sort the codes, each once");
        index += 1;
    }
}

//! Readers for values that the service writes in more than one way, for
//! `#[serde(deserialize_with = "...")]`.
//!
//! They accept the forms listed and nothing else: a value that would have to be changed to fit is
//! an error.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// An integer: `3`, `3.0` or `"3"`.
///
/// # Errors
///
/// For a fraction, a text that is no decimal integer, and anything beyond `i64` (beyond 2^53 if
/// written with a fraction, where a double is no longer exact).
pub fn int<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    deserializer.deserialize_any(Integer { text: true })
}

/// Like [`int`], and `null` is `None`. Goes with `#[serde(default)]` for an absent field.
///
/// # Errors
///
/// As [`int`].
pub fn int_opt<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let value = Option::<Int>::deserialize(deserializer)?;
    Ok(value.map(|Int(value)| value))
}

/// A list of integers, each as in [`int`]; `null` is an empty list.
///
/// # Errors
///
/// As [`int`], and if it is no list.
pub fn int_vec<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i64>, D::Error> {
    let values = Option::<Vec<Int>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(values.into_iter().map(|Int(value)| value).collect())
}

/// A list or a map, empty for `null`. Goes with `#[serde(default)]` for an absent field.
///
/// # Errors
///
/// If the value is neither `null` nor a `T`.
pub fn null_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// An integer as in [`int`], except that a text is refused.
///
/// # Errors
///
/// As [`int`], and for any text.
#[doc(hidden)]
pub fn strict_int<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    deserializer.deserialize_i64(Integer { text: false })
}

/// A value of an enum over integers.
#[doc(hidden)]
pub fn enumerated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    deserializer.deserialize_i64(Enumerated)
}

struct Enumerated;

impl Visitor<'_> for Enumerated {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an enumerated integer")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<i64, E> {
        i64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<i64, E> {
        let whole = Integer { text: false }.visit_f64::<E>(value);
        whole.map_err(|_| E::invalid_value(Unexpected::Float(value), &self))
    }
}

struct Int(i64);

impl<'de> Deserialize<'de> for Int {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        int(deserializer).map(Self)
    }
}

struct Integer {
    text: bool,
}

impl Visitor<'_> for Integer {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<i64, E> {
        i64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<i64, E> {
        // 2^53
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if value.fract() == 0.0 && value.abs() <= EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "integral and below 2^53")]
            return Ok(value as i64);
        }
        Err(E::invalid_value(Unexpected::Float(value), &self))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<i64, E> {
        if !self.text {
            return Err(E::invalid_type(Unexpected::Str(value), &self));
        }
        value
            .parse()
            .map_err(|_| E::invalid_value(Unexpected::Str(value), &self))
    }
}

//! Readers that fields ask for: of whole numbers that are never negative and may need all of 64 bits,
//! and of changes.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

use super::change::Change;

/// An integer: `3`, `3.0` or `"3"`.
pub fn uint<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    deserializer.deserialize_any(Unsigned)
}

/// The same, and `null` is `None`. Goes with `#[serde(default)]` for an absent field.
pub fn uint_opt<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let value = Option::<Uint>::deserialize(deserializer)?;
    Ok(value.map(|Uint(value)| value))
}

/// A list of them; `null` is an empty list.
pub fn uint_vec<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    let values = Option::<Vec<Uint>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(values.into_iter().map(|Uint(value)| value).collect())
}

struct Uint(u64);

impl<'de> Deserialize<'de> for Uint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        uint(deserializer).map(Self)
    }
}

struct Unsigned;

impl Visitor<'_> for Unsigned {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer that is not negative")
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<u64, E> {
        Ok(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<u64, E> {
        u64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<u64, E> {
        // 2^53, above which a double is no longer exact.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if value.fract() == 0.0 && (0.0..=EXACT).contains(&value) {
            return Ok(value as u64);
        }
        Err(E::invalid_value(Unexpected::Float(value), &self))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<u64, E> {
        value
            .parse()
            .map_err(|_| E::invalid_value(Unexpected::Str(value), &self))
    }
}

/// A change that is there: `null` is one. Goes with `#[serde(default)]` for an absent field.
pub fn given<'de, D, T>(deserializer: D) -> Result<Option<Change<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Change::deserialize(deserializer).map(Some)
}

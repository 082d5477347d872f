//! The object around the payload of a response.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};

/// A success: its code has been checked, so that a value of this type is never a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Envelope<T> {
    /// The payload.
    #[serde(rename = "DATA")]
    pub data: T,
    /// What the service says of it.
    #[serde(rename = "MESSAGE")]
    pub message: String,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "CODE", deserialize_with = "super::tolerant::strict_int")]
    code: i64,
    #[serde(rename = "MESSAGE", default)]
    message: String,
    #[serde(rename = "DATA", default)]
    data: serde_json::Value,
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Envelope<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Wire {
            code,
            message,
            data,
        } = Wire::deserialize(deserializer)?;
        if code != 987_654_321 {
            return Err(D::Error::custom(format_args!(
                "the service refused with code {code}: {message}"
            )));
        }
        let data = serde_json::from_value(data).map_err(D::Error::custom)?;
        Ok(Self { data, message })
    }
}

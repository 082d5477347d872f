//! A value that can be replaced, removed, or left as it is.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What becomes of a value that is set elsewhere. In a field of `Option<Change<T>>`, `None` leaves
/// it as it is.
///
/// On the wire a removal is `null`, which an optional value cannot say: there, `None` is left out.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(untagged))]
pub enum Change<T> {
    /// This value instead.
    To(T),
    /// No value any more.
    Remove,
}

impl<T> From<T> for Change<T> {
    fn from(value: T) -> Self {
        Self::To(value)
    }
}

impl<T: Serialize> Serialize for Change<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::To(value) => serializer.serialize_some(value),
            Self::Remove => serializer.serialize_none(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Remove, Self::To))
    }
}

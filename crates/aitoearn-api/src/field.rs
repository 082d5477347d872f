//! One field of an object, whatever the rest of it holds.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

/// The field of this name in the object at the start of the body, if it is there once and is a `T`.
///
/// Nothing else of the body is read, so nothing else can hide it: neither what is nested too deep
/// nor a number that is too large.
pub(crate) fn field<T: DeserializeOwned>(body: &[u8], name: &'static str) -> Option<T> {
    let only = Only {
        name,
        kind: PhantomData,
    };
    let mut json = serde_json::Deserializer::from_slice(body);
    only.deserialize(&mut json).ok().flatten()
}

struct Only<T> {
    name: &'static str,
    kind: PhantomData<T>,
}

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Only<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Only<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
        let mut found = None;
        let mut times = 0;
        while let Some(key) = map.next_key::<String>()? {
            if key == self.name {
                found = Some(map.next_value()?);
                times += 1;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        // Readers differ in which of two counts.
        Ok(found.filter(|_| times == 1))
    }
}

//! The wrapper around nearly every answer, read in one pass if the call succeeded.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::UnitDeserializer;
use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, IgnoredAny, MapAccess, Visitor,
};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use crate::tolerant::strict_int;
use crate::{Context, Failure, outcome, weight};

/// A successful answer: `{data, code: 0, message, requestId}`.
///
/// Reading one fails if `code` is not 0, so that a value of this type is always a success. The
/// same bytes then go through [`Envelope::from_slice`] or [`open`](crate::open), which tell a business
/// error from an answer that does not fit. The service sends `data` before `code`, and `{}` for it
/// on errors whatever its type, so nothing better can be done in a single pass; and the single
/// pass keeps a success as cheap as its `data`.
///
/// An absent `data` reads as `null`: `Envelope<()>`, `Envelope<Option<T>>` and `Envelope<Value>`
/// take it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Envelope<T> {
    /// What the operation returns.
    pub data: T,
    /// A constant phrase of the service: of no use to people.
    pub message: String,
    /// Id of the request, for support.
    pub request_id: Option<String>,
}

impl<T> Envelope<T> {
    /// A success around `data`, as a mock would answer it.
    pub fn new(data: T) -> Self {
        Self {
            data,
            message: "ok".to_owned(),
            request_id: None,
        }
    }
}

impl<T: DeserializeOwned> Envelope<T> {
    /// Reads a body, and says why if it is no success.
    ///
    /// # Errors
    ///
    /// [`Failure::Business`] if `code` is a number other than 0, whatever else the body holds;
    /// [`Failure::Decode`] if it cannot be read.
    pub fn from_slice(body: &[u8]) -> Result<Self, Failure> {
        let context = Context::new(None);
        if weight::is_too_heavy(body, context.body_limit) {
            return outcome::second_look(body, &context);
        }
        serde_json::from_slice(body).or_else(|_| outcome::second_look(body, &context))
    }
}

/// Writes a success: `{data, code: 0, message, requestId?}`.
impl<T: Serialize> Serialize for Envelope<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = 3 + usize::from(self.request_id.is_some());
        let mut envelope = serializer.serialize_struct("Envelope", fields)?;
        envelope.serialize_field("data", &self.data)?;
        envelope.serialize_field("code", &0)?;
        envelope.serialize_field("message", &self.message)?;
        if let Some(id) = &self.request_id {
            envelope.serialize_field("requestId", id)?;
        }
        envelope.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Envelope<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const FIELDS: &[&str] = &["data", "code", "message", "requestId"];
        deserializer.deserialize_struct("Envelope", FIELDS, EnvelopeVisitor(PhantomData))
    }
}

struct EnvelopeVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EnvelopeVisitor<T> {
    type Value = Envelope<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `code`, `message` and `data`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Envelope<T>, A::Error> {
        let mut data = None;
        let mut code = None;
        let mut message = None;
        let mut request_id = None;
        while let Some(field) = map.next_key()? {
            match field {
                Field::Data => once(&mut data, "data", map.next_value()?)?,
                Field::Code => once(&mut code, "code", map.next_value()?)?,
                Field::Message => once(&mut message, "message", map.next_value()?)?,
                Field::RequestId => once(&mut request_id, "requestId", map.next_value()?)?,
                Field::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        match code {
            Some(Integer(0)) => {}
            Some(Integer(code)) => return Err(Error::custom(format_args!("code {code}"))),
            None => return Err(Error::missing_field("code")),
        }
        Ok(Envelope {
            data: match data {
                Some(data) => data,
                None => absent()?,
            },
            message: message.ok_or_else(|| Error::missing_field("message"))?,
            request_id: request_id.flatten(),
        })
    }
}

/// A repeated key is an error: readers differ in which one counts.
fn once<T, E: Error>(slot: &mut Option<T>, name: &'static str, value: T) -> Result<(), E> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::duplicate_field(name)),
    }
}

/// What `T` makes of an absent `data`.
fn absent<'de, T: Deserialize<'de>, E: Error>() -> Result<T, E> {
    T::deserialize(UnitDeserializer::<E>::new()).map_err(|_| E::missing_field("data"))
}

enum Field {
    Data,
    Code,
    Message,
    RequestId,
    Other,
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldVisitor;

        impl Visitor<'_> for FieldVisitor {
            type Value = Field;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E: Error>(self, key: &str) -> Result<Field, E> {
                Ok(match key {
                    "data" => Field::Data,
                    "code" => Field::Code,
                    "message" => Field::Message,
                    "requestId" => Field::RequestId,
                    _ => Field::Other,
                })
            }
        }

        deserializer.deserialize_identifier(FieldVisitor)
    }
}

struct Integer(i64);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        strict_int(deserializer).map(Self)
    }
}

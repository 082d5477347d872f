//! Amounts: credits and prices, which the service writes as numbers in some places and as text in
//! others.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};

/// A decimal amount such as `27.5` or `"0.0012"`, kept as text so that no digit is lost.
///
/// It is written back in the form it was read: a number stays a number, a text a text. Equality is
/// that of the text: `1.5` and `1.50` differ.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decimal {
    text: String,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Form {
    Number,
    Text,
}

impl Decimal {
    /// The amount in decimal digits. Exactly as sent if the service sent a text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The nearest `f64`, or `None` if the service sent a text that is no number.
    pub fn to_f64(&self) -> Option<f64> {
        self.text
            .parse()
            .ok()
            .filter(|value: &f64| value.is_finite())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.form == Form::Number {
            if let Ok(integer) = self.text.parse::<i64>() {
                return serializer.serialize_i64(integer);
            }
            if let Ok(integer) = self.text.parse::<u64>() {
                return serializer.serialize_u64(integer);
            }
            if let Some(number) = self.to_f64() {
                return serializer.serialize_f64(number);
            }
        }
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DecimalVisitor)
    }
}

struct DecimalVisitor;

impl DecimalVisitor {
    fn number(value: impl fmt::Display) -> Decimal {
        Decimal {
            text: value.to_string(),
            form: Form::Number,
        }
    }
}

impl Visitor<'_> for DecimalVisitor {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount, as number or text")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Decimal, E> {
        Ok(Self::number(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Decimal, E> {
        Ok(Self::number(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Decimal, E> {
        Ok(Self::number(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Decimal, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Decimal, E> {
        Ok(Decimal {
            text,
            form: Form::Text,
        })
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Decimal {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["number", "string"] })
    }
}

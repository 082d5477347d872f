//! JSON in which no key stands twice.
//!
//! `serde_json` would keep the last one in silence, and half of what upstream says would be lost.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::pointer::escape;
use crate::reader::unmarked;

/// Reads a text; an error has line and column, and names the key that stands twice.
pub(crate) fn parse(text: &str) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(unmarked(text));
    let value = At("").deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Where in the document, as a JSON pointer.
struct At<'p>(&'p str);

impl<'de> DeserializeSeed<'de> for At<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for At<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(element) =
            elements.next_element_seed(At(&format!("{}/{}", self.0, array.len())))?
        {
            array.push(element);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let pointer = format!("{}/{}", self.0, escape(&key));
            if object.contains_key(&key) {
                return Err(A::Error::custom(format!("`{pointer}` stands there twice")));
            }
            let value = members.next_value_seed(At(&pointer))?;
            object.insert(key, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_serde_json_reads_it() {
        let text = r#"{"a":[1,-2,0.5,18446744073709551615,true,null,"x\n"],"b":{"a":{}}}"#;
        assert_eq!(
            parse(text).unwrap(),
            serde_json::from_str::<Value>(text).unwrap()
        );
        for bad in ["", "{} {}", "[1,]", "{\"a\"}"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(parse(&"[".repeat(10_000)).is_err(), "nesting has an end");
    }

    #[test]
    fn a_key_that_stands_twice_is_named_with_its_line() {
        let error = parse("{\n \"a/b\": [\n  {\"c\": 1,\n   \"c\": 2}\n ]\n}").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("`/a~1b/0/c` stands there twice"),
            "{error}"
        );
        assert_eq!(error.line(), 4);
    }
}

//! The wrapper around nearly every answer.

use std::fmt;

use aitoearn_api::{Envelope, Failure};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

/// The input is a body. What is read can be written and is read the same, and a body with a code
/// is that error whatever type of data was hoped for.
pub fn envelope(body: &[u8]) {
    let read = Envelope::<Value>::from_slice(body);
    if let Ok(envelope) = &read {
        let written = serde_json::to_vec(envelope).expect("what was read can be written");
        let again = Envelope::<Value>::from_slice(&written).expect("what was written can be read");
        assert_eq!(*envelope, again);
    }
    check(body, read.map(drop));
    check(body, Envelope::<()>::from_slice(body).map(drop));
    check(body, Envelope::<Vec<String>>::from_slice(body).map(drop));
    check(body, Envelope::<Option<u8>>::from_slice(body).map(drop));
}

fn check(body: &[u8], outcome: Result<(), Failure>) {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let code = serde_json::from_slice(body)
        .ok()
        .and_then(|Code(code)| code);
    match (outcome, code) {
        (Ok(()), code) => assert_eq!(code, Some(0), "a success without code 0"),
        (Err(Failure::Business(error)), Some(code)) => {
            assert_eq!(error.code, code.into());
            assert_ne!(code, 0, "code 0 as an error");
            assert!(!error.to_string().is_empty());
        }
        (Err(failure), Some(code)) if code != 0 => panic!("code {code} became: {failure}"),
        (Err(failure), _) => assert!(!failure.to_string().is_empty()),
    }
}

/// What is read of an envelope.
const KNOWN: [&str; 5] = ["data", "code", "message", "requestId", "timestamp"];

/// What stands under `code`, whatever the rest is: none unless it is there once and a whole number.
struct Code(Option<i64>);

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;

        impl<'de> Visitor<'de> for Keys {
            type Value = Code;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Code, A::Error> {
                let mut seen = Vec::new();
                let mut code = None;
                while let Some(key) = map.next_key::<String>()? {
                    if key == "code" {
                        code = whole(&map.next_value::<Value>()?);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                    seen.push(key);
                }
                // Readers differ in which of two counts, where they read either.
                seen.retain(|key| KNOWN.contains(&key.as_str()));
                seen.sort_unstable();
                let once = seen.windows(2).all(|pair| pair[0] != pair[1]);
                Ok(Code(code.filter(|_| once)))
            }
        }

        deserializer.deserialize_map(Keys)
    }
}

/// `3` and `3.0` are whole numbers; the latter where a double is exact.
fn whole(value: &Value) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if let Some(whole) = value.as_i64() {
        return Some(whole);
    }
    let number = value.as_f64().filter(|_| !value.is_u64())?;
    let is_whole = number.fract() == 0.0 && number.abs() <= EXACT;
    #[allow(clippy::cast_possible_truncation, reason = "checked right before")]
    is_whole.then_some(number as i64)
}

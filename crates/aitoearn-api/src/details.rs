//! What the service says about an error beyond its message.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use serde_json::Value;

use crate::raw::{Raw, beginning};
use crate::weight::is_too_heavy;
use crate::{ApiKey, disguise};

/// Details of an error: JSON, mostly `{}`.
///
/// They are kept as text, and no more than 64 KiB of it, because an answer may be small on the wire
/// and large in memory. It is read when somebody asks for the value, which is what this dereferences
/// to: `details["platform"]`, `details.get("ttl")`. The value is `null` if there are none, if they
/// were too long to be kept as a whole, or if it would take megabytes.
#[derive(Clone)]
pub struct Details {
    text: String,
    is_whole: bool,
    value: OnceLock<Value>,
}

impl Details {
    /// Most bytes that are kept.
    pub(crate) const LIMIT: usize = 64 * 1024;

    /// What an answer says, without the key.
    pub(crate) fn new(said: Raw<'_>, key: Option<&ApiKey>) -> Self {
        let bytes = said.bytes();
        let is_whole = bytes.len() <= Self::LIMIT;
        let kept = &bytes[..bytes.len().min(Self::LIMIT)];
        let text = String::from_utf8_lossy(&disguise::hide(kept, key, !is_whole)).into_owned();
        Self {
            text: beginning(&text, Self::LIMIT).to_owned(),
            is_whole,
            value: OnceLock::new(),
        }
    }

    /// The JSON as the service wrote it, or the beginning of it. The key is masked in it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether [`as_str`](Self::as_str) is all of it.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// What it says; read at the first call.
    pub fn value(&self) -> &Value {
        let is_light = || self.is_whole && !is_too_heavy(self.text.as_bytes(), 0);
        let read = || {
            if is_light() {
                serde_json::from_str(&self.text).unwrap_or_default()
            } else {
                Value::Null
            }
        };
        self.value.get_or_init(read)
    }

    /// A field that is `true` or `false`, without reading the rest.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        Raw::whole(self.text.as_bytes())?.get(name)?.small()
    }
}

/// There are none: `null`.
impl Default for Details {
    fn default() -> Self {
        Self {
            text: "null".to_owned(),
            is_whole: true,
            value: OnceLock::new(),
        }
    }
}

impl Deref for Details {
    type Target = Value;

    fn deref(&self) -> &Value {
        self.value()
    }
}

/// The same text.
impl PartialEq for Details {
    fn eq(&self, other: &Self) -> bool {
        (self.is_whole, &self.text) == (other.is_whole, &other.text)
    }
}

impl PartialEq<Value> for Details {
    fn eq(&self, other: &Value) -> bool {
        self.value() == other
    }
}

/// The JSON, or its beginning.
impl fmt::Display for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Details")
            .field("text", &crate::redact::line(&self.text, 300))
            .field("is_whole", &self.is_whole)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn details(text: &str) -> Details {
        let key = ApiKey::new("key/0123456789").expect("fine");
        Details::new(Raw::whole(text.as_bytes()).expect("JSON"), Some(&key))
    }

    #[test]
    fn they_read_like_the_value() {
        let found = details(r#"{"ttl": 5, "retryable": false, "list": ["a"]}"#);
        assert_eq!(found["ttl"], 5);
        assert_eq!(found.get("list"), Some(&json!(["a"])));
        assert_eq!(found.flag("retryable"), Some(false));
        assert_eq!(
            found,
            json!({ "ttl": 5, "retryable": false, "list": ["a"] })
        );
        assert_eq!(found, found.clone());
        assert_eq!(Details::default(), Value::Null);
    }

    #[test]
    fn they_are_bounded_and_hold_no_key() {
        let long = format!(r#"{{"a":"{}"}}"#, "ä".repeat(Details::LIMIT));
        let found = details(&long);
        assert!(!found.is_whole() && found.as_str().len() <= Details::LIMIT);
        assert!(found.is_null() && found.flag("a").is_none());
        let heavy = format!("[{}]", ["{}"].repeat(20_000).join(","));
        assert!(details(&heavy).is_null() && details(&heavy).is_whole());
        let found = details(r#"{"KEY\/0123456789":["key\u002f0123456789"],"n":1}"#);
        assert!(!found.value().to_string().contains("0123456789"), "{found}");
        assert_eq!(found["n"], 1, "it is still JSON");
    }
}

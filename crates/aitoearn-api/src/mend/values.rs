//! What comes in the place of an odd value.

use std::borrow::Cow;

use crate::raw::{Raw, fields, items};
use crate::tolerant;

/// What a value is, as the readers tell kinds apart.
pub(super) fn kind(value: &[u8]) -> u8 {
    match value.first() {
        Some(b'-' | b'0'..=b'9') if is_integer(value) => b'0',
        Some(b'-' | b'0'..=b'9') => b'.',
        Some(b'f') => b't',
        Some(first) => *first,
        None => 0,
    }
}

/// Whether a number is an integer to the readers: what is too large for one is not.
fn is_integer(value: &[u8]) -> bool {
    std::str::from_utf8(value)
        .is_ok_and(|text| text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok())
}

/// Whether a value that is odd for what it says, and not for its kind, would be odd, too, in
/// another place where the same is expected; `None` if that cannot be told from the value.
pub(super) fn is_as_odd(value: &[u8], expected: &str) -> Option<bool> {
    let is_integer = ["integer", "i64"].iter().any(|it| expected.contains(it));
    is_integer.then(|| !tolerant::is_int(value))
}

/// What says nothing where this is expected.
pub(super) fn neutral(expected: &str) -> Option<&'static str> {
    let has = |words: &[&str]| words.iter().any(|word| expected.contains(word));
    Some(if has(&["enumerated"]) {
        // No value has this number, so it stands for none of them.
        "-2147483648"
    } else if has(&["bool"]) {
        "false"
    } else if has(&["sequence", "tuple", "array"]) {
        "[]"
    } else if has(&["struct", "map", "object", "enum"]) {
        "{}"
    } else if has(&[
        "integer", "number", "i64", "i32", "u64", "u32", "u16", "u8", "f64", "float",
    ]) {
        "0"
    } else if has(&["string", "text", "str"]) {
        "\"\""
    } else {
        return None;
    })
}

/// What a value says in the form that is expected, if there is one way to read it so.
pub(super) fn coerced(value: &[u8], expected: &str) -> Option<Vec<u8>> {
    let raw = Raw::part(value);
    match (neutral(expected)?, kind(value)) {
        ("[]", b'{' | b'"' | b'0' | b'.' | b't') => Some([b"[", value, b"]"].concat()),
        ("{}", b'[') => {
            let mut items = items(raw);
            let only = items.next().filter(|item| item.bytes().starts_with(b"{"))?;
            items.next().is_none().then(|| only.bytes().to_vec())
        }
        ("\"\"", b'0' | b'.' | b't') => Some([b"\"", value, b"\""].concat()),
        ("\"\"", b'{') => localized(raw),
        ("0" | "-2147483648", b'"') => {
            let text = raw.string(40)?;
            let number: serde_json::Number = text.trim().parse().ok()?;
            Some(number.to_string().into_bytes())
        }
        ("false", b'"') => match raw.string(8)?.as_str() {
            "true" => Some(b"true".to_vec()),
            "false" => Some(b"false".to_vec()),
            _ => None,
        },
        ("false", b'0') => match value {
            b"0" => Some(b"false".to_vec()),
            b"1" => Some(b"true".to_vec()),
            _ => None,
        },
        _ => None,
    }
}

/// A text in several languages, `{"en-US": "…", "zh-CN": "…"}`: the English one, or the first.
fn localized(raw: Raw<'_>) -> Option<Vec<u8>> {
    let is_language = |key: &[u8]| {
        let (language, region) = key.split_at_checked(2).unwrap_or((key, b""));
        language.len() == 2
            && language.iter().all(u8::is_ascii_lowercase)
            && (region.is_empty()
                || matches!(region, [b'-' | b'_', rest @ ..] if rest.iter().all(u8::is_ascii_alphanumeric)))
    };
    let all = |(key, value): (&[u8], Raw<'_>)| is_language(key) && value.bytes().starts_with(b"\"");
    if !fields(raw).all(all) {
        return None;
    }
    let english = fields(raw).find(|(key, _)| key.starts_with(b"en"));
    let (_, text) = english.or_else(|| fields(raw).next())?;
    Some(text.bytes().to_vec())
}

/// What reads as no text, as a text that is cut off inside a character: whatever it says but that
/// character. `None` if there is no such thing in it.
pub(super) fn whole_text(value: &[u8]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(value);
    let mut whole = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    let mut is_changed = matches!(text, Cow::Owned(_));
    while let Some((&byte, tail)) = rest.split_first() {
        let length = match rest {
            [b'\\', b'u', ..] if surrogate(rest) == Some(Half::High) => {
                match rest.get(6..).and_then(surrogate) {
                    Some(Half::Low) => 12,
                    _ => 0,
                }
            }
            [b'\\', b'u', ..] if surrogate(rest) == Some(Half::Low) => 0,
            [b'\\', _, ..] => 2,
            _ => {
                whole.push(byte);
                rest = tail;
                continue;
            }
        };
        if length == 0 {
            is_changed = true;
            whole.extend_from_slice(b"\\ufffd");
            rest = rest.get(6..).unwrap_or_default();
        } else {
            whole.extend_from_slice(&rest[..length]);
            rest = &rest[length..];
        }
    }
    is_changed.then_some(whole)
}

/// Half of a character beyond 16 bits.
#[derive(PartialEq)]
enum Half {
    High,
    Low,
}

/// Which half the escape is that the text begins with, if any.
fn surrogate(text: &[u8]) -> Option<Half> {
    match text {
        [
            b'\\',
            b'u',
            b'd' | b'D',
            b'8' | b'9' | b'a' | b'b' | b'A' | b'B',
            ..,
        ] => Some(Half::High),
        [b'\\', b'u', b'd' | b'D', b'c'..=b'f' | b'C'..=b'F', ..] => Some(Half::Low),
        _ => None,
    }
}

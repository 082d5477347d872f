//! What comes in the place of an odd value.

use crate::raw::{Raw, fields, items};

/// What a value is, as the readers tell kinds apart.
pub(super) fn kind(value: &[u8]) -> u8 {
    match value.first() {
        Some(b'-' | b'0'..=b'9') if value.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E')) => {
            b'.'
        }
        Some(b'-' | b'0'..=b'9') => b'0',
        Some(b'f') => b't',
        Some(first) => *first,
        None => 0,
    }
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

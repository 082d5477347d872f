//! Looking into JSON without reading it into values, so that no answer makes it take memory.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Deserializer;

use crate::tolerant;

/// A value as it is written: well-formed JSON, apart from what may follow it.
#[derive(Clone, Copy)]
pub(crate) struct Raw<'a>(&'a [u8]);

impl<'a> Raw<'a> {
    /// The value at the start of the text, whatever follows it.
    pub(crate) fn first(text: &'a [u8]) -> Option<Self> {
        let text = text.trim_ascii_start();
        IgnoredAny::deserialize(&mut Deserializer::from_slice(text)).ok()?;
        Some(Self(text))
    }

    /// The value that is the whole text.
    pub(crate) fn whole(text: &'a [u8]) -> Option<Self> {
        serde_json::from_slice::<IgnoredAny>(text).ok()?;
        Some(Self(text.trim_ascii()))
    }

    /// A part of a text that is known to be well-formed.
    pub(crate) fn part(text: &'a [u8]) -> Self {
        Self(text)
    }

    /// The field of this name, if this is an object that has it once: readers differ in which of two
    /// counts.
    pub(crate) fn get(self, name: &str) -> Option<Self> {
        let mut named = fields(self).filter(|(key, _)| is_name(key, name));
        let (_, value) = named.next()?;
        named.next().is_none().then_some(value)
    }

    /// The bytes of it.
    pub(crate) fn bytes(self) -> &'a [u8] {
        self.0
    }

    pub(crate) fn is_null(self) -> bool {
        self.0 == b"null"
    }

    /// A whole number, which may be written as `3.0`.
    pub(crate) fn integer(self) -> Option<i64> {
        #[derive(Deserialize)]
        struct Whole(#[serde(deserialize_with = "tolerant::strict_int")] i64);

        let Whole(number) = self.small()?;
        Some(number)
    }

    /// A number or `true` or `false`.
    pub(crate) fn small<T: Deserialize<'a>>(self) -> Option<T> {
        let is_text = matches!(self.0.first(), Some(b'"' | b'{' | b'['));
        if is_text {
            return None;
        }
        serde_json::from_slice(self.0).ok()
    }

    /// The text of a string, cut after about this many bytes.
    pub(crate) fn string(self, most: usize) -> Option<String> {
        let content = self.0.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        if content.len() <= most {
            return serde_json::from_slice(self.0).ok();
        }
        let cut = [b"\"", whole_characters(content, most), b"\""].concat();
        serde_json::from_slice(&cut).ok()
    }

    /// The text of a string, nothing for null, anything else as it is written; cut as
    /// [`string`](Self::string) is.
    pub(crate) fn text(self, most: usize) -> String {
        match self.0.first() {
            Some(b'"') => self.string(most).unwrap_or_default(),
            _ if self.is_null() => String::new(),
            _ => beginning(
                &String::from_utf8_lossy(self.0.get(..most).unwrap_or(self.0)),
                most,
            )
            .to_owned(),
        }
    }
}

/// The fields of an object: each key as it is written between its quotes, and the value. None of
/// anything else.
pub(crate) fn fields(raw: Raw<'_>) -> impl Iterator<Item = (&[u8], Raw<'_>)> {
    let mut rest = raw.0.strip_prefix(b"{").unwrap_or_default();
    std::iter::from_fn(move || {
        let (key, tail) = split_string(next_item(rest).strip_prefix(b"\"")?)?;
        let value = tail.trim_ascii_start().strip_prefix(b":")?;
        let (value, tail) = split_value(value.trim_ascii_start())?;
        rest = tail;
        Some((key, Raw(value)))
    })
}

/// The items of a list; none of anything else.
pub(crate) fn items(raw: Raw<'_>) -> impl Iterator<Item = Raw<'_>> {
    let mut rest = raw.0.strip_prefix(b"[").unwrap_or_default();
    std::iter::from_fn(move || {
        let next = next_item(rest);
        if next.is_empty() || next.starts_with(b"]") {
            return None;
        }
        let (value, tail) = split_value(next)?;
        rest = tail;
        Some(Raw(value))
    })
}

/// What follows the comma, if there is one, and white space.
pub(crate) fn next_item(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii_start();
    text.strip_prefix(b",").unwrap_or(text).trim_ascii_start()
}

/// The text up to this byte, or up to the character before it.
pub(crate) fn beginning(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The index of the quote that ends the string which begins here.
pub(crate) fn end_of_string(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    text.iter().position(|&byte| match byte {
        _ if escaped => {
            escaped = false;
            false
        }
        b'\\' => {
            escaped = true;
            false
        }
        byte => byte == b'"',
    })
}

/// What is in a string whose quote has been read, and what follows it.
pub(crate) fn split_string(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = end_of_string(text)?;
    Some((&text[..end], &text[end + 1..]))
}

/// The value at the start of the text and what follows it. Not recursive: a text may nest as deep
/// as it is long.
pub(crate) fn split_value(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        match text.get(at)? {
            b'"' => at += end_of_string(&text[at + 1..])? + 1,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 0 => depth -= 1,
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if depth > 0 => {
                at += 1;
                continue;
            }
            _ => {
                let scalar =
                    |byte: &u8| !matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n');
                at += text[at..]
                    .iter()
                    .take_while(|byte| scalar(byte))
                    .count()
                    .max(1)
                    - 1;
            }
        }
        at += 1;
        if depth == 0 {
            return Some(text.split_at(at));
        }
    }
}

/// Whether a key, as it is written between its quotes, is this name.
pub(crate) fn is_name(key: &[u8], name: &str) -> bool {
    /// Bytes of the longest escape of one.
    const ESCAPE: usize = 6;
    if !key.contains(&b'\\') {
        return key == name.as_bytes();
    }
    key.len() <= ESCAPE * name.len()
        && serde_json::from_slice::<String>(&[b"\"", key, b"\""].concat())
            .is_ok_and(|key| key == name)
}

/// The beginning of what is between quotes, without half an escape or half a character at its end.
fn whole_characters(content: &[u8], most: usize) -> &[u8] {
    let mut at = 0;
    // Where half a surrogate pair begins that has just been read.
    let mut high = None;
    while at < most {
        let length = match content[at..] {
            [b'\\', b'u', ..] => 6,
            [b'\\', ..] => 2,
            [byte, ..] => match byte.leading_ones() {
                ones @ 2..=4 => ones as usize,
                _ => 1,
            },
            [] => break,
        };
        if at + length > most {
            break;
        }
        let is_high = matches!(
            content[at..at + length],
            [
                b'\\',
                b'u',
                b'd' | b'D',
                b'8' | b'9' | b'a' | b'b' | b'A' | b'B',
                ..
            ]
        );
        high = (is_high && high.is_none()).then_some(at);
        at += length;
    }
    &content[..high.unwrap_or(at)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Raw<'_> {
        Raw::whole(text.as_bytes()).expect(text)
    }

    #[test]
    fn a_field_is_found_whatever_is_around_it() {
        let text =
            r#" { "a" : [ {"code": 1}, "}\"" ] , "c\u006fde" : -7 ,"d":{"e":[[]],"f":"x"}} "#;
        assert_eq!(raw(text).get("code").and_then(Raw::integer), Some(-7));
        let inner = raw(text).get("d").and_then(|d| d.get("f"));
        assert_eq!(inner.and_then(|f| f.string(9)).as_deref(), Some("x"));
        assert!(raw(text).get("e").is_none());
        let all = |raw| items(raw).map(Raw::bytes).collect::<Vec<_>>();
        assert_eq!(all(raw("[1 , [2,3],\"a,]\",{}]")).len(), 4);
        assert!(all(raw("[ ]")).is_empty() && all(raw("{\"a\":1}")).is_empty());
        assert_eq!(
            raw(text).get("a").map(Raw::bytes),
            Some(&br#"[ {"code": 1}, "}\"" ]"#[..])
        );
        for none in [r#"{"code":1,"code":1}"#, "[1]", "\"code\"", "{}", "null"] {
            assert!(raw(none).get("code").is_none(), "{none}");
        }
    }

    #[test]
    fn what_is_no_json_is_none() {
        for bad in ["", "{", r#"{"code":1"#, r#"{"code":tru}"#, "<html>"] {
            assert!(Raw::first(bad.as_bytes()).is_none(), "{bad}");
        }
        assert!(Raw::first(b"{} trailing").is_some());
        assert!(Raw::whole(b"{} trailing").is_none());
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let deep = format!(r#"{{"deep":{deep},"code":5}}"#);
        assert_eq!(raw(&deep).get("code").and_then(Raw::integer), Some(5));
    }

    #[test]
    fn texts_are_cut_between_characters() {
        let text = r#""ab\n\u00e4\ud83d\udc4b你\"""#;
        let all: String = serde_json::from_str(text).expect("a text");
        for most in 0..=text.len() {
            let cut = raw(text).string(most).expect("a text");
            assert!(
                all.starts_with(&cut) && cut.len() <= most,
                "{most}: {cut:?}"
            );
        }
        assert_eq!(raw(text).string(99).as_deref(), Some(all.as_str()));
        assert_eq!(raw(r#"{"a":[1]}"#).text(6), r#"{"a":["#);
        assert_eq!(raw("null").text(6), "");
        assert_eq!(raw("[\"你\"]").text(3), "[\"");
    }
}

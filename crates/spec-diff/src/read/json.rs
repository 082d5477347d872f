//! JSON as RFC 8259 has it, without recursion, keeping the place of every value.

use crate::error::Error;
use crate::read::MAX_DEPTH;
use crate::tree::{Builder, NodeId, Text, Tree, position_in};

/// Reads one JSON value.
pub(crate) fn read(text: &str, name: &str) -> Result<Tree, Error> {
    let mut reader = Reader {
        bytes: text.as_bytes(),
        text,
        at: 0,
        name,
        builder: Builder::new(text.to_owned()),
    };
    reader.document()?;
    Ok(reader.builder.finish())
}

/// A container that is not closed yet.
struct Frame {
    opened: (usize, usize),
    at: u32,
    /// The key that waits for its value, in an object.
    key: Option<(Text, u32)>,
    is_object: bool,
}

struct Reader<'t> {
    bytes: &'t [u8],
    text: &'t str,
    at: usize,
    name: &'t str,
    builder: Builder,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<(), Error> {
        let mut frames: Vec<Frame> = Vec::new();
        loop {
            // A value is due here.
            self.skip_space();
            let start = self.here();
            let mut done = match self.peek() {
                Some(open @ (b'{' | b'[')) => {
                    if frames.len() >= MAX_DEPTH {
                        return Err(self.fault(&format!("nested deeper than {MAX_DEPTH} levels")));
                    }
                    self.at += 1;
                    self.skip_space();
                    let is_object = open == b'{';
                    let mut frame = Frame {
                        opened: self.builder.open(),
                        at: start,
                        key: None,
                        is_object,
                    };
                    if self.peek() == Some(if is_object { b'}' } else { b']' }) {
                        self.at += 1;
                        self.close(&frame)?
                    } else {
                        if is_object {
                            frame.key = Some(self.key()?);
                        }
                        frames.push(frame);
                        continue;
                    }
                }
                _ => self.scalar()?,
            };
            // A value is complete: hand it to its container, which may become complete too.
            loop {
                self.skip_space();
                let Some(frame) = frames.last_mut() else {
                    if self.at < self.bytes.len() {
                        return Err(self.fault("text after the end of the document"));
                    }
                    return Ok(());
                };
                if let Some((key, key_at)) = frame.key.take() {
                    self.builder.member(key, key_at, done);
                } else {
                    self.builder.item(done);
                }
                match (self.peek(), frame.is_object) {
                    (Some(b','), true) => {
                        self.at += 1;
                        self.skip_space();
                        frame.key = Some(self.key()?);
                        break;
                    }
                    (Some(b','), false) => {
                        self.at += 1;
                        break;
                    }
                    (Some(b'}'), true) | (Some(b']'), false) => {
                        self.at += 1;
                        let Some(frame) = frames.pop() else { break };
                        done = self.close(&frame)?;
                    }
                    (_, true) => return Err(self.fault("expected `,` or `}`")),
                    (_, false) => return Err(self.fault("expected `,` or `]`")),
                }
            }
        }
    }

    fn close(&mut self, frame: &Frame) -> Result<NodeId, Error> {
        if !frame.is_object {
            return Ok(self.builder.close_array(frame.opened, frame.at));
        }
        self.builder
            .close_object(frame.opened, frame.at)
            .map_err(|twice| {
                Error::new(
                    self.name,
                    Some(twice.position),
                    format!("`{}` is in this object twice: remove one", twice.key),
                )
            })
    }

    fn key(&mut self) -> Result<(Text, u32), Error> {
        let at = self.here();
        if self.peek() != Some(b'"') {
            return Err(self.fault("expected a key in double quotes"));
        }
        let key = self.string()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.fault("expected `:`"));
        }
        self.at += 1;
        Ok((key, at))
    }

    fn scalar(&mut self) -> Result<NodeId, Error> {
        let start = self.here();
        match self.peek() {
            Some(b'"') => {
                let text = self.string()?;
                Ok(self.builder.string(text, start))
            }
            Some(b'-' | b'0'..=b'9') => {
                let text = self.number()?;
                Ok(self.builder.number(text, start))
            }
            Some(b't') if self.word("true") => Ok(self.builder.bool(true, start)),
            Some(b'f') if self.word("false") => Ok(self.builder.bool(false, start)),
            Some(b'n') if self.word("null") => Ok(self.builder.null(start)),
            Some(_) => Err(self.fault("expected a value")),
            None => Err(self.fault("the document ends too early")),
        }
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.bytes[self.at..].starts_with(word.as_bytes());
        if found {
            self.at += word.len();
        }
        found
    }

    fn digits(&mut self) -> Result<(), Error> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.fault("expected a digit"));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Text, Error> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(Builder::slice(start, self.at))
    }

    fn string(&mut self) -> Result<Text, Error> {
        self.at += 1;
        let start = self.at;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Builder::slice(start, self.at - 1));
                }
                Some(b'\\') => break,
                Some(0..0x20) => return Err(self.fault("a control character must be escaped")),
                Some(_) => self.at += 1,
                None => return Err(self.fault("the text does not end")),
            }
        }
        let mut decoded = self.text[start..self.at].to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(self.builder.decoded(&decoded));
                }
                Some(b'\\') => decoded.push(self.escape()?),
                Some(0..0x20) => return Err(self.fault("a control character must be escaped")),
                Some(_) => {
                    let run = self.at;
                    while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..0x20)) {
                        self.at += 1;
                    }
                    decoded.push_str(&self.text[run..self.at]);
                }
                None => return Err(self.fault("the text does not end")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        self.at += 1;
        let c = match self.peek() {
            Some(c @ (b'"' | b'\\' | b'/')) => c as char,
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.fault("unknown escape")),
        };
        self.at += 1;
        Ok(c)
    }

    /// The four digits after `\u`; a lone surrogate reads as U+FFFD.
    fn unicode(&mut self) -> Result<char, Error> {
        let first = self.hex4()?;
        if (0xd800..0xdc00).contains(&first) && self.bytes[self.at..].starts_with(b"\\u") {
            let back = self.at;
            self.at += 2;
            let second = self.hex4()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex4(&mut self) -> Result<u32, Error> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|b| (b as char).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.fault("expected four hexadecimal digits"));
            };
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn here(&self) -> u32 {
        u32::try_from(self.at).unwrap_or(u32::MAX)
    }

    fn fault(&self, what: &str) -> Error {
        let position = position_in(self.bytes, self.at);
        Error::new(self.name, Some(position), format!("not valid JSON: {what}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        read(text, "t.json").expect_err("must fail").to_string()
    }

    #[test]
    fn values_keep_their_place() {
        let tree = read(
            "{\n  \"a\": [1, {\"b~/\": \"x\\u00e9\\ud83d\\ude00\"}]\n}",
            "t.json",
        )
        .unwrap();
        let deep = tree.at_pointer("/a/1/b~0~1").unwrap();
        assert_eq!(deep.str(), Some("xé😀"));
        assert_eq!(deep.pointer(), "/a/1/b~0~1");
        assert_eq!((deep.position().line, deep.position().column), (2, 13));
    }

    #[test]
    fn faults_name_line_and_column() {
        assert_eq!(
            fault("{\n \"a\": 1,\n}"),
            "t.json:3:1: not valid JSON: expected a key in double quotes"
        );
        assert_eq!(
            fault("[1 2]"),
            "t.json:1:4: not valid JSON: expected `,` or `]`"
        );
        assert!(
            fault("{\"a\":1,\n\"a\":2}").starts_with("t.json:2:1: `a` is in this object twice")
        );
        assert!(fault("01").contains("after the end"));
        assert!(fault("\"\u{1}\"").contains("control character"));
        assert!(fault("").contains("ends too early"));
    }

    #[test]
    fn depth_is_limited() {
        assert!(fault(&"[".repeat(100_000)).contains("nested deeper"));
    }
}

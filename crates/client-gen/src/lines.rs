//! Which line of a JSON text a pointer leads to.

use std::collections::HashMap;

use crate::pointer::escape;

/// Lines by JSON pointer; empty for a text that is no JSON.
#[derive(Debug, Default)]
pub struct Lines(HashMap<String, u32>);

impl Lines {
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        // The walk below takes valid JSON for granted; this also limits the nesting.
        if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
            return Self::default();
        }
        let mut reader = Reader {
            bytes: text.as_bytes(),
            at: 0,
            line: 1,
            lines: HashMap::new(),
        };
        reader.value("");
        Self(reader.lines)
    }

    /// The line of the place, or of the nearest one around it.
    pub fn line(&self, pointer: &str) -> Option<u32> {
        let mut pointer = pointer;
        loop {
            if let Some(line) = self.0.get(pointer) {
                return Some(*line);
            }
            pointer = &pointer[..pointer.rfind('/')?];
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
    lines: HashMap<String, u32>,
}

impl Reader<'_> {
    fn value(&mut self, pointer: &str) {
        self.skip_space();
        self.lines.entry(pointer.to_owned()).or_insert(self.line);
        match self.bytes.get(self.at) {
            Some(b'{') => self.members(b'}', |reader, _| {
                let line = reader.line;
                let key = reader.string();
                reader.skip_space();
                reader.at += 1;
                let member = format!("{pointer}/{}", escape(&key));
                reader.lines.insert(member.clone(), line);
                reader.value(&member);
            }),
            Some(b'[') => self.members(b']', |reader, index| {
                reader.value(&format!("{pointer}/{index}"));
            }),
            Some(b'"') => {
                self.string();
            }
            _ => {
                while !matches!(self.bytes.get(self.at), None | Some(b',' | b'}' | b']'))
                    && !self.bytes[self.at].is_ascii_whitespace()
                {
                    self.at += 1;
                }
            }
        }
    }

    fn members(&mut self, end: u8, mut member: impl FnMut(&mut Self, usize)) {
        self.at += 1;
        for index in 0.. {
            self.skip_space();
            match self.bytes.get(self.at) {
                Some(byte) if *byte == end => {
                    self.at += 1;
                    return;
                }
                Some(b',') => {
                    self.at += 1;
                    self.skip_space();
                }
                Some(_) => {}
                None => return,
            }
            member(self, index);
        }
    }

    fn string(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\\' => self.at += 1,
                b'"' => break,
                _ => {}
            }
            self.at += 1;
        }
        self.at += 1;
        let end = self.at.min(self.bytes.len());
        serde_json::from_slice(&self.bytes[start..end]).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                _ => return,
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_its_line() {
        let lines =
            Lines::of("{\n \"a/b\": [\n  1,\n  {\"c\": \"x\\\"\"},\n  true\n ],\n \"d\": {}\n}");
        assert_eq!(lines.line(""), Some(1));
        assert_eq!(lines.line("/a~1b"), Some(2));
        assert_eq!(lines.line("/a~1b/0"), Some(3));
        assert_eq!(lines.line("/a~1b/1/c"), Some(4));
        assert_eq!(lines.line("/a~1b/2"), Some(5));
        assert_eq!(lines.line("/d"), Some(7));
        assert_eq!(lines.line("/d/not/there"), Some(7));
    }

    #[test]
    fn what_is_no_json_has_no_lines() {
        assert_eq!(Lines::of("openapi: 3.0.0").line("/x"), None);
    }
}

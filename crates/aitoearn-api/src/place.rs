//! Where in a JSON text its reader stopped, as a path.
//!
//! A reader that notes the path as it goes has to be compiled for every type a second time. The
//! text tells as much: the path is that of the value which begins or ends last before the place.

use std::fmt::Write as _;

use crate::raw::end_of_string;

/// What is nested deeper is not told apart: `serde_json` reads no such value.
const DEEPEST: usize = 128;

/// Most bytes of a key that are shown.
const KEY: usize = 200;

/// Byte of a line (from 1) and column (bytes, from 1; 0 right after a line break).
pub(crate) fn offset(body: &[u8], line: usize, column: usize) -> usize {
    let start: usize = body
        .split_inclusive(|&byte| byte == b'\n')
        .take(line.saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    (start + column).min(body.len())
}

/// The byte up to which a text is read to tell what an error is about, which is reported at this
/// byte in these words: a reader that wants no list and no object stops before it.
pub(crate) fn behind(text: &[u8], offset: usize, said: &str) -> usize {
    let opens = match text.get(offset) {
        Some(b'{') => said.starts_with("invalid type: map"),
        Some(b'[') => said.starts_with("invalid type: sequence"),
        _ => false,
    };
    offset + usize::from(opens)
}

/// The path of what stands at byte `offset`, such as `data.list[17].id`; empty for the whole text.
pub(crate) fn path(text: &[u8], offset: usize) -> String {
    let mut path = String::new();
    for step in steps(text, offset) {
        // Writing to a text does not fail.
        let _ = match step {
            Step::Index(index) => write!(path, "[{index}]"),
            Step::Key(key) => {
                let key = String::from_utf8_lossy(&key[..key.len().min(KEY)]);
                let dot = if path.is_empty() { "" } else { "." };
                write!(path, "{dot}{key}")
            }
        };
    }
    path
}

/// A step from a value to one inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    /// The field of this key, as it is written between its quotes.
    Key(&'a [u8]),
    Index(usize),
}

/// The steps to what stands at byte `offset`.
pub(crate) fn steps(text: &[u8], offset: usize) -> Vec<Step<'_>> {
    let mut scan = Scan::default();
    let mut rest = text.get(..offset).unwrap_or(text);
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte == b'"' {
            let end = end_of_string(rest);
            // One that is cut off by the offset is where it stopped.
            scan.string(end.map(|end| &rest[..end]));
            rest = end.map_or(&[], |end| &rest[end + 1..]);
        } else {
            scan.other(byte);
        }
    }
    let open = scan.open.into_iter();
    open.filter_map(|container| match container {
        Container::Array { index } => index.map(Step::Index),
        Container::Object { key, .. } => key.map(Step::Key),
    })
    .collect()
}

#[derive(Default)]
struct Scan<'a> {
    open: Vec<Container<'a>>,
    /// Containers that are open beyond [`DEEPEST`].
    deeper: usize,
    /// After a comma or the beginning: an item begins with whatever follows, if anything does.
    between: bool,
}

enum Container<'a> {
    Array {
        /// `None` before its first item.
        index: Option<usize>,
    },
    Object {
        key: Option<&'a [u8]>,
        /// After the colon of `key`.
        in_value: bool,
    },
}

impl<'a> Scan<'a> {
    fn string(&mut self, text: Option<&'a [u8]>) {
        self.next_item();
        if self.deeper > 0 {
            return;
        }
        if let Some(Container::Object { key, in_value }) = self.open.last_mut()
            && !*in_value
        {
            *key = text;
        }
    }

    fn other(&mut self, byte: u8) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b',' => self.between = true,
            b']' | b'}' => {
                self.between = false;
                if self.deeper > 0 {
                    self.deeper -= 1;
                } else {
                    self.open.pop();
                }
            }
            b':' => {
                if let (0, Some(Container::Object { in_value, .. })) =
                    (self.deeper, self.open.last_mut())
                {
                    *in_value = true;
                }
            }
            byte => {
                self.next_item();
                let container = match byte {
                    b'[' => Container::Array { index: None },
                    b'{' => Container::Object {
                        key: None,
                        in_value: false,
                    },
                    _ => return,
                };
                self.between = true;
                if self.open.len() < DEEPEST {
                    self.open.push(container);
                } else {
                    self.deeper += 1;
                }
            }
        }
    }

    fn next_item(&mut self) {
        if !std::mem::take(&mut self.between) || self.deeper > 0 {
            return;
        }
        match self.open.last_mut() {
            Some(Container::Array { index }) => *index = Some(index.map_or(0, |index| index + 1)),
            Some(Container::Object { key, in_value }) => {
                *key = None;
                *in_value = false;
            }
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::{behind, offset, path};

    const TEXT: &str =
        r#"{"data": {"list": [{"id": "a", "n": 1}, {"id": 22}], "a\"b": [[], [0, 1]]}}"#;

    /// The path at the end of the first `found` in [`TEXT`].
    fn after(found: &str) -> String {
        let start = TEXT.find(found).expect("it is there");
        path(TEXT.as_bytes(), start + found.len())
    }

    #[test]
    fn the_value_that_ends_there() {
        assert_eq!(after(r#""a""#), "data.list[0].id");
        assert_eq!(after("22"), "data.list[1].id");
        assert_eq!(after("22}"), "data.list[1]");
        assert_eq!(after("22}]"), "data.list");
        assert_eq!(after("[0"), r#"data.a\"b[1][0]"#);
        assert_eq!(after("[[]"), r#"data.a\"b[0]"#);
        assert_eq!(after("}}"), "");
        assert_eq!(path(TEXT.as_bytes(), 0), "");
    }

    #[test]
    fn a_comma_belongs_to_what_is_before_it() {
        assert_eq!(after(r#""a","#), "data.list[0].id");
        assert_eq!(after("1}, "), "data.list[0]");
        assert_eq!(after("1}, {"), "data.list[1]");
    }

    #[test]
    fn what_has_just_begun_has_nothing_in_it() {
        assert_eq!(after("["), "data.list");
        assert_eq!(after("[{"), "data.list[0]");
        assert_eq!(after("[[], ["), r#"data.a\"b[1]"#);
    }

    #[test]
    fn a_key_belongs_to_its_value_once_it_is_complete() {
        assert_eq!(after(r#""list"#), "data");
        assert_eq!(after(r#""list""#), "data.list");
        assert_eq!(after(r#""list":"#), "data.list");
        assert_eq!(after(r#""a", "n"#), "data.list[0]");
    }

    /// Where the reader of a `T` stops.
    fn stops<T: DeserializeOwned>(text: &str) -> String {
        let error = serde_json::from_str::<T>(text).err().expect("odd");
        let at = offset(text.as_bytes(), error.line(), error.column());
        path(
            text.as_bytes(),
            behind(text.as_bytes(), at, &error.to_string()),
        )
    }

    #[test]
    fn what_stops_a_reader() {
        for odd in ["{\"a\": 1}", "[1]", "[]", "7", "null", "true"] {
            let texts = format!("[\"a\", \n {odd}, \"c\"]");
            assert_eq!(stops::<Vec<String>>(&texts), "[1]", "{odd}");
            let first = format!("{{\"a\":[{odd},\"b\"]}}");
            assert_eq!(
                stops::<std::collections::BTreeMap<String, Vec<String>>>(&first),
                "a[0]",
                "{odd}"
            );
        }
        assert_eq!(stops::<Vec<i64>>("[1, {}]"), "[1]");
        assert_eq!(stops::<Vec<Vec<i64>>>("[[1], {}]"), "[1]");
        assert_eq!(stops::<Vec<crate::Timestamp>>("[1, [{}]]"), "[1]");
        // Not to be told from a list that stands where a text was expected.
        assert_eq!(stops::<Vec<crate::Timestamp>>("[1, [[]]]"), "[1][0]");
    }

    #[test]
    fn whatever_the_text_is() {
        for text in [
            "",
            "}",
            "]]]",
            ",,",
            ":",
            "\"",
            "\"\\",
            "<html>",
            "{]}",
            "{{[\"a\":",
        ] {
            for offset in 0..=text.len() + 1 {
                path(text.as_bytes(), offset);
            }
        }
        let deep = format!("{}1,2{}, 3", "[".repeat(500), "]".repeat(499));
        assert_eq!(path(deep.as_bytes(), deep.len()), "[1]");
        assert_eq!(path(deep.as_bytes(), 502), "[0]".repeat(128));
    }
}

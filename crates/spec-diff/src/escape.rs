//! Text from a document is untrusted: it must not steer a terminal or a log.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Characters that move a cursor, change direction of text or hide: none of them may reach an output.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// `text` with every control or invisible character written out as `\u{..}` (newlines as `\n`).
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// JSON text in which hidden characters inside strings are written as `\u....`; line ends stay.
pub(crate) fn visible_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Characters of one name that a report shows.
pub(crate) const SHOWN_KEY: usize = 300;
/// Characters of a place, path or value that a report shows.
pub(crate) const SHOWN: usize = 1000;

/// `text` cut to at most `limit` characters, with `…` where something was left off.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_untouched() {
        assert!(matches!(visible("naïve 名前"), Cow::Borrowed(_)));
    }

    #[test]
    fn escape_sequences_and_direction_marks_are_written_out() {
        assert_eq!(
            visible("a\u{1b}[31mb\u{202e}c\n"),
            "a\\u{1b}[31mb\\u{202e}c\\n"
        );
    }

    #[test]
    fn shortening_counts_characters_not_bytes() {
        assert_eq!(shortened("名前名前", 2), "名前…");
        assert_eq!(shortened("ab", 2), "ab");
    }
}

//! Text from a document is untrusted: it must not steer a terminal, a log or a page.
//!
//! These are what [`render`](crate::render) escapes by, for reports of a caller's own.

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
pub fn visible(text: &str) -> Cow<'_, str> {
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
pub fn visible_json(json: &str) -> String {
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
pub fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// Markdown in which nothing is markup, a mention or a link.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Markdown code: text between backticks, with more of them than it has itself.
pub fn code(text: &str) -> String {
    let text = visible(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    if longest == 0 {
        return format!("`{text}`");
    }
    let fence = "`".repeat(longest + 1);
    format!("{fence} {text} {fence}")
}

/// XML text, or the value of an attribute in double quotes.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// The message of a GitHub workflow command.
pub fn command(text: &str) -> String {
    visible(text).replace('%', "%25")
}

/// The value of a property of a GitHub workflow command, such as `title`.
pub fn command_property(text: &str) -> String {
    command(text).replace(':', "%3A").replace(',', "%2C")
}

/// A relative path as a URI reference.
pub fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
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
    #[test]
    fn nothing_is_markup() {
        assert_eq!(markdown("@team <b> *x*"), "&#64;team &lt;b&gt; \\*x\\*");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(xml("<\"&\u{1b}"), "&lt;&quot;&amp;\\u{1b}");
        assert_eq!(command_property("50%: a,b"), "50%25%3A a%2Cb");
        assert_eq!(uri("a b\\ü.json"), "a%20b/%C3%BC.json");
    }
}

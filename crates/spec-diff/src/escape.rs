//! Text from a document is untrusted: it must not steer a terminal, a log or a page.
//!
//! These are what [`render`](crate::render) escapes by, for reports of a caller's own.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Characters that move a cursor, change direction of text or hide: none of them may reach an output.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
            // Letters of Hangul that are blank.
            | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
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

/// A line of a log: nothing hides, and a CI server takes nothing in it for a command of its own.
pub fn line(text: &str) -> Cow<'_, str> {
    let visible = visible(text);
    let start = visible.trim_start();
    // GitHub's runner reads commands behind leading white space too; TeamCity's starts so as well.
    if start.starts_with("::") || start.starts_with("##") {
        return Cow::Owned(format!("\\{start}"));
    }
    visible
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
    let mut page = Page::default();
    page.text(&visible(text));
    page.out
}

/// Markdown of a sentence of the caller's own, in which code is between single backticks.
///
/// Names from a document may bring backticks along, so nothing depends on which pair is whose: what
/// is between two is code, whatever it says, and all the rest is as [`markdown`] leaves it.
pub fn sentence(text: &str) -> String {
    let text = visible(text);
    let mut page = Page::default();
    let mut rest = text.as_ref();
    while let Some(start) = rest.find('`') {
        page.text(&rest[..start]);
        let ticks = rest[start..].bytes().take_while(|b| *b == b'`').count();
        let inside = &rest[start + ticks..];
        let end = inside.find('`').filter(|end| {
            // One before, one behind, something between: else it is no code of ours.
            ticks == 1 && !inside[..*end].trim().is_empty() && !inside[*end + 1..].starts_with('`')
        });
        if let Some(end) = end {
            page.code(&inside[..end]);
            rest = &inside[end + 1..];
        } else {
            page.text(&rest[start..start + ticks]);
            rest = inside;
        }
    }
    page.text(rest);
    page.out
}

/// Markdown code: text between backticks, with more of them than it has itself.
pub fn code(text: &str) -> String {
    let mut page = Page::default();
    page.code(&visible(text));
    page.out
}

/// Markdown as it is written: code has to stay apart from code.
#[derive(Default)]
struct Page {
    out: String,
    /// Whether code has just ended.
    after_code: bool,
}

impl Page {
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            // GitHub makes links and mentions of plain text as well, after all escapes are resolved;
            // not of code.
            let live = live(rest);
            if live > 0 {
                self.code(&rest[..live]);
                rest = &rest[live..];
                continue;
            }
            self.after_code = false;
            match c {
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '&' => self.out.push_str("&amp;"),
                '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => {
                    self.out.push('\\');
                    self.out.push(c);
                }
                c => self.out.push(c),
            }
            rest = &rest[c.len_utf8()..];
        }
    }

    fn code(&mut self, text: &str) {
        if self.after_code {
            self.out.push(' ');
        }
        let longest = longest_run(text);
        let fence = "`".repeat(longest + 1);
        let _ = match text.trim() {
            "" => write!(self.out, "` `"),
            _ if longest == 0 => write!(self.out, "`{text}`"),
            _ => write!(self.out, "{fence} {text} {fence}"),
        };
        self.after_code = true;
    }
}

/// How much of the start of a text makes a mention, a reference or a link of what follows.
fn live(text: &str) -> usize {
    match text.as_bytes() {
        [b'@', ..] => text.len() - text.trim_start_matches('@').len(),
        [b'#', b'0'..=b'9', ..] => 1,
        [b':', b'/', b'/', ..] => 3,
        [b'w' | b'W', b'w' | b'W', b'w' | b'W', b'.', ..] => 4,
        _ => 0,
    }
}

/// A block of Markdown code, fenced by more backticks than it has itself, every line indented alike.
pub fn code_block(text: &str, language: &str, indent: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    let mut out = format!("{indent}{fence}{language}\n");
    for line in text.lines() {
        let _ = writeln!(out, "{indent}{}", visible(&line.replace('\t', "    ")));
    }
    let _ = writeln!(out, "{indent}{fence}");
    out
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
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

/// A string of TOML or YAML, with its double quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            // Both read eight digits behind a capital U.
            c if is_hidden(c) => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
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
    fn no_line_is_a_command() {
        assert_eq!(line("  ::error::x"), "\\::error::x");
        assert_eq!(line("##[error]x"), "\\##[error]x");
        assert_eq!(line("a::b"), "a::b");
    }

    #[test]
    fn a_sentence_has_code_and_nothing_else() {
        assert_eq!(sentence("@team <b> `y*`"), "`@`team &lt;b&gt; `y*`");
        assert_eq!(sentence("`x`@@y://z"), "`x` `@@`y`://`z");
        assert_eq!(sentence("left `open"), "left \\`open");
        assert_eq!(
            sentence("`a ``` @x <img> [c](d)`"),
            "\\`a \\`\\`\\` `@`x &lt;img&gt; \\[c\\](d)\\`"
        );
        assert_eq!(sentence("`a` b ` `c`"), "`a` b \\` `c`");
    }

    #[test]
    fn shortening_counts_characters_not_bytes() {
        assert_eq!(shortened("名前名前", 2), "名前…");
        assert_eq!(shortened("ab", 2), "ab");
    }
    #[test]
    fn nothing_is_markup() {
        assert_eq!(markdown("@team <b> *x*"), "`@`team &lt;b&gt; \\*x\\*");
        assert_eq!(markdown("#12 #x www.a"), "`#`12 \\#x `www.`a");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(xml("<\"&\u{1b}"), "&lt;&quot;&amp;\\u{1b}");
        assert_eq!(command_property("50%: a,b"), "50%25%3A a%2Cb");
        assert_eq!(quoted("a\"\\\u{202e}"), "\"a\\\"\\\\\\U0000202E\"");
        assert_eq!(code(""), "` `");
        assert_eq!(
            code_block("a\n````\n\u{1b}b", "text", "  "),
            "  `````text\n  a\n  ````\n  \\u{1b}b\n  `````\n"
        );
        assert_eq!(uri("a b\\ü.json"), "a%20b/%C3%BC.json");
    }
}

//! Untrusted text made safe to show: no character moves the cursor, hides, or turns the
//! direction of reading.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text on one line, with control characters and hidden ones written as `\u{..}`.
///
/// Line breaks and tabs become spaces.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c.is_control() || is_hidden(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '\n' | '\t' => shown.push(' '),
            '\r' => {}
            // Joins emoji into one picture; elsewhere it is only hidden.
            '\u{200d}' if before >= '\u{2190}' => shown.push(c),
            c if c.is_control() || is_hidden(c) => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
        before = c;
    }
    Cow::Owned(shown)
}

/// As [`clean`], but line breaks stay: for texts of several lines.
pub fn clean_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(clean).collect();
    lines.join("\n")
}

/// JSON with hidden characters as `\uXXXX`: the same value, and nothing hides on a terminal.
///
/// They can only stand inside strings, so the whole can be changed at once.
pub fn visible_json(json: &str) -> Cow<'_, str> {
    if !json
        .chars()
        .any(|c| (c.is_control() && c != '\n') || is_hidden(c))
    {
        return Cow::Borrowed(json);
    }
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        if (c.is_control() && c != '\n') || is_hidden(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// A moment as the service writes it, without what nobody reads: `2026-12-01 18:00Z`.
pub fn moment(text: &str) -> String {
    match (
        text.get(..10),
        text.get(10..11),
        text.get(11..16),
        text.chars().next_back(),
    ) {
        (Some(day), Some("T"), Some(time), Some('Z')) => format!("{day} {time}Z"),
        _ => text.to_owned(),
    }
}

/// Characters without ink that change how others are read, or carry hidden text.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor_or_hides() {
        assert_eq!(clean("plain 折纸 🗺️"), "plain 折纸 🗺️");
        assert_eq!(clean("a\u{1b}[2Jb\u{7}\u{9b}"), "a\\u{1b}[2Jb\\u{7}\\u{9b}");
        assert_eq!(clean("two\r\nlines"), "two lines");
        assert_eq!(clean("nice\u{202e}gpj.exe"), "nice\\u{202e}gpj.exe");
        assert_eq!(clean("a\u{200d}b"), "a\\u{200d}b");
        assert_eq!(clean("👩\u{200d}🚀"), "👩\u{200d}🚀");
        assert_eq!(clean_lines("a\n\u{1b}b\n"), "a\n\\u{1b}b");
    }

    #[test]
    fn json_keeps_its_value() {
        let value = serde_json::json!({ "t": "a\u{202e}b\u{9b}\u{e0041}折" });
        let text = value.to_string();
        let shown = visible_json(&text);
        assert!(
            !shown.chars().any(|c| is_hidden(c) || c.is_control()),
            "{shown}"
        );
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&shown).unwrap(),
            value
        );
    }
}

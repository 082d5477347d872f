//! Text of the service made fit for an error message: one line, bounded, without secrets.
//!
//! A body may repeat the key, a signed URL or a token, and errors end up in logs. The key is known;
//! the rest is masked by its looks: better one id too many than one secret printed.

use std::borrow::Cow;
use std::ops::Range;

use crate::raw::beginning;
use crate::{ApiKey, disguise};

const MASK: &str = "***";

/// Shortest mix of letters and digits that is taken for a token.
const TOKEN: usize = 20;

/// Parts of names whose values are masked.
const SECRET_NAMES: [&str; 9] = [
    "authorization",
    "bearer",
    "cookie",
    "credential",
    "key",
    "passw",
    "secret",
    "signature",
    "token",
];

/// Most bytes of one text that are kept of an answer: as many as of an error page.
pub(crate) const KEPT: usize = 64 * 1024;

/// Most bytes that are kept of an id, or of a header's value.
const KEPT_ID: usize = 256;

/// A message without the key, cut where it is too long to be kept.
pub fn text_without_key(text: impl Into<String>, key: Option<&ApiKey>) -> String {
    kept(text.into(), KEPT, key)
}

/// An id or a header's value, likewise.
pub fn id_without_key(text: impl Into<String>, key: Option<&ApiKey>) -> String {
    kept(text.into(), KEPT_ID, key)
}

fn kept(mut text: String, most: usize, key: Option<&ApiKey>) -> String {
    let is_cut = text.len() > most;
    if is_cut {
        // A copy, because the rest of the memory would be kept with it.
        text = String::from(beginning(&text, most));
    }
    match disguise::hide(text.as_bytes(), key, is_cut) {
        Cow::Borrowed(_) => text,
        Cow::Owned(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
    }
}

/// The text on one line, without secrets as far as they show, of at most `max` characters.
pub fn line(text: &str, max: usize) -> String {
    /// What is shown of this is enough, whatever is masked in it.
    const SEEN: usize = 16 * 1024;

    let seen = beginning(text, SEEN);
    let whole = whole_words(text.as_bytes(), 0..seen.len()).end;
    let masked = mask(match seen.get(..whole) {
        Some(words) if seen.len() < text.len() && !words.is_empty() => words,
        _ => seen,
    });
    match masked.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", &masked[..end]),
        None => masked,
    }
}

/// The text on one line, of at most `max` characters: for what looks like a secret and is none.
pub fn plain_line(text: &str, max: usize) -> Cow<'_, str> {
    let text = text.trim();
    let end = text
        .char_indices()
        .nth(max)
        .map_or(text.len(), |(end, _)| end);
    let short = &text[..end];
    if end == text.len() && !short.contains(is_unruly) {
        return Cow::Borrowed(text);
    }
    let mut line = short.replace(is_unruly, " ");
    if end < text.len() {
        line.push('…');
    }
    Cow::Owned(line)
}

/// Whether it moves a cursor, breaks a line, turns the direction of what follows, or hides.
fn is_unruly(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// At most 64 bytes of `body` around `offset`, on one line, masked.
pub(crate) fn excerpt(body: &[u8], offset: usize, key: Option<&ApiKey>) -> String {
    const BEFORE: usize = 44;
    const AFTER: usize = 20;
    // More is masked than shown, so that a secret is seen as a whole.
    const MARGIN: usize = 2048;

    let offset = offset.min(body.len());
    let seen = offset.saturating_sub(MARGIN)..body.len().min(offset + MARGIN);
    let Range { start, end } = whole_words(body, seen);
    let body = &*disguise::hide(&body[start..end], key, true);
    let (offset, start, end) = (offset.saturating_sub(start), 0, body.len());
    let text = |range: Range<usize>| mask(&String::from_utf8_lossy(&body[range]));
    let split = whole_words(body, start..offset.min(end)).end;

    let before = text(start..split);
    let mut from = before.len().saturating_sub(BEFORE);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let after = text(split..end);
    let mut to = after.len().min(AFTER);
    while !after.is_char_boundary(to) {
        to -= 1;
    }
    format!("{}{}", &before[from..], &after[..to])
}

/// The range without the words that its borders cut: half a secret no longer looks like one.
fn whole_words(body: &[u8], range: Range<usize>) -> Range<usize> {
    let is_word = |index: usize| {
        body.get(index)
            .is_some_and(|&byte| !byte.is_ascii() || is_word(char::from(byte)))
    };
    let Range { mut start, mut end } = range;
    while 0 < start && start < end && is_word(start - 1) && is_word(start) {
        start += 1;
    }
    while start < end && is_word(end - 1) && is_word(end) {
        end -= 1;
    }
    start..end
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '%' | '~')
}

/// What the last name leads one to expect.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    Anything,
    /// `"token":"` or `token=`: a secret, whatever it looks like.
    Secret,
    /// `token: ` or `Bearer `: a secret or the next word of a sentence.
    Perhaps,
}

/// One line in which URL queries, values of secret-looking names and long tokens are masked.
fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    let mut next = Next::Anything;
    let mut name = String::new();
    while let Some(first) = rest.chars().next() {
        let in_word = is_word(first);
        let (part, tail) =
            rest.split_at(rest.find(|c| is_word(c) != in_word).unwrap_or(rest.len()));
        rest = tail;
        if in_word {
            name = part.to_ascii_lowercase();
            let scheme = matches!(name.as_str(), "bearer" | "basic");
            match next {
                Next::Secret if !scheme => masked.push_str(MASK),
                Next::Perhaps if has_digit(part) && part.len() >= 8 => masked.push_str(MASK),
                _ if is_token(part) => masked.extend([&part[..4], MASK]),
                _ => masked.push_str(part),
            }
            if !(scheme && next == Next::Secret) {
                next = Next::Anything;
            }
            continue;
        }
        if next != Next::Secret {
            next = after(&name, part);
        }
        masked.extend(part.chars().map(|c| if is_unruly(c) { ' ' } else { c }));
        if part.ends_with('?') && !rest.is_empty() {
            masked.push_str(MASK);
            rest = rest.trim_start_matches(|c: char| {
                !c.is_whitespace() && !matches!(c, '"' | '\'' | '`' | '<' | '>')
            });
        }
    }
    masked
}

/// What follows `name` and the characters between it and the next word.
fn after(name: &str, between: &str) -> Next {
    let is_secret = SECRET_NAMES.iter().any(|word| name.contains(word));
    if !is_secret || between.contains([',', ';', '{', '}', '[', ']']) {
        Next::Anything
    } else if between.contains('=') || between.contains("\":") {
        Next::Secret
    } else if between.contains(':') || name == "bearer" {
        Next::Perhaps
    } else {
        Next::Anything
    }
}

/// Long, and mixing letters with digits.
fn is_token(word: &str) -> bool {
    word.len() >= TOKEN
        && word.is_ascii()
        && has_digit(word)
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        line(text, 300)
    }

    #[test]
    fn secrets_are_masked() {
        for (text, expected) in [
            (
                r#"{"accessToken":"abc","n":1}"#,
                r#"{"accessToken":"***","n":1}"#,
            ),
            (r#"{\"password\":\"hunter2\"}"#, r#"{\"password\":\"***\"}"#),
            (r#"{"api_key": 17, "n": 1}"#, r#"{"api_key": ***, "n": 1}"#),
            (
                r#""authorization":"Bearer abc""#,
                r#""authorization":"Bearer ***""#,
            ),
            (
                "Authorization: Bearer abc12345",
                "Authorization: Bearer ***",
            ),
            ("session_secret=x;y=z", "session_secret=***;y=z"),
            ("ai_0123456789abcdefghij", "ai_0***"),
            (
                "https://up.example.com/f.mp4?X-Sig=a&b=c next",
                "https://up.example.com/f.mp4?*** next",
            ),
        ] {
            assert_eq!(masked(text), expected);
        }
    }

    #[test]
    fn sentences_stay_readable() {
        for text in [
            "Invalid API key: check your account",
            "the token has expired, sign in again",
            "Cannot GET /v2/channels/accounts",
            "invalid type: map, expected a sequence",
            "Really? Yes.",
            "平台不可用",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn a_line_is_one_and_bounded() {
        assert_eq!(masked("a\r\nb\tc"), "a  b c");
        assert_eq!(line("äöüä", 3), "äöü…");
        assert_eq!(masked("a\u{202e}b\u{2028}c\u{1b}d"), "a b c d");
        assert_eq!(plain_line(" a\u{2066}b\rc ", 9), "a b c");
        assert_eq!(plain_line("äöüä", 3), "äöü…");
        let long = line(&"x y ".repeat(1 << 20), 300);
        assert_eq!(long.chars().count(), 301);
    }

    #[test]
    fn an_excerpt_never_shows_half_a_secret() {
        // Masked, several of them fit into what is shown.
        let secret = "s3cr3t".repeat(50);
        let notes = format!(r#"{{"note":"{secret}"}},"#).repeat(5);
        let body = format!("{}{notes}{}", " ".repeat(600), " ".repeat(600));
        for offset in 0..=body.len() + 1 {
            let excerpt = excerpt(body.as_bytes(), offset, None);
            assert!(excerpt.len() <= 64, "{excerpt}");
            assert!(!excerpt.contains("3t"), "{offset}: {excerpt}");
        }
    }

    #[test]
    fn an_excerpt_takes_any_bytes() {
        let body: Vec<u8> = (0..=255).cycle().take(2000).collect();
        for offset in 0..body.len() {
            assert!(excerpt(&body, offset, None).len() <= 64);
        }
        assert_eq!(excerpt(b"", 5, None), "");
    }
}

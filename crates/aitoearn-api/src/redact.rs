//! Text of the service made fit for an error message: one line, bounded, without secrets.
//!
//! A body may repeat the key, a signed URL or a token, and errors end up in logs. Masking goes by
//! looks: better one id too many masked than one secret printed.

use std::ops::Range;

use crate::ApiKey;

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

/// The text on one line, masked, of at most `max` characters.
pub(crate) fn line(text: &str, max: usize, key: Option<&ApiKey>) -> String {
    let masked = mask(text, key);
    match masked.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", &masked[..end]),
        None => masked,
    }
}

/// At most 64 bytes of `body` around `offset`, on one line, masked.
pub(crate) fn excerpt(body: &[u8], offset: usize, key: Option<&ApiKey>) -> String {
    const BEFORE: usize = 44;
    const AFTER: usize = 20;
    // More is masked than shown, so that a secret is seen as a whole.
    const MARGIN: usize = 512;

    let offset = offset.min(body.len());
    let seen = offset.saturating_sub(MARGIN)..body.len().min(offset + MARGIN);
    let Range { start, end } = whole_words(body, seen);
    let text = |range: Range<usize>| mask(&String::from_utf8_lossy(&body[range]), key);
    let split = whole_words(body, start..offset.clamp(start, end)).end;

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

/// One line in which the key, URL queries, values of secret-looking names and long tokens are
/// masked.
fn mask(text: &str, key: Option<&ApiKey>) -> String {
    let text = match key {
        Some(key) => text.replace(key.expose(), MASK),
        None => text.to_owned(),
    };
    let mut masked = String::with_capacity(text.len());
    let mut rest = text.as_str();
    // Set while the next word is the value of a secret-looking name.
    let mut secret = false;
    while let Some(first) = rest.chars().next() {
        let in_word = is_word(first);
        let length = rest.find(|c| is_word(c) != in_word).unwrap_or(rest.len());
        let (part, tail) = rest.split_at(length);
        rest = tail;
        if in_word {
            let name = part.to_ascii_lowercase();
            let is_name = SECRET_NAMES.iter().any(|word| name.contains(word));
            if secret && !is_name {
                masked.push_str(MASK);
            } else {
                push_word(&mut masked, part);
            }
            secret = is_name;
        } else {
            // A comma or a brace ends the value that a name announced.
            secret &= !part.contains([',', ';', '{', '}', '[', ']']);
            masked.extend(part.chars().map(|c| if c.is_control() { ' ' } else { c }));
            if part.ends_with('?') && !rest.is_empty() {
                masked.push_str(MASK);
                rest = rest.trim_start_matches(|c: char| {
                    !c.is_whitespace() && !matches!(c, '"' | '\'' | '`' | '<' | '>')
                });
            }
        }
    }
    masked
}

/// The word, cut to its first letters if it is long and mixes letters with digits.
fn push_word(masked: &mut String, word: &str) {
    let token = word.len() >= TOKEN
        && word.is_ascii()
        && word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_alphabetic());
    if token {
        masked.push_str(&word[..4]);
        masked.push_str(MASK);
    } else {
        masked.push_str(word);
    }
}

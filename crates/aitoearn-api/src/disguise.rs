//! Finds the key in text of the service, however it is written there.
//!
//! A service that repeats the key may write it in capitals, with escapes of JSON, URLs or HTML (also
//! of one inside the other), in full-width letters, or with tabs and other characters in it that
//! readers of URLs drop.

use std::borrow::Cow;
use std::ops::Range;

use crate::ApiKey;

/// A shorter key is not looked for: it may be part of ordinary text.
const SHORTEST: usize = 8;

/// How many escapes inside each other are read.
const LAYERS: usize = 4;

/// Of a text that was cut, this much of the key at its end is taken for its beginning.
const BEGINNING: usize = 4;

/// Bytes at the end of a text that was cut which may be half an escape.
const HALF_ESCAPE: usize = 24;

/// The text with each byte of the key replaced by `*`, so that every offset stays.
///
/// Takes a few dozen bytes for each byte of the text: for what is short.
pub(crate) fn hide<'a>(text: &'a [u8], key: Option<&ApiKey>, is_cut: bool) -> Cow<'a, [u8]> {
    let key = key.map_or("", ApiKey::expose).as_bytes();
    // No way to write it is shorter than the key itself.
    if key.len() < SHORTEST || (text.len() < key.len() && !is_cut) {
        return text.into();
    }
    if is_plain(text) && !is_cut && !has(text, key) {
        return text.into();
    }
    let mut units = units(text);
    let half = if is_cut {
        text.len().saturating_sub(HALF_ESCAPE)
    } else {
        usize::MAX
    };
    let mut found = Vec::new();
    for _ in 0..LAYERS {
        find(&units, key, half, &mut found);
        match unescaped(&units) {
            Some(inner) => units = inner,
            None => break,
        }
    }
    find(&units, key, half, &mut found);
    if found.is_empty() {
        return text.into();
    }
    let mut hidden = text.to_vec();
    for place in found {
        hidden[place].fill(b'*');
    }
    hidden.into()
}

/// Whether every byte stands for itself.
fn is_plain(text: &[u8]) -> bool {
    text.iter()
        .all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'%' | b'&' | b'\\'))
}

fn has(text: &[u8], key: &[u8]) -> bool {
    text.windows(key.len())
        .any(|window| window.eq_ignore_ascii_case(key))
}

/// A character and where it is written.
#[derive(Clone, Copy)]
struct Unit {
    c: char,
    start: u32,
    end: u32,
}

impl Unit {
    fn new(c: char, range: Range<usize>) -> Self {
        // What is looked at is short.
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            c,
            start: place(range.start),
            end: place(range.end),
        }
    }
}

fn units(text: &[u8]) -> Vec<Unit> {
    let mut units = Vec::with_capacity(text.len());
    let mut start = 0;
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            let end = start + c.len_utf8();
            units.push(Unit::new(c, start..end));
            start = end;
        }
        for _ in chunk.invalid() {
            let end = start + 1;
            units.push(Unit::new(char::REPLACEMENT_CHARACTER, start..end));
            start = end;
        }
    }
    units
}

/// Notes where the key is. What begins like it and reaches `half` may be its beginning, cut off.
fn find(units: &[Unit], key: &[u8], half: usize, found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(rest) = units.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(length) = matched(rest, key, half) else {
            at += 1;
            continue;
        };
        found.push(rest[0].start as usize..rest[length - 1].end as usize);
        at += length;
    }
}

/// How many units at the start are the key.
fn matched(units: &[Unit], key: &[u8], half: usize) -> Option<usize> {
    let mut seen = 0;
    for (index, unit) in units.iter().enumerate() {
        if index > 0 && is_dropped(unit.c) {
            continue;
        }
        if folded(unit.c) != char::from(key[seen].to_ascii_lowercase()) {
            return (unit.start as usize >= half && seen >= BEGINNING).then_some(units.len());
        }
        seen += 1;
        if seen == key.len() {
            return Some(index + 1);
        }
    }
    (half != usize::MAX && seen >= BEGINNING).then_some(units.len())
}

/// The small ASCII letter that readers of URLs take it for.
fn folded(c: char) -> char {
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        c => c,
    };
    c.to_ascii_lowercase()
}

/// Readers of URLs drop tabs, line breaks and what has no width.
fn is_dropped(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// The same with its escapes read once, or `None` if there are none.
fn unescaped(units: &[Unit]) -> Option<Vec<Unit>> {
    if !units.iter().any(|unit| matches!(unit.c, '%' | '&' | '\\')) {
        return None;
    }
    let mut inner = Vec::with_capacity(units.len());
    let mut rest = units;
    let mut changed = false;
    while let Some(first) = rest.first() {
        let read = match first.c {
            '%' => percent(rest),
            '&' => html(rest),
            '\\' => backslash(rest),
            _ => None,
        };
        let (c, length) = read.unwrap_or((first.c, 1));
        changed |= read.is_some();
        inner.push(Unit {
            c,
            start: first.start,
            end: rest[length - 1].end,
        });
        rest = &rest[length..];
    }
    changed.then_some(inner)
}

/// `%e4%bd%a0`: a character of up to four bytes.
fn percent(units: &[Unit]) -> Option<(char, usize)> {
    let byte = |index: usize| {
        let units = units.get(3 * index..3 * index + 3)?;
        (units[0].c == '%')
            .then(|| number(&units[1..], 16))?
            .and_then(|byte| u8::try_from(byte).ok())
    };
    let first = byte(0)?;
    let length = match first.leading_ones() {
        ones @ 2..=4 => ones as usize,
        _ => 1,
    };
    let bytes: Vec<u8> = (0..length).map_while(byte).collect();
    let c = str::from_utf8(&bytes)
        .ok()
        .and_then(|text| text.chars().next());
    Some(match c {
        Some(c) => (c, 3 * length),
        None => (char::REPLACEMENT_CHARACTER, 3),
    })
}

/// `&#107;`, `&#x6b;`, `&amp;`.
fn html(units: &[Unit]) -> Option<(char, usize)> {
    /// Longest that is looked at.
    const LONGEST: usize = 12;
    let end = units.iter().take(LONGEST).position(|unit| unit.c == ';')?;
    let inside = &units[1..end];
    let c = match inside {
        [hash, x, digits @ ..] if hash.c == '#' && matches!(x.c, 'x' | 'X') => {
            char::from_u32(number(digits, 16)?)?
        }
        [hash, digits @ ..] if hash.c == '#' => char::from_u32(number(digits, 10)?)?,
        name => match name.iter().map(|unit| unit.c).collect::<String>().as_str() {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => return None,
        },
    };
    Some((c, end + 1))
}

/// `\u006b`, `\ud83d\udc4b`, `\u{6b}`, `\x6b`, `\/`, `\n`.
fn backslash(units: &[Unit]) -> Option<(char, usize)> {
    let hex = |range: Range<usize>| number(units.get(range)?, 16);
    let length = match units.get(1)?.c {
        'u' => match units.get(2)?.c {
            '{' => {
                let end = units.iter().take(10).position(|unit| unit.c == '}')?;
                return Some((char::from_u32(hex(3..end)?)?, end + 1));
            }
            _ => 6,
        },
        'x' => 4,
        'b' | 'f' | 'n' | 'r' | 't' => return Some(('\n', 2)),
        c @ ('/' | '"' | '\'' | '\\') => return Some((c, 2)),
        _ => return None,
    };
    let code = hex(2..length)?;
    if let Some(c) = char::from_u32(code) {
        return Some((c, length));
    }
    // Half a pair.
    let is_escape = units.get(6)?.c == '\\' && units.get(7)?.c == 'u';
    let low = is_escape
        .then(|| hex(8..12))?
        .filter(|low| (0xdc00..0xe000).contains(low))?;
    let high = code.checked_sub(0xd800).filter(|high| *high < 0x400)?;
    Some((
        char::from_u32(0x1_0000 + (high << 10) + (low - 0xdc00))?,
        12,
    ))
}

/// The number that these digits are, if they are digits only.
fn number(digits: &[Unit], radix: u32) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, unit| {
        number
            .checked_mul(radix)?
            .checked_add(unit.c.to_digit(radix)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "k/y_Abc-0123456789";

    fn hidden(text: &str, is_cut: bool) -> String {
        let key = ApiKey::new(KEY).expect("fine");
        let hidden = hide(text.as_bytes(), Some(&key), is_cut).into_owned();
        assert_eq!(hidden.len(), text.len(), "{text}");
        String::from_utf8(hidden).expect("still text")
    }

    /// The key with each of its characters written in this way.
    fn written(write: impl Fn(char) -> String) -> String {
        KEY.chars().map(write).collect()
    }

    #[test]
    fn the_key_is_hidden_however_it_is_written() {
        let code = u32::from;
        for text in [
            KEY.to_owned(),
            KEY.to_uppercase(),
            KEY.replace('/', "\\/"),
            KEY.replace('_', "\t_\r\n\u{200b}"),
            KEY.replace('k', "\u{212a}"),
            written(|c| format!("%{:02x}", code(c))),
            written(|c| format!("%25{:02X}", code(c))),
            written(|c| format!("\\u{:04x}", code(c))),
            written(|c| format!("\\u{:04X}", code(c) + 0xfee0)),
            written(|c| format!("\\u{{{:x}}}", code(c))),
            written(|c| format!("\\x{:02x}", code(c))),
            written(|c| format!("\\\\u{:04x}", code(c))),
            written(|c| format!("&#{};", code(c))),
            written(|c| format!("&#x{:x};", code(c))),
            written(|c| char::from_u32(code(c) + 0xfee0).expect("wide").to_string()),
            written(|c| {
                let wide = char::from_u32(code(c) + 0xfee0).expect("wide").to_string();
                wide.bytes().map(|byte| format!("%{byte:02x}")).collect()
            }),
        ] {
            let shown = hidden(&format!("before {text} after"), false);
            assert_eq!(
                shown,
                format!("before {} after", "*".repeat(text.len())),
                "{text}"
            );
        }
    }

    #[test]
    fn nothing_else_is_touched() {
        for text in [
            "",
            "100 % sure, \\o/ &c. &#; \\u12 %zz \\ud800 \\u{110000}",
            "k/y_Abc-012345678",
            "k/y_Abc-012345678%",
            "\u{ff4b}你好",
            "%e4%bd",
        ] {
            assert_eq!(hidden(text, false), text);
        }
        let short = ApiKey::new("0123456").expect("fine");
        assert!(matches!(
            hide(b"0123456", Some(&short), false),
            Cow::Borrowed(_)
        ));
        assert!(matches!(
            hide(KEY.as_bytes(), None, false),
            Cow::Borrowed(_)
        ));
    }

    #[test]
    fn what_a_cut_leaves_of_the_key_is_hidden() {
        for write in [
            |c: char| c.to_string(),
            |c: char| format!("\\u{:04x}", u32::from(c)),
        ] {
            let text = format!("x {}", written(write));
            for end in 2..=text.len() {
                let shown = hidden(&text[..end], true);
                let rest = shown.trim_start_matches("x ").trim_start_matches('*');
                assert!(rest.len() < 5 * write('k').len(), "{end}: {shown}");
            }
        }
        assert_eq!(hidden("k/y is fine", true), "k/y is fine");
    }
}

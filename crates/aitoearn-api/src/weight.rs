//! How much memory the values of a JSON text may take, from a look at the text.
//!
//! An answer of 32 MiB that is a list of empty objects takes gigabytes once it is read, and with
//! gzip it is a few kilobytes on the wire. So what is large is weighed before it is read.

/// Memory that an answer may take, as a multiple of the limit of its bytes.
const FACTOR: u64 = 4;

/// Memory that any answer may take: with a limit of a few bytes, an answer of a few bytes is read.
const LEAST: u64 = 4 * 1024 * 1024;

/// For each value of a list and each field of an object: the value itself, its place in a list that
/// has doubled while it grew, and once more while fields without a name of ours are collected.
const VALUE: u64 = 192;

/// For each object: the least that a map or one of our types takes.
const OBJECT: u64 = 768;

/// For each byte of a string, in quarters: an error that quotes it is a copy that doubles while it
/// grows.
const PLAIN: u64 = 14;

/// The same of a string with escapes: one more copy while they are read.
const ESCAPED: u64 = 22;

/// The same outside ASCII: what quotes it escapes it once more.
const ODD: u64 = 32;

/// The fewest bytes that weigh as much as an object: `{},`.
const DENSEST: u64 = (OBJECT + VALUE) / 3;

/// Whether the values in this text, and the text itself, may take more memory than an answer of at
/// most `limit` bytes may.
pub fn is_too_heavy(text: &[u8], limit: u64) -> bool {
    let most = limit.saturating_mul(FACTOR).max(LEAST);
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
    // Nearly always.
    if length < most / DENSEST {
        return false;
    }
    let mut weight = length;
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        weight += match byte {
            b'"' => {
                let (string, tail) = string(rest);
                rest = tail;
                string
            }
            b',' | b'[' => VALUE,
            b'{' => OBJECT,
            _ => 0,
        };
        if weight > most {
            return true;
        }
    }
    false
}

/// The weight of the string whose quote has been read, and what follows it.
fn string(text: &[u8]) -> (u64, &[u8]) {
    let end = crate::raw::end_of_string(text).unwrap_or(text.len());
    let content = &text[..end];
    let odd = content.iter().filter(|byte| !byte.is_ascii()).count();
    let each = if content.contains(&b'\\') {
        ESCAPED
    } else {
        PLAIN
    };
    let quarters = |bytes: usize, each| u64::try_from(bytes).unwrap_or(u64::MAX / 64) * each;
    let total = (quarters(end - odd, each) + quarters(odd, ODD)) / 4;
    (total, text.get(end + 1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_values_weigh_more_than_their_text() {
        let limit = 1 << 20;
        let heavy = |text: &str| is_too_heavy(text.as_bytes(), limit);
        assert!(heavy(&"{},".repeat(10_000)));
        assert!(heavy(&"[],".repeat(30_000)));
        assert!(heavy(&"0,".repeat(50_000)));
        assert!(!heavy(&"{},".repeat(1_000)));
        assert!(!heavy(&format!(
            "{{\"data\":\"{}\"}}",
            "x,".repeat(450_000)
        )));
        assert!(heavy(&format!("\"{}", "x\\n".repeat(350_000))));
        assert!(heavy(&format!("\"{}", "ä".repeat(500_000))));
        assert!(!is_too_heavy(&[b'['; 1000], u64::MAX));
        assert!(!is_too_heavy(b"{\"\\", 0));
    }
}

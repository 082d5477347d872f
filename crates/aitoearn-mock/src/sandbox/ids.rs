//! Identifiers in the shapes the service gives them.
//!
//! The numbers come from a fixed seed, so that two runs of a test see the same
//! ids in the same order.

use jiff::Timestamp;

const LOWER: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const URL_SAFE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Makes ids, never the same one twice.
#[derive(Debug)]
pub(crate) struct Ids {
    seed: u64,
    count: u32,
}

impl Ids {
    pub(crate) fn new() -> Self {
        Self {
            seed: 0x05ee_d0f5_a4db_0c5e,
            count: 0,
        }
    }

    /// 24 hexadecimal digits: the time, then a counter, as the service's
    /// database makes them.
    pub(crate) fn object_id(&mut self, now: Timestamp) -> String {
        self.count = self.count.wrapping_add(1);
        let seconds = now.as_second() & 0xffff_ffff;
        format!("{seconds:08x}5a4db0c5e0{:06x}", self.count & 0x00ff_ffff)
    }

    /// 16 characters that need no escaping in a URL.
    pub(crate) fn session_id(&mut self) -> String {
        self.text(16, URL_SAFE)
    }

    /// What is named, the day and five characters: `group-20260702-q7x2m`.
    pub(crate) fn dated(&mut self, what: &str, now: Timestamp) -> String {
        format!("{what}-{}-{}", now.strftime("%Y%m%d"), self.lower(5))
    }

    /// Lower-case letters and digits.
    pub(crate) fn lower(&mut self, length: usize) -> String {
        self.text(length, LOWER)
    }

    /// Digits, the first of which is not zero.
    pub(crate) fn digits(&mut self, length: usize) -> String {
        let mut text = self.text(1, b"123456789");
        text.push_str(&self.text(length.saturating_sub(1), b"0123456789"));
        text
    }

    fn text(&mut self, length: usize, alphabet: &[u8]) -> String {
        (0..length)
            .map(|_| {
                let pick = self.next() % alphabet.len() as u64;
                // The remainder is below the alphabet's length.
                char::from(alphabet[usize::try_from(pick).unwrap_or(0)])
            })
            .collect()
    }

    /// `SplitMix64`: short, well spread, and needs no crate.
    fn next(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Whether a text could be an object id. The service does not check this
/// everywhere, and where it does not, a bad id ends as an internal error.
pub(crate) fn is_object_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_their_shapes_and_differ() {
        let mut ids = Ids::new();
        let now = Timestamp::UNIX_EPOCH;
        let first = ids.object_id(now);
        assert!(is_object_id(&first), "{first}");
        assert_ne!(first, ids.object_id(now));
        assert_eq!(ids.session_id().len(), 16);
        assert_ne!(ids.session_id(), ids.session_id());
        assert!(!ids.digits(12).starts_with('0'));
    }
}

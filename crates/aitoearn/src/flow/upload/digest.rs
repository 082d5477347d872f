//! MD5 (RFC 1321), by which storages name what they have received.
//!
//! It protects from accidents and not from attackers; that is all it is used for here, and why no
//! crate of cryptography is needed for it.

use std::fmt::Write as _;

/// A digest in the making.
#[derive(Clone)]
pub(super) struct Md5 {
    state: [u32; 4],
    /// The beginning of a block, of which there are `length % 64` bytes.
    block: [u8; 64],
    length: u64,
}

const SHIFTS: [[u32; 4]; 4] = [
    [7, 12, 17, 22],
    [5, 9, 14, 20],
    [4, 11, 16, 23],
    [6, 10, 15, 21],
];

/// `floor(2^32 * abs(sin(n + 1)))`.
const SINES: [u32; 64] = [
    0xd76a_a478,
    0xe8c7_b756,
    0x2420_70db,
    0xc1bd_ceee,
    0xf57c_0faf,
    0x4787_c62a,
    0xa830_4613,
    0xfd46_9501,
    0x6980_98d8,
    0x8b44_f7af,
    0xffff_5bb1,
    0x895c_d7be,
    0x6b90_1122,
    0xfd98_7193,
    0xa679_438e,
    0x49b4_0821,
    0xf61e_2562,
    0xc040_b340,
    0x265e_5a51,
    0xe9b6_c7aa,
    0xd62f_105d,
    0x0244_1453,
    0xd8a1_e681,
    0xe7d3_fbc8,
    0x21e1_cde6,
    0xc337_07d6,
    0xf4d5_0d87,
    0x455a_14ed,
    0xa9e3_e905,
    0xfcef_a3f8,
    0x676f_02d9,
    0x8d2a_4c8a,
    0xfffa_3942,
    0x8771_f681,
    0x6d9d_6122,
    0xfde5_380c,
    0xa4be_ea44,
    0x4bde_cfa9,
    0xf6bb_4b60,
    0xbebf_bc70,
    0x289b_7ec6,
    0xeaa1_27fa,
    0xd4ef_3085,
    0x0488_1d05,
    0xd9d4_d039,
    0xe6db_99e5,
    0x1fa2_7cf8,
    0xc4ac_5665,
    0xf429_2244,
    0x432a_ff97,
    0xab94_23a7,
    0xfc93_a039,
    0x655b_59c3,
    0x8f0c_cc92,
    0xffef_f47d,
    0x8584_5dd1,
    0x6fa8_7e4f,
    0xfe2c_e6e0,
    0xa301_4314,
    0x4e08_11a1,
    0xf753_7e82,
    0xbd3a_f235,
    0x2ad7_d2bb,
    0xeb86_d391,
];

impl Default for Md5 {
    fn default() -> Self {
        Self {
            state: [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476],
            block: [0; 64],
            length: 0,
        }
    }
}

impl Md5 {
    pub(super) fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let filled = self.filled();
            let taken = bytes.len().min(64 - filled);
            self.block[filled..filled + taken].copy_from_slice(&bytes[..taken]);
            self.length += taken as u64;
            if filled + taken == 64 {
                self.mix();
            }
            bytes = &bytes[taken..];
        }
    }

    /// The digest in lower-case hexadecimal digits.
    pub(super) fn hex(mut self) -> String {
        let bits = self.length.wrapping_mul(8);
        self.update(&[0x80]);
        let padding = (120 - self.filled()) % 64;
        self.update(&[0; 64][..padding]);
        self.update(&bits.to_le_bytes());
        let mut text = String::with_capacity(32);
        for byte in self.state.iter().flat_map(|word| word.to_le_bytes()) {
            // Writing to a text never fails.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    #[allow(clippy::cast_possible_truncation)] // below 64
    fn filled(&self) -> usize {
        (self.length % 64) as usize
    }

    fn mix(&mut self) {
        let mut words = [0_u32; 16];
        for (word, bytes) in words.iter_mut().zip(self.block.chunks_exact(4)) {
            *word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        }
        let [mut a, mut b, mut c, mut d] = self.state;
        for step in 0..64 {
            let (mixed, word) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), (5 * step + 1) % 16),
                2 => (b ^ c ^ d, (3 * step + 5) % 16),
                _ => (c ^ (b | !d), (7 * step) % 16),
            };
            let sum = mixed
                .wrapping_add(a)
                .wrapping_add(SINES[step])
                .wrapping_add(words[word]);
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(SHIFTS[step / 16][step % 4]));
        }
        for (word, more) in self.state.iter_mut().zip([a, b, c, d]) {
            *word = word.wrapping_add(more);
        }
    }
}

/// The digest that a header holds: `ETag` in hexadecimal digits, `Content-MD5` in base64. `None` if
/// it holds something else, such as the tag of an upload in parts.
pub(super) fn named(text: &str) -> Option<String> {
    let text = text.trim().trim_matches('"');
    if text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(text.to_ascii_lowercase());
    }
    let digits = text
        .strip_suffix("==")
        .filter(|digits| digits.len() == 22)?;
    let (mut bits, mut count, mut hex) = (0_u32, 0, String::new());
    for byte in digits.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        while count >= 4 && hex.len() < 32 {
            count -= 4;
            // Writing to a text never fails.
            let _ = write!(hex, "{:x}", (bits >> count) & 0xf);
        }
    }
    Some(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn md5(text: &str) -> String {
        let mut digest = Md5::default();
        // In pieces of all lengths.
        let mut rest = text.as_bytes();
        let mut length = 1;
        while !rest.is_empty() {
            let (piece, tail) = rest.split_at(length.min(rest.len()));
            digest.update(piece);
            rest = tail;
            length += 13;
        }
        digest.hex()
    }

    #[test]
    fn the_digests_of_the_standard() {
        let digits = "1234567890".repeat(8);
        for (text, digest) in [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("a", "0cc175b9c0f1b6a831c399e269772661"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            (
                "abcdefghijklmnopqrstuvwxyz",
                "c3fcd3d76192e4007dfb496cca67e13b",
            ),
            (digits.as_str(), "57edf4a22be3c955ac49da2e2107b67a"),
        ] {
            assert_eq!(md5(text), digest, "{text}");
        }
        for length in [55, 56, 63, 64, 65, 119, 120] {
            assert_eq!(md5(&"x".repeat(length)).len(), 32);
        }
    }

    #[test]
    fn what_a_header_names() {
        let empty = "d41d8cd98f00b204e9800998ecf8427e";
        for text in [
            "\"d41d8cd98f00b204e9800998ecf8427e\"",
            "D41D8CD98F00B204E9800998ECF8427E",
            "1B2M2Y8AsgTpgAmY7PhCfg==",
        ] {
            assert_eq!(named(text).as_deref(), Some(empty), "{text}");
        }
        for text in [
            "",
            "\"d41d8cd98f00b204e9800998ecf8427e-2\"",
            "W/\"5\"",
            "!B2M2Y8AsgTpgAmY7PhCfg==",
        ] {
            assert_eq!(named(text), None, "{text}");
        }
    }
}

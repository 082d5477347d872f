//! A body that arrives in pieces.

use bytes::Bytes;

/// The pieces of a body, joined once it is whole, or once there are so many small ones that they take
/// more memory than what is in them: a server may send every byte by itself.
#[derive(Debug, Default)]
pub struct Pieces {
    pieces: Vec<Bytes>,
    /// How many of them have been looked at, from the first on.
    seen: usize,
}

impl Pieces {
    /// Each piece takes some memory beyond its bytes, and keeps the buffer that it is a part of.
    const MOST: usize = 256;

    /// What is larger is worth its place.
    const SMALL: usize = 1024;

    /// Takes the next piece.
    pub fn push(&mut self, piece: Bytes) {
        self.pieces.push(piece);
        let latest = &self.pieces[self.seen..];
        if latest.len() < Self::MOST {
            return;
        }
        let bytes: usize = latest.iter().map(Bytes::len).sum();
        if bytes < Self::MOST * Self::SMALL {
            let joined = latest.concat();
            self.pieces.truncate(self.seen);
            self.pieces.push(joined.into());
        }
        self.seen = self.pieces.len();
    }

    /// The body, copied only if it came in several pieces.
    pub fn join(mut self) -> Bytes {
        match self.pieces.len() {
            0 | 1 => self.pieces.pop().unwrap_or_default(),
            _ => self.pieces.concat().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pieces_in_their_order() {
        for count in [0, 1, 2, 255, 256, 257, 1000, 70_000] {
            let mut pieces = Pieces::default();
            let bytes: Vec<u8> = (0..count).map(|n: u32| n.to_le_bytes()[0]).collect();
            for byte in bytes.chunks(1) {
                pieces.push(Bytes::copy_from_slice(byte));
            }
            assert!(pieces.pieces.len() <= 256 + 70_000 / 256);
            assert_eq!(pieces.join(), bytes);
        }
    }
}

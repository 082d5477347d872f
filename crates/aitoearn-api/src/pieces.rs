//! A body that arrives in pieces.

use bytes::Bytes;

/// The pieces of a body, joined once it is whole, or once there are so many that they take more
/// memory than what is in them: a server may send every byte by itself.
#[derive(Debug, Default)]
pub struct Pieces {
    /// Joined ones first.
    pieces: Vec<Bytes>,
    joined: usize,
}

impl Pieces {
    /// Each piece takes some memory beyond its bytes, and keeps the buffer that it is a part of.
    const MOST: usize = 256;

    /// Takes the next piece.
    pub fn push(&mut self, piece: Bytes) {
        self.pieces.push(piece);
        if self.pieces.len() - self.joined == Self::MOST {
            let joined = self.pieces[self.joined..].concat();
            self.pieces.truncate(self.joined);
            self.pieces.push(joined.into());
            self.joined += 1;
        }
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

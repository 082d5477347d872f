//! The files that are uploaded, and what the storage holds of them.

use std::collections::VecDeque;

use bytes::Bytes;
use jiff::Timestamp;

/// Over this size of all files, the bytes of the oldest are dropped.
const LARGEST_STORE: usize = 512 * 1024 * 1024;

/// A file that was announced.
#[derive(Debug)]
pub(crate) struct Asset {
    pub(crate) id: String,
    pub(crate) path: String,
    pub(crate) kind: String,
    pub(crate) filename: String,
    pub(crate) mime: &'static str,
    /// The size that was announced, if one was.
    pub(crate) size: Option<u64>,
    /// The query string that the storage insists on.
    pub(crate) signature: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) stored: Option<Stored>,
    pub(crate) confirmed: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// A file in the storage.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) size: u64,
    /// Empty once the file was dropped to make room for newer ones.
    pub(crate) bytes: Bytes,
}

/// All assets, and how the storage behaves.
#[derive(Debug)]
pub(crate) struct Assets {
    pub(crate) list: Vec<Asset>,
    /// The size from which a file is too large.
    pub(crate) max_size: u64,
    /// The storage answers the next requests with these statuses.
    pub(crate) storage_failures: VecDeque<u16>,
}

impl Default for Assets {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            max_size: 1024 * 1024 * 1024,
            storage_failures: VecDeque::new(),
        }
    }
}

impl Assets {
    /// The bytes that were uploaded for an asset, unless they were dropped.
    pub(crate) fn stored(&self, id: &str) -> Option<&Bytes> {
        let asset = self.list.iter().find(|asset| asset.id == id)?;
        let stored = asset.stored.as_ref()?;
        (stored.bytes.len() as u64 == stored.size).then_some(&stored.bytes)
    }

    /// Drops the bytes of the oldest files until `more` bytes fit.
    pub(crate) fn make_room(&mut self, more: usize) {
        let mut files: Vec<&mut Stored> = self
            .list
            .iter_mut()
            .filter_map(|asset| asset.stored.as_mut())
            .collect();
        let mut total: usize = files.iter().map(|file| file.bytes.len()).sum();
        for file in &mut files {
            if total + more <= LARGEST_STORE {
                return;
            }
            total -= file.bytes.len();
            file.bytes = Bytes::new();
        }
    }
}

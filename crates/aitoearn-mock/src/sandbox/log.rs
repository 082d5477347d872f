//! The log of requests, within a bound.

use std::collections::VecDeque;

use super::seen::Seen;

/// A body over this size is not kept.
const LARGEST_BODY: usize = 8 * 1024 * 1024;

/// The log drops its oldest requests when it is larger than this.
const LARGEST: usize = 64 * 1024 * 1024;

/// The newest requests, the oldest of them first.
#[derive(Debug, Default)]
pub(crate) struct Log {
    seen: VecDeque<Seen>,
    size: usize,
    dropped: u64,
}

impl Log {
    pub(crate) fn push(&mut self, mut seen: Seen) {
        if seen.body().len() > LARGEST_BODY {
            seen.drop_body();
        }
        self.size += seen.size();
        self.seen.push_back(seen);
        while self.size > LARGEST {
            let Some(oldest) = self.seen.pop_front() else {
                break;
            };
            self.size -= oldest.size();
            self.dropped += 1;
        }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.iter().cloned().collect()
    }

    /// How many requests the log has dropped.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }
}

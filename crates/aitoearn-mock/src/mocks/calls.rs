//! What a mock has been asked.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aitoearn_api::Operation;
use httpmock::Mock;

use crate::Seen;

/// The calls that one mock has answered.
pub struct Calls<'a> {
    operation: Operation,
    mock: Mock<'a>,
    seen: Log,
}

/// Filled by the mock, read by the test.
pub(super) type Log = Arc<Mutex<Vec<Seen>>>;

impl<'a> Calls<'a> {
    pub(super) fn new(operation: Operation, mock: Mock<'a>, seen: Log) -> Self {
        Self {
            operation,
            mock,
            seen,
        }
    }

    /// How many there were.
    pub fn count(&self) -> usize {
        self.mock.calls()
    }

    /// The requests, the oldest first.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// There was exactly one.
    ///
    /// # Panics
    /// When there was none, or more; the message shows the request that came
    /// nearest.
    #[track_caller]
    pub fn assert_once(&self) {
        self.assert_times(1);
    }

    /// There were exactly so many.
    ///
    /// # Panics
    /// When there were fewer or more; if there were none, the message shows
    /// the request that came nearest.
    #[track_caller]
    pub fn assert_times(&self, times: usize) {
        let count = self.count();
        assert!(
            count == times || count == 0,
            "{} was to be called {times} times, and was called {count} times: {:#?}",
            self.operation,
            self.seen()
        );
        if count != times {
            // httpmock knows the other requests, and shows the nearest.
            self.mock.assert_calls(times);
        }
    }

    /// There was none.
    ///
    /// # Panics
    /// When there was one.
    #[track_caller]
    pub fn assert_never(&self) {
        self.assert_times(0);
    }
}

impl fmt::Debug for Calls<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Calls").field(&self.seen()).finish()
    }
}

//! The sandbox's clock: real time, plus whatever a test has added to it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

/// The clock by which the sandbox lives.
///
/// It starts at the present and runs as the real one does; [`Clock::advance`]
/// moves it forward. Five-minute sessions, signed upload addresses and
/// scheduled posts all obey it, so that a test of an expiry takes no time. The
/// `Date` of every answer is its time: a wait for a scheduled post goes by that.
///
/// ```
/// use std::time::Duration;
/// use aitoearn_mock::Sandbox;
///
/// # fn main() -> std::io::Result<()> {
/// let sandbox = Sandbox::start()?;
/// let before = sandbox.clock().now();
/// sandbox.clock().advance(Duration::from_secs(300));
/// assert!(sandbox.clock().now() >= before + Duration::from_secs(300));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead: Arc<Mutex<Duration>>,
}

impl Clock {
    /// Moves the clock forward. There is no way back: time in the service
    /// never runs backwards either.
    pub fn advance(&self, by: Duration) {
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        *ahead = ahead.saturating_add(by);
    }

    /// What the sandbox takes the time to be.
    pub fn now(&self) -> SystemTime {
        let ahead = *self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        let now = SystemTime::now();
        now.checked_add(ahead).unwrap_or(now)
    }

    /// The same, in the form the rooms calculate with. A clock that was moved
    /// beyond the year 9999 stands still there.
    pub(crate) fn timestamp(&self) -> Timestamp {
        Timestamp::try_from(self.now()).unwrap_or(Timestamp::MAX)
    }
}

/// A moment as the service writes it: UTC, milliseconds, `Z`.
pub(crate) fn iso(moment: Timestamp) -> String {
    format!("{moment:.3}")
}

/// A moment as HTTP writes it.
pub(crate) fn http_date(moment: Timestamp) -> String {
    moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// `moment` that many seconds later.
pub(crate) fn later(moment: Timestamp, seconds: i64) -> Timestamp {
    moment
        .checked_add(jiff::SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::MAX)
}

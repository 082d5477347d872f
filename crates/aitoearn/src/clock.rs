//! The clock and the timers that limits and waits go by.
//!
//! Monotonic, and paused in tests. tokio's own panic in a browser, as the clocks of `std` do.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use aitoearn_api::__private::now;

#[cfg(not(target_family = "wasm"))]
pub(crate) use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout, timeout_at};
#[cfg(target_family = "wasm")]
pub(crate) use wasmtimer::{
    std::Instant,
    tokio::{Sleep, sleep, sleep_until, timeout, timeout_at},
};

/// How far the service's clock is ahead of this machine's, as the last answer that matters said.
///
/// A post comes due by the service's clock. One that is behind is of no interest: then posts are
/// polled a little early.
#[derive(Default)]
pub(crate) struct ServerClock {
    seconds_ahead: AtomicU64,
}

impl ServerClock {
    /// Clocks differ by this much, and answers take this long, without meaning anything.
    const USUAL: u64 = 30;

    /// Notes the `Date` of an answer.
    pub(crate) fn note(&self, date: Option<SystemTime>) {
        let ahead = date.and_then(|date| date.duration_since(now()).ok());
        let ahead = ahead.map_or(0, |ahead| ahead.as_secs());
        let ahead = if ahead > Self::USUAL { ahead } else { 0 };
        self.seconds_ahead.store(ahead, Ordering::Relaxed);
    }

    /// How long it is until then.
    pub(crate) fn until(&self, moment: SystemTime) -> Duration {
        let left = moment.duration_since(now()).unwrap_or_default();
        let ahead = Duration::from_secs(self.seconds_ahead.load(Ordering::Relaxed));
        left.saturating_sub(ahead).min(LONGEST)
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Longer than anybody waits, and within what a timer can hold. A browser's counts milliseconds in
/// 31 bits.
pub(crate) const LONGEST: Duration = if cfg!(target_family = "wasm") {
    DAY.saturating_mul(20)
} else {
    DAY.saturating_mul(365)
};

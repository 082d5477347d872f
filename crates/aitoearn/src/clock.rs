//! The clock and the timers that limits and waits go by.
//!
//! Monotonic, and paused in tests. tokio's own panic in a browser, as the clocks of `std` do.

use std::time::Duration;

#[cfg(not(target_family = "wasm"))]
pub(crate) use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout, timeout_at};
#[cfg(target_family = "wasm")]
pub(crate) use wasmtimer::{
    std::Instant,
    tokio::{Sleep, sleep, sleep_until, timeout, timeout_at},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Longer than anybody waits, and within what a timer can hold. A browser's counts milliseconds in
/// 31 bits.
pub(crate) const LONGEST: Duration = if cfg!(target_family = "wasm") {
    DAY.saturating_mul(20)
} else {
    DAY.saturating_mul(365)
};

//! How often a route may be called.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::clock::later;
use super::envelope::Refusal;

/// Seconds after which counting begins anew.
const WINDOW: i64 = 60;

/// The calls of one route in the present minute.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    ends_at: Timestamp,
    calls: u32,
}

impl Throttle {
    /// Counts a call; from the one over `most` on, code 429 says in `data.ttl`
    /// how many seconds are left.
    pub(crate) fn admit(&mut self, most: u32, now: Timestamp) -> Result<(), Refusal> {
        if now >= self.ends_at {
            self.ends_at = later(now, WINDOW);
            self.calls = 0;
        }
        self.calls = self.calls.saturating_add(1);
        if self.calls <= most {
            return Ok(());
        }
        let left = self.ends_at.duration_since(now) + SignedDuration::from_millis(999);
        Err(Refusal::with(429, json!({ "ttl": left.as_secs() })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_its_calls_and_the_next_one_has_its_own() {
        let mut throttle = Throttle::default();
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(throttle.admit(2, now), Ok(()));
        assert_eq!(throttle.admit(2, later(now, 20)), Ok(()));
        let refusal = Refusal::with(429, json!({ "ttl": 40 }));
        assert_eq!(throttle.admit(2, later(now, 20)), Err(refusal));
        assert_eq!(throttle.admit(2, later(now, 60)), Ok(()));
    }
}

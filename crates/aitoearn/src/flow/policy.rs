//! How often and how long something is looked at.

use std::time::Duration;

use crate::clock::LONGEST;

/// How often, how long and how patiently a [`Wait`](super::Wait) asks.
///
/// ```
/// use std::time::Duration;
/// use aitoearn::flow::PollPolicy;
///
/// // After 2 s, 3 s, 4.5 s and so on up to 10 s, for half an hour.
/// let patient = PollPolicy::growing(Duration::from_secs(2), Duration::from_secs(10))
///     .deadline(Duration::from_secs(30 * 60));
/// # let _ = patient;
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use]
pub struct PollPolicy {
    pub(super) delay: Duration,
    first: Duration,
    factor: f64,
    longest: Duration,
    shortest: Duration,
    deadline: Duration,
    tolerated: u32,
}

impl PollPolicy {
    /// The same interval again and again.
    pub fn every(interval: Duration) -> Self {
        Self::growing(interval, interval)
    }

    /// Intervals that begin with `first` and grow by half each time, up to `longest`.
    pub fn growing(first: Duration, longest: Duration) -> Self {
        Self {
            delay: Duration::ZERO,
            first,
            factor: 1.5,
            longest,
            shortest: Duration::from_secs(1),
            deadline: Duration::from_secs(10 * 60),
            tolerated: 5,
        }
    }

    /// What each interval is multiplied by for the next one. Default 1.5; less
    /// than 1 counts as 1.
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = factor.max(1.0);
        self
    }

    /// The time before the first look. Default: none.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The time from the first look to the end of the wait, whatever has been
    /// found until then. Default 10 minutes; there is always one.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }

    /// No interval is shorter than this. Default 1 s. Less is for a sandbox of
    /// your own: the hosted sites only answer that you ask too often.
    pub fn shortest(mut self, interval: Duration) -> Self {
        self.shortest = interval;
        self
    }

    /// How many looks in a row may fail for a passing reason, such as a broken
    /// connection. Default 5: the sixth ends the wait.
    pub fn tolerate(mut self, failures: u32) -> Self {
        self.tolerated = failures;
        self
    }

    pub(super) fn tolerates(&self, failures: u32) -> bool {
        failures <= self.tolerated
    }

    pub(super) fn limit(&self) -> Duration {
        self.deadline.min(LONGEST)
    }

    /// The policy of something that has only just begun: it is not looked at at once.
    pub(super) fn just_begun(self) -> Self {
        self.delay(self.first)
    }

    /// The interval after this many looks, from 1. Up to a tenth more or less, so
    /// that many waits do not come back at once.
    pub(super) fn interval(&self, looks: u32) -> Duration {
        let times = i32::try_from(looks.saturating_sub(1)).unwrap_or(i32::MAX);
        let grown = self.first.as_secs_f64() * self.factor.powi(times);
        let grown = Duration::try_from_secs_f64(grown)
            .unwrap_or(LONGEST)
            .min(self.longest)
            .min(LONGEST);
        grown
            .mul_f64(0.9 + 0.2 * fastrand::f64())
            .max(self.shortest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(actual: Duration, seconds: f64) {
        let actual = actual.as_secs_f64();
        let range = seconds * 0.899..=seconds * 1.101;
        assert!(range.contains(&actual), "{actual} is not about {seconds}");
    }

    #[test]
    fn intervals_grow_to_the_longest() {
        let policy = PollPolicy::growing(Duration::from_secs(2), Duration::from_secs(10));
        for (looks, seconds) in (1..).zip([2.0, 3.0, 4.5, 6.75, 10.0, 10.0]) {
            about(policy.interval(looks), seconds);
        }
        about(policy.interval(u32::MAX), 10.0);
        let steady = PollPolicy::every(Duration::from_secs(2));
        about(steady.interval(1), 2.0);
        about(steady.interval(9), 2.0);
    }

    #[test]
    fn no_interval_is_below_a_second_unless_allowed() {
        let hasty = PollPolicy::every(Duration::ZERO);
        assert_eq!(hasty.interval(1), Duration::from_secs(1));
        let allowed = hasty.shortest(Duration::ZERO);
        assert_eq!(allowed.interval(1), Duration::ZERO);
    }

    #[test]
    fn absurd_numbers_are_survived() {
        let endless = PollPolicy::growing(Duration::MAX, Duration::MAX)
            .factor(f64::INFINITY)
            .deadline(Duration::MAX);
        assert!(endless.interval(3) <= LONGEST * 2 && endless.limit() == LONGEST);
        let odd = PollPolicy::every(Duration::from_secs(3)).factor(f64::NAN);
        about(odd.interval(7), 3.0);
    }
}

//! When a failed attempt is repeated, and how long to wait before it.

use std::{future::Future, time::Duration};

use aitoearn_api::{Operation, RetryClass};

use crate::{
    clock::{Instant, LONGEST, sleep},
    error::Error,
    trace,
};

/// How often and how patiently a call is repeated.
///
/// *Whether* a failure may be repeated follows from the operation (see
/// [Retries](crate#retries)); this says how often and how long.
///
/// ```
/// use aitoearn::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_retries(5);
/// let never = RetryPolicy::none();
/// # let _ = (patient, never);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_retries: u32,
    first_wait: Duration,
    longest_wait: Duration,
    give_up_after: Duration,
    longest_server_wait: Duration,
    repeat_effects: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 2,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(8),
            give_up_after: Duration::from_secs(60),
            longest_server_wait: Duration::from_secs(60),
            repeat_effects: false,
        }
    }
}

impl RetryPolicy {
    /// One attempt, whatever happens.
    pub fn none() -> Self {
        Self::default().max_retries(0)
    }

    /// How many times an attempt may be repeated. Default 2, so 3 attempts.
    pub fn max_retries(mut self, count: u32) -> Self {
        self.max_retries = count;
        self
    }

    /// The wait before the first retry, doubled for each further one up to
    /// `longest`. Default 0.5 s and 8 s. Each wait is shortened at random by
    /// up to a quarter, so that many clients do not come back at once.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first_wait = first;
        self.longest_wait = longest;
        self
    }

    /// No further retry is begun once the call has taken this long. Default 60 s.
    pub fn give_up_after(mut self, limit: Duration) -> Self {
        self.give_up_after = limit;
        self
    }

    /// The longest wait that the service may ask for (`Retry-After`, or
    /// `data.ttl` of a throttled route). Default 60 s. If it asks for more, the
    /// error comes back at once, with [`Error::retry_after`].
    pub fn longest_server_wait(mut self, limit: Duration) -> Self {
        self.longest_server_wait = limit;
        self
    }

    /// Repeats calls with an effect as freely as reads. Default off.
    ///
    /// **What the call does may then be done, and billed, more than once.** The
    /// outcome of a failure can still be unknown: it remains an
    /// [`Error::Ambiguous`].
    pub fn repeat_effects(mut self, yes: bool) -> Self {
        self.repeat_effects = yes;
        self
    }

    /// For an effect that is done once however often it is asked for, because the
    /// request names it. One attempt may take longer than anybody repeats calls
    /// by default, so its time comes on top.
    pub(crate) fn for_named_effect(self, attempt: Duration) -> Self {
        let limit = self.give_up_after.saturating_add(attempt);
        self.repeat_effects(true).give_up_after(limit)
    }

    /// How many times an attempt may be repeated.
    pub(crate) fn retries(&self) -> u32 {
        self.max_retries
    }

    /// The wait before another attempt after `retries` of them, whatever it is for.
    pub(crate) fn backoff_after(&self, retries: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(retries);
        let backoff = self
            .first_wait
            .saturating_mul(doubled)
            .min(self.longest_wait);
        scaled(backoff, 1.0 - 0.25 * fastrand::f64())
    }

    /// The wait before another attempt after `retries` of them, or `None` to stop.
    fn wait(
        &self,
        class: RetryClass,
        error: &Error,
        retries: u32,
        elapsed: Duration,
    ) -> Option<Duration> {
        let class = match class {
            RetryClass::Effect if self.repeat_effects => RetryClass::Idempotent,
            class => class,
        };
        if retries >= self.max_retries || elapsed >= self.give_up_after || !error.may_repeat(class)
        {
            return None;
        }
        let own = self.backoff_after(retries);
        match error.retry_after() {
            Some(asked) if asked > self.longest_server_wait => None,
            // Never earlier than asked, and not all clients at the same moment.
            Some(asked) => Some(own.max(scaled(asked, 1.0 + 0.1 * fastrand::f64()))),
            None => Some(own),
        }
    }
}

/// `wait` times `factor`, within what a timer can hold.
fn scaled(wait: Duration, factor: f64) -> Duration {
    wait.min(LONGEST).mul_f64(factor)
}

/// Makes attempts until one succeeds or the policy says stop.
///
/// `attempt` is called with the number of the attempt, from 1. The clock is
/// tokio's: monotonic, and paused in tests.
pub(crate) async fn run<T, F, Fut>(
    policy: &RetryPolicy,
    operation: &'static Operation,
    mut attempt: F,
) -> Result<T, Error>
where
    F: FnMut(u32) -> Fut,
    Fut: Future<Output = Result<T, Error>>,
{
    let begun = Instant::now();
    let mut outcome_unknown = false;
    let mut retries = 0;
    loop {
        let error = match attempt(retries + 1).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        outcome_unknown |= error.leaves_effect_unknown(operation);
        let wait = policy.wait(operation.retry, &error, retries, begun.elapsed());
        trace::attempt_failed(&error, wait);
        let Some(wait) = wait else {
            return Err(if outcome_unknown {
                error.into_ambiguous()
            } else {
                error
            });
        };
        retries += 1;
        sleep(wait).await;
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use aitoearn_api::operations::{ACCOUNTS_LIST, AUTH_START};

    use super::*;
    use crate::error::testing;

    const SECOND: Duration = Duration::from_secs(1);

    /// Fails each attempt with what `fail` makes of its number; gives the error
    /// and when the attempts began.
    async fn times(
        policy: RetryPolicy,
        operation: &'static Operation,
        fail: impl Fn(u32) -> Error,
    ) -> (Error, Vec<Duration>) {
        let begun = Instant::now();
        let starts = Rc::new(RefCell::new(Vec::new()));
        let result = run(&policy, operation, |number| {
            starts.borrow_mut().push(begun.elapsed());
            let error = fail(number);
            async move { Err::<(), _>(error) }
        })
        .await;
        (result.expect_err("every attempt fails"), starts.take())
    }

    /// tokio's clock ticks in milliseconds.
    fn about(actual: Duration, shortest: f64, longest: f64) {
        let seconds = actual.as_secs_f64();
        assert!(
            seconds >= shortest && seconds <= longest + 0.002,
            "{seconds} not in {shortest}..{longest}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn waits_double_up_to_the_longest_and_are_shortened_by_a_quarter_at_most() {
        let policy = RetryPolicy::default()
            .max_retries(7)
            .give_up_after(1000 * SECOND);
        let (error, starts) = times(policy, &ACCOUNTS_LIST, |n| testing::http(n, 503, None)).await;
        assert_eq!(error.attempts(), 8);
        for (pair, wait) in starts.windows(2).zip([0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]) {
            about(pair[1].saturating_sub(pair[0]), wait * 0.75, wait);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn two_retries_by_default_and_none_if_told_so() {
        let (_, starts) = times(RetryPolicy::default(), &ACCOUNTS_LIST, |n| {
            testing::http(n, 502, None)
        })
        .await;
        assert_eq!(starts.len(), 3);
        let (_, starts) = times(RetryPolicy::none(), &ACCOUNTS_LIST, |n| {
            testing::http(n, 502, None)
        })
        .await;
        assert_eq!(starts.len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn the_services_wait_is_obeyed_and_never_undercut() {
        for asked in [2, 60] {
            let fail = |n| testing::http(n, 429, Some(asked));
            let (_, starts) = times(RetryPolicy::default().max_retries(1), &AUTH_START, fail).await;
            let asked = Duration::from_secs(asked).as_secs_f64();
            about(starts[1], asked, asked * 1.1);
        }
        // No wait asked for: ours remains.
        let fail = |n| testing::http(n, 429, Some(0));
        let (_, starts) = times(RetryPolicy::default(), &ACCOUNTS_LIST, fail).await;
        about(starts[1], 0.375, 0.5);
    }

    #[tokio::test(start_paused = true)]
    async fn a_ttl_in_the_details_is_obeyed_too() {
        let fail = |n| testing::api(n, r#"{"code":429,"message":"slow down","data":{"ttl":7}}"#);
        let (error, starts) =
            times(RetryPolicy::default().max_retries(1), &ACCOUNTS_LIST, fail).await;
        about(starts[1], 7.0, 7.7);
        assert_eq!(error.retry_after(), Some(7 * SECOND));
    }

    #[tokio::test(start_paused = true)]
    async fn too_long_a_wait_is_handed_to_the_caller() {
        let fail = |n| testing::http(n, 503, Some(61));
        let (error, starts) = times(RetryPolicy::default(), &ACCOUNTS_LIST, fail).await;
        assert_eq!(starts, [Duration::ZERO]);
        assert_eq!(error.retry_after(), Some(61 * SECOND));
        assert!(error.is_retryable());
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_repeated_once_the_time_is_up() {
        let fail = |n| testing::http(n, 503, Some(40));
        let (_, starts) = times(RetryPolicy::default().max_retries(9), &ACCOUNTS_LIST, fail).await;
        assert_eq!(starts.len(), 3, "at 0 s, 40 s and 80 s: {starts:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn absurd_numbers_do_not_overflow() {
        let policy = RetryPolicy::default()
            .max_retries(40)
            .backoff(Duration::from_millis(1), Duration::from_millis(2))
            .longest_server_wait(Duration::MAX);
        let (_, starts) = times(policy, &ACCOUNTS_LIST, |n| testing::http(n, 503, None)).await;
        assert_eq!(starts.len(), 41);
        let policy = policy.backoff(Duration::MAX, Duration::MAX);
        assert!(
            policy
                .wait(RetryClass::Read, &testing::http(1, 503, None), 3, SECOND)
                .is_some()
        );
        let endless = testing::http(1, 503, Some(u64::MAX));
        assert!(policy.wait(RetryClass::Read, &endless, 3, SECOND).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_named_effect_is_repeated_even_after_one_attempt_took_all_its_time() {
        let limit = 120 * SECOND;
        let attempts = async |policy: RetryPolicy| {
            let count = RefCell::new(0);
            let result = run(&policy, &AUTH_START, |number| {
                *count.borrow_mut() += 1;
                async move {
                    sleep(limit).await;
                    Err::<(), _>(testing::http(number, 502, None))
                }
            })
            .await;
            assert!(matches!(result, Err(Error::Ambiguous(_))));
            count.take()
        };
        let policy = RetryPolicy::default();
        assert_eq!(attempts(policy).await, 1);
        assert_eq!(attempts(policy.for_named_effect(limit)).await, 2);
        let none = RetryPolicy::none();
        assert_eq!(attempts(none.for_named_effect(limit)).await, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lost_effect_stays_unknown_whatever_follows() {
        let policy = RetryPolicy::default().repeat_effects(true);
        // The first attempt may have been done, the second one is refused.
        let fail = |n| match n {
            1 => testing::http(n, 502, None),
            _ => testing::api(n, r#"{"code":15032,"message":"no"}"#),
        };
        let (error, starts) = times(policy, &AUTH_START, fail).await;
        assert_eq!(starts.len(), 2);
        assert!(matches!(error, Error::Ambiguous(_)), "{error:?}");
        assert_eq!(error.code(), Some(15032.into()));
        assert_eq!(error.attempts(), 2);
    }
}

//! The one loop that waits, whatever it waits for.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use aitoearn_api::Mended;
use futures_core::Stream;

use super::{Handle, Job, Look, PollPolicy, WaitError, WaitReason};
use crate::{
    Client, Error,
    client::Notes,
    clock::{Instant, LONGEST, sleep_until, timeout_at},
    local::BoxFuture,
    pools::check_runtime,
};

impl Client {
    /// Waits for a job at this client's server, such as one whose id you know.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use aitoearn::flow::VideoJob;
    ///
    /// let job = VideoJob { id: "66f2a9c4d81e5b0037c4a1a0".into() };
    /// println!("{}", client.wait_for(job).await?.url);
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_for<J: Job>(&self, job: J) -> Wait<J> {
        self.resume(Handle::new(self, job))
    }

    /// Goes on waiting for what another process began.
    ///
    /// A handle of another server is refused with [`Error::Config`] when the
    /// wait begins, and nothing is sent.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use aitoearn::flow::{Handle, VideoJob};
    ///
    /// let handle: Handle<VideoJob> = serde_json::from_slice(&std::fs::read("video.json")?)?;
    /// println!("{}", client.resume(handle).await?.url);
    /// # Ok(())
    /// # }
    /// ```
    pub fn resume<J: Job>(&self, handle: Handle<J>) -> Wait<J> {
        Wait {
            client: self.clone(),
            policy: handle.job().policy(),
            handle,
        }
    }
}

/// A wait that is ready to begin: `.await` it for the end, or
/// [`watch`](Self::watch) it, or take its [`updates`](Self::updates) as a stream.
///
/// Dropping it, or what it has become, ends it: nothing is sent afterwards. The
/// job itself goes on at the service, and [`handle`](Self::handle) finds it again.
#[derive(Debug)]
#[must_use = "a wait does nothing until it is awaited"]
pub struct Wait<J: Job> {
    client: Client,
    handle: Handle<J>,
    policy: PollPolicy,
}

impl<J: Job> Wait<J> {
    /// For what this client has just started.
    pub(crate) fn just_begun(client: &Client, job: J) -> Self {
        let wait = client.wait_for(job);
        let policy = wait.policy.just_begun();
        wait.policy(policy)
    }

    /// What is waited for. Save it, so that another process can go on.
    pub fn handle(&self) -> &Handle<J> {
        &self.handle
    }

    /// How often and how long to look. Default: as suits the job.
    pub fn policy(mut self, policy: PollPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// The time from the first look to the end of the wait. Default: as suits
    /// the job.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.policy = self.policy.deadline(limit);
        self
    }

    /// Waits for the end, and tells what each look finds on the way.
    ///
    /// # Errors
    ///
    /// [`WaitError`], as when awaited.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use aitoearn::flow::Update;
    ///
    /// let wait = client.video().generate("the model's name", "A paper boat, rain").start().await?;
    /// let video = wait
    ///     .watch(|update| {
    ///         if let Update::Pending(task) = update {
    ///             println!("{}", task.status);
    ///         }
    ///     })
    ///     .await?;
    /// println!("ready: {}", video.url);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn watch(self, mut tell: impl FnMut(Update<J>)) -> Result<J::Output, WaitError<J>> {
        let mut waiting = self.waiting(&Notes::default());
        loop {
            match waiting.step().await {
                Step::On(update, rest) => {
                    tell(update);
                    waiting = rest;
                }
                Step::End(end) => return end,
            }
        }
    }

    /// Waits for the end, and returns what was missing or odd in the answers on the way: nothing, as
    /// a rule; see [`Response::mended`](crate::Response::mended).
    ///
    /// # Errors
    ///
    /// [`WaitError`], as when awaited.
    pub async fn with_mended(self) -> Result<(J::Output, Mended), WaitError<J>> {
        let notes = Notes::default();
        let mut waiting = self.waiting(&notes);
        loop {
            match waiting.step().await {
                Step::On(_, rest) => waiting = rest,
                Step::End(end) => return end.map(|output| (output, notes.mended())),
            }
        }
    }

    /// Everything that each look finds, as a stream.
    pub fn updates(self) -> Updates<J> {
        let notes = Notes::default();
        Updates {
            step: Some(Box::pin(self.waiting(&notes).step())),
            notes,
        }
    }

    fn waiting(self, notes: &Notes) -> Waiting<J> {
        Waiting {
            client: self.client.noting(notes),
            handle: self.handle,
            policy: self.policy,
            begun: None,
            next: None,
            patience: FIRST_PATIENCE,
            looks: 0,
            failures: 0,
            last: None,
        }
    }
}

impl<J: Job> IntoFuture for Wait<J> {
    type Output = Result<J::Output, WaitError<J>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.watch(drop))
    }
}

/// What is told while a [`Job`] is waited for.
#[derive(Debug)]
#[non_exhaustive]
pub enum Update<J: Job> {
    /// A look found it unfinished, in this state. Each look tells, even if
    /// nothing has changed.
    Pending(J::State),
    /// A look failed for a passing reason; another will follow.
    Interrupted(Error),
    /// It has ended well, and so has the stream.
    Done(J::Output),
}

/// What is found while waiting, look by look; made by [`Wait::updates`].
///
/// The last item is [`Update::Done`] or an error. The next look is made only
/// when an item is asked for, and never before the previous one was answered.
#[must_use = "a stream does nothing until it is read"]
pub struct Updates<J: Job> {
    step: Option<BoxFuture<'static, Step<J>>>,
    notes: Notes,
}

enum Step<J: Job> {
    On(Update<J>, Waiting<J>),
    End(Result<J::Output, WaitError<J>>),
}

impl<J: Job> Updates<J> {
    /// What was missing or odd in the answers so far. Nothing, as a rule; see
    /// [`Response::mended`](crate::Response::mended).
    pub fn mended(&self) -> Mended {
        self.notes.mended()
    }

    /// The next item, or `None` after the last. May be dropped and called again
    /// without losing anything.
    ///
    /// # Errors
    ///
    /// [`WaitError`], which ends the stream.
    pub async fn next(&mut self) -> Option<Result<Update<J>, WaitError<J>>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<J: Job> Stream for Updates<J> {
    type Item = Result<Update<J>, WaitError<J>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(step) = &mut self.step else {
            return Poll::Ready(None);
        };
        let (item, rest) = match ready!(step.as_mut().poll(cx)) {
            Step::On(update, rest) => (Ok(update), Some(rest)),
            Step::End(end) => (end.map(Update::Done), None),
        };
        self.step = rest.map(|rest| -> BoxFuture<'static, Step<J>> { Box::pin(rest.step()) });
        Poll::Ready(Some(item))
    }
}

impl<J: Job> fmt::Debug for Updates<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Updates")
            .field("kind", &J::KIND)
            .field("ended", &self.step.is_none())
            .finish_non_exhaustive()
    }
}

async fn pause_until(moment: Instant) {
    // Not even a delay of zero: a timer takes a millisecond.
    if moment > Instant::now() {
        sleep_until(moment).await;
    }
}

/// While a job cannot have changed, it is polled after this time, then twice that, and so on: the
/// service's clock may not be this machine's, and a post may be hurried.
const FIRST_PATIENCE: Duration = Duration::from_secs(1);

/// A wait that goes on. The clock is tokio's where there is one: monotonic, and paused in tests.
struct Waiting<J: Job> {
    client: Client,
    handle: Handle<J>,
    policy: PollPolicy,
    /// When the job could first have changed. The deadline counts from then.
    begun: Option<Instant>,
    next: Option<Instant>,
    patience: Duration,
    looks: u32,
    /// In a row.
    failures: u32,
    /// What the last answered poll found.
    last: Option<J::State>,
}

impl<J: Job> Waiting<J> {
    async fn step(mut self) -> Step<J> {
        let next = match self.next {
            Some(next) => next,
            None => match self.first_look() {
                Ok(next) => next,
                Err(error) => return self.end(WaitReason::Call(error)),
            },
        };
        let found = if let Some(begun) = self.begun {
            self.look(begun, next).await
        } else {
            pause_until(next).await;
            let is_early =
                self.handle.job().may_come_early() && !self.until(self.last.as_ref()).is_zero();
            if is_early {
                Ok(self.handle.job().look(&self.client).await)
            } else {
                let begun = Instant::now();
                self.begun = Some(begun);
                self.look(begun, begun).await
            }
        };
        let found = match found {
            Ok(found) => found,
            Err(waited) => {
                let looks = self.looks;
                return self.end(WaitReason::Deadline { waited, looks });
            }
        };
        self.looks = self.looks.saturating_add(1);
        match found {
            Ok(Look::Pending(state)) => {
                self.failures = 0;
                self.last = Some(state.clone());
                let at_least = self.held(Some(&state));
                self.go_on(Update::Pending(state), at_least)
            }
            Ok(Look::Done(output)) => Step::End(Ok(output)),
            Ok(Look::Failed(failure)) => self.end(WaitReason::Failed(failure)),
            Err(error) => {
                self.failures = self.failures.saturating_add(1);
                if !error.is_retryable() || !self.policy.tolerates(self.failures) {
                    return self.end(WaitReason::Call(error));
                }
                let asked = error.retry_after().unwrap_or_default();
                self.go_on(Update::Interrupted(error), asked)
            }
        }
    }

    /// When the first look is made.
    fn first_look(&mut self) -> Result<Instant, Error> {
        self.handle.check(&self.client)?;
        check_runtime()?;
        let delay = self.policy.delay.max(self.held(None));
        Ok(Instant::now() + delay.min(LONGEST))
    }

    /// A look at its time, unless the deadline comes first; then, how long it all took.
    async fn look(
        &self,
        begun: Instant,
        next: Instant,
    ) -> Result<Result<Look<J>, Error>, Duration> {
        let look = async {
            pause_until(next).await;
            self.handle.job().look(&self.client).await
        };
        let found = timeout_at(begun + self.policy.limit(), look).await;
        found.map_err(|_| begun.elapsed())
    }

    /// How long there is nothing new to be found, by the service's clock.
    fn until(&self, found: Option<&J::State>) -> Duration {
        let moment = self.handle.job().not_before(found);
        moment.map_or(Duration::ZERO, |it| self.client.server_clock().until(it))
    }

    /// How long to wait for that. Not all of it at once where it may come early.
    fn held(&mut self, found: Option<&J::State>) -> Duration {
        let left = self.until(found);
        if left.is_zero() || !self.handle.job().may_come_early() {
            return left;
        }
        let patience = self.patience;
        self.patience = patience.saturating_mul(2);
        left.min(patience)
    }

    /// `at_least` is what the service or the job asks for; the deadline holds all
    /// the same.
    fn go_on(mut self, update: Update<J>, at_least: Duration) -> Step<J> {
        let pause = self.policy.interval(self.looks).max(at_least);
        self.next = Some(Instant::now() + pause.min(LONGEST));
        Step::On(update, self)
    }

    fn end(self, reason: WaitReason<J>) -> Step<J> {
        Step::End(Err(WaitError::new(self.handle, reason, self.last)))
    }
}

//! What happens to the posts of a flow, one thing after the other.

use std::{
    collections::VecDeque,
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};

use aitoearn_api::Mended;
use futures_core::Stream;

use super::{FlowJob, FlowOutcome, FlowTask};
use crate::{
    Error,
    flow::{Update, Updates, Wait, WaitError},
};

/// What happens while a flow is waited for.
#[derive(Debug)]
#[non_exhaustive]
pub enum FlowEvent {
    /// A task was seen for the first time, or is no longer as it was. A hand-off
    /// is in its [`state`](FlowTask::state), with the link for the user.
    Changed(Box<FlowTask>),
    /// A look failed for a passing reason; another will follow.
    Interrupted(Error),
    /// Nothing more happens by itself, and the stream has ended.
    Ended(FlowOutcome),
}

/// The events of a flow, made by [`Wait::events`].
///
/// The last one is [`FlowEvent::Ended`] or an error.
#[must_use = "a stream does nothing until it is read"]
pub struct FlowEvents {
    updates: Updates<FlowJob>,
    seen: Vec<FlowTask>,
    due: VecDeque<FlowEvent>,
}

impl Wait<FlowJob> {
    /// What happens to each post, as it happens.
    ///
    /// ```no_run
    /// # async fn example(flow: aitoearn::flow::CreatedFlow) -> Result<(), Box<dyn std::error::Error>> {
    /// use aitoearn::flow::{FlowEvent, TaskState};
    ///
    /// let mut events = flow.wait().events();
    /// while let Some(event) = events.next().await {
    ///     match event? {
    ///         FlowEvent::Changed(task) => match &task.state {
    ///             TaskState::AwaitingUser(action) => {
    ///                 println!("Please open {} on your phone", action.short_link);
    ///             }
    ///             _ => println!("{task}"),
    ///         },
    ///         FlowEvent::Interrupted(error) => println!("{error}; trying again"),
    ///         FlowEvent::Ended(outcome) => println!("{outcome}"),
    ///         _ => {}
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn events(self) -> FlowEvents {
        FlowEvents {
            updates: self.updates(),
            seen: Vec::new(),
            due: VecDeque::new(),
        }
    }
}

impl FlowEvents {
    /// What was missing or odd in the answers so far. Nothing, as a rule; see
    /// [`Response::mended`](crate::Response::mended).
    pub fn mended(&self) -> Mended {
        self.updates.mended()
    }

    /// The next event, or `None` after the last. May be dropped and called again
    /// without losing anything.
    ///
    /// # Errors
    ///
    /// [`WaitError`], which ends the stream.
    pub async fn next(&mut self) -> Option<Result<FlowEvent, WaitError<FlowJob>>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    fn note(&mut self, tasks: Vec<FlowTask>) {
        let changed = tasks.iter().filter(|task| !self.seen.contains(task));
        let changed = changed.cloned().map(Box::new);
        self.due.extend(changed.map(FlowEvent::Changed));
        self.seen = tasks;
    }
}

impl Stream for FlowEvents {
    type Item = Result<FlowEvent, WaitError<FlowJob>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(event) = self.due.pop_front() {
                return Poll::Ready(Some(Ok(event)));
            }
            match ready!(Pin::new(&mut self.updates).poll_next(cx)) {
                Some(Ok(Update::Pending(tasks))) => self.note(tasks),
                Some(Ok(Update::Interrupted(error))) => {
                    self.due.push_back(FlowEvent::Interrupted(error));
                }
                Some(Ok(Update::Done(outcome))) => {
                    self.note(outcome.tasks.clone());
                    self.due.push_back(FlowEvent::Ended(outcome));
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl fmt::Debug for FlowEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlowEvents")
            .field("updates", &self.updates)
            .finish_non_exhaustive()
    }
}

//! Why a wait ended without a result.

use std::{fmt, time::Duration};

use super::{Handle, Job};
use crate::{Error, error::write_with_advice};

/// A wait ended without a result. It says why, and holds the handle of what was
/// waited for.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client, video: aitoearn::flow::VideoJob) -> std::io::Result<()> {
/// use aitoearn::flow::WaitReason;
///
/// match client.wait_for(video).await {
///     Ok(video) => println!("{}", video.url),
///     Err(error) => match error.reason() {
///         // It continues without us: look again tomorrow.
///         WaitReason::Deadline { .. } => {
///             println!("in the end: {:?}", error.last());
///             std::fs::write("video.json", serde_json::to_vec(error.handle())?)?;
///         }
///         WaitReason::Failed(failure) => println!("no video: {failure}"),
///         _ => println!("{error}"),
///     },
/// }
/// # Ok(())
/// # }
/// ```
pub struct WaitError<J: Job>(Box<Ended<J>>);

struct Ended<J: Job> {
    handle: Handle<J>,
    reason: WaitReason<J>,
    last: Option<J::State>,
}

/// Why a wait ended without a result.
#[derive(Debug)]
#[non_exhaustive]
pub enum WaitReason<J: Job> {
    /// The job has ended badly.
    Failed(J::Failure),
    /// The time is up. The job goes on, and can be waited for again.
    Deadline {
        /// The time since the first look.
        waited: Duration,
        /// How many looks were answered.
        looks: u32,
    },
    /// It cannot be looked at: there is no such job, the key is not valid, or
    /// too many looks in a row failed, of which this is the last.
    Call(Error),
}

impl<J: Job> WaitError<J> {
    pub(super) fn new(handle: Handle<J>, reason: WaitReason<J>, last: Option<J::State>) -> Self {
        Self(Box::new(Ended {
            handle,
            reason,
            last,
        }))
    }

    /// What was waited for.
    pub fn handle(&self) -> &Handle<J> {
        &self.0.handle
    }

    /// Why it ended.
    pub fn reason(&self) -> &WaitReason<J> {
        &self.0.reason
    }

    /// What the last answered poll found: for a flow, the state of every post. `None`
    /// if no poll was answered before the end.
    pub fn last(&self) -> Option<&J::State> {
        self.0.last.as_ref()
    }

    /// Handle and reason, to keep.
    pub fn into_parts(self) -> (Handle<J>, WaitReason<J>) {
        (self.0.handle, self.0.reason)
    }

    /// How the job failed, if it was that.
    pub fn failure(&self) -> Option<&J::Failure> {
        match self.reason() {
            WaitReason::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// Whether the time was up. The job goes on, and can be waited for again.
    pub fn is_deadline(&self) -> bool {
        matches!(self.reason(), WaitReason::Deadline { .. })
    }
}

impl<J: Job> fmt::Debug for WaitError<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            let call = match self.reason() {
                WaitReason::Call(error) => Some(error.advice()),
                WaitReason::Failed(_) | WaitReason::Deadline { .. } => None,
            };
            return write_with_advice(f, self, call.unwrap_or_default());
        }
        f.debug_struct("WaitError")
            .field("handle", self.handle())
            .field("reason", self.reason())
            .field("last", &self.last())
            .finish()
    }
}

impl<J: Job> fmt::Display for WaitError<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason() {
            WaitReason::Failed(failure) => write!(f, "{}: {failure}", J::KIND),
            WaitReason::Deadline { waited, looks } => write!(
                f,
                "{}: not finished after {} s and {looks} polls; the job continues, and its handle finds it again",
                J::KIND,
                waited.as_secs()
            ),
            WaitReason::Call(error) => write!(f, "{}: cannot be polled: {error}", J::KIND),
        }?;
        match self.last().and_then(J::describe) {
            Some(last) => write!(f, ". The last poll found: {last}"),
            None => Ok(()),
        }
    }
}

impl<J: Job> std::error::Error for WaitError<J> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.reason() {
            WaitReason::Failed(failure) => Some(failure),
            WaitReason::Deadline { .. } => None,
            WaitReason::Call(error) => Some(error),
        }
    }
}

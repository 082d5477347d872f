//! The states of a post: which can be asked for, and what each is called.

use aitoearn::types::PublishStatus;
use clap::ValueEnum;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::output::Tone;

/// A state to look for.
#[derive(Debug, Clone, Copy, ValueEnum, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    Waiting,
    Queued,
    Publishing,
    Published,
    Failed,
    AwaitingUser,
    Cancelled,
}

impl From<State> for PublishStatus {
    fn from(state: State) -> Self {
        match state {
            State::Waiting => Self::Waiting,
            State::Queued => Self::Queued,
            State::Publishing => Self::Publishing,
            State::Published => Self::Published,
            State::Failed => Self::Failed,
            State::AwaitingUser => Self::AwaitingUser,
            State::Cancelled => Self::Cancelled,
        }
    }
}

/// The state in words.
pub(crate) fn status(status: &PublishStatus) -> (String, Tone) {
    let (word, tone) = match status {
        PublishStatus::Failed => ("failed", Tone::Bad),
        PublishStatus::Waiting => ("waiting", Tone::Plain),
        PublishStatus::Published => ("published", Tone::Good),
        PublishStatus::Publishing => ("publishing", Tone::Plain),
        PublishStatus::UpdateWaiting | PublishStatus::Updating => ("being updated", Tone::Plain),
        PublishStatus::UpdateFailed => ("update failed", Tone::Bad),
        PublishStatus::Queued => ("queued", Tone::Plain),
        PublishStatus::Scheduled => ("scheduled on the platform", Tone::Plain),
        PublishStatus::AwaitingUser => ("awaits its user", Tone::Asks),
        PublishStatus::Cancelled => ("cancelled", Tone::Bad),
        other => return (other.to_string(), Tone::Plain),
    };
    (word.to_owned(), tone)
}

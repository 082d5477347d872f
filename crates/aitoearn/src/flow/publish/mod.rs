//! A flow: checked, uploaded, created once, and followed to the end of each post.

mod accounts;
mod check;
mod create;
mod error;
mod events;
mod job;
mod link;
mod outcome;
mod rules;

pub(crate) use self::rules::KnownRules;
pub use self::{
    check::Problem,
    create::CreatedFlow,
    error::{PublishError, PublishReason},
    events::{FlowEvent, FlowEvents},
    job::FlowJob,
    outcome::{FlowOutcome, FlowTask, PublishFailure, TaskState},
};

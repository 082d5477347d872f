//! A call with an effect whose outcome nobody knows.

use std::fmt;

use aitoearn_api::{Operation, TimeoutClass};

use super::{CallInfo, Error};

/// A call with an effect left, and no usable answer came back: it may have been
/// done, or not.
///
/// It was not repeated, because the service might do, and bill, it twice; or, of
/// a publish flow, which is created once however often it is asked for, no
/// repetition was answered either. Find out first (see
/// [`how_to_find_out`](Self::how_to_find_out)), then decide.
#[derive(Debug)]
pub struct AmbiguousError {
    pub(super) call: CallInfo,
    pub(super) cause: Error,
}

impl AmbiguousError {
    /// The call.
    pub fn call(&self) -> &CallInfo {
        &self.call
    }

    /// What came instead of an answer.
    pub fn cause(&self) -> &Error {
        &self.cause
    }

    /// What may have happened at the service, in one sentence.
    pub fn what_may_have_happened(&self) -> &'static str {
        hint(self.call.operation).happened
    }

    /// How to find out before repeating the call, in one sentence.
    pub fn how_to_find_out(&self) -> &'static str {
        hint(self.call.operation).find_out
    }
}

impl fmt::Display for AmbiguousError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "outcome unknown: {}. {} {}",
            self.cause,
            self.what_may_have_happened(),
            self.how_to_find_out()
        )
    }
}

/// How to find out what has become of an effect.
pub(super) fn how_to_find_out(operation: &Operation) -> &'static str {
    hint(operation).find_out
}

struct Hint {
    happened: &'static str,
    find_out: &'static str,
}

/// One place for what is known about each effect.
fn hint(operation: &Operation) -> Hint {
    match (operation.name, operation.timeout) {
        ("auth_start", _) => Hint {
            happened: "An authorization session may have been started.",
            find_out: "Start another one: a session that nobody uses ends by itself after five minutes.",
        },
        ("publish_flow_create", _) => Hint {
            happened: "The flow may have been created.",
            find_out: "Read the flow by the id that was sent (`CreateFlow::id`), or send it again with the same id (`PublishError::into_flow`): there will be one flow at most.",
        },
        ("publish_task_now" | "publish_task_retry", _) => Hint {
            happened: "The task may be on its way to the platform.",
            find_out: "Read its record before you repeat the call: its state shows it.",
        },
        ("account_groups_create", _) => Hint {
            happened: "The group may have been added.",
            find_out: "Look for its name in the list of groups: a repetition adds another one of the same name.",
        },
        ("accounts_option_create", _) => Hint {
            happened: "The value may have been created on the platform.",
            find_out: "Look for it among the field's values (`Accounts::option_values`).",
        },
        ("video_generate", _) => Hint {
            happened: "A video task may have been started, and billed.",
            find_out: "Look for its prompt in the list of video tasks before you start another.",
        },
        ("volcengine_video_create", _) => Hint {
            happened: "A video task may have been started, and billed.",
            find_out: "Look for it in the list of video tasks and at the credits used on the site: tasks in this format have no list of their own.",
        },
        ("image_generate_async" | "image_edit_async", _) => Hint {
            happened: "An image task may have been started, and billed.",
            find_out: "Look at the credits used on the site before you start another: image tasks have no list.",
        },
        ("image_generate" | "image_edit", _) => Hint {
            happened: "An image may have been made, and billed.",
            find_out: "Look at the credits used on the site before you repeat the call; a task started asynchronously outlives its connection.",
        },
        ("custom_request", _) => Hint {
            happened: "The service may have done what was asked.",
            find_out: "Read the state it would have changed before you repeat the call; where it may be repeated, say so by `retry_class`.",
        },
        (_, TimeoutClass::Generation | TimeoutClass::Stream) => Hint {
            happened: "The model may have worked, and its work may have been billed.",
            find_out: "Look at the credits used on the site before you repeat the call.",
        },
        _ => Hint {
            happened: "The service may have done what was asked.",
            find_out: "Read the state it would have changed before you repeat the call.",
        },
    }
}

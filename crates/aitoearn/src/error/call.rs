//! Which call an error or an answer belongs to.

use std::{fmt, ops::Deref, sync::Arc};

use aitoearn_api::{Mended, Operation};
use reqwest::StatusCode;

/// The facts about a call that every error and every [`Response`](crate::Response) carries.
#[derive(Clone)]
pub struct CallInfo {
    pub(crate) operation: &'static Operation,
    pub(crate) request_id: String,
    pub(crate) status: Option<StatusCode>,
    pub(crate) attempts: u32,
    /// What was mended in the answer, if anything was: for those who keep no more of it than this.
    pub(crate) mended: Option<Arc<Mended>>,
}

impl CallInfo {
    /// The operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The id of the last attempt: the one that the service answered with, else
    /// the one that was sent. Quote it when you report a problem.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// The HTTP status of the last attempt, if an answer came. The service
    /// itself answers 200 even to say no.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// How many attempts were made, from 1.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

/// The operation by its name: the rest of it would bury everything else.
impl fmt::Debug for CallInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallInfo")
            .field("operation", &self.operation.name)
            .field("request_id", &self.request_id)
            .field("status", &self.status)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// What went wrong, together with the call in which it did.
///
/// Dereferences to the cause, so that its fields can be read directly:
///
/// ```
/// use aitoearn::{Code, Error};
///
/// fn is_missing(error: &Error) -> bool {
///     matches!(error, Error::Api(error) if error.code == Code::ACCOUNT_NOT_FOUND)
/// }
/// ```
#[derive(Debug)]
pub struct Failed<C> {
    pub(crate) call: CallInfo,
    pub(crate) cause: C,
}

impl<C> Failed<C> {
    pub(crate) fn new(call: CallInfo, cause: C) -> Self {
        Self { call, cause }
    }

    /// The call that failed.
    pub fn call(&self) -> &CallInfo {
        &self.call
    }

    /// What went wrong.
    pub fn cause(&self) -> &C {
        &self.cause
    }
}

impl<C> Deref for Failed<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.cause
    }
}

impl<C: fmt::Display> fmt::Display for Failed<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.call.operation.name, self.cause)
    }
}

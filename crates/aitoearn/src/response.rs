//! An answer together with the facts about it.

use aitoearn_api::RateLimit;

use crate::error::CallInfo;

/// What a call returned, with what is known about the answer.
///
/// Awaiting a request gives the data alone; `send_with_meta()` gives this.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// What the operation returns.
    pub data: T,
    /// The service's own phrase for success, always in Chinese: for logs, not for people.
    pub message: String,
    /// Which call it was, its request id and how many attempts it took.
    pub call: CallInfo,
    /// The limit of the route, on the few routes that have one.
    pub rate_limit: Option<RateLimit>,
}

impl<T> Response<T> {
    /// The id to quote when you report a problem.
    pub fn request_id(&self) -> &str {
        self.call.request_id()
    }

    /// The data alone.
    pub fn into_data(self) -> T {
        self.data
    }
}

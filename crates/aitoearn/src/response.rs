//! An answer together with the facts about it.

use std::sync::Arc;

use aitoearn_api::{Mended, RateLimit};

use crate::error::CallInfo;

/// What a call returned, with what is known about the answer.
///
/// Awaiting a request gives the data alone; `send_with_meta()` gives this.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// What the operation returns.
    pub data: T,
    /// The service's own phrase for success, always in Chinese: for logs, not for people. Empty
    /// where an answer has none, as those in a model provider's format.
    pub message: String,
    /// Which call it was, its request id and how many attempts it took.
    pub call: CallInfo,
    /// The limit of the route, on the few routes that have one.
    // In a box, because an answer is handed on from future to future.
    pub rate_limit: Option<Box<RateLimit>>,
}

static NOTHING: Mended = Mended::new();

impl<T> Response<T> {
    /// The id to quote when you report a problem.
    pub fn request_id(&self) -> &str {
        self.call.request_id()
    }

    /// What was missing or odd in the answer, and so is absent, empty, 0 or `false`
    /// in [`data`](Self::data). Nothing, as a rule; see
    /// [`ClientBuilder::strict_answers`](crate::ClientBuilder::strict_answers).
    pub fn mended(&self) -> &Mended {
        self.call.mended.as_deref().unwrap_or(&NOTHING)
    }

    /// Notes that this was mended in it, or in a part of it.
    pub(crate) fn mend(&mut self, mended: Mended) {
        Arc::make_mut(self.call.mended.get_or_insert_default()).add(mended);
    }

    /// The same answer with something else made of its data.
    pub(crate) fn map<U>(self, make: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            data: make(self.data),
            message: self.message,
            call: self.call,
            rate_limit: self.rate_limit,
        }
    }

    /// The data alone.
    pub fn into_data(self) -> T {
        self.data
    }
}

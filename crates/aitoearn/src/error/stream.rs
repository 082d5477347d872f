//! Streams that end before what they bring does.

use std::fmt;

/// An event stream that could not be read to the end of its answer, or a list
/// that has no end.
///
/// What came before the error is good, but not all: decide whether to show it.
/// Asking a model again costs again, and another answer comes.
#[derive(Debug)]
pub struct StreamError {
    pub(crate) kind: StreamErrorKind,
    pub(crate) events: u64,
    pub(crate) source: Option<reqwest::Error>,
}

/// What ended a stream too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamErrorKind {
    /// It ended, or its connection broke, before the event that ends an answer.
    Truncated,
    /// An event is larger than this many bytes.
    EventTooLarge(usize),
    /// It is no UTF-8 text.
    NotUtf8,
    /// The service says that a list has more pages, and sends only empty ones.
    OnlyEmptyPages,
}

impl StreamErrorKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Truncated => "stream_truncated",
            Self::EventTooLarge(_) => "event_too_large",
            Self::NotUtf8 => "stream_not_utf8",
            Self::OnlyEmptyPages => "only_empty_pages",
        }
    }
}

impl StreamError {
    /// What ended it.
    pub fn kind(&self) -> StreamErrorKind {
        self.kind
    }

    /// How many events, or items of a list, came before.
    pub fn events(&self) -> u64 {
        self.events
    }
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind, &self.source) {
            (StreamErrorKind::Truncated, None) => {
                f.write_str("the stream ended before its answer did")?;
            }
            (StreamErrorKind::Truncated, Some(source)) => {
                let cause = super::transport::root(source);
                write!(f, "the stream broke off before its answer ended: {cause}")?;
            }
            (StreamErrorKind::EventTooLarge(limit), _) => {
                write!(f, "the stream holds an event of more than {limit} bytes")?;
            }
            (StreamErrorKind::NotUtf8, _) => {
                f.write_str("the stream holds bytes that are no UTF-8")?;
            }
            (StreamErrorKind::OnlyEmptyPages, _) => {}
        }
        match self.events {
            items if self.kind == StreamErrorKind::OnlyEmptyPages => write!(
                f,
                "the list has no end: after {items} items only empty pages came, each with the word that there are more"
            ),
            1 => f.write_str(", after 1 event"),
            events => write!(f, ", after {events} events"),
        }
    }
}

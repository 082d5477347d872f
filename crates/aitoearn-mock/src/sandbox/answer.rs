//! An HTTP response of the sandbox, before it is sent.

use std::time::Duration;

use bytes::Bytes;

use crate::change::{Change, changed};

/// An HTTP answer, ready to be sent.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// One piece, or several for a stream.
    pub(crate) body: Vec<Bytes>,
    pub(crate) delivery: Delivery,
    /// For the log alone: why the request was refused, or which page it reached.
    pub(crate) note: Option<String>,
}

/// Whether and when an answer reaches the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    Now,
    After(Duration),
    Never,
    /// The connection closes instead.
    Cut,
    /// The connection closes in the middle of the body.
    Half,
}

impl Answer {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let headers = vec![("content-type", content_type.to_owned())];
        Self {
            status,
            headers,
            body: vec![body.into()],
            delivery: Delivery::Now,
            note: None,
        }
    }

    pub(crate) fn noting(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    pub(crate) fn text(status: u16, text: impl Into<Bytes>) -> Self {
        Self::new(status, "text/plain; charset=utf-8", text)
    }

    pub(crate) fn json(body: impl Into<Bytes>) -> Self {
        Self::new(200, "application/json; charset=utf-8", body)
    }

    /// Changes a whole body of JSON; any other stays as it is.
    pub(crate) fn change(&mut self, changes: &[Change]) {
        if let [body] = &mut self.body[..]
            && let Ok(json) = serde_json::from_slice(body)
        {
            *body = changed(json, changes).to_string().into();
        }
    }

    /// The status, if the client gets to see one.
    pub(crate) fn sent_status(&self) -> Option<u16> {
        let sent = !matches!(self.delivery, Delivery::Cut | Delivery::Never);
        sent.then_some(self.status)
    }

    pub(crate) fn html(status: u16, body: impl Into<Bytes>) -> Self {
        Self::new(status, "text/html; charset=utf-8", body)
    }
}

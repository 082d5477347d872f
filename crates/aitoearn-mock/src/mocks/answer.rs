//! One answer of a mock.

use aitoearn_api::{Code, Operation, Reply};
use httpmock::{HttpMockRequest, HttpMockResponse};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::change::{Change, changed};
use crate::examples;
use crate::sandbox::envelope::{self, Refusal};
use crate::sandbox::messages::Language;

/// What a mock answers with.
///
/// The short forms on [`When`](crate::When) cover the usual cases; this is for
/// the others, and for sequences.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    content: Content,
    /// JSON pointers into the body, and what is there instead; nothing if `None`.
    changes: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Content {
    /// A payload: wrapped in the envelope if the operation has one.
    Data(Value),
    /// A success whose envelope has no `data`.
    Nothing,
    Error(Refusal),
    Raw(Vec<u8>),
}

impl Answer {
    fn new(content: Content) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            content,
            changes: Vec::new(),
        }
    }

    /// A success with this payload, in the envelope if the operation has one.
    ///
    /// # Panics
    /// When the value cannot be written as JSON.
    #[track_caller]
    pub fn ok(value: &(impl Serialize + ?Sized)) -> Self {
        Self::new(Content::Data(to_json(value)))
    }

    /// A success with nothing to tell: an envelope without `data`.
    pub fn nothing() -> Self {
        Self::new(Content::Nothing)
    }

    /// A refusal, in the service's manner: HTTP 200, `data: {}`, a timestamp.
    pub fn error(code: impl Into<Code>) -> Self {
        Self::new(Content::Error(Refusal::new(code.into().get())))
    }

    /// The details of an [`error`](Self::error); nothing for other answers.
    ///
    /// # Panics
    /// When the value cannot be written as JSON.
    #[must_use]
    #[track_caller]
    pub fn with_data(mut self, data: &(impl Serialize + ?Sized)) -> Self {
        if let Content::Error(refusal) = &mut self.content {
            refusal.data = to_json(data);
        }
        self
    }

    /// The text of an [`error`](Self::error); nothing for other answers. By
    /// default it is a text like the service's own, in the language asked for.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        if let Content::Error(refusal) = &mut self.content {
            refusal.message = Some(message.into());
        }
        self
    }

    /// The same body without what is at this JSON pointer, such as `/data/list/0/id`:
    /// to see what your program makes of an answer that lacks a field.
    #[must_use]
    pub fn without(mut self, pointer: impl Into<String>) -> Self {
        self.changes.push((pointer.into(), None));
        self
    }

    /// The same body with something else at this JSON pointer. What is around it
    /// must be there.
    ///
    /// # Panics
    /// When the value cannot be written as JSON.
    #[must_use]
    #[track_caller]
    pub fn with(mut self, pointer: impl Into<String>, value: impl Serialize) -> Self {
        self.changes.push((pointer.into(), Some(to_json(&value))));
        self
    }

    /// A body of JSON exactly as it is, envelope included: for an example from
    /// a document, or a shape that should not exist.
    ///
    /// # Panics
    /// When the value cannot be written as JSON.
    #[track_caller]
    pub fn json(body: &(impl Serialize + ?Sized)) -> Self {
        Self::raw(200, "application/json", to_json(body).to_string())
    }

    /// An example of the API's description, by the name it has there, such as
    /// `success` or `unauthorized401`.
    ///
    /// # Panics
    /// When the operation has no example of that name; the message lists those
    /// that it has.
    #[track_caller]
    pub fn example(operation: &Operation, name: &str) -> Self {
        let examples = examples::of(operation);
        let Some((_, body)) = examples.iter().find(|(known, _)| *known == name) else {
            let known: Vec<&str> = examples.iter().map(|(known, _)| *known).collect();
            panic!(
                "{} has no example `{name}`, only {}",
                operation.name,
                known.join(", ")
            );
        };
        Self::json(body)
    }

    /// Any status, content type and body.
    pub fn raw(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut answer = Self::new(Content::Raw(body.into())).header("content-type", content_type);
        answer.status = status;
        answer
    }

    /// An event stream of these frames, each with its own `data:` and blank
    /// line. It arrives in one piece; the sandbox sends frame by frame.
    pub fn events<F: AsRef<str>>(frames: impl IntoIterator<Item = F>) -> Self {
        let body: String = frames
            .into_iter()
            .map(|frame| frame.as_ref().to_owned())
            .collect();
        Self::raw(200, "text/event-stream", body)
    }

    /// One more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The code in the envelope, if there is one.
    pub(super) fn code(&self, operation: &Operation) -> Option<i64> {
        match &self.content {
            Content::Error(refusal) => Some(refusal.code),
            Content::Nothing => Some(0),
            Content::Data(_) if operation.reply == Reply::Envelope => Some(0),
            Content::Data(_) | Content::Raw(_) => None,
        }
    }

    pub(super) fn status(&self) -> u16 {
        self.status
    }

    /// The answer to this very request.
    pub(super) fn respond(
        &self,
        operation: &Operation,
        request: &HttpMockRequest,
    ) -> HttpMockResponse {
        let header = |name: &str| {
            let headers = request.headers_vec().iter();
            headers
                .into_iter()
                .find(|(given, _)| given.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.as_str())
        };
        let request_id = header("x-request-id").unwrap_or("mock");
        let body = match &self.content {
            Content::Data(data) if operation.reply == Reply::Envelope => {
                envelope::success(Some(data), request_id, None)
            }
            Content::Data(data) => data.to_string(),
            Content::Nothing => envelope::success(None, request_id, None),
            Content::Error(refusal) => {
                let language = Language::from_header(header("accept-language"));
                envelope::refusal(refusal, language, Timestamp::now(), Some(request_id))
            }
            Content::Raw(body) => match serde_json::from_slice(body) {
                Ok(json) if !self.changes.is_empty() => {
                    return self.dress(changed(json, &self.changes).to_string().as_bytes());
                }
                _ => return self.dress(body),
            },
        };
        let body = match serde_json::from_str(&body) {
            Ok(json) if !self.changes.is_empty() => changed(json, &self.changes).to_string(),
            _ => body,
        };
        let dressed = self
            .clone()
            .header("content-type", "application/json; charset=utf-8");
        dressed
            .header("x-request-id", request_id)
            .dress(body.as_bytes())
    }

    fn dress(&self, body: &[u8]) -> HttpMockResponse {
        let response = HttpMockResponse::builder()
            .status(self.status)
            .body(body.to_vec());
        self.headers
            .iter()
            .fold(response, |response, (name, value)| {
                response.header(name, value)
            })
            .build()
    }
}

#[track_caller]
fn to_json(value: &(impl Serialize + ?Sized)) -> Value {
    match serde_json::to_value(value) {
        Ok(value) => value,
        Err(error) => panic!("the mock's value cannot be written as JSON: {error}"),
    }
}

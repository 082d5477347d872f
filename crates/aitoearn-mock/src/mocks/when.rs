//! The sentence that sets a mock up: when ... then ...

use std::fmt;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use aitoearn_api::{Auth, Code, Operation};
use httpmock::HttpMockRequest;
use serde::Serialize;
use serde_json::Value;

use super::answer::Answer;
use super::calls::{Calls, Log};
use crate::Seen;
use crate::sandbox::router;

/// A mock that is being set up; made by [`MockServer::when`](crate::MockServer::when).
///
/// First what a request must have, then what is answered: [`ok`](Self::ok),
/// [`fails`](Self::fails), [`answers`](Self::answers) or [`in_turn`](Self::in_turn).
#[must_use = "nothing is answered until `ok`, `fails`, `answers` or `in_turn` ends the sentence"]
pub struct When<'a> {
    server: &'a httpmock::MockServer,
    operation: Operation,
    params: Vec<(String, String)>,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: Option<Value>,
    delay: Option<Duration>,
}

impl<'a> When<'a> {
    pub(super) fn new(server: &'a httpmock::MockServer, operation: Operation) -> Self {
        let (params, query, headers) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            server,
            operation,
            params,
            query,
            headers,
            body: None,
            delay: None,
        }
    }

    /// With this path parameter; the value as it is before percent-encoding.
    ///
    /// # Panics
    /// When the operation's path has no such parameter.
    #[track_caller]
    pub fn path(mut self, name: &str, value: impl AsRef<str>) -> Self {
        let known = self.operation.path.contains(&format!("{{{name}}}"));
        assert!(known, "{} has no parameter `{name}`", self.operation);
        self.params
            .push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// With this pair in the query, among others (`ids[]`, `pagination[limit]`).
    pub fn query(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.query
            .push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// With this header, among others.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With this key, in the header that the operation documents; anything will
    /// do where it documents none.
    pub fn key(self, key: &str) -> Self {
        match self.operation.auth {
            Auth::ApiKey => self.header("x-api-key", key),
            Auth::Bearer => self.header("authorization", &format!("Bearer {key}")),
            Auth::GoogApiKey => self.header("x-goog-api-key", key),
            Auth::None => self,
        }
    }

    /// With a JSON body that has at least these properties.
    pub fn body(mut self, part: Value) -> Self {
        self.body = Some(part);
        self
    }

    /// Every answer comes this much later, in real time.
    pub fn delayed(mut self, by: Duration) -> Self {
        self.delay = Some(by);
        self
    }

    /// The call succeeds with this payload.
    ///
    /// # Panics
    /// When the value cannot be written as JSON.
    #[track_caller]
    pub fn ok(self, value: &(impl Serialize + ?Sized)) -> Calls<'a> {
        self.answers(Answer::ok(value))
    }

    /// The call is answered with an example of the API's description, by the
    /// name it has there, such as `success` or `unauthorized401`.
    ///
    /// # Panics
    /// When the operation has no example of that name; the message lists those
    /// that it has.
    #[track_caller]
    pub fn example(self, name: &str) -> Calls<'a> {
        let answer = Answer::example(&self.operation, name);
        self.answers(answer)
    }

    /// The call is refused with this code.
    pub fn fails(self, code: impl Into<Code>) -> Calls<'a> {
        self.answers(Answer::error(code))
    }

    /// The call is refused with this code and these details.
    ///
    /// # Panics
    /// When the details cannot be written as JSON.
    #[track_caller]
    pub fn fails_with(self, code: impl Into<Code>, data: &(impl Serialize + ?Sized)) -> Calls<'a> {
        self.answers(Answer::error(code).with_data(data))
    }

    /// The call is answered like this.
    pub fn answers(self, answer: Answer) -> Calls<'a> {
        self.in_turn([answer])
    }

    /// The calls are answered like this, one after the other; the last answer
    /// stays.
    ///
    /// # Panics
    /// When there is no answer at all.
    #[track_caller]
    pub fn in_turn(self, answers: impl IntoIterator<Item = Answer>) -> Calls<'a> {
        let answers: Vec<Answer> = answers.into_iter().collect();
        assert!(
            !answers.is_empty(),
            "a mock of {} needs an answer",
            self.operation
        );
        let Self {
            server,
            operation,
            params,
            query,
            headers,
            body,
            delay,
        } = self;
        let log = Log::default();
        let filled = Arc::clone(&log);
        let mock = server.mock(move |mut when, then| {
            when = when
                .method(operation.method.as_str())
                .path_matches(pattern(operation.path));
            for (name, value) in query {
                when = when.query_param(name, value);
            }
            for (name, value) in headers {
                when = when.header(name, value);
            }
            if let Some(part) = body {
                when = when.json_body_includes(part.to_string());
            }
            when.is_true(move |request| means(&operation, request, &params));
            let then = then.respond_with(move |request| {
                let mut log = filled.lock().unwrap_or_else(PoisonError::into_inner);
                let answer = &answers[log.len().min(answers.len() - 1)];
                let code = answer.code(&operation);
                log.push(Seen::of_mock(request, &operation, answer.status(), code));
                answer.respond(&operation, request)
            });
            if let Some(delay) = delay {
                then.delay(delay);
            }
        });
        Calls::new(operation, mock, log)
    }
}

impl fmt::Debug for When<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("When")
            .field("operation", &self.operation.name)
            .finish_non_exhaustive()
    }
}

/// The path template as a regular expression. Nothing in the service's paths
/// but the parameters means anything to one.
fn pattern(template: &str) -> String {
    let parts = template.split('/').map(|part| match part.split_once('}') {
        Some((_, suffix)) => format!("[^/]+{suffix}"),
        None => part.to_owned(),
    });
    format!("^{}/?$", parts.collect::<Vec<_>>().join("/"))
}

/// Whether a request means this operation, with these parameters. The template
/// alone does not tell: `records/published` also looks like `records/{recordId}`.
fn means(operation: &Operation, request: &HttpMockRequest, wanted: &[(String, String)]) -> bool {
    let uri = request.uri();
    router::find(request.method_str(), uri.path()).is_some_and(|(route, given)| {
        route.name == operation.name
            && wanted
                .iter()
                .all(|(name, value)| given.iter().any(|(n, v)| n == name && v == value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_keep_what_follows_a_parameter() {
        assert_eq!(pattern("/a/{id}/b"), "^/a/[^/]+/b/?$");
        assert_eq!(pattern("/m/{model}:run"), "^/m/[^/]+:run/?$");
    }
}

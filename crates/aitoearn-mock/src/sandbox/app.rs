//! The way of a request through the service: body parser, request id, route,
//! guard, handler, envelope. In that order, because the order shows in what
//! each refusal lacks.

use bytes::Bytes;
use serde_json::{Value, json};

use super::Shared;
use super::envelope::{self, Refusal, Reply};
use super::guard;
use super::messages::Language;
use super::query::Query;
use super::router::{self, Call, Incoming, Route};
use super::seen::Seen;

/// The service refuses to read bodies over this size.
const LARGEST_BODY: usize = 50 * 1024 * 1024;

/// An HTTP answer, ready to be sent.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// One piece, or several for a stream.
    pub(crate) body: Vec<Bytes>,
}

impl Answer {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: vec![body.into()],
        }
    }

    fn json(body: impl Into<Bytes>) -> Self {
        Self::new(200, "application/json; charset=utf-8", body)
    }

    fn html(status: u16, body: impl Into<Bytes>) -> Self {
        Self::new(status, "text/html; charset=utf-8", body)
    }
}

/// Answers a request and enters it in the log.
pub(crate) fn answer(shared: &Shared, request: &Incoming) -> Answer {
    let (operation, code, answer) = respond(shared, request);
    shared.log(Seen::new(request, operation, answer.status, code));
    answer
}

type Outcome = (Option<&'static str>, Option<i64>, Answer);

fn respond(shared: &Shared, request: &Incoming) -> Outcome {
    let now = shared.clock.timestamp();
    let body = match read_body(request) {
        Ok(body) => body,
        // Refused by the body parser, which runs before there is a request id.
        Err(refusal) => {
            let text = envelope::refusal(&refusal, Language::English, now, None);
            return (None, Some(refusal.code), Answer::json(text));
        }
    };
    // Beside the API there is a web site, and it answers in HTML.
    if !is_api(&request.path) {
        return (None, None, website(shared, request));
    }

    let request_id = match request.header("x-request-id") {
        Some(id) if !id.is_empty() => id.to_owned(),
        _ => shared.state().ids.lower(21),
    };
    let language = Language::from_header(request.header("accept-language"));
    let found = router::find(&request.method, &request.path);
    let operation = found.as_ref().map(|(route, _)| route.name);
    let result = match found {
        Some((route, params)) => call(shared, request, route, params, body),
        None => Err(not_found(request)),
    };
    let (code, mut answer) = match result {
        Ok(Reply::Data(data)) => (
            Some(0),
            Answer::json(envelope::success(Some(&data), &request_id)),
        ),
        Ok(Reply::Nothing) => (Some(0), Answer::json(envelope::success(None, &request_id))),
        Ok(Reply::Plain(body)) => (None, Answer::json(body.to_string())),
        Ok(Reply::Html(page)) => (None, Answer::html(200, page)),
        Ok(Reply::Events(frames)) => {
            let mut answer = Answer::new(200, "text/event-stream", "");
            answer.body = frames.into_iter().map(Bytes::from).collect();
            (None, answer)
        }
        Err(refusal) => {
            let text = envelope::refusal(&refusal, language, now, Some(&request_id));
            (Some(refusal.code), Answer::json(text))
        }
    };
    answer.headers.push(("x-request-id", request_id));
    (operation, code, answer)
}

fn call(
    shared: &Shared,
    request: &Incoming,
    route: &Route,
    params: Vec<(&'static str, String)>,
    body: Value,
) -> Result<Reply, Refusal> {
    if !guard::admits(route.access, &request.headers, &shared.key) {
        return Err(Refusal::new(401));
    }
    let call = Call {
        params,
        query: Query::parse(&request.query),
        body,
    };
    (route.handler)(&mut shared.state(), &call)
}

/// The body as the service's parser sees it: JSON objects and lists only, and
/// only if the content type says so. Anything else counts as no body.
fn read_body(request: &Incoming) -> Result<Value, Refusal> {
    if request.body.len() > LARGEST_BODY {
        return Err(Refusal::crash());
    }
    let is_json = request.header("content-type").is_some_and(|kind| {
        kind.split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .eq_ignore_ascii_case("application/json")
    });
    if !is_json || request.body.is_empty() {
        return Ok(json!({}));
    }
    match serde_json::from_slice(&request.body) {
        Ok(body @ (Value::Object(_) | Value::Array(_))) => Ok(body),
        _ => Err(Refusal::invalid()),
    }
}

fn is_api(path: &str) -> bool {
    let path = path.trim_start_matches('/');
    path == "api" || path.starts_with("api/")
}

fn not_found(request: &Incoming) -> Refusal {
    let path = request
        .path
        .strip_prefix("/api")
        .filter(|rest| rest.starts_with('/'))
        .unwrap_or(&request.path);
    let query = if request.query.is_empty() {
        String::new()
    } else {
        format!("?{}", request.query)
    };
    Refusal::saying(404, format!("Cannot {} {path}{query}", request.method))
}

fn website(shared: &Shared, request: &Incoming) -> Answer {
    match super::routes::auth::page(&mut shared.state(), request) {
        Some(page) => Answer::html(200, page),
        None if request.method == "GET" => Answer::html(
            200,
            "<!doctype html><title>AiToEarn</title><div id=\"root\"></div>",
        ),
        None => Answer::html(
            404,
            "<!doctype html><title>404</title><h1>404 Not Found</h1>",
        ),
    }
}

//! How a request goes through the service: body parser, request id, route,
//! guard, handler, envelope. In that order, because the order shows in what
//! each refusal lacks.

use bytes::Bytes;
use serde_json::{Value, json};

use super::Shared;
use super::answer::Answer;
use super::envelope::{self, Refusal, Reply};
use super::faults::Fault;
use super::guard;
use super::messages::Language;
use super::page;
use super::query::Query;
use super::request::{Incoming, Reading};
use super::route::{Call, Route};
use super::router;
use super::routes;
use super::seen::Seen;

/// The service refuses to read bodies over this size.
const LARGEST_BODY: usize = 50 * 1024 * 1024;

/// How the service reads bodies.
pub(crate) fn reading(_: &Shared, _: &Incoming) -> Reading {
    Reading {
        limit: LARGEST_BODY,
        keep: true,
    }
}

/// Answers a request to the service and enters it in the log.
pub(crate) fn answer(shared: &Shared, request: &Incoming) -> Answer {
    // The page is no part of the service, and not in its log.
    if shared.has_page
        && let Some(answer) = page::answer(shared, request)
    {
        return answer;
    }
    let found = router::find(&request.method, &request.path);
    let operation = found.as_ref().map(|(route, _)| route.name);
    let admitted = found
        .as_ref()
        .is_some_and(|(route, _)| guard::admits(route.access, &request.headers, &shared.key));
    let note = found
        .as_ref()
        .filter(|(route, _)| router::is_example(route))
        .map(|_| "the description's example, as the sandbox has no state for it".to_owned());
    let fault = operation.and_then(|name| shared.orders().take(name));
    let (code, mut answer) = match fault.as_ref().and_then(Fault::before) {
        Some(answer) => (None, answer),
        None => respond(shared, request, found, fault.as_ref()),
    };
    if let Some(fault) = fault {
        if !fault.changes().is_empty() && matches!(code, None | Some(0)) {
            answer.change(fault.changes());
        }
        answer
            .headers
            .extend(fault.headers(shared.clock.timestamp()));
        answer.delivery = fault.delivery();
    }
    let mut seen = Seen::new(request, operation, answer.sent_status(), code);
    seen.note = answer.note.take().or(note);
    if !admitted {
        seen.drop_body();
    }
    shared.log(seen);
    answer
}

/// Enters the question of a browser whether a page may call in the log.
pub(crate) fn log_preflight(shared: &Shared, request: &Incoming, answer: &mut Answer) {
    let mut seen = Seen::new(request, None, answer.sent_status(), None);
    seen.note = answer.note.take();
    shared.log(seen);
}

/// How the storage reads bodies: it keeps only what it will store.
pub(crate) fn reading_storage(shared: &Shared, request: &Incoming) -> Reading {
    routes::assets::reading(&shared.state(), request)
}

/// Answers a request to the object storage and enters it in its own log.
pub(crate) fn answer_storage(shared: &Shared, request: &Incoming) -> Answer {
    let answer = routes::assets::storage(&mut shared.state(), request);
    let mut seen = Seen::new(request, None, answer.sent_status(), None);
    seen.note = Some("the storage".to_owned());
    shared.log_storage(seen);
    answer
}

type Found = (&'static Route, Vec<(&'static str, String)>);

/// The code in the envelope, if there is one, and the answer.
fn respond(
    shared: &Shared,
    request: &Incoming,
    found: Option<Found>,
    fault: Option<&Fault>,
) -> (Option<i64>, Answer) {
    // Beside the API there is a web site, and it answers in HTML.
    if !is_api(&request.path) {
        return (None, website(shared, request));
    }
    let now = shared.clock.timestamp();
    let body = match read_body(request) {
        Ok(body) => body,
        // Refused by the body parser, which runs before there is a request id.
        Err(refusal) => {
            let text = envelope::refusal(&refusal, Language::English, now, None);
            return (Some(refusal.code), refused(text, refusal));
        }
    };
    let request_id = match request.header("x-request-id") {
        Some(id) if !id.is_empty() => id.to_owned(),
        _ => shared.state().ids.lower(21),
    };
    let result = match found {
        Some(found) => call(shared, request, found, body, fault),
        None => Err(not_found(request)),
    };
    let asked = request.header("accept-language");
    let (code, mut answer) = match result {
        Ok(reply) => dress(reply, &request_id, asked),
        Err(refusal) => {
            let language = Language::from_header(asked);
            let text = envelope::refusal(&refusal, language, now, Some(&request_id));
            (Some(refusal.code), refused(text, refusal))
        }
    };
    answer.headers.push(("x-request-id", request_id));
    (code, answer)
}

/// A refusal as it is sent; its reason is for the log.
fn refused(text: String, refusal: Refusal) -> Answer {
    Answer {
        note: refusal.note.map(String::from),
        ..Answer::json(text)
    }
}

fn dress(reply: Reply, request_id: &str, asked: Option<&str>) -> (Option<i64>, Answer) {
    let success = |data| Answer::json(envelope::success(data, request_id, asked));
    match reply {
        Reply::Data(data) => (Some(0), success(Some(&data))),
        Reply::Nothing => (Some(0), success(None)),
        Reply::Plain(body) => (None, Answer::json(body.to_string())),
        Reply::Provider(status, body) => (
            None,
            Answer {
                status,
                ..Answer::json(body.to_string())
            },
        ),
        Reply::Events(frames) => {
            let body = frames.into_iter().map(Bytes::from).collect();
            (
                None,
                Answer {
                    body,
                    ..Answer::new(200, "text/event-stream", "")
                },
            )
        }
    }
}

fn call(
    shared: &Shared,
    request: &Incoming,
    (route, params): Found,
    body: Value,
    fault: Option<&Fault>,
) -> Result<Reply, Refusal> {
    if !guard::admits(route.access, &request.headers, &shared.key) {
        return Err(Refusal::new(401).noting(guard::wanted(route.access)));
    }
    if let Some(refusal) = fault.and_then(Fault::refusal) {
        return Err(refusal.clone());
    }
    let is_ignored = !request.body.bytes.is_empty() && !is_json(request);
    let call = Call {
        name: route.name,
        params,
        query: Query::parse(&request.query),
        body,
    };
    (route.handler)(&mut shared.state(), &call).map_err(|refusal| match refusal.note {
        Some(ref note) if is_ignored => {
            let note =
                format!("{note} (the body was ignored: its Content-Type is not application/json)");
            refusal.noting(note)
        }
        _ => refusal,
    })
}

/// The body as the service's parser sees it: JSON objects and lists only, and
/// only if the content type says so. Anything else counts as no body.
fn read_body(request: &Incoming) -> Result<Value, Refusal> {
    if request.body.is_too_large {
        return Err(Refusal::crash().noting("the body is over 50 MB"));
    }
    if !is_json(request) || request.body.bytes.is_empty() {
        return Ok(json!({}));
    }
    match serde_json::from_slice(&request.body.bytes) {
        Ok(body @ (Value::Object(_) | Value::Array(_))) => Ok(body),
        Ok(_) => Err(Refusal::invalid("the body is neither an object nor a list")),
        Err(error) => Err(Refusal::invalid(format!("the body is not JSON: {error}"))),
    }
}

fn is_json(request: &Incoming) -> bool {
    request.header("content-type").is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case("application/json")
    })
}

fn is_api(path: &str) -> bool {
    let path = path.trim_start_matches('/');
    path == "api" || path.starts_with("api/")
}

/// The service names the path as it sees it, without `/api`.
fn not_found(request: &Incoming) -> Refusal {
    let inner = request
        .path
        .strip_prefix("/api")
        .filter(|rest| rest.starts_with('/'));
    let path = inner.unwrap_or(&request.path);
    let query = if request.query.is_empty() {
        String::new()
    } else {
        format!("?{}", request.query)
    };
    Refusal::saying(404, format!("Cannot {} {path}{query}", request.method))
}

fn website(shared: &Shared, request: &Incoming) -> Answer {
    let mut state = shared.state();
    let page = routes::auth::page(&mut state, request)
        .or_else(|| routes::records::page(&mut state, request))
        .or_else(|| routes::volcengine::validations::page(&mut state, request));
    match page {
        Some(page) => page,
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

//! Calls from web pages of this machine: preflights, and the headers that let a page read an answer.
//!
//! A page that was loaded from a loopback name, or from a name that the sandbox answers to, may
//! call; a page from anywhere else may not, so that no site can use a sandbox behind its visitor's back.

use super::answer::Answer;
use super::hosts::Hosts;
use super::request::Incoming;

/// What an allowed page may send.
const METHODS: &str = "GET, POST, PUT, PATCH, DELETE";

/// Seconds that a browser need not ask again.
const MAX_AGE: &str = "600";

/// The origin of the page that sends a request, if it may.
fn allowed<'r>(hosts: &Hosts, request: &'r Incoming) -> Option<&'r str> {
    let origin = request.header("origin")?;
    let host = origin
        .strip_prefix("http://")
        .or(origin.strip_prefix("https://"))?;
    hosts.serves(host).then_some(origin)
}

/// The answer to a browser that asks whether a page may call; `None` for any other request.
pub(crate) fn preflight(hosts: &Hosts, request: &Incoming) -> Option<Answer> {
    if request.method != "OPTIONS" || request.header("access-control-request-method").is_none() {
        return None;
    }
    let origin = request.header("origin")?;
    if allowed(hosts, request).is_none() {
        let why =
            format!("preflight of a page from {origin:?}, and only pages of this machine may call");
        return Some(
            Answer::text(403, "Only pages of this machine may call the sandbox.\n").noting(why),
        );
    }
    let mut answer = Answer::text(204, "").noting(format!("preflight of a page from {origin}"));
    answer.headers.clear();
    answer
        .headers
        .push(("access-control-allow-methods", METHODS.to_owned()));
    answer
        .headers
        .push(("access-control-max-age", MAX_AGE.to_owned()));
    if let Some(wanted) = request.header("access-control-request-headers") {
        answer
            .headers
            .push(("access-control-allow-headers", wanted.to_owned()));
    }
    Some(answer)
}

/// Lets the page that sent the request read the answer, if it may.
pub(crate) fn allow(hosts: &Hosts, request: &Incoming, answer: &mut Answer) {
    let Some(origin) = allowed(hosts, request) else {
        return;
    };
    answer.headers.extend([
        ("access-control-allow-origin", origin.to_owned()),
        ("access-control-expose-headers", "*".to_owned()),
        ("vary", "Origin".to_owned()),
    ]);
}

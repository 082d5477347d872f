//! The page for people: what is in the sandbox, how to call every operation, and buttons for what
//! people and networks do.

mod index;
mod tables;

use aitoearn_api::{Code, operations};

use super::Shared;
use super::answer::Answer;
use super::document;
use super::faults::Fault;
use super::html;
use super::request::Incoming;
use super::routes::auth;

/// The buttons' forms.
const FORMS: [&str; 3] = ["/sandbox/session", "/sandbox/fault", "/sandbox/clear"];

/// The answer to a request for the page, the description, or a button; `None` for everything else.
pub(crate) fn answer(shared: &Shared, request: &Incoming) -> Option<Answer> {
    let path = request.path.as_str();
    match request.method.as_str() {
        "GET" if path == "/" => Some(page(shared, request)),
        "GET" if path == "/openapi.json" => Some(Answer::json(document::served())),
        "POST" if FORMS.contains(&path) && is_foreign(request) => Some(Answer::text(
            403,
            "This button is pressed on the sandbox's own page only.",
        )),
        "POST" => form(shared, request),
        _ => None,
    }
}

fn form(shared: &Shared, request: &Incoming) -> Option<Answer> {
    match request.path.as_str() {
        "/sandbox/session" => Some(press(session(shared, request))),
        "/sandbox/fault" => Some(press(fault(shared, request))),
        "/sandbox/clear" => {
            *shared.orders() = super::Orders::default();
            Some(press(Ok(())))
        }
        path if path.starts_with("/sandbox/") => Some(Answer::text(
            404,
            "There is no such form: /sandbox/session, /sandbox/fault and /sandbox/clear are there.",
        )),
        _ => None,
    }
}

/// Whether a page of somebody else sends this: browsers say where a form was.
fn is_foreign(request: &Incoming) -> bool {
    let origin = request.header("origin");
    let host = request.header("host").unwrap_or_default();
    let own = origin.is_some_and(|origin| origin.strip_prefix("http://") == Some(host));
    origin.is_some() && !own
}

/// Back to the page, or word of what was wrong with the form.
fn press(done: Result<(), &'static str>) -> Answer {
    if let Err(problem) = done {
        return Answer::text(400, problem);
    }
    let mut answer = Answer::new(303, "text/plain; charset=utf-8", "");
    answer.headers.push(("location", "/".to_owned()));
    answer
}

fn session(shared: &Shared, request: &Incoming) -> Result<(), &'static str> {
    let failure = match request.form_field("answer").as_deref() {
        Some("approve") => None,
        Some("refuse") => Some(auth::REFUSED),
        _ => return Err(auth::NO_ANSWER),
    };
    let id = request
        .form_field("session")
        .ok_or("The form has no `session`: the id that the start of an authorization gave.")?;
    let ended = shared.state().end_session(&id, failure);
    ended.then_some(()).ok_or(
        "No authorization with that id waits for an answer any more. Go back and load the page again.",
    )
}

fn fault(shared: &Shared, request: &Incoming) -> Result<(), &'static str> {
    let name = request.form_field("operation").unwrap_or_default();
    let operation = operations::ALL.iter().find(|it| it.name == name);
    let operation = operation.ok_or("The form's `operation` names none of the operations.")?;
    let fault = match request.form_field("fault").as_deref() {
        Some("502") => Fault::bad_gateway(),
        Some("lost") => Fault::lose_answer(),
        Some("cut") => Fault::cut(),
        Some("401") => Fault::code(Code::UNAUTHORIZED),
        Some("429") => Fault::throttled(std::time::Duration::from_secs(1)),
        _ => return Err("The form's `fault` is none of 502, lost, cut, 401 and 429."),
    };
    let always = request.form_field("often").as_deref() == Some("always");
    shared.orders().order(operation.name, fault, always);
    Ok(())
}

fn page(shared: &Shared, request: &Incoming) -> Answer {
    let is_live = request.query.contains("live");
    let (head, refresh) = if is_live {
        (
            "<meta http-equiv=\"refresh\" content=\"2\">",
            "<a href=\"/\">Stop loading it every 2 seconds</a>",
        )
    } else {
        ("", "<a href=\"/?live\">Load it every 2 seconds</a>")
    };
    let mut body = format!(
        "<h1>AiToEarn sandbox</h1><nav aria-label=\"Page\"><a href=\"/\">Load again</a>{refresh}</nav><main>"
    );
    index::introduction(shared, request, &mut body);
    tables::sessions(shared, &mut body);
    tables::accounts(shared, &mut body);
    tables::posts(shared, &mut body);
    tables::files(shared, &mut body);
    tables::faults(shared, &mut body);
    tables::requests(shared, &mut body);
    index::operations(shared, request, &mut body);
    body.push_str("</main>");
    html::page(200, "AiToEarn sandbox", head, &body)
}

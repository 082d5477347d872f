//! Validations of real people, who look into a camera on a page of the service.

use serde_json::json;

use crate::sandbox::answer::Answer;
use crate::sandbox::clock::later;
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::html;
use crate::sandbox::progress::Progress;
use crate::sandbox::request::Incoming;
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::schema;
use crate::sandbox::state::State;
use crate::sandbox::stores::volcengine::{Avatar, Group, Validation};

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "volcengine_validations_start",
        method: "POST",
        path: "/api/ai/volcengine/assets/visual-validation-sessions",
        access: Access::Key,
        handler: start,
    },
    Route {
        name: "volcengine_validations_complete",
        method: "POST",
        path: "/api/ai/volcengine/assets/visual-validation-sessions/{bytedToken}/complete",
        access: Access::Key,
        handler: complete,
    },
];

/// Seconds that the service keeps a validation.
const LIFETIME: i64 = 30 * 60;

/// The page of a validation, without its token.
const PAGE: &str = "/liveness/";

/// The short way to the same page.
const SHORT: &str = "/l/";

fn start(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    schema::check("volcengine_validations_start", &call.body)?;
    let now = state.clock.timestamp();
    let random = state.ids.lower(20).to_ascii_uppercase();
    let token = format!("{}{random}", now.strftime("%Y%m%d%H%M%S"));
    let data = json!({
        "bytedToken": token,
        "h5Link": format!("{}{PAGE}{token}", state.base_url),
        "shortLink": format!("{}{SHORT}{token}", state.base_url),
        "callbackUrl": call.body["callbackUrl"],
    });
    state.volcengine_validations.list.push(Validation {
        token,
        progress: Progress::Waiting(0),
        expires_at: later(now, LIFETIME),
    });
    Ok(Reply::Data(data))
}

/// Once it has a result, a validation is over: a second call finds nothing.
fn complete(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let now = state.clock.timestamp();
    let validations = &mut state.volcengine_validations;
    let index = validations
        .find(call.param("bytedToken"), now)
        .ok_or_else(|| Refusal::new(12322))?;
    let progress = &mut validations.list[index].progress;
    validations.pace.step(progress);
    if matches!(progress, Progress::Waiting(_)) {
        return Err(Refusal::new(12329));
    }
    let ended = validations.list.remove(index);
    if ended.progress != Progress::Done {
        return Err(Refusal::new(12322));
    }
    let group = Group::new(&mut state.ids, None, Avatar::RealPerson, now);
    let data = group.json();
    state.volcengine_groups.list.push(group);
    Ok(Reply::Data(data))
}

/// The page of a validation: opening it is all that a sandbox's person has to do.
pub(crate) fn page(state: &mut State, request: &Incoming) -> Option<Answer> {
    let path = &request.path;
    let token = path.strip_prefix(PAGE).or(path.strip_prefix(SHORT))?;
    let now = state.clock.timestamp();
    let text = if state.volcengine_validations.end(token, true, now) {
        "Passed. You can close this page."
    } else {
        "Nobody is to be validated here."
    };
    let page = html::sentence(200, "AiToEarn sandbox", text);
    Some(page.noting("the page of a validation"))
}

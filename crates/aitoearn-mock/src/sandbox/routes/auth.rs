//! Connecting an account: a session that waits for the person to say yes.

use serde_json::{Value, json};

use super::accounts::{avatar, handle};
use crate::sandbox::answer::Answer;
use crate::sandbox::catalogue::{self, Auth, HIDDEN, Platform};
use crate::sandbox::clock::{iso, later};
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::html;
use crate::sandbox::ids::is_object_id;
use crate::sandbox::request::Incoming;
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::schema::is_absolute_url;
use crate::sandbox::state::State;
use crate::sandbox::stores::sessions::{Candidate, Phase, Session};

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "auth_start",
        method: "GET",
        path: "/api/v2/channels/accounts/auth/{platform}",
        access: Access::Key,
        handler: start,
    },
    Route {
        name: "auth_status",
        method: "GET",
        path: "/api/v2/channels/accounts/auth/{platform}/status/{sessionId}",
        access: Access::Key,
        handler: status,
    },
];

/// Seconds that a session lives, finished or not.
const LIFETIME: i64 = 300;

/// What a Douyin code looks like here: a picture of one dot.
const QR_CODE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// The page that stands in for a platform's own, without the session's id.
const PAGE: &str = "/authorize/";

/// The platform in a path that the service checks against its own list.
pub(crate) fn known_platform(state: &State, id: &str) -> Result<&'static Platform, Refusal> {
    let refusal = || Refusal::with(15032, json!({ "platform": id }));
    match catalogue::platform(id) {
        Some(platform) if state.unavailable.contains(platform.id) => Err(refusal()),
        Some(platform) => Ok(platform),
        None if id == HIDDEN => Err(refusal()),
        None => Err(catalogue::unknown("platform in the path", id)),
    }
}

fn start(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    for name in ["callbackUrl", "redirectUri"] {
        if let Some(url) = call.query.text(name)?
            && !is_absolute_url(url)
        {
            let note =
                format!("the query's {name} is {url:?}, and not an absolute http or https address");
            return Err(Refusal::invalid(note));
        }
    }
    let platform = known_platform(state, call.param("platform"))?;
    if platform.auth == Auth::Plugin {
        return Err(Refusal::with(
            15032,
            json!({ "platform": platform.id, "capability": "auth" }),
        ));
    }
    let group_id = match call.query.text("groupId")?.filter(|id| !id.is_empty()) {
        None => state.accounts.default_group.clone(),
        Some(id) if !is_object_id(id) => {
            return Err(Refusal::crash_of_id("the query's groupId", id));
        }
        Some(id) if state.has_group(id) => id.to_owned(),
        Some(_) => return Err(Refusal::new(12601)),
    };

    let id = state.ids.session_id();
    let expires_at = later(state.clock.timestamp(), LIFETIME);
    let count = if platform.selectable {
        state.sessions.candidates
    } else {
        1
    };
    let candidates = state.new_candidates(platform, count);
    let phase = Phase::Pending;
    state.sessions.list.insert(
        id.clone(),
        Session {
            platform,
            group_id,
            expires_at,
            candidates,
            phase,
            polls: 0,
        },
    );

    let url = match platform.auth {
        Auth::QrCode => QR_CODE.to_owned(),
        _ => format!("{}{PAGE}{id}", state.base_url),
    };
    let mut data = json!({ "url": url, "sessionId": id, "expiresAt": iso(expires_at) });
    if let Some(instructions) = platform.instructions() {
        data["authInstructions"] = instructions;
    }
    Ok(Reply::Data(data))
}

fn status(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let platform = call.param("platform");
    if catalogue::platform(platform).is_none() && platform != HIDDEN {
        return Err(catalogue::unknown("platform in the path", platform));
    }
    let id = call.param("sessionId");
    let now = state.clock.timestamp();
    let session = state
        .sessions
        .list
        .get_mut(id)
        .filter(|session| now < session.expires_at);
    let session = session.ok_or_else(|| Refusal::new(15039))?;
    if session.platform.id != platform {
        return Err(Refusal::new(15040));
    }

    // The person in front of the browser, as far as the sandbox plays them.
    session.polls = session.polls.saturating_add(1);
    let polls = session.polls;
    let waiting = matches!(session.phase, Phase::Pending | Phase::Selecting);
    if let (true, Some(pending)) = (waiting, state.sessions.pending_polls) {
        if polls > pending {
            match state.sessions.failures.pop_front() {
                Some(code) => session.phase = Phase::Failed(code),
                None => state.complete_session(id),
            }
        } else if polls == pending && session.candidates.len() > 1 {
            session.phase = Phase::Selecting;
        }
    }
    Ok(Reply::Data(state.session_json(id)))
}

impl State {
    fn new_candidates(&mut self, platform: &'static Platform, count: usize) -> Vec<Candidate> {
        // Whoever has an offline account comes back to renew it.
        let offline = self
            .accounts
            .list
            .iter()
            .find(|a| a.platform.id == platform.id && !a.usable);
        if let Some(account) = offline {
            return vec![Candidate {
                uid: account.uid.clone(),
                name: account.nickname.clone(),
            }];
        }
        (1..=count.max(1))
            .map(|n| {
                let uid = self.new_uid(platform);
                let name = match n {
                    1 => format!("Sandbox {}", platform.name.0),
                    n => format!("Sandbox {} {n}", platform.name.0),
                };
                Candidate { uid, name }
            })
            .collect()
    }

    /// Connects the candidates of a session. `false` if there is no such session.
    fn complete_session(&mut self, id: &str) {
        let Some(session) = self.sessions.list.get(id) else {
            return;
        };
        let (platform, group, candidates) = (
            session.platform,
            session.group_id.clone(),
            session.candidates.clone(),
        );
        let accounts = candidates
            .iter()
            .map(|c| self.connect(platform, &c.uid, &c.name, &group))
            .collect();
        if let Some(session) = self.sessions.list.get_mut(id) {
            session.phase = Phase::Completed(accounts);
        }
    }

    fn session_json(&self, id: &str) -> Value {
        let Some(session) = self.sessions.list.get(id) else {
            return Value::Null;
        };
        let mut data = json!({
            "sessionId": id,
            "status": match session.phase {
                Phase::Pending | Phase::Selecting => "pending",
                Phase::Completed(_) => "completed",
                Phase::Failed(_) => "failed",
            },
            "requiresSelection": matches!(session.phase, Phase::Selecting),
            "expiresAt": iso(session.expires_at),
        });
        let person = |candidate: &Candidate| {
            json!({
                "platform": session.platform.id,
                "platformUid": candidate.uid,
                "account": handle(&candidate.name),
                "displayName": candidate.name,
                "avatarUrl": avatar(&candidate.uid),
            })
        };
        match &session.phase {
            Phase::Pending => {}
            Phase::Selecting => {
                data["selectableAccounts"] = session.candidates.iter().map(person).collect();
            }
            Phase::Failed(code) => data["errorCode"] = json!(code),
            Phase::Completed(ids) => {
                data["accountId"] = json!(ids.first());
                data["accountIds"] = json!(ids);
                data["accounts"] = session
                    .candidates
                    .iter()
                    .zip(ids)
                    .map(|(candidate, id)| {
                        let mut account = person(candidate);
                        account["accountId"] = json!(id);
                        account
                    })
                    .collect();
            }
        }
        data
    }

    /// Ends a session by hand; `false` if there is none, or it has ended already.
    pub(crate) fn end_session(&mut self, id: &str, failure: Option<i64>) -> bool {
        let Some(session) = self.sessions.list.get_mut(id) else {
            return false;
        };
        if matches!(session.phase, Phase::Completed(_) | Phase::Failed(_)) {
            return false;
        }
        match failure {
            Some(code) => session.phase = Phase::Failed(code),
            None => self.complete_session(id),
        }
        true
    }
}

/// A session, for people.
pub(crate) struct Shown<'a> {
    pub(crate) id: &'a str,
    pub(crate) platform: &'static str,
    pub(crate) phase: &'static str,
    pub(crate) is_open: bool,
}

/// All sessions whose time is not over.
pub(crate) fn shown(state: &State) -> impl Iterator<Item = Shown<'_>> {
    let now = state.clock.timestamp();
    let living = state
        .sessions
        .list
        .iter()
        .filter(move |(_, session)| session.expires_at > now);
    living.map(|(id, session)| {
        let (phase, is_open) = match session.phase {
            Phase::Pending => ("waits for its person", true),
            Phase::Selecting => ("waits for a selection", true),
            Phase::Completed(_) => ("approved", false),
            Phase::Failed(_) => ("refused", false),
        };
        Shown {
            id,
            platform: session.platform.name.0,
            phase,
            is_open,
        }
    })
}

/// The code of a session whose person said no.
pub(crate) const REFUSED: i64 = 15013;

/// The response to a form without one.
pub(crate) const NO_ANSWER: &str =
    "There is no answer in it: send answer=approve or answer=refuse, in the query or as a form.";

/// The page at a session's `url`: two buttons for whoever opens it in a browser.
pub(crate) fn page(state: &mut State, request: &Incoming) -> Option<Answer> {
    let id = request.path.strip_prefix(PAGE)?;
    let note = "the page of an authorization";
    let session = shown(state).find(|session| session.id == id);
    let Some((platform, is_open)) = session.map(|it| (it.platform, it.is_open)) else {
        let text = "There is no such authorization: its five minutes are over, or another sandbox has started it.";
        let note = format!("{note}, which is unknown or over");
        return Some(html::sentence(404, "AiToEarn sandbox", text).noting(note));
    };
    let title = format!("Connect {platform} to the sandbox?");
    let said = |status: u16, text: &str| Some(html::sentence(status, &title, text).noting(note));
    match (request.method.as_str(), given_answer(request).as_deref()) {
        ("GET" | "HEAD", _) if is_open => {
            Some(html::page(200, &title, "", &buttons(&title)).noting(note))
        }
        ("GET" | "HEAD", _) => said(200, "It has its answer. You can close this page."),
        ("POST", Some(answer @ ("approve" | "refuse"))) => {
            let (failure, text) = match answer {
                "approve" => (None, "Approved. You can close this page."),
                _ => (Some(REFUSED), "Refused. You can close this page."),
            };
            if state.end_session(id, failure) {
                said(200, text)
            } else {
                said(409, "It has its answer already. You can close this page.")
            }
        }
        ("POST", _) => {
            let answer = html::sentence(400, &title, NO_ANSWER);
            Some(answer.noting(format!("{note}, without answer=approve or answer=refuse")))
        }
        _ => said(
            405,
            "Open this page in a browser, or send it a form by POST.",
        ),
    }
}

/// The answer in the query or in the form.
fn given_answer(request: &Incoming) -> Option<String> {
    let mut query = form_urlencoded::parse(request.query.as_bytes());
    let found = query.find(|(name, _)| name == "answer");
    let in_query = found.map(|(_, value)| value.into_owned());
    in_query.or_else(|| request.form_field("answer"))
}

fn buttons(title: &str) -> String {
    let buttons = ["approve", "refuse"].map(|answer| {
        format!(
            "<form method=\"post\" action=\"?answer={answer}\"><button>{answer}</button></form> "
        )
    });
    format!(
        "<main><h1>{}</h1><p>{}</p></main>",
        html::escape(title),
        buttons.concat()
    )
}

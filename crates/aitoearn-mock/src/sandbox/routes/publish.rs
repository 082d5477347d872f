//! Publish flows, and what can be done to their tasks.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::auth::known_platform;
use crate::sandbox::catalogue::OPTION_SCHEMAS;
use crate::sandbox::clock::iso;
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::rules::issues;
use crate::sandbox::schema;
use crate::sandbox::state::State;
use crate::sandbox::stores::posts::{Post, status};

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "publish_flow_create",
        method: "POST",
        path: "/api/v2/channels/publish/flows",
        access: Access::Key,
        handler: create,
    },
    Route {
        name: "publish_flow_get",
        method: "GET",
        path: "/api/v2/channels/publish/flows/{flowId}",
        access: Access::Key,
        handler: get,
    },
    Route {
        name: "publish_task_now",
        method: "POST",
        path: "/api/v2/channels/publish/tasks/{taskId}/publish-now",
        access: Access::Key,
        handler: publish_now,
    },
    Route {
        name: "publish_task_retry",
        method: "POST",
        path: "/api/v2/channels/publish/tasks/{taskId}/retry",
        access: Access::Key,
        handler: retry,
    },
    Route {
        name: "publish_task_cancel",
        method: "DELETE",
        path: "/api/v2/channels/publish/tasks/{taskId}",
        access: Access::Key,
        handler: cancel,
    },
    Route {
        name: "publish_task_reschedule",
        method: "PATCH",
        path: "/api/v2/channels/publish/tasks/{taskId}/publish-at",
        access: Access::Key,
        handler: update_publish_at,
    },
];

/// The platforms that cannot be published to without an option.
const OPTION_NEEDED: [&str; 3] = ["bilibili", "pinterest", "xhs"];

impl Post {
    fn task_json(&self) -> Value {
        let mut data = json!({
            "id": self.id,
            "accountId": self.account_id,
            "platform": self.platform.id,
            "status": self.status,
            "publishTime": iso(self.publish_at),
            "linkStatus": self.link_status,
            "linkMeta": {},
        });
        if let Some(id) = &self.work_id {
            data["platformWorkId"] = json!(id);
        }
        if let (Some(link), "ready") = (&self.work_link, self.link_status) {
            data["workLink"] = json!(link);
        }
        if let Some(failure) = &self.failure {
            data["errorMsg"] = json!(failure.message);
        }
        data
    }
}

fn flow_json(state: &State, flow_id: &str) -> Option<Value> {
    let tasks: Vec<Value> = state
        .publishing
        .posts
        .iter()
        .filter(|post| post.flow_id.as_deref() == Some(flow_id))
        .map(Post::task_json)
        .collect();
    (!tasks.is_empty()).then(|| json!({ "flowId": flow_id, "tasks": tasks }))
}

fn create(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let body = &call.body;
    schema::check("publish_flow", body)?;
    let publish_at = publish_at(body.get("publishAt"))?;
    let items: Vec<&Value> = body["items"].as_array().into_iter().flatten().collect();
    for (n, item) in items.iter().enumerate() {
        check_option(item, &format!("body.items[{n}].option"))?;
    }
    let used = |flow_id: &str| {
        state
            .publishing
            .posts
            .iter()
            .any(|post| post.flow_id.as_deref() == Some(flow_id))
    };
    if let Some(flow_id) = body["flowId"].as_str().filter(|id| used(id)) {
        return Err(Refusal::with(15025, json!({ "flowId": flow_id })));
    }

    // All or nothing: every item is looked at before any task is made.
    let mut posts = Vec::new();
    let now = state.clock.timestamp();
    let flow_id = body["flowId"]
        .as_str()
        .map_or_else(|| state.ids.object_id(now), str::to_owned);
    for item in items {
        let post = new_post(state, item, &body["content"], &flow_id, publish_at)?;
        if posts
            .iter()
            .any(|earlier: &Post| earlier.account_id == post.account_id)
        {
            return Err(Refusal::with(
                15052,
                json!({ "accountId": post.account_id, "platform": post.platform.id }),
            ));
        }
        posts.push(post);
    }
    state.publishing.posts.append(&mut posts);
    // Never empty: the schema asks for at least one item.
    Ok(Reply::Data(flow_json(state, &flow_id).unwrap_or_default()))
}

/// The publish time as JavaScript's `Date` reads it: `null` is 1970, so now.
fn publish_at(value: Option<&Value>) -> Result<Timestamp, Refusal> {
    let moment = match value {
        Some(Value::Null) => Some(Timestamp::UNIX_EPOCH),
        Some(Value::String(text)) => schema::moment(text),
        Some(Value::Number(number)) => number
            .as_i64()
            .and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        _ => None,
    };
    moment.ok_or_else(|| {
        let given = value.map_or_else(|| "missing".to_owned(), Value::to_string);
        Refusal::invalid(format!(
            "body.publishAt is {given}, and neither null, nor milliseconds, nor a moment as 2026-05-18T09:30:00Z"
        ))
    })
}

fn check_option(item: &Value, place: &str) -> Result<(), Refusal> {
    let platform = item["platform"].as_str().unwrap_or_default();
    match (item.get("option"), OPTION_SCHEMAS.get(platform)) {
        (Some(option), Some(schema)) => schema::check_value(schema, option, place),
        (Some(_), None) => Err(Refusal::invalid(format!("{place}: {platform} has none"))),
        (None, _) if OPTION_NEEDED.contains(&platform) => Err(Refusal::invalid(format!(
            "{place} is missing, and {platform} needs it"
        ))),
        (None, _) => Ok(()),
    }
}

fn new_post(
    state: &mut State,
    item: &Value,
    content: &Value,
    flow_id: &str,
    publish_at: Timestamp,
) -> Result<Post, Refusal> {
    let platform = known_platform(state, item["platform"].as_str().unwrap_or_default())
        .map_err(|_| Refusal::with(15062, json!({ "platform": item["platform"] })))?;
    let account_id = item["accountId"].as_str().unwrap_or_default();
    let account = state
        .accounts
        .find(account_id)
        .filter(|account| account.platform.id == platform.id);
    let usable = account.ok_or_else(|| Refusal::new(15021))?.usable;
    if !usable {
        return Err(Refusal::new(15001));
    }

    let merged = |field: &str| {
        item["overrides"]
            .get(field)
            .or_else(|| content.get(field))
            .cloned()
            .unwrap_or_default()
    };
    let now = state.clock.timestamp();
    let mut post = Post {
        flow_id: Some(flow_id.to_owned()),
        account_id: Some(account_id.to_owned()),
        publish_at,
        ..Post::new(state.ids.object_id(now), platform, merged, now)
    };
    let issues = issues(&post);
    if !issues.is_empty() {
        return Err(Refusal::with(
            15051,
            json!({ "platform": platform.id, "accountId": account_id, "issues": issues }),
        ));
    }
    if !platform.by_api() {
        // The browser plug-in has published already and only reports it.
        let work_id = item["option"]["workId"]
            .as_str()
            .map_or_else(|| state.ids.digits(19), str::to_owned);
        post.publish(work_id);
        if let Some(link) = item["option"]["workLink"].as_str() {
            post.work_link = Some(link.to_owned());
        }
    }
    Ok(post)
}

fn get(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let flow_id = call.param("flowId");
    let now = state.clock.timestamp();
    for index in 0..state.publishing.posts.len() {
        if state.publishing.posts[index].flow_id.as_deref() == Some(flow_id) {
            state.publishing.step(index, &mut state.ids, now);
        }
    }
    flow_json(state, flow_id)
        .map(Reply::Data)
        .ok_or_else(|| Refusal::new(15050))
}

/// Changes a task if it is in one of the states, else refuses with the code.
fn change(
    state: &mut State,
    call: &Call,
    allowed: &[i64],
    refusal: Option<i64>,
    change: impl FnOnce(&mut Post, Timestamp),
) -> Result<Reply, Refusal> {
    let index = state.publishing.find(call.param("taskId"), 15004)?;
    let now = state.clock.timestamp();
    let post = &mut state.publishing.posts[index];
    if allowed.contains(&post.status) {
        change(post, now);
        post.updated_at = now;
    } else if let Some(code) = refusal {
        return Err(Refusal::new(code));
    }
    Ok(Reply::Data(json!({ "taskId": post.id })))
}

fn publish_now(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    change(
        state,
        call,
        &[status::WAITING, status::QUEUED],
        Some(15058),
        |post, now| {
            post.publish_at = now;
            post.status = status::QUEUED;
        },
    )
}

fn retry(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    change(state, call, &[status::FAILED], Some(15095), |post, now| {
        post.publish_at = now;
        post.status = status::QUEUED;
        post.failure = None;
    })
}

/// In any other state this answers success and does nothing.
fn cancel(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let allowed = [
        status::WAITING,
        status::QUEUED,
        status::SCHEDULED,
        status::HAND_OFF,
    ];
    change(state, call, &allowed, None, |post, _| {
        post.status = status::CANCELLED;
    })
}

fn update_publish_at(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let publish_at = publish_at(call.body.get("publishAt"))?;
    change(
        state,
        call,
        &[status::WAITING, status::QUEUED],
        Some(15057),
        |post, _| {
            post.publish_at = publish_at;
            post.status = status::WAITING;
        },
    )
}

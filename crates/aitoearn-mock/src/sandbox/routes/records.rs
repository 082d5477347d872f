//! Publish records: the same posts, one by one and in lists.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::answer::Answer;
use crate::sandbox::catalogue::{self, HIDDEN, platform};
use crate::sandbox::clock::iso;
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::html;
use crate::sandbox::request::Incoming;
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::schema;
use crate::sandbox::state::State;
use crate::sandbox::stores::posts::{Post, status};

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "publish_records_list",
        method: "GET",
        path: "/api/v2/channels/publish/records",
        access: Access::Key,
        handler: list,
    },
    Route {
        name: "publish_records_list_queued",
        method: "GET",
        path: "/api/v2/channels/publish/records/queued",
        access: Access::Key,
        handler: list_queued,
    },
    Route {
        name: "publish_records_list_published",
        method: "GET",
        path: "/api/v2/channels/publish/records/published",
        access: Access::Key,
        handler: list_published,
    },
    Route {
        name: "publish_record_get",
        method: "GET",
        path: "/api/v2/channels/publish/records/{recordId}",
        access: Access::Key,
        handler: get,
    },
    Route {
        name: "publish_record_delete",
        method: "DELETE",
        path: "/api/v2/channels/publish/records/{recordId}",
        access: Access::Key,
        handler: delete,
    },
    Route {
        name: "publish_record_user_action",
        method: "GET",
        path: "/api/v2/channels/publish/records/{recordId}/user-action",
        access: Access::Key,
        handler: user_action,
    },
];

/// The page at which a Douyin user finishes a post, without the share's id.
const SHORT_LINK: &str = "/s/";

impl Post {
    fn record_json(&self) -> Value {
        let mut data = json!({
            "id": self.id,
            "accountType": self.platform.id,
            "type": if self.videos.is_empty() { "article" } else { "video" },
            "status": self.status,
            "title": self.title,
            "desc": self.body,
            "publishTime": iso(self.publish_at),
            "linkStatus": self.link_status,
            "linkMeta": {},
            "imgUrlList": self.images,
            "source": "api",
            "errorMsg": self.failure.as_ref().map_or("", |failure| &failure.message),
            "createdAt": iso(self.created_at),
            "updatedAt": iso(self.updated_at),
        });
        let optional = [
            ("flowId", self.flow_id.as_ref()),
            ("accountId", self.account_id.as_ref()),
            ("videoUrl", self.videos.first()),
            ("coverUrl", self.cover.as_ref()),
            ("platformWorkId", self.work_id.as_ref()),
            (
                "workLink",
                self.work_link
                    .as_ref()
                    .filter(|_| self.link_status == "ready"),
            ),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                data[name] = json!(value);
            }
        }
        if let Some(failure) = &self.failure {
            // The code is text here, though it is a number everywhere else.
            let code = failure.code.to_string();
            data["errorData"] =
                json!({ "type": failure.category, "code": code, "message": failure.message });
        }
        data
    }

    /// What the user opens to finish the post, if it waits for them.
    pub(crate) fn hand_off_json(&self, base_url: &str) -> Option<Value> {
        let (status::HAND_OFF, Some(share_id), Some(until)) =
            (self.status, &self.share_id, self.hand_off_until)
        else {
            return None;
        };
        Some(json!({
            "shareId": share_id,
            "schemeUrl": format!("snssdk1128://openplatform/share?share_id={share_id}"),
            "shortLink": format!("{base_url}{SHORT_LINK}{share_id}"),
            "expiresAt": iso(until),
        }))
    }
}

/// What the three lists can be narrowed to.
fn filtered(state: &State, call: &Call, keep: impl Fn(&Post) -> bool) -> Result<Reply, Refusal> {
    let account_id = call.query.text("accountId")?.filter(|id| !id.is_empty());
    let account_type = call.query.text("accountType")?;
    if let Some(id) = account_type.filter(|id| platform(id).is_none() && *id != HIDDEN) {
        return Err(catalogue::unknown("the query's accountType", id));
    }
    let span = match call.query.pair("time")? {
        None => None,
        Some((start, end)) => Some((moment(&start)?, moment(&end)?)),
    };
    let mut posts: Vec<&Post> = state
        .publishing
        .posts
        .iter()
        .filter(|post| account_id.is_none_or(|id| post.account_id.as_deref() == Some(id)))
        .filter(|post| account_type.is_none_or(|id| post.platform.id == id))
        .filter(|post| {
            span.is_none_or(|(start, end)| start <= post.publish_at && post.publish_at <= end)
        })
        .filter(|post| keep(post))
        .collect();
    posts.sort_by_key(|post| std::cmp::Reverse(post.publish_at));
    Ok(Reply::Data(
        posts.into_iter().map(Post::record_json).collect(),
    ))
}

fn moment(text: &str) -> Result<Timestamp, Refusal> {
    schema::moment(text).ok_or_else(|| {
        Refusal::invalid(format!("the query's time has {text:?}, which is no moment"))
    })
}

fn list(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let status = call.query.number("status")?;
    #[allow(clippy::cast_precision_loss)] // states are tiny
    filtered(state, call, |post| {
        status.is_none_or(|status| (post.status as f64 - status).abs() < f64::EPSILON)
    })
}

fn list_queued(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    filtered(state, call, |post| {
        [status::WAITING, status::QUEUED, status::SCHEDULED].contains(&post.status)
    })
}

fn list_published(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    filtered(state, call, |post| post.status == status::PUBLISHED)
}

fn get(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let index = state.publishing.find(call.param("recordId"), 15000)?;
    let now = state.clock.timestamp();
    state.publishing.step(index, &mut state.ids, now);
    Ok(Reply::Data(state.publishing.posts[index].record_json()))
}

fn delete(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let index = state.publishing.find(call.param("recordId"), 15000)?;
    let last = [
        status::PUBLISHED,
        status::FAILED,
        status::UPDATE_FAILED,
        status::CANCELLED,
    ];
    if !last.contains(&state.publishing.posts[index].status) {
        return Err(Refusal::new(15018));
    }
    state.publishing.posts.remove(index);
    Ok(Reply::Nothing)
}

fn user_action(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let index = state.publishing.find(call.param("recordId"), 15000)?;
    let post = &state.publishing.posts[index];
    if post.platform.completion != "user_handoff" {
        return Err(Refusal::with(
            15062,
            json!({ "platform": post.platform.id }),
        ));
    }
    let mut data = post
        .hand_off_json(&state.base_url)
        .ok_or_else(|| Refusal::new(15018))?;
    data["recordId"] = json!(post.id);
    data["platform"] = json!(post.platform.id);
    Ok(Reply::Data(data))
}

impl State {
    /// The Douyin user has posted; `false` if nothing waits for them there.
    pub(crate) fn finish_hand_off(&mut self, is_it: impl Fn(&Post) -> bool) -> bool {
        let now = self.clock.timestamp();
        let work_id = self.ids.digits(19);
        let mut waiting = self
            .publishing
            .posts
            .iter_mut()
            .filter(|post| post.status == status::HAND_OFF);
        let Some(post) = waiting.find(|post| is_it(post)) else {
            return false;
        };
        post.publish(work_id);
        post.updated_at = now;
        true
    }
}

/// The short link: opening it is all that the sandbox's Douyin users do.
pub(crate) fn page(state: &mut State, request: &Incoming) -> Option<Answer> {
    let share_id = request.path.strip_prefix(SHORT_LINK)?;
    let done = state.finish_hand_off(|post| post.share_id.as_deref() == Some(share_id));
    let text = if done {
        "Posted. You can close this page."
    } else {
        "Nothing waits here."
    };
    let page = html::sentence(200, "AiToEarn sandbox", text);
    Some(page.noting("the short link of a post"))
}

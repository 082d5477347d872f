//! Posts that somebody without an account publishes by scanning a code.

use serde_json::{Value, json};

use crate::sandbox::catalogue;
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::rules::check_in_issues;
use crate::sandbox::schema;
use crate::sandbox::state::State;
use crate::sandbox::stores::posts::Post;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "publish_douyin_offline_qr",
        method: "POST",
        path: "/api/v2/channels/douyin/open/offline-qr",
        access: Access::Key,
        handler: douyin,
    },
    Route {
        name: "publish_rednote_share_config",
        method: "POST",
        path: "/api/v2/channels/rednote/open/offline-qr/share-config",
        access: Access::Key,
        handler: rednote,
    },
];

/// Calls a minute, as the service documents them.
const MOST_DOUYIN: u32 = 30;
const MOST_REDNOTE: u32 = 60;

/// A picture of one dot: nobody scans what a sandbox shows.
const QR_CODE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";

/// Makes a record at once, which waits for whoever scans the code.
fn douyin(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let now = state.clock.timestamp();
    state.offline_qr.douyin.admit(MOST_DOUYIN, now)?;
    schema::check("publish_douyin_offline_qr", &call.body)?;
    let platform = catalogue::platform("douyin").ok_or_else(Refusal::crash)?;
    let content = &call.body["content"];
    let field = |name: &str| content.get(name).cloned().unwrap_or_default();
    let mut post = Post::new(state.ids.object_id(now), platform, field, now);
    let issues = check_in_issues(&post);
    if !issues.is_empty() {
        return Err(Refusal::with(
            15051,
            json!({ "platform": platform.id, "issues": issues }),
        ));
    }
    post.hand_off(state.ids.digits(16), now);
    let mut user_action = post
        .hand_off_json(&state.base_url)
        .ok_or_else(Refusal::crash)?;
    user_action["qrCodeUrl"] = json!(QR_CODE);
    let data = json!({
        "recordId": post.id,
        "status": post.status,
        "userAction": user_action,
    });
    state.publishing.posts.push(post);
    Ok(Reply::Data(data))
}

/// Signs, and remembers nothing: what becomes of it the service never learns.
fn rednote(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let now = state.clock.timestamp();
    state.offline_qr.rednote.admit(MOST_REDNOTE, now)?;
    schema::check("publish_rednote_share_config", &call.body)?;
    let nonce = match &call.body["nonce"] {
        Value::String(nonce) => nonce.clone(),
        _ => state.ids.lower(16),
    };
    Ok(Reply::Data(json!({
        "verifyConfig": {
            "appKey": "red-sandbox",
            "nonce": nonce,
            "timestamp": now.as_millisecond().to_string(),
            "signature": state.ids.lower(32),
        },
    })))
}

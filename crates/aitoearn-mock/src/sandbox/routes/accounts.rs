//! Channel accounts.

use serde_json::{Value, json};

use crate::sandbox::catalogue::{self, PLATFORMS, Platform};
use crate::sandbox::clock::iso;
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::state::State;
use crate::sandbox::stores::accounts::Account;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "accounts_list",
        method: "GET",
        path: "/api/v2/channels/accounts",
        access: Access::Key,
        handler: list,
    },
    Route {
        name: "accounts_delete_many",
        method: "DELETE",
        path: "/api/v2/channels/accounts",
        access: Access::Key,
        handler: delete_many,
    },
    Route {
        name: "accounts_delete",
        method: "DELETE",
        path: "/api/v2/channels/accounts/{accountId}",
        access: Access::Key,
        handler: delete,
    },
    Route {
        name: "accounts_get",
        method: "GET",
        path: "/api/v2/channels/accounts/{accountId}",
        access: Access::Key,
        handler: get,
    },
    Route {
        name: "accounts_auth_status",
        method: "GET",
        path: "/api/v2/channels/accounts/{accountId}/auth-status",
        access: Access::Key,
        handler: auth_status,
    },
];

impl Account {
    fn json(&self, user_id: &str) -> Value {
        json!({
            "id": self.id,
            "userId": user_id,
            "type": self.platform.id,
            "clientType": "web",
            "uid": self.uid,
            "account": self.handle,
            "loginTime": iso(self.connected_at),
            "avatar": avatar(&self.uid),
            "nickname": self.nickname,
            "fansCount": 1280,
            "workCount": 25,
            "groupId": self.group_id,
            "status": i64::from(self.usable),
            "rank": whole(self.rank),
            "relayAccountRef": null,
            "createdAt": iso(self.connected_at),
            "updatedAt": iso(self.connected_at),
        })
    }
}

/// A number as JavaScript prints it: without a fraction if it has none.
fn whole(number: f64) -> Value {
    #[allow(clippy::cast_possible_truncation)] // exact for every rank worth the name
    if number.fract() == 0.0 && number.abs() < 9e15 {
        json!(number as i64)
    } else {
        json!(number)
    }
}

/// Where an account's picture is.
pub(crate) fn avatar(uid: &str) -> String {
    format!("https://assets.example.com/avatars/{uid}.png")
}

impl State {
    /// The account, or the code that says there is none.
    pub(crate) fn account(&self, id: &str) -> Result<&Account, Refusal> {
        self.accounts.find(id).ok_or_else(|| Refusal::new(12600))
    }

    /// A user id in the platform's own style.
    pub(crate) fn new_uid(&mut self, platform: &Platform) -> String {
        match platform.id {
            "douyin" => format!("_000{}", self.ids.lower(12)),
            "KWAI" => self.ids.lower(16),
            _ => self.ids.digits(15),
        }
    }

    /// Stores an account, or brings back the one with the same id.
    pub(crate) fn connect(
        &mut self,
        platform: &'static Platform,
        uid: &str,
        nickname: &str,
        group_id: &str,
    ) -> String {
        let id = format!("{}_{uid}", platform.id);
        let now = self.clock.timestamp();
        if let Some(account) = self.accounts.find_mut(&id) {
            account.usable = true;
            account.connected_at = now;
            return id;
        }
        let rank = u32::try_from(self.accounts.list.len()).map_or(0.0, f64::from);
        self.accounts.list.push(Account {
            id: id.clone(),
            platform,
            uid: uid.to_owned(),
            nickname: nickname.to_owned(),
            handle: handle(nickname),
            group_id: group_id.to_owned(),
            usable: true,
            rank,
            connected_at: now,
        });
        id
    }
}

/// `Morning Kitchen` is `morning_kitchen` to the platform.
pub(crate) fn handle(nickname: &str) -> String {
    nickname
        .to_lowercase()
        .replace(|c: char| !c.is_alphanumeric(), "_")
}

fn list(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let ids = call.query.list("ids")?;
    let types = call.query.list("types")?;
    let status = call.query.number("status")?;
    let mut unknown = types.into_iter().flatten();
    if let Some(id) = unknown.find(|id| !PLATFORMS.iter().any(|platform| platform.id == *id)) {
        return Err(catalogue::unknown("an element of the query's types", id));
    }
    let list: Vec<Value> = state
        .accounts
        .list
        .iter()
        .filter(|account| ids.is_none_or(|ids| ids.contains(&account.id)))
        .filter(|account| types.is_none_or(|types| types.iter().any(|t| t == account.platform.id)))
        // Any number is taken; one that is no state matches nothing.
        .filter(|account| {
            status.is_none_or(|status| {
                (f64::from(u8::from(account.usable)) - status).abs() < f64::EPSILON
            })
        })
        .map(|account| account.json(&state.user_id))
        .collect();
    Ok(Reply::Data(json!({ "total": list.len(), "list": list })))
}

fn get(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let account = state.account(call.param("accountId"))?;
    Ok(Reply::Data(account.json(&state.user_id)))
}

fn auth_status(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let account = state.account(call.param("accountId"))?;
    Ok(Reply::Data(json!({ "status": i64::from(account.usable) })))
}

fn delete(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let id = state.account(call.param("accountId"))?.id.clone();
    state.accounts.list.retain(|account| account.id != id);
    Ok(Reply::Data(json!(true)))
}

/// Ids that are nobody's are passed over.
fn delete_many(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let ids = call.query.required_list("ids")?;
    state
        .accounts
        .list
        .retain(|account| !ids.contains(&account.id));
    Ok(Reply::Nothing)
}

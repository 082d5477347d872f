//! Account groups.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::clock::iso;
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::ids::is_object_id;
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::schema;
use crate::sandbox::state::State;
use crate::sandbox::stores::groups::Group;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "account_groups_list",
        method: "GET",
        path: "/api/v2/channels/account-groups",
        access: Access::Key,
        handler: list,
    },
    Route {
        name: "account_groups_create",
        method: "POST",
        path: "/api/v2/channels/account-groups",
        access: Access::Key,
        handler: create,
    },
    Route {
        name: "account_groups_delete_many",
        method: "DELETE",
        path: "/api/v2/channels/account-groups",
        access: Access::Key,
        handler: delete_many,
    },
    Route {
        name: "account_groups_update",
        method: "PATCH",
        path: "/api/v2/channels/account-groups/{groupId}",
        access: Access::Key,
        handler: update,
    },
    Route {
        name: "account_groups_sort_accounts",
        method: "PATCH",
        path: "/api/v2/channels/account-groups/{groupId}/accounts/rank",
        access: Access::Key,
        handler: sort_accounts,
    },
];

/// The fields that a group takes from a request as they are.
const FIELDS: [&str; 6] = ["name", "rank", "ip", "location", "countryCode", "proxyIp"];

impl Group {
    fn set(&mut self, body: &Value, now: Timestamp) {
        for field in FIELDS {
            if let Some(value) = body.get(field) {
                self.fields[field] = value.clone();
            }
        }
        self.has_browser_config |= body.get("browserConfig").is_some();
        self.updated_at = now;
    }

    fn json(&self, is_default: bool) -> Value {
        let mut data = self.fields.clone();
        data["id"] = json!(self.id);
        data["isDefault"] = json!(is_default);
        data["hasBrowserConfig"] = json!(self.has_browser_config);
        data["createdAt"] = json!(iso(self.created_at));
        data["updatedAt"] = json!(iso(self.updated_at));
        data
    }
}

impl State {
    fn group_json(&self, group: &Group) -> Value {
        group.json(group.id == self.accounts.default_group)
    }

    fn group_mut(&mut self, id: &str) -> Result<&mut Group, Refusal> {
        if !is_object_id(id) {
            return Err(Refusal::crash_of_id("groupId in the path", id));
        }
        self.groups
            .list
            .iter_mut()
            .find(|group| group.id == id)
            .ok_or_else(|| Refusal::new(12601))
    }
}

#[allow(clippy::unnecessary_wraps)] // every handler has this shape
fn list(state: &mut State, _: &Call) -> Result<Reply, Refusal> {
    Ok(Reply::Data(
        state
            .groups
            .list
            .iter()
            .map(|group| state.group_json(group))
            .collect(),
    ))
}

fn create(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    schema::check("account_groups_create", &call.body)?;
    let now = state.clock.timestamp();
    let mut group = Group::new(state.ids.object_id(now), "", now);
    group.set(&call.body, now);
    let data = group.json(false);
    state.groups.list.push(group);
    Ok(Reply::Data(data))
}

fn update(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    schema::check("account_groups_update", &call.body)?;
    let now = state.clock.timestamp();
    let is_default = state.accounts.default_group == call.param("groupId");
    let group = state.group_mut(call.param("groupId"))?;
    group.set(&call.body, now);
    Ok(Reply::Data(group.json(is_default)))
}

/// Ids that are nobody's are passed over; the default group stops the whole call.
fn delete_many(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let ids = call.query.required_list("ids")?;
    if let Some(id) = ids.iter().find(|id| !is_object_id(id)) {
        return Err(Refusal::crash_of_id("an element of the query's ids", id));
    }
    let default = state.accounts.default_group.clone();
    if ids.contains(&default) {
        return Err(Refusal::with(
            12601,
            json!({ "reasonCode": "default_group_cannot_be_deleted" }),
        ));
    }
    state.groups.list.retain(|group| !ids.contains(&group.id));
    for account in &mut state.accounts.list {
        if ids.contains(&account.group_id) {
            account.group_id.clone_from(&default);
        }
    }
    Ok(Reply::Data(json!(true)))
}

fn sort_accounts(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    schema::check("account_groups_sort_accounts", &call.body)?;
    let id = call.param("groupId").to_owned();
    state.group_mut(&id)?;
    let entries = call.body["list"].as_array().into_iter().flatten();
    let ranks: Vec<(&str, f64)> = entries
        .filter_map(|entry| Some((entry["id"].as_str()?, entry["rank"].as_f64()?)))
        .collect();
    if ranks
        .iter()
        .enumerate()
        .any(|(n, (id, _))| ranks[..n].iter().any(|(earlier, _)| earlier == id))
    {
        return Err(Refusal::new(10002).noting("body.list has an id twice"));
    }
    for account in state
        .accounts
        .list
        .iter_mut()
        .filter(|account| account.group_id == id)
    {
        if let Some((_, rank)) = ranks.iter().find(|(id, _)| *id == account.id) {
            account.rank = *rank;
        }
    }
    Ok(Reply::Data(json!(true)))
}

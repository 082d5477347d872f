//! Groups of assets.

use serde_json::{Value, json};

use crate::sandbox::clock::iso;
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::routes::pages::page;
use crate::sandbox::schema;
use crate::sandbox::state::State;
use crate::sandbox::stores::volcengine::{Avatar, Group};

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "volcengine_asset_groups_list",
        method: "GET",
        path: "/api/ai/volcengine/assets/groups",
        access: Access::Key,
        handler: list,
    },
    Route {
        name: "volcengine_asset_groups_create",
        method: "POST",
        path: "/api/ai/volcengine/assets/groups",
        access: Access::Key,
        handler: create,
    },
    Route {
        name: "volcengine_asset_groups_get",
        method: "GET",
        path: "/api/ai/volcengine/assets/groups/{groupId}",
        access: Access::Key,
        handler: get,
    },
    Route {
        name: "volcengine_asset_groups_update",
        method: "PATCH",
        path: "/api/ai/volcengine/assets/groups/{groupId}",
        access: Access::Key,
        handler: update,
    },
    Route {
        name: "volcengine_asset_groups_delete",
        method: "DELETE",
        path: "/api/ai/volcengine/assets/groups/{groupId}",
        access: Access::Key,
        handler: delete,
    },
];

impl Group {
    pub(crate) fn json(&self) -> Value {
        let mut data = json!({
            "groupId": self.id,
            "name": self.name,
            "avatarType": self.avatar.name(),
            "createdAt": iso(self.created_at),
            "updatedAt": iso(self.updated_at),
        });
        if let Some(description) = &self.description {
            data["description"] = json!(description);
        }
        data
    }
}

fn list(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let avatar = call.query.one_of("avatarType", &Avatar::NAMES)?;
    let groups: Vec<&Group> = state
        .volcengine_groups
        .list
        .iter()
        .rev()
        .filter(|group| avatar.is_none_or(|avatar| group.avatar.name() == avatar))
        .collect();
    page(&call.query, &groups, |group| group.json())
}

/// Always of the kind `Virtual`: a real person's group is what a validation ends with.
fn create(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    schema::check("volcengine_asset_groups_create", &call.body)?;
    let now = state.clock.timestamp();
    let name = call.body["name"].as_str();
    let mut group = Group::new(&mut state.ids, name, Avatar::Virtual, now);
    group.description = call.body["description"].as_str().map(str::to_owned);
    let data = group.json();
    state.volcengine_groups.list.push(group);
    Ok(Reply::Data(data))
}

fn get(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let index = state.volcengine_groups.find(call.param("groupId"))?;
    Ok(Reply::Data(state.volcengine_groups.list[index].json()))
}

/// One of the two at least has to be sent.
fn update(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    schema::check("volcengine_asset_groups_update", &call.body)?;
    let text = |field: &str| call.body[field].as_str().map(str::to_owned);
    let (name, description) = (text("name"), text("description"));
    if name.is_none() && description.is_none() {
        return Err(Refusal::invalid("body has neither name nor description"));
    }
    let now = state.clock.timestamp();
    let index = state.volcengine_groups.find(call.param("groupId"))?;
    let group = &mut state.volcengine_groups.list[index];
    if let Some(name) = name {
        group.name = name;
    }
    group.description = description.or(group.description.take());
    group.updated_at = now;
    Ok(Reply::Data(group.json()))
}

/// The group's assets are deleted with it.
fn delete(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let id = call.param("groupId");
    let index = state.volcengine_groups.find(id)?;
    state.volcengine_groups.list.remove(index);
    state.volcengine_assets.delete_group(id);
    Ok(Reply::Data(json!({})))
}

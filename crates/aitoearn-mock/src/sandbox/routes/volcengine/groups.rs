//! Groups of assets.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::clock::iso;
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::ids::Ids;
use crate::sandbox::router::{Access, Call, Route};
use crate::sandbox::routes::pages::page;
use crate::sandbox::schema;
use crate::sandbox::state::State;

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

/// What a group may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Avatar {
    Virtual,
    /// Somebody who has passed a validation.
    RealPerson,
}

impl Avatar {
    const NAMES: [&str; 2] = ["Virtual", "RealPerson"];

    fn name(self) -> &'static str {
        match self {
            Self::Virtual => Self::NAMES[0],
            Self::RealPerson => Self::NAMES[1],
        }
    }
}

/// A group of assets.
#[derive(Debug)]
pub(crate) struct Group {
    id: String,
    name: String,
    description: Option<String>,
    avatar: Avatar,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Group {
    /// A group without a description. A real person's gets its name from the service.
    pub(crate) fn new(ids: &mut Ids, name: Option<&str>, avatar: Avatar, now: Timestamp) -> Self {
        let id = ids.dated("group", now);
        let suffix = id.rsplit('-').next().unwrap_or_default();
        Self {
            name: name.map_or_else(|| format!("real_person_{suffix}"), str::to_owned),
            description: None,
            avatar,
            created_at: now,
            updated_at: now,
            id,
        }
    }

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

/// All groups, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    pub(crate) list: Vec<Group>,
}

impl Groups {
    pub(crate) fn find(&self, id: &str) -> Result<usize, Refusal> {
        self.list
            .iter()
            .position(|group| group.id == id)
            .ok_or_else(|| Refusal::new(12323))
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

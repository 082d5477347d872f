//! Assets: files that videos of Volcengine may be made from.

use serde_json::{Value, json};

use crate::sandbox::clock::iso;
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::progress::Progress;
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::routes::pages::page;
use crate::sandbox::schema;
use crate::sandbox::state::State;
use crate::sandbox::stores::volcengine::Asset;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "volcengine_assets_list",
        method: "GET",
        path: "/api/ai/volcengine/assets/items",
        access: Access::Key,
        handler: list,
    },
    Route {
        name: "volcengine_assets_create",
        method: "POST",
        path: "/api/ai/volcengine/assets/items",
        access: Access::Key,
        handler: create,
    },
    Route {
        name: "volcengine_assets_get",
        method: "GET",
        path: "/api/ai/volcengine/assets/items/{assetId}",
        access: Access::Key,
        handler: get,
    },
    Route {
        name: "volcengine_assets_update",
        method: "PATCH",
        path: "/api/ai/volcengine/assets/items/{assetId}",
        access: Access::Key,
        handler: update,
    },
    Route {
        name: "volcengine_assets_delete",
        method: "DELETE",
        path: "/api/ai/volcengine/assets/items/{assetId}",
        access: Access::Key,
        handler: delete,
    },
];

const STATES: [&str; 3] = ["Processing", "Active", "Failed"];

const KINDS: [&str; 3] = ["Image", "Video", "Audio"];

impl Asset {
    fn status(&self) -> &'static str {
        match self.progress {
            Progress::Waiting(_) => STATES[0],
            Progress::Done => STATES[1],
            Progress::Failed(_) => STATES[2],
        }
    }

    fn json(&self) -> Value {
        let mut data = json!({
            "assetId": self.id,
            "groupId": self.request["groupId"],
            "assetType": self.request["assetType"],
            "status": self.status(),
            "url": self.request["url"],
            "createdAt": iso(self.created_at),
            "updatedAt": iso(self.updated_at),
        });
        if let Some(name) = self.request.get("name") {
            data["name"] = name.clone();
        }
        data
    }
}

/// Shows the states that were known last: only `get` asks for the present one.
fn list(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let group_id = call.query.text("groupId")?;
    let kind = call.query.one_of("assetType", &KINDS)?;
    let status = call.query.one_of("status", &STATES)?;
    let assets: Vec<&Asset> = state
        .volcengine_assets
        .list
        .iter()
        .rev()
        .filter(|asset| group_id.is_none_or(|id| asset.request["groupId"] == id))
        .filter(|asset| kind.is_none_or(|kind| asset.request["assetType"] == kind))
        .filter(|asset| status.is_none_or(|status| asset.status() == status))
        .collect();
    page(&call.query, &assets, |asset| asset.json())
}

fn create(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    schema::check("volcengine_assets_create", &call.body)?;
    let group_id = call.body["groupId"].as_str().unwrap_or_default();
    state.volcengine_groups.find(group_id)?;
    let now = state.clock.timestamp();
    let asset = Asset {
        id: state.ids.dated("asset", now),
        request: call.body.clone(),
        progress: Progress::Waiting(0),
        created_at: now,
        updated_at: now,
    };
    let data = asset.json();
    state.volcengine_assets.list.push(asset);
    Ok(Reply::Data(data))
}

/// Asks for the present state: the asset is one step further.
fn get(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let now = state.clock.timestamp();
    let assets = &mut state.volcengine_assets;
    let index = assets.find(call.param("assetId"))?;
    let asset = &mut assets.list[index];
    let before = asset.status();
    assets.pace.step(&mut asset.progress);
    if asset.status() != before {
        asset.updated_at = now;
    }
    Ok(Reply::Data(asset.json()))
}

fn update(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    schema::check("volcengine_assets_update", &call.body)?;
    let now = state.clock.timestamp();
    let assets = &mut state.volcengine_assets;
    let index = assets.find(call.param("assetId"))?;
    let asset = &mut assets.list[index];
    asset.request["name"] = call.body["name"].clone();
    asset.updated_at = now;
    Ok(Reply::Data(asset.json()))
}

fn delete(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let assets = &mut state.volcengine_assets;
    let index = assets.find(call.param("assetId"))?;
    assets.list.remove(index);
    Ok(Reply::Data(json!({})))
}

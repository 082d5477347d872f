//! The platform catalogue.

use serde_json::Value;

use crate::sandbox::catalogue::PLATFORMS;
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::state::State;

pub(crate) const ROUTES: &[Route] = &[Route {
    name: "platforms_list",
    method: "GET",
    path: "/api/v2/channels/platforms",
    access: Access::Public,
    handler: list,
}];

#[allow(clippy::unnecessary_wraps)] // every handler has this shape
fn list(state: &mut State, _: &Call) -> Result<Reply, Refusal> {
    let list = PLATFORMS
        .iter()
        .map(|platform| platform.metadata(!state.unavailable.contains(platform.id)));
    Ok(Reply::Data(Value::Array(list.collect())))
}

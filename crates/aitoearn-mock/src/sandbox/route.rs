//! A route of the service: which credentials it takes, what calls it, and what answers.

use serde_json::Value;

use super::envelope::{Refusal, Reply};
use super::query::Query;
use super::state::State;

/// Which credentials a route takes besides `X-Api-Key`, which every route takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// None: `X-Api-Key` or nothing.
    Key,
    /// Also `Authorization: Bearer`.
    Bearer,
    /// Also `x-goog-api-key`.
    Goog,
    /// Works without a key. A wrong one is refused all the same.
    Public,
}

/// A request that has found its route.
#[derive(Debug)]
pub(crate) struct Call {
    /// The operation's name.
    pub(crate) name: &'static str,
    pub(crate) params: Vec<(&'static str, String)>,
    pub(crate) query: Query,
    /// `{}` if the request has no JSON body.
    pub(crate) body: Value,
}

impl Call {
    /// A path parameter, decoded. Every name a handler asks for is in its route.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params
            .iter()
            .find(|(n, _)| *n == name)
            .map_or("", |(_, value)| value)
    }
}

pub(crate) type Handler = fn(&mut State, &Call) -> Result<Reply, Refusal>;

/// One operation of the service.
#[derive(Debug)]
pub(crate) struct Route {
    /// `resource_verb`.
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    /// The template, `/api` included.
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    pub(crate) handler: Handler,
}

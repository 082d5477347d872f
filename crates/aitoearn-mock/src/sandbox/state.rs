//! Everything the sandbox remembers, one room per group of operations.

use std::collections::BTreeSet;

use super::clock::Clock;
use super::ids::Ids;
use super::routes::accounts::Accounts;
use super::routes::auth::Sessions;

/// The service's memory. One user, one key.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    /// `http://127.0.0.1:port`, for the pages the sandbox hands out.
    pub(crate) base_url: String,
    /// The user behind the key.
    pub(crate) user_id: String,
    pub(crate) accounts: Accounts,
    pub(crate) sessions: Sessions,
    /// Platforms that a test has taken out of service.
    pub(crate) unavailable: BTreeSet<&'static str>,
}

impl State {
    pub(crate) fn new(clock: Clock, base_url: String) -> Self {
        let mut ids = Ids::new();
        let now = clock.timestamp();
        let user_id = ids.object_id(now);
        let accounts = Accounts::new(ids.object_id(now));
        Self {
            clock,
            ids,
            base_url,
            user_id,
            accounts,
            sessions: Sessions::default(),
            unavailable: BTreeSet::new(),
        }
    }

    pub(crate) fn has_group(&self, id: &str) -> bool {
        self.accounts.default_group == id
    }
}

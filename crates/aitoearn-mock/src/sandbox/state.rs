//! Everything the sandbox remembers, one store per group of operations.

use std::collections::BTreeSet;

use super::clock::Clock;
use super::ids::Ids;
use super::stores::accounts::Accounts;
use super::stores::assets::Assets;
use super::stores::boards::Boards;
use super::stores::groups::Groups;
use super::stores::images::Images;
use super::stores::offline_qr::OfflineQr;
use super::stores::posts::Publishing;
use super::stores::sessions::Sessions;
use super::stores::videos::Videos;
use super::stores::volcengine;

/// The service's memory. One user, one key.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    /// `http://127.0.0.1:port`, for the pages the sandbox hands out.
    pub(crate) base_url: String,
    /// The same for the object storage, which is another origin.
    pub(crate) storage_url: String,
    /// The user behind the key.
    pub(crate) user_id: String,
    pub(crate) accounts: Accounts,
    pub(crate) groups: Groups,
    pub(crate) sessions: Sessions,
    pub(crate) assets: Assets,
    pub(crate) publishing: Publishing,
    pub(crate) offline_qr: OfflineQr,
    pub(crate) boards: Boards,
    pub(crate) videos: Videos,
    pub(crate) images: Images,
    pub(crate) volcengine_groups: volcengine::Groups,
    pub(crate) volcengine_assets: volcengine::Assets,
    pub(crate) volcengine_validations: volcengine::Validations,
    /// Platforms that a test has taken out of service.
    pub(crate) unavailable: BTreeSet<&'static str>,
}

impl State {
    pub(crate) fn new(clock: Clock, base_url: String, storage_url: String) -> Self {
        let mut ids = Ids::new();
        let now = clock.timestamp();
        let user_id = ids.object_id(now);
        let default_group = ids.object_id(now);
        Self {
            clock,
            ids,
            base_url,
            storage_url,
            user_id,
            accounts: Accounts::new(default_group.clone()),
            groups: Groups::new(default_group, now),
            sessions: Sessions::default(),
            assets: Assets::default(),
            publishing: Publishing::default(),
            offline_qr: OfflineQr::default(),
            boards: Boards::default(),
            videos: Videos::default(),
            images: Images::default(),
            volcengine_groups: volcengine::Groups::default(),
            volcengine_assets: volcengine::Assets::default(),
            volcengine_validations: volcengine::Validations::default(),
            unavailable: BTreeSet::new(),
        }
    }

    pub(crate) fn has_group(&self, id: &str) -> bool {
        self.groups.contains(id)
    }
}

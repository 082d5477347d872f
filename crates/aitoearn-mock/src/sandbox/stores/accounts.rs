//! The connected accounts.

use jiff::Timestamp;

use crate::sandbox::catalogue::Platform;

/// A connected account.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// `<platform>_<uid>`, case kept.
    pub(crate) id: String,
    pub(crate) platform: &'static Platform,
    pub(crate) uid: String,
    /// The name people see.
    pub(crate) nickname: String,
    /// The handle on the platform.
    pub(crate) handle: String,
    pub(crate) group_id: String,
    /// Offline accounts need a new authorization.
    pub(crate) usable: bool,
    pub(crate) rank: f64,
    pub(crate) connected_at: Timestamp,
}

/// All accounts, in the order they were connected.
#[derive(Debug)]
pub(crate) struct Accounts {
    pub(crate) list: Vec<Account>,
    /// Where accounts go that name no group.
    pub(crate) default_group: String,
}

impl Accounts {
    pub(crate) fn new(default_group: String) -> Self {
        Self {
            list: Vec::new(),
            default_group,
        }
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Account> {
        self.list.iter().find(|account| account.id == id)
    }

    pub(crate) fn find_mut(&mut self, id: &str) -> Option<&mut Account> {
        self.list.iter_mut().find(|account| account.id == id)
    }
}

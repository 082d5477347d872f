//! The groups of accounts.

use jiff::Timestamp;
use serde_json::{Value, json};

/// A group of accounts.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) id: String,
    /// `name`, `rank` and so on, as the caller set them.
    pub(crate) fields: Value,
    pub(crate) has_browser_config: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl Group {
    pub(crate) fn new(id: String, name: &str, now: Timestamp) -> Self {
        Self {
            id,
            fields: json!({ "name": name, "rank": 0 }),
            has_browser_config: false,
            created_at: now,
            updated_at: now,
        }
    }
}

/// All groups; the first one is the default.
#[derive(Debug)]
pub(crate) struct Groups {
    pub(crate) list: Vec<Group>,
}

impl Groups {
    pub(crate) fn new(default: String, now: Timestamp) -> Self {
        Self {
            list: vec![Group::new(default, "Default", now)],
        }
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.list.iter().any(|group| group.id == id)
    }
}

//! What videos of Volcengine may be made from: assets, their groups, and validations of people.

use jiff::Timestamp;
use serde_json::Value;

use crate::sandbox::envelope::Refusal;
use crate::sandbox::ids::Ids;
use crate::sandbox::progress::{Pace, Progress};

/// What a group may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Avatar {
    Virtual,
    /// Somebody who has passed a validation.
    RealPerson,
}

impl Avatar {
    pub(crate) const NAMES: [&str; 2] = ["Virtual", "RealPerson"];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Virtual => Self::NAMES[0],
            Self::RealPerson => Self::NAMES[1],
        }
    }
}

/// A group of assets.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) avatar: Avatar,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
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

/// A file that videos may be made from.
#[derive(Debug)]
pub(crate) struct Asset {
    pub(crate) id: String,
    /// `groupId`, `url`, `assetType` and perhaps `name`, as they were sent.
    pub(crate) request: Value,
    pub(crate) progress: Progress,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// All assets, the oldest first, and how long their processing takes.
#[derive(Debug, Default)]
pub(crate) struct Assets {
    pub(crate) list: Vec<Asset>,
    pub(crate) pace: Pace,
}

impl Assets {
    pub(crate) fn find(&self, id: &str) -> Result<usize, Refusal> {
        self.list
            .iter()
            .position(|asset| asset.id == id)
            .ok_or_else(|| Refusal::new(12324))
    }

    pub(crate) fn delete_group(&mut self, group_id: &str) {
        self.list
            .retain(|asset| asset.request["groupId"] != group_id);
    }
}

/// A person who looks into a camera.
#[derive(Debug)]
pub(crate) struct Validation {
    pub(crate) token: String,
    pub(crate) progress: Progress,
    pub(crate) expires_at: Timestamp,
}

/// All validations that have not ended, and how the people behave.
#[derive(Debug, Default)]
pub(crate) struct Validations {
    pub(crate) list: Vec<Validation>,
    pub(crate) pace: Pace,
}

impl Validations {
    /// The index of a validation that has not ended.
    pub(crate) fn find(&self, token: &str, now: Timestamp) -> Option<usize> {
        self.list
            .iter()
            .position(|validation| validation.token == token && now < validation.expires_at)
    }

    /// The person passes or not; `false` if there is nobody to.
    pub(crate) fn end(&mut self, token: &str, passed: bool, now: Timestamp) -> bool {
        let Some(index) = self.find(token, now) else {
            return false;
        };
        let progress = &mut self.list[index].progress;
        if !matches!(progress, Progress::Waiting(_)) {
            return false;
        }
        *progress = if passed {
            Progress::Done
        } else {
            Progress::Failed(String::new())
        };
        true
    }
}

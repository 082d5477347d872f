//! The sessions in which accounts are connected.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

use crate::sandbox::catalogue::Platform;

/// A login found on the platform.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) uid: String,
    pub(crate) name: String,
}

/// How far a session is.
#[derive(Debug, Clone)]
pub(crate) enum Phase {
    /// Waiting for the person.
    Pending,
    /// Waiting for the person to pick among several logins.
    Selecting,
    /// Done; the ids of the accounts.
    Completed(Vec<String>),
    /// Refused or broken, with the code that says why.
    Failed(i64),
}

/// An authorization that was begun.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) platform: &'static Platform,
    pub(crate) group_id: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) phase: Phase,
    /// How often the status has been asked.
    pub(crate) polls: u32,
}

/// The sessions, and how the coming ones will go.
#[derive(Debug)]
pub(crate) struct Sessions {
    pub(crate) list: BTreeMap<String, Session>,
    /// Polls that still say `pending`; `None`: the person never comes.
    pub(crate) pending_polls: Option<u32>,
    /// How many logins a platform with sub-accounts has.
    pub(crate) candidates: usize,
    /// The next sessions end with these codes.
    pub(crate) failures: VecDeque<i64>,
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            list: BTreeMap::new(),
            pending_polls: Some(2),
            candidates: 2,
            failures: VecDeque::new(),
        }
    }
}

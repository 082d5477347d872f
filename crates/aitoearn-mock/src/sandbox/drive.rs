//! The strings a test pulls: what the people and platforms behind the service do.

use std::fmt;

use super::catalogue;
use super::state::State;
use super::{Sandbox, Shared};

/// There is nothing by that id in the sandbox, or it is past changing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    what: &'static str,
    id: String,
}

impl Missing {
    pub(crate) fn new(what: &'static str, id: &str) -> Self {
        Self {
            what,
            id: id.to_owned(),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the sandbox has no {} `{}`", self.what, self.id)
    }
}

impl std::error::Error for Missing {}

impl Sandbox {
    /// The people who authorize accounts.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions {
            shared: &self.shared,
        }
    }

    /// The connected accounts.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts {
            shared: &self.shared,
        }
    }

    /// The platforms on offer.
    pub fn platforms(&self) -> Platforms<'_> {
        Platforms {
            shared: &self.shared,
        }
    }
}

/// Decides how authorization sessions go; from [`Sandbox::sessions`].
///
/// Without any help a session is pending for two polls and completed at the
/// third. On the platforms with sub-accounts (Facebook, Instagram, YouTube,
/// LinkedIn) the last pending poll asks for a selection among two.
#[derive(Debug, Clone, Copy)]
pub struct Sessions<'a> {
    shared: &'a Shared,
}

impl Sessions<'_> {
    fn state<T>(self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.shared.state())
    }

    /// How many polls still find a session pending. Default: 2. With 0 the
    /// first poll finds it completed.
    pub fn pending_polls(self, polls: u32) -> Self {
        self.state(|state| state.sessions.pending_polls = Some(polls));
        self
    }

    /// Sessions stay pending until [`complete`](Self::complete) or
    /// [`fail`](Self::fail) ends them, or their five minutes are over.
    pub fn hold(self) -> Self {
        self.state(|state| state.sessions.pending_polls = None);
        self
    }

    /// How many logins there are on a platform with sub-accounts, in sessions
    /// yet to start. Default: 2. With one, nothing needs selecting.
    pub fn sub_accounts(self, count: usize) -> Self {
        self.state(|state| state.sessions.candidates = count);
        self
    }

    /// The next session that would complete fails with this code instead.
    /// Calls add up, one session each.
    pub fn fail_next(self, code: impl Into<i64>) -> Self {
        let code = code.into();
        self.state(|state| state.sessions.failures.push_back(code));
        self
    }

    /// The person approves, now.
    ///
    /// # Errors
    /// When there is no such session or it has ended already.
    pub fn complete(self, session_id: &str) -> Result<(), Missing> {
        self.end(session_id, None)
    }

    /// The person refuses, or something breaks, now: 15013 for a refusal,
    /// 15045 for a closed window, 15082 for an account that is someone else's.
    ///
    /// # Errors
    /// When there is no such session or it has ended already.
    pub fn fail(self, session_id: &str, code: impl Into<i64>) -> Result<(), Missing> {
        self.end(session_id, Some(code.into()))
    }

    fn end(self, id: &str, failure: Option<i64>) -> Result<(), Missing> {
        let ended = self.state(|state| state.end_session(id, failure));
        if ended {
            Ok(())
        } else {
            Err(Missing::new("open session", id))
        }
    }
}

/// Adds and changes accounts; from [`Sandbox::accounts`].
#[derive(Debug, Clone, Copy)]
pub struct Accounts<'a> {
    shared: &'a Shared,
}

impl Accounts<'_> {
    /// Connects an account without a session and returns its id.
    ///
    /// # Errors
    /// When there is no such platform; ids are case-exact (`KWAI`, `wxSph`).
    pub fn add(self, platform: &str, nickname: &str) -> Result<String, Missing> {
        let platform =
            catalogue::platform(platform).ok_or_else(|| Missing::new("platform", platform))?;
        let mut state = self.shared.state();
        let uid = state.new_uid(platform);
        let group = state.accounts.default_group.clone();
        Ok(state.connect(platform, &uid, nickname, &group))
    }

    /// The platform has withdrawn the grant: the account's status becomes 0,
    /// and the next authorization on that platform brings it back.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn set_offline(self, account_id: &str) -> Result<(), Missing> {
        let mut state = self.shared.state();
        let account = state
            .accounts
            .find_mut(account_id)
            .ok_or_else(|| Missing::new("account", account_id))?;
        account.usable = false;
        Ok(())
    }
}

/// Changes what the platform list says; from [`Sandbox::platforms`].
#[derive(Debug, Clone, Copy)]
pub struct Platforms<'a> {
    shared: &'a Shared,
}

impl Platforms<'_> {
    /// Takes a platform out of service: `status: "unavailable"`, and
    /// authorizations are refused with 15032.
    ///
    /// # Errors
    /// When there is no such platform; ids are case-exact (`KWAI`, `wxSph`).
    pub fn set_unavailable(self, platform: &str) -> Result<(), Missing> {
        let known =
            catalogue::platform(platform).ok_or_else(|| Missing::new("platform", platform))?;
        self.shared.state().unavailable.insert(known.id);
        Ok(())
    }
}

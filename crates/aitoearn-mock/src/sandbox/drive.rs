//! The strings a test pulls: what the people and platforms behind the service do.

// Each call acts at once; the handle comes back only to be called again.
#![allow(clippy::return_self_not_must_use)]

use std::fmt;

use aitoearn_api::Code;

use super::catalogue::{self, Platform};
use super::progress::Pace;
use super::state::State;
use super::stores::posts::Failure;
use super::{Sandbox, Seen, Shared};

/// There is nothing by that id in the sandbox, or it is past changing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    what: &'static str,
    id: String,
}

impl Missing {
    fn new(what: &'static str, id: &str) -> Self {
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

    /// The posts on their way to the platforms.
    pub fn posts(&self) -> Posts<'_> {
        Posts {
            shared: &self.shared,
        }
    }

    /// The object storage that uploads go to.
    pub fn storage(&self) -> Storage<'_> {
        Storage {
            shared: &self.shared,
        }
    }

    /// The video tasks, in both styles.
    pub fn videos(&self) -> Tasks<'_> {
        Tasks {
            shared: &self.shared,
            pace: |state| &mut state.videos.pace,
        }
    }

    /// The image tasks that run in the background.
    pub fn images(&self) -> Tasks<'_> {
        Tasks {
            shared: &self.shared,
            pace: |state| &mut state.images.pace,
        }
    }

    /// The processing of assets for Volcengine's videos.
    pub fn volcengine_assets(&self) -> Tasks<'_> {
        Tasks {
            shared: &self.shared,
            pace: |state| &mut state.volcengine_assets.pace,
        }
    }

    /// The people whom Volcengine validates.
    pub fn validations(&self) -> Validations<'_> {
        Validations {
            shared: &self.shared,
        }
    }
}

fn known(platform: &str) -> Result<&'static Platform, Missing> {
    catalogue::platform(platform).ok_or_else(|| Missing::new("platform", platform))
}

/// Decides how authorization sessions go; from [`Sandbox::sessions`].
///
/// Without any help a session is pending for two polls and completed at the
/// third. On the platforms with sub-accounts (`facebook`, `instagram`,
/// `youtube`, `linkedin`) the last pending poll asks for a selection among two.
#[derive(Debug, Clone, Copy)]
pub struct Sessions<'a> {
    shared: &'a Shared,
}

impl Sessions<'_> {
    /// How many polls still find a session pending. Default: 2. With 0 the
    /// first poll finds it completed.
    pub fn pending_polls(self, polls: u32) -> Self {
        self.shared.state().sessions.pending_polls = Some(polls);
        self
    }

    /// Sessions stay pending until [`complete`](Self::complete) or
    /// [`fail`](Self::fail) ends them, or their five minutes are over.
    pub fn hold(self) -> Self {
        self.shared.state().sessions.pending_polls = None;
        self
    }

    /// How many logins there are on a platform with sub-accounts, in sessions
    /// yet to start. Default: 2. With one, nothing needs selecting.
    pub fn sub_accounts(self, count: usize) -> Self {
        self.shared.state().sessions.candidates = count;
        self
    }

    /// The next session that would complete fails with this code instead.
    /// Calls add up, one session each.
    pub fn fail_next(self, code: impl Into<Code>) -> Self {
        let code = code.into().get();
        self.shared.state().sessions.failures.push_back(code);
        self
    }

    /// The person approves, now.
    ///
    /// # Errors
    /// When there is no such session or it has ended already.
    pub fn complete(self, session_id: impl AsRef<str>) -> Result<(), Missing> {
        self.end(session_id.as_ref(), None)
    }

    /// The person refuses, or something breaks, now: 15013 for a refusal,
    /// 15045 for a closed window, 15082 for an account that is someone else's.
    ///
    /// # Errors
    /// When there is no such session or it has ended already.
    pub fn fail(self, session_id: impl AsRef<str>, code: impl Into<Code>) -> Result<(), Missing> {
        self.end(session_id.as_ref(), Some(code.into().get()))
    }

    fn end(self, id: &str, failure: Option<i64>) -> Result<(), Missing> {
        let ended = self.shared.state().end_session(id, failure);
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
    pub fn add(self, platform: impl AsRef<str>, nickname: &str) -> Result<String, Missing> {
        let platform = known(platform.as_ref())?;
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
    pub fn set_offline(self, account_id: impl AsRef<str>) -> Result<(), Missing> {
        let mut state = self.shared.state();
        let account = state
            .accounts
            .find_mut(account_id.as_ref())
            .ok_or_else(|| Missing::new("account", account_id.as_ref()))?;
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
    pub fn set_unavailable(self, platform: impl AsRef<str>) -> Result<(), Missing> {
        let id = known(platform.as_ref())?.id;
        self.shared.state().unavailable.insert(id);
        Ok(())
    }
}

/// Decides how posts go; from [`Sandbox::posts`].
///
/// A post moves one step each time its record or flow is read, as far as its
/// publish time allows: waiting (0), queued (6, from a day ahead), publishing
/// (2), published (1). A Douyin post stops at 8 until its user has opened the
/// short link, [`finish_hand_off`](Self::finish_hand_off) is called, or an
/// hour has passed on the sandbox's clock. Lists move nothing.
#[derive(Debug, Clone, Copy)]
pub struct Posts<'a> {
    shared: &'a Shared,
}

impl Posts<'_> {
    /// Every post stays in the state it is in.
    pub fn hold(self) -> Self {
        self.shared.state().publishing.held = true;
        self
    }

    /// Posts move again after [`hold`](Self::hold).
    pub fn release(self) -> Self {
        self.shared.state().publishing.held = false;
        self
    }

    /// The next post to be published fails (-1) instead, with this in its
    /// `errorData`. Categories are those of platform errors: `auth`,
    /// `rate_limit`, `media_processing_failed`, `timeout` and so on.
    pub fn fail_next(self, code: impl Into<Code>, category: &str, message: &str) -> Self {
        let failure = Failure {
            code: code.into().get(),
            category: category.to_owned(),
            message: message.to_owned(),
        };
        self.shared.state().publishing.failures.push_back(failure);
        self
    }

    /// The user has finished a Douyin post in the app.
    ///
    /// # Errors
    /// When no post by that id waits for its user.
    pub fn finish_hand_off(self, record_id: impl AsRef<str>) -> Result<(), Missing> {
        let done = self
            .shared
            .state()
            .finish_hand_off(|post| post.id == record_id.as_ref());
        if done {
            Ok(())
        } else {
            Err(Missing::new("waiting Douyin post", record_id.as_ref()))
        }
    }

    /// Puts a post into a state by its number, for the states that nothing
    /// else leads to (3, 4, 5, 7, or one that does not exist yet).
    ///
    /// # Errors
    /// When there is no such post.
    pub fn set_status(self, record_id: impl AsRef<str>, status: i64) -> Result<(), Missing> {
        let mut state = self.shared.state();
        let post = state
            .publishing
            .posts
            .iter_mut()
            .find(|post| post.id == record_id.as_ref());
        post.ok_or_else(|| Missing::new("post", record_id.as_ref()))?
            .status = status;
        Ok(())
    }
}

/// Looks into the object storage; from [`Sandbox::storage`].
///
/// The storage is another origin than the service. It takes one `PUT` of the
/// exact bytes: the content type that the file's extension stands for, the
/// announced length, no chunks, no key, within five minutes of signing.
#[derive(Debug, Clone, Copy)]
pub struct Storage<'a> {
    shared: &'a Shared,
}

impl Storage<'_> {
    /// The storage's origin: `http://127.0.0.1:PORT`.
    pub fn base_url(self) -> String {
        self.shared.state().storage_url.clone()
    }

    /// The size in bytes from which a file is too large. Default: 1 GiB.
    pub fn max_size(self, bytes: u64) -> Self {
        self.shared.state().assets.max_size = bytes;
        self
    }

    /// The next request to the storage ends with this HTTP status and stores
    /// nothing. Calls add up, one request each.
    pub fn fail_next(self, status: u16) -> Self {
        self.shared
            .state()
            .assets
            .storage_failures
            .push_back(status);
        self
    }

    /// What was uploaded for an asset, if anything was.
    ///
    /// The storage takes files of up to 256 MiB and holds 512 MiB; beyond that
    /// it drops the bytes of the oldest files.
    pub fn uploaded(self, asset_id: impl AsRef<str>) -> Option<Vec<u8>> {
        self.shared
            .state()
            .assets
            .stored(asset_id.as_ref())
            .map(|bytes| bytes.to_vec())
    }

    /// The requests to the storage so far, the oldest first, in a log of 64 MiB.
    pub fn seen(self) -> Vec<Seen> {
        self.shared.seen_by_storage()
    }
}

/// Decides how tasks go; from [`Sandbox::videos`], [`Sandbox::images`] and
/// [`Sandbox::volcengine_assets`].
///
/// Without any help a task is unfinished for two polls and done at the third.
#[derive(Debug, Clone, Copy)]
pub struct Tasks<'a> {
    shared: &'a Shared,
    pace: fn(&mut State) -> &mut Pace,
}

impl Tasks<'_> {
    /// How many polls still find a task unfinished. Default: 2.
    pub fn pending_polls(self, polls: u32) -> Self {
        (self.pace)(&mut self.shared.state()).pending_polls = Some(polls);
        self
    }

    /// Tasks never finish, until [`pending_polls`](Self::pending_polls) says so.
    pub fn hold(self) -> Self {
        (self.pace)(&mut self.shared.state()).pending_polls = None;
        self
    }

    /// The next task to finish fails instead, with this message.
    pub fn fail_next(self, message: &str) -> Self {
        (self.pace)(&mut self.shared.state())
            .failures
            .push_back(message.to_owned());
        self
    }
}

/// Decides how people pass their validation; from [`Sandbox::validations`].
///
/// Without any help a validation is unfinished for two calls that complete it
/// and passed at the third, or once its page is opened. One that has not ended
/// after half an hour on the sandbox's clock is forgotten.
#[derive(Debug, Clone, Copy)]
pub struct Validations<'a> {
    shared: &'a Shared,
}

impl Validations<'_> {
    /// How many calls still find a validation unfinished. Default: 2.
    pub fn pending_polls(self, polls: u32) -> Self {
        let mut state = self.shared.state();
        state.volcengine_validations.pace.pending_polls = Some(polls);
        self
    }

    /// Validations stay unfinished until [`pass`](Self::pass), [`fail`](Self::fail)
    /// or a visit to their page ends them.
    pub fn hold(self) -> Self {
        let mut state = self.shared.state();
        state.volcengine_validations.pace.pending_polls = None;
        self
    }

    /// The person passes, now.
    ///
    /// # Errors
    /// When there is no such validation or it has ended already.
    pub fn pass(self, token: impl AsRef<str>) -> Result<(), Missing> {
        self.end(token.as_ref(), true)
    }

    /// The person does not pass: completing is refused with 12322.
    ///
    /// # Errors
    /// When there is no such validation or it has ended already.
    pub fn fail(self, token: impl AsRef<str>) -> Result<(), Missing> {
        self.end(token.as_ref(), false)
    }

    fn end(self, token: &str, passed: bool) -> Result<(), Missing> {
        let mut state = self.shared.state();
        let now = state.clock.timestamp();
        if state.volcengine_validations.end(token, passed, now) {
            Ok(())
        } else {
            Err(Missing::new("open validation", token))
        }
    }
}

//! Connecting a social account, from the first request to the accounts.

use std::{fmt, pin::Pin, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Job, Look, PollPolicy, Wait, WaitError};
use crate::{
    AccountId, Client, Code, Error, GroupId, RetryPolicy, SessionId, StartAuth,
    error::write_with_advice,
    types::{AuthSession, AuthSessionStatus, AuthStart, ConnectedAccount, Platform},
};

/// An account that is ready to be connected. Made by
/// [`Auth::connect`](crate::Auth::connect); `.await` it, show its page, and wait.
#[derive(Debug)]
#[must_use = "nothing happens until it is awaited"]
pub struct Connect {
    client: Client,
    platform: Platform,
    start: StartAuth,
}

impl Connect {
    pub(crate) fn new(client: &Client, platform: Platform) -> Self {
        Self {
            start: client.auth().start(platform.clone()),
            client: client.clone(),
            platform,
        }
    }

    /// The account group that the account is put into. Default: the default group.
    pub fn group_id(mut self, id: impl Into<GroupId>) -> Self {
        self.start = self.start.group_id(id);
        self
    }

    /// Where the browser is sent afterwards: an absolute http or https address.
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.start = self.start.redirect_uri(uri);
        self
    }

    /// Which address of yours is told the result: an absolute http or https address.
    pub fn callback_url(mut self, url: impl Into<String>) -> Self {
        self.start = self.start.callback_url(url);
        self
    }
}

impl IntoFuture for Connect {
    type Output = Result<Connecting, CannotConnect>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self {
                client,
                platform,
                start,
            } = self;
            let started = match start.await {
                Ok(started) => started,
                Err(error) if error.code() == Some(Code::PLATFORM_NOT_SUPPORTED) => {
                    return Err(CannotConnect::Unsupported { platform, error });
                }
                Err(error) => return Err(CannotConnect::Call(error)),
            };
            let job = ConnectJob {
                platform,
                session_id: started.session_id.clone(),
            };
            let wait = Wait::just_begun(&client, job);
            Ok(Connecting { started, wait })
        })
    }
}

/// No authorization could be started.
#[non_exhaustive]
pub enum CannotConnect {
    /// Accounts of this platform cannot be connected through the API of this site.
    Unsupported {
        /// The platform.
        platform: Platform,
        /// What the service said.
        error: Error,
    },
    /// The call failed for another reason.
    Call(Error),
}

impl CannotConnect {
    /// What the call ended with.
    pub fn error(&self) -> &Error {
        match self {
            Self::Unsupported { error, .. } | Self::Call(error) => error,
        }
    }

    /// What to do about it, in a sentence or two.
    pub fn advice(&self) -> &str {
        match self {
            Self::Unsupported { .. } => {
                "Look it up in the platform list: one whose `auth_type` is `plugin` is connected with AiToEarn's browser plug-in, another may belong to the other site."
            }
            Self::Call(error) => error.advice(),
        }
    }
}

impl fmt::Debug for CannotConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_with_advice(f, self, self.advice())
    }
}

impl fmt::Display for CannotConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported { platform, .. } => write!(
                f,
                "accounts of `{platform}` cannot be connected here. {}",
                self.advice()
            ),
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CannotConnect {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.error())
    }
}

/// An authorization that waits for its user. Show them [`url`](Self::url), then
/// `.await` it for the accounts, or [`wait`](Self::wait) to watch.
#[derive(Debug)]
#[must_use = "show its address and wait for it"]
pub struct Connecting {
    started: AuthStart,
    wait: Wait<ConnectJob>,
}

impl Connecting {
    /// What the user has to open; or, if [`is_image`](Self::is_image), to scan.
    pub fn url(&self) -> &str {
        &self.started.url
    }

    /// Whether [`url`](Self::url) is no page but a `data:` image of a QR code,
    /// to be shown to the user's phone.
    pub fn is_image(&self) -> bool {
        let scheme = self.started.url.get(..5);
        scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
    }

    /// All that the service said at the start: when it expires, and maybe
    /// instructions for the user.
    pub fn started(&self) -> &AuthStart {
        &self.started
    }

    /// The wait for its end, to be watched, resumed or given another policy.
    pub fn wait(self) -> Wait<ConnectJob> {
        self.wait
    }
}

impl IntoFuture for Connecting {
    type Output = Result<Connected, WaitError<ConnectJob>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        self.wait.into_future()
    }
}

/// An authorization in progress. Started by [`Auth::connect`](crate::Auth::connect).
///
/// It is looked at every 2 s, until the service says that it has ended or that
/// its five minutes are over, by
/// `GET /api/v2/channels/accounts/auth/{platform}/status/{sessionId}`. As long as
/// `requires_selection` is set in what is found, tell the user to finish in the
/// browser: accounts are chosen there, and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectJob {
    /// The platform that it is for.
    pub platform: Platform,
    /// The session's id.
    pub session_id: SessionId,
}

impl Job for ConnectJob {
    const KIND: &'static str = "connection";
    type State = AuthSession;
    type Output = Connected;
    type Failure = NotConnected;

    fn policy(&self) -> PollPolicy {
        // The service ends it after five minutes; our clocks may differ.
        PollPolicy::every(Duration::from_secs(2)).deadline(Duration::from_secs(6 * 60))
    }

    async fn look(&self, client: &Client) -> Result<Look<Self>, Error> {
        let looking = client
            .auth()
            .status(self.platform.clone(), self.session_id.clone());
        let session = match looking.retry(RetryPolicy::none()).await {
            Ok(session) => session,
            Err(error) if error.code() == Some(Code::CHANNEL_AUTH_SESSION_INVALID) => {
                return Ok(Look::Failed(NotConnected::Expired));
            }
            Err(error) => return Err(error),
        };
        Ok(match session.status {
            AuthSessionStatus::Completed => Look::Done(Connected::of(session)),
            AuthSessionStatus::Failed => Look::Failed(NotConnected::Refused {
                code: session.error_code,
            }),
            _ => Look::Pending(session),
        })
    }
}

/// The accounts that an authorization has connected.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Connected {
    /// Their ids, for [`Accounts::get`](crate::Accounts::get) and for publishing.
    pub account_ids: Vec<AccountId>,
    /// What is known about them, as far as the service tells.
    pub accounts: Vec<ConnectedAccount>,
}

impl Connected {
    fn of(session: AuthSession) -> Self {
        let mut account_ids = session.account_ids;
        if account_ids.is_empty() {
            account_ids.extend(session.account_id);
        }
        Self {
            account_ids,
            accounts: session.accounts,
        }
    }
}

/// An authorization ended without an account.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotConnected {
    /// The user or the platform refused, or something broke on the way.
    Refused {
        /// Why, if the service says so; see [`Code::meaning`].
        code: Option<Code>,
    },
    /// Its five minutes are over, or the service does not know it.
    Expired,
}

impl NotConnected {
    /// What to do about it, in one sentence.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Refused { code: Some(code) } => code.advice(),
            Self::Refused { code: None } | Self::Expired => "Start a new authorization.",
        }
    }
}

impl fmt::Debug for NotConnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_with_advice(f, self, self.advice())
    }
}

impl fmt::Display for NotConnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { code: Some(code) } => write!(f, "{} ({code})", code.meaning()),
            Self::Refused { code: None } => {
                f.write_str("the authorization failed, and the service does not say why")
            }
            Self::Expired => f.write_str("the authorization has expired"),
        }
    }
}

impl std::error::Error for NotConnected {}

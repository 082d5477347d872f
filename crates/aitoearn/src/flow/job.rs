//! What can be waited for, and how to find it again.

use std::{error::Error as StdError, fmt, time::SystemTime};

use aitoearn_api::__private::plain_line;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::PollPolicy;
use crate::{Client, Error, error::ConfigError};

/// Something at the service that takes a while, and how to look at it.
///
/// The value says *which* one it is, usually by an id; it is what
/// [`Handle`] saves. Implement it to wait for a condition of your own:
///
/// ```no_run
/// use std::{convert::Infallible, time::Duration};
/// use aitoearn::{Client, Error, RetryPolicy, types::AccountStatus, ids::AccountId};
/// use aitoearn::flow::{Job, Look, PollPolicy};
/// use serde::{Deserialize, Serialize};
///
/// /// An account that its user wants to authorize again.
/// #[derive(Debug, Clone, Serialize, Deserialize)]
/// struct BackOnline(AccountId);
///
/// impl Job for BackOnline {
///     const KIND: &'static str = "back_online";
///     type State = AccountStatus;
///     type Output = ();
///     type Failure = Infallible;
///
///     fn policy(&self) -> PollPolicy {
///         PollPolicy::every(Duration::from_secs(10))
///     }
///
///     async fn look(&self, client: &Client) -> Result<Look<Self>, Error> {
///         let account = client.accounts().get(&self.0).retry(RetryPolicy::none()).await?;
///         Ok(match account.status {
///             AccountStatus::Usable => Look::Done(()),
///             other => Look::Pending(other),
///         })
///     }
/// }
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// client.wait_for(BackOnline("tiktok_123".into())).await?;
/// # Ok(())
/// # }
/// ```
pub trait Job: fmt::Debug + Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Tells the handles of one kind from those of others.
    const KIND: &'static str;
    /// What a look finds before the end. The last one is kept for the error of a wait.
    type State: fmt::Debug + Clone + Send + Sync + 'static;
    /// What a good end brings.
    type Output: fmt::Debug + Send + 'static;
    /// What a bad end brings.
    type Failure: StdError + Send + Sync + 'static;

    /// How often and how long to look, unless the caller knows better.
    fn policy(&self) -> PollPolicy;

    /// Before this moment there is nothing new to be found: no look is made until
    /// then, whatever the policy, unless it [may come early](Self::may_come_early). Asked with `None` before the first look, then
    /// with what each look has found. Default: none.
    fn not_before(&self, found: Option<&Self::State>) -> Option<SystemTime> {
        let _ = found;
        None
    }

    /// Whether that moment may come early, because it is the service's clock that counts
    /// or because somebody may move it. Then it is polled before, ever more rarely: after
    /// one second, two more, four more and so on. Default: no.
    fn may_come_early(&self) -> bool {
        false
    }

    /// The state in words, for the error of a wait whose time is up. Default: none.
    fn describe(state: &Self::State) -> Option<String> {
        let _ = state;
        None
    }

    /// Looks once.
    ///
    /// Requests in it are best sent with
    /// [`RetryPolicy::none`](crate::RetryPolicy::none): who waits will look again
    /// after an [`Error`] that [passes by itself](Error::is_retryable).
    fn look(&self, client: &Client) -> impl Future<Output = Result<Look<Self>, Error>> + Send;
}

/// What a look at a [`Job`] found.
#[derive(Debug)]
pub enum Look<J: Job> {
    /// Not finished, in this state.
    Pending(J::State),
    /// Finished well.
    Done(J::Output),
    /// Finished badly: looking again is of no use.
    Failed(J::Failure),
}

/// A [`Job`] and the server it is at: all that another process needs to go on
/// waiting, and nothing secret.
///
/// ```
/// use aitoearn::flow::{Handle, VideoJob};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let saved = r#"{
///     "kind": "video",
///     "server": "https://aitoearn.ai",
///     "job": { "id": "66f2a9c4d81e5b0037c4a1a0" }
/// }"#;
/// let handle: Handle<VideoJob> = serde_json::from_str(saved)?;
/// assert_eq!(handle.job().id.as_str(), "66f2a9c4d81e5b0037c4a1a0");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Saved<J>", into = "Saved<J>", bound = "J: Job")]
pub struct Handle<J> {
    server: String,
    job: J,
}

/// More of a server's or a kind's name, in characters, is shown nowhere: a file may hold anything.
const LONGEST: usize = 100;

impl<J: fmt::Debug> fmt::Debug for Handle<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("server", &plain_line(&self.server, LONGEST))
            .field("job", &self.job)
            .finish()
    }
}

impl<J: Job> Handle<J> {
    /// A handle for a job at this client's server.
    pub fn new(client: &Client, job: J) -> Self {
        Self {
            server: client.base_url().to_owned(),
            job,
        }
    }

    /// What is waited for.
    pub fn job(&self) -> &J {
        &self.job
    }

    /// The base URL of the server that it is at.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// An id of one server means nothing, or something else, at another.
    pub(super) fn check(&self, client: &Client) -> Result<(), Error> {
        if self.server == client.base_url() {
            return Ok(());
        }
        let problem = format!(
            "the {} is at {} and the client talks to {}",
            J::KIND,
            plain_line(&self.server, LONGEST),
            client.base_url()
        );
        let advice = "resume it with a client of the server that it was started at";
        Err(ConfigError::new("server", problem, advice).into())
    }
}

/// The form of a handle in a file.
#[derive(Serialize, Deserialize)]
#[serde(bound = "J: Job")]
struct Saved<J> {
    kind: String,
    server: String,
    job: J,
}

impl<J: Job> From<Handle<J>> for Saved<J> {
    fn from(Handle { server, job }: Handle<J>) -> Self {
        let kind = J::KIND.to_owned();
        Self { kind, server, job }
    }
}

impl<J: Job> TryFrom<Saved<J>> for Handle<J> {
    type Error = String;

    fn try_from(Saved { kind, server, job }: Saved<J>) -> Result<Self, String> {
        if kind == J::KIND {
            Ok(Self { server, job })
        } else {
            Err(format!(
                "this is the handle of a {}, not of a {}",
                plain_line(&kind, LONGEST),
                J::KIND
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::FlowJob;

    #[test]
    fn what_a_file_says_of_itself_is_shown_on_one_line() {
        let wild = "\\u001b[31m\\r\\n\\u202e".to_owned() + &"x".repeat(3_000_000);
        let file = |kind: &str, server: &str| {
            format!(r#"{{"kind":"{kind}","server":"{server}","job":{{"flow_id":"f"}}}}"#)
        };
        let tame = |text: String| {
            let is_odd = |c: char| c.is_control() || c == '\u{202e}';
            assert!(text.len() < 400 && !text.contains(is_odd), "{text:?}");
        };
        let read = serde_json::from_str::<Handle<FlowJob>>(&file(&wild, "https://a.example"));
        tame(read.expect_err("another kind").to_string());

        let read = serde_json::from_str::<Handle<FlowJob>>(&file("publish_flow", &wild));
        let handle = read.expect("it may be any text");
        let client = Client::builder().base_url("http://localhost").build();
        let error = handle.check(&client.expect("fine")).expect_err("elsewhere");
        tame(error.to_string());
        tame(format!("{error:?}"));
        tame(format!("{handle:?}"));
    }

    #[test]
    fn a_flow_of_the_year_9999_is_not_asked_now() {
        for moment in ["9999-12-31T23:59:59Z", "253402300799999"] {
            let job = format!(r#"{{"flow_id":"f","publish_at":"{moment}"}}"#);
            let job: FlowJob = serde_json::from_str(&job).expect("a job");
            let until = job.not_before(None).expect("a moment");
            assert!(until > aitoearn_api::__private::now(), "{moment}");
        }
    }
}

//! What has become of a flow and its tasks.

use std::fmt;

use crate::{
    AccountId, Client, Code, FlowId, PlatformErrorCategory, RecordId, Timestamp,
    error::{said, without_key},
    flow::publish::link::Shown,
    types::{
        LinkStatus, Platform, PublishFlowTask, PublishRecord, PublishStatus, PublishUserAction,
    },
};

/// One task of a flow, as a look found it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FlowTask {
    /// The task's id, which is also its record's.
    pub id: RecordId,
    /// The platform published to.
    pub platform: Platform,
    /// The account published to.
    pub account_id: AccountId,
    /// The service's word for its state. One that is not known here is kept.
    pub status: Option<PublishStatus>,
    /// When it is or was published.
    pub publish_at: Option<Timestamp>,
    /// What the status means.
    pub state: TaskState,
    /// The platform's id of the post, if it has one; one that failed may have it, too.
    pub work_id: Option<String>,
}

/// What the status of a task means.
///
/// `Debug` masks what is secret in a link.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum TaskState {
    /// On its way, or in a state that is not known here.
    Pending,
    /// The user has to finish it: show them the `short_link`, which opens the
    /// Douyin app, before it expires (within an hour).
    AwaitingUser(PublishUserAction),
    /// It is live.
    Published {
        /// Where; `None` as long as the platform has not told.
        link: Option<String>,
        /// Whether the link is still to come.
        link_status: Option<LinkStatus>,
    },
    /// It failed. It can be [retried](crate::PublishTasks::retry).
    Failed(PublishFailure),
    /// It was called off.
    Cancelled,
}

impl FlowTask {
    /// What the flow itself tells. The reason of a failure and what a user has to
    /// do are in the record.
    pub(super) fn of(task: PublishFlowTask, client: &Client) -> Self {
        let work_id = filled(task.platform_work_id);
        let state = match task.status {
            Some(PublishStatus::Published | PublishStatus::UpdateFailed) => TaskState::Published {
                link: filled(task.work_link),
                link_status: task.link_status,
            },
            Some(PublishStatus::Failed) => {
                let failure = PublishFailure {
                    code: None,
                    category: None,
                    message: filled(task.error_msg),
                    link: filled(task.work_link),
                    work_id: work_id.clone(),
                };
                TaskState::Failed(failure.without_key(client))
            }
            Some(PublishStatus::Cancelled) => TaskState::Cancelled,
            _ => TaskState::Pending,
        };
        Self {
            id: task.id,
            platform: task.platform,
            account_id: task.account_id,
            status: task.status,
            publish_at: task.publish_time,
            state,
            work_id,
        }
    }

    /// Whether nothing more happens by itself.
    pub fn is_over(&self) -> bool {
        match self.state {
            TaskState::Pending | TaskState::AwaitingUser(_) => false,
            TaskState::Published { .. } | TaskState::Failed(_) | TaskState::Cancelled => true,
        }
    }

    /// Whether it is published, as the service sees it.
    pub fn is_published(&self) -> bool {
        matches!(self.state, TaskState::Published { .. })
    }

    /// Whether it is on its platform, also if the service takes it for failed: a
    /// platform may take a post and answer with an error.
    pub fn is_live(&self) -> bool {
        self.is_published() || self.failure().is_some_and(PublishFailure::is_live)
    }

    /// Where it is live, if that is known. A post that failed may have a link, too:
    /// then it is on its platform all the same.
    ///
    /// Some platforms put a permission into the query: show it to its owner, and
    /// do not log it. The `Display` of a task masks it.
    pub fn link(&self) -> Option<&str> {
        match &self.state {
            TaskState::Published { link, .. } => link.as_deref(),
            TaskState::Failed(failure) => failure.link.as_deref(),
            _ => None,
        }
    }

    /// Why it failed, if it did.
    pub fn failure(&self) -> Option<&PublishFailure> {
        match &self.state {
            TaskState::Failed(failure) => Some(failure),
            _ => None,
        }
    }
}

/// The state in a few words: `published at https://…`, `queued`.
impl fmt::Display for FlowTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): ", self.platform, self.account_id)?;
        match &self.state {
            TaskState::Pending => match &self.status {
                Some(PublishStatus::Waiting) => f.write_str("waiting"),
                Some(PublishStatus::Queued) => f.write_str("queued"),
                Some(PublishStatus::Publishing) => f.write_str("publishing"),
                Some(PublishStatus::Scheduled) => f.write_str("scheduled on the platform"),
                Some(PublishStatus::UpdateWaiting | PublishStatus::Updating) => {
                    f.write_str("being updated")
                }
                Some(PublishStatus::AwaitingUser) => f.write_str("waiting for its user"),
                Some(other) => write!(f, "in state {other}"),
                None => f.write_str("in no known state"),
            },
            TaskState::AwaitingUser(action) => {
                write!(f, "waiting for its user at {}", action.short_link)
            }
            TaskState::Published {
                link: Some(link), ..
            } => write!(f, "published at {}", Shown(link)),
            TaskState::Published { link: None, .. } => f.write_str("published, link pending"),
            TaskState::Failed(failure) => write!(f, "failed: {failure}"),
            TaskState::Cancelled => f.write_str("cancelled"),
        }
    }
}

impl fmt::Debug for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pending => f.write_str("Pending"),
            Self::AwaitingUser(action) => f.debug_tuple("AwaitingUser").field(action).finish(),
            Self::Published { link, link_status } => f
                .debug_struct("Published")
                .field("link", &link.as_deref().map(Shown))
                .field("link_status", link_status)
                .finish(),
            Self::Failed(failure) => f.debug_tuple("Failed").field(failure).finish(),
            Self::Cancelled => f.write_str("Cancelled"),
        }
    }
}

/// Why a post failed, and where it is if it is live all the same.
///
/// Both `Display` and `Debug` show its message masked and cut short.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PublishFailure {
    /// The service's code, with its [meaning](Code::meaning) and what to do.
    pub code: Option<Code>,
    /// What kind of trouble it is.
    pub category: Option<PlatformErrorCategory>,
    /// What went wrong, in the words of the service or the platform.
    pub message: Option<String>,
    /// Where the post is: the platform took it before something went wrong.
    pub link: Option<String>,
    /// The platform's id of that post.
    pub work_id: Option<String>,
}

impl PublishFailure {
    /// Why the post of a record failed; `None` if it did not.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client, id: aitoearn::ids::RecordId) -> Result<(), aitoearn::Error> {
    /// use aitoearn::{Code, flow::PublishFailure};
    ///
    /// let record = client.publish().records().get(&id).await?;
    /// if let Some(failure) = PublishFailure::of(&record) {
    ///     println!("{failure}: {}", failure.advice());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn of(record: &PublishRecord) -> Option<Self> {
        if !matches!(
            record.status,
            PublishStatus::Failed | PublishStatus::UpdateFailed
        ) {
            return None;
        }
        let data = record.error_data.as_ref();
        // The one place where the service writes a code as text.
        let code = data.and_then(|data| data.code.trim().parse::<i64>().ok());
        let category = data.and_then(|data| filled(Some(data.type_.clone())));
        let message = data.and_then(|data| filled(Some(data.message.clone())));
        Some(Self {
            code: code.filter(|code| *code != 0).map(Code::from),
            category: category.map(Into::into),
            message: message.or_else(|| filled(record.error_msg.clone())),
            link: filled(record.work_link.clone()),
            work_id: filled(record.platform_work_id.clone()),
        })
    }

    /// Whether the post is on its platform all the same.
    pub fn is_live(&self) -> bool {
        self.link.is_some() || self.work_id.is_some()
    }

    /// Adds where the post is, if only the flow says so.
    pub(super) fn or_live(mut self, task: &FlowTask) -> Self {
        self.link = self.link.or_else(|| task.link().map(str::to_owned));
        self.work_id = self.work_id.or_else(|| task.work_id.clone());
        self
    }

    /// The service may repeat the key in its words.
    pub(super) fn without_key(mut self, client: &Client) -> Self {
        let message = self.message.take();
        self.message = message.map(|text| without_key(text, client.api().context()));
        self
    }

    /// What to do about it, in one sentence.
    pub fn advice(&self) -> &'static str {
        if self.is_live() {
            return "Look at the post on its platform before you publish again: it would be there twice.";
        }
        self.code.map_or(
            "Look at the account on its platform, then retry the task.",
            |code| code.advice(),
        )
    }
}

impl fmt::Debug for PublishFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublishFailure")
            .field("code", &self.code)
            .field("category", &self.category)
            .field("message", &self.message.as_deref().map(said))
            .field("link", &self.link.as_deref().map(Shown))
            .field("work_id", &self.work_id)
            .finish()
    }
}

impl fmt::Display for PublishFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message.as_deref().map(said);
        match (self.code, message) {
            (None, None) => f.write_str("the service does not say why"),
            (None, Some(message)) => f.write_str(&message),
            (Some(code), None) => write!(f, "{code}: {}", code.meaning()),
            (Some(code), Some(message)) => {
                let meaning = code.meaning();
                write!(f, "{code}: {meaning} The service says: {message}")
            }
        }?;
        match (&self.link, &self.work_id) {
            (Some(link), _) => write!(f, " (live all the same, at {})", Shown(link)),
            (None, Some(id)) => write!(f, " (live all the same, as {})", said(id)),
            (None, None) => Ok(()),
        }
    }
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// The end of a flow: what has become of each of its tasks.
///
/// `Display` is a summary, such as `2 published (1 link pending), 1 failed`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FlowOutcome {
    /// The flow.
    pub flow_id: FlowId,
    /// All its tasks, of which none is on its way any more.
    pub tasks: Vec<FlowTask>,
}

impl FlowOutcome {
    /// Whether everything is published.
    pub fn all_published(&self) -> bool {
        !self.tasks.is_empty() && self.tasks.iter().all(FlowTask::is_published)
    }

    /// The tasks that failed, each with the reason.
    pub fn failures(&self) -> impl Iterator<Item = (&FlowTask, &PublishFailure)> {
        self.tasks
            .iter()
            .filter_map(|task| Some((task, task.failure()?)))
    }
}

impl fmt::Display for FlowOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |is: fn(&FlowTask) -> bool| self.tasks.iter().filter(|task| is(task)).count();
        let published = count(FlowTask::is_published);
        let linked = count(|task| task.is_published() && task.link().is_some());
        write!(f, "{published} published")?;
        match published.saturating_sub(linked) {
            0 => {}
            1 => f.write_str(" (1 link pending)")?,
            pending => write!(f, " ({pending} links pending)")?,
        }
        for (number, what) in [
            (count(|task| task.failure().is_some()), "failed"),
            (
                count(|task| task.state == TaskState::Cancelled),
                "cancelled",
            ),
        ] {
            if number > 0 {
                write!(f, ", {number} {what}")?;
            }
            let live = count(|task| task.failure().is_some_and(PublishFailure::is_live));
            if what == "failed" && live > 0 {
                write!(f, " ({live} of them live all the same)")?;
            }
        }
        Ok(())
    }
}

//! One post: what somebody wants published, checked and published.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use aitoearn::flow::{CreatedFlow, FlowTask, Problem, PublishError, PublishReason, TaskState};
use aitoearn::types::Platform;
use aitoearn::{
    Client, FlowItem, PublishTime,
    resources::{CreateFlow, FlowPart, MediaSource},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::failure::{Failure, Outcome};
use crate::moment::when;

/// What somebody wants published, as flags, rows of a plan and tools say it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// A name of one's own, by which the post is known when it is published again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Ids of accounts.
    pub to: Vec<String>,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Files or addresses of a video or of images.
    pub media: Vec<String>,
    /// File or address of the cover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
    /// When: `now`, a moment such as `2026-12-01T18:00:00+01:00`, or a span such as `+90m`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Settings of platforms by their names on the wire, for all accounts
    /// (`privacyStatus`) or those on one platform (`youtube.privacyStatus`).
    pub options: BTreeMap<String, Value>,
}

/// Something that is wrong with a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The field of the draft, such as `title` or `media[1]`.
    pub field: String,
    /// What is wrong with it, and what to do.
    pub problem: String,
}

impl Finding {
    /// A finding in a field.
    pub fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            problem: problem.into(),
        }
    }
}

impl From<&Problem> for Finding {
    fn from(problem: &Problem) -> Self {
        let field = match problem.field.strip_prefix("option.") {
            Some(option) => format!("options.{option}"),
            None if problem.field == "account" => "to".to_owned(),
            None => problem.field.clone(),
        };
        let Problem {
            account_id,
            platform,
            limit,
            value,
            remedy,
            ..
        } = problem;
        Self::new(
            field,
            format!("{account_id} ({platform}) wants {limit}, given is {value}. {remedy}"),
        )
    }
}

/// Makes flows of drafts; knows the accounts there are.
#[derive(Debug, Clone)]
pub struct Publisher {
    client: Client,
    accounts: BTreeMap<String, Platform>,
    /// Where relative paths begin.
    folder: PathBuf,
}

impl Publisher {
    /// Asks for the accounts.
    ///
    /// # Errors
    /// If the service does not say which there are.
    pub async fn new(client: &Client, folder: impl Into<PathBuf>) -> Outcome<Self> {
        let accounts = client.accounts().list().await?.list;
        let known = accounts.into_iter().map(|it| (it.id.to_string(), it.type_));
        Ok(Self {
            client: client.clone(),
            accounts: known.collect(),
            folder: folder.into(),
        })
    }

    /// The flow that publishes a draft, or everything that can be known to be wrong
    /// with it without asking anybody.
    ///
    /// # Errors
    /// All findings at once.
    pub fn flow(&self, draft: &Draft, now: SystemTime) -> Result<CreateFlow, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut flow = self.client.publish().flow();
        if draft.to.is_empty() {
            let problem = "names no account; `aitoearn accounts` lists them";
            findings.push(Finding::new("to", problem));
        }
        for (index, id) in draft.to.iter().enumerate() {
            if draft.to[..index].contains(id) {
                findings.push(Finding::new("to", format!("names `{id}` twice")));
                continue;
            }
            match self.part(id, &draft.options) {
                Ok(part) => flow = flow.item(part),
                Err(finding) => findings.push(finding),
            }
        }
        findings.extend(unused_options(draft, &self.accounts));
        if let Some(title) = &draft.title {
            flow = flow.title(title);
        }
        if let Some(body) = &draft.body {
            flow = flow.body(body);
        }
        for (index, media) in draft.media.iter().enumerate() {
            match self.media(media) {
                Ok(source) => flow = flow.media(source),
                Err(problem) => findings.push(Finding::new(format!("media[{index}]"), problem)),
            }
        }
        if let Some(cover) = &draft.cover {
            match self.media(cover) {
                Ok(source) => flow = flow.cover(source),
                Err(problem) => findings.push(Finding::new("cover", problem)),
            }
        }
        match when(draft.at.as_deref(), now) {
            Ok(PublishTime::At(moment)) if moment.to_system_time().is_some_and(|it| it < now) => {
                findings.push(Finding::new("at", format!("`{moment}` is over")));
            }
            Ok(time) => flow = flow.at(time),
            Err(problem) => findings.push(Finding::new("at", problem)),
        }
        if findings.is_empty() {
            Ok(flow)
        } else {
            Err(findings)
        }
    }

    fn part(&self, id: &str, options: &BTreeMap<String, Value>) -> Result<FlowPart, Finding> {
        let Some(platform) = self.accounts.get(id) else {
            let known: Vec<&str> = self.accounts.keys().take(20).map(String::as_str).collect();
            let known = match known.len() {
                0 => "none is connected; `aitoearn connect PLATFORM` connects one".to_owned(),
                _ => format!("there are {}", known.join(", ")),
            };
            return Err(Finding::new(
                "to",
                format!("there is no account `{id}`: {known}"),
            ));
        };
        let options = options.iter().filter_map(|(name, value)| {
            let name = match name.split_once('.') {
                Some((whose, name)) if whose == platform.as_str() => name,
                Some(_) => return None,
                None => name,
            };
            Some((name.to_owned(), value.clone()))
        });
        part(platform, id, options.collect())
    }

    /// The file that a text means; `None` if it means an address.
    pub(crate) fn local(&self, text: &str) -> Option<PathBuf> {
        let is_address = text.starts_with("https://") || text.starts_with("http://");
        (!is_address).then(|| self.folder.join(text))
    }

    fn media(&self, text: &str) -> Result<MediaSource, String> {
        let Some(path) = self.local(text) else {
            return Ok(text.into());
        };
        match std::fs::metadata(&path) {
            Ok(found) if found.is_file() => Ok(path.into()),
            Ok(_) => Err(format!("`{text}` is no file")),
            Err(error) => Err(format!("`{text}` cannot be read: {error}")),
        }
    }

    /// Holds a flow against the platforms' live rules; nothing is uploaded or created.
    ///
    /// # Errors
    /// All findings at once, or why it cannot be checked.
    pub async fn check(&self, flow: CreateFlow) -> Result<(), NotPublished> {
        drop(flow.check().await?);
        Ok(())
    }

    /// Uploads what is local and creates the flow, once however often it is asked for
    /// under the same id.
    ///
    /// # Errors
    /// All findings at once, or why it was not created.
    pub async fn publish(&self, flow: CreateFlow) -> Result<CreatedFlow, NotPublished> {
        Ok(flow.send().await?)
    }
}

/// Why a draft is not published.
#[derive(Debug)]
pub enum NotPublished {
    /// What is wrong with it. Nothing was sent.
    Findings(Vec<Finding>),
    /// Something failed.
    Failed(Failure),
}

impl From<PublishError> for NotPublished {
    fn from(error: PublishError) -> Self {
        match error.reason() {
            PublishReason::Problems(problems) => {
                Self::Findings(problems.iter().map(Finding::from).collect())
            }
            _ => Self::Failed(error.into()),
        }
    }
}

impl From<NotPublished> for Failure {
    fn from(error: NotPublished) -> Self {
        match error {
            NotPublished::Findings(findings) => Self::from(findings),
            NotPublished::Failed(failure) => failure,
        }
    }
}

impl From<Vec<Finding>> for Failure {
    fn from(findings: Vec<Finding>) -> Self {
        let message = match findings.len() {
            1 => "the post cannot be published as it is".to_owned(),
            count => format!("the post cannot be published as it is, for {count} reasons"),
        };
        let details = findings
            .iter()
            .map(|it| format!("{}: {}", it.field, it.problem));
        Self {
            details: details.collect(),
            ..Self::usage(message).advise("Nothing was uploaded or created.")
        }
    }
}

/// One account's part, with its options by name.
fn part(
    platform: &Platform,
    id: &str,
    mut options: Map<String, Value>,
) -> Result<FlowPart, Finding> {
    let mut needed = |name: &str| {
        let missing = || {
            let problem = format!("is missing, and {platform} needs it for `{id}`");
            Finding::new(format!("options.{name}"), problem)
        };
        options.remove(name).ok_or_else(missing)
    };
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    macro_rules! with {
        ($item:expr) => {{
            let item = $item;
            options
                .into_iter()
                .fold(item, |item, (name, value)| item.option(name, value))
                .into()
        }};
    }
    Ok(match platform {
        Platform::Bilibili => {
            let tid = needed("tid")?;
            let number = tid.as_i64().or_else(|| tid.as_str()?.parse().ok());
            let number = number.ok_or_else(|| Finding::new("options.tid", "is no whole number"))?;
            with!(FlowItem::bilibili(id, number))
        }
        Platform::Pinterest => {
            let board = text(needed("boardId")?);
            with!(FlowItem::pinterest(id, board))
        }
        Platform::Xhs => {
            let link = text(needed("workLink")?);
            with!(FlowItem::xhs(id, link))
        }
        Platform::Douyin => with!(FlowItem::douyin(id)),
        Platform::Facebook => with!(FlowItem::facebook(id)),
        Platform::Instagram => with!(FlowItem::instagram(id)),
        Platform::Kwai => with!(FlowItem::kwai(id)),
        Platform::Linkedin => with!(FlowItem::linkedin(id)),
        Platform::Threads => with!(FlowItem::threads(id)),
        Platform::Tiktok => with!(FlowItem::tiktok(id)),
        Platform::Twitter => with!(FlowItem::twitter(id)),
        Platform::WxGzh => with!(FlowItem::wx_gzh(id)),
        Platform::WxSph => with!(FlowItem::wx_sph(id)),
        Platform::Youtube => with!(FlowItem::youtube(id)),
        other => {
            let problem = format!("`{id}` is on {other}, which this version cannot publish to");
            return Err(Finding::new("to", problem));
        }
    })
}

/// Options of platforms that none of the post's accounts is on: mostly a slip.
fn unused_options(draft: &Draft, accounts: &BTreeMap<String, Platform>) -> Vec<Finding> {
    let is_used = |whose: &str| {
        let platforms = draft.to.iter().filter_map(|id| accounts.get(id));
        platforms
            .into_iter()
            .any(|platform| platform.as_str() == whose)
    };
    let names = draft
        .options
        .keys()
        .filter_map(|name| name.split_once('.').map(|it| (name, it.0)));
    names
        .filter(|(_, whose)| !is_used(whose))
        .map(|(name, whose)| {
            Finding::new(
                format!("options.{name}"),
                format!("is for {whose}, which no account of the post is on"),
            )
        })
        .collect()
}

/// What has become of a post on one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Posted {
    /// The row of the plan, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<usize>,
    /// The flow's id, which `wait` takes.
    pub flow_id: String,
    /// The task's id, which `post`, `cancel` and `retry` take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The account.
    pub account: String,
    /// Its platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// A word: `published`, `failed`, `cancelled`, `scheduled`, `pending`, `awaits its user`,
    /// `unknown`, `not published`.
    pub outcome: &'static str,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Why it is not there, or what is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Posted {
    /// What a look at a task has found.
    pub fn of(flow_id: &str, task: &FlowTask, row: Option<usize>) -> Self {
        let (outcome, reason) = match &task.state {
            TaskState::Published { .. } => ("published", None),
            TaskState::Failed(failure) => {
                ("failed", Some(format!("{failure} {}", failure.advice())))
            }
            TaskState::Cancelled => ("cancelled", None),
            TaskState::AwaitingUser(action) => (
                "awaits its user",
                Some(format!("open {} on the phone", action.short_link)),
            ),
            _ => ("pending", None),
        };
        Self {
            row,
            flow_id: flow_id.to_owned(),
            id: Some(task.id.to_string()),
            account: task.account_id.to_string(),
            platform: Some(task.platform.to_string()),
            outcome,
            link: task.link().map(str::to_owned),
            reason,
        }
    }

    /// All accounts of a draft, with the same outcome.
    pub fn all(
        draft: &Draft,
        flow_id: &str,
        row: Option<usize>,
        outcome: &'static str,
        reason: Option<&str>,
    ) -> Vec<Self> {
        let post = |account: &String| Self {
            row,
            flow_id: flow_id.to_owned(),
            id: None,
            account: account.clone(),
            platform: None,
            outcome,
            link: None,
            reason: reason.map(str::to_owned),
        };
        draft.to.iter().map(post).collect()
    }
}

/// The folder that a plan's paths begin in.
pub(crate) fn folder_of(file: &Path) -> PathBuf {
    file.parent().map(Path::to_owned).unwrap_or_default()
}

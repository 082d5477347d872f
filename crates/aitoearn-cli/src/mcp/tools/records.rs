//! `post_status`, `cancel_post` and `list_posts`: what became of posts.

use std::time::{Duration, SystemTime};

use aitoearn::flow::{FlowJob, FlowTask, Job as _, Look, PublishFailure, TaskState};
use aitoearn::types::{PublishFlowTask, PublishRecord, PublishStatus};
use aitoearn::{PublishTime, Timestamp, resources::Cancellation};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout_at};

use crate::failure::{Exit, Failure, Outcome};
use crate::follow::Waiting;
use crate::mcp::answer::{Answer, NOTICE, UserText};
use crate::mcp::context::Context;
use crate::mcp::tool::{About, Effect, Tool};
use crate::moment::when;
use crate::post::Posted;
use crate::session::Session;
use crate::state::{State, status};

use super::wait;

pub(super) fn tools() -> [Tool; 3] {
    [
        Tool::new(
            About {
                name: "post_status",
                title: "Status of a post",
                description: "What became of the posts of a flow_id (from publish_post), or of \
                    one post_id (from list_posts): published with its link, failed with the \
                    reason and what to do, or still on its way. Can wait for the end. Costs \
                    nothing.",
                effect: Effect::Reads,
            },
            show,
        ),
        Tool::new(
            About {
                name: "cancel_post",
                title: "Cancel a post",
                description: "Calls off a post that is scheduled or waits for its turn. Says so \
                    if it is too late; what is published stays on its platform. Costs nothing.",
                effect: Effect::Cancels,
            },
            cancel,
        ),
        Tool::new(
            About {
                name: "list_posts",
                title: "List posts",
                description: "Posts that were made with this service, also scheduled and failed \
                    ones. Use it to see what is planned, and to find a post_id. For what is on a \
                    platform, and for how it does, use list_works. Costs nothing.",
                effect: Effect::Reads,
            },
            list,
        ),
    ]
}

/// A post on one account.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PostLine {
    /// For `post_status` and `cancel_post`.
    #[serde(skip_serializing_if = "Option::is_none")]
    post_id: Option<String>,
    account: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<String>,
    /// `published`, `failed`, `cancelled`, `scheduled`, `pending`, `awaits its user` or `unknown`.
    pub(super) outcome: String,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// Why it failed, or what its user has to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl PostLine {
    fn of(flow_id: &str, task: &FlowTask) -> Self {
        let posted = Posted::of(flow_id, task, None);
        let is_later = matches!(
            &task.status,
            Some(PublishStatus::Waiting | PublishStatus::Queued | PublishStatus::Scheduled)
        ) && task
            .publish_at
            .as_ref()
            .and_then(Timestamp::to_system_time)
            .is_some_and(|moment| moment > SystemTime::now());
        let outcome = match posted.outcome {
            "pending" if is_later => "scheduled",
            outcome => outcome,
        };
        Self {
            post_id: posted.id,
            account: posted.account,
            platform: posted.platform,
            outcome: outcome.to_owned(),
            link: posted.link,
            reason: posted.reason,
        }
    }

    /// One that was created, and could not be polled since.
    pub(super) fn unseen(task: &PublishFlowTask, failure: &Failure) -> Self {
        Self {
            post_id: Some(task.id.to_string()),
            account: task.account_id.to_string(),
            platform: Some(task.platform.to_string()),
            outcome: "unknown".to_owned(),
            link: None,
            reason: Some(format!("it is created, but: {failure}")),
        }
    }
}

/// What became of the posts of a flow, polled once, and then until the time is up or nothing
/// more happens without its user.
pub(super) async fn followed(
    context: &Context,
    flow_id: &str,
    limit: Duration,
) -> Outcome<Vec<PostLine>> {
    let client = &context.session.client;
    let deadline = Instant::now() + limit;
    let job = FlowJob::new(flow_id);
    let mut tasks = match job.look(client).await? {
        Look::Pending(tasks) => tasks,
        Look::Done(outcome) => outcome.tasks,
        Look::Failed(never) => match never {},
    };
    let is_settled = |it: &FlowTask| it.is_over() || matches!(it.state, TaskState::AwaitingUser(_));
    if !limit.is_zero() && !tasks.iter().all(is_settled) {
        let wait = Waiting::default().pace(client.wait_for(job), &context.session);
        let mut updates = wait.updates();
        while let Ok(Some(update)) = timeout_at(deadline, updates.next()).await {
            match update? {
                aitoearn::flow::Update::Pending(found) => tasks = found,
                aitoearn::flow::Update::Done(outcome) => tasks = outcome.tasks,
                _ => {}
            }
            let over = tasks.iter().filter(|it| is_settled(it)).count();
            context
                .progress
                .look(&format!("{over} of {} posts are done", tasks.len()));
            if over == tasks.len() {
                break;
            }
        }
    }
    Ok(tasks
        .iter()
        .map(|task| PostLine::of(flow_id, task))
        .collect())
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// All posts of this flow, as `publish_post` returned it. Give this or `post_id`.
    #[serde(default)]
    flow_id: Option<String>,
    /// One post, as `list_posts` names it.
    #[serde(default)]
    post_id: Option<String>,
    /// Wait so many seconds for the end of a flow's posts: 0 (default) to 600.
    #[serde(default)]
    #[schemars(range(max = 600))]
    wait_seconds: Option<u16>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Found {
    /// The posts of the flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    posts: Option<Vec<PostLine>>,
    /// The one post.
    #[serde(skip_serializing_if = "Option::is_none")]
    post: Option<RecordLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
}

async fn show(context: Context, which: Which) -> Outcome<Answer<Found>> {
    match (which.flow_id, which.post_id) {
        (Some(flow_id), None) => {
            let posts = followed(&context, &flow_id, wait(which.wait_seconds, 0)).await?;
            let words: Vec<String> = posts
                .iter()
                .map(|it| format!("{}: {}", it.account, it.outcome))
                .collect();
            let found = Found {
                posts: Some(posts),
                post: None,
                notice: None,
            };
            Ok(Answer::new(format!("{}.", words.join(", ")), found))
        }
        (None, Some(post_id)) => {
            let post = one(&context.session, &post_id).await?;
            let text = format!("The post is {}.", post.status);
            let found = Found {
                posts: None,
                post: Some(post),
                notice: Some(NOTICE),
            };
            Ok(Answer::new(text, found))
        }
        _ => Err(Failure::usage(
            "give either `flow_id` or `post_id`, and not both",
        )),
    }
}

/// A post as the service keeps it.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::mcp) struct RecordLine {
    /// For `post_status` and `cancel_post`.
    post_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    flow_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    platform: String,
    /// Its state in words.
    status: String,
    /// When it is or was published.
    time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'static str>,
    user_text: UserText,
}

impl From<PublishRecord> for RecordLine {
    fn from(it: PublishRecord) -> Self {
        let failure = PublishFailure::of(&it);
        Self {
            status: status(&it.status).0,
            reason: failure.as_ref().map(ToString::to_string),
            advice: failure.as_ref().map(PublishFailure::advice),
            post_id: it.id.to_string(),
            flow_id: it.flow_id.map(|it| it.to_string()),
            account: it.account_id.map(|it| it.to_string()),
            platform: it.account_type.to_string(),
            time: it.publish_time.to_string(),
            link: it.work_link,
            user_text: UserText {
                title: it.title,
                text: it.desc,
                name: None,
            },
        }
    }
}

/// One post.
pub(in crate::mcp) async fn one(session: &Session, id: &str) -> Outcome<RecordLine> {
    Ok(session.client.publish().records().get(id).await?.into())
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Cancelled {
    /// The post, as `list_posts` and `publish_post` name it.
    post_id: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CancelledPost {
    post_id: String,
    /// Always true; if it is too late, the call fails.
    cancelled: bool,
}

async fn cancel(context: Context, which: Cancelled) -> Outcome<Answer<CancelledPost>> {
    let post_id = which.post_id;
    context.may_have("The post may have been cancelled: post_status reports.");
    let tasks = context.session.client.publish().tasks();
    match tasks.cancel(post_id.as_str()).await? {
        Cancellation::Done => {
            let cancelled = true;
            Ok(Answer::new(
                "The post is cancelled.",
                CancelledPost { post_id, cancelled },
            ))
        }
        Cancellation::TooLate(found) => Err(Failure::new(
            Exit::Refused,
            format!("too late: the post is {}", status(&found).0),
        )),
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Filter {
    /// Only posts of this account.
    #[serde(default)]
    account: Option<String>,
    /// Only posts on this platform.
    #[serde(default)]
    platform: Option<String>,
    /// Only posts in this state.
    #[serde(default)]
    status: Option<State>,
    /// Only posts from this moment on, such as `2026-12-01T00:00:00Z`; wants `until`.
    #[serde(default)]
    since: Option<String>,
    /// Only posts before this moment; wants `since`.
    #[serde(default)]
    until: Option<String>,
    /// How many at most: 1 to 100, default 20.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    limit: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::mcp) struct Records {
    posts: Vec<RecordLine>,
    /// How many more there are.
    left_out: usize,
    notice: &'static str,
}

async fn list(context: Context, filter: Filter) -> Outcome<Answer<Records>> {
    let records = records(&context.session, filter).await?;
    let text = match (records.posts.len(), records.left_out) {
        (0, _) => "No posts.".to_owned(),
        (count, 0) => format!("{count} posts."),
        (count, more) => format!("{count} posts, and {more} more; narrow it down to see them."),
    };
    Ok(Answer::new(text, records))
}

/// The latest posts.
pub(in crate::mcp) async fn latest(session: &Session, limit: usize) -> Outcome<Records> {
    let filter = Filter {
        limit: Some(limit),
        ..Filter::default()
    };
    records(session, filter).await
}

async fn records(session: &Session, filter: Filter) -> Outcome<Records> {
    let mut request = session.client.publish().records().list();
    if let Some(account) = filter.account {
        request = request.account_id(account);
    }
    if let Some(platform) = filter.platform {
        request = request.platform(platform);
    }
    if let Some(status) = filter.status {
        request = request.status(status.into());
    }
    match (filter.since, filter.until) {
        (Some(since), Some(until)) => {
            request = request.between(moment("since", &since)?, moment("until", &until)?);
        }
        (None, None) => {}
        _ => return Err(Failure::usage("`since` and `until` want each other")),
    }
    let found = request.await?;
    let limit = filter.limit.unwrap_or(20).clamp(1, 100);
    let left_out = found.len().saturating_sub(limit);
    Ok(Records {
        posts: found
            .into_iter()
            .take(limit)
            .map(RecordLine::from)
            .collect(),
        left_out,
        notice: NOTICE,
    })
}

/// A moment in an argument.
pub(super) fn moment(name: &str, text: &str) -> Outcome<Timestamp> {
    let now = SystemTime::now();
    match when(Some(text), now) {
        Ok(PublishTime::At(moment)) => Ok(moment),
        Ok(PublishTime::Now) => Ok(now.into()),
        Err(problem) => Err(Failure::usage(format!("{name}: {problem}"))),
    }
}

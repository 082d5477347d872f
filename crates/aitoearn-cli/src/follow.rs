//! Waiting: for the posts of a flow, and how often anything is polled.

use std::collections::HashMap;
use std::time::Duration;

use aitoearn::flow::{FlowEvent, FlowJob, FlowTask, Job, PollPolicy, TaskState, Wait};
use clap::Args;

use crate::failure::{Exit, Outcome};
use crate::moment::span_of;
use crate::post::Posted;
use crate::session::Session;

/// How often to look in a sandbox in this process, which nobody has to spare.
const SANDBOX_PACE: Duration = Duration::from_millis(20);
/// How long something is waited for if a pace is given and no limit.
const USUAL_LIMIT: Duration = Duration::from_secs(60 * 60);

/// How something is waited for.
#[derive(Debug, Clone, Default, Args)]
pub struct Waiting {
    /// Poll every so many seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub every: Option<Duration>,
    /// Stop waiting after 90s, 30m or 2h; it continues
    #[arg(long, value_name = "SPAN", value_parser = span)]
    pub timeout: Option<Duration>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number = text
        .parse()
        .ok()
        .and_then(|it| Duration::try_from_secs_f64(it).ok());
    number.ok_or_else(|| "write a number of seconds, such as 2 or 0.5".to_owned())
}

fn span(text: &str) -> Result<Duration, String> {
    span_of(text).ok_or_else(|| "write a span such as 90s, 30m or 2h".to_owned())
}

impl Waiting {
    /// The wait with this pace.
    pub fn pace<J: Job>(&self, wait: Wait<J>, session: &Session) -> Wait<J> {
        let sandbox = session.sandbox.as_ref().map(|_| SANDBOX_PACE);
        let wait = match self.every.or(sandbox) {
            Some(every) => {
                let policy = PollPolicy::every(every).shortest(Duration::ZERO);
                wait.policy(policy.deadline(USUAL_LIMIT))
            }
            None => wait,
        };
        match self.timeout {
            Some(limit) => wait.deadline(limit),
            None => wait,
        }
    }
}

/// Follows the posts of a flow to their end, or to where nothing more happens without
/// their user. `count` is how many there are.
///
/// # Errors
/// If they cannot be polled, or the time is up.
pub async fn follow(
    wait: Wait<FlowJob>,
    flow_id: &str,
    row: Option<usize>,
    count: usize,
) -> Outcome<Vec<Posted>> {
    let mut seen: HashMap<String, FlowTask> = HashMap::new();
    let posted = |task: &FlowTask| Posted::of(flow_id, task, row);
    let mut events = wait.events();
    while let Some(event) = events.next().await {
        match event? {
            FlowEvent::Changed(task) => drop(seen.insert(task.id.to_string(), *task)),
            FlowEvent::Ended(outcome) => return Ok(outcome.tasks.iter().map(posted).collect()),
            _ => {}
        }
        if seen.len() >= count && seen.values().all(is_up_to_others) {
            break;
        }
    }
    let mut posts: Vec<Posted> = seen.values().map(posted).collect();
    posts.sort_by(|one, other| one.account.cmp(&other.account));
    Ok(posts)
}

/// Over, or waiting for somebody to finish it in an app.
fn is_up_to_others(task: &FlowTask) -> bool {
    task.is_over() || matches!(task.state, TaskState::AwaitingUser(_))
}

/// The exit code that outcomes stand for.
pub fn exit_of(posts: &[Posted]) -> Exit {
    let exits = posts.iter().map(|post| match post.outcome {
        "failed" | "not published" => Exit::Failed,
        "unknown" => Exit::Unknown,
        _ => Exit::Fine,
    });
    exits.max().unwrap_or(Exit::Fine)
}

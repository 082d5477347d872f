//! The wait for the posts of a flow.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Serialize};

use super::{FlowOutcome, FlowTask, PublishFailure, TaskState};
use crate::{
    Client, Error, FlowId, RecordId, RetryPolicy, Timestamp,
    flow::{Job, Look, PollPolicy},
    types::PublishStatus,
};

/// A flow on its way to the platforms. Made by
/// [`CreatedFlow::wait`](super::CreatedFlow::wait) and
/// [`Publish::wait`](crate::Publish::wait).
///
/// It is looked at by `GET /api/v2/channels/publish/flows/{flowId}`, at intervals
/// that grow from 5 s to 20 s, for an hour and a half; that is longer than the
/// service gives a platform or a Douyin user. Before the publish time, and while all
/// that is left waits for a later one, it is polled ever more rarely (after one
/// second, two more, four more and so on), to hear of a task that is hurried or
/// called off. When a time has come is said by the service's clock: the `Date` of its
/// answers. Why a task failed is read once, by `GET /api/v2/channels/publish/records/{recordId}`, and so is what
/// a user has to do, by `GET .../user-action`.
///
/// A flow of which posts fail is still followed to its end: the
/// [`FlowOutcome`] tells for each of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FlowJob {
    /// The flow's id.
    pub flow_id: FlowId,
    /// Before this moment it is polled rarely, and the deadline does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish_at: Option<Timestamp>,
    /// What need not be asked again, by task, as long as it is in that state.
    #[serde(skip)]
    known: Arc<Mutex<HashMap<RecordId, FlowTask>>>,
}

impl PartialEq for FlowJob {
    fn eq(&self, other: &Self) -> bool {
        self.flow_id == other.flow_id && self.publish_at == other.publish_at
    }
}

impl Eq for FlowJob {}

impl FlowJob {
    /// The flow with this id, looked at as soon as it is waited for.
    pub fn new(flow_id: impl Into<FlowId>) -> Self {
        Self {
            flow_id: flow_id.into(),
            publish_at: None,
            known: Arc::default(),
        }
    }

    /// Before this moment it is polled rarely, and the deadline does not count.
    /// Default: none.
    #[must_use]
    pub fn publish_at(mut self, moment: impl Into<Timestamp>) -> Self {
        self.publish_at = Some(moment.into());
        self
    }

    /// Adds what only the record tells: once, as long as the task stays there.
    async fn complete(&self, client: &Client, mut task: FlowTask) -> Result<FlowTask, Error> {
        let known = self.known().remove(&task.id);
        let told = match known.filter(|known| known.status == task.status) {
            Some(known) => Ok(Some(known.state)),
            None => ask(client, &task).await,
        };
        match told {
            Ok(Some(state)) => {
                task.state = state;
                self.known().insert(task.id.clone(), task.clone());
            }
            Err(error) if error.is_retryable() => return Err(error),
            // Without an answer, what the flow itself says has to do.
            Ok(None) | Err(_) => {}
        }
        Ok(task)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<RecordId, FlowTask>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job for FlowJob {
    const KIND: &'static str = "publish_flow";
    type State = Vec<FlowTask>;
    type Output = FlowOutcome;
    type Failure = Infallible;

    fn policy(&self) -> PollPolicy {
        PollPolicy::growing(Duration::from_secs(5), Duration::from_secs(20))
            .deadline(Duration::from_secs(90 * 60))
    }

    fn not_before(&self, found: Option<&Vec<FlowTask>>) -> Option<SystemTime> {
        let Some(tasks) = found else {
            return self.publish_at.as_ref()?.to_system_time();
        };
        let left = tasks.iter().filter(|task| !task.is_over());
        let moments = left.map(|task| match (&task.status, &task.publish_at) {
            (Some(PublishStatus::Waiting | PublishStatus::Queued), Some(moment)) => {
                moment.to_system_time()
            }
            _ => None,
        });
        // One that may change at any moment sorts before all moments.
        moments.min().flatten()
    }

    fn may_come_early(&self) -> bool {
        true
    }

    fn describe(tasks: &Vec<FlowTask>) -> Option<String> {
        let lines: Vec<String> = tasks.iter().map(ToString::to_string).collect();
        (!lines.is_empty()).then(|| lines.join("; "))
    }

    async fn look(&self, client: &Client) -> Result<Look<Self>, Error> {
        let looking = client.publish().get_flow(&self.flow_id);
        let flow = looking.retry(RetryPolicy::none()).await?;
        let mut tasks = Vec::with_capacity(flow.tasks.len());
        for task in flow.tasks {
            tasks.push(self.complete(client, FlowTask::of(task, client)).await?);
        }
        Ok(if tasks.iter().all(FlowTask::is_over) {
            Look::Done(FlowOutcome {
                flow_id: self.flow_id.clone(),
                tasks,
            })
        } else {
            Look::Pending(tasks)
        })
    }
}

/// What the record of a task adds to its state, if it is in one of which the flow
/// does not tell everything.
async fn ask(client: &Client, task: &FlowTask) -> Result<Option<TaskState>, Error> {
    let records = client.publish().records();
    match task.status {
        Some(PublishStatus::Failed) => {
            let record = records.get(&task.id).retry(RetryPolicy::none()).await?;
            let failure = PublishFailure::of(&record);
            Ok(failure.map(|it| TaskState::Failed(it.or_live(task).without_key(client))))
        }
        Some(PublishStatus::AwaitingUser) => {
            let action = records.user_action(&task.id).retry(RetryPolicy::none());
            Ok(Some(TaskState::AwaitingUser(action.await?)))
        }
        _ => Ok(None),
    }
}

//! `client.publish()`

mod flow;
mod item;
mod records;
mod tasks;
mod time;

pub use self::{
    flow::CreateFlow,
    item::FlowItem,
    records::{ListPublishRecords, ListRecordsInState, PublishRecords},
    tasks::PublishTasks,
    time::PublishTime,
};

use aitoearn_api::operations;

use super::resource;
use crate::{FlowId, RecordId, Request, error::Error, input, types::PublishFlow};

resource! {
    /// Publishing to social platforms. Made by [`Client::publish`](crate::Client::publish).
    ///
    /// A *flow* takes one content to several accounts. It consists of one *task*
    /// for each of them, which can be hurried, put off, called off and retried
    /// ([`tasks`](Self::tasks)) and is read as a *record*
    /// ([`records`](Self::records)). Task and record are two sides of the same
    /// thing and have the same id.
    Publish
}

impl Publish {
    /// Begins a flow: say what is published, where to, and when, then `.await` it.
    ///
    /// Calls `POST /api/v2/channels/publish/flows`. The service looks at every
    /// media file before it answers, which takes up to some minutes, and creates
    /// all tasks or none.
    ///
    /// # Errors
    ///
    /// [`Error::Ambiguous`] if it is not known whether the flow was created: look
    /// for it with [`get_flow`](Self::get_flow) and its [id](CreateFlow::id).
    /// [`Error::InvalidInput`] if the time is missing, there are no items, two
    /// name the same account, or the address of a file cannot be reached from
    /// outside.
    ///
    /// [`Code::CHANNEL_PUBLISH_VALIDATION_FAILED`](crate::Code::CHANNEL_PUBLISH_VALIDATION_FAILED)
    /// if the content breaks a platform's rules: see [`Failed::content_refusal`](crate::Failed::content_refusal);
    /// [`Code::CHANNEL_PUBLISH_TASK_ALREADY_EXISTS`](crate::Code::CHANNEL_PUBLISH_TASK_ALREADY_EXISTS)
    /// if there is a flow with this id already;
    /// [`Code::CHANNEL_ACCOUNT_NOT_FOUND`](crate::Code::CHANNEL_ACCOUNT_NOT_FOUND)
    /// for an account that is not yours or of another platform;
    /// [`Code::CHANNEL_ACCOUNT_NOT_AUTHORIZED`](crate::Code::CHANNEL_ACCOUNT_NOT_AUTHORIZED)
    /// for one that is offline;
    /// [`Code::PUBLISH_RESOURCE_UNAVAILABLE`](crate::Code::PUBLISH_RESOURCE_UNAVAILABLE)
    /// if a file cannot be fetched;
    /// [`Code::CHANNEL_PUBLISH_PLATFORM_NOT_SUPPORTED`](crate::Code::CHANNEL_PUBLISH_PLATFORM_NOT_SUPPORTED);
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use aitoearn::{Error, FlowItem, PublishTime, types::TiktokPrivacyLevel};
    ///
    /// let publish = client.publish();
    /// let flow = publish
    ///     .flow()
    ///     .title("How to fold a map")
    ///     .body("It is easier than it looks. #maps")
    ///     .video("https://assets.example.com/fold.mp4")
    ///     .item(FlowItem::youtube("youtube_456"))
    ///     .item(
    ///         FlowItem::tiktok("tiktok_123")
    ///             .title("Fold it!")
    ///             .options(|tiktok| tiktok.privacy_level = Some(TiktokPrivacyLevel::SelfOnly)),
    ///     )
    ///     .at(PublishTime::Now);
    /// let id = flow.id().clone();
    ///
    /// let created = match flow.await {
    ///     Err(Error::Ambiguous(_)) => publish.get_flow(&id).await?,
    ///     other => other?,
    /// };
    /// for task in created.tasks {
    ///     println!("{} is on its way to {}", task.id, task.account_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn flow(&self) -> CreateFlow {
        CreateFlow::new(self.client.clone())
    }

    /// A flow with its tasks and their present states.
    ///
    /// Calls `GET /api/v2/channels/publish/flows/{flowId}`.
    ///
    /// # Errors
    ///
    /// [`Code::PUBLISH_FLOW_NOT_FOUND`](crate::Code::PUBLISH_FLOW_NOT_FOUND) if
    /// there is none with this id, or it is another user's;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client, id: aitoearn::FlowId) -> Result<(), aitoearn::Error> {
    /// for task in client.publish().get_flow(&id).await?.tasks {
    ///     println!("{}: {:?}", task.platform, task.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_flow(&self, flow_id: impl Into<FlowId>) -> Request<PublishFlow> {
        Request::new(
            &self.client,
            &operations::PUBLISH_FLOW_GET,
            input::path_segment("flow_id", flow_id.into()),
            |api, id| async move { api.publish_flow_get(&id).await },
        )
    }

    /// What can be done to a task before it is published, or after it failed.
    pub fn tasks(&self) -> PublishTasks {
        PublishTasks::new(self.client.clone())
    }

    /// What has become of the tasks.
    pub fn records(&self) -> PublishRecords {
        PublishRecords::new(self.client.clone())
    }
}

/// The id of a task or a record: to any other text the service answers with an
/// internal error.
fn record_id(id: RecordId) -> Result<RecordId, Error> {
    input::object_id("id", id, RecordId::is_well_formed)
}

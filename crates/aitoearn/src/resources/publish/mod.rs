//! `client.publish()`: flows, and what takes more than a call.

mod content;
mod flow;
mod item;
mod media;
mod records;
mod tasks;
mod time;

pub(crate) use self::{
    content::{Content, MediaKind, Medium},
    flow::add_options,
    media::Place,
    records::{all_without_empty, without_empty},
};
pub use self::{
    flow::CreateFlow,
    item::{FlowItem, FlowPart},
    media::MediaSource,
    tasks::{CancelTask, Cancellation},
    time::PublishTime,
};

use crate::{
    FlowId, Publish, RecordId,
    error::Error,
    flow::{FlowJob, Wait},
    input,
};

impl Publish {
    /// Begins a flow: say what is published, where to, and when, then `.await` it,
    /// and [`wait`](crate::flow::CreatedFlow::wait) for what becomes of it.
    ///
    /// The content is checked against the platforms' rules, local files are
    /// uploaded, and the flow is created, once: see [`CreateFlow`].
    ///
    /// Calls `POST /api/v2/channels/publish/flows`. The service looks at every
    /// media file before it answers, which takes up to some minutes, and creates
    /// all tasks or none.
    ///
    /// # Errors
    ///
    /// [`PublishError`](crate::flow::PublishError), which gives the flow back. Its
    /// reason is one of:
    ///
    /// - [`Problems`](crate::flow::PublishReason::Problems), all rules that the
    ///   content is known to break;
    /// - [`Upload`](crate::flow::PublishReason::Upload), a file that cannot be uploaded;
    /// - [`Error::InvalidInput`] if the time is missing, there are no items, two
    ///   name the same account, or the address of a file cannot be reached from
    ///   outside;
    /// - [`Error::Ambiguous`] if it is not known whether the flow was created: look
    ///   for it with [`get_flow`](Self::get_flow) and its [id](CreateFlow::id), or
    ///   try it again;
    /// - another [`Error`], with one of these codes:
    ///   [`Code::CHANNEL_PUBLISH_VALIDATION_FAILED`](crate::Code::CHANNEL_PUBLISH_VALIDATION_FAILED)
    ///   if the content breaks a rule that only the service knows: see
    ///   [`Failed::content_refusal`](crate::error::Failed::content_refusal);
    ///   [`Code::CHANNEL_PUBLISH_TASK_ALREADY_EXISTS`](crate::Code::CHANNEL_PUBLISH_TASK_ALREADY_EXISTS)
    ///   if there was a flow with an id of yours already;
    ///   [`Code::CHANNEL_ACCOUNT_NOT_FOUND`](crate::Code::CHANNEL_ACCOUNT_NOT_FOUND)
    ///   for an account that is not yours or of another platform;
    ///   [`Code::CHANNEL_ACCOUNT_NOT_AUTHORIZED`](crate::Code::CHANNEL_ACCOUNT_NOT_AUTHORIZED)
    ///   for one that is offline;
    ///   [`Code::PUBLISH_RESOURCE_UNAVAILABLE`](crate::Code::PUBLISH_RESOURCE_UNAVAILABLE)
    ///   if a file cannot be fetched;
    ///   [`Code::CHANNEL_PUBLISH_PLATFORM_NOT_SUPPORTED`](crate::Code::CHANNEL_PUBLISH_PLATFORM_NOT_SUPPORTED);
    ///   [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::path::Path;
    /// use aitoearn::{FlowItem, PublishTime, types::TiktokPrivacyLevel};
    ///
    /// let flow = client
    ///     .publish()
    ///     .flow()
    ///     .title("How to fold a map")
    ///     .body("It is easier than it looks. #maps")
    ///     .video(Path::new("fold.mp4")) // a text would be an address
    ///     .item(FlowItem::youtube("youtube_456"))
    ///     .item(
    ///         FlowItem::tiktok("tiktok_123")
    ///             .title("Fold it!")
    ///             .options(|tiktok| tiktok.privacy_level = Some(TiktokPrivacyLevel::SelfOnly)),
    ///     )
    ///     .at(PublishTime::Now)
    ///     .await?;
    ///
    /// let outcome = flow.wait().await?;
    /// println!("{outcome}");
    /// for task in &outcome.tasks {
    ///     println!("{task}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn flow(&self) -> CreateFlow {
        CreateFlow::new(self.client.clone())
    }

    /// Waits for the posts of a flow that exists already, such as one with a task
    /// that has been retried. For a flow of another process, its saved
    /// [`Handle`](crate::flow::Handle) is better, since it knows the publish time.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client, outcome: aitoearn::flow::FlowOutcome) -> Result<(), Box<dyn std::error::Error>> {
    /// let publish = client.publish();
    /// for (task, failure) in outcome.failures() {
    ///     println!("{failure}");
    ///     publish.tasks().retry(&task.id).await?;
    /// }
    /// let outcome = publish.wait(outcome.flow_id).await?;
    /// println!("{outcome}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait(&self, flow_id: impl Into<FlowId>) -> Wait<FlowJob> {
        self.client.wait_for(FlowJob::new(flow_id))
    }
}

/// The id of a task or a record: to any other text the service answers with an
/// internal error.
fn record_id(id: RecordId) -> Result<RecordId, Error> {
    input::object_id("id", id, RecordId::is_well_formed)
}

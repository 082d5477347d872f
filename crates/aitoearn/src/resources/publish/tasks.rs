//! `client.publish().tasks()`

use std::pin::Pin;

use aitoearn_api::operations;

use super::{PublishTime, record_id};
use crate::{
    Client, Error, PublishTasks, RecordId, Request, Response,
    options::RequestOptions,
    request::option_methods,
    types::{PublishStatus, PublishTaskOperation, PublishTaskRescheduleBody},
};

impl PublishTasks {
    /// Calls off a task that waits for its time, is queued, is scheduled on its
    /// platform, or waits for its user.
    ///
    /// In any other state the service answers with success and does nothing, so
    /// the record is read afterwards: the result tells whether the task is really
    /// called off.
    ///
    /// Calls `DELETE /api/v2/channels/publish/tasks/{taskId}`, then
    /// `GET /api/v2/channels/publish/records/{recordId}`. Both may be repeated, so
    /// call it again if it fails.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) if the id is not 24 hexadecimal digits;
    /// [`Code::PUBLISH_TASK_NOT_FOUND`](crate::Code::PUBLISH_TASK_NOT_FOUND);
    /// [`Code::CHANNEL_PUBLISH_QUEUE_REMOVE_FAILED`](crate::Code::CHANNEL_PUBLISH_QUEUE_REMOVE_FAILED)
    /// if it has just begun;
    /// [`Code::CHANNEL_PUBLISH_CANCEL_NOT_SUPPORTED`](crate::Code::CHANNEL_PUBLISH_CANCEL_NOT_SUPPORTED)
    /// and [`Code::CHANNEL_PUBLISH_PLATFORM_CANCEL_FAILED`](crate::Code::CHANNEL_PUBLISH_PLATFORM_CANCEL_FAILED)
    /// if the platform does not let go of it;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client, id: aitoearn::ids::RecordId) -> Result<(), aitoearn::Error> {
    /// use aitoearn::resources::Cancellation;
    ///
    /// match client.publish().tasks().cancel(&id).await? {
    ///     Cancellation::Done => println!("it will not be published"),
    ///     Cancellation::TooLate(status) => println!("too late, it is {status}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn cancel(&self, id: impl Into<RecordId>) -> CancelTask {
        CancelTask {
            client: self.client.clone(),
            options: RequestOptions::default(),
            id: id.into(),
        }
    }

    /// Gives another time to a task that waits for its time or is queued:
    /// [`PublishTime::Now`], a `SystemTime` or a [`Timestamp`](crate::Timestamp).
    ///
    /// Calls `PATCH /api/v2/channels/publish/tasks/{taskId}/publish-at`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) if the id is not 24
    /// hexadecimal digits, or the time is none or in the past;
    /// [`Code::PUBLISH_TASK_NOT_FOUND`](crate::Code::PUBLISH_TASK_NOT_FOUND);
    /// [`Code::CHANNEL_PUBLISH_TIME_UPDATE_NOT_ALLOWED`](crate::Code::CHANNEL_PUBLISH_TIME_UPDATE_NOT_ALLOWED)
    /// in any other state;
    /// [`Code::CHANNEL_PUBLISH_QUEUE_REMOVE_FAILED`](crate::Code::CHANNEL_PUBLISH_QUEUE_REMOVE_FAILED)
    /// if it has just begun;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client, id: aitoearn::ids::RecordId) -> Result<(), aitoearn::Error> {
    /// use std::time::{Duration, SystemTime};
    ///
    /// let tomorrow = SystemTime::now() + Duration::from_secs(24 * 60 * 60);
    /// client.publish().tasks().reschedule(&id, tomorrow).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn reschedule(
        &self,
        id: impl Into<RecordId>,
        time: impl Into<PublishTime>,
    ) -> Request<PublishTaskOperation> {
        let input = record_id(id.into()).and_then(|id| {
            let time = time.into();
            time.check("time")?;
            let publish_at = time.to_timestamp()?;
            Ok((id, PublishTaskRescheduleBody { publish_at }))
        });
        Request::new(
            &self.client,
            &operations::PUBLISH_TASK_RESCHEDULE,
            input,
            |api, (id, body)| Box::pin(api.publish_task_reschedule(id, body)),
        )
    }
}

/// A task that is to be called off. Made by [`PublishTasks::cancel`]; `.await` it.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// use aitoearn::{RetryPolicy, ids::RecordId};
///
/// let id = RecordId::from("66f2a9c4d81e5b0037c4a1a0");
/// let cancelled = client.publish().tasks().cancel(id).retry(RetryPolicy::none()).await?;
/// println!("{cancelled:?}");
/// # Ok(())
/// # }
/// ```
///
/// Options go for both calls.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct CancelTask {
    client: Client,
    options: RequestOptions,
    id: RecordId,
}

/// Whether a task has been called off.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "it may have been too late"]
pub enum Cancellation {
    /// It is called off.
    Done,
    /// It is in a state in which it cannot be called off, or no more: this one.
    TooLate(PublishStatus),
}

impl CancelTask {
    /// Sends it: the same as `.await`, as an ordinary future.
    ///
    /// # Errors
    ///
    /// Any [`Error`].
    pub async fn send(self) -> Result<Cancellation, Error> {
        Ok(self.send_with_meta().await?.data)
    }

    /// Sends it and also tells the request id, the attempts and the rate limit of
    /// the call that read the record.
    ///
    /// # Errors
    ///
    /// Any [`Error`].
    pub async fn send_with_meta(self) -> Result<Response<Cancellation>, Error> {
        let reading = self.options.again();
        let cancelling = Request::new(
            &self.client,
            &operations::PUBLISH_TASK_CANCEL,
            record_id(self.id.clone()),
            |api, id| Box::pin(api.publish_task_cancel(id)),
        );
        cancelling.with_options(self.options).await?;
        let record = self.client.publish().records().get(self.id);
        let record = record.with_options(reading).send_with_meta().await?;
        Ok(record.map(|record| match record.status {
            PublishStatus::Cancelled => Cancellation::Done,
            other => Cancellation::TooLate(other),
        }))
    }
}

option_methods!([] CancelTask);

impl IntoFuture for CancelTask {
    type Output = Result<Cancellation, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

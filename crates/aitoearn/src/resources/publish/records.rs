//! `client.publish().records()`

use aitoearn_api::operations;

use super::record_id;
use crate::{
    AccountId, Client, Error, RecordId, Request, Timestamp, input,
    options::RequestOptions,
    request::request_methods,
    resources::resource,
    types::{Platform, PublishRecord, PublishStatus, PublishUserAction},
};

resource! {
    /// What has become of publish tasks. Made by [`Publish::records`](crate::Publish::records).
    PublishRecords
}

impl PublishRecords {
    /// All records, the latest first, or those that the filters leave.
    ///
    /// The service sends them all at once and knows no pages: ask for a
    /// [period](ListPublishRecords::between).
    ///
    /// Calls `GET /api/v2/channels/publish/records`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the period ends before it begins;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use std::time::{Duration, SystemTime};
    /// use aitoearn::types::PublishStatus;
    ///
    /// let now = SystemTime::now();
    /// let failed = client
    ///     .publish()
    ///     .records()
    ///     .list()
    ///     .status(PublishStatus::Failed)
    ///     .between(now - Duration::from_secs(7 * 24 * 60 * 60), now)
    ///     .await?;
    /// for record in failed {
    ///     println!("{}: {:?}", record.id, record.error_msg);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> ListPublishRecords {
        ListPublishRecords {
            client: self.client.clone(),
            options: RequestOptions::default(),
            filters: Filters::default(),
            status: None,
        }
    }

    /// The records of tasks that are still to be published.
    ///
    /// Calls `GET /api/v2/channels/publish/records/queued`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the period ends before it begins;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// for record in client.publish().records().list_queued().account_id("tiktok_123").await? {
    ///     println!("{} at {}", record.id, record.publish_time);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_queued(&self) -> ListRecordsInState {
        self.list_in(State::Queued)
    }

    /// The records of what is published.
    ///
    /// Calls `GET /api/v2/channels/publish/records/published`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the period ends before it begins;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use std::time::{Duration, SystemTime};
    ///
    /// let now = SystemTime::now();
    /// let day = Duration::from_secs(24 * 60 * 60);
    /// for record in client.publish().records().list_published().between(now - day, now).await? {
    ///     println!("{:?}", record.work_link);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_published(&self) -> ListRecordsInState {
        self.list_in(State::Published)
    }

    fn list_in(&self, state: State) -> ListRecordsInState {
        ListRecordsInState {
            client: self.client.clone(),
            options: RequestOptions::default(),
            filters: Filters::default(),
            state,
        }
    }

    /// One record: the state of a task. Its id is the task's.
    ///
    /// [`PublishFailure::of`](crate::flow::PublishFailure::of) reads why one failed.
    /// A published one may get its link later, see `link_status`.
    ///
    /// Calls `GET /api/v2/channels/publish/records/{recordId}`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the id is not 24 hexadecimal digits;
    /// [`Code::PUBLISH_RECORD_NOT_FOUND`](crate::Code::PUBLISH_RECORD_NOT_FOUND);
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client, id: aitoearn::RecordId) -> Result<(), aitoearn::Error> {
    /// let record = client.publish().records().get(&id).await?;
    /// println!("{}, {:?}", record.status, record.work_link);
    /// # Ok(())
    /// # }
    /// ```
    pub fn get(&self, id: impl Into<RecordId>) -> Request<PublishRecord> {
        Request::new(
            &self.client,
            &operations::PUBLISH_RECORD_GET,
            record_id(id.into()),
            |api, id| Box::pin(api.publish_record_get(id)),
        )
        .map(without_empty)
    }

    /// Removes a record that is published, failed or cancelled. The post itself
    /// stays where it is.
    ///
    /// Repeated like a read if the answer is lost, so that the record may be
    /// reported as not found although this very call removed it.
    ///
    /// Calls `DELETE /api/v2/channels/publish/records/{recordId}`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the id is not 24 hexadecimal digits;
    /// [`Code::PUBLISH_RECORD_NOT_FOUND`](crate::Code::PUBLISH_RECORD_NOT_FOUND);
    /// [`Code::PUBLISH_TASK_STATUS_INVALID`](crate::Code::PUBLISH_TASK_STATUS_INVALID)
    /// in any other state;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client, id: aitoearn::RecordId) -> Result<(), aitoearn::Error> {
    /// client.publish().records().delete(&id).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete(&self, id: impl Into<RecordId>) -> Request<()> {
        Request::new(
            &self.client,
            &operations::PUBLISH_RECORD_DELETE,
            record_id(id.into()),
            |api, id| Box::pin(api.publish_record_delete(id)),
        )
        .map(drop)
    }

    /// What the user has to do for a record that waits for them
    /// ([`PublishStatus::AwaitingUser`]): open the link in the Douyin app, within
    /// an hour.
    ///
    /// Calls `GET /api/v2/channels/publish/records/{recordId}/user-action`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the id is not 24 hexadecimal digits;
    /// [`Code::PUBLISH_RECORD_NOT_FOUND`](crate::Code::PUBLISH_RECORD_NOT_FOUND);
    /// [`Code::PUBLISH_TASK_STATUS_INVALID`](crate::Code::PUBLISH_TASK_STATUS_INVALID)
    /// in any other state;
    /// [`Code::CHANNEL_PUBLISH_PLATFORM_NOT_SUPPORTED`](crate::Code::CHANNEL_PUBLISH_PLATFORM_NOT_SUPPORTED)
    /// on any other platform;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client, id: aitoearn::RecordId) -> Result<(), aitoearn::Error> {
    /// let action = client.publish().records().user_action(&id).await?;
    /// println!("Please open {} on your phone", action.short_link);
    /// # Ok(())
    /// # }
    /// ```
    pub fn user_action(&self, id: impl Into<RecordId>) -> Request<PublishUserAction> {
        Request::new(
            &self.client,
            &operations::PUBLISH_RECORD_USER_ACTION,
            record_id(id.into()),
            |api, id| Box::pin(api.publish_record_user_action(id)),
        )
    }
}

/// A list of records that is ready to be asked for. Made by [`PublishRecords::list`]; `.await` it.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListPublishRecords {
    client: Client,
    options: RequestOptions,
    filters: Filters,
    status: Option<PublishStatus>,
}

/// A list of the records in one state that is ready to be asked for. Made by
/// [`PublishRecords::list_queued`] and [`PublishRecords::list_published`]; `.await` it.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListRecordsInState {
    client: Client,
    options: RequestOptions,
    filters: Filters,
    state: State,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Queued,
    Published,
}

/// What all lists can be narrowed down to.
#[derive(Debug, Default)]
struct Filters {
    account_id: Option<AccountId>,
    platform: Option<Platform>,
    period: Option<(Timestamp, Timestamp)>,
}

/// The same, as it is sent: account, platform, time.
type Sent = (Option<AccountId>, Option<Platform>, Option<String>);

impl Filters {
    fn checked(self) -> Result<Sent, Error> {
        let Some((start, end)) = self.period else {
            return Ok((self.account_id, self.platform, None));
        };
        let (start, end) = input::period(["start", "end"], Some(&start), Some(&end))?;
        let time = start.zip(end).map(|(start, end)| format!("{start},{end}"));
        Ok((self.account_id, self.platform, time))
    }
}

macro_rules! filter_methods {
    ($name:ident) => {
        impl $name {
            /// Only the records of this account.
            pub fn account_id(mut self, id: impl Into<AccountId>) -> Self {
                self.filters.account_id = Some(id.into());
                self
            }

            /// Only the records of accounts on this platform.
            pub fn platform(mut self, platform: impl Into<Platform>) -> Self {
                self.filters.platform = Some(platform.into());
                self
            }

            /// Only the records whose publish time lies in this period, both ends
            /// included. Moments are `SystemTime`s or [`Timestamp`]s.
            pub fn between(
                mut self,
                start: impl Into<Timestamp>,
                end: impl Into<Timestamp>,
            ) -> Self {
                self.filters.period = Some((start.into(), end.into()));
                self
            }
        }
    };
}

filter_methods!(ListPublishRecords);
filter_methods!(ListRecordsInState);

request_methods!([] ListPublishRecords => Vec<PublishRecord>);
request_methods!([] ListRecordsInState => Vec<PublishRecord>);

impl ListPublishRecords {
    /// Only the records in this state.
    pub fn status(mut self, status: PublishStatus) -> Self {
        self.status = Some(status);
        self
    }

    fn into_request(self) -> Request<Vec<PublishRecord>> {
        let status = self.status;
        Request::new(
            &self.client,
            &operations::PUBLISH_RECORDS_LIST,
            self.filters.checked().map(|filters| (filters, status)),
            |api, ((account, platform, time), status)| {
                Box::pin(api.publish_records_list(
                    account.as_ref(),
                    platform.as_ref(),
                    status.as_ref(),
                    time.as_deref(),
                ))
            },
        )
        .map(all_without_empty)
        .with_options(self.options)
    }
}

impl ListRecordsInState {
    fn into_request(self) -> Request<Vec<PublishRecord>> {
        let Self {
            client, filters, ..
        } = self;
        let filters = filters.checked();
        let request = match self.state {
            State::Queued => Request::new(
                &client,
                &operations::PUBLISH_RECORDS_LIST_QUEUED,
                filters,
                |api, (account, platform, time)| {
                    let (account, platform) = (account.as_ref(), platform.as_ref());
                    Box::pin(api.publish_records_list_queued(account, platform, time.as_deref()))
                },
            ),
            State::Published => Request::new(
                &client,
                &operations::PUBLISH_RECORDS_LIST_PUBLISHED,
                filters,
                |api, (account, platform, time)| {
                    let (account, platform) = (account.as_ref(), platform.as_ref());
                    Box::pin(api.publish_records_list_published(account, platform, time.as_deref()))
                },
            ),
        };
        request.map(all_without_empty).with_options(self.options)
    }
}

/// The record of an account that is gone has an empty id for it, which is none.
fn without_empty(mut record: PublishRecord) -> PublishRecord {
    record.account_id = record.account_id.filter(|id| !id.as_str().is_empty());
    record
}

fn all_without_empty(records: Vec<PublishRecord>) -> Vec<PublishRecord> {
    records.into_iter().map(without_empty).collect()
}

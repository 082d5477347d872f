//! `client.works()`

mod list;
mod lookups;

pub use self::{
    list::ListWorks,
    lookups::{GetWork, GetWorkAnalytics, GetWorkByLink},
};

use aitoearn_api::operations;

use super::resource;
use crate::{
    AccountId, Error, Request,
    input::path_segment,
    options::RequestOptions,
    types::{Platform, WorkOwnership, WorksVerifyOwnershipBody},
};

resource! {
    /// What is on the platforms, and how it does there. Made by [`Client::works`](crate::Client::works).
    ///
    /// Not every platform offers everything: `capabilities.work` and
    /// `capabilities.analytics` of [`Platforms::list`](crate::Platforms::list) tell.
    /// Some of what is missing comes back as a success with nothing in it; then
    /// its `message` says why.
    Works
}

impl Works {
    /// The work that a link leads to.
    ///
    /// Where the platform does not offer this, `work` is `None` and `message`
    /// says why.
    ///
    /// Calls `GET /api/v2/channels/works/link-info`.
    ///
    /// # Errors
    ///
    /// [`Code::INVALID_WORK_LINK`](crate::Code::INVALID_WORK_LINK) if no work can be read from the link;
    /// [`Code::ACCOUNT_NOT_FOUND`](crate::Code::ACCOUNT_NOT_FOUND);
    /// [`Code::CHANNEL_AUTH_PLATFORM_MISMATCH`](crate::Code::CHANNEL_AUTH_PLATFORM_MISMATCH)
    /// if the account is of another platform;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use aitoearn::types::Platform;
    ///
    /// let link = "https://www.youtube.com/watch?v=dQw4w9WgXcQ";
    /// let found = client.works().link_info(Platform::Youtube, link).await?;
    /// match (found.work, found.message) {
    ///     (Some(work), _) => println!("it is the work {}", work.id),
    ///     (None, reason) => println!("nothing to be had: {reason:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn link_info(
        &self,
        platform: impl Into<Platform>,
        link: impl Into<String>,
    ) -> GetWorkByLink {
        GetWorkByLink {
            client: self.client.clone(),
            options: RequestOptions::default(),
            platform: platform.into(),
            link: link.into(),
            account_id: None,
        }
    }

    /// The works of an account, a page of them. How the platform pages is told by
    /// the answer's `pagination`, and beforehand by
    /// `capabilities.work.list_works_pagination`.
    ///
    /// Calls `GET /api/v2/channels/works/{platform}`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if both ways of paging are mixed, or a number is zero;
    /// [`Code::CHANNEL_PAGINATION_MODE_NOT_SUPPORTED`](crate::Code::CHANNEL_PAGINATION_MODE_NOT_SUPPORTED)
    /// if the platform pages the other way;
    /// [`Code::CHANNEL_PAGINATION_LIMIT_EXCEEDED`](crate::Code::CHANNEL_PAGINATION_LIMIT_EXCEEDED),
    /// [`Code::CHANNEL_PAGINATION_PAGE_SIZE_EXCEEDED`](crate::Code::CHANNEL_PAGINATION_PAGE_SIZE_EXCEEDED)
    /// and [`Code::CHANNEL_PAGINATION_DIRECTION_NOT_SUPPORTED`](crate::Code::CHANNEL_PAGINATION_DIRECTION_NOT_SUPPORTED)
    /// if it does not go that far;
    /// [`Code::CHANNEL_PLATFORM_OPERATION_NOT_SUPPORTED`](crate::Code::CHANNEL_PLATFORM_OPERATION_NOT_SUPPORTED);
    /// [`Code::ACCOUNT_NOT_FOUND`](crate::Code::ACCOUNT_NOT_FOUND);
    /// [`Code::CHANNEL_AUTH_PLATFORM_MISMATCH`](crate::Code::CHANNEL_AUTH_PLATFORM_MISMATCH);
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use aitoearn::types::{Pagination, Platform};
    ///
    /// let works = client.works();
    /// let mut page = works.list(Platform::Youtube, "youtube_456").limit(50).await?;
    /// loop {
    ///     for work in &page.items {
    ///         println!("{:?}", work.title);
    ///     }
    ///     let Pagination::Cursor(at) = page.pagination else { break };
    ///     let Some(cursor) = at.next_cursor.filter(|_| at.has_next) else { break };
    ///     page = works.list(Platform::Youtube, "youtube_456").limit(50).after(cursor).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(
        &self,
        platform: impl Into<Platform>,
        account_id: impl Into<AccountId>,
    ) -> ListWorks {
        ListWorks {
            client: self.client.clone(),
            options: RequestOptions::default(),
            platform: platform.into(),
            account_id: account_id.into(),
            limit: None,
            cursor: None,
            page: None,
        }
    }

    /// One work, by its id on the platform.
    ///
    /// Calls `GET /api/v2/channels/works/{platform}/{platformWorkId}`.
    ///
    /// # Errors
    ///
    /// [`Code::ACCOUNT_AUTH_REQUIRED`](crate::Code::ACCOUNT_AUTH_REQUIRED) without
    /// an [account](GetWork::account_id), on most platforms;
    /// [`Code::CHANNEL_PLATFORM_WORK_NOT_FOUND`](crate::Code::CHANNEL_PLATFORM_WORK_NOT_FOUND);
    /// [`Code::CHANNEL_PLATFORM_OPERATION_NOT_SUPPORTED`](crate::Code::CHANNEL_PLATFORM_OPERATION_NOT_SUPPORTED);
    /// [`Code::ACCOUNT_NOT_FOUND`](crate::Code::ACCOUNT_NOT_FOUND);
    /// [`Code::CHANNEL_AUTH_PLATFORM_MISMATCH`](crate::Code::CHANNEL_AUTH_PLATFORM_MISMATCH);
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use aitoearn::types::Platform;
    ///
    /// let found = client
    ///     .works()
    ///     .get(Platform::Youtube, "dQw4w9WgXcQ")
    ///     .account_id("youtube_456")
    ///     .await?;
    /// println!("{:?}", found.work);
    /// # Ok(())
    /// # }
    /// ```
    pub fn get(&self, platform: impl Into<Platform>, work_id: impl Into<String>) -> GetWork {
        GetWork {
            client: self.client.clone(),
            options: RequestOptions::default(),
            platform: platform.into(),
            work_id: work_id.into(),
            account_id: None,
        }
    }

    /// How a work does: views, likes, comments, time watched in seconds. All
    /// figures are optional.
    ///
    /// Without an [account](GetWorkAnalytics::account_id), or where the platform
    /// offers none, this succeeds without `metrics`, and `message` says why.
    ///
    /// Calls `GET /api/v2/channels/works/{platform}/{platformWorkId}/analytics`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if the period ends before it begins;
    /// [`Code::ACCOUNT_NOT_FOUND`](crate::Code::ACCOUNT_NOT_FOUND);
    /// [`Code::CHANNEL_AUTH_PLATFORM_MISMATCH`](crate::Code::CHANNEL_AUTH_PLATFORM_MISMATCH);
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use aitoearn::types::Platform;
    ///
    /// let analytics = client
    ///     .works()
    ///     .analytics(Platform::Youtube, "dQw4w9WgXcQ")
    ///     .account_id("youtube_456")
    ///     .await?;
    /// match (analytics.metrics, analytics.message) {
    ///     (Some(metrics), _) => println!("{:?} views", metrics.view_count),
    ///     (None, reason) => println!("nothing to be had: {reason:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn analytics(
        &self,
        platform: impl Into<Platform>,
        work_id: impl Into<String>,
    ) -> GetWorkAnalytics {
        GetWorkAnalytics {
            client: self.client.clone(),
            options: RequestOptions::default(),
            platform: platform.into(),
            work_id: work_id.into(),
            account_id: None,
            since: None,
            until: None,
        }
    }

    /// Whether a work belongs to an account.
    ///
    /// Where the platform cannot tell, `owned` is `false` and `message` says why.
    ///
    /// Calls `POST /api/v2/channels/works/{platform}/{platformWorkId}/ownership/verify`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] if an id is empty;
    /// [`Code::ACCOUNT_NOT_FOUND`](crate::Code::ACCOUNT_NOT_FOUND);
    /// [`Code::CHANNEL_AUTH_PLATFORM_MISMATCH`](crate::Code::CHANNEL_AUTH_PLATFORM_MISMATCH);
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use aitoearn::types::Platform;
    ///
    /// let works = client.works();
    /// let answer = works
    ///     .verify_ownership(Platform::Youtube, "dQw4w9WgXcQ", "youtube_456")
    ///     .await?;
    /// println!("owned: {}, {:?}", answer.owned, answer.message);
    /// # Ok(())
    /// # }
    /// ```
    pub fn verify_ownership(
        &self,
        platform: impl Into<Platform>,
        work_id: impl Into<String>,
        account_id: impl Into<AccountId>,
    ) -> Request<WorkOwnership> {
        let input = || -> Result<_, Error> {
            let (platform, work) = work_path(platform.into(), work_id.into())?;
            let candidate_account_id = path_segment("account_id", account_id.into())?;
            let body = WorksVerifyOwnershipBody {
                candidate_account_id,
            };
            Ok((platform, work, body))
        };
        Request::new(
            &self.client,
            &operations::WORKS_VERIFY_OWNERSHIP,
            input(),
            |api, (platform, work, body)| {
                Box::pin(api.works_verify_ownership(platform, work, body))
            },
        )
    }
}

fn work_path(platform: Platform, work_id: String) -> Result<(Platform, String), Error> {
    Ok((
        path_segment("platform", platform)?,
        path_segment("work_id", work_id)?,
    ))
}

//! One work: by its link, by its id, and in figures.

use aitoearn_api::operations;

use super::work_path;
use crate::{
    AccountId, Client, Error, Request, Timestamp,
    input::{needed_text, period},
    options::RequestOptions,
    request::request_methods,
    types::{
        Platform, WorkAnalytics, WorkDetail, WorksAnalyticsParams, WorksGetParams,
        WorksLinkInfoParams,
    },
};

/// A work to be found by its link. Made by [`Works::link_info`](super::Works::link_info); `.await` it.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetWorkByLink {
    pub(super) client: Client,
    pub(super) options: RequestOptions,
    pub(super) platform: Platform,
    pub(super) link: String,
    pub(super) account_id: Option<AccountId>,
}

/// A work that is ready to be asked for. Made by [`Works::get`](super::Works::get); `.await` it.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetWork {
    pub(super) client: Client,
    pub(super) options: RequestOptions,
    pub(super) platform: Platform,
    pub(super) work_id: String,
    pub(super) account_id: Option<AccountId>,
}

/// Figures that are ready to be asked for. Made by [`Works::analytics`](super::Works::analytics); `.await` it.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct GetWorkAnalytics {
    pub(super) client: Client,
    pub(super) options: RequestOptions,
    pub(super) platform: Platform,
    pub(super) work_id: String,
    pub(super) account_id: Option<AccountId>,
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
}

request_methods!([] GetWorkByLink => WorkDetail);
request_methods!([] GetWork => WorkDetail);
request_methods!([] GetWorkAnalytics => WorkAnalytics);

impl GetWorkByLink {
    /// The account of this platform to look through.
    pub fn account_id(mut self, id: impl Into<AccountId>) -> Self {
        self.account_id = Some(id.into());
        self
    }

    fn into_request(self) -> Request<WorkDetail> {
        let Self {
            platform,
            link,
            account_id,
            ..
        } = self;
        let input = needed_text("link", link).map(|link| {
            let mut params = WorksLinkInfoParams::default();
            params.account_id = account_id;
            (link, platform, params)
        });
        Request::new(
            &self.client,
            &operations::WORKS_LINK_INFO,
            input,
            |api, (link, platform, params)| Box::pin(api.works_link_info(link, platform, params)),
        )
        .with_options(self.options)
    }
}

impl GetWork {
    /// The account of this platform to look through. Most platforms need one.
    pub fn account_id(mut self, id: impl Into<AccountId>) -> Self {
        self.account_id = Some(id.into());
        self
    }

    fn into_request(self) -> Request<WorkDetail> {
        let account_id = self.account_id;
        let path = work_path(self.platform, self.work_id);
        Request::new(
            &self.client,
            &operations::WORKS_GET,
            path.map(|(platform, work)| {
                let mut params = WorksGetParams::default();
                params.account_id = account_id;
                (platform, work, params)
            }),
            |api, (platform, work, params)| Box::pin(api.works_get(platform, work, params)),
        )
        .with_options(self.options)
    }
}

impl GetWorkAnalytics {
    /// The account of this platform to look through. Give one: without it the
    /// service has nothing to say.
    pub fn account_id(mut self, id: impl Into<AccountId>) -> Self {
        self.account_id = Some(id.into());
        self
    }

    /// The start of the period: a `SystemTime` or a [`Timestamp`].
    pub fn since(mut self, moment: impl Into<Timestamp>) -> Self {
        self.since = Some(moment.into());
        self
    }

    /// The end of the period: a `SystemTime` or a [`Timestamp`].
    pub fn until(mut self, moment: impl Into<Timestamp>) -> Self {
        self.until = Some(moment.into());
        self
    }

    fn into_request(self) -> Request<WorkAnalytics> {
        let Self {
            platform,
            work_id,
            account_id,
            since,
            until,
            ..
        } = self;
        let input = || -> Result<_, Error> {
            let (platform, work) = work_path(platform, work_id)?;
            let (since, until) = period(["since", "until"], since.as_ref(), until.as_ref())?;
            let mut params = WorksAnalyticsParams::default();
            params.account_id = account_id;
            params.since = since;
            params.until = until;
            Ok((platform, work, params))
        };
        Request::new(
            &self.client,
            &operations::WORKS_ANALYTICS,
            input(),
            |api, (platform, work, params)| Box::pin(api.works_analytics(platform, work, params)),
        )
        .with_options(self.options)
    }
}

//! Works, page by page.

use aitoearn_api::operations;

use crate::{
    AccountId, Client, Error, InputError, Request,
    input::{needed_text, path_segment},
    options::RequestOptions,
    request::request_methods,
    types::{PageDirection, Platform, WorkList},
};

/// A page of works that is ready to be asked for. Made by [`Works::list`](super::Works::list); `.await` it.
///
/// Platforms page in one of two ways: by cursor, for which there are
/// [`limit`](Self::limit), [`after`](Self::after) and [`before`](Self::before), or
/// by number, for which there is [`page`](Self::page). Without any of them comes
/// the first page, with as many works as the platform likes.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListWorks {
    pub(super) client: Client,
    pub(super) options: RequestOptions,
    pub(super) platform: Platform,
    pub(super) account_id: AccountId,
    pub(super) limit: Option<u32>,
    pub(super) cursor: Option<(String, PageDirection)>,
    pub(super) page: Option<(u32, u32)>,
}

request_methods!([] ListWorks => WorkList);

impl ListWorks {
    /// Works per page, from 1, on platforms that page by cursor.
    pub fn limit(mut self, works: u32) -> Self {
        self.limit = Some(works);
        self
    }

    /// The page that a `next_cursor` leads to.
    pub fn after(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some((cursor.into(), PageDirection::Next));
        self
    }

    /// The page that a `previous_cursor` leads back to. Few platforms can.
    pub fn before(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some((cursor.into(), PageDirection::Previous));
        self
    }

    /// The page with this number, from 1, and works per page, from 1, on
    /// platforms that page by number.
    pub fn page(mut self, number: u32, size: u32) -> Self {
        self.page = Some((number, size));
        self
    }

    fn into_request(self) -> Request<WorkList> {
        let Self {
            platform,
            account_id,
            limit,
            cursor,
            page,
            ..
        } = self;
        let input = || -> Result<_, Error> {
            if page.is_some() && (limit.is_some() || cursor.is_some()) {
                let problem = "goes with neither `limit` nor a cursor: platforms page in one way";
                return Err(InputError::new("page", problem).into());
            }
            let platform = path_segment("platform", platform)?;
            let account_id = path_segment("account_id", account_id)?;
            let limit = limit.map(|limit| from_one("limit", limit)).transpose()?;
            let cursor = cursor
                .map(|(cursor, direction)| {
                    needed_text("cursor", cursor).map(|cursor| (cursor, direction))
                })
                .transpose()?;
            let page = page
                .map(|(page, size)| {
                    Ok::<_, Error>((from_one("page", page)?, from_one("page", size)?))
                })
                .transpose()?;
            Ok((platform, account_id, limit, cursor.unzip(), page.unzip()))
        };
        Request::new(
            &self.client,
            &operations::WORKS_LIST,
            input(),
            |api, (platform, account, limit, (cursor, direction), (page, size))| async move {
                api.works_list(
                    &platform,
                    &account,
                    cursor.as_deref(),
                    direction.as_ref(),
                    limit,
                    size,
                    page,
                )
                .await
            },
        )
        .with_options(self.options)
    }
}

fn from_one(name: &'static str, number: u32) -> Result<i64, Error> {
    if number == 0 {
        return Err(InputError::new(name, "is zero, and counting starts at 1").into());
    }
    Ok(number.into())
}

//! `client.works()`: works, page by page.

use std::mem;

use aitoearn_api::operations;

use crate::{
    AccountId, Client, Error, InputError, Request, Response, Works,
    flow::{Items, Page, Position},
    input::{needed_text, path_segment},
    options::RequestOptions,
    request::request_methods,
    types::{PageDirection, Pagination, Platform, WorkList, WorkListItem, WorksListParams},
};

impl Works {
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
}

/// A page of works that is ready to be asked for. Made by [`Works::list`]; `.await` it.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// use aitoearn::types::Platform;
///
/// let page = client.works().list(Platform::Youtube, "youtube_456").limit(10).await?;
/// println!("{} works", page.items.len());
/// # Ok(())
/// # }
/// ```
///
/// Platforms page in one of two ways: by cursor, for which there are
/// [`limit`](Self::limit), [`after`](Self::after) and [`before`](Self::before), or
/// by number, for which there is [`page`](Self::page). Without any of them comes
/// the first page, with as many works as the platform likes.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListWorks {
    client: Client,
    options: RequestOptions,
    platform: Platform,
    account_id: AccountId,
    limit: Option<u32>,
    cursor: Option<(String, PageDirection)>,
    page: Option<(u32, u32)>,
}

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

    /// The works of all pages, from the one asked for on, read as they are needed:
    /// by cursor or by number, as the platform does. Each page is read with the
    /// options of this request.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use aitoearn::types::Platform;
    ///
    /// let mut works = client.works().list(Platform::Tiktok, "tiktok_123").stream();
    /// while let Some(work) = works.next().await {
    ///     println!("{:?}", work?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(self) -> Items<WorkListItem> {
        let mut rest = self;
        Items::new(move |position| {
            let next = rest.again();
            let mut request = mem::replace(&mut rest, next);
            match position {
                None => {}
                Some(Position::Cursor(cursor)) => {
                    let direction = request.cursor.map(|(_, direction)| direction);
                    request.cursor = Some((cursor, direction.unwrap_or(PageDirection::Next)));
                }
                Some(Position::Page(number, size)) => {
                    request.limit = None;
                    request.page = Some((number, size));
                }
            }
            let backwards = matches!(&request.cursor, Some((_, PageDirection::Previous)));
            Box::pin(async move {
                let Response {
                    data: answer, call, ..
                } = request.send_with_meta().await?;
                let total = match &answer.pagination {
                    Pagination::Page(page) => page.total.and_then(|it| u64::try_from(it).ok()),
                    _ => None,
                };
                Ok(Page {
                    items: answer.items,
                    next: following(answer.pagination, backwards),
                    total,
                    call,
                })
            })
        })
    }

    fn again(&self) -> Self {
        Self {
            client: self.client.clone(),
            options: self.options.again(),
            platform: self.platform.clone(),
            account_id: self.account_id.clone(),
            limit: self.limit,
            cursor: self.cursor.clone(),
            page: self.page,
        }
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
            let mut params = WorksListParams::default();
            params.pagination_limit = limit.map(|limit| from_one("limit", limit)).transpose()?;
            if let Some((cursor, direction)) = cursor {
                params.pagination_cursor = Some(needed_text("cursor", cursor)?);
                params.pagination_direction = Some(direction);
            }
            if let Some((page, size)) = page {
                params.pagination_page = Some(from_one("page", page)?);
                params.pagination_page_size = Some(from_one("page", size)?);
            }
            Ok((platform, account_id, params))
        };
        Request::new(
            &self.client,
            &operations::WORKS_LIST,
            input(),
            |api, (platform, account, params)| Box::pin(api.works_list(platform, account, params)),
        )
        .with_options(self.options)
    }
}

request_methods!([] ListWorks => WorkList);

/// Where the page after this one begins, if there is one.
fn following(page: Pagination, backwards: bool) -> Option<Position> {
    match page {
        Pagination::Cursor(page) if backwards => page
            .previous_cursor
            .filter(|_| page.has_previous)
            .map(Position::Cursor),
        Pagination::Cursor(page) => page
            .next_cursor
            .filter(|_| page.has_next)
            .map(Position::Cursor),
        Pagination::Page(page) if page.has_next => {
            let number = u32::try_from(page.page).ok()?.checked_add(1)?;
            Some(Position::Page(number, u32::try_from(page.page_size).ok()?))
        }
        _ => None,
    }
}

fn from_one(name: &'static str, number: u32) -> Result<i64, Error> {
    if number == 0 {
        return Err(InputError::new(name, "is zero, and counting starts at 1").into());
    }
    Ok(number.into())
}

//! Works, page by page.

use std::mem;

use aitoearn_api::operations;

use crate::{
    AccountId, Client, Error, InputError, Request, Response,
    flow::{Items, Page, Position},
    input::{needed_text, path_segment},
    options::RequestOptions,
    request::request_methods,
    types::{PageDirection, Pagination, Platform, WorkList, WorkListItem},
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
            |api, (platform, account, limit, (cursor, direction), (page, size))| {
                Box::pin(api.works_list(
                    platform,
                    account,
                    cursor.as_deref(),
                    direction.as_ref(),
                    *limit,
                    *size,
                    *page,
                ))
            },
        )
        .with_options(self.options)
    }
}

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

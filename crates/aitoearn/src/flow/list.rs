//! What comes page by page, item by item.

use std::{
    collections::VecDeque,
    fmt,
    future::poll_fn,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use aitoearn_api::Mended;
use futures_core::Stream;

use crate::{
    CallInfo, Error,
    error::{Failed, StreamError, StreamErrorKind},
    local::BoxFuture,
};

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Position {
    /// The page's number, and how many items are on each.
    Page(u32, u32),
    /// What the page before has named.
    Cursor(String),
}

/// A page, and where the next one begins if there is one.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<Position>,
    /// How many items there are on all pages, if the service says so.
    pub(crate) total: Option<u64>,
    /// The call that read it.
    pub(crate) call: CallInfo,
}

/// A page of a list whose pages are numbered, as the service describes it.
pub(crate) struct NumberedPage<T> {
    pub(crate) items: Vec<T>,
    pub(crate) number: i64,
    /// The number of the last page.
    pub(crate) last: i64,
    pub(crate) size: i64,
    pub(crate) total: i64,
    /// The call that read it.
    pub(crate) call: CallInfo,
}

type Fetch<T> =
    Box<dyn FnMut(Option<Position>) -> BoxFuture<'static, Result<Page<T>, Error>> + Send>;

/// The items of all pages of a list, as a stream.
///
/// The next page is asked for only when an item of it is. The stream ends after
/// the last page, and where a server sends the same page again. A page without
/// items is not the last one while the service says that there is more: platforms
/// filter what they have paged. Dropping the stream ends it; nothing is sent
/// afterwards. What is added to the list in the meantime moves the pages, so an
/// item may come twice.
#[must_use = "a stream does nothing until it is read"]
pub struct Items<T> {
    fetch: Fetch<T>,
    ready: VecDeque<T>,
    state: State<T>,
    /// Every position so far: a server that names one again would never end.
    visited: Vec<Position>,
    received: u64,
    /// How many pages in a row had no items.
    empty: u32,
    mended: Mended,
}

/// After so many pages without an item, a server has no end rather than a filter.
const MOST_EMPTY: u32 = 100;

enum State<T> {
    /// The next page begins here; `None` is the beginning.
    Before(Option<Position>),
    Fetching(BoxFuture<'static, Result<Page<T>, Error>>),
    /// An error is all that is left.
    Failed(Error),
    Over,
}

impl<T> Items<T> {
    pub(crate) fn new<F>(fetch: F) -> Self
    where
        F: FnMut(Option<Position>) -> BoxFuture<'static, Result<Page<T>, Error>> + Send + 'static,
    {
        Self {
            fetch: Box::new(fetch),
            ready: VecDeque::new(),
            state: State::Before(None),
            visited: Vec::new(),
            received: 0,
            empty: 0,
            mended: Mended::default(),
        }
    }

    /// What was missing or odd in the pages read so far, each place as it is in its page. Nothing,
    /// as a rule; see [`Response::mended`](crate::Response::mended).
    pub fn mended(&self) -> &Mended {
        &self.mended
    }

    /// The items of numbered pages, from the page `first` on, which `read` reads.
    pub(crate) fn numbered<F>(first: i64, mut read: F) -> Self
    where
        F: FnMut(i64) -> BoxFuture<'static, Result<NumberedPage<T>, Error>> + Send + 'static,
        T: Send + 'static,
    {
        Self::new(move |position| {
            let number = match position {
                Some(Position::Page(number, _)) => i64::from(number),
                _ => first,
            };
            let page = read(number);
            Box::pin(async move {
                let page = page.await?;
                // A number of 0 is none: it was missing, or odd. Without the last one it is the total
                // that ends the list, so that no server makes it endless.
                let is_last = match page.last {
                    0 => page.items.is_empty() || page.total <= 0,
                    last => number >= last,
                };
                let is_last = is_last || (page.number != 0 && page.number != number);
                let next = u32::try_from(number.saturating_add(1)).ok();
                let size = u32::try_from(page.size).unwrap_or(u32::MAX);
                Ok(Page {
                    items: page.items,
                    next: next
                        .filter(|_| !is_last)
                        .map(|next| Position::Page(next, size)),
                    total: u64::try_from(page.total).ok(),
                    call: page.call,
                })
            })
        })
    }

    /// The next item, or `None` at the end. May be dropped and called again
    /// without losing anything.
    ///
    /// # Errors
    ///
    /// Those of the call that reads a page. Nothing follows.
    pub async fn next(&mut self) -> Option<Result<T, Error>>
    where
        T: Unpin,
    {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    fn take(&mut self, page: Page<T>) -> State<T> {
        if let Some(mended) = &page.call.mended {
            self.mended.add(Mended::clone(mended));
        }
        let count = u64::try_from(page.items.len()).unwrap_or(u64::MAX);
        self.received = self.received.saturating_add(count);
        self.empty = if count == 0 { self.empty + 1 } else { 0 };
        // A total of none beside items, or beside more pages, is no total.
        let total = page.total.filter(|total| *total > 0);
        let is_last = total.is_some_and(|total| self.received >= total);
        self.ready.extend(page.items);
        match page.next {
            Some(next) if !is_last && !self.visited.contains(&next) => {
                if self.empty >= MOST_EMPTY {
                    let error = StreamError {
                        kind: StreamErrorKind::OnlyEmptyPages,
                        events: self.received,
                        source: None,
                    };
                    return State::Failed(Error::Stream(Box::new(Failed::new(page.call, error))));
                }
                self.visited.push(next.clone());
                State::Before(Some(next))
            }
            _ => State::Over,
        }
    }
}

impl<T: Unpin> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            this.state = match &mut this.state {
                State::Over => return Poll::Ready(None),
                State::Failed(_) => match mem::replace(&mut this.state, State::Over) {
                    State::Failed(error) => return Poll::Ready(Some(Err(error))),
                    _ => return Poll::Ready(None),
                },
                State::Before(position) => State::Fetching((this.fetch)(position.take())),
                State::Fetching(page) => match ready!(page.as_mut().poll(cx)) {
                    Ok(page) => this.take(page),
                    Err(error) => {
                        this.state = State::Over;
                        return Poll::Ready(Some(Err(error)));
                    }
                },
            };
        }
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("received", &self.received)
            .field("over", &matches!(self.state, State::Over))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::error::{InputError, testing};

    type Asked = Arc<Mutex<Vec<Option<Position>>>>;

    /// A list that answers each position with what `page` makes of it.
    fn list<F>(page: F) -> (Items<u32>, Asked)
    where
        F: Fn(Option<Position>) -> Result<Page<u32>, Error> + Send + 'static,
    {
        let asked = Asked::default();
        let log = Arc::clone(&asked);
        let items = Items::new(move |position| {
            log.lock().expect("no panic").push(position.clone());
            let page = page(position);
            Box::pin(async move { page })
        });
        (items, asked)
    }

    async fn all(mut items: Items<u32>) -> Vec<u32> {
        let mut found = Vec::new();
        while let Some(item) = items.next().await {
            found.push(item.expect("fine"));
            assert!(found.len() < 100, "it goes on for ever");
        }
        assert!(items.next().await.is_none(), "the end is the end");
        found
    }

    fn cursor(text: &str) -> Position {
        Position::Cursor(text.to_owned())
    }

    fn page(items: impl Into<Vec<u32>>, next: Position) -> Page<u32> {
        Page {
            items: items.into(),
            next: Some(next),
            total: None,
            call: testing::call(),
        }
    }

    #[tokio::test]
    async fn a_cursor_that_comes_again_ends_it() {
        // a, b, a, b, ... for ever.
        let (items, asked) = list(|position| {
            Ok(match position {
                None => page([1, 2], cursor("a")),
                Some(at) if at == cursor("a") => page([3], cursor("b")),
                Some(_) => page([4], cursor("a")),
            })
        });
        assert_eq!(all(items).await, [1, 2, 3, 4]);
        let expected = [None, Some(cursor("a")), Some(cursor("b"))];
        assert_eq!(*asked.lock().expect("fine"), expected);
    }

    #[tokio::test]
    async fn a_page_without_items_is_not_the_last_one() {
        // The first, two in the middle, and the last one, which is the end.
        let (items, asked) = list(|position| {
            let Some(Position::Cursor(at)) = position else {
                return Ok(page([], cursor("1")));
            };
            let mut page = match at.as_str() {
                "1" => page([8], cursor("2")),
                "2" => page([], cursor("3")),
                "3" => page([], cursor("4")),
                "4" => page([9], cursor("5")),
                _ => page([], cursor("6")),
            };
            if at == "5" {
                page.next = None;
            }
            Ok(page)
        });
        assert_eq!(all(items).await, [8, 9]);
        assert_eq!(asked.lock().expect("fine").len(), 6);
    }

    #[tokio::test]
    async fn a_total_of_none_is_no_total() {
        let (items, _) = list(|position| {
            let mut page = match position {
                None => page([1], Position::Page(2, 1)),
                Some(_) => page([2], Position::Page(2, 1)),
            };
            page.total = Some(0);
            Ok(page)
        });
        assert_eq!(all(items).await, [1, 2]);
    }

    #[tokio::test]
    async fn a_server_that_never_ends_is_an_error_and_not_an_end() {
        let number = std::sync::atomic::AtomicU32::new(0);
        let (mut items, asked) = list(move |_| {
            let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let some = if number == 0 { vec![5] } else { Vec::new() };
            Ok(page(some, cursor(&number.to_string())))
        });
        assert_eq!(items.next().await.expect("an item").expect("fine"), 5);
        let error = items.next().await.expect("an end").expect_err("an error");
        assert!(error.to_string().contains("after 1 items"), "{error}");
        assert!(matches!(error, Error::Stream(_)));
        assert!(items.next().await.is_none());
        assert_eq!(asked.lock().expect("fine").len(), 101);
    }

    #[tokio::test]
    async fn the_total_ends_it() {
        let (items, asked) = list(|_| {
            let mut page = page([7, 7], Position::Page(2, 2));
            page.total = Some(2);
            Ok(page)
        });
        assert_eq!(all(items).await, [7, 7]);
        assert_eq!(asked.lock().expect("fine").len(), 1);
    }

    #[tokio::test]
    async fn pages_are_asked_for_when_they_are_needed() {
        let (mut items, asked) = list(|_| Ok(page([1, 2], Position::Page(2, 2))));
        let count = || asked.lock().expect("fine").len();
        assert_eq!(count(), 0);
        for _ in 0..2 {
            items.next().await.expect("an item").expect("fine");
            assert_eq!(count(), 1);
        }
        items.next().await.expect("an item").expect("fine");
        assert_eq!(count(), 2);
    }

    #[tokio::test]
    async fn numbers_that_are_missing_end_no_list() {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        // The same page again and again, until there are as many items as there should be.
        let items = Items::numbered(1, move |number| {
            log.lock().expect("no panic").push(number);
            Box::pin(async move {
                Ok(NumberedPage {
                    items: vec![7],
                    number: 0,
                    last: 0,
                    size: 0,
                    total: 3,
                    call: testing::call(),
                })
            })
        });
        assert_eq!(all(items).await, [7, 7, 7]);
        assert_eq!(*asked.lock().expect("fine"), [1, 2, 3]);
    }

    #[tokio::test]
    async fn an_error_is_the_end() {
        let (mut items, _) = list(|position| match position {
            None => Ok(page([1], cursor("a"))),
            Some(_) => Err(InputError::new("page", "is wrong").into()),
        });
        assert!(items.next().await.expect("an item").is_ok());
        assert!(items.next().await.expect("an item").is_err());
        assert!(items.next().await.is_none());
    }
}

//! What is on the platforms.

use std::time::{Duration, SystemTime};

use aitoearn::Client;
use aitoearn::types::{Pagination, Platform, WorkList};
use aitoearn_mock::Sandbox;

pub(super) async fn tell(client: &Client, sandbox: &Sandbox) {
    let works = client.works();
    let account = sandbox.accounts().add("youtube", "Jars").expect("known");
    let list = || works.list(Platform::Youtube, &account);
    let first = list().limit(2).await.expect("a page");
    let next = list().after(cursor(&first)).limit(2);
    next.await.expect("the next page");
    list().await.expect("a page");

    let other = sandbox.accounts().add("facebook", "Jars").expect("known");
    let list = || works.list(Platform::Facebook, &other);
    let page = list().limit(2).await.expect("a page");
    list().before(cursor(&page)).await.expect("a page before");

    let other = sandbox.accounts().add("bilibili", "Jars").expect("known");
    let page = works.list(Platform::Bilibili, &other).page(2, 5);
    page.await.expect("the second page");

    let work = &first.items[0];
    let id = &work.platform_work_id;
    let found = works.get(Platform::Youtube, id).account_id(&account);
    found.await.expect("a work");
    let link = work.url.clone().expect("a link");
    let found = works
        .link_info(Platform::Youtube, link)
        .account_id(&account);
    found.await.expect("a work");
    let since = SystemTime::now() - Duration::from_secs(7 * 86_400);
    let figures = works.analytics(Platform::Youtube, id).account_id(&account);
    let figures = figures.since(since).until(SystemTime::now());
    figures.await.expect("figures");
    let owned = works.verify_ownership(Platform::Youtube, id, &account);
    assert!(owned.await.expect("an answer").owned);
}

/// Where the page after this one begins.
fn cursor(list: &WorkList) -> &str {
    match &list.pagination {
        Pagination::Cursor(page) => page.next_cursor.as_deref().expect("there is more"),
        other => panic!("{other:?}"),
    }
}

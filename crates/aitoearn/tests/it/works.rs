//! Works: both ways of paging, and successes with nothing in them.

use std::time::{Duration, SystemTime};

use aitoearn::{
    Client, Code, Error,
    types::{Pagination, Platform},
};
use aitoearn_mock::{MockServer, Sandbox, operations};
use serde_json::json;

use crate::server::builder;

fn client(mock: &MockServer) -> Client {
    builder(&mock.base_url()).build().expect("valid")
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

#[tokio::test]
async fn pages_are_asked_for_in_brackets() {
    let mock = MockServer::start();
    let calls = mock
        .when(&operations::WORKS_LIST)
        .ok(&json!({ "platform": "facebook", "items": [], "pagination": { "mode": "none" } }));
    let works = client(&mock).works();
    let list = || works.list(Platform::Facebook, "facebook_1");
    let answer = list().await.expect("fine");
    assert_eq!(answer.pagination, Pagination::Unpaged);
    list().limit(5).after("c/+=&").await.expect("fine");
    list().before("c").await.expect("fine");
    list().page(2, 50).await.expect("fine");
    let account = ("accountId", "facebook_1");
    for (seen, wanted) in calls.seen().iter().zip([
        pairs(&[account]),
        pairs(&[
            account,
            ("pagination[cursor]", "c/+=&"),
            ("pagination[direction]", "next"),
            ("pagination[limit]", "5"),
        ]),
        pairs(&[
            account,
            ("pagination[cursor]", "c"),
            ("pagination[direction]", "previous"),
        ]),
        pairs(&[
            account,
            ("pagination[pageSize]", "50"),
            ("pagination[page]", "2"),
        ]),
    ]) {
        assert_eq!(seen.path, "/api/v2/channels/works/facebook");
        assert_eq!(seen.query_pairs(), wanted);
    }
    calls.assert_times(4);
}

#[tokio::test]
async fn pages_that_cannot_be_are_not_asked_for() {
    let mock = MockServer::start();
    let calls = mock.when(&operations::WORKS_LIST).ok(&json!({}));
    let works = client(&mock).works();
    let list = || works.list(Platform::Facebook, "facebook_1");
    for (wrong, says) in [
        (list().page(1, 10).limit(10), "`page`"),
        (list().after("c").page(1, 10), "`page`"),
        (list().page(0, 10), "`page`"),
        (list().page(1, 0), "`page`"),
        (list().limit(0), "`limit`"),
        (list().before(""), "`cursor`"),
        (works.list("", "facebook_1"), "`platform`"),
        (works.list(Platform::Facebook, ""), "`account_id`"),
    ] {
        let error = wrong.await.expect_err(says);
        assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
        assert!(error.to_string().contains(says), "{says}: {error}");
    }
    calls.assert_never();

    let now = SystemTime::now();
    let analytics = works.analytics(Platform::Tiktok, "1");
    let backwards = analytics.since(now).until(now - Duration::from_secs(1));
    assert!(matches!(backwards.await, Err(Error::InvalidInput(_))));
    let link = works.link_info(Platform::Tiktok, "");
    assert!(matches!(link.await, Err(Error::InvalidInput(_))));
    let nobody = works.verify_ownership(Platform::Tiktok, "1", "");
    assert!(matches!(nobody.await, Err(Error::InvalidInput(_))));
    assert!(matches!(
        works.get(Platform::Tiktok, "..").await,
        Err(Error::InvalidInput(_))
    ));
}

#[tokio::test]
async fn lookups_say_all_they_were_told() {
    let mock = MockServer::start();
    let detail = json!({ "platform": "bilibili", "snapshots": [] });
    let link = mock.when(&operations::WORKS_LINK_INFO).ok(&detail);
    let get = mock
        .when(&operations::WORKS_GET)
        .path("platformWorkId", "BV1/x")
        .ok(&detail);
    let analytics = mock
        .when(&operations::WORKS_ANALYTICS)
        .ok(&json!({ "platform": "bilibili", "platformWorkId": "BV1", "snapshots": [] }));
    let owner = mock
        .when(&operations::WORKS_VERIFY_OWNERSHIP)
        .ok(&json!({ "platform": "bilibili", "owned": true }));
    let works = client(&mock).works();
    let address = "https://www.bilibili.com/video/BV1?p=2&t=3";
    let found = works.link_info(Platform::Bilibili, address);
    found.account_id("bilibili_1").await.expect("fine");
    let found = works.get(Platform::Bilibili, "BV1/x");
    found.account_id("bilibili_1").await.expect("fine");
    let since = "2031-05-18T12:00:00+02:00".parse::<aitoearn::Timestamp>();
    let figures = works.analytics(Platform::Bilibili, "BV1").account_id("b");
    let until = SystemTime::UNIX_EPOCH + Duration::from_secs(2_000_000_000);
    let figures = figures.since(since.expect("a moment")).until(until);
    figures.await.expect("fine");
    let answer = works.verify_ownership(Platform::Bilibili, "BV1", "bilibili_1");
    assert!(answer.await.expect("fine").owned);

    assert_eq!(
        link.seen()[0].query_pairs(),
        pairs(&[
            ("accountId", "bilibili_1"),
            ("link", address),
            ("platform", "bilibili"),
        ])
    );
    assert_eq!(get.seen()[0].query, "accountId=bilibili_1");
    assert_eq!(
        analytics.seen()[0].query_pairs(),
        pairs(&[
            ("accountId", "b"),
            ("since", "2031-05-18T10:00:00.000Z"),
            ("until", "2033-05-18T03:33:20.000Z"),
        ])
    );
    assert_eq!(
        owner.seen()[0].json(),
        Some(json!({ "candidateAccountId": "bilibili_1" }))
    );
}

#[tokio::test]
async fn both_ways_of_paging_lead_through_all_works() -> Result<(), Error> {
    let sandbox = Sandbox::start().expect("loopback");
    let builder = Client::builder().base_url(sandbox.base_url());
    let client = builder.api_key(sandbox.api_key()).build()?;
    let works = client.works();
    let account = sandbox.accounts().add("youtube", "Maps").expect("known");

    let mut page = works.list(Platform::Youtube, &account).limit(10).await?;
    let mut ids = Vec::new();
    loop {
        ids.extend(page.items.into_iter().map(|work| work.platform_work_id));
        let Pagination::Cursor(at) = page.pagination else {
            panic!("youtube pages by cursor")
        };
        let Some(cursor) = at.next_cursor.filter(|_| at.has_next) else {
            break;
        };
        let next = works.list(Platform::Youtube, &account).limit(10);
        page = next.after(cursor).await?;
    }
    assert_eq!(ids.len(), 25);
    ids.dedup();
    assert_eq!(ids.len(), 25);

    let error = works.list(Platform::Youtube, &account).page(1, 10).await;
    assert_eq!(
        error.expect_err("the other way").code(),
        Some(Code::CHANNEL_PAGINATION_MODE_NOT_SUPPORTED)
    );
    let work = works.get(Platform::Youtube, &ids[0]).account_id(&account);
    let work = work.await?;
    assert_eq!(work.work.map(|work| work.id).as_ref(), Some(&ids[0]));
    Ok(())
}

#[tokio::test]
async fn a_success_with_nothing_in_it_says_why() -> Result<(), Error> {
    let sandbox = Sandbox::start().expect("loopback");
    let builder = Client::builder().base_url(sandbox.base_url());
    let works = builder.api_key(sandbox.api_key()).build()?.works();
    let figures = works.analytics(Platform::Youtube, "1").await?;
    assert_eq!((figures.metrics, figures.snapshots.len()), (None, 0));
    assert!(figures.message.is_some_and(|message| !message.is_empty()));

    let found = works.link_info(Platform::GoogleBusiness, "https://example.org/1");
    let found = found.await?;
    assert!(found.work.is_none() && found.message.is_some(), "{found:?}");

    let error = works.get(Platform::Youtube, "1").await;
    assert_eq!(
        error.expect_err("no account").code(),
        Some(Code::ACCOUNT_AUTH_REQUIRED)
    );
    Ok(())
}

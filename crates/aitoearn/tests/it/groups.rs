//! Account groups, long lists of ids, and options whose values depend on the account.

use std::collections::HashMap;

use aitoearn::{
    Client, Code, Error,
    ids::{AccountId, GroupId},
};
use aitoearn_mock::{Answer, Fault, MockServer, Sandbox, operations};
use serde_json::{Map, Value, json};

use crate::server::builder;

const ID: &str = "66f2a9c4d81e5b0037c4a1a0";

fn client(mock: &MockServer) -> Client {
    builder(&mock.base_url()).build().expect("valid")
}

fn group() -> Value {
    json!({ "id": ID, "name": "Europe", "hasBrowserConfig": false })
}

#[tokio::test]
async fn a_group_says_all_it_was_told() {
    let mock = MockServer::start();
    let create = mock.when(&operations::ACCOUNT_GROUPS_CREATE).ok(&group());
    let update = mock
        .when(&operations::ACCOUNT_GROUPS_UPDATE)
        .path("groupId", ID)
        .ok(&group());
    let sort = mock
        .when(&operations::ACCOUNT_GROUPS_SORT_ACCOUNTS)
        .path("groupId", ID)
        .ok(&true);
    let groups = client(&mock).account_groups();
    let call = groups.create("Europe").country_code("DE").ip("192.0.2.1");
    let call = call.location("Berlin").proxy_ip("192.0.2.2").rank(3);
    let config = Map::from_iter([("os".to_owned(), json!("linux"))]);
    let created = call.browser_config(config).await.expect("added");
    assert_eq!(created.id, ID);
    groups.create("Plain").await.expect("added");
    let call = groups.update(ID).name("EMEA").rank(1);
    call.await.expect("changed");
    let order = ["tiktok_1", "KWAI_2"].into_iter().zip(1..);
    groups.sort(ID, order).await.expect("sorted");

    assert_eq!(
        create.seen()[0].json(),
        Some(json!({
            "name": "Europe", "countryCode": "DE", "ip": "192.0.2.1", "location": "Berlin",
            "proxyIp": "192.0.2.2", "rank": 3, "browserConfig": { "os": "linux" },
        }))
    );
    assert_eq!(create.seen()[1].json(), Some(json!({ "name": "Plain" })));
    assert_eq!(
        update.seen()[0].json(),
        Some(json!({ "name": "EMEA", "rank": 1 }))
    );
    assert_eq!(
        sort.seen()[0].json(),
        Some(json!({ "list": [{ "id": "tiktok_1", "rank": 1 }, { "id": "KWAI_2", "rank": 2 }] }))
    );
}

#[tokio::test]
async fn what_the_service_could_not_explain_is_not_sent() {
    let sandbox = Sandbox::start().expect("loopback");
    let builder = Client::builder().base_url(sandbox.base_url());
    let client = builder.api_key(sandbox.api_key()).build().expect("valid");
    let groups = client.account_groups();
    let nobody: [(AccountId, i64); 0] = [];
    let none: [GroupId; 0] = [];
    for result in [
        groups.create(" ").await.err(),
        groups.update("1").name("x").await.err(),
        groups.update(ID).name("").await.err(),
        groups.delete_many(none).await.err(),
        groups.delete_many([ID, "1"]).await.err(),
        groups.sort(ID, nobody).await.err(),
        groups.sort("1", [("a", 1)]).await.err(),
        groups.sort(ID, [("a", 1), ("a", 2)]).await.err(),
        client.accounts().option_values("a", "").await.err(),
        client
            .accounts()
            .create_option_value("a", "f", 3)
            .await
            .err(),
    ] {
        assert!(matches!(result, Some(Error::InvalidInput(_))), "{result:?}");
    }
    assert!(sandbox.seen().is_empty(), "{:?}", sandbox.seen());
}

#[tokio::test]
async fn groups_come_and_go_in_the_sandbox() -> Result<(), Error> {
    let sandbox = Sandbox::start().expect("loopback");
    let builder = Client::builder().base_url(sandbox.base_url());
    let groups = builder.api_key(sandbox.api_key()).build()?.account_groups();
    let mut ids = Vec::new();
    for number in 0..25 {
        ids.push(groups.create(format!("Group {number}")).await?.id);
    }
    groups.update(&ids[0]).name("First").await?;
    assert_eq!(groups.list().await?.len(), 26);
    groups.delete_many(&ids).await?;
    let rest = groups.list().await?;
    assert_eq!(rest.len(), 1);
    let error = groups.delete_many([&rest[0].id]).await;
    assert_eq!(
        error.expect_err("the default group").code(),
        Some(Code::ACCOUNT_GROUP_NOT_FOUND)
    );
    let deletions = sandbox.seen().into_iter();
    let deletions = deletions.filter(|seen| seen.method == "DELETE");
    let sizes: Vec<_> = deletions.map(|seen| seen.query_pairs().len()).collect();
    assert_eq!(sizes, [20, 5, 1]);
    Ok(())
}

#[tokio::test]
async fn more_ids_than_one_request_takes_are_put_together_again() -> Result<(), Error> {
    let sandbox = Sandbox::start().expect("loopback");
    let builder = builder(sandbox.base_url()).api_key(sandbox.api_key());
    let accounts = builder.build()?.accounts();
    let mut ids: Vec<AccountId> = Vec::new();
    for _ in 0..45 {
        let id = sandbox.accounts().add("tiktok", "Maps").expect("known");
        ids.push(id.into());
    }
    ids.push(ids[0].clone());
    let list = accounts.list().ids(&ids).send_with_meta().await?;
    assert_eq!((list.data.total, list.data.list.len()), (45, 45));
    assert_eq!(list.call.attempts(), 1);
    assert_eq!(sandbox.seen().len(), 3);

    // One of the three requests fails: all are made again.
    let before = sandbox.seen().len();
    sandbox
        .faults()
        .next(&operations::ACCOUNTS_LIST, Fault::code(500));
    let list = accounts.list().ids(&ids).send_with_meta().await?;
    assert_eq!((list.data.total, list.call.attempts()), (45, 2));
    assert_eq!(sandbox.seen().len(), before + 4);

    accounts.delete_many(&ids).await?;
    assert_eq!(accounts.list().await?.total, 0);
    Ok(())
}

#[tokio::test]
async fn values_of_an_option_are_filtered_freely() {
    let mock = MockServer::start();
    let node = json!({ "value": "21", "label": "Maps", "extra": { "parent": 160 } });
    let values = mock
        .when(&operations::ACCOUNTS_OPTION_VALUES)
        .path("accountId", "bilibili_1")
        .path("field", "tid")
        .ok(&json!({ "field": "tid", "valueType": "tree", "items": [node] }));
    let lost = Answer::raw(502, "text/html", "<html></html>");
    let created = mock.when(&operations::ACCOUNTS_OPTION_CREATE).in_turn([
        Answer::ok(&json!({ "field": "boardId", "valueType": "list", "item": node })),
        lost,
    ]);
    let accounts = client(&mock).accounts();
    let call = accounts.option_values("bilibili_1", "tid");
    let call = call.filter("keyword", "a&b").filter("cursor", "");
    let answer = call.filter("copyright", "1").await.expect("fine");
    assert_eq!(answer.items[0].value, "21");
    assert_eq!(
        values.seen()[0].query_pairs(),
        [("keyword", "a&b"), ("copyright", "1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    let board = HashMap::from([("name", "Maps")]);
    let call = || accounts.create_option_value("pinterest_1", "boardId", &board);
    assert_eq!(call().await.expect("created").item.label, "Maps");
    assert_eq!(created.seen()[0].json(), Some(json!({ "name": "Maps" })));
    let error = call().await.expect_err("lost");
    assert!(error.advice().contains("option_values"), "{error}");
    created.assert_times(2);
}

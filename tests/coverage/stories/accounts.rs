//! Platforms, authorization, accounts and their groups.

use aitoearn::Client;
use aitoearn::types::{AccountStatus, AuthSessionStatus, Platform};
use aitoearn_mock::Sandbox;
use serde_json::{Map, json};

pub(super) async fn tell(client: &Client, sandbox: &Sandbox) {
    let platforms = client.platforms().list().await.expect("platforms");
    assert!(platforms.iter().any(|info| info.platform == Platform::Kwai));

    let group = groups(client).await;
    authorization(client, sandbox, &group).await;
    options(client, sandbox).await;
    let account = lists(client, sandbox).await;
    let order = [(account.as_str(), 1)];
    client
        .account_groups()
        .sort(&group, order)
        .await
        .expect("sorted");
    endings(client, account).await;
}

/// Makes a group; the id of the one that stays.
async fn groups(client: &Client) -> String {
    let groups = client.account_groups();
    let mut config = Map::new();
    config.insert("browser".to_owned(), json!("firefox"));
    let group = groups
        .create("Kitchen & jars")
        .rank(2)
        .ip("198.51.100.7")
        .location("Lisbon")
        .country_code("PT")
        .proxy_ip("198.51.100.8")
        .browser_config(config)
        .await
        .expect("a group");
    let update = groups.update(&group.id).name("Kitchen").rank(-1);
    update.await.expect("renamed");
    let other = groups.create("Other").await.expect("another group");
    groups.delete_many([other.id]).await.expect("deleted");
    assert!(groups.list().await.expect("a list").len() >= 2);
    group.id.to_string()
}

async fn authorization(client: &Client, sandbox: &Sandbox, group: &str) {
    sandbox.sessions().hold();
    let started = client
        .auth()
        .start(Platform::Facebook)
        .group_id(group)
        .redirect_uri("https://app.example.com/done?from=a%20b&x=1")
        .callback_url("https://app.example.com/callback")
        .await
        .expect("started");
    sandbox
        .sessions()
        .complete(&started.session_id)
        .expect("a session");
    let session = client
        .auth()
        .status(Platform::Facebook, &started.session_id)
        .await
        .expect("a session");
    assert_eq!(session.status, AuthSessionStatus::Completed);
}

async fn options(client: &Client, sandbox: &Sandbox) {
    let account = sandbox.accounts().add("pinterest", "Jars").expect("known");
    let sources = client
        .platforms()
        .publish_options(Platform::Pinterest)
        .await
        .expect("sources");
    let field = &sources.first().expect("a source").field;
    client
        .accounts()
        .create_option_value(&account, field, json!({ "name": "Recipes" }))
        .await
        .expect("a board");
    let values = client.accounts().option_values(&account, field);
    assert!(!values.await.expect("boards").items.is_empty());
}

/// Lists accounts by every filter; an account among several.
async fn lists(client: &Client, sandbox: &Sandbox) -> String {
    let mut ids = Vec::new();
    // More than one request can ask for.
    for number in 0..21 {
        let name = format!("Kitchen {number}");
        ids.push(sandbox.accounts().add("KWAI", &name).expect("known"));
    }
    let accounts = client.accounts();
    let all = accounts
        .list()
        .ids(&ids)
        .types([Platform::Kwai, Platform::Tiktok]);
    let all = all.status(AccountStatus::Usable).await.expect("a list");
    assert_eq!(all.list.len(), ids.len());
    let one = accounts.list().ids([&ids[0]]).types(["KWAI"]);
    assert_eq!(one.await.expect("a list").list.len(), 1);

    accounts.get(&ids[0]).await.expect("an account");
    let status = accounts.auth_status(&ids[0]).await.expect("a status");
    assert_eq!(status.status, AccountStatus::Usable);
    accounts.delete_many(&ids[1..]).await.expect("deleted");
    ids.swap_remove(0)
}

async fn endings(client: &Client, account: String) {
    client.accounts().delete(account).await.expect("deleted");
}

//! Calls three operations: list, read, create.

#![allow(clippy::default_trait_access)] // The type's name is of a crate that only this line would need.

use aitoearn_api::types::AccountGroupCreateBody;
use aitoearn_api::{ApiKey, Client, Context, Failure, open};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let base = std::env::var("AITOEARN_BASE_URL")?;
    let key = std::env::var("AITOEARN_API_KEY")?;
    let client = Client::new(&base, Context::new(Some(ApiKey::new(key)?)))?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(run(&client))?;
    Ok(())
}

async fn run(client: &Client) -> Result<(), Failure> {
    let context = client.context();
    let accounts = open(client.accounts_list(&Default::default()).await, context)
        .await?
        .into_inner()
        .data;
    println!("{} accounts", accounts.total);
    if let Some(first) = accounts.list.first() {
        let account = open(client.accounts_get(&first.id).await, context)
            .await?
            .into_inner()
            .data;
        println!("{} has {:?} fans", account.nickname, account.fans_count);
    }
    let group = AccountGroupCreateBody {
        name: "Maps".to_owned(),
        browser_config: Default::default(),
        country_code: None,
        ip: None,
        location: None,
        proxy_ip: None,
        rank: None,
    };
    let group = open(client.account_groups_create(&group).await, context)
        .await?
        .into_inner()
        .data;
    println!("made the group {}", group.id);
    Ok(())
}

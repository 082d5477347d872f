//! Calls three operations: list, read, create.

use three_calls_hand::types::NewAccountGroup;
use three_calls_hand::{Client, Error};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let base = std::env::var("AITOEARN_BASE_URL")?;
    let key = std::env::var("AITOEARN_API_KEY")?;
    let client = Client::new(base, &key)?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(run(&client))?;
    Ok(())
}

async fn run(client: &Client) -> Result<(), Error> {
    let accounts = client.accounts().await?;
    println!("{} accounts", accounts.total);
    if let Some(first) = accounts.list.first() {
        let account = client.account(&first.id).await?;
        println!("{} has {:?} fans", account.nickname, account.fans_count);
    }
    let group = client
        .create_group(&NewAccountGroup {
            name: "Maps".to_owned(),
            country_code: None,
            location: None,
        })
        .await?;
    println!("made the group {}", group.id);
    Ok(())
}

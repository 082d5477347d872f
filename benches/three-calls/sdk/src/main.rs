//! Calls three operations: list, read, create.

use aitoearn::{Client, Error};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(run(&client))?;
    Ok(())
}

async fn run(client: &Client) -> Result<(), Error> {
    let accounts = client.accounts().list().await?;
    println!("{} accounts", accounts.total);
    if let Some(first) = accounts.list.first() {
        let account = client.accounts().get(first.id.as_str()).await?;
        println!("{} has {:?} fans", account.nickname, account.fans_count);
    }
    let group = client.account_groups().create("Maps").await?;
    println!("made the group {}", group.id);
    Ok(())
}

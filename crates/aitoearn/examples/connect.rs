//! Connects an account of a platform: shows the page to open, and waits.
//!
//! Without `AITOEARN_API_KEY` it talks to a sandbox in this process; with it, to
//! the site of your choice (`AITOEARN_SITE=china` or `international`).
//!
//! ```text
//! cargo run --example connect -- youtube
//! ```

mod common;

use aitoearn::{
    Client,
    flow::{Connected, NotConnected},
    types::Platform,
};
use anstream::println;

use common::{FAINT, GOOD, HEAD, Outcome, Service, fail, spinner};

#[tokio::main]
async fn main() -> Outcome {
    let service = Service::open()?;
    let platform = match std::env::args().nth(1) {
        Some(name) => Platform::from(name),
        None => Platform::Youtube,
    };

    println!("\n{HEAD}Connect an account on {platform}{HEAD:#}");
    let connecting = match service.client.auth().connect(platform).await {
        Ok(connecting) => connecting,
        Err(error) => fail(&error, Some(error.advice())),
    };
    if connecting.is_image() {
        // A program with a window would show it.
        std::fs::write("connect.html", image_page(connecting.url()))?;
        println!("open and scan   connect.html");
    } else {
        println!("open this       {}", connecting.url());
    }

    let bar = spinner()?;
    let mut last = String::new();
    let wait = service.paced(connecting.wait());
    let ending = wait.show_on(&bar, |session| {
        let now = if session.requires_selection {
            "choose the accounts in the browser".to_owned()
        } else {
            session.status.to_string()
        };
        if now != last {
            bar.suspend(|| println!("{FAINT}{now}{FAINT:#}"));
            last.clone_from(&now);
        }
        now
    });
    let ending = ending.await;
    bar.finish_and_clear();
    match ending {
        Ok(connected) => show(&service.client, &connected).await,
        Err(error) => fail(&error, error.failure().map(NotConnected::advice)),
    }
}

async fn show(client: &Client, connected: &Connected) -> Outcome {
    for id in &connected.account_ids {
        let account = client.accounts().get(id).await?;
        println!(
            "{GOOD}connected{GOOD:#}       {} ({}), {}",
            account.nickname, account.id, account.status
        );
    }
    Ok(())
}

fn image_page(url: &str) -> String {
    format!("<!doctype html><title>Scan this</title><img src=\"{url}\" alt=\"QR code\">\n")
}

//! Connects an account and shows what a business error looks like.
//!
//! Without `AITOEARN_API_KEY` it talks to a sandbox in this process; with it, to
//! the site of your choice (`AITOEARN_SITE=china` or `international`).
//!
//! ```text
//! cargo run --example quickstart
//! ```

use std::error::Error as _;
use std::time::Duration;

use aitoearn::types::{
    AuthSession, AuthSessionStatus, AuthStart, AuthType, Platform, PlatformInfo, PlatformStatus,
};
use aitoearn::{Client, Error};
use aitoearn_mock::Sandbox;
use anstream::println;
use anstyle::{AnsiColor, Style};

const HEAD: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const FAINT: Style = Style::new().dimmed();

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A key in the environment means the real service; without one there is nobody to bother.
    let sandbox = match std::env::var_os("AITOEARN_API_KEY") {
        Some(_) => None,
        None => Some(Sandbox::start()?),
    };
    let client = match &sandbox {
        Some(sandbox) => Client::builder()
            .base_url(sandbox.base_url())
            .api_key(sandbox.api_key())
            .build()?,
        None => Client::from_env()?,
    };
    match &sandbox {
        Some(_) => {
            println!("No AITOEARN_API_KEY is set, so this talks to a sandbox in this process.");
        }
        None => println!("Talking to {}.", client.base_url()),
    }
    if let Err(error) = run(&client, sandbox.as_ref()).await {
        println!("\n{BAD}{error}{BAD:#}");
        println!("  what to do   {}", error.advice());
        if let Some(source) = error.source() {
            println!("  because      {source}");
        }
        std::process::exit(1);
    }
    Ok(())
}

async fn run(client: &Client, sandbox: Option<&Sandbox>) -> Result<(), Error> {
    let platform = choose_platform(client).await?;

    println!("\n{HEAD}Connect an account on {platform}{HEAD:#}");
    let started = client.auth().start(platform.clone()).await?;
    println!("  open this     {}", shorten(&started.url));
    let session = poll(client, &platform, &started, sandbox.is_some()).await?;
    show_outcome(client, &session).await?;

    println!("\n{HEAD}What an error looks like{HEAD:#}");
    let error = expired_session(client, &platform, sandbox).await?;
    println!("  {BAD}{error}{BAD:#}");
    if let Some(code) = error.code() {
        println!("  code          {code}");
        println!("  category      {:?}", code.category());
    }
    println!(
        "  retry helps   {}",
        if error.is_retryable() { "yes" } else { "no" }
    );
    println!("  what to do    {}", error.advice());
    Ok(())
}

/// Lists the platforms and takes the first that a page in the browser can authorize.
async fn choose_platform(client: &Client) -> Result<Platform, Error> {
    println!("\n{HEAD}Platforms{HEAD:#}");
    let platforms = client.platforms().list().await?;
    for platform in &platforms {
        println!(
            "  {:<13} {:<24} {:<8} {}",
            platform.platform.as_str(),
            platform.display_name.en_us,
            platform.auth_type.as_str(),
            colored_status(platform)
        );
    }
    let preferred = |info: &&PlatformInfo| {
        info.status == PlatformStatus::Available
            && info.auth_type == AuthType::Oauth2
            && info.capabilities.auth.supported
            && !info.capabilities.auth.selectable_accounts
    };
    Ok(platforms
        .iter()
        .find(preferred)
        .map_or(Platform::Tiktok, |info| info.platform.clone()))
}

fn colored_status(info: &PlatformInfo) -> String {
    let style = if info.status == PlatformStatus::Available {
        GOOD
    } else {
        FAINT
    };
    format!("{style}{}{style:#}", info.status)
}

/// Asks every two seconds, as the service suggests; the sandbox is asked faster.
async fn poll(
    client: &Client,
    platform: &Platform,
    started: &AuthStart,
    hurry: bool,
) -> Result<AuthSession, Error> {
    let interval = if hurry {
        Duration::from_millis(200)
    } else {
        Duration::from_secs(2)
    };
    let mut told_to_choose = false;
    loop {
        let session = client
            .auth()
            .status(platform.clone(), &started.session_id)
            .await?;
        println!("  session       {}", session.status);
        if session.status != AuthSessionStatus::Pending {
            return Ok(session);
        }
        if session.requires_selection && !told_to_choose {
            told_to_choose = true;
            println!("  {FAINT}choose the accounts in the browser{FAINT:#}");
        }
        tokio::time::sleep(interval).await;
    }
}

async fn show_outcome(client: &Client, session: &AuthSession) -> Result<(), Error> {
    if let Some(code) = session.error_code {
        println!("  {BAD}{}{BAD:#} {}", code.meaning(), code.advice());
    }
    for id in &session.account_ids {
        let account = client.accounts().get(id).await?;
        println!(
            "  {GOOD}connected{GOOD:#}     {} on {}, {} ({})",
            account.nickname, account.type_, account.status, account.id
        );
    }
    Ok(())
}

/// Provokes a business error: a session that is over, or that never was.
async fn expired_session(
    client: &Client,
    platform: &Platform,
    sandbox: Option<&Sandbox>,
) -> Result<Error, Error> {
    let session = match sandbox {
        Some(sandbox) => {
            let started = client.auth().start(platform.clone()).await?;
            sandbox.clock().advance(Duration::from_secs(6 * 60));
            started.session_id
        }
        None => "sessionIsOverNow".into(),
    };
    match client.auth().status(platform.clone(), &session).await {
        Err(error @ Error::Api(_)) => Ok(error),
        Err(other) => Err(other),
        Ok(session) => {
            println!("  the service still knows session {}", session.session_id);
            std::process::exit(0);
        }
    }
}

/// QR codes come as `data:` images, which nobody wants to read.
fn shorten(url: &str) -> String {
    match url.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &url[..end]),
        None => url.to_owned(),
    }
}

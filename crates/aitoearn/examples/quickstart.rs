//! Connects an account and shows what a business error looks like.
//!
//! Without `AITOEARN_API_KEY` it talks to a sandbox in this process; with it, to
//! the site of your choice (`AITOEARN_SITE=china` or `international`).
//!
//! ```text
//! cargo run --example quickstart
//! ```

mod common;

use std::time::Duration;

use aitoearn::{
    Client, Error,
    flow::NotConnected,
    types::{AuthType, Platform, PlatformInfo, PlatformStatus},
};
use anstream::println;

use common::{BAD, FAINT, GOOD, HEAD, Outcome, Service, fail};

#[tokio::main]
async fn main() -> Outcome {
    let service = Service::open()?;
    if let Err(error) = run(&service).await {
        fail(&*error, error.downcast_ref().map(Error::advice));
    }
    Ok(())
}

async fn run(service: &Service) -> Outcome {
    let platform = choose_platform(&service.client).await?;
    connect(service, &platform).await?;

    println!("\n{HEAD}What an error looks like{HEAD:#}");
    let error = expired_session(service, &platform).await?;
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

async fn connect(service: &Service, platform: &Platform) -> Outcome {
    println!("\n{HEAD}Connect an account on {platform}{HEAD:#}");
    let client = &service.client;
    let connecting = client.auth().connect(platform.clone()).await?;
    println!("  open this     {}", connecting.url());
    let connected = match service.paced(connecting.wait()).await {
        Ok(connected) => connected,
        Err(error) => fail(&error, error.failure().map(NotConnected::advice)),
    };
    for id in &connected.account_ids {
        let account = client.accounts().get(id).await?;
        println!(
            "  {GOOD}connected{GOOD:#}     {} on {}, {} ({})",
            account.nickname, account.type_, account.status, account.id
        );
    }
    Ok(())
}

/// Provokes a business error: a session that is over, or that never was.
async fn expired_session(service: &Service, platform: &Platform) -> Outcome<Error> {
    let auth = service.client.auth();
    let session = match &service.sandbox {
        Some(sandbox) => {
            let started = auth.start(platform.clone()).await?;
            sandbox.clock().advance(Duration::from_secs(6 * 60));
            started.session_id
        }
        None => "sessionIsOverNow".into(),
    };
    match auth.status(platform.clone(), &session).await {
        Err(error @ Error::Api(_)) => Ok(error),
        Err(other) => Err(other.into()),
        Ok(session) => {
            Err(format!("the service still knows session {}", session.session_id).into())
        }
    }
}

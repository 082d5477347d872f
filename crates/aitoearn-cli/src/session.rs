//! Whom a command talks to: a client from profile, environment or sandbox.

use aitoearn::{Client, ClientBuilder, Site};
use aitoearn_mock::Sandbox;

use crate::failure::{Exit, Failure, Outcome};

/// What was asked for; everything else comes from the environment and the profile.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// An in-process sandbox with demo accounts.
    pub sandbox: bool,
    /// The profile's name; the one that `login` used last if there is none.
    pub profile: Option<String>,
    /// `china` or `international`.
    pub site: Option<String>,
    /// A server of one's own, instead of a site.
    pub base_url: Option<String>,
}

/// A client, and the sandbox that it talks to if it does.
#[derive(Debug)]
pub struct Session {
    /// The client.
    pub client: Client,
    /// The in-process sandbox; it ends with the session.
    pub sandbox: Option<Sandbox>,
    /// Where the key is from.
    pub key: KeySource,
}

/// Where a key is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// There is none: public operations work.
    None,
    /// The in-process sandbox.
    Sandbox,
    /// `AITOEARN_API_KEY`.
    Environment,
    /// The profile of this name.
    Profile(String),
}

/// Opens a client.
///
/// The server is the one that is asked for, else the one of the environment
/// (`AITOEARN_SITE`, `AITOEARN_BASE_URL`), else the profile's. The key is that of
/// the environment, else the profile's, which goes to the profile's server only.
///
/// # Errors
/// If no server is named, or something that was given cannot be used.
pub fn open(settings: &Settings) -> Outcome<Session> {
    if settings.sandbox {
        return open_sandbox();
    }
    open_with(settings, &|name| std::env::var(name).ok())
}

fn open_sandbox() -> Outcome<Session> {
    let sandbox = Sandbox::builder().demo_accounts().start();
    let sandbox = sandbox.map_err(|error| Failure::io("the sandbox does not start", &error))?;
    let client = Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .user_agent(user_agent())
        .build()?;
    Ok(Session {
        client,
        sandbox: Some(sandbox),
        key: KeySource::Sandbox,
    })
}

fn open_with(settings: &Settings, variable: &dyn Fn(&str) -> Option<String>) -> Outcome<Session> {
    let given = |name: &str| variable(name).filter(|text| !text.trim().is_empty());
    let server = Server::find(settings, &given)?;
    let (builder, key) = match given("AITOEARN_API_KEY") {
        Some(key) => (server.builder()?.api_key(key), KeySource::Environment),
        None => (server.builder()?, KeySource::None),
    };
    Ok(Session {
        client: builder.user_agent(user_agent()).build()?,
        sandbox: None,
        key,
    })
}

fn user_agent() -> &'static str {
    concat!("aitoearn-cli/", env!("CARGO_PKG_VERSION"))
}

/// The server as it was named.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Server {
    Site(String),
    Url(String),
}

impl Server {
    fn find(settings: &Settings, given: &dyn Fn(&str) -> Option<String>) -> Outcome<Self> {
        match (&settings.site, &settings.base_url) {
            (Some(site), _) => return Ok(Self::Site(site.clone())),
            (None, Some(url)) => return Ok(Self::Url(url.clone())),
            (None, None) => {}
        }
        match (given("AITOEARN_SITE"), given("AITOEARN_BASE_URL")) {
            (Some(_), Some(_)) => Err(Failure::usage(
                "AITOEARN_SITE and AITOEARN_BASE_URL are both set, and each names a server",
            )
            .advise("Unset one of them.")),
            (Some(site), None) => Ok(Self::Site(site)),
            (None, Some(url)) => Ok(Self::Url(url)),
            (None, None) => Err(Failure::new(Exit::Usage, "no site is named").advise(
                "Say `--site china` or `--site international`, set AITOEARN_SITE, or run \
                 `aitoearn login` once. To look around without an account: \
                 `aitoearn --sandbox platforms`.",
            )),
        }
    }

    fn builder(&self) -> Outcome<ClientBuilder> {
        Ok(match self {
            Self::Site(name) => Client::builder().site(name.parse::<Site>()?),
            Self::Url(url) => Client::builder().base_url(url),
        })
    }
}

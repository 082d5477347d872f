//! Whom a command talks to: a client from profile, environment or sandbox.

use aitoearn::{Client, ClientBuilder, RetryPolicy, Site};
use aitoearn_mock::Sandbox;

use crate::failure::{Failure, Outcome};
use crate::profiles::Store;

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
    /// How often a call may be repeated; the library's default if it is not said.
    pub retries: Option<u32>,
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
        return open_sandbox(settings);
    }
    open_with(settings, &|name| std::env::var(name).ok())
}

fn open_sandbox(settings: &Settings) -> Outcome<Session> {
    let sandbox = Sandbox::builder().demo_accounts().start();
    let sandbox = sandbox.map_err(|error| Failure::io("the sandbox does not start", &error))?;
    let builder = Client::builder().base_url(sandbox.base_url());
    let client = tuned(builder.api_key(sandbox.api_key()), settings).build()?;
    Ok(Session {
        client,
        sandbox: Some(sandbox),
        key: KeySource::Sandbox,
    })
}

fn open_with(settings: &Settings, variable: &dyn Fn(&str) -> Option<String>) -> Outcome<Session> {
    let given = |name: &str| variable(name).filter(|text| !text.trim().is_empty());
    let kept = Kept::find(settings)?;
    let server = match Server::named(settings, &given)? {
        Some(server) => server,
        None => match &kept {
            Some(kept) => Server::Url(kept.server.clone()),
            None => return Err(no_site()),
        },
    };
    let (key, source) = match (given("AITOEARN_API_KEY"), kept) {
        (Some(key), _) => (Some(key), KeySource::Environment),
        (None, Some(kept)) => kept.key_for(&server, settings)?,
        (None, None) => (None, KeySource::None),
    };
    let mut builder = tuned(server.builder()?, settings);
    if let Some(key) = key {
        builder = builder.api_key(key);
    }
    Ok(Session {
        client: builder.build()?,
        sandbox: None,
        key: source,
    })
}

fn no_site() -> Failure {
    Failure::usage("no site is named").advise(
        "Say `--site china` or `--site international`, set AITOEARN_SITE, or run `aitoearn login` \
         once. To look around without an account: `aitoearn --sandbox platforms`.",
    )
}

/// A profile that is there.
struct Kept {
    store: Store,
    name: String,
    server: String,
}

impl Kept {
    fn find(settings: &Settings) -> Outcome<Option<Self>> {
        let store = match (Store::of_user(), &settings.profile) {
            (Ok(store), _) => store,
            (Err(_), None) => return Ok(None),
            (Err(failure), Some(_)) => return Err(failure),
        };
        let profiles = store.profiles()?;
        let Some(name) = settings.profile.clone().or(profiles.current) else {
            return Ok(None);
        };
        match profiles.profile.get(&name) {
            Some(profile) => Ok(Some(Self {
                store,
                server: profile.server.clone(),
                name,
            })),
            None if settings.profile.is_none() => Ok(None),
            None => Err(Failure::usage(format!("there is no profile `{name}`"))
                .advise(format!("`aitoearn login --profile {name}` makes it."))),
        }
    }

    /// The key, if it is for this server: a key of one is nobody else's business.
    fn key_for(
        &self,
        server: &Server,
        settings: &Settings,
    ) -> Outcome<(Option<String>, KeySource)> {
        if server.builder()?.build()?.base_url() == self.server {
            let key = self.store.key(&self.name)?;
            return Ok(match key {
                Some(key) => (Some(key), KeySource::Profile(self.name.clone())),
                None => (None, KeySource::None),
            });
        }
        if settings.profile.is_none() {
            return Ok((None, KeySource::None));
        }
        let (name, own) = (&self.name, &self.server);
        Err(Failure::usage(format!(
            "the profile `{name}` is for {own}, and another server is named"
        ))
        .advise("Leave out the one or the other, or unset AITOEARN_SITE and AITOEARN_BASE_URL."))
    }
}

/// What every client has.
fn tuned(builder: ClientBuilder, settings: &Settings) -> ClientBuilder {
    let builder = builder.user_agent(concat!("aitoearn-cli/", env!("CARGO_PKG_VERSION")));
    match settings.retries {
        Some(count) => builder.retry(RetryPolicy::default().max_retries(count)),
        None => builder,
    }
}

/// The server as it was named.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Server {
    Site(String),
    Url(String),
}

impl Server {
    /// The server that options or the environment name.
    fn named(settings: &Settings, given: &dyn Fn(&str) -> Option<String>) -> Outcome<Option<Self>> {
        match (&settings.site, &settings.base_url) {
            (Some(site), _) => return Ok(Some(Self::Site(site.clone()))),
            (None, Some(url)) => return Ok(Some(Self::Url(url.clone()))),
            (None, None) => {}
        }
        // A profile that was asked for by name comes before the surroundings.
        if settings.profile.is_some() {
            return Ok(None);
        }
        match (given("AITOEARN_SITE"), given("AITOEARN_BASE_URL")) {
            (Some(_), Some(_)) => Err(Failure::usage(
                "AITOEARN_SITE and AITOEARN_BASE_URL are both set, and each names a server",
            )
            .advise("Unset one of them.")),
            (Some(site), None) => Ok(Some(Self::Site(site))),
            (None, Some(url)) => Ok(Some(Self::Url(url))),
            (None, None) => Ok(None),
        }
    }

    fn builder(&self) -> Outcome<ClientBuilder> {
        Ok(match self {
            Self::Site(name) => Client::builder().site(name.parse::<Site>()?),
            Self::Url(url) => Client::builder().base_url(url),
        })
    }
}

/// The server that a login is for, which has to be named.
///
/// # Errors
/// If none is named, or it cannot be used.
pub(crate) fn server_for_login(settings: &Settings) -> Outcome<ClientBuilder> {
    let given = |name: &str| {
        std::env::var(name)
            .ok()
            .filter(|text| !text.trim().is_empty())
    };
    let settings = Settings {
        profile: None,
        ..settings.clone()
    };
    match Server::named(&settings, &given)? {
        Some(server) => Ok(tuned(server.builder()?, &settings)),
        None => Err(Failure::usage("no site is named").advise(
            "Say `--site china` or `--site international`: the one that your key is from.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message of a crash can hold what `Debug` shows of a value, and nothing else of it.
    #[test]
    fn no_crash_message_can_hold_the_key() {
        let key = "canary-6f1d";
        let settings = Settings {
            base_url: Some("http://127.0.0.1:9".to_owned()),
            ..Settings::default()
        };
        let variable = |name: &str| (name == "AITOEARN_API_KEY").then(|| key.to_owned());
        let session = open_with(&settings, &variable).expect("fine");
        assert_eq!(session.key, KeySource::Environment);
        for shown in [format!("{session:?}"), format!("{session:#?}")] {
            assert!(!shown.contains("canary"), "{shown}");
        }
    }
}

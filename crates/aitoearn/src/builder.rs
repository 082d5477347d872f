//! Setting up a client.

use std::fmt;

use aitoearn_api::{ApiKey, Context, InvalidApiKey};
use reqwest::header::{HeaderValue, USER_AGENT};
use tokio::sync::Semaphore;

use crate::{
    Client, Language, RetryPolicy, Site, Timeouts, env,
    error::{ConfigError, Error},
    key_text,
    pools::Pools,
    site::BaseUrl,
};

const OWN_NAME: &str = concat!("aitoearn-rs/", env!("CARGO_PKG_VERSION"));

/// Sets up a [`Client`]. A server must be chosen, by [`site`](Self::site) or
/// [`base_url`](Self::base_url); everything else has a default.
///
/// ```
/// use aitoearn::{Client, Language, Site};
///
/// # fn main() -> Result<(), aitoearn::Error> {
/// let client = Client::builder()
///     .site(Site::International)
///     .api_key("ak_your-key")
///     .language(Language::English)
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
#[must_use]
pub struct ClientBuilder {
    key: Option<Result<ApiKey, ConfigError>>,
    servers: Vec<Result<BaseUrl, Error>>,
    timeouts: Timeouts,
    retry: RetryPolicy,
    user_agent: Option<String>,
    language: Option<Language>,
    body_limit: Option<u64>,
    strict_answers: bool,
    max_connections: Option<usize>,
    http: Option<reqwest::Client>,
}

/// How to make one.
impl Client {
    /// Sets up a client. See [`ClientBuilder`].
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// A client with the defaults and what the environment says:
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `AITOEARN_API_KEY` | the key; without it only public operations work |
    /// | `AITOEARN_SITE` | `china` or `international` |
    /// | `AITOEARN_BASE_URL` | a server of your own, instead of a site |
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if neither or both of the last two are set, if a
    /// variable is set but empty, or if its value cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }
}

impl ClientBuilder {
    /// A builder with the defaults and without a server.
    pub fn new() -> Self {
        Self::default()
    }

    /// A builder with what the environment says; see [`Client::from_env`].
    ///
    /// # Errors
    ///
    /// As for [`Client::from_env`].
    pub fn from_env() -> Result<Self, Error> {
        env::builder(|name| std::env::var_os(name))
    }

    /// The API key. White space around it is removed, and so is what is around it in a
    /// file of settings: quotes, `AITOEARN_API_KEY=`, `Bearer`. Needed for all but the
    /// public operations, and never shown by `Debug`, an error or a log.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        let pasted = key.into();
        let key = key_text::unwrapped(&pasted).to_owned();
        // What was pasted is wiped as the key is.
        drop(ApiKey::new(pasted));
        self.key = Some(ApiKey::new(key).map_err(|error| {
            let problem = match error {
                InvalidApiKey::Empty => "it is empty",
                _ => "it holds a space, a line break or a character outside ASCII",
            };
            ConfigError::new(
                "API key",
                problem,
                "copy it again from the AiToEarn console",
            )
        }));
        self
    }

    /// One of the hosted sites. Keys of one are not valid at the other.
    pub fn site(self, site: Site) -> Self {
        self.base_url(site.base_url())
    }

    /// A server of your own: scheme, host, and the path before `/api`, if any.
    ///
    /// It must be https, except on localhost. A server can be chosen once only:
    /// two different ones are an error.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        self.servers.push(BaseUrl::parse(url.as_ref()));
        self
    }

    /// How long one attempt may take. See [`Timeouts`] for the defaults.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// How often a failed attempt is repeated. See [`RetryPolicy`] for the defaults.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Your program's name and version, such as `my-tool/1.2`. It goes before
    /// this crate's own in the `User-Agent`.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// The language of the service's error messages. Default: the service's own, English.
    pub fn language(mut self, language: Language) -> Self {
        self.language = Some(language);
        self
    }

    /// The largest answer that is read, and the largest event of a stream, in bytes
    /// after decompression. Default 32 MiB.
    ///
    /// No answer takes more than four times as much memory while it is read: one
    /// of very many very small values, which would, is refused as too large, too.
    pub fn body_limit(mut self, bytes: u64) -> Self {
        self.body_limit = Some(bytes);
        self
    }

    /// Whether a success that is not what its operation returns is an
    /// [`Error::Decode`]. Default: no, and what is missing or odd in it costs that
    /// field: it becomes absent, empty, 0 or `false`, and
    /// [`Response::mended`](crate::Response::mended) and a warning tell what it was.
    /// An answer of more than a quarter of the [`body_limit`](Self::body_limit) is not mended, nor
    /// one that would have to be read again too often: there the error stays.
    pub fn strict_answers(mut self, yes: bool) -> Self {
        self.strict_answers = yes;
        self
    }

    /// Most calls that are made at the same time, each of which takes a connection: 1 or more.
    /// Default 512, of the 1,024 files that many systems allow a process.
    ///
    /// Further calls wait for their turn, each attempt as long as it may take; then they end
    /// with [`Error::Timeout`], and nothing was sent ([`TimeoutError::is_queued`](crate::error::TimeoutError::is_queued)).
    /// A stream counts until it has ended or is dropped. Uploads to the storage and calls
    /// through [`Client::api`] do not count.
    pub fn max_connections(mut self, most: usize) -> Self {
        self.max_connections = Some(most);
        self
    }

    /// Sends through an HTTP client of your own, for a proxy, a certificate or
    /// a shared pool of connections.
    ///
    /// The default one goes through the proxy that the environment names
    /// (`HTTPS_PROXY`, `NO_PROXY`), and directly to a server on this machine.
    ///
    /// It must follow **no redirects** and send **no `Referer`**: reqwest does
    /// both by default, and hands the key to any host that a redirect names.
    /// Start from [`http_client_builder`](crate::http_client_builder), which
    /// turns both off. Its connections belong to the runtime that opens them: use it in
    /// one runtime, or without idle ones (`pool_max_idle_per_host(0)`). With your own client this crate cannot guarantee either,
    /// nor the connect timeout, nor that nothing goes out unencrypted.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// The client, or what is wrong with the settings.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if no server is chosen or two are, or if the key, a
    /// URL, a timeout or the user agent cannot be used.
    ///
    /// # Panics
    ///
    /// With the feature `rustls-no-provider`, if the application has installed
    /// no crypto provider.
    pub fn build(self) -> Result<Client, Error> {
        let server = one_server(self.servers)?;
        self.timeouts.check()?;
        let max_connections = self.max_connections.unwrap_or(MAX_CONNECTIONS);
        if max_connections == 0 {
            return Err(ConfigError::new(
                "number of connections",
                "it is 0, so that no call could ever be made",
                "allow one at least by `max_connections`",
            )
            .into());
        }

        let mut context = Context::new(self.key.transpose()?);
        context.accept_language = self.language.map(Language::header);
        context.mend = !self.strict_answers;
        let user_agent = user_agent(self.user_agent)?;
        if let Some(limit) = self.body_limit {
            context.body_limit = limit;
        }
        let (http, pools) = if let Some(client) = self.http {
            // That client has a name of its own, or none.
            context.headers.insert(USER_AGENT, user_agent);
            (client, Pools::new(None))
        } else {
            let (timeouts, server) = (self.timeouts, server.clone());
            let build = move || http_client(&timeouts, &server, user_agent.clone());
            (build()?, Pools::new(Some(Box::new(build))))
        };
        Ok(Client::new(
            server,
            http,
            pools,
            context,
            self.timeouts,
            self.retry,
            max_connections.min(Semaphore::MAX_PERMITS),
        ))
    }
}

/// Half of the files that many systems allow a process.
const MAX_CONNECTIONS: usize = 512;

/// Shows neither the key nor a URL that has not been checked.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("key", &self.key)
            .field("servers", &self.servers)
            .field("timeouts", &self.timeouts)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

fn one_server(servers: Vec<Result<BaseUrl, Error>>) -> Result<BaseUrl, Error> {
    let mut chosen: Option<BaseUrl> = None;
    for server in servers {
        let server = server?;
        if chosen.as_ref().is_some_and(|chosen| *chosen != server) {
            return Err(ConfigError::new(
                "server",
                "two different ones are chosen",
                "choose one, by `site` or by `base_url`",
            )
            .into());
        }
        chosen = Some(server);
    }
    chosen.ok_or_else(|| {
        ConfigError::new(
            "server",
            "none is chosen",
            "choose the site that your key is from, such as `site(Site::International)`",
        )
        .into()
    })
}

#[cfg(not(target_family = "wasm"))]
fn http_client(
    timeouts: &Timeouts,
    server: &BaseUrl,
    user_agent: HeaderValue,
) -> Result<reqwest::Client, ConfigError> {
    let mut builder = aitoearn_api::http_client_builder()
        .user_agent(user_agent)
        .connect_timeout(timeouts.connect)
        .https_only(server.is_https());
    if !server.is_https() {
        // It is on this machine, and a proxy would get the key in clear.
        builder = builder.no_proxy();
    }
    builder.build().map_err(ConfigError::http_client)
}

/// How it connects is a browser's affair.
#[cfg(target_family = "wasm")]
fn http_client(
    _: &Timeouts,
    _: &BaseUrl,
    user_agent: HeaderValue,
) -> Result<reqwest::Client, ConfigError> {
    let builder = aitoearn_api::http_client_builder().user_agent(user_agent);
    builder.build().map_err(ConfigError::http_client)
}

fn user_agent(name: Option<String>) -> Result<HeaderValue, ConfigError> {
    let text = match name {
        None => OWN_NAME.to_owned(),
        Some(name) => format!("{} {OWN_NAME}", name.trim()),
    };
    HeaderValue::try_from(text).map_err(|_| {
        ConfigError::new(
            "user agent",
            "it holds a character that no header can carry",
            "use visible ASCII, such as `my-tool/1.2`",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_chosen_once() {
        let china = || ClientBuilder::new().site(Site::China);
        assert_eq!(
            china().build().expect("fine").base_url(),
            "https://aitoearn.cn"
        );
        china().site(Site::China).build().expect("the same twice");
        china()
            .base_url("https://aitoearn.cn/")
            .build()
            .expect("the same in other words");

        for wrong in [
            ClientBuilder::new(),
            china().site(Site::International),
            china().base_url("x"),
        ] {
            assert!(matches!(wrong.build(), Err(Error::Config(_))));
        }
    }

    #[test]
    fn a_key_that_cannot_be_sent_is_refused_unseen() {
        for bad in [
            "",
            "  ",
            "hunter2\nx: y",
            "hunter2 hunter2",
            "hunter2\u{201d}",
        ] {
            let builder = ClientBuilder::new().site(Site::China).api_key(bad);
            assert!(!format!("{builder:?}").contains("hunter2"));
            let error = builder.build().expect_err(bad);
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
        let builder = ClientBuilder::new().site(Site::China).api_key("hunter2");
        assert!(!format!("{builder:?}").contains("hunter2"));
        let client = builder.build().expect("fine");
        assert!(!format!("{client:?} {client:#?}").contains("hunter2"));
    }

    #[test]
    fn other_settings_are_checked() {
        let build = |builder: ClientBuilder| builder.site(Site::China).build();
        let zero = Timeouts::default().read(std::time::Duration::ZERO);
        assert!(build(ClientBuilder::new().timeouts(zero)).is_err());
        assert!(build(ClientBuilder::new().user_agent("a\nb")).is_err());
        build(ClientBuilder::new().user_agent("my-tool/1.2")).expect("fine");
    }
}

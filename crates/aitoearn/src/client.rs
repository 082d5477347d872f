//! The client: cheap to clone, shared by all calls.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use aitoearn_api::{Auth, Context, Mended, Operation};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    RetryPolicy, Timeouts,
    clock::{ServerClock, timeout},
    error::{ConfigError, Error},
    flow::KnownRules,
    pools::Pools,
    site::BaseUrl,
};

/// A client of one AiToEarn server.
///
/// Clones share connections and settings; make one client and clone it. It needs a
/// tokio runtime with `enable_all`; without one, a call ends with [`Error::Config`].
/// Several runtimes may share a client: each has connections of its own.
///
/// ```no_run
/// # async fn example() -> Result<(), aitoearn::Error> {
/// let client = aitoearn::Client::from_env()?;
/// for account in client.accounts().list().await?.list {
///     println!("{}: {}", account.type_, account.nickname);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    /// Where it is noted what was mended in the answers to this clone, for a wait of many calls.
    notes: Option<Notes>,
}

/// A place among the calls that are made at the same time.
pub(crate) type Room = OwnedSemaphorePermit;

/// What was mended in the answers to several calls.
#[derive(Clone, Default)]
pub(crate) struct Notes(Arc<Mutex<Mended>>);

impl Notes {
    fn add(&self, mended: &Mended) {
        self.lock().add(mended.clone());
    }

    pub(crate) fn mended(&self) -> Mended {
        self.lock().clone()
    }

    /// Nothing panics while it holds the lock, so a poisoned one is as good as any.
    fn lock(&self) -> MutexGuard<'_, Mended> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Inner {
    api: aitoearn_api::Client,
    server: BaseUrl,
    timeouts: Timeouts,
    retry: RetryPolicy,
    rules: KnownRules,
    pools: Pools,
    server_clock: ServerClock,
    room: Arc<Semaphore>,
}

impl Client {
    /// Where the API is served, without a trailing slash.
    pub fn base_url(&self) -> &str {
        self.inner.server.as_str()
    }

    /// The low-level client with this client's key, connections and base URL:
    /// one method per operation, for full control of each request.
    ///
    /// What this crate adds is missing there: no retries, no tracing, and one
    /// generous time limit ([`Timeouts::generation`]) for every operation. For an
    /// operation that has no method at all, see [`request`](Self::request).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::api::Failure> {
    /// use aitoearn::api::open;
    ///
    /// let api = client.api();
    /// let api = api.with_context(api.context().for_call());
    /// let platforms = open(api.platforms_list().await, api.context()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn api(&self) -> &aitoearn_api::Client {
        &self.inner.api
    }

    pub(crate) fn new(
        server: BaseUrl,
        http: reqwest::Client,
        pools: Pools,
        mut context: Context,
        timeouts: Timeouts,
        retry: RetryPolicy,
        max_connections: usize,
    ) -> Self {
        // For calls through `api()`; our own calls set theirs.
        context.timeout = Some(timeouts.generation);
        let api = aitoearn_api::Client::new_with_client(server.as_str(), http, context);
        Self {
            inner: Arc::new(Inner {
                api,
                server,
                timeouts,
                retry,
                rules: KnownRules::default(),
                pools,
                server_clock: ServerClock::default(),
                room: Arc::new(Semaphore::new(max_connections)),
            }),
            notes: None,
        }
    }

    /// The same client, which notes there what was mended in the answers to it.
    pub(crate) fn noting(&self, notes: &Notes) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            notes: Some(notes.clone()),
        }
    }

    /// A place for a call, once there is one; `None` after this long without.
    pub(crate) async fn room(&self, limit: Duration) -> Option<Room> {
        let room = &self.inner.room;
        if let Ok(free) = Arc::clone(room).try_acquire_owned() {
            return Some(free);
        }
        let waiting = timeout(limit, Arc::clone(room).acquire_owned());
        // Nobody closes it.
        Box::pin(waiting).await.ok()?.ok()
    }

    pub(crate) fn note(&self, mended: &Mended) {
        if let Some(notes) = self.notes.as_ref().filter(|_| !mended.is_empty()) {
            notes.add(mended);
        }
    }

    /// The low-level client with the connections of the present runtime; `None` for
    /// that of [`api`](Self::api).
    pub(crate) fn pool(&self) -> Result<Option<reqwest::Client>, ConfigError> {
        self.inner.pools.here()
    }

    /// The low-level client for one attempt, with connections of this pool.
    pub(crate) fn api_of(
        &self,
        pool: Option<&reqwest::Client>,
        context: Context,
    ) -> aitoearn_api::Client {
        match pool {
            None => self.api().with_context(context),
            Some(http) => {
                let server = self.inner.server.as_str();
                aitoearn_api::Client::new_with_client(server, http.clone(), context)
            }
        }
    }

    /// What the service takes the time to be.
    pub(crate) fn server_clock(&self) -> &ServerClock {
        &self.inner.server_clock
    }

    pub(crate) fn server(&self) -> &str {
        self.inner.server.server()
    }

    pub(crate) fn timeouts(&self) -> &Timeouts {
        &self.inner.timeouts
    }

    pub(crate) fn retry(&self) -> &RetryPolicy {
        &self.inner.retry
    }

    /// What was last heard of the platforms' rules.
    pub(crate) fn rules(&self) -> &KnownRules {
        &self.inner.rules
    }

    /// Fails early and clearly where the service would only answer 401.
    pub(crate) fn check_key(&self, operation: &Operation) -> Result<(), Error> {
        if operation.auth == Auth::None || self.api().context().key.is_some() {
            return Ok(());
        }
        let problem = format!("`{}` needs one and the client has none", operation.name);
        Err(ConfigError::new(
            "API key",
            problem,
            "give it to `ClientBuilder::api_key`, or set AITOEARN_API_KEY for `from_env`",
        )
        .into())
    }
}

/// Without the key.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("server", &self.inner.server)
            .field("has_key", &self.api().context().key.is_some())
            .field("timeouts", &self.inner.timeouts)
            .field("retry", &self.inner.retry)
            .finish_non_exhaustive()
    }
}

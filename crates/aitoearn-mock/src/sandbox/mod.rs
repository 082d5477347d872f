//! The sandbox: an AiToEarn in this process, with a memory.

mod answer;
mod app;
mod catalogue;
mod clock;
mod cors;
mod demo;
mod document;
mod drive;
pub(crate) mod envelope;
mod faults;
mod guard;
mod hosts;
mod html;
mod ids;
mod log;
pub(crate) mod messages;
mod page;
mod progress;
mod query;
pub(crate) mod request;
mod route;
pub(crate) mod router;
mod routes;
mod rules;
mod schema;
mod seen;
mod server;
mod state;
mod stores;
mod throttle;

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use clock::Clock;
pub use drive::{Accounts, Missing, Platforms, Posts, Sessions, Storage, Tasks, Validations};
pub use faults::{Fault, Faults};
pub use seen::Seen;

use faults::Orders;
use hosts::Hosts;
use log::Log;
use server::Server;
use state::State;

/// The one key that opens the sandbox, in the shape of the service's own.
const KEY: &str = "ai_sandbox0sandbox0sandbox0sandbox0sandbox0sandbox0";

/// Called with every request, after it has been answered.
type Observer = Box<dyn Fn(&Seen) + Send + Sync>;

/// An AiToEarn on loopback that keeps state and has the service's manners.
///
/// It serves on a thread of its own: any runtime, or none, can talk to it. It
/// stops when it is dropped, and every test can have one for itself. A test
/// that pauses tokio's clock must not wait for it: a paused clock runs ahead
/// while sockets are waited for, and the client's own timeouts strike.
///
/// ```
/// use aitoearn_mock::Sandbox;
///
/// # fn main() -> std::io::Result<()> {
/// let sandbox = Sandbox::start()?;
/// // Give these two to the client under test:
/// let (base_url, key) = (sandbox.base_url(), sandbox.api_key());
/// # assert!(base_url.starts_with("http://127.0.0.1:") && !key.is_empty());
/// // ... and look afterwards at what it sent:
/// assert!(sandbox.seen().is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Sandbox {
    base_url: String,
    shared: Arc<Shared>,
    // Dropped last of all that matters: joins the thread.
    _server: Server,
}

impl Sandbox {
    /// Starts a sandbox on a free port.
    ///
    /// # Errors
    /// When no loopback port can be bound, or no thread started.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// Starts a sandbox with a fixed port, or with someone watching.
    pub fn builder() -> Builder {
        Builder {
            port: 0,
            hosts: Vec::new(),
            demo: false,
            page: false,
            observer: None,
        }
    }

    /// The origin to give to a client: `http://127.0.0.1:PORT`, without `/api`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The key that opens the sandbox. Every other one is refused with code 401.
    pub fn api_key(&self) -> &str {
        &self.shared.key
    }

    /// The clock by which sessions expire and posts come due.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// The requests so far, the oldest first.
    ///
    /// The log holds 64 MiB and drops its oldest requests beyond that; see
    /// [`seen_dropped`](Self::seen_dropped).
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.shared.seen).seen()
    }

    /// How many requests are no longer in [`seen`](Self::seen).
    pub fn seen_dropped(&self) -> u64 {
        lock(&self.shared.seen).dropped()
    }

    /// The names of the operations that have been called so far.
    pub fn operations_seen(&self) -> BTreeSet<&'static str> {
        self.seen()
            .iter()
            .filter_map(|seen| seen.operation)
            .collect()
    }

    /// Method, path and name of every operation, in the order of the table.
    pub fn routes() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
        router::all().map(|route| (route.method, route.path, route.name))
    }
}

/// How to start a [`Sandbox`]; made by [`Sandbox::builder`].
#[must_use]
pub struct Builder {
    port: u16,
    hosts: Vec<String>,
    demo: bool,
    page: bool,
    observer: Option<Observer>,
}

impl Builder {
    /// The port to listen on. Default: 0, any free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Also answers requests whose `Host` is this name, with any port.
    ///
    /// By default the sandbox answers to loopback names and addresses only, so
    /// that no web page can reach it by having its own name resolve to 127.0.0.1.
    pub fn host(mut self, name: impl Into<String>) -> Self {
        self.hosts.push(name.into());
        self
    }

    /// Begins with accounts, always the same: `youtube_1`, `tiktok_1` and so on, one
    /// on every platform, and a second one on YouTube and TikTok.
    pub fn demo_accounts(mut self) -> Self {
        self.demo = true;
        self
    }

    /// Serves a page for people at the base URL, without a key: what is in the sandbox, every
    /// operation with a line of curl, and buttons to approve authorizations and to order trouble.
    /// Its `/openapi.json` is the API's description with our corrections.
    pub fn page(mut self) -> Self {
        self.page = true;
        self
    }

    /// Called with every request once it is answered, on the sandbox's thread.
    pub fn on_request(mut self, observer: impl Fn(&Seen) + Send + Sync + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    /// When the port is taken, or no thread can be started.
    pub fn start(self) -> io::Result<Sandbox> {
        let (api, address) = server::bind(self.port)?;
        let (storage, storage_address) = server::bind(0)?;
        let base_url = format!("http://{address}");
        let storage_url = format!("http://{storage_address}");
        let clock = Clock::default();
        let mut state = State::new(clock.clone(), base_url.clone(), storage_url);
        if self.demo {
            demo::accounts(&mut state);
        }
        let shared = Arc::new(Shared {
            key: KEY.to_owned(),
            clock,
            state: Mutex::new(state),
            hosts: Hosts::new(self.hosts),
            has_page: self.page,
            orders: Mutex::default(),
            seen: Mutex::default(),
            storage_seen: Mutex::default(),
            observer: self.observer,
        });
        let server = Server::start(api, storage, Arc::clone(&shared))?;
        Ok(Sandbox {
            base_url,
            shared,
            _server: server,
        })
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("port", &self.port)
            .field("hosts", &self.hosts)
            .field("demo", &self.demo)
            .field("page", &self.page)
            .finish_non_exhaustive()
    }
}

/// What the handle and the serving thread have in common.
pub(crate) struct Shared {
    key: String,
    hosts: Hosts,
    has_page: bool,
    clock: Clock,
    state: Mutex<State>,
    orders: Mutex<Orders>,
    seen: Mutex<Log>,
    storage_seen: Mutex<Log>,
    observer: Option<Observer>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    fn orders(&self) -> MutexGuard<'_, Orders> {
        lock(&self.orders)
    }

    fn log(&self, seen: Seen) {
        if let Some(observer) = &self.observer {
            observer(&seen);
        }
        lock(&self.seen).push(seen);
    }

    fn log_storage(&self, seen: Seen) {
        if let Some(observer) = &self.observer {
            observer(&seen);
        }
        lock(&self.storage_seen).push(seen);
    }

    fn seen_by_storage(&self) -> Vec<Seen> {
        lock(&self.storage_seen).seen()
    }
}

/// A thread that panicked while it held the lock has at worst left half an
/// entry behind; the others can go on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

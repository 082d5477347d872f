//! A server below HTTP: it answers with bytes, whole or not, in time or not.

mod act;
mod log;
mod serve;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use tokio::task::AbortHandle;

pub use act::{Act, Cue, Then};
pub use log::RawRequest;

use log::Log;

/// A server that breaks HTTP the way a test orders, on a real socket of loopback.
///
/// Each request takes the next [`Act`], and the last one is played again for
/// every request after it.
///
/// ```
/// use aitoearn::{Client, Error};
/// use aitoearn_mock::{Act, RawServer};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let nothing = r#"{"data":{"total":0,"list":[]},"code":0,"message":"ok"}"#;
/// // Breaks off inside the first answer; the second one is good.
/// let server = RawServer::start([Act::json(nothing).half(), Act::json(nothing)])?;
/// let client = Client::builder().base_url(server.base_url()).api_key("any").build()?;
///
/// assert_eq!(client.accounts().list().await?.total, 0);
/// assert_eq!(server.hits(), 2);
/// # Ok(())
/// # }
/// ```
///
/// It runs in the tokio runtime of the caller and sleeps on that runtime's
/// clock: where a test pauses time (`start_paused`), a drip of one byte a second
/// takes no time at all. It ends, with all its connections, when it is dropped.
///
/// For what is not broken below HTTP, [`MockServer`](crate::MockServer) and
/// [`Sandbox`](crate::Sandbox) say more in fewer words.
pub struct RawServer {
    address: SocketAddr,
    log: Arc<Log>,
    accepting: AbortHandle,
}

impl RawServer {
    /// Plays these acts on a free port. Without any it closes each connection
    /// once a request has come.
    ///
    /// # Errors
    /// When no port of loopback can be bound.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn start(acts: impl IntoIterator<Item = Act>) -> io::Result<Self> {
        let acts: Vec<Act> = acts.into_iter().collect();
        Self::choose(move |number, _| {
            let act = acts.get(number).or(acts.last());
            act.cloned().unwrap_or_else(Act::cut)
        })
    }

    /// Lets `choose` name each act: for tests in which several operations meet one
    /// server. It gets the number of the act, from 0, and the request, of which the
    /// body has not been read then.
    ///
    /// It is also asked at each new connection, without a request: an act that
    /// begins there ([`Cue::Connected`]) is played, any other waits for a request
    /// and is then chosen anew.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    ///
    /// # Panics
    /// As [`start`](Self::start).
    pub fn choose(
        choose: impl Fn(usize, Option<&RawRequest>) -> Act + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let log = Arc::new(Log::default());
        let stage = serve::Stage::new(Box::new(choose), Arc::clone(&log));
        let accepting = tokio::spawn(serve::accept(listener, Arc::new(stage))).abort_handle();
        Ok(Self {
            address,
            log,
            accepting,
        })
    }

    /// The origin to give to a client: `http://127.0.0.1:PORT`, without `/api`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many requests have come: their heads whole, their bodies maybe not.
    pub fn hits(&self) -> usize {
        self.log.hits()
    }

    /// The requests, as far as they came, in the order of their heads.
    pub fn requests(&self) -> Vec<RawRequest> {
        self.log.requests()
    }

    /// What each connection received, byte for byte, in the order in which they
    /// were accepted. Of each the first 4 MiB are kept.
    pub fn received(&self) -> Vec<Vec<u8>> {
        self.log.received()
    }

    /// How many connections have been accepted.
    pub fn connections(&self) -> usize {
        self.log.connections()
    }

    /// How many of them neither side has closed.
    pub fn open(&self) -> usize {
        self.log.open()
    }

    /// How many bytes have been written, all connections together. What the client
    /// does not read stops at what the operating system buffers.
    pub fn sent(&self) -> u64 {
        self.log.sent()
    }

    /// Waits until `reached` is true, looking again whenever something has
    /// happened at the server: bytes came, a connection opened or closed.
    ///
    /// ```no_run
    /// # async fn example(server: aitoearn_mock::RawServer) {
    /// server.until(|server| server.open() == 0).await;
    /// # }
    /// ```
    pub async fn until(&self, reached: impl Fn(&Self) -> bool) {
        loop {
            let news = self.log.news();
            if reached(self) {
                return;
            }
            news.await;
        }
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl fmt::Debug for RawServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawServer")
            .field("address", &self.address)
            .field("hits", &self.hits())
            .finish_non_exhaustive()
    }
}

//! A server that misbehaves as it is told, and a client that does not wait long.

use std::{net::SocketAddr, time::Duration};

use aitoearn::{Client, ClientBuilder, RetryPolicy};
pub(crate) use aitoearn_mock::Act;
use aitoearn_mock::RawServer;

/// Between two pieces of an answer that comes in pieces.
pub(crate) const PAUSE: Duration = Duration::from_millis(20);

pub(crate) const KEY: &str = "canary-api-key-0123456789";

pub(crate) const NO_ACCOUNTS: &str =
    r#"{"data":{"total":0,"list":[]},"code":0,"message":"ok","requestId":"r-1"}"#;
pub(crate) const STARTED: &str = r#"{"data":{"url":"https://example.org/consent","sessionId":"s1","expiresAt":"2026-01-01T00:00:00.000Z"},"code":0,"message":"ok","requestId":"r-1"}"#;

/// Plays one act per request, the last one again and again.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    raw: RawServer,
}

impl Server {
    #[expect(clippy::unused_async, reason = "it needs the runtime of an async test")]
    pub(crate) async fn play(acts: impl IntoIterator<Item = Act>) -> Self {
        let raw = RawServer::start(acts).expect("loopback");
        let address = raw.address();
        Self { address, raw }
    }

    /// The heads of all requests that came in whole, lower-cased names as sent.
    pub(crate) fn requests(&self) -> Vec<String> {
        let requests = self.raw.requests().into_iter();
        requests.map(|request| request.head).collect()
    }

    pub(crate) fn hits(&self) -> usize {
        self.raw.hits()
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        builder(&self.raw.base_url())
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().expect("valid settings")
    }
}

/// An answer with these header lines, each of them ended by CRLF.
pub(crate) fn reply(status: u16, headers: &str, body: &str) -> Act {
    let lines = headers.lines().filter_map(|line| line.split_once(": "));
    let answer = Act::answer(status, body);
    lines.fold(answer, |answer, (name, value)| answer.header(name, value))
}

/// A builder with a key, and waits that a test can afford.
pub(crate) fn builder(url: &str) -> ClientBuilder {
    Client::builder().base_url(url).api_key(KEY).retry(quick())
}

/// The usual number of retries without the usual waits.
pub(crate) fn quick() -> RetryPolicy {
    RetryPolicy::default().backoff(Duration::from_millis(2), Duration::from_millis(2))
}

//! What came in, for a test to look at.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// Most bytes that are kept of a connection, and of a body.
const KEPT: usize = 4 * 1024 * 1024;

/// One request that a [`RawServer`](crate::RawServer) has received, or part of one.
///
/// `Debug` is one line without headers and body: a log of it holds no key.
#[derive(Clone)]
#[non_exhaustive]
pub struct RawRequest {
    /// Which connection brought it, from 0.
    pub connection: usize,
    /// Request line and headers as they came, with the blank line after them.
    pub head: String,
    /// As much of the body as came, and of that the first 4 MiB. A body that was
    /// sent in chunks still has their lengths in it.
    pub body: Vec<u8>,
    /// How many bytes of body came.
    pub body_len: u64,
}

impl RawRequest {
    /// The method, as it was sent.
    pub fn method(&self) -> &str {
        self.word(0)
    }

    /// Path and query, as they were sent.
    pub fn target(&self) -> &str {
        self.word(1)
    }

    /// The value of a header, the first if there are several.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    fn word(&self, index: usize) -> &str {
        let line = self.head.lines().next().unwrap_or_default();
        line.split(' ').nth(index).unwrap_or_default()
    }
}

impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.target().split('?').next().unwrap_or_default();
        write!(f, "{} {path} with {} bytes", self.method(), self.body_len)
    }
}

/// Shared by the server and all its connections.
#[derive(Default)]
pub(super) struct Log {
    entries: Mutex<Entries>,
    changed: Notify,
}

#[derive(Default)]
struct Entries {
    connections: Vec<Connection>,
    requests: Vec<RawRequest>,
    sent: u64,
}

#[derive(Default)]
struct Connection {
    received: Vec<u8>,
    closed: bool,
}

impl Log {
    /// A connection was accepted; gives its number.
    pub(super) fn connected(&self) -> usize {
        self.change(|entries| {
            entries.connections.push(Connection::default());
            entries.connections.len() - 1
        })
    }

    pub(super) fn received_bytes(&self, connection: usize, bytes: &[u8]) {
        self.change(|entries| keep(&mut entries.connections[connection].received, bytes));
    }

    /// The head of a request is whole. Gives the number of the request.
    pub(super) fn requested(&self, connection: usize, head: &[u8]) -> usize {
        self.change(|entries| {
            entries.requests.push(RawRequest {
                connection,
                head: String::from_utf8_lossy(head).into_owned(),
                body: Vec::new(),
                body_len: 0,
            });
            entries.requests.len() - 1
        })
    }

    pub(super) fn received_body(&self, request: usize, bytes: &[u8]) {
        self.change(|entries| {
            let request = &mut entries.requests[request];
            keep(&mut request.body, bytes);
            request.body_len += bytes.len() as u64;
        });
    }

    pub(super) fn sent_bytes(&self, count: usize) {
        self.change(|entries| entries.sent += count as u64);
    }

    pub(super) fn closed(&self, connection: usize) {
        self.change(|entries| entries.connections[connection].closed = true);
    }

    /// Ready once anything changes after this call, also before it is awaited.
    pub(super) fn news(&self) -> Notified<'_> {
        self.changed.notified()
    }

    pub(super) fn hits(&self) -> usize {
        self.look().requests.len()
    }

    pub(super) fn connections(&self) -> usize {
        self.look().connections.len()
    }

    pub(super) fn open(&self) -> usize {
        let entries = self.look();
        entries.connections.iter().filter(|it| !it.closed).count()
    }

    pub(super) fn sent(&self) -> u64 {
        self.look().sent
    }

    pub(super) fn received(&self) -> Vec<Vec<u8>> {
        let entries = self.look();
        let received = entries.connections.iter().map(|it| it.received.clone());
        received.collect()
    }

    pub(super) fn request(&self, number: usize) -> RawRequest {
        self.look().requests[number].clone()
    }

    pub(super) fn requests(&self) -> Vec<RawRequest> {
        self.look().requests.clone()
    }

    fn change<T>(&self, change: impl FnOnce(&mut Entries) -> T) -> T {
        let changed = change(&mut self.look());
        self.changed.notify_waiters();
        changed
    }

    fn look(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn keep(kept: &mut Vec<u8>, bytes: &[u8]) {
    let room = KEPT.saturating_sub(kept.len());
    kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
}

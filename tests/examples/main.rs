//! The document's examples, served by a real server on loopback and read by the real client.

mod edges;
mod every;
mod mended;
mod seen;
mod session;

use aitoearn_api::{ApiKey, Client, Context};

/// A low-level client of a server on loopback.
fn client(base_url: &str) -> Client {
    let key: ApiKey = "ak_test-key-of-the-examples".parse().expect("a key");
    Client::new(base_url, Context::new(Some(key))).expect("a client")
}

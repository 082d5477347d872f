//! Test doubles for clients of AiToEarn's HTTP API.
//!
//! - [`MockServer`] answers what a test tells it to, operation by operation.
//! - [`Sandbox`] is an AiToEarn in your process: it keeps state, walks sessions
//!   and posts through their states, and answers in the service's own manner
//!   (HTTP 200 for errors, `data: {}`, a strict reading of queries), so that a
//!   client which passes here has met the service's habits.
//! - [`RawServer`] writes bytes, not answers: it breaks connections, lengths and
//!   encodings the way networks and proxies do.
//!
//! A test against the first reads like a sentence:
//!
//! ```
//! use aitoearn::{Client, Code};
//! use aitoearn_mock::{MockServer, operations};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), aitoearn::Error> {
//! let mock = MockServer::start();
//! let calls = mock.when(&operations::ACCOUNTS_LIST).fails(Code::USER_NOT_FOUND);
//! let client = Client::builder().base_url(mock.base_url()).api_key("any").build()?;
//!
//! let error = client.accounts().list().await.unwrap_err();
//!
//! assert_eq!(error.code(), Some(Code::USER_NOT_FOUND));
//! calls.assert_once();
//! # Ok(())
//! # }
//! ```
//!
//! Against the second it reads like a story:
//!
//! ```
//! use aitoearn::{Client, types::Platform};
//! use aitoearn_mock::Sandbox;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::start()?;
//! let client = Client::builder().base_url(sandbox.base_url()).api_key(sandbox.api_key()).build()?;
//!
//! sandbox.sessions().hold();
//! let session = client.auth().start(Platform::Kwai).await?;
//! sandbox.sessions().complete(&session.session_id)?;
//!
//! let state = client.auth().status(Platform::Kwai, &session.session_id).await?;
//! let account = client.accounts().get(&state.account_ids[0]).await?;
//! assert_eq!(account.type_, Platform::Kwai);
//! # Ok(())
//! # }
//! ```
//!
//! # Why three servers
//!
//! The mocks stand on [httpmock], whose matchers and reports of the nearest
//! request are what a mock needs. The sandbox stands on [hyper], which httpmock
//! brings with it: httpmock can answer from state, but neither close a
//! connection half-way, nor send a stream event by event, nor delay one answer
//! and not the next, nor give the storage an origin of its own with the same
//! memory behind it. Neither can send a wrong length or half a header: the raw
//! server stands on a socket.
//!
//! The sandbox speaks plain JSON and shares no type with the client: it is an
//! independent witness of what the client sends and understands. The only thing
//! the two have in common is the table of [`operations`], and a test compares
//! the sandbox's own table with it.
//!
//! [httpmock]: https://docs.rs/httpmock
//! [hyper]: https://docs.rs/hyper

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod change;
mod examples;
mod mocks;
mod raw;
mod sandbox;

pub use aitoearn_api::{Code, Operation, operations};
pub use mocks::{Answer, Calls, MockServer, When};
pub use raw::{Act, Cue, RawRequest, RawServer, Then};
pub use sandbox::{
    Accounts, Builder, Clock, Fault, Faults, Missing, Platforms, Posts, Sandbox, Seen, Sessions,
    Storage, Tasks, Validations,
};

/// The README's examples, which compile and run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

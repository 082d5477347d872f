//! An unofficial client of [AiToEarn](https://aitoearn.ai): connect social
//! accounts, publish to them, generate video and images.
//!
//! ```toml
//! [dependencies]
//! aitoearn = "0.1"
//! tokio = { version = "1", features = ["macros", "rt-multi-thread", "time"] }
//! ```
//!
//! ```no_run
//! use aitoearn::Client;
//!
//! #[tokio::main]
//! async fn main() -> Result<(), aitoearn::Error> {
//!     let client = Client::from_env()?; // AITOEARN_API_KEY, AITOEARN_SITE
//!     for account in client.accounts().list().await?.list {
//!         println!("{} on {}: {}", account.nickname, account.type_, account.status);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! [`Client::builder`] takes key and site from the program instead. Each method of
//! a client is one kind of work:
//!
//! | method | what for |
//! |---|---|
//! | [`auth`](Client::auth), [`accounts`](Client::accounts), [`account_groups`](Client::account_groups) | social accounts: connect, list, sort into groups |
//! | [`platforms`](Client::platforms) | what each platform can do |
//! | [`assets`](Client::assets), [`publish`](Client::publish) | upload files, publish posts |
//! | [`works`](Client::works) | what is on the platforms, and how it does there |
//! | [`video`](Client::video), [`images`](Client::images) | generate |
//! | [`relay`](Client::relay) | language and image models in their providers' formats |
//! | [`request`](Client::request) | anything that has no method yet |
//!
//! What an operation needs is an argument of its method, what it can do without
//! is a method of the request that comes back, and `.await` sends it.
//!
//! # Connect an account
//!
//! ```no_run
//! use aitoearn::{Client, types::Platform};
//!
//! async fn connect(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
//!     let connecting = client.auth().connect(Platform::Tiktok).await?;
//!     println!("Please open {}", connecting.url());
//!     let connected = connecting.await?; // until the user is done
//!     println!("connected: {:?}", connected.account_ids);
//!     Ok(())
//! }
//! ```
//!
//! # Upload a file
//!
//! ```no_run
//! use aitoearn::Client;
//!
//! async fn upload(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
//!     let upload = client.assets().upload("clip.mp4");
//!     let upload = upload.on_progress(|it| println!("{} of {} bytes", it.sent, it.total));
//!     let asset = upload.await?;
//!     println!("{:?}", asset.url);
//!     Ok(())
//! }
//! ```
//!
//! # Publish
//!
//! ```no_run
//! use std::path::Path;
//! use aitoearn::{Client, FlowItem, PublishTime};
//!
//! async fn publish(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
//!     let flow = client
//!         .publish()
//!         .flow()
//!         .title("How to fold a map")
//!         .video(Path::new("clip.mp4")) // uploaded; or an address
//!         .item(FlowItem::youtube("youtube_456"))
//!         .at(PublishTime::Now)
//!         .await?; // checked against the platforms' rules first
//!     println!("{}", flow.wait().await?);
//!     Ok(())
//! }
//! ```
//!
//! # Generate
//!
//! ```no_run
//! use aitoearn::Client;
//!
//! async fn generate(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
//!     let video = client.video().generate("the model's name", "A paper boat, rain");
//!     let wait = video.start().await?;
//!     // With the handle, another process can resume.
//!     std::fs::write("video.json", serde_json::to_vec(wait.handle())?)?;
//!     println!("ready: {}", wait.await?.url);
//!     Ok(())
//! }
//! ```
//!
//! # Stream
//!
//! ```no_run
//! use aitoearn::{Client, stream::Delta};
//!
//! async fn ask(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
//!     let question = client.relay().messages("the model's name").user("Why is the sky blue?");
//!     let mut answer = question.deltas().await?;
//!     while let Some(piece) = answer.next().await {
//!         if let Delta::Text(text) = piece?.delta {
//!             print!("{text}");
//!         }
//!     }
//!     Ok(())
//! }
//! ```
//!
//! [`stream`] reads the wire formats of all three providers, each with its own types or all
//! with the same.
//!
//! # Without a key
//!
//! The crate `aitoearn-mock` is a sandbox with state: `cargo run -p aitoearn-mock` in a clone of
//! the [repository](https://github.com/aitoearn-rs/aitoearn-rs) serves one, and its page says what
//! `AITOEARN_BASE_URL` and `AITOEARN_API_KEY` are to be. Of the
//! [examples](https://github.com/aitoearn-rs/aitoearn-rs/tree/main/crates/aitoearn/examples),
//! `quickstart`, `connect`, `upload`, `publish`, `generate_video` and `chat_stream` bring their own:
//! `cargo run --example quickstart`.
//!
//! # Flows
//!
//! What takes several calls and some waiting, such as a connection, an upload, a
//! publication or a generation, is one thing to `.await` or to watch: see [`flow`].
//!
//! # Options of one request
//!
//! Every request has the same options, whatever it does:
//!
//! ```no_run
//! # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
//! use std::time::Duration;
//! use aitoearn::{Language, RetryPolicy, types::Platform};
//!
//! let response = client
//!     .accounts()
//!     .list()
//!     .types([Platform::Tiktok]) // of this operation
//!     .timeout(Duration::from_secs(5)) // of every request, from here on
//!     .retry(RetryPolicy::none())
//!     .language(Language::Chinese)
//!     .request_id("import-42")
//!     .header("x-note", "nightly import")
//!     .query("fresh", "true")
//!     .send_with_meta() // instead of `.await`: also the request id, attempts, rate limit
//!     .await?;
//! println!("{} accounts, request {}", response.data.total, response.request_id());
//! # Ok(())
//! # }
//! ```
//!
//! A wrong option or argument does not interrupt the chain: it comes out as
//! [`Error::InvalidInput`] when the request is awaited, and nothing is sent.
//!
//! # Errors
//!
//! The service answers nearly everything with HTTP 200 and puts a [`Code`] into
//! the body; [`Error::Api`] carries it. The accessors of [`Error`] answer the
//! usual questions whatever happened: [`code`](Error::code),
//! [`category`](Error::category), [`advice`](Error::advice),
//! [`is_retryable`](Error::is_retryable), [`retry_after`](Error::retry_after),
//! [`request_id`](Error::request_id). Decide by codes: the service's texts change
//! with language and release.
//!
//! One variant deserves a branch of its own. [`Error::Ambiguous`] says that a
//! call with an effect, such as a generation, left and that its answer was lost:
//! it may have been done. Find out before you repeat it.
//!
//! ```no_run
//! # async fn example(client: aitoearn::Client) {
//! use aitoearn::{Error, types::Platform};
//!
//! match client.auth().start(Platform::Tiktok).await {
//!     Ok(started) => println!("Please open {}", started.url),
//!     Err(Error::Ambiguous(unknown)) => println!("{}", unknown.how_to_find_out()),
//!     Err(error) => println!("{error}\n{}", error.advice()),
//! }
//! # }
//! ```
//!
//! # Retries
//!
//! A failed attempt is repeated by the class of the operation, not by its HTTP
//! method, up to twice by default:
//!
//! | what happened | reads, and changes that may be repeated | effects |
//! |---|---|---|
//! | no connection (TLS errors excepted) | repeated | repeated |
//! | HTTP or code 429, HTTP 503 | repeated | repeated |
//! | HTTP 408, 500, 502, 504; code 500 | repeated | not repeated |
//! | a code that passes by itself, or `retryable: true` in its details | repeated | not repeated |
//! | `retryable: false` in the details | not repeated | not repeated |
//! | timeout, broken connection, cut answer | repeated | [`Error::Ambiguous`] |
//!
//! For an effect, HTTP 500, 502 and 504, a web page in place of an answer, and an
//! answer over the size limit are ambiguous, too. A publish flow is the exception:
//! it has an id, so it is repeated like a read and still created once.
//!
//! Waits grow from 0.5 s to 8 s; the service may ask for up to 60 s
//! (`Retry-After`, or `data.ttl`); nothing is repeated after 60 s.
//! [`RetryPolicy`] changes the numbers, for a client or for one request.
//!
//! # Timeouts
//!
//! Each attempt has a limit that fits its operation, see [`Timeouts`]: 5 s to
//! connect, then from 30 s for a lookup up to 600 s where a model works while the
//! connection is held. `tokio::time::timeout` around a call limits the whole.
//!
//! # The key
//!
//! The key goes to the base URL's origin and nowhere else: redirects are not
//! followed, `Referer` is off, https is required except on localhost, and no
//! `Debug`, error or log shows it. With an HTTP client of your own some of that
//! becomes your part, see [`ClientBuilder::http_client`].
//!
//! # Logs and traces
//!
//! Each call is a `tracing` span at level `INFO`, with an event at `DEBUG` for
//! each failed attempt. Fields follow OpenTelemetry: `http.request.method`,
//! `url.template`, `server.address`, `http.response.status_code`, `error.type`,
//! `http.request.resend_count`, and our `aitoearn.code` and
//! `aitoearn.request_id`. The span's name for OpenTelemetry (`otel.name`) is
//! `aitoearn.accounts_list` and the like. Queries, bodies and headers are never
//! recorded.
//!
//! # TLS and other features
//!
//! | feature | what it does |
//! |---|---|
//! | `rustls` (default) | TLS by rustls with aws-lc-rs and the system's certificates |
//! | `rustls-no-provider` | the same, but your program installs the crypto provider before it builds a client; building one without panics |
//! | `native-tls` | TLS by the system; on Linux that needs OpenSSL's development package |
//! | `gzip` | compressed answers; the size limit counts what comes out |
//! | `schemars` | `JsonSchema` for every type of the API |
//! | `indicatif` | uploads and waits show their progress on a bar, see [`flow`] |
//!
//! One TLS feature is enough. Without any, only a server on localhost can be
//! reached.
//!
//! # In a browser
//!
//! The crate compiles for `wasm32-unknown-unknown`, without default features, and
//! does there what it does elsewhere, on the browser's clock and its `fetch`. What
//! is missing or is the browser's affair:
//!
//! - There are no files, so the upload of a path fails; bytes and readers are
//!   uploaded, after they have been read as a whole. The environment is empty.
//! - Redirects are followed and `Referer` is sent as the browser likes, so nobody
//!   here can tell where the key goes: leave it on a server of yours, and give the
//!   browser's client that server as [`base_url`](ClientBuilder::base_url).
//! - A page may ask a server only if that server allows it (CORS).
//! - The size limit, the connect timeout and proxies are not ours to set, and
//!   [`Error::Connect`] does not occur: that there was no connection is told as
//!   [`Error::Transport`], so an effect that did not leave is [`Error::Ambiguous`].
//! - Futures and streams are `Send` as everywhere, and panic on another thread
//!   than their own.

#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

// In this order, because the docs of `Client` have its methods in the order of these files: how to
// make one, what people come for, and then the rest.
mod builder;

#[allow(
    clippy::all,
    clippy::pedantic,
    reason = "written by a generator from upstream's words"
)]
mod generated;

pub mod resources;

pub mod flow;

mod by_operation;
mod custom;

#[cfg(all(feature = "blocking", not(target_family = "wasm")))]
pub mod blocking;
mod call;
mod client;
mod clock;
mod env;
pub mod error;
pub mod ids;
mod input;
mod key_text;
mod local;
mod options;
mod parts;
mod pools;
mod relay_response;
mod request;
mod response;
mod retry;
mod sent;
mod site;
pub mod stream;
mod timeouts;
mod trace;

pub use aitoearn_api as api;
pub use aitoearn_api::{Code, Decimal, Method, RateLimit, Timestamp, http_client_builder, types};

pub use self::{
    builder::ClientBuilder, client::Client, options::Language, request::Request,
    response::Response, retry::RetryPolicy, site::Site, timeouts::Timeouts,
};

#[doc(inline)]
pub use self::{
    error::Error,
    resources::{FlowItem, PublishTime},
};

// What our own code calls by its name alone; generated code also what a document brings tomorrow.
#[allow(
    clippy::wildcard_imports,
    reason = "the generator writes names that nobody has listed"
)]
pub(crate) use self::{
    error::{CallInfo, InputError, IssueCode, PlatformErrorCategory},
    ids::*,
    resources::*,
};

/// Compiles the example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

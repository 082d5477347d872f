//! The low level of an unofficial [AiToEarn](https://aitoearn.ai) client: one method per operation
//! of the HTTP API, with typed requests and answers.
//!
//! Most programs want the `aitoearn` crate, which adds retries, waiting and streams on top of this
//! one. Use this crate directly for full control of each request.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use aitoearn_api::{ApiKey, Client, Context, open};
//!
//! let key: ApiKey = std::env::var("AITOEARN_API_KEY")?.parse()?;
//! let client = Client::new("https://aitoearn.ai", Context::new(Some(key)))?;
//!
//! let call = client.with_context(client.context().for_call());
//! let answer = open(call.platforms_list().await, call.context()).await?;
//! for platform in &answer.data {
//!     println!("{}", platform.platform);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # How the service answers
//!
//! Nearly every answer is HTTP 200 with `{data, code, message, requestId}`, and the call succeeded
//! only if `code` is 0. [`Envelope`] is that success. Anything else fails inside the generated
//! method; [`open`] takes its result and turns the failure into a [`Failure`], which tells a
//! business error with its [`Code`] from an answer that cannot be read, an HTTP error and a broken
//! connection.
//!
//! # A newer server never breaks an older client
//!
//! Unknown fields are ignored, unknown enum values are kept in `Unknown` and sent back unchanged,
//! and an unknown code is still a [`Code`].
//!
//! # The key
//!
//! [`ApiKey`] never prints itself. It is attached per request, in the header that the operation
//! documents, and only when the request goes to the origin of the client's base URL.
//! [`http_client_builder`] turns redirects off, because reqwest forwards custom headers such as
//! `X-Api-Key` to another host.
//!
//! # Features
//!
//! | feature | what it does |
//! |---|---|
//! | `rustls` (default), `rustls-no-provider`, `native-tls` | the TLS implementation |
//! | `gzip` | compressed answers |
//! | `schemars` | `JsonSchema` for every type |

#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

// Generated code names types of this crate by their public path.
#[allow(unused_extern_crates, reason = "only if the generated code does so")]
extern crate self as aitoearn_api;

mod change;
mod code;
mod context;
mod decimal;
mod details;
mod disguise;
mod envelope;
mod failure;
#[allow(
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "written by a generator from upstream's words"
)]
mod generated;
mod hooks;
mod id;
mod key;
mod mend;
mod open;
mod operation;
mod outcome;
mod pieces;
mod place;
mod raw;
mod redact;
mod timestamp;
pub mod tolerant;
mod weight;

pub use change::Change;
pub use code::{Category, Code, RetryAdvice};
pub use context::{Context, Head, RateLimit};
pub use decimal::Decimal;
pub use details::Details;
pub use envelope::Envelope;
pub use failure::{BodyKind, BusinessError, DecodeError, Failure, StatusError};
pub use generated::client::Client;
pub use generated::{operations, types};
pub use hooks::http_client_builder;
pub use id::{
    AccountId, AssetId, FlowId, GroupId, RecordId, SessionId, TaskId, VolcengineAssetGroupId,
    VolcengineAssetId,
};
pub use key::{ApiKey, InvalidApiKey};
pub use mend::{Mend, Mended};
pub use operation::{Auth, Method, Operation, Reply, RetryClass, TimeoutClass};
pub use outcome::{decode_plain, open, open_plain, open_stream};
pub use timestamp::{InvalidTimestamp, Timestamp};

/// The code in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;

pub use progenitor_client::{
    ByteStream, ClientHooks, ClientInfo, Error, OperationInfo, ResponseValue,
};

pub(crate) use code::codes;

/// What generated code and the exported macros name, and what the crate `aitoearn` has in common
/// with this one.
#[doc(hidden)]
pub mod __private {
    pub use crate::hooks::{Pending, read};
    pub use crate::key::plain;
    pub use crate::open::Text;
    pub use crate::operation::encode_segment;
    pub use crate::outcome::reported;
    pub use crate::pieces::Pieces;
    pub use crate::redact::{id_without_key, line as masked_line, plain_line, text_without_key};
    pub use crate::timestamp::now;
    pub use crate::tolerant::{enumerated, strict_int};
    pub use crate::weight::is_too_heavy;
}

//! What the generated code needs and no document describes.

mod client;
mod open;
mod operation;
mod timestamp;
pub mod tolerant;

pub use client::{Context, Credential, http_client_builder};
pub use operation::{Auth, Code, Method, Operation, Reply, RetryClass, TimeoutClass};
pub use timestamp::Timestamp;

pub(crate) mod private {
    pub use super::client::{Pending, read};
    pub use super::open::Text;
    pub use super::operation::encode_segment;
    pub use super::tolerant::enumerated;
}

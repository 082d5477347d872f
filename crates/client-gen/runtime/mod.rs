//! What the generated code needs and no document describes.

mod change;
mod client;
mod open;
mod operation;
mod parts;
mod readers;
mod receive;
mod send;
mod timestamp;
pub mod tolerant;

pub use change::Change;
pub use client::{Context, Credential, http_client_builder};
pub use operation::{Auth, Code, Method, Operation, Reply, RetryClass, TimeoutClass};
pub use parts::Upload;
pub use receive::failure;
pub use timestamp::Timestamp;

pub(crate) mod private {
    pub use super::client::Pending;
    pub use super::open::Text;
    pub use super::operation::encode_segment;
    pub use super::parts::multipart;
    pub use super::readers::{given, uint, uint_opt, uint_vec};
    pub use super::receive::{ByStatus, read, read_by_status, read_some, read_text};
    pub use super::send::{Style, deep, form, json};
    pub use super::tolerant::enumerated;
}

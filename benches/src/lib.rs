//! The parts of the measurements: answers, the server that gives them, and the ways to ask for them.

pub mod answers;
#[path = "../three-calls/hand/src/lib.rs"]
pub mod hand;
mod server;
mod way;

pub use server::{Server, listen, serve};
pub use way::{Caller, Outcome, Way};

/// Long enough to be masked as a key, and no one's.
pub const KEY: &str = "ak_0123456789abcdef0123456789abcdef";

//! What upstream's description has stopped mentioning and stays true all the same.
//!
//! The service does not lose a field because its description does. `cargo xtask update` compares
//! what is known of each response with what a new document says of it ([`remember`]), writes what
//! is missing there into `openapi/kept.yaml`, and every generation adds it to the document again,
//! before the overlay. What the new document says otherwise is no fact to keep but a [`Change`].

mod align;
mod apply;
mod fact;
mod file;
mod places;
mod remember;
mod requests;
mod shape;

pub use fact::{Cause, Change, ChangeKind, Fact, Owner};
pub use file::{Kept, by_cause};
pub use places::Places;
pub(crate) use remember::pairs;
pub use remember::{Known, Memory, remember};

/// The checked-in file, below the workspace's root.
pub const FILE: &str = "openapi/kept.yaml";

#[cfg(test)]
mod tests;

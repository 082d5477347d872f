//! What upstream's description has stopped mentioning and stays true all the same.
//!
//! The service does not lose a field because its description does. [`remember`] compares
//! what is known of each response with what the new one says of it. What is missing there is
//! written into a file, and every generation adds it to the document again, before the overlay. What the new document says otherwise is no fact to keep but a [`Change`].

mod align;
mod apply;
mod fact;
mod file;
mod moves;
mod pairs;
mod places;
mod remember;
mod requests;
mod shape;

pub use fact::{Cause, Change, ChangeKind, Fact, Owner};
pub use file::{Kept, by_cause};
pub use pairs::pairs;
pub use places::Places;
pub use remember::{Known, Memory, remember};

#[cfg(test)]
mod tests;

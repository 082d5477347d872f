//! `cargo xtask diff`: what a change of the document does, to whom, and what to do about it.
//!
//! Two axes, never one number. The wire axis is the contract, judged by `spec-diff`. The Rust axis
//! is computed by generating both sides with the real pipeline and comparing what comes out.

mod acknowledge;
mod api;
mod cause;
mod codes;
pub mod command;
mod described;
mod drift;
mod finding;
pub(crate) mod fit;
pub mod input;
mod judge;
mod keeps;
mod meaning;
mod remedy;
mod renames;
pub mod render;
mod runtime;
pub mod side;
mod surface;
mod tally;
mod todo;
mod trial;
pub(crate) mod upkeep;
mod verdict;
pub(crate) mod wire;
mod witness;
mod wrappers;

pub use acknowledge::Decisions;
pub use cause::Cause;
pub use drift::{Drift, Operations};
pub use finding::{Accepted, At, Effect, Finding, Impact, Remedy, Undone};
pub use judge::{Judge, compare};
pub use keeps::Keeps;
pub use side::{Beside, Side};
pub use tally::Did;
pub use verdict::{Bump, Verdict, Version, Witness};
pub use wire::document;

//! Generates a Rust client that reads well from an `OpenAPI` 3.0 document.
//!
//! ```text
//! document        the description as it is published, never edited
//!   | kept        what it said once and does not deny
//!   | overlay     corrections to it, each with its reason
//!   | passes      one file each; see `passes::lower` for the order
//!   v
//! lowered         what progenitor reads
//!   | progenitor, polish          client.rs, types.rs
//!   | emit                        enums.rs, unions.rs, codes.rs, operations.rs
//!   | guards                      check every generation
//!   v
//! Rust files
//! ```

#![cfg_attr(
    test,
    allow(
        clippy::needless_pass_by_value,
        reason = "tests write documents where they use them"
    )
)]

pub mod emit;
pub mod examples;
pub mod generate;
pub mod guards;
pub mod kept;
mod lines;
pub mod lint;
mod misfit;
pub mod names;
pub mod overlay;
pub mod package;
pub mod passes;
pub mod problem;
pub mod reader;
pub mod report;
mod reserved;
pub mod rules;
mod rustdoc;
pub mod spec;
#[cfg(test)]
mod testing;
mod unique;
pub mod walk;

pub use lines::Lines;

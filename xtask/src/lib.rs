//! The maintainer's tools: a library of passes under thin commands.
//!
//! ```text
//! openapi/aitoearn.openapi.json   upstream's document, never edited by hand
//!   | kept                        what it said once and does not deny
//!   | overlay                     our corrections, each with its reason
//!   | passes                      one file each; see `passes::lower` for the order
//!   v
//! openapi/lowered.openapi.json    what progenitor reads
//!   | progenitor, polish          client.rs, types.rs
//!   | emit                        enums.rs, unions.rs, codes.rs, operations.rs
//!   | guards                      look at every generation
//!   v
//! crates/aitoearn-api/src/generated/
//! ```

#![cfg_attr(
    test,
    allow(
        clippy::needless_pass_by_value,
        reason = "tests write documents where they use them"
    )
)]

pub mod budget;
mod calendar;
pub mod ci;
pub mod diff;
pub mod emit;
pub mod examples;
pub mod generate;
pub mod guards;
pub mod kept;
pub mod lint;
mod misfit;
pub mod names;
pub mod overlay;
pub mod passes;
pub mod problem;
pub mod promises;
mod reader;
pub mod report;
mod reserved;
mod rustdoc;
mod skipped;
pub mod spec;
#[cfg(test)]
mod testing;
mod unique;
pub mod update;
pub mod walk;

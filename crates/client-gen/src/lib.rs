//! Generates a Rust client that reads well from an `OpenAPI` document.
//!
//! ```text
//! document        the description as it is published, in JSON or YAML, never edited
//!   | kept        what it said once and does not deny
//!   | overlay     corrections to it, each with its reason
//!   | lower31     what 3.1 says, as 3.0 says it
//!   | passes      one file each; see `passes::lower` for the order
//!   v
//! lowered         what progenitor reads
//!   | progenitor, polish          client.rs, types.rs
//!   | emit                        enums.rs, unions.rs, codes.rs, operations.rs
//!   | guards                      check every generation
//!   v
//! Rust files
//! ```
//!
//! The whole of it is in memory until [`package::write`] writes a crate, or
//! [`generate::Destination::write`] the files alone:
//!
//! ```
//! use client_gen::emit::Target;
//! use client_gen::generate::draft;
//! use client_gen::names::Names;
//! use client_gen::spec::Spec;
//!
//! let document = r#"{
//!   "openapi": "3.0.3",
//!   "info": { "title": "Clinic", "version": "1" },
//!   "paths": { "/hours": { "get": {
//!     "operationId": "openingHours",
//!     "responses": { "200": { "description": "", "content": { "application/json": {
//!       "schema": { "type": "array", "items": { "type": "string" } }
//!     } } } }
//!   } } }
//! }"#;
//! let target = Target {
//!     runtime: "crate".to_owned(),
//!     source: "clinic.json".to_owned(),
//!     command: "make client".to_owned(),
//! };
//! let generated = draft(Spec::parse(document, "clinic.json")?, &Names::default(), &target)?;
//! assert_eq!(generated.operations, 1);
//! assert!(generated.code["client.rs"].contains("pub async fn opening_hours"));
//! # Ok::<(), client_gen::problem::Problems>(())
//! ```

#![cfg_attr(
    test,
    allow(
        clippy::needless_pass_by_value,
        reason = "tests write documents where they use them"
    )
)]

mod described;
pub mod document;
pub mod emit;
pub mod examples;
pub mod generate;
pub mod guards;
pub mod kept;
pub mod leave_out;
mod lines;
pub mod lint;
mod lower31;
mod misfit;
pub mod names;
mod operation;
pub mod overlay;
pub mod package;
pub mod passes;
mod pointer;
pub mod problem;
pub mod reader;
pub mod report;
mod reserved;
pub mod rules;
mod rustdoc;
mod serde_words;
pub mod spec;
mod spelling;
#[cfg(test)]
mod testing;
mod unique;
mod users;
mod walk;

pub use lines::Lines;

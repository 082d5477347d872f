//! What the tests of the whole workspace have in common; there is nothing to use here.

#![allow(
    clippy::missing_panics_doc,
    clippy::expect_used,
    reason = "only tests use it, and a panic is how they fail"
)]

pub mod calls;
pub mod document;
pub mod requests;
pub mod server;
pub mod todo;

/// Tells a number that a reader wants to see although the test is green: past the harness, which
/// keeps what is printed.
pub fn tell(line: impl std::fmt::Display) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The README's code compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

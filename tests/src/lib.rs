//! What the tests of the whole workspace have in common; there is nothing to use here.

#![allow(
    clippy::missing_panics_doc,
    clippy::expect_used,
    reason = "only tests use it, and a panic is how they fail"
)]

pub mod calls;
pub mod document;

/// The README's code compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

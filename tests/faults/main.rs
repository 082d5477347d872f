//! The fault bench: 103 things that go wrong, each met by a test of its number.
//!
//! `tests/FAULTS.md` is the list of them, written from the comments on the tests (`register.rs`).

mod register;
mod support;
mod tls;

mod answers;
mod connections;
mod envelope;
mod outcomes;
mod pollers;
mod redirects;
mod requests;
mod secrets;
mod status;
mod streams;
mod supply;
mod transport;
mod uploads;

/// A line of the list that has no test, with the reason: a number and a case like a test's, then a
/// name.
macro_rules! not_applicable {
    ($(#[doc = $text:literal])+ $name:ident) => {};
}
pub(crate) use not_applicable;

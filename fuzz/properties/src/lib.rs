//! What must hold for any input, one function of bytes for each thing that reads what others wrote.
//!
//! A function returns if all is well and panics if not. The fuzz targets in `fuzz/fuzz_targets`
//! and the smoke tests of this crate call the same functions.

#![allow(
    clippy::missing_panics_doc,
    reason = "a panic is how a property says that it does not hold"
)]

// How each answer is read. The crate it stands in would bring a TLS library to the fuzzers.
#[allow(dead_code, reason = "no call is made here")]
#[allow(
    unreachable_pub,
    clippy::missing_errors_doc,
    reason = "it is public there"
)]
#[path = "../../../tests/src/calls.rs"]
mod calls;
mod documents;
mod envelope;
mod events;
mod grow;
mod lowering;
mod responses;
mod server;
mod spec_diff;
mod urls;

pub use documents::documents;
pub use envelope::envelope;
pub use events::events;
pub use lowering::lowering;
pub use responses::responses;
pub use spec_diff::spec_diff;
pub use urls::urls;

/// A property: what the fuzzer calls it, and what it is.
pub type Property = (&'static str, fn(&[u8]));

/// All of them.
pub const ALL: [Property; 7] = [
    ("envelope", envelope),
    ("responses", responses),
    ("events", events),
    ("urls", urls),
    ("documents", documents),
    ("lowering", lowering),
    ("spec_diff", spec_diff),
];

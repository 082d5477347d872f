//! What a new version of upstream's document does to our crates and to those who use them
//! ([`diff`]), and taking one ([`update`]). `cargo xtask diff` and `cargo xtask update` are its
//! front end; the comparison of documents is `spec-diff`'s, the generation `client-gen`'s.

#![cfg_attr(
    test,
    allow(
        clippy::needless_pass_by_value,
        reason = "tests write documents where they use them"
    )
)]

mod calendar;
pub mod compile;
pub mod diff;
pub mod update;

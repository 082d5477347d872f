//! The maintainer's commands, with this repository's files: lint, promises, budget, and what CI
//! runs. The generator is `client-gen`; comparing and taking documents is `upstream`.

#![cfg_attr(
    test,
    allow(
        clippy::needless_pass_by_value,
        reason = "tests write documents where they use them"
    )
)]

pub mod budget;
pub mod ci;
pub mod lint;
pub mod promises;
mod skipped;

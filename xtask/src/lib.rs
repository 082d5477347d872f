//! The maintainer's tools: what runs the generator, the comparison and the checks with this
//! repository's files. The generator itself is `client-gen`.

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
pub mod lint;
pub mod promises;
mod skipped;
pub mod update;

//! Stand-in for the generator's output, until it delivers: five operations.

pub mod client;
pub mod codes;
pub mod enums;
pub mod operations;
pub mod types;

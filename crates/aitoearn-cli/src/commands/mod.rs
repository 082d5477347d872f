//! The commands, a file for each group of them.

pub(crate) mod accounts;
pub(crate) mod platforms;

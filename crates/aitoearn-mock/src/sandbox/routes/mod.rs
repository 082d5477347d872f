//! The operations, one room per group.

pub(crate) mod accounts;
pub(crate) mod auth;
pub(crate) mod platforms;

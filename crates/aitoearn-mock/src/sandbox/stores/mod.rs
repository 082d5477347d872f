//! What the sandbox keeps, one file per group of operations.

pub(crate) mod accounts;
pub(crate) mod assets;
pub(crate) mod boards;
pub(crate) mod groups;
pub(crate) mod images;
pub(crate) mod offline_qr;
pub(crate) mod posts;
pub(crate) mod sessions;
pub(crate) mod videos;
pub(crate) mod volcengine;

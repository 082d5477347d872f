//! The operations, one room per group.

pub(crate) mod accounts;
pub(crate) mod assets;
pub(crate) mod auth;
pub(crate) mod groups;
pub(crate) mod images;
pub(crate) mod models;
pub(crate) mod offline_qr;
pub(crate) mod options;
pub(crate) mod pages;
pub(crate) mod platforms;
pub(crate) mod publish;
pub(crate) mod records;
pub(crate) mod relays;
pub(crate) mod video;
pub(crate) mod volcengine;
pub(crate) mod works;

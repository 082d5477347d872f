//! The inside of the command `aitoearn`.
//!
//! Not meant for other programs: they use the crate `aitoearn`. It is a library so
//! that everything can be tested, and so that several front ends share
//!
//! - [`session`]: a client from profile, environment or sandbox;
//! - [`post`]: one post, checked and published, and [`follow`]: what becomes of it;
//! - [`plan`]: many posts of a file;
//! - [`failure`]: what went wrong, for a person and as JSON, and the exit code.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod app;
pub mod cli;
mod commands;
mod complete;
mod context;
pub mod failure;
pub mod follow;
mod generation;
mod global;
mod log;
mod mcp;
pub mod moment;
pub mod output;
pub mod plan;
pub mod post;
pub mod profiles;
pub mod session;
mod state;
pub mod text;
mod work;
pub mod zone;

pub use app::main;

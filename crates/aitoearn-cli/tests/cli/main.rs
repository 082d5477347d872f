//! The command as its users run it: a process, its output and its exit code.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod browser;
mod help;
mod login;
mod mcp;
mod operations;
mod page;
mod picture;
mod plan;
mod secrets;
mod session;
mod shell;
mod support;
mod uploads;

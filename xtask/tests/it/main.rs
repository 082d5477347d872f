//! The tasks of this repository, run on copies of it.

mod canary;
mod command;
mod diff;
mod new_operation;
mod supply;
mod support;
mod update;
mod updates;

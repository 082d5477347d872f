//! What spec-diff finds, says and refuses, through its library and its command.

mod browser;
mod command;
mod files;
mod findings;
mod hostile;
mod inclusion;
mod reports;
mod rules;
mod sendable;
mod siblings;
mod support;
mod swagger;
mod verdicts;

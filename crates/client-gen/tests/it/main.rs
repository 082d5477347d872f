//! Documents in, crates out, and what is said of the rest.

mod any_document;
mod bad_input;
mod command;
mod foreign;
mod forms;
mod lint;
mod support;

//! The low-level client: values, envelopes, failures and requests.

mod allocations;
mod envelope;
mod failure;
mod hooks;
mod operations;
mod values;

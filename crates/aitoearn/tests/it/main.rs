//! The client against servers on loopback: well-behaved, broken and hostile ones.

mod errors;
mod requests;
mod retries;
mod server;

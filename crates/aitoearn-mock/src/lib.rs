//! Test doubles for clients of AiToEarn's HTTP API.
//!
//! [`Sandbox`] is an AiToEarn in your process: it keeps state, walks sessions
//! and posts through their states, and answers in the service's own manner
//! (HTTP 200 for errors, `data: {}`, a strict reading of queries), so that a
//! client which passes here has met the service's habits.
//!
//! The sandbox speaks plain JSON and shares no type with the client: it is an
//! independent witness of what the client sends and understands.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod mocks;
mod sandbox;

pub use mocks::{Answer, Calls, MockServer, When};
pub use sandbox::{
    Accounts, Builder, Clock, Fault, Faults, Missing, Platforms, Posts, Sandbox, Seen, Sessions,
    Storage, Tasks,
};

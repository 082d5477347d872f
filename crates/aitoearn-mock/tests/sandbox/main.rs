//! The sandbox, asked by HTTP as anybody could, and the typed mocks.

mod boundaries;
mod connect;
mod faults;
mod generate;
mod groups;
mod manners;
mod mocks;
mod offline_qr;
mod operations;
mod page;
mod publish;
mod raw;
mod standalone;
mod support;
mod upload;
mod volcengine;
mod works;

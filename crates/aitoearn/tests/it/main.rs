//! The client against servers on loopback: well-behaved, broken and hostile ones.

mod assets;
mod blocking;
mod custom;
mod errors;
mod groups;
mod images;
mod mended;
mod publish;
mod relay;
mod relay_answers;
mod requests;
mod retries;
mod runtimes;
mod server;
mod streams;
mod video;
mod works;

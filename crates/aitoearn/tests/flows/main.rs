//! What takes more than one call, against the sandbox: intervals are a few
//! milliseconds, or the clock stands still.

mod bar;
mod clock;
mod connect;
mod generate;
mod lists;
mod mended;
mod nightly;
mod processes;
mod publish;
mod publish_check;
mod publish_wait;
mod storage;
mod upload;
mod wait;

use std::{path::PathBuf, time::Duration};

use aitoearn::{Client, RetryPolicy, flow::PollPolicy};
use aitoearn_mock::Sandbox;

/// A sandbox, and a client of it.
fn sandbox() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().expect("a free port");
    let client = Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .retry(RetryPolicy::none())
        .build()
        .expect("valid settings");
    (sandbox, client)
}

/// Looks as fast as a test wants.
fn quick() -> PollPolicy {
    PollPolicy::every(Duration::from_millis(2)).shortest(Duration::ZERO)
}

/// How often an operation has been called.
fn calls(sandbox: &Sandbox, operation: &str) -> usize {
    let seen = sandbox.seen();
    let of_it = seen.iter().filter(|it| it.operation == Some(operation));
    of_it.count()
}

/// A file that goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let folder = std::env::temp_dir().join(format!("aitoearn-flows-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join(name);
        std::fs::write(&path, bytes).expect("a file");
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

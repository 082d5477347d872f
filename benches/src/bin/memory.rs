//! How much memory an answer takes that the limit refuses: `memory 50-megabytes`, `memory bomb`.
//!
//! The bomb needs `--features gzip`. Linux counts the peak of the whole process, so each answer gets
//! a process of its own.

use aitoearn::{Client, Error};
use benches::{KEY, Server};

const LIMIT: u64 = 32 * 1024 * 1024;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answer = std::env::args().nth(1).unwrap_or_default();
    let server = Server::start(&["small", &answer])?;
    let client = |answer: &str| {
        Client::builder()
            .base_url(server.base(answer))
            .api_key(KEY)
            .build()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;

    // What a client takes that has made a call: not the answer's doing.
    runtime.block_on(client("small")?.accounts().list().send())?;
    let before = peak()?;
    match runtime.block_on(client(&answer)?.accounts().list().send()) {
        Err(Error::TooLarge(error)) => println!("{error}"),
        Err(error) => return Err(error.into()),
        Ok(_) => return Err("the answer was taken".into()),
    }
    let after = peak()?;
    println!(
        "{answer}: {before} KiB before, {after} KiB at most: {} KiB more than the limit of {} KiB",
        (after - before).saturating_sub(LIMIT / 1024),
        LIMIT / 1024,
    );
    Ok(())
}

/// The most memory this process has had, in KiB.
fn peak() -> Result<u64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no VmHWM in /proc/self/status")?.parse()?)
}

//! The commands, a file for each group of them.

pub(crate) mod accounts;
pub(crate) mod chat;
pub(crate) mod connect;
pub(crate) mod doctor;
mod download;
pub(crate) mod generate;
pub(crate) mod login;
mod outcomes;
mod picture;
pub(crate) mod platforms;
pub(crate) mod posts;
mod progress;
pub(crate) mod publish;
mod qr;
pub(crate) mod raw;
mod record;
pub(crate) mod sandbox;
pub(crate) mod shell;
pub(crate) mod upload;
pub(crate) mod works;

use std::time::SystemTime;

use aitoearn::{PublishTime, Timestamp};

use crate::failure::{Failure, Outcome};
use crate::moment::when;
use crate::zone::with_offset;

/// How to look at a flow later.
fn follow_hint(flow_id: &str) -> String {
    format!("`aitoearn wait {flow_id}` shows what becomes of it.")
}

/// Asks a person on a terminal.
fn ask(question: &str) -> Outcome<bool> {
    eprint!("{question} [y/N] ");
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    read.map_err(|error| Failure::io("the answer cannot be read", &error))?;
    Ok(matches!(
        answer.trim().to_ascii_lowercase().as_str(),
        "y" | "yes"
    ))
}

/// The moment that an option names; of a time without an offset in the system's zone.
fn moment_option(option: &str, text: &str) -> Outcome<Timestamp> {
    let moment = with_offset(text, None).and_then(|text| when(Some(&text), SystemTime::now()));
    match moment {
        Ok(PublishTime::At(moment)) => Ok(moment),
        Ok(PublishTime::Now) => Ok(SystemTime::now().into()),
        Err(problem) => Err(Failure::usage(format!("--{option}: {problem}"))),
    }
}

//! What the examples have in common: whom they talk to, and how they look.

// Each example takes what it needs of it.
#![allow(dead_code, unreachable_pub)]

use std::time::Duration;

use aitoearn::{
    Client,
    flow::{Job, PollPolicy, Wait},
};
use aitoearn_mock::Sandbox;
use anstream::println;
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};

pub const HEAD: Style = Style::new().bold();
pub const GOOD: Style = AnsiColor::Green.on_default();
pub const BAD: Style = AnsiColor::Red.on_default();
pub const FAINT: Style = Style::new().dimmed();

pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The service that an example talks to.
pub struct Service {
    pub client: Client,
    /// There is one unless a key for the real service is in the environment.
    pub sandbox: Option<Sandbox>,
}

impl Service {
    /// A key in the environment means the real service; without one there is
    /// nobody to bother.
    pub fn open() -> Outcome<Self> {
        if std::env::var_os("AITOEARN_API_KEY").is_some() {
            let client = Client::from_env()?;
            println!("Talking to {}.", client.base_url());
            return Ok(Self {
                client,
                sandbox: None,
            });
        }
        println!("No AITOEARN_API_KEY is set, so this talks to a sandbox in this process.");
        let sandbox = Sandbox::start()?;
        let client = Client::builder()
            .base_url(sandbox.base_url())
            .api_key(sandbox.api_key())
            .build()?;
        Ok(Self {
            client,
            sandbox: Some(sandbox),
        })
    }

    /// Nobody has to wait for a sandbox.
    pub fn paced<J: Job>(&self, wait: Wait<J>) -> Wait<J> {
        if self.sandbox.is_none() {
            return wait;
        }
        wait.policy(PollPolicy::every(Duration::from_millis(400)).shortest(Duration::ZERO))
    }
}

/// A bar that only turns, with a message beside it. On a terminal only.
pub fn spinner() -> Outcome<ProgressBar> {
    let style = ProgressStyle::with_template("{spinner:.green} {elapsed:>4} {msg}")?;
    Ok(ProgressBar::no_length().with_style(style))
}

/// A bar that fills with bytes. On a terminal only.
pub fn byte_bar() -> Outcome<ProgressBar> {
    let template = "{bar:40.green/dim} {bytes}/{total_bytes} {bytes_per_sec} {msg}";
    let style = ProgressStyle::with_template(template)?.progress_chars("━━━");
    Ok(ProgressBar::no_length().with_style(style))
}

/// Says what went wrong, and ends the program.
pub fn fail(error: &dyn std::error::Error, advice: Option<&str>) -> ! {
    println!("{BAD}{error}{BAD:#}");
    if let Some(advice) = advice {
        println!("what to do: {advice}");
    }
    std::process::exit(1)
}

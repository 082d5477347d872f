//! `cargo xtask promises`: what is promised to those who build on the published crates, checked.
//!
//! A check that needs a tool which is not there is skipped and says so, with how to get it;
//! `--strict` makes that an error, for machines that are meant to have them all.

mod archives;
mod packages;
mod plan;
mod tools;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use clap::{Args, ValueEnum};
use client_gen::problem::{Problem, Result};

use crate::ci::{clock, headline};
use crate::skipped;

use packages::Packages;
use plan::Step;

/// What is promised, in the order in which it is checked: the quick ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Promise {
    /// No dependency wants a newer Rust than the crates say
    RustVersion,
    /// Licences, sources and bans are those of deny.toml
    Deny,
    /// No dependency has a known vulnerability
    Advisories,
    /// The workspace can be packaged, and what would be published has its licences, readme and changelog
    Package,
    /// Each feature compiles alone, and none does
    Features,
    /// The oldest Rust that is promised compiles the crates
    Msrv,
    /// The oldest dependencies that the manifests allow compile
    Minimal,
    /// Both clients compile for WebAssembly
    Wasm,
    /// Documentation builds as docs.rs builds it
    Docs,
    /// The API breaks nobody without a new version
    Semver,
}

/// Arguments of `promises`.
#[derive(Debug, Args)]
pub struct PromisesArgs {
    /// What to check; everything if nothing is named
    #[arg(value_enum)]
    promises: Vec<Promise>,
    /// Fail where a tool is missing, instead of skipping
    #[arg(long)]
    strict: bool,
    /// The revision to compare the API with: by default the last release, or where this branch left main
    #[arg(long, value_name = "REVISION")]
    baseline: Option<String>,
}

/// Checks what was asked for, all promises even if one is broken.
pub fn run(root: &Path, args: &PromisesArgs) -> Result<ExitCode> {
    let packages = Packages::read(root)?;
    let wanted: &[Promise] = match args.promises.as_slice() {
        [] => Promise::value_variants(),
        named => named,
    };
    let mut summary = Vec::new();
    let mut is_kept = true;
    for promise in wanted {
        let name = promise
            .to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default();
        headline(&name);
        let started = Instant::now();
        for step in plan::steps(*promise, root, &packages, args.baseline.as_deref())? {
            let outcome = take(root, &step)?;
            is_kept &= match outcome {
                Outcome::Kept => true,
                Outcome::Skipped => !args.strict,
                Outcome::Broken => false,
            };
            if outcome != Outcome::Kept {
                summary.push(format!("{name}: {} {}", step.what(), outcome.word()));
            }
            if outcome == Outcome::Broken {
                // What follows may build on it.
                break;
            }
        }
        summary.push(format!("{name}: {}", clock(started.elapsed())));
    }
    headline("promises");
    for line in summary {
        println!("  {line}");
    }
    if is_kept {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Problem::new(
        "cargo xtask promises",
        "a promise is broken, or could not be checked where it has to be",
        "see the lines above; run `cargo xtask promises NAME` to try one again",
    )
    .into())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Kept,
    Skipped,
    Broken,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Skipped => "SKIPPED",
            Self::Broken => "BROKEN",
        }
    }
}

fn take(root: &Path, step: &Step) -> Result<Outcome> {
    match step {
        Step::Done(found) if found.is_empty() => Ok(Outcome::Kept),
        Step::Done(found) => {
            for problem in found {
                println!("{problem}");
            }
            Ok(Outcome::Broken)
        }
        Step::Lacking { what, tool } => {
            println!(
                "skipped {what}: there is no {}\n  to get it: {}",
                tool.name, tool.get
            );
            skipped::note(&format!("{what}: there is no {}; {}", tool.name, tool.get));
            Ok(Outcome::Skipped)
        }
        Step::Cargo {
            arguments,
            environment,
        } => {
            println!("$ cargo {}", arguments.join(" "));
            let status = Command::new("cargo")
                .current_dir(root)
                .args(arguments)
                .envs(environment.iter().map(|(name, value)| (name, value)))
                // `cargo xtask` runs with these, and they would win over `+toolchain`.
                .env_remove("RUSTUP_TOOLCHAIN")
                .env_remove("CARGO")
                .status()
                .map_err(|error| {
                    Problem::new("cargo", error.to_string(), "install Rust by rustup")
                })?;
            Ok(if status.success() {
                Outcome::Kept
            } else {
                Outcome::Broken
            })
        }
    }
}

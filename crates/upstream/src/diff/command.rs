//! The command line of `cargo xtask diff`.
//!
//! Exit codes: 0 fine; 1 the policy failed; 2 bad input or usage; 4 what is checked in is not what
//! the sources generate, run `cargo xtask generate`.

use std::collections::BTreeSet;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use client_gen::problem::{Problem, Result};

use super::side::destination;
use super::{Decisions, Drift, Effect, compare, input, render};
use crate::calendar::today;

/// All is well.
pub const FINE: u8 = 0;
/// A change that `--fail-on` names.
pub const POLICY: u8 = 1;
/// Input that cannot be read, or arguments that make no sense.
pub const BAD_INPUT: u8 = 2;
/// Checked-in code is not what the sources generate.
pub const OUT_OF_DATE: u8 = 4;

/// What `cargo xtask diff` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 fine; 1 the policy failed (--fail-on); 2 bad input or usage; \
    4 what is checked in is out of date, run `cargo xtask generate`."
)]
pub struct DiffArgs {
    /// The older side: a file, `-`, a git revision, or REVISION:PATH [default: where this branch left main]
    pub base: Option<String>,
    /// The newer side, likewise [default: the working tree]
    pub revision: Option<String>,
    /// How to print the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Show every finding at every place, not only causes (text)
    #[arg(long)]
    pub all: bool,
    /// Also append the report as Markdown to a file, such as a job's summary
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
    /// Which effects make it fail; what breaks shipped binaries counts as `wire`
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Gate::Wire, Gate::RawApi, Gate::SdkApi, Gate::Meaning])]
    pub fail_on: Vec<Gate>,
    /// Decisions about findings: other levels, acknowledgements [default: openapi/acknowledged.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Do not compile our crates against the new generated code
    #[arg(long)]
    pub no_witness: bool,
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a person
    Text,
    /// For a pull request
    Markdown,
    /// For a program; crates/upstream/diff.schema.json describes it
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// `JUnit` XML
    Junit,
    /// SARIF 2.1.0
    Sarif,
}

/// What makes the command fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Gate {
    /// The contract breaks, or shipped binaries do
    Wire,
    /// The generated crate's public items break, or it cannot be generated
    RawApi,
    /// The ergonomic crate breaks
    SdkApi,
    /// Calls or answers mean something else
    Meaning,
    /// Nothing
    Never,
}

impl Gate {
    fn stops(self, effect: Effect) -> bool {
        match self {
            Self::Never => false,
            // Whatever is looked at, the file of acknowledgements has to be true.
            _ if effect == Effect::Policy => true,
            Self::Wire => matches!(effect, Effect::Wire | Effect::Runtime),
            Self::RawApi => effect == Effect::RawApi,
            Self::SdkApi => effect == Effect::SdkApi,
            Self::Meaning => effect == Effect::Meaning,
        }
    }
}

/// Runs the command; the exit code is one of the four.
///
/// # Errors
///
/// Bad input or usage, which is exit code 2.
pub fn run(root: &Path, args: &DiffArgs) -> Result<u8> {
    if args.fail_on.contains(&Gate::Never) && args.fail_on.len() > 1 {
        return Err(Problem::new(
            "--fail-on",
            "`never` stands beside other values",
            "give `never` alone, or leave it out",
        )
        .into());
    }
    if args.base.as_deref() == Some("-") && args.revision.as_deref() == Some("-") {
        return Err(Problem::new(
            "-",
            "both sides are standard input",
            "give one of them as a file",
        )
        .into());
    }
    let base = input::base(root, args.base.as_deref())?;
    let revision = input::revised(root, args.revision.as_deref())?;
    let decisions = Decisions::read(root, args.policy.as_deref(), &base)?;
    let mut drift = compare(root, &base, &revision, &decisions, !args.no_witness)?;
    decisions.apply(&mut drift, &today());
    print(&match args.format {
        Format::Text if args.all => render::text_of_all(&drift, is_colored()),
        format => rendered(&drift, format),
    });
    if let Some(file) = &args.summary {
        append(file, &render::markdown(&drift))?;
    }
    let code = exit_code(&drift, &args.fail_on);
    if code == FINE && args.revision.is_none() && is_stale(root, drift)? {
        eprintln!(
            "error: what is checked in is not what the sources generate\n  fix        run `cargo xtask generate`, review the diff, and commit it"
        );
        return Ok(OUT_OF_DATE);
    }
    Ok(code)
}

/// The report in a format; coloured only for a person at a terminal.
pub fn rendered(drift: &Drift, format: Format) -> String {
    match format {
        Format::Text => render::text(drift, is_colored()),
        Format::Markdown => render::markdown(drift),
        Format::Json => render::json(drift),
        Format::Github => render::github(drift),
        Format::Junit => render::junit(drift),
        Format::Sarif => render::sarif(drift),
    }
}

/// What a policy makes of a change: [`FINE`] or [`POLICY`].
pub fn exit_code(drift: &Drift, gates: &[Gate]) -> u8 {
    let gates: BTreeSet<Gate> = gates.iter().copied().collect();
    if drift.verdict.is_unknown() && !gates.contains(&Gate::Never) {
        // What was not judged cannot pass.
        return POLICY;
    }
    let fails = drift
        .findings
        .iter()
        .any(|finding| finding.fails() && gates.iter().any(|gate| gate.stops(finding.effect)));
    if fails { POLICY } else { FINE }
}

fn is_colored() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    std::io::stdout().is_terminal() && !refused
}

/// Prints; a reader that has seen enough may close the pipe.
pub fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn is_stale(root: &Path, drift: Drift) -> Result<bool> {
    let Some(generated) = drift.generated else {
        return Ok(false);
    };
    let differences = destination(root).diff(&generated.formatted()?);
    Ok(!differences.is_empty())
}

fn append(file: &Path, text: &str) -> Result<()> {
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| {
            Problem::new(
                file.display().to_string(),
                error.to_string(),
                "give --summary a file that can be written",
            )
            .into()
        })
}

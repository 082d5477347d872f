//! `cargo xtask`: what a maintainer and CI run.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, Parser, Subcommand};
use client_gen::generate::{Destination, Generated, Sources, generate};
use client_gen::problem::{Problem, Result};
use upstream::diff::command::{self as diff, DiffArgs};
use upstream::diff::side;
use upstream::update::{self, UpdateArgs};
use xtask::budget::{self, BudgetArgs};
use xtask::ci;
use xtask::lint::{self, LintArgs};
use xtask::promises::{self, PromisesArgs};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Maintains aitoearn-rs",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Regenerate the low-level client from the vendored document
    Generate(GenerateArgs),
    /// Say what changed in the API description: for the contract, for our crates, for their users
    Diff(DiffArgs),
    /// Take a new upstream document: check it, show what changed, vendor it, regenerate
    Update(UpdateArgs),
    /// Say what a generator or a client will trip over in a document
    Lint(LintArgs),
    /// Check what is promised to those who build on the crates: Rust version, features, licences, docs
    Promises(PromisesArgs),
    /// Hold what the client costs against its budget
    Budget(BudgetArgs),
    /// Run everything that CI runs
    Ci,
}

#[derive(Args)]
struct GenerateArgs {
    /// Write nothing; exit 1 with a diff if anything checked in differs
    #[arg(long)]
    check: bool,
    /// Print the report of every pass
    #[arg(short, long)]
    verbose: bool,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Generate(args) => run_generate(&args),
        Command::Diff(args) => return exit(diff::run(&root(), &args)),
        Command::Update(args) => return exit(update::run(&root(), &args)),
        Command::Lint(args) => return exit(lint::run(&root(), &args)),
        Command::Promises(args) => promises::run(&root(), &args),
        Command::Budget(args) => return exit(budget::run(&root(), &args)),
        Command::Ci => ci::run(&root()).map_err(Into::into),
    };
    match outcome {
        Ok(code) => code,
        Err(problems) => {
            eprintln!("{problems}");
            ExitCode::from(1)
        }
    }
}

/// For commands whose exit codes tell what happened: an error is bad input.
fn exit(outcome: Result<u8>) -> ExitCode {
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(problems) => {
            eprintln!("{problems}");
            ExitCode::from(diff::BAD_INPUT)
        }
    }
}

/// The workspace, wherever the command was called from.
fn root() -> PathBuf {
    // `cargo run` tells where the package is now; the binary only knows where it was built.
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map(Path::to_path_buf).unwrap_or(package)
}

fn run_generate(args: &GenerateArgs) -> Result<ExitCode> {
    let started = Instant::now();
    let (sources, destination) = ours()?;
    let generated = generate(&sources)?;
    if args.verbose {
        print!("{}", generated.report);
    }
    for warning in &generated.warnings {
        eprintln!("warning: {}", spec_diff::escape::visible(&warning.text));
    }
    if args.check {
        return Ok(check(&destination, &generated));
    }
    let written = destination.write(&generated)?;
    for path in &written {
        println!("wrote {}", path.display());
    }
    println!(
        "{} operations, {} types, {} lines of Rust, {} files changed, {:.1} s",
        generated.operations,
        generated.types,
        generated.lines(),
        written.len(),
        started.elapsed().as_secs_f32()
    );
    Ok(ExitCode::SUCCESS)
}

/// Our own document, by paths as a reader of the generated header knows them.
fn ours() -> Result<(Sources, Destination)> {
    let root = root();
    std::env::set_current_dir(&root).map_err(|error| {
        Problem::new(
            root.display().to_string(),
            error.to_string(),
            "run from a checkout of the workspace",
        )
    })?;
    let sources = side::sources();
    let destination = side::destination(Path::new(""));
    Ok((sources, destination))
}

fn check(destination: &Destination, generated: &Generated) -> ExitCode {
    let diff = destination.diff(generated);
    if diff.is_empty() {
        println!(
            "generated code is up to date: {} operations, {} types",
            generated.operations, generated.types
        );
        return ExitCode::SUCCESS;
    }
    print!("{diff}");
    eprintln!(
        "error: what is checked in is not what the sources generate\n  fix        run `cargo xtask generate`, review the diff, and commit it"
    );
    ExitCode::from(1)
}

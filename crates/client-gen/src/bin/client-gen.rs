//! The command `client-gen`: a crate from a document, and what is wrong with a document.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use client_gen::document;
use client_gen::generate::{Generated, Sources};
use client_gen::leave_out::generate_what_can_be;
use client_gen::lint;
use client_gen::names::Names;
use client_gen::package::{self, About};
use client_gen::problem::{Problem, Result};
use client_gen::reader;
use spec_diff::escape::visible;

/// Done.
const FINE: u8 = 0;
/// The document is at fault, or with --strict something was found.
const REFUSED: u8 = 1;

#[derive(Parser)]
#[command(
    version,
    about = "Generates a Rust client that reads well from an OpenAPI document",
    after_help = "Exit codes: 0 done; 1 the document is refused, or --strict or --check found something; 2 wrong usage.",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write a crate with a client for a document
    Generate(GenerateArgs),
    /// Say what a generator or a client will trip over in a document
    Lint(LintArgs),
}

#[derive(Args)]
struct GenerateArgs {
    /// The OpenAPI document (3.0 or 3.1), in JSON or YAML
    spec: PathBuf,
    /// Another folder of files that the document refers to, beside its own
    #[arg(long, value_name = "DIR")]
    refs_root: Option<PathBuf>,
    /// The directory of the crate; what is generated there is written anew, what is yours stays
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Corrections to the document: an Overlay 1.0 in YAML or JSON
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
    /// What things are called in Rust, and rules for the vendor's documents, in TOML
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
    /// What the document no longer mentions, in YAML
    #[arg(long, value_name = "FILE")]
    kept: Option<PathBuf>,
    /// The crate's name [default: made of the document's title]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Write nothing if an operation has to be left out, or if there is a warning
    #[arg(long)]
    strict: bool,
    /// Write nothing; exit 1 with a diff if a generated file differs
    #[arg(long)]
    check: bool,
    /// Print the report of every pass
    #[arg(short, long)]
    verbose: bool,
}

#[derive(Args)]
struct LintArgs {
    /// The OpenAPI document (3.0 or 3.1), in JSON or YAML
    spec: PathBuf,
    /// Another folder of files that the document refers to, beside its own
    #[arg(long, value_name = "DIR")]
    refs_root: Option<PathBuf>,
    /// Rules for the vendor's documents, in TOML
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
    /// Fail if anything is found
    #[arg(long)]
    strict: bool,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Generate(args) => run_generate(&args),
        Command::Lint(args) => run_lint(&args),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(problems) => {
            eprintln!("{problems}");
            ExitCode::from(REFUSED)
        }
    }
}

fn run_generate(args: &GenerateArgs) -> Result<u8> {
    let names = names(args.names.as_deref())?;
    let partly = generate_what_can_be(&Sources {
        spec: args.spec.clone(),
        refs_root: args.refs_root.clone(),
        kept: args.kept.clone(),
        overlay: args.overlay.clone(),
        names: args.names.clone(),
        codes: None,
        runtime: "crate".to_owned(),
        command: "client-gen generate".to_owned(),
    })?;
    let generated = &partly.generated;
    if args.verbose {
        print!("{}", generated.report);
    }
    for problem in &partly.problems {
        eprintln!("{problem}\n");
    }
    if partly.left_out > 0 {
        eprintln!(
            "{} of {} operations; {} left out, for the reasons above",
            generated.operations, partly.operations, partly.left_out
        );
    }
    let word = if args.strict { "error" } else { "warning" };
    for warning in &generated.warnings {
        eprintln!("{word}: {}", visible(&warning.text));
    }
    if args.strict && !(generated.warnings.is_empty() && partly.problems.is_empty()) {
        return Ok(REFUSED);
    }
    let about = about(args, generated)?;
    if args.check {
        return Ok(check(&args.out, generated, names.rules()));
    }
    let written = package::write(&args.out, generated, &about, names.rules())?;
    for path in &written {
        println!("wrote {}", visible(&path.display().to_string()));
    }
    println!(
        "{}: {} operations, {} types, {} lines of Rust, {} files changed",
        about.name,
        generated.operations,
        generated.types,
        generated.lines(),
        written.len()
    );
    Ok(FINE)
}

/// What the crate says of itself, with the name that was asked for.
fn about(args: &GenerateArgs, generated: &Generated) -> Result<About> {
    let mut about = About::of(&generated.lowered)?;
    if let Some(name) = &args.name {
        if !package::is_package_name(name) {
            return Err(Problem::new(
                "--name",
                format!("a crate cannot be called `{name}`"),
                "give lower-case letters, digits and hyphens that begin with a letter and make no keyword",
            )
            .into());
        }
        about.name.clone_from(name);
    }
    Ok(about)
}

fn check(out: &Path, generated: &Generated, rules: &client_gen::rules::Rules) -> u8 {
    let diff = package::diff(out, generated, rules);
    if diff.is_empty() {
        println!(
            "the crate is up to date: {} operations, {} types",
            generated.operations, generated.types
        );
        return FINE;
    }
    print!("{diff}");
    eprintln!(
        "error: what is there is not what the document generates\n  fix        run `client-gen generate` without --check, and review the diff"
    );
    REFUSED
}

fn run_lint(args: &LintArgs) -> Result<u8> {
    let name = args.spec.display().to_string();
    let spec = document::read(&args.spec, args.refs_root.as_deref())?;
    let text = reader::file(&args.spec)?;
    let found = lint::check(&spec, &names(args.names.as_deref())?, None);
    print!("{}", lint::render(&name, &text, &found, 0));
    Ok(if args.strict && !found.is_empty() {
        REFUSED
    } else {
        FINE
    })
}

fn names(file: Option<&Path>) -> Result<Names> {
    match file {
        Some(file) => Names::parse(&reader::file(file)?, &file.display().to_string()),
        None => Ok(Names::default()),
    }
}

//! `cargo xtask lint`: what a generator or a client will trip over in a document.
//!
//! It reads a document as upstream publishes it. What our overlay corrects is counted apart.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use client_gen::emit::codes::Registry;
use client_gen::kept::Kept;
use client_gen::lint::{Lint, check, render};
use client_gen::names::Names;
use client_gen::overlay::Overlay;
use client_gen::problem::Result;
use client_gen::reader;
use client_gen::report::Report;
use client_gen::spec::Spec;

use upstream::diff::command::{FINE, POLICY, print};
use upstream::diff::side::{CODES, DOCUMENT, KEPT, NAMES, OVERLAY, read};

/// What `cargo xtask lint` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 done; 1 with --strict, and something was found that the overlay does not correct; 2 bad input."
)]
pub struct LintArgs {
    /// The document [default: the vendored one]
    pub file: Option<PathBuf>,
    /// Fail if anything is found that the overlay does not correct
    #[arg(long)]
    pub strict: bool,
}

/// Runs the command.
///
/// # Errors
///
/// A document, overlay or registry that cannot be read.
pub fn run(root: &Path, args: &LintArgs) -> Result<u8> {
    let (name, text) = match &args.file {
        None => (DOCUMENT.to_owned(), read(root, DOCUMENT)?),
        Some(file) => (file.display().to_string(), reader::file(file)?),
    };
    let spec = Spec::parse(&text, &name)?;
    let (found, left) = if args.file.is_none() {
        ours(root, &spec)?
    } else {
        // What our rules say is said of our document only, as in generation.
        let found = check(&spec, &Names::default(), None);
        (found.len(), found)
    };
    print(&render(&name, &text, &left, found - left.len()));
    Ok(if args.strict && !left.is_empty() {
        POLICY
    } else {
        FINE
    })
}

/// How much is found in our own document, and what our corrections leave of it.
fn ours(root: &Path, spec: &Spec) -> Result<(usize, Vec<Lint>)> {
    let codes = Registry::parse(&read(root, CODES)?, CODES)?;
    let names = Names::parse(&read(root, NAMES)?, NAMES)?;
    let mut corrected = spec.clone();
    Kept::parse(&read(root, KEPT)?, KEPT)?.apply(
        KEPT,
        names.rules(),
        &mut corrected,
        &mut Report::default(),
    );
    Overlay::parse(&read(root, OVERLAY)?, OVERLAY)?
        .apply(&mut corrected, &mut Report::default())?;
    let found = check(spec, &names, Some(&codes));
    let still: BTreeSet<Lint> = check(&corrected, &names, Some(&codes))
        .into_iter()
        .collect();
    let count = found.len();
    let left = found.into_iter().filter(|lint| still.contains(lint));
    Ok((count, left.collect()))
}

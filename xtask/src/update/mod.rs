//! `cargo xtask update`: takes a new upstream document.
//!
//! It is checked and generated in memory first; only then is anything written, and what was written
//! is put back if the rest cannot be. Nothing here speaks HTTP: `curl` does.

mod fetch;
mod kept;
mod source;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::calendar::today;
use crate::diff::command::{BAD_INPUT, FINE, Format, POLICY, print, rendered};
use crate::diff::side::{DOCUMENT, EXAMPLES, GENERATED, KEPT, REQUESTS, SOURCE, destination, read};
use crate::diff::{Beside, Decisions, Side, compare};
use crate::generate::Generated;
use crate::problem::{Problem, Result};
use crate::spec::Spec;

pub use source::{Facts, refresh};

/// What `cargo xtask update` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 updated, or nothing drifted; 1 generation needs a hand first, \
    and nothing was written, or with --document-anyway the document alone; 2 bad input, network or usage, nothing was written."
)]
pub struct UpdateArgs {
    /// The new document: a file, `-`, an https URL, or `upstream` for the one in openapi/source.toml
    #[arg(value_name = "FILE|-|URL|upstream")]
    pub from: String,
    /// Show what would change, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Keep the words that are vendored wherever both documents have some; with `upstream` they are
    /// kept in any case, because the vendored ones are our own
    #[arg(long)]
    pub keep_words: bool,
    /// If generation needs a hand first, vendor the document alone: for a branch on which somebody
    /// goes on
    #[arg(long)]
    pub document_anyway: bool,
}

/// Runs the command.
///
/// # Errors
///
/// A document that cannot be had or read, or a tree that cannot be written; the tree is as it was.
pub fn run(root: &Path, args: &UpdateArgs) -> Result<u8> {
    let text = fetch::document(root, &args.from)?;
    update(root, args, &text)
}

/// Takes a document's text.
///
/// # Errors
///
/// As [`run`].
pub fn update(root: &Path, args: &UpdateArgs, text: &str) -> Result<u8> {
    let (name, dry_run) = (args.from.as_str(), args.dry_run);
    let mut spec = Spec::parse(text, name)?;
    let current = Side::working_tree(root)?;
    if args.keep_words || name == "upstream" {
        words::keep(
            &mut spec.doc,
            &Spec::parse(&current.document, DOCUMENT)?.doc,
        );
    }
    let document = vendored(&spec)?;
    let memory = kept::remembered(&current, &spec)?;
    let beside = Beside {
        kept: memory.kept.render(&spec),
        ..current.beside.clone()
    };
    let new = Side {
        name: name.to_owned(),
        document: document.clone(),
        beside,
        acknowledged: None,
    };
    let drift = compare(root, &current, &new, &Decisions::default(), false)?;
    if !drift.verdict.changed {
        eprintln!("nothing drifted: {name} says what {DOCUMENT} says");
        if !dry_run {
            settle(root, &spec, &current.document)?;
        }
        return Ok(FINE);
    }
    print(&rendered(&drift, Format::Text));
    if dry_run {
        eprintln!("dry run: nothing was written");
        return Ok(if drift.generated.is_some() {
            FINE
        } else {
            POLICY
        });
    }
    let Some(generated) = drift.generated else {
        if args.document_anyway {
            let source = refresh(&read(root, SOURCE)?, &facts(&spec, &document))?;
            told(
                root,
                write(root, &[&document, &source, &new.beside.kept], None)?,
            );
            eprintln!("next: do what is printed above, and run `cargo xtask generate`");
        } else {
            eprintln!(
                "error: generation stops at what needs action above, so nothing was written\n  fix        edit the overlay, the names or the registry as printed, and run the same command again"
            );
        }
        return Ok(POLICY);
    };
    let generated = generated.formatted()?;
    let source = refresh(&read(root, SOURCE)?, &facts(&spec, &document))?;
    told(
        root,
        write(
            root,
            &[&document, &source, &new.beside.kept],
            Some(&generated),
        )?,
    );
    eprintln!(
        "next: read the diff, accept the snapshots (CONTRIBUTING.md), and run `cargo xtask ci`"
    );
    Ok(FINE)
}

fn told(root: &Path, written: Vec<PathBuf>) {
    for path in written {
        let path = path.strip_prefix(root).unwrap_or(&path);
        eprintln!("wrote {}", path.display());
    }
}

fn facts(spec: &Spec, document: &str) -> Facts {
    Facts {
        sha256: source::sha256(document.as_bytes()),
        date: today(),
        operations: spec.operations().len(),
        schemas: spec.schemas().map_or(0, serde_json::Map::len),
    }
}

/// Writes down what lies in the tree, if somebody put it there by hand.
fn settle(root: &Path, spec: &Spec, document: &str) -> Result<()> {
    let (source, facts) = (read(root, SOURCE)?, facts(spec, document));
    if source.contains(&facts.sha256) {
        return Ok(());
    }
    let path = root.join(SOURCE);
    std::fs::write(&path, refresh(&source, &facts)?).map_err(|error| failed(&path, &error))?;
    eprintln!(
        "wrote {SOURCE}: {DOCUMENT} was not the one that it described\nnext: run `cargo xtask generate`"
    );
    Ok(())
}

/// The document as it is vendored: indented, in upstream's own order.
fn vendored(spec: &Spec) -> Result<String> {
    serde_json::to_string_pretty(&spec.doc)
        .map(|text| text + "\n")
        .map_err(|error| {
            Problem::new("/", error.to_string(), "report this as a bug of xtask").into()
        })
}

/// Writes all or nothing.
fn write(root: &Path, texts: &[&str; 3], generated: Option<&Generated>) -> Result<Vec<PathBuf>> {
    let destination = destination(root);
    let before = snapshot(root, generated);
    let outcome = (|| {
        let mut written = vec![root.join(DOCUMENT), root.join(SOURCE), root.join(KEPT)];
        for (path, text) in written.iter().zip(texts) {
            std::fs::write(path, text).map_err(|error| failed(path, &error))?;
        }
        if let Some(generated) = generated {
            written.extend(destination.write(generated)?);
        }
        Ok(written)
    })();
    if outcome.is_err() {
        for (path, bytes) in before {
            // The first error is the one to report.
            let _ = match bytes {
                Some(bytes) => std::fs::write(path, bytes),
                None => std::fs::remove_file(path),
            };
        }
    }
    outcome
}

/// Every file that an update may touch, as it is now.
fn snapshot(root: &Path, generated: Option<&Generated>) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let (code, requests) = (root.join(GENERATED), root.join(REQUESTS));
    let new = generated.into_iter().flat_map(|it| {
        let code = it.code.keys().map(|name| code.join(name));
        code.chain(it.requests.keys().map(|name| requests.join(name)))
    });
    let there = [&code, &requests]
        .into_iter()
        .filter_map(|directory| std::fs::read_dir(directory).ok());
    let fixed = [
        DOCUMENT,
        SOURCE,
        KEPT,
        EXAMPLES,
        "openapi/lowered.openapi.json",
        "openapi/report.md",
    ];
    fixed
        .iter()
        .map(|path| root.join(path))
        .chain(new)
        .chain(there.flatten().flatten().map(|entry| entry.path()))
        .map(|path| {
            let bytes = std::fs::read(&path).ok();
            (path, bytes)
        })
        .collect()
}

fn failed(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(
        path.display().to_string(),
        error.to_string(),
        "check that the tree can be written; it was left as it was",
    )
}

/// The exit code of an error.
pub const FAILED: u8 = BAD_INPUT;

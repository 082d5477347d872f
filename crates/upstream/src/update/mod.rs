//! `cargo xtask update`: takes a new upstream document, in one go.
//!
//! It ends in one of two states: the tree is new and compiles, or nothing was changed and everything
//! that a person has to decide is listed. What the document no longer mentions is kept, and what is
//! beside the document follows it. Nothing here speaks HTTP: `curl` does.

mod decide;
mod fetch;
mod follow;
mod kept;
mod source;
mod stage;
mod words;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use client_gen::generate::Generated;
use client_gen::kept::Memory;
use client_gen::problem::{Problem, Result};
use client_gen::spec::Spec;

use crate::calendar::today;
use crate::diff::command::{BAD_INPUT, FINE, Format, POLICY, print, rendered};
use crate::diff::side::{
    ACKNOWLEDGED, CODES, DOCUMENT, KEPT, NAMES, OVERLAY, SOURCE, UPDATE, destination, read,
};
use crate::diff::{Beside, Decisions, Drift, Side, compare};
use stage::Files;

pub use decide::Decision;
pub use source::{Facts, refresh};

/// What `cargo xtask update` takes.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[derive(Debug, Default, Args)]
#[command(
    after_help = "Exit codes: 0 updated, or nothing drifted; 1 a person has to decide something first, \
    and nothing was changed; 2 bad input, network or usage, nothing was changed."
)]
pub struct UpdateArgs {
    /// The new document: a file, `-`, an https URL, or `upstream` for the one in openapi/source.toml
    /// [default: the vendored one, to forget something or to settle a file put in place by hand]
    #[arg(value_name = "FILE|-|URL|upstream", default_value = DOCUMENT)]
    pub from: String,
    /// Show what would change, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Keep the words that are vendored wherever both documents have some; with `upstream` they are
    /// kept in any case, because the vendored ones are our own
    #[arg(long)]
    pub keep_words: bool,
    /// If a person has to decide something first, vendor the document, what is kept and what
    /// followed all the same, and generate nothing: for a branch on which somebody decides
    #[arg(long)]
    pub document_anyway: bool,
    /// Do not compile the workspace before the tree is changed
    #[arg(long)]
    pub no_check: bool,
    /// Drop what is kept at a JSON pointer, or of an operation
    #[arg(long, value_name = "POINTER|OPERATION")]
    pub forget: Vec<String>,
    /// Accept a change that the report lists, by its id, or several: `removed:*`; they go to openapi/acknowledged.toml
    #[arg(long, value_name = "ID")]
    pub accept: Vec<String>,
    /// Why what is accepted is accepted
    #[arg(long, value_name = "TEXT", requires = "accept")]
    pub reason: Option<String>,
}

/// Runs the command.
///
/// # Errors
///
/// A document that cannot be had or read, or a tree that cannot be written; the tree is as it was.
pub fn run(root: &Path, args: &UpdateArgs) -> Result<u8> {
    let text = if args.from == DOCUMENT {
        read(root, DOCUMENT)?
    } else {
        fetch::document(root, &args.from)?
    };
    update(root, args, &text)
}

/// What an update would do.
#[derive(Debug)]
pub struct Plan {
    /// The new document.
    pub spec: Spec,
    /// What is kept of what it no longer mentions.
    pub memory: Memory,
    /// The new document with the files beside it, as they follow it.
    pub side: Side,
    /// What was edited beside the document, one line each.
    pub followed: Vec<String>,
    /// What only a person can decide.
    pub decisions: Vec<Decision>,
}

/// Takes a document's text.
///
/// # Errors
///
/// As [`run`].
pub fn update(root: &Path, args: &UpdateArgs, text: &str) -> Result<u8> {
    let started = Instant::now();
    if stage::recover(root)? {
        eprintln!("an update was interrupted while it put its files in place: they are as before");
    }
    let current = Side::working_tree(root)?;
    let plan = plan(args, &current, text)?;
    let (open, accepted) = decide::split(&plan.decisions, &args.accept)?;
    let drift = compare(root, &current, &plan.side, &Decisions::default(), false)?;
    if !drift.verdict.changed && open.is_empty() && plan.side.beside == current.beside {
        return settle(root, args, &plan.spec, &current.document);
    }
    let problems = problems(&drift);
    if !open.is_empty() || drift.generated.is_none() {
        print(&decide::render(&args.from, &open, &problems));
        print(&rendered(&drift, Format::Text));
        if args.document_anyway && !args.dry_run {
            let files = stage::differing(root, beside(root, &plan)?);
            stage::write(root, &files)?;
            told(&files);
            eprintln!("next: decide what is listed above, and run `cargo xtask generate`");
        } else {
            eprintln!(
                "nothing was changed: decide what is listed above, then run the same command again"
            );
        }
        return Ok(POLICY);
    }
    print(&rendered(&drift, Format::Text));
    print(&summary(&plan));
    let acknowledged = decide::acknowledged(
        &read(root, ACKNOWLEDGED).unwrap_or_default(),
        &accepted,
        &drift,
        args.reason.as_deref(),
    );
    let Some(generated) = drift.generated else {
        return Ok(POLICY);
    };
    let generated = generated.formatted()?;
    let files = stage::differing(root, files(root, &plan, &generated, acknowledged)?);
    if args.dry_run {
        eprintln!(
            "dry run: nothing was changed; {} files would be",
            files.len()
        );
        return Ok(FINE);
    }
    let taken = started.elapsed();
    let mut checked = "not compiled, as --no-check says".to_owned();
    if !args.no_check {
        let started = Instant::now();
        let errors = stage::check(root, &files)?;
        if !errors.is_empty() {
            for error in errors.iter().take(40) {
                eprintln!("{error}");
            }
            eprintln!(
                "nothing was changed: the workspace would not compile, {} errors\n  fix        adapt these lines to what the report says, with the new code from --no-check, on a branch",
                errors.len()
            );
            return Ok(POLICY);
        }
        checked = format!(
            "cargo check green in {:.0} s",
            started.elapsed().as_secs_f32()
        );
    }
    stage::write(root, &files)?;
    told(&files);
    eprintln!(
        "taken in {:.1} s, {checked}\nnext: read the diff of openapi/, accept the snapshots (CONTRIBUTING.md), and commit",
        taken.as_secs_f32()
    );
    Ok(FINE)
}

fn told(files: &Files) {
    for (path, text) in files {
        let verb = if text.is_some() { "wrote" } else { "removed" };
        eprintln!("{verb} {}", path.display());
    }
}

/// Works out what a document would do, without writing anything.
///
/// # Errors
///
/// A text that is no `OpenAPI` document, files beside it that cannot be read, or nothing to forget.
pub fn plan(args: &UpdateArgs, current: &Side, text: &str) -> Result<Plan> {
    let mut spec = Spec::parse(text, &args.from)?;
    if args.keep_words || args.from == "upstream" {
        words::keep(
            &mut spec.doc,
            &Spec::parse(&current.document, DOCUMENT)?.doc,
        );
    }
    let document = vendored(&spec)?;
    let memory = kept::remembered(current, &spec, &args.forget)?;
    let side = Side {
        name: args.from.clone(),
        document,
        beside: Beside {
            kept: memory.kept.render(&spec, UPDATE),
            ..current.beside.clone()
        },
        acknowledged: None,
    };
    let followed = follow::follow(current, &side)?;
    let mut decisions: Vec<Decision> = memory.changes.iter().map(Decision::of).collect();
    decisions.extend(followed.stuck.iter().map(Decision::edit));
    Ok(Plan {
        spec,
        memory,
        side: Side {
            beside: followed.beside,
            ..side
        },
        followed: followed.lines,
        decisions,
    })
}

/// Why nothing can be generated, if that is so.
fn problems(drift: &Drift) -> Vec<String> {
    if drift.generated.is_some() {
        return Vec::new();
    }
    drift.todo()
}

/// What is kept no longer and what followed, for a person; what is kept is in the report.
fn summary(plan: &Plan) -> String {
    let mut text = String::new();
    let mut section = |title: String, lines: &[String]| {
        if !lines.is_empty() {
            let _ = writeln!(text, "\n{title}");
            for line in lines {
                let _ = writeln!(text, "  {line}");
            }
        }
    };
    let again = client_gen::kept::by_cause(&plan.memory.described_again);
    section("Described again, and kept no longer".to_owned(), &again);
    section("Followed".to_owned(), &plan.followed);
    text
}

/// Every file of the new tree, whether it differs or not.
fn files(
    root: &Path,
    plan: &Plan,
    generated: &Generated,
    acknowledged: Option<String>,
) -> Result<Files> {
    let below = |path: PathBuf| {
        path.strip_prefix(root)
            .map(Path::to_path_buf)
            .unwrap_or(path)
    };
    let mut files: Files = destination(root)
        .changes(generated)
        .into_iter()
        .map(|(path, text)| (below(path), text))
        .collect();
    files.extend(beside(root, plan)?);
    if let Some(text) = acknowledged {
        files.insert(ACKNOWLEDGED.into(), Some(text));
    }
    Ok(files)
}

/// The document, and the files beside it that follow it.
fn beside(root: &Path, plan: &Plan) -> Result<Files> {
    let source = refresh(
        &read(root, SOURCE)?,
        &facts(&plan.spec, &plan.side.document),
    )?;
    let Side {
        document, beside, ..
    } = &plan.side;
    let texts = [
        (DOCUMENT, document),
        (SOURCE, &source),
        (KEPT, &beside.kept),
        (OVERLAY, &beside.overlay),
        (NAMES, &beside.names),
        (CODES, &beside.codes),
    ];
    let texts = texts.map(|(path, text)| (path.into(), Some(text.clone())));
    Ok(texts.into_iter().collect())
}

fn facts(spec: &Spec, document: &str) -> Facts {
    Facts {
        sha256: source::sha256(document.as_bytes()),
        date: today(),
        operations: spec.operations().len(),
        schemas: spec.schemas().map_or(0, serde_json::Map::len),
    }
}

/// Writes down what is in the tree, if somebody put it there by hand.
fn settle(root: &Path, args: &UpdateArgs, spec: &Spec, document: &str) -> Result<u8> {
    eprintln!("nothing drifted: {} says what {DOCUMENT} says", args.from);
    let (source, facts) = (read(root, SOURCE)?, facts(spec, document));
    if args.dry_run || source.contains(&facts.sha256) {
        return Ok(FINE);
    }
    let files = Files::from([(SOURCE.into(), Some(refresh(&source, &facts)?))]);
    stage::write(root, &files)?;
    eprintln!(
        "wrote {SOURCE}: {DOCUMENT} was not the one that it described\nnext: run `cargo xtask generate`"
    );
    Ok(FINE)
}

/// The document as it is vendored: indented, in upstream's own order.
fn vendored(spec: &Spec) -> Result<String> {
    serde_json::to_string_pretty(&spec.doc)
        .map(|text| text + "\n")
        .map_err(|error| {
            Problem::new("/", error.to_string(), "report this as a bug of xtask").into()
        })
}

/// The exit code of an error.
pub const FAILED: u8 = BAD_INPUT;

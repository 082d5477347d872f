//! `cargo xtask lint`: what a generator or a client will trip over in a document.
//!
//! It reads a document as upstream publishes it. What our overlay corrects is counted apart.

mod answers;
mod contracts;
mod examples;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;
use spec_diff::escape::line as visible_line;

use crate::diff::Lines;
use crate::diff::command::{FINE, POLICY, print};
use crate::diff::side::{CODES, DOCUMENT, KEPT, NAMES, OVERLAY, read};
use crate::emit::codes::{Registry, documented};
use crate::kept::Kept;
use crate::names::Names;
use crate::overlay::Overlay;
use crate::problem::Result;
use crate::reader;
use crate::report::Report;
use crate::spec::{Spec, escape};

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

/// One thing to trip over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lint {
    /// Stable name of the kind, in kebab-case.
    pub rule: &'static str,
    /// JSON pointer.
    pub pointer: String,
    /// What is there and why that hurts.
    pub what: String,
    /// What to do.
    pub remedy: &'static str,
}

impl Lint {
    fn new(
        rule: &'static str,
        pointer: impl Into<String>,
        what: impl Into<String>,
        remedy: &'static str,
    ) -> Self {
        Self {
            rule,
            pointer: pointer.into(),
            what: what.into(),
            remedy,
        }
    }
}

/// Looks at a document; `names` know which numbers are whole, `codes` is the registry's text, where
/// there is one.
///
/// # Errors
///
/// A registry that cannot be read.
pub fn check(spec: &Spec, names: &Names, codes: Option<&str>) -> Result<Vec<Lint>> {
    let mut found = contracts::check(spec, names);
    found.extend(answers::check(spec));
    found.extend(examples::check(spec));
    for contradiction in crate::diff::contradictions(spec) {
        found.push(Lint::new(
            contradiction.id,
            contradiction.pointer,
            contradiction.what,
            "ask upstream which of the two is true; correct the other in the overlay",
        ));
    }
    if let Some(codes) = codes {
        let registry = Registry::parse(codes, CODES)?;
        for operation in spec.operations() {
            for (code, _) in documented(operation.node) {
                if registry.constant(code).is_none() {
                    found.push(Lint::new(
                        "code-not-in-registry",
                        operation.pointer(),
                        format!("the code {code} has no entry in {CODES}"),
                        "add a [[code]] entry with meaning and advice",
                    ));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
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
    let is_ours = args.file.is_none();
    let codes = is_ours.then(|| read(root, CODES)).transpose()?;
    // What our names say of numbers is said of our document only, as in generation.
    let names = if is_ours {
        Names::parse(&read(root, NAMES)?, NAMES)?
    } else {
        Names::default()
    };
    let found = check(&spec, &names, codes.as_deref())?;
    let left = if is_ours {
        let mut corrected = spec.clone();
        Kept::parse(&read(root, KEPT)?, KEPT)?.apply(&mut corrected, &mut Report::default());
        Overlay::parse(&read(root, OVERLAY)?, OVERLAY)?
            .apply(&mut corrected, &mut Report::default())?;
        let left: BTreeSet<Lint> = check(&corrected, &names, codes.as_deref())?
            .into_iter()
            .collect();
        found
            .iter()
            .filter(|lint| left.contains(lint))
            .cloned()
            .collect()
    } else {
        found.clone()
    };
    print(&render(&name, &text, &left, found.len() - left.len()));
    Ok(if args.strict && !left.is_empty() {
        POLICY
    } else {
        FINE
    })
}

/// Places shown of each rule.
const SHOWN: usize = 10;

fn render(name: &str, text: &str, found: &[Lint], corrected: usize) -> String {
    let lines = Lines::of(text);
    let mut out = String::new();
    for group in found.chunk_by(|a, b| a.rule == b.rule) {
        let Some(first) = group.first() else { continue };
        let _ = writeln!(
            out,
            "{} ({})\n  do {}",
            first.rule,
            group.len(),
            first.remedy
        );
        for lint in group.iter().take(SHOWN) {
            let line = lines.line(&lint.pointer).unwrap_or(1);
            let place = format!("{name}:{line} {}", lint.pointer);
            let _ = writeln!(
                out,
                "  {}\n    {}",
                visible_line(&place),
                visible_line(&lint.what)
            );
        }
        if group.len() > SHOWN {
            let _ = writeln!(out, "  and {} more", group.len() - SHOWN);
        }
        out.push('\n');
    }
    let _ = write!(out, "{name}: {} found", found.len());
    if corrected > 0 {
        let _ = write!(out, ", {corrected} more that the overlay corrects");
    }
    out.push('\n');
    out
}

/// Calls `look` with every schema below a place, and its pointer; examples are data.
fn each_schema(pointer: &str, schema: &Value, look: &mut dyn FnMut(&str, &Value)) {
    look(pointer, schema);
    for (key, value) in crate::spec::entries(schema) {
        match (key.as_str(), value) {
            ("properties" | "patternProperties", Value::Object(members)) => {
                for (name, member) in members {
                    each_schema(&format!("{pointer}/{key}/{}", escape(name)), member, look);
                }
            }
            ("allOf" | "anyOf" | "oneOf", Value::Array(members)) => {
                for (index, member) in members.iter().enumerate() {
                    each_schema(&format!("{pointer}/{key}/{index}"), member, look);
                }
            }
            ("items" | "additionalProperties" | "not", Value::Object(_)) => {
                each_schema(&format!("{pointer}/{key}"), value, look);
            }
            _ => {}
        }
    }
}

/// The media types of every answer: pointer, media type, and the object.
fn each_answer(spec: &Spec) -> Vec<(String, &str, &Value)> {
    let mut all = Vec::new();
    for operation in spec.operations() {
        for (status, response) in crate::spec::entries(&operation.node["responses"]) {
            for (media_type, media) in crate::spec::entries(&response["content"]) {
                let pointer = format!(
                    "{}/responses/{}/content/{}",
                    operation.pointer(),
                    escape(status),
                    escape(media_type)
                );
                all.push((pointer, media_type.as_str(), media));
            }
        }
    }
    all
}

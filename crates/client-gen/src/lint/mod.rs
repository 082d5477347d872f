//! What a generator or a client will trip over in a document, as it is published.

mod answers;
mod codes;
mod contracts;
mod examples;

use std::fmt::Write as _;

use serde_json::Value;
use spec_diff::escape::line as visible_line;

use crate::emit::codes::{Registry, documented};
use crate::lines::Lines;
use crate::names::Names;
use crate::spec::{Spec, escape};

pub use codes::{Contradiction, contradictions, examples as code_examples};

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

/// Looks at a document; `names` know which numbers are whole, `codes` is the registry of result
/// codes, where there is one.
pub fn check(spec: &Spec, names: &Names, codes: Option<&Registry>) -> Vec<Lint> {
    let mut found = contracts::check(spec, names);
    found.extend(answers::check(spec));
    found.extend(examples::check(spec));
    for contradiction in contradictions(spec, names.rules()) {
        found.push(Lint::new(
            contradiction.id,
            contradiction.pointer,
            contradiction.what,
            "ask upstream which of the two is true; correct the other in the overlay",
        ));
    }
    if let Some(registry) = codes {
        for operation in spec.operations() {
            for (code, _) in documented(operation.node, names.rules()) {
                if registry.constant(code).is_none() {
                    found.push(Lint::new(
                        "code-not-in-registry",
                        operation.pointer(),
                        format!("the code {code} has no entry in {}", registry.file()),
                        "add a [[code]] entry with meaning and advice",
                    ));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Places shown of each rule.
const SHOWN: usize = 10;

/// A report for the terminal: `found` in the document `text`, which is called `name`; an overlay
/// corrects as many more as `corrected` says.
pub fn render(name: &str, text: &str, found: &[Lint], corrected: usize) -> String {
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

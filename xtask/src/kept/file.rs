//! `openapi/kept.yaml`: reading and writing it.
//!
//! Facts are grouped by cause and owner, so that a diff shows one line per fact and says the day,
//! the version and the reason once. Values are JSON, which is YAML as well.

use std::fmt::Write as _;

use serde_json::Value;

use super::fact::{Cause, Fact, Owner};
use crate::overlay::yaml;
use crate::problem::{Problem, Problems, Result};
use crate::spec::Spec;

const HEADER: &str = "\
# What upstream's description no longer mentions and what stays true all the same.
# Written by `cargo xtask update`; every generation adds it to the document, before the overlay.
# A fact that upstream describes again disappears by itself. To drop one on purpose:
# `cargo xtask update --forget POINTER` (or an operation, for all of its facts).
";

/// The facts of `openapi/kept.yaml`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kept {
    /// In the order of the file: by cause, then owner, then pointer.
    pub facts: Vec<Fact>,
}

impl Kept {
    /// Reads the file; an empty text holds no facts.
    ///
    /// # Errors
    ///
    /// Text that is not YAML, or a group that lacks a part.
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let document = yaml(text, file)?;
        let Some(groups) = document["kept"].as_array() else {
            return Err(Problem::new(
                file,
                "this is not a file of kept facts: it has no list called `kept`",
                "take the file from git, or delete it and run `cargo xtask update` again",
            )
            .into());
        };
        let mut facts = Vec::new();
        let mut problems = Vec::new();
        for (index, group) in groups.iter().enumerate() {
            match parse_group(group) {
                Ok(group) => facts.extend(group),
                Err(what) => problems.push(Problem::new(
                    format!("{file}, group {}", index + 1),
                    what,
                    "mend it like the groups beside it, or delete it and run `cargo xtask update` again",
                )),
            }
        }
        Problems::none_or(problems)?;
        let mut kept = Self { facts };
        kept.sort();
        Ok(kept)
    }

    /// The text of the file; empty when nothing is kept.
    pub fn render(&self, spec: &Spec) -> String {
        let mut text = HEADER.to_owned();
        if self.facts.is_empty() {
            text.push_str("kept: []\n");
            return text;
        }
        text.push_str("kept:\n");
        let mut previous: Option<&Fact> = None;
        for fact in &self.facts {
            if !previous.is_some_and(|previous| same_group(previous, fact)) {
                group_head(&mut text, fact, spec);
            }
            let at = fact.pointer.strip_prefix(&base(&fact.owner, spec));
            let at = at.unwrap_or(&fact.pointer);
            let _ = writeln!(text, "      - at: {}", Value::from(at));
            let _ = writeln!(text, "        keep: {}", fact.value);
            previous = Some(fact);
        }
        text
    }

    pub(super) fn sort(&mut self) {
        self.facts.sort_by(|a, b| {
            let key = |fact: &Fact| {
                (
                    fact.cause,
                    fact.owner.clone(),
                    fact.since.clone(),
                    fact.described.clone(),
                    fact.reason.clone(),
                    fact.pointer.clone(),
                )
            };
            key(a).cmp(&key(b))
        });
    }
}

fn same_group(a: &Fact, b: &Fact) -> bool {
    a.cause == b.cause
        && a.owner == b.owner
        && a.since == b.since
        && a.described == b.described
        && a.reason == b.reason
}

/// What the pointers of a group start with, which is written once.
fn base(owner: &Owner, spec: &Spec) -> String {
    match owner {
        Owner::Component(name) => {
            format!("/components/schemas/{}", crate::spec::escape(name))
        }
        Owner::Operation(id) => spec
            .operations()
            .iter()
            .find(|operation| operation.id() == id)
            .map(crate::spec::Operation::pointer)
            .unwrap_or_default(),
    }
}

fn group_head(text: &mut String, fact: &Fact, spec: &Spec) {
    let _ = writeln!(text, "\n  - cause: {}", fact.cause.word());
    match &fact.owner {
        Owner::Operation(id) => {
            let _ = writeln!(text, "    operation: {}", Value::from(id.as_str()));
        }
        Owner::Component(name) => {
            let _ = writeln!(text, "    schema: {}", Value::from(name.as_str()));
        }
    }
    let base = base(&fact.owner, spec);
    let _ = writeln!(text, "    below: {}", Value::from(base.as_str()));
    let _ = writeln!(text, "    since: {}", Value::from(fact.since.as_str()));
    let _ = writeln!(text, "    described: {}", Value::from(fact.described.as_str()));
    let _ = writeln!(text, "    reason: {}", Value::from(fact.reason.as_str()));
    let _ = writeln!(text, "    facts:");
}

fn parse_group(group: &Value) -> std::result::Result<Vec<Fact>, String> {
    let text = |key: &str| {
        group[key]
            .as_str()
            .map(ToOwned::to_owned)
            .ok_or_else(|| format!("the group has no `{key}`"))
    };
    let word = text("cause")?;
    let cause = Cause::ALL
        .into_iter()
        .find(|cause| cause.word() == word)
        .ok_or_else(|| format!("`{word}` is no cause that is known"))?;
    let owner = match (group["operation"].as_str(), group["schema"].as_str()) {
        (Some(id), None) => Owner::Operation(id.to_owned()),
        (None, Some(name)) => Owner::Component(name.to_owned()),
        _ => return Err("the group has neither `operation` nor `schema`, or both".to_owned()),
    };
    let (below, since) = (text("below")?, text("since")?);
    let (described, reason) = (text("described")?, text("reason")?);
    let facts = group["facts"]
        .as_array()
        .ok_or("the group has no list `facts`")?;
    facts
        .iter()
        .map(|fact| {
            let at = fact["at"].as_str().ok_or("a fact has no `at`")?;
            Ok(Fact {
                cause,
                owner: owner.clone(),
                pointer: format!("{below}{at}"),
                value: fact.get("keep").cloned().ok_or("a fact has no `keep`")?,
                since: since.clone(),
                described: described.clone(),
                reason: reason.clone(),
            })
        })
        .collect()
}

//! The file of kept facts: reading and writing it.
//!
//! Facts are grouped by cause, and below it by operation or named schema, so that a diff shows one
//! line per fact and says the day, the version and the reason once. Values are JSON, which is YAML
//! as well.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::fact::{Cause, Fact, Owner};
use crate::names::Names;
use crate::overlay::yaml;
use crate::problem::{Problem, Problems, Result};
use crate::spec::{Spec, entries};

/// How the file begins; `command` is what writes it.
fn header(command: &str) -> String {
    format!(
        "\
# What upstream's description no longer mentions and what stays true all the same.
# Written by `{command}`; every generation adds it to the document, before the overlay.
# A fact that upstream describes again disappears by itself. To drop one on purpose:
# `{command} --forget POINTER` (or an operation, for all of its facts).
"
    )
}

/// The facts that are kept beside a document.
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
                "take the file from git, or delete it and take the document again",
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
                    "mend it like the groups beside it, or delete it and take the document again",
                )),
            }
        }
        Problems::none_or(problems)?;
        let mut kept = Self { facts };
        kept.sort();
        Ok(kept)
    }

    /// The text of the file; `spec` knows where the operations are, `command` is what writes it.
    pub fn render(&self, spec: &Spec, command: &str) -> String {
        let mut text = header(command);
        if self.facts.is_empty() {
            text.push_str("kept: []\n");
            return text;
        }
        text.push_str("kept:\n");
        let mut previous: Option<&Fact> = None;
        for fact in &self.facts {
            let is_same = previous.is_some_and(|it| group(it) == group(fact));
            if !is_same {
                head(&mut text, fact);
            }
            let base = base(&fact.owner, spec);
            let is_same_kind = |it: &Fact| {
                matches!(it.owner, Owner::Operation(_)) == matches!(fact.owner, Owner::Operation(_))
            };
            if !(is_same && previous.is_some_and(is_same_kind)) {
                let _ = writeln!(text, "    {}:", owners(&fact.owner));
            }
            if !(is_same && previous.is_some_and(|it| it.owner == fact.owner)) {
                let _ = writeln!(text, "      {}:", Value::from(fact.owner.name()));
                if matches!(fact.owner, Owner::Operation(_)) {
                    let _ = writeln!(text, "        {BELOW}: {}", Value::from(base.as_str()));
                }
            }
            let at = fact.pointer.strip_prefix(&base).unwrap_or(&fact.pointer);
            let _ = writeln!(text, "        {}: {}", Value::from(at), fact.value);
            previous = Some(fact);
        }
        text
    }

    /// Drops the facts at or below a JSON pointer, and those of an operation or named schema, whose
    /// operationId or name in Rust is given; returns how many those were.
    pub fn forget(&mut self, these: &[String], names: &Names) -> usize {
        let before = self.facts.len();
        self.facts.retain(|fact| {
            !these.iter().any(|it| {
                let below = fact.pointer.strip_prefix(it.as_str());
                let is_at = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
                let owner = fact.owner.name();
                let is_called = matches!(fact.owner, Owner::Operation(_))
                    && *it == names.operation_or_rule(owner);
                (it.starts_with('/') && is_at) || it == owner || is_called
            })
        });
        before - self.facts.len()
    }

    pub(super) fn sort(&mut self) {
        self.facts.sort_by(|a, b| {
            let key = |fact: &Fact| {
                let (cause, since, described, reason) = group(fact);
                let words = [since, described, reason].map(ToOwned::to_owned);
                (cause, words, fact.owner.clone(), fact.pointer.clone())
            };
            key(a).cmp(&key(b))
        });
    }
}

/// What facts there are, one line for each cause, with the operations and schemas that have most.
pub fn by_cause(facts: &[Fact]) -> Vec<String> {
    let of = |cause: Cause| facts.iter().filter(move |fact| fact.cause == cause);
    Cause::ALL
        .into_iter()
        .filter(|cause| of(*cause).next().is_some())
        .map(|cause| {
            let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
            for fact in of(cause) {
                *owners.entry(fact.owner.name()).or_default() += fact.size();
            }
            let total: usize = owners.values().sum();
            let mut owners: Vec<(&str, usize)> = owners.into_iter().collect();
            owners.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
            let most = owners
                .iter()
                .take(3)
                .map(|(name, count)| format!("{name} {count}"));
            let most: Vec<String> = most.collect();
            let more = if owners.len() > 3 { ", …" } else { "" };
            format!(
                "{total:>4}  {} ({} places): {}{more}",
                cause.title(),
                owners.len(),
                most.join(", ")
            )
        })
        .collect()
}

/// Where the pointers of an operation start.
const BELOW: &str = "below";

/// What the facts of a group have in common.
fn group(fact: &Fact) -> (Cause, &str, &str, &str) {
    (fact.cause, &fact.since, &fact.described, &fact.reason)
}

fn owners(owner: &Owner) -> &'static str {
    match owner {
        Owner::Operation(_) => "operations",
        Owner::Component(_) => "schemas",
    }
}

/// What the pointers of an owner start with, which is written once or not at all.
fn base(owner: &Owner, spec: &Spec) -> String {
    match owner {
        Owner::Component(name) => schema(name),
        Owner::Operation(id) => spec
            .operations()
            .iter()
            .find(|operation| operation.id() == id)
            .map(crate::spec::Operation::pointer)
            .unwrap_or_default(),
    }
}

fn schema(name: &str) -> String {
    format!("/components/schemas/{}", crate::spec::escape(name))
}

fn head(text: &mut String, fact: &Fact) {
    let (cause, since, described, reason) = group(fact);
    let _ = write!(
        text,
        "\n  # {}\n  - cause: {}\n    since: {}\n    described: {}\n    reason: {}\n",
        cause.title(),
        cause.word(),
        Value::from(since),
        Value::from(described),
        Value::from(reason)
    );
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
    let (since, described, reason) = (text("since")?, text("described")?, text("reason")?);
    let mut facts = Vec::new();
    let mut take = |owner: Owner, base: &str, members: &Value| {
        for (at, value) in entries(members).filter(|(at, _)| *at != BELOW) {
            facts.push(Fact {
                cause,
                owner: owner.clone(),
                pointer: format!("{base}{at}"),
                value: value.clone(),
                since: since.clone(),
                described: described.clone(),
                reason: reason.clone(),
            });
        }
    };
    for (id, members) in entries(&group["operations"]) {
        let below = members[BELOW]
            .as_str()
            .ok_or_else(|| format!("`{id}` has no `{BELOW}`"))?;
        take(Owner::Operation(id.clone()), below, members);
    }
    for (name, members) in entries(&group["schemas"]) {
        take(Owner::Component(name.clone()), &schema(name), members);
    }
    if facts.is_empty() {
        return Err("the group holds no fact".to_owned());
    }
    Ok(facts)
}

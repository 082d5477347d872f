//! Compares everything that is known with what a new document says of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::align::{For, Found, Walk};
use super::pairs::{pairs, template};
use super::shape::component;
use super::{Cause, Change, ChangeKind, Fact, Kept, Owner, requests};
use crate::emit::codes::documented;
use crate::names::Names;
use crate::overlay::Overlay;
use crate::report::Report;
use crate::rules::Rules;
use crate::spec::{Operation, Spec, elements, entries, escape};

/// What became of everything that was known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Memory {
    /// What the new document does not say, to be checked in.
    pub kept: Kept,
    /// Of those, what was still described until now.
    pub added: Vec<Fact>,
    /// What was kept and is described again.
    pub described_again: Vec<Fact>,
    /// What the new document says otherwise.
    pub changes: Vec<Change>,
}

/// What is known: the vendored document with what is kept beside it.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The vendored document.
    pub document: &'a Spec,
    /// What is kept.
    pub kept: &'a Kept,
    /// The version of that document, such as `1.0.0, sha256 9ae8730f`.
    pub version: &'a str,
    /// Our corrections, which hold for both documents.
    pub overlay: Option<&'a Overlay>,
    /// What names say of numbers.
    pub names: &'a Names,
}

/// Compares what is known with a new document.
pub fn remember(known: &Known<'_>, new: &Spec, today: &str) -> Memory {
    let rules = known.names.rules();
    let mut old = known.document.clone();
    known.kept.add_to(&mut old, rules);
    let is_whole = |name: &str| rules.is_whole(name);
    let mut memory = Memory::default();

    // References first: they decide which schema stands where.
    let mut found = walk(&old, new, For::References, &is_whole).found;
    found.extend(requests::references(&old, new));
    let referring = dated(&found, known, today);
    let mut with_references = new.clone();
    referring.add_to(&mut with_references, rules);

    let rest = walk(&old, &with_references, For::Rest, &is_whole);
    found.extend(rest.found);
    memory.changes = rest.changes;
    found.extend(optional(&old, new, &with_references));
    found.extend(codes(&old, new, rules));

    let settled = |document: &Spec| {
        let mut spec = document.clone();
        if let Some(overlay) = known.overlay {
            // An action that matches nothing is reported where the document is generated.
            let _ = overlay.apply(&mut spec, &mut Report::default());
        }
        spec
    };
    let asked = requests::compare(
        (&old, &settled(&old)),
        (&with_references, &settled(&with_references)),
        today,
    );
    found.extend(asked.found);
    memory.changes.extend(asked.changes);

    memory.kept = dated(&found, known, today);
    let is_in = |kept: &Kept, fact: &Fact| {
        kept.facts
            .iter()
            .any(|it| it.cause == fact.cause && it.pointer == fact.pointer)
    };
    memory.added = memory
        .kept
        .facts
        .iter()
        .filter(|fact| !is_in(known.kept, fact))
        .cloned()
        .collect();
    memory.described_again = known
        .kept
        .facts
        .iter()
        .filter(|fact| !is_in(&memory.kept, fact))
        .cloned()
        .collect();
    for change in &mut memory.changes {
        change.operation = known.names.operation_or_rule(&change.operation);
    }
    memory.changes.sort_by(|a, b| {
        (a.kind, &a.operation, &a.pointer).cmp(&(b.kind, &b.operation, &b.pointer))
    });
    memory.changes.dedup();
    memory
}

/// Facts with day, version and reason; those that were kept already keep theirs.
fn dated(found: &[Found], known: &Known<'_>, today: &str) -> Kept {
    let mut facts: Vec<Fact> = Vec::new();
    for found in found {
        if facts.iter().any(|it| {
            it.cause == found.cause && it.pointer == found.pointer && it.value == found.value
        }) {
            continue;
        }
        let before = known
            .kept
            .facts
            .iter()
            .find(|it| it.cause == found.cause && it.pointer == found.pointer);
        facts.push(Fact {
            cause: found.cause,
            owner: found.owner.clone(),
            pointer: found.pointer.clone(),
            value: found.value.clone(),
            since: before.map_or(today, |it| &it.since).to_owned(),
            described: before.map_or(known.version, |it| &it.described).to_owned(),
            reason: before
                .map_or(found.cause.reason(), |it| &it.reason)
                .to_owned(),
        });
    }
    let mut kept = Kept { facts };
    kept.sort();
    kept
}

struct Walked {
    found: Vec<Found>,
    changes: Vec<Change>,
}

/// Walks the responses of every operation, and then the named schemas that they meet.
fn walk(old: &Spec, new: &Spec, purpose: For, is_whole: &dyn Fn(&str) -> bool) -> Walked {
    let mut walked = Walked {
        found: Vec::new(),
        changes: Vec::new(),
    };
    let mut queue: Vec<(String, String, String)> = Vec::new();
    for (was, is) in pairs(old, new) {
        let Some(is) = is else {
            walked.changes.push(Change {
                kind: ChangeKind::Removed,
                operation: was.id().to_owned(),
                pointer: was.pointer(),
                was: format!("{} {}", was.method.to_uppercase(), was.path),
                is: "nothing".to_owned(),
            });
            continue;
        };
        if was.pointer() != is.pointer()
            && crate::spec::unescape(&template(was.path))
                != crate::spec::unescape(&template(is.path))
        {
            walked.changes.push(Change {
                kind: ChangeKind::Moved,
                operation: was.id().to_owned(),
                pointer: was.pointer(),
                was: format!("{} {}", was.method.to_uppercase(), was.path),
                is: format!("{} {}", is.method.to_uppercase(), is.path),
            });
        }
        let mut walk = Walk::new(
            (old, new),
            purpose,
            is_whole,
            Owner::Operation(is.id().to_owned()),
            was.id(),
        );
        responses(&mut walk, &was, &is);
        walk.settle_moves();
        queue.extend(
            walk.met
                .into_iter()
                .map(|(a, b)| (a, b, was.id().to_owned())),
        );
        walked.found.extend(walk.found);
        walked.changes.extend(walk.changes);
    }
    let mut seen = BTreeSet::new();
    while let Some((old_at, new_at, operation)) = queue.pop() {
        if !seen.insert((old_at.clone(), new_at.clone())) {
            continue;
        }
        let (Some(was), Some(is)) = (old.doc.pointer(&old_at), new.doc.pointer(&new_at)) else {
            continue;
        };
        let owner = component(&new_at).unwrap_or_default();
        let mut walk = Walk::new(
            (old, new),
            purpose,
            is_whole,
            Owner::Component(owner),
            &operation,
        );
        walk.schemas(was, is, &new_at, "");
        walk.settle_moves();
        queue.extend(walk.met.into_iter().map(|(a, b)| (a, b, operation.clone())));
        walked.found.extend(walk.found);
        walked.changes.extend(walk.changes);
    }
    walked
}

fn responses(walk: &mut Walk<'_>, was: &Operation<'_>, is: &Operation<'_>) {
    let base = format!("{}/responses", is.pointer());
    let success = |node: &'_ Value| -> Vec<String> {
        entries(&node["responses"])
            .map(|(status, _)| status.clone())
            .filter(|status| status.starts_with('2'))
            .collect()
    };
    let there = success(is.node);
    for status in success(was.node) {
        let known = walk.old.resolve(&was.node["responses"][&status]);
        let counterpart = if there.contains(&status) {
            status.clone()
        } else if let [only] = there.as_slice() {
            only.clone()
        } else {
            walk.media(&base, json!({ status: known }));
            continue;
        };
        let now = walk.new.resolve(&is.node["responses"][&counterpart]);
        let at = format!("{base}/{}", escape(&counterpart));
        for (media_type, known) in entries(&known["content"]) {
            let Some(now) = now["content"].get(media_type) else {
                let holder = if now["content"].is_object() {
                    walk.media(&format!("{at}/content"), json!({ media_type: known }));
                    continue;
                } else {
                    &at
                };
                walk.media(holder, json!({ "content": { media_type: known } }));
                continue;
            };
            let at = format!("{at}/content/{}", escape(media_type));
            for (name, example) in entries(&known["examples"]) {
                if now["examples"].get(name).is_none() {
                    walk.example(&format!("{at}/examples/{}", escape(name)), example.clone());
                }
            }
            match (known.get("schema"), now.get("schema")) {
                (Some(was), Some(is)) => walk.schemas(was, is, &format!("{at}/schema"), ""),
                (Some(was), None) => walk.media(&at, json!({ "schema": was })),
                (None, _) => {}
            }
        }
    }
}

/// What a named schema newly requires, though no response of the document points at it.
fn optional(old: &Spec, new: &Spec, with_references: &Spec) -> Vec<Found> {
    let responses = |spec: &Spec| {
        let operations = spec.operations();
        spec.reach(operations.iter().map(|it| &it.node["responses"]))
    };
    let pointed_at = responses(new);
    let mut found = Vec::new();
    for name in responses(with_references) {
        let at = format!("/components/schemas/{}", escape(&name));
        if pointed_at.contains(&name) {
            continue;
        }
        if let (Some(was), Some(is)) = (old.doc.pointer(&at), with_references.doc.pointer(&at)) {
            newly_required(was, is, &at, &name, &mut found);
        }
    }
    found
}

fn newly_required(was: &Value, is: &Value, at: &str, name: &str, found: &mut Vec<Found>) {
    let new: Vec<Value> = elements(&is["required"])
        .filter(|name| !elements(&was["required"]).any(|it| it == *name))
        .filter(|name| {
            name.as_str()
                .is_some_and(|name| was["properties"].get(name).is_some())
        })
        .cloned()
        .collect();
    if !new.is_empty() {
        found.push(Found {
            cause: Cause::Optional,
            owner: Owner::Component(name.to_owned()),
            pointer: at.to_owned(),
            value: new.into(),
        });
    }
    for (property, was) in entries(&was["properties"]) {
        if let Some(is) = is["properties"].get(property) {
            newly_required(
                was,
                is,
                &format!("{at}/properties/{}", escape(property)),
                name,
                found,
            );
        }
    }
    if let (Some(was), Some(is)) = (was.get("items"), is.get("items")) {
        newly_required(was, is, &format!("{at}/items"), name, found);
    }
}

/// Result codes that an operation no longer lists.
fn codes(old: &Spec, new: &Spec, rules: &Rules) -> Vec<Found> {
    let mut found = Vec::new();
    for (was, is) in pairs(old, new) {
        let Some(is) = is else { continue };
        let now: BTreeMap<i64, Option<String>> = documented(is.node, rules);
        let lost: Vec<Value> = documented(was.node, rules)
            .into_iter()
            .filter(|(code, _)| !now.contains_key(code))
            .map(|(code, name)| match name {
                Some(name) => json!({ "code": code, "name": name }),
                None => json!({ "code": code }),
            })
            .collect();
        if !lost.is_empty() {
            found.push(Found {
                cause: Cause::Codes,
                owner: Owner::Operation(is.id().to_owned()),
                pointer: is.pointer(),
                value: lost.into(),
            });
        }
    }
    found
}

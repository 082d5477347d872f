//! Properties: which there are, which must be there, and which others may be.

use std::collections::{HashMap, HashSet};

use super::super::source::Source;
use super::view::{Pair, View, essence};
use super::{Scope, Sites, follow_muted};
use crate::rules::{
    ADDITIONAL_CLOSED, ADDITIONAL_OPENED, BECAME_OPTIONAL, BECAME_REQUIRED,
    OPTIONAL_PROPERTY_ADDED, OPTIONAL_PROPERTY_REMOVED, PROPERTY_REFUSED, PROPERTY_REMOVED,
    REQUIRED_PROPERTY_ADDED,
};
use crate::tree::{Node, Value};

type Required<'d> = HashMap<&'d str, Node<'d>>;

pub(super) fn compare<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    properties(scope, pair);
    additional(scope, pair);
}

fn properties<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    let (o, _) = pair.roots();
    let required = (required_names(&pair.old), required_names(&pair.new));
    let own = |view: &View<'d>| {
        view.own()
            .filter_map(|part| part.get("properties"))
            .collect::<Vec<_>>()
    };
    let find = |view: &View<'d>, name: &str| {
        let all = view.all("properties");
        all.filter_map(|(list, _)| list.get(name))
            .collect::<Vec<_>>()
    };
    let mut seen = HashSet::new();
    for (name, node) in own(&pair.old).into_iter().flat_map(Node::members) {
        if !seen.insert(name) {
            continue;
        }
        let new = find(&pair.new, name);
        if new.is_empty() {
            removed(scope, pair, node, required.0.contains_key(name));
        } else {
            both(scope, name, &required, find(&pair.old, name), new);
        }
    }
    for (name, node) in own(&pair.new).into_iter().flat_map(Node::members) {
        if !seen.insert(name) {
            continue;
        }
        let old = find(&pair.old, name);
        if !old.is_empty() {
            both(scope, name, &required, old, find(&pair.new, name));
            continue;
        }
        let row = if required.1.contains_key(name) {
            &REQUIRED_PROPERTY_ADDED
        } else {
            &OPTIONAL_PROPERTY_ADDED
        };
        let before = scope.muted;
        scope.muted = before.and(muted(scope.new_document(), &[node]));
        scope.added(row, o, node);
        scope.muted = before;
    }
    unlisted(scope, pair, &required, &seen);
}

/// Compares a property that both sides have.
fn both<'d>(
    scope: &mut Scope<'_, 'd>,
    name: &str,
    required: &(Required<'d>, Required<'d>),
    old: Vec<Node<'d>>,
    new: Vec<Node<'d>>,
) {
    let muted = (
        muted(scope.old_document(), &old),
        muted(scope.new_document(), &new),
    );
    let listed = (required.0.contains_key(name), required.1.contains_key(name));
    necessity(
        scope,
        (old[0], listed.0, muted.0),
        (new[0], listed.1, muted.1),
    );
    follow_muted(scope, muted.0.and(muted.1), old, new);
}

fn removed<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>, old: Node<'d>, was_required: bool) {
    let (_, n) = pair.roots();
    let row = if was_required {
        &PROPERTY_REMOVED
    } else {
        &OPTIONAL_PROPERTY_REMOVED
    };
    let before = scope.muted;
    scope.muted = before.and(muted(scope.old_document(), &[old]));
    if matches!(rest(&pair.new), Rest::Closed(_)) {
        scope.found_only(
            Sites::ALL_RECEIVED,
            row,
            (old, Some(crate::brief::brief(old))),
            (n, None),
        );
        scope.found_only(
            Sites::ALL_SENT,
            &PROPERTY_REFUSED,
            (old, Some(crate::brief::brief(old))),
            (n, None),
        );
    } else {
        scope.removed(row, old, n);
    }
    scope.muted = before;
}

/// Names that `required` lists though `properties` does not.
fn unlisted<'d>(
    scope: &mut Scope<'_, 'd>,
    pair: &Pair<'d>,
    required: &(Required<'d>, Required<'d>),
    seen: &HashSet<&'d str>,
) {
    let (o, n) = pair.roots();
    let mut names: Vec<_> = required
        .0
        .keys()
        .chain(required.1.keys())
        .copied()
        .collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let listed = |view: &View<'d>| {
            view.all("properties")
                .any(|(list, _)| list.get(name).is_some())
        };
        if seen.contains(name) || listed(&pair.old) || listed(&pair.new) {
            continue;
        }
        let text = || Some(name.to_owned());
        match (required.0.get(name), required.1.get(name)) {
            (None, Some(new)) => scope.found(&BECAME_REQUIRED, (o, None), (*new, text())),
            (Some(old), None) => scope.found(&BECAME_OPTIONAL, (*old, text()), (n, None)),
            _ => {}
        }
    }
}

/// Whether a property became required or optional: by `required`, where it counts at all.
fn necessity<'d>(
    scope: &mut Scope<'_, 'd>,
    old: (Node<'d>, bool, Sites),
    new: (Node<'d>, bool, Sites),
) {
    let word = |required: bool| Some(if required { "required" } else { "optional" }.to_owned());
    let mut say = |only: Sites, before: bool, after: bool| {
        let row = match (before, after) {
            (false, true) => &BECAME_REQUIRED,
            (true, false) => &BECAME_OPTIONAL,
            _ => return,
        };
        scope.found_only(only, row, (old.0, word(before)), (new.0, word(after)));
    };
    if old.2 == new.2 {
        say(Sites::ANY.without(old.2), old.1, new.1);
    } else {
        for side in [Sites::ALL_SENT, Sites::ALL_RECEIVED] {
            let counts = |(_, required, muted): (_, bool, Sites)| required && !muted.has(side);
            say(side, counts(old), counts(new));
        }
    }
}

/// Names of properties that must be there, and where each is listed.
fn required_names<'d>(view: &View<'d>) -> Required<'d> {
    let items = view.all("required").flat_map(|(list, _)| list.items());
    items.filter_map(|item| Some((item.str()?, item))).collect()
}

/// Sites in which a property does not count: read-only ones when sent, write-only ones when received.
fn muted<'d>(document: &'d Source<'d>, property: &[Node<'d>]) -> Sites {
    let flag = |key: &str| {
        let is_set = |node: Node<'d>| node.get(key).and_then(Node::bool) == Some(true);
        property
            .iter()
            .any(|&part| is_set(part) || is_set(essence(document, part)))
    };
    match (flag("readOnly"), flag("writeOnly")) {
        (true, _) => Sites::ALL_SENT,
        (_, true) => Sites::ALL_RECEIVED,
        _ => Sites::NONE,
    }
}

/// What a schema says of properties that it does not list.
enum Rest<'d> {
    Open,
    Closed(Node<'d>),
    Schema(Node<'d>),
}

fn rest<'d>(view: &View<'d>) -> Rest<'d> {
    match view.get("additionalProperties") {
        None => Rest::Open,
        Some((node, _)) => match node.value() {
            Value::Bool(false) => Rest::Closed(node),
            Value::Object if node.len() > 0 => Rest::Schema(node),
            _ => Rest::Open,
        },
    }
}

fn additional<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    if pair.keyword("additionalProperties").is_none() {
        return;
    }
    let (o, n) = pair.roots();
    match (rest(&pair.old), rest(&pair.new)) {
        (Rest::Open, Rest::Open) | (Rest::Closed(_), Rest::Closed(_)) => {}
        (Rest::Schema(_), Rest::Schema(_)) => {
            if let Some((old, new)) = pair.schemas("additionalProperties") {
                super::follow_all(scope, old, new);
            }
        }
        (Rest::Open, Rest::Closed(new) | Rest::Schema(new)) => {
            scope.added(&ADDITIONAL_CLOSED, o, new);
        }
        (Rest::Schema(old), Rest::Closed(new)) => scope.changed(&ADDITIONAL_CLOSED, old, new),
        (Rest::Closed(old) | Rest::Schema(old), Rest::Open) => {
            scope.removed(&ADDITIONAL_OPENED, old, n);
        }
        (Rest::Closed(old), Rest::Schema(new)) => scope.changed(&ADDITIONAL_OPENED, old, new),
    }
}

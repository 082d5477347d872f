//! `enum`, `const`, `x-extensible-enum` and `default`.

use std::collections::HashMap;

use super::super::source::Source;
use super::Scope;
use super::view::{Pair, View};
use crate::rules::{
    BECAME_ENUM, CONST_ADDED, CONST_CHANGED, CONST_REMOVED, DEFAULT_ADDED, DEFAULT_CHANGED,
    DEFAULT_REMOVED, ENUM_VALUE_ADDED, ENUM_VALUE_REMOVED, EXTENSIBLE_VALUE_ADDED,
    EXTENSIBLE_VALUE_REMOVED, NO_LONGER_ENUM, Row,
};
use crate::tree::Node;

/// The values that a side allows.
struct Values<'d> {
    node: Node<'d>,
    /// By content; null is left to the comparison of types.
    all: HashMap<u64, Node<'d>>,
    in_order: Vec<(u64, Node<'d>)>,
    is_const: bool,
}

pub(super) fn compare<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    listed(scope, pair);
    extensible(scope, pair);
    default(scope, pair);
}

fn listed<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    let settled = ["enum", "const"]
        .iter()
        .all(|key| pair.keyword(key).is_none());
    if settled {
        return;
    }
    let (o, n) = pair.roots();
    match (values(&pair.old), values(&pair.new)) {
        (None, Some(new)) => {
            let row = if new.is_const {
                &CONST_ADDED
            } else {
                &BECAME_ENUM
            };
            scope.added(row, o, new.node);
        }
        (Some(old), None) => {
            let row = if old.is_const {
                &CONST_REMOVED
            } else {
                &NO_LONGER_ENUM
            };
            scope.removed(row, old.node, n);
        }
        (Some(old), Some(new)) => {
            let same = old.in_order.len() == new.in_order.len()
                && old
                    .in_order
                    .iter()
                    .all(|(hash, _)| new.all.contains_key(hash));
            if !same && old.is_const && new.is_const {
                scope.changed(&CONST_CHANGED, old.node, new.node);
                return;
            }
            members(scope, [&ENUM_VALUE_REMOVED, &ENUM_VALUE_ADDED], &old, &new);
        }
        (None, None) => {}
    }
}

fn members<'d>(
    scope: &mut Scope<'_, 'd>,
    rows: [&'static Row; 2],
    old: &Values<'d>,
    new: &Values<'d>,
) {
    for (_, value) in old
        .in_order
        .iter()
        .filter(|(hash, _)| !new.all.contains_key(hash))
    {
        scope.removed(rows[0], *value, new.node);
    }
    for (_, value) in new
        .in_order
        .iter()
        .filter(|(hash, _)| !old.all.contains_key(hash))
    {
        scope.added(rows[1], old.node, *value);
    }
}

/// What all lists and constants of a side have in common.
fn values<'d>(view: &View<'d>) -> Option<Values<'d>> {
    let lists = view.all("const").map(|(node, _)| (node, true));
    let lists = lists.chain(view.all("enum").map(|(node, _)| (node, false)));
    let mut sides = lists.map(|(node, is_const)| {
        let all = if is_const {
            vec![node]
        } else {
            node.items().collect()
        };
        collected(view.document, node, all, is_const)
    });
    let first = sides.next()?;
    Some(sides.fold(first, |mut one, other| {
        one.in_order
            .retain(|(hash, _)| other.all.contains_key(hash));
        one.all.retain(|hash, _| other.all.contains_key(hash));
        // The shorter list is the one that counts.
        if other.all.len() < one.all.len() || one.all.is_empty() {
            one.node = other.node;
        }
        one.is_const |= other.is_const;
        one
    }))
}

fn collected<'d>(
    document: &Source<'_>,
    node: Node<'d>,
    all: Vec<Node<'d>>,
    is_const: bool,
) -> Values<'d> {
    let telling = all.into_iter().filter(|value| !value.is_null());
    let mut in_order: Vec<_> = telling.map(|value| (document.hash(value), value)).collect();
    let mut seen = HashMap::new();
    in_order.retain(|&(hash, value)| seen.insert(hash, value).is_none());
    Values {
        node,
        all: seen,
        in_order,
        is_const,
    }
}

/// A list of values that says of itself that it will grow.
fn extensible<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    if let Some((Some(old), Some(new))) = pair.keyword("x-extensible-enum") {
        let old = collected(scope.old_document(), old, old.items().collect(), false);
        let new = collected(scope.new_document(), new, new.items().collect(), false);
        members(
            scope,
            [&EXTENSIBLE_VALUE_REMOVED, &EXTENSIBLE_VALUE_ADDED],
            &old,
            &new,
        );
    }
}

fn default<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    let (o, n) = pair.roots();
    match pair.keyword("default") {
        Some((Some(old), Some(new))) if !scope.comparison.equal(old, new) => {
            scope.changed(&DEFAULT_CHANGED, old, new);
        }
        Some((Some(old), None)) => scope.removed(&DEFAULT_REMOVED, old, n),
        Some((None, Some(new))) => scope.added(&DEFAULT_ADDED, o, new),
        _ => {}
    }
}

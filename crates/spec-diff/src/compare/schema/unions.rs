//! `oneOf` and `anyOf`: which alternative is which, and which came or went.

use super::super::source::Source;
use super::view::{Pair, View, essence, is_note, is_null_schema};
use super::{Scope, follow};
use crate::rules::{
    ALTERNATIVES_ADDED, ALTERNATIVES_REMOVED, ANY_OF_ADDED, ANY_OF_REMOVED, ONE_OF_ADDED,
    ONE_OF_REMOVED, Row, TYPE_CHANGED,
};
use crate::tree::Node;

/// Pairs of alternatives beyond which likeness is not looked for.
const MAX_LIKENESS: usize = 4096;

/// Compares a schema with a list of alternatives of which it may be one. Returns whether this was the case,
/// and all has been said.
pub(super) fn compare_wrapped<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) -> bool {
    let (o, n) = pair.roots();
    match (alternatives(&pair.old), alternatives(&pair.new)) {
        (None, Some((_, list, false))) if is_only_union(&pair.new, list) && tells(o) => {
            let all = members(&pair.new, list);
            match matched(scope, &[o], &all).first() {
                Some(&(_, same)) => {
                    follow(scope, o, all[same]);
                    for (_, other) in all.iter().enumerate().filter(|(i, _)| *i != same) {
                        scope.added(&ONE_OF_ADDED, o, *other);
                    }
                }
                None => scope.changed(&TYPE_CHANGED, o, list),
            }
            true
        }
        (Some((_, list, false)), None) if is_only_union(&pair.old, list) && tells(n) => {
            let all = members(&pair.old, list);
            match matched(scope, &all, &[n]).first() {
                Some(&(same, _)) => {
                    follow(scope, all[same], n);
                    for (_, other) in all.iter().enumerate().filter(|(i, _)| *i != same) {
                        scope.removed(&ONE_OF_REMOVED, *other, n);
                    }
                }
                None => scope.changed(&TYPE_CHANGED, list, n),
            }
            true
        }
        _ => false,
    }
}

/// Whether the schema has nothing but alternatives, and these stand for themselves.
fn is_only_union<'d>(view: &View<'d>, list: Node<'d>) -> bool {
    let telling = [
        "properties",
        "allOf",
        "enum",
        "const",
        "items",
        "additionalProperties",
        "required",
    ];
    let whole = |member: &Node<'d>| {
        let inner = essence(view.document, *member);
        tells(inner)
            || ["allOf", "anyOf", "oneOf"]
                .iter()
                .any(|key| inner.get(key).is_some())
    };
    telling.iter().all(|key| view.root().get(key).is_none())
        && members(view, list).iter().all(whole)
}

/// Whether the schema says anything at all.
fn tells(schema: Node<'_>) -> bool {
    ["type", "properties", "enum", "const", "items"]
        .iter()
        .any(|key| schema.get(key).is_some())
}

pub(super) fn compare<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    let (o, n) = pair.roots();
    let old = alternatives(&pair.old);
    let new = alternatives(&pair.new);
    match (old, new) {
        (None, None) => {}
        (Some((_, old, true)), Some((_, new, true))) if scope.comparison.equal(old, new) => {}
        (Some((key, old, _)), Some((other, new, _))) => {
            // What becomes of an alternative depends on the stricter of the two keywords.
            let one = key == "oneOf" || other == "oneOf";
            let rows: [&'static Row; 2] = if one {
                [&ONE_OF_REMOVED, &ONE_OF_ADDED]
            } else {
                [&ANY_OF_REMOVED, &ANY_OF_ADDED]
            };
            lists(
                scope,
                rows,
                (old, members(&pair.old, old)),
                (new, members(&pair.new, new)),
            );
        }
        (None, Some((_, list, _))) => scope.added(&ALTERNATIVES_ADDED, o, list),
        (Some((_, list, _)), None) => scope.removed(&ALTERNATIVES_REMOVED, list, n),
    }
}

/// The list of alternatives, unless it has only one that is not null.
fn alternatives<'d>(view: &View<'d>) -> Option<(&'static str, Node<'d>, bool)> {
    ["oneOf", "anyOf"].into_iter().find_map(|key| {
        let mut lists = view.all(key);
        let (list, shared) = lists.find(|(list, _)| members(view, *list).len() > 1)?;
        Some((key, list, shared))
    })
}

fn members<'d>(view: &View<'d>, list: Node<'d>) -> Vec<Node<'d>> {
    list.items()
        .filter(|member| !is_null_schema(view.document.resolved(*member)))
        .collect()
}

fn lists<'d>(
    scope: &mut Scope<'_, 'd>,
    [removed, added]: [&'static Row; 2],
    (old_list, old): (Node<'d>, Vec<Node<'d>>),
    (new_list, new): (Node<'d>, Vec<Node<'d>>),
) {
    let pairs = matched(scope, &old, &new);
    for &(i, j) in &pairs {
        follow(scope, old[i], new[j]);
    }
    for (_, node) in old
        .iter()
        .enumerate()
        .filter(|(i, _)| pairs.iter().all(|pair| pair.0 != *i))
    {
        scope.removed(removed, *node, new_list);
    }
    for (_, node) in new
        .iter()
        .enumerate()
        .filter(|(j, _)| pairs.iter().all(|pair| pair.1 != *j))
    {
        scope.added(added, old_list, *node);
    }
}

/// Which alternative is which: by reference, content, title, tag, and at last by likeness.
fn matched<'d>(scope: &Scope<'_, 'd>, old: &[Node<'d>], new: &[Node<'d>]) -> Vec<(usize, usize)> {
    let (old_document, new_document) = (scope.old_document(), scope.new_document());
    let old_inner: Vec<_> = old
        .iter()
        .map(|node| essence(old_document, *node))
        .collect();
    let new_inner: Vec<_> = new
        .iter()
        .map(|node| essence(new_document, *node))
        .collect();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut free_old: Vec<usize> = (0..old.len()).collect();
    let mut free_new: Vec<usize> = (0..new.len()).collect();
    let steps: [&dyn Fn(usize, usize) -> bool; 4] = [
        &|i, j| name(old_inner[i]).is_some_and(|known| Some(known) == name(new_inner[j])),
        &|i, j| scope.comparison.equal(old_inner[i], new_inner[j]),
        &|i, j| title(old_inner[i]).is_some_and(|known| Some(known) == title(new_inner[j])),
        &|i, j| {
            tag(old_document, old_inner[i])
                .is_some_and(|known| tag(new_document, new_inner[j]) == Some(known))
        },
    ];
    for step in steps {
        free_old.retain(|&i| {
            let Some(place) = free_new.iter().position(|&j| step(i, j)) else {
                return true;
            };
            pairs.push((i, free_new.remove(place)));
            false
        });
    }
    if free_old.len() * free_new.len() <= MAX_LIKENESS {
        let mut ranked = Vec::new();
        for &i in &free_old {
            for &j in &free_new {
                let both_named = name(old_inner[i]).is_some() && name(new_inner[j]).is_some();
                let alike = if both_named {
                    0
                } else {
                    likeness(old_inner[i], new_inner[j])
                };
                if alike >= 50 {
                    ranked.push((std::cmp::Reverse(alike), i, j));
                }
            }
        }
        ranked.sort_unstable();
        for (_, i, j) in ranked {
            if pairs.iter().all(|pair| pair.0 != i && pair.1 != j) {
                pairs.push((i, j));
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

/// The name of a component.
fn name(schema: Node<'_>) -> Option<&str> {
    let holder = schema.parent()?.key()?;
    (holder == "schemas" || holder == "$defs")
        .then(|| schema.key())
        .flatten()
}

fn title(schema: Node<'_>) -> Option<&str> {
    schema.get("title")?.str()
}

/// A property that can have one value only, with the hash of this value; hashes hold across documents.
fn tag<'d>(document: &Source<'_>, schema: Node<'d>) -> Option<(&'d str, u64)> {
    let properties = schema.get("properties")?;
    properties.members().find_map(|(name, property)| {
        let value = property.get("const").or_else(|| {
            let list = property.get("enum").filter(|list| list.len() == 1)?;
            list.items().next()
        })?;
        Some((name, document.hash(value)))
    })
}

/// How alike two schemas are, from 0 to 100.
fn likeness(old: Node<'_>, new: Node<'_>) -> usize {
    let kind = |node: Node<'_>| node.get("type").and_then(Node::str).map(str::to_owned);
    if kind(old) != kind(new) {
        return 0;
    }
    match (old.get("properties"), new.get("properties")) {
        (Some(before), Some(after)) => {
            let common = before
                .members()
                .filter(|(name, _)| after.get(name).is_some())
                .count();
            let all = before.len() + after.len() - common;
            (100 * common).checked_div(all).unwrap_or(100)
        }
        (None, None) if kind(old).is_some() || same_keywords(old, new) => 60,
        _ => 0,
    }
}

/// Whether both schemas use the same keywords.
fn same_keywords(old: Node<'_>, new: Node<'_>) -> bool {
    let keys = |node: Node<'_>| -> Vec<String> {
        let telling = node.members().filter(|(key, _)| !is_note(key));
        let mut keys: Vec<String> = telling.map(|(key, _)| key.to_owned()).collect();
        keys.sort_unstable();
        keys
    };
    !keys(old).is_empty() && keys(old) == keys(new)
}

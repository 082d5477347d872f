//! `oneOf` and `anyOf`: which alternative is which, and which came or went.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::super::pairing::{Paired, paired};
use super::super::source::{Source, schema_name};
use super::view::{Pair, View, essence, is_note, is_null_schema};
use super::{Scope, follow};
use crate::rules::{
    ALTERNATIVES_ADDED, ALTERNATIVES_REMOVED, ANY_OF_ADDED, ANY_OF_REMOVED, ONE_OF_ADDED,
    ONE_OF_REMOVED, Row, TYPE_CHANGED, WRAPPED_IN_ONE_OF,
};
use crate::tree::Node;

/// Pairs of alternatives beyond which likeness is not looked for.
const MAX_LIKENESS: usize = 4096;

/// Compares a schema with a list of alternatives of which it may be one. Returns whether this was the case,
/// and all has been said.
pub(super) fn compare_wrapped<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) -> bool {
    let (o, n) = pair.roots();
    match (alternatives(&pair.old), alternatives(&pair.new)) {
        (None, Some((key, list, false))) if is_only_union(&pair.new, list) && tells(o) => {
            let everyone = members(&pair.new, list);
            let Paired { both, come, .. } = matched(scope, vec![o], everyone.clone());
            match both.first() {
                Some(&(_, same)) => {
                    scope.is_alternative = true;
                    follow_members(scope, pair, &everyone, vec![(o, same)]);
                    scope.is_alternative = false;
                    let is = scope.new_document();
                    let first = essence(is, same);
                    let rival = |other: &Node<'d>| may_fit_both(is, first, essence(is, *other));
                    if key == "oneOf" && come.iter().any(rival) {
                        scope.changed(&WRAPPED_IN_ONE_OF, o, list);
                    }
                    for other in come {
                        scope.added(&ONE_OF_ADDED, o, other);
                    }
                }
                None => scope.changed(&TYPE_CHANGED, o, list),
            }
            true
        }
        (Some((_, list, false)), None) if is_only_union(&pair.old, list) && tells(n) => {
            let Paired { both, gone, .. } = matched(scope, members(&pair.old, list), vec![n]);
            match both.first() {
                Some(&(same, _)) => {
                    // What this one did not allow, one of those that went may have.
                    let others: Vec<Node<'d>> = gone.iter().chain([&n]).copied().collect();
                    scope.is_alternative = true;
                    follow_members(scope, pair, &others, vec![(same, n)]);
                    scope.is_alternative = false;
                    for other in gone {
                        scope.removed(&ONE_OF_REMOVED, other, n);
                    }
                }
                None => scope.changed(&TYPE_CHANGED, list, n),
            }
            true
        }
        _ => false,
    }
}

/// Whether a value might fit both schemas: they have one type, and nothing that tells them apart.
fn may_fit_both<'d>(document: &Source<'_>, one: Node<'d>, other: Node<'d>) -> bool {
    let kind = |node: Node<'d>| node.get("type").and_then(Node::str);
    let listed = |node: Node<'d>| node.get("enum").is_some() || node.get("const").is_some();
    let tagged = tag(document, one).is_some() && tag(document, other).is_some();
    kind(one) == kind(other) && !tagged && !(listed(one) && listed(other))
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
                pair,
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
    pair: &Pair<'d>,
    [removed, added]: [&'static Row; 2],
    (old_list, old): (Node<'d>, Vec<Node<'d>>),
    (new_list, new): (Node<'d>, Vec<Node<'d>>),
) {
    let everyone = new.clone();
    let Paired { both, gone, come } = matched(scope, old, new);
    follow_members(scope, pair, &everyone, both);
    for node in gone {
        scope.removed(removed, node, new_list);
    }
    for node in come {
        scope.added(added, old_list, node);
    }
}

/// Whether a schema stands in the older document.
fn gone_too<'d>(pair: &Pair<'d>, node: Node<'d>) -> bool {
    let pointer = node.pointer();
    pair.old.document.tree().at_pointer(&pointer) == Some(node)
}

/// Compares alternatives with what became of them. What one lost may still fit another.
fn follow_members<'d>(
    scope: &mut Scope<'_, 'd>,
    pair: &Pair<'d>,
    everyone: &[Node<'d>],
    both: Vec<(Node<'d>, Node<'d>)>,
) {
    let is = scope.new_document();
    let has_rival = |(o, n): &(Node<'d>, Node<'d>)| {
        let mut others = everyone.iter().filter(|other| *other != n);
        let may = |other: &Node<'d>| {
            let is_old = gone_too(pair, *other);
            is_old || may_fit_both(is, essence(is, *n), essence(is, *other))
        };
        !scope.comparison.same(*o, *n) && others.any(may)
    };
    let before = scope.muted;
    let many = both.len() * everyone.len() > MAX_LIKENESS;
    if !many && both.iter().any(has_rival) {
        let covered = scope.covered(&pair.old.places(), &pair.new.places());
        scope.muted = before.and(covered);
    }
    for (o, n) in both {
        follow(scope, o, n);
    }
    scope.muted = before;
}

/// Which alternative is which: by reference, content, title, tag, and at last by likeness.
fn matched<'d>(scope: &Scope<'_, 'd>, old: Vec<Node<'d>>, new: Vec<Node<'d>>) -> Paired<Node<'d>> {
    let (was, is) = (scope.old_document(), scope.new_document());
    let old_inner = |node: &Node<'d>| essence(was, *node);
    let new_inner = |node: &Node<'d>| essence(is, *node);
    let mut done = paired(old, new, |o| name(old_inner(o)), |n| name(new_inner(n)));
    let mut again = |old_key: &dyn Fn(Node<'d>) -> Option<Key<'d>>,
                     new_key: &dyn Fn(Node<'d>) -> Option<Key<'d>>| {
        let (gone, come) = (
            std::mem::take(&mut done.gone),
            std::mem::take(&mut done.come),
        );
        let more = paired(
            gone,
            come,
            |o| old_key(old_inner(o)),
            |n| new_key(new_inner(n)),
        );
        done.both.extend(more.both);
        (done.gone, done.come) = (more.gone, more.come);
    };
    again(&|o| Some(Key::Content(was.hash(o))), &|n| {
        Some(Key::Content(is.hash(n)))
    });
    again(&|o| title(o).map(Key::Title), &|n| title(n).map(Key::Title));
    again(&|o| tag(was, o), &|n| tag(is, n));
    if done.gone.len() * done.come.len() <= MAX_LIKENESS {
        let mut ranked = Vec::new();
        for (i, o) in done.gone.iter().map(old_inner).enumerate() {
            for (j, n) in done.come.iter().map(new_inner).enumerate() {
                let both_named = name(o).is_some() && name(n).is_some();
                let alike = if both_named { 0 } else { likeness(o, n) };
                if alike >= 50 {
                    ranked.push((Reverse(alike), i, j));
                }
            }
        }
        ranked.sort_unstable();
        let mut partner: HashMap<usize, usize> = HashMap::new();
        let mut taken = HashSet::new();
        for (_, i, j) in ranked {
            if !partner.contains_key(&i) && taken.insert(j) {
                partner.insert(i, j);
            }
        }
        let (gone, come) = (
            std::mem::take(&mut done.gone),
            std::mem::take(&mut done.come),
        );
        for (i, o) in gone.into_iter().enumerate() {
            match partner.get(&i) {
                Some(&j) => done.both.push((o, come[j])),
                None => done.gone.push(o),
            }
        }
        let left = come
            .into_iter()
            .enumerate()
            .filter(|(j, _)| !taken.contains(j));
        done.come = left.map(|(_, n)| n).collect();
    }
    done
}

/// What makes two alternatives the same.
#[derive(PartialEq, Eq, Hash)]
enum Key<'d> {
    Content(u64),
    Title(&'d str),
    /// A property that can have one value only, and the hash of this value.
    Tag(&'d str, u64),
}

/// The name of a component or definition.
fn name(schema: Node<'_>) -> Option<&str> {
    let is_definition = schema.parent()?.key()? == "$defs";
    schema_name(schema).or_else(|| schema.key().filter(|_| is_definition))
}

fn title(schema: Node<'_>) -> Option<&str> {
    schema.get("title")?.str()
}

/// The first property that can have one value only; hashes hold across documents.
fn tag<'d>(document: &Source<'_>, schema: Node<'d>) -> Option<Key<'d>> {
    let properties = schema.get("properties")?;
    properties.members().find_map(|(name, property)| {
        let value = property.get("const").or_else(|| {
            let list = property.get("enum").filter(|list| list.len() == 1)?;
            list.items().next()
        })?;
        Some(Key::Tag(name, document.hash(value)))
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

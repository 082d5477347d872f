//! Bounds, `multipleOf`, `pattern`, `uniqueItems` and what a text contains.

use super::Scope;
use super::types::is_binary;
use super::view::{Pair, View};
use crate::number::Decimal;
use crate::rules::{
    BOUNDS, Bound, ENCODING_CHANGED, MEDIA_TYPE_CHANGED, MULTIPLE_CHANGED, MULTIPLE_SET,
    MULTIPLE_UNSET, PATTERN_ADDED, PATTERN_CHANGED, PATTERN_REMOVED, UNIQUE_ADDED, UNIQUE_REMOVED,
};
use crate::tree::Node;

pub(super) fn compare<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    for bound in &BOUNDS {
        compare_bound(scope, pair, bound);
    }
    multiple_of(scope, pair);
    pattern(scope, pair);
    unique(scope, pair);
    for (key, row) in [
        ("contentEncoding", &ENCODING_CHANGED),
        ("contentMediaType", &MEDIA_TYPE_CHANGED),
    ] {
        if is_binary(&pair.old) && is_binary(&pair.new) {
            continue;
        }
        let (o, n) = pair.roots();
        match pair.keyword(key) {
            Some((Some(old), Some(new))) if !scope.comparison.equal(old, new) => {
                scope.changed(row, old, new);
            }
            Some((Some(old), None)) => scope.removed(row, old, n),
            Some((None, Some(new))) => scope.added(row, o, new),
            _ => {}
        }
    }
}

fn compare_bound<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>, bound: &'static Bound) {
    let (old, new) = (
        limit(&pair.old, bound.keyword),
        limit(&pair.new, bound.keyword),
    );
    let (o, n) = pair.roots();
    match (old, new) {
        (Some((_, _, true)), Some((_, _, true))) | (None, None) => {}
        (Some((old, _, _)), None) => scope.removed(&bound.unset, old, n),
        (None, Some((new, _, _))) => scope.added(&bound.set, o, new),
        (Some((old, before, _)), Some((new, after, _))) => {
            if after > before {
                scope.changed(&bound.increased, old, new);
            } else if after < before {
                scope.changed(&bound.decreased, old, new);
            }
        }
    }
}

/// The strictest limit with its node, and whether it is compared elsewhere.
fn limit<'d>(view: &View<'d>, keyword: &str) -> Option<(Node<'d>, Decimal, bool)> {
    let all = view.parts.iter().filter_map(|part| {
        let node = stated(part.node, keyword)?;
        Some((node, node.number()?, part.shared))
    });
    if keyword.starts_with("max") || keyword == "exclusiveMaximum" {
        all.min_by(|a, b| a.1.cmp(&b.1))
    } else {
        all.max_by(|a, b| a.1.cmp(&b.1))
    }
}

/// Where one schema states the limit. In 3.0 `exclusiveMaximum: true` turns `maximum` into the exclusive limit.
fn stated<'d>(schema: Node<'d>, keyword: &str) -> Option<Node<'d>> {
    let (plain, exclusive) = match keyword {
        "maximum" | "exclusiveMaximum" => ("maximum", "exclusiveMaximum"),
        "minimum" | "exclusiveMinimum" => ("minimum", "exclusiveMinimum"),
        other => return schema.get(other),
    };
    let flag = schema.get(exclusive).and_then(Node::bool) == Some(true);
    match (keyword == plain, flag) {
        (true, true) => None,
        (false, true) => schema.get(plain),
        (_, false) => schema.get(keyword),
    }
}

fn multiple_of<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    let (o, n) = pair.roots();
    match pair.keyword("multipleOf") {
        Some((Some(old), Some(new))) if !scope.comparison.equal(old, new) => {
            scope.changed(&MULTIPLE_CHANGED, old, new);
        }
        Some((Some(old), None)) => scope.removed(&MULTIPLE_UNSET, old, n),
        Some((None, Some(new))) => scope.added(&MULTIPLE_SET, o, new),
        _ => {}
    }
}

/// A pattern that matches every text is none.
fn telling(pattern: Option<Node<'_>>) -> Option<Node<'_>> {
    pattern.filter(|node| !is_any_text(*node))
}

/// Whether a pattern matches every text.
pub(in super::super) fn is_any_text(pattern: Node<'_>) -> bool {
    matches!(pattern.str(), Some("" | ".*" | "^.*$" | "^.*" | ".*$"))
}

fn pattern<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    let Some((old, new)) = pair.keyword("pattern") else {
        return;
    };
    let (o, n) = pair.roots();
    match (telling(old), telling(new)) {
        (Some(old), Some(new)) if old.str() != new.str() => {
            scope.changed(&PATTERN_CHANGED, old, new);
        }
        (Some(old), None) => scope.removed(&PATTERN_REMOVED, old, n),
        (None, Some(new)) => scope.added(&PATTERN_ADDED, o, new),
        _ => {}
    }
}

fn unique<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    if pair.keyword("uniqueItems").is_none() {
        return;
    }
    let (o, n) = pair.roots();
    let at = |view: &View<'d>, root| view.get("uniqueItems").map_or(root, |found| found.0);
    match (pair.old.flag("uniqueItems"), pair.new.flag("uniqueItems")) {
        (false, true) => scope.added(&UNIQUE_ADDED, o, at(&pair.new, n)),
        (true, false) => scope.removed(&UNIQUE_REMOVED, at(&pair.old, o), n),
        _ => {}
    }
}

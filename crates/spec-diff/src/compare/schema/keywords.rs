//! Keywords that hold further schemas: of items, of names, of conditions.

use std::collections::BTreeSet;

use super::view::{Pair, View};
use super::{Scope, follow, follow_all};
use crate::rules::{
    BODY_SCHEMA_ADDED, BODY_SCHEMA_REMOVED, DEPENDENT_REQUIRED_ADDED, DEPENDENT_REQUIRED_CHANGED,
    DEPENDENT_REQUIRED_REMOVED, IF_CHANGED, KEYWORDS, NOT_CHANGED, PREFIX_ITEM_ADDED,
    PREFIX_ITEM_REMOVED, Row, keyword_rows,
};
use crate::tree::{Node, Value};

/// Keywords of [`KEYWORDS`] that map names to schemas.
const MAPS: [&str; 2] = ["patternProperties", "dependentSchemas"];

pub(super) fn compare<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    for (key, rows) in &KEYWORDS {
        if !MAPS.contains(key) {
            single(scope, pair, key, rows);
        }
    }
    for key in MAPS {
        if let Some(rows) = keyword_rows(key) {
            map(scope, pair, key, rows);
        }
    }
    prefix_items(scope, pair);
    dependent_required(scope, pair);
}

/// `true` and `{}` rule out nothing: they are as good as absent.
fn telling(schema: Option<Node<'_>>) -> Option<Node<'_>> {
    schema.filter(|node| match node.value() {
        Value::Bool(allowed) => !allowed,
        Value::Object => node.len() > 0,
        _ => true,
    })
}

fn single<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>, key: &str, rows: &'static [Row; 2]) {
    let Some((old, new)) = pair.keyword(key) else {
        return;
    };
    let (o, n) = pair.roots();
    let counts =
        |view: &View<'d>| key != "if" || view.get("then").is_some() || view.get("else").is_some();
    let old = telling(old).filter(|_| counts(&pair.old));
    let new = telling(new).filter(|_| counts(&pair.new));
    match (old, new) {
        (Some(old), Some(new)) => {
            // What these two hold is excluded or asked for, not promised.
            let whole = match key {
                "not" => Some(&NOT_CHANGED),
                "if" => Some(&IF_CHANGED),
                _ => None,
            };
            match whole {
                Some(row) if !scope.comparison.same(old, new) => scope.changed(row, old, new),
                Some(_) => {}
                None => {
                    let (old, new) = pair.schemas(key).unwrap_or((vec![old], vec![new]));
                    follow_all(scope, old, new);
                }
            }
        }
        (None, Some(new)) => scope.added(&rows[0], o, new),
        (Some(old), None) => scope.removed(&rows[1], old, n),
        (None, None) => {}
    }
}

fn map<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>, key: &str, rows: &'static [Row; 2]) {
    let Some((old, new)) = pair.keyword(key) else {
        return;
    };
    let (o, n) = pair.roots();
    for (name, before) in old.into_iter().flat_map(Node::members) {
        match new.and_then(|new| new.get(name)) {
            Some(after) => follow(scope, before, after),
            None => scope.removed(&rows[1], before, new.unwrap_or(n)),
        }
    }
    for (name, after) in new.into_iter().flat_map(Node::members) {
        if old.and_then(|old| old.get(name)).is_none() {
            scope.added(&rows[0], old.unwrap_or(o), after);
        }
    }
}

fn prefix_items<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    let Some((old, new)) = pair.keyword("prefixItems") else {
        return;
    };
    let (o, n) = pair.roots();
    let items = |list: Option<Node<'d>>| list.into_iter().flat_map(Node::items).collect::<Vec<_>>();
    let (before, after) = (items(old), items(new));
    for (old, new) in before.iter().zip(&after) {
        follow(scope, *old, *new);
    }
    for item in before.iter().skip(after.len()) {
        scope.removed(&PREFIX_ITEM_REMOVED, *item, new.unwrap_or(n));
    }
    for item in after.iter().skip(before.len()) {
        scope.added(&PREFIX_ITEM_ADDED, old.unwrap_or(o), *item);
    }
}

fn dependent_required<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    let Some((old, new)) = pair.keyword("dependentRequired") else {
        return;
    };
    let (o, n) = pair.roots();
    let names = |list: Node<'d>| list.items().filter_map(Node::str).collect::<BTreeSet<_>>();
    for (name, before) in old.into_iter().flat_map(Node::members) {
        match new.and_then(|new| new.get(name)) {
            Some(after) if names(before) == names(after) => {}
            Some(after) => scope.changed(&DEPENDENT_REQUIRED_CHANGED, before, after),
            None => scope.removed(&DEPENDENT_REQUIRED_REMOVED, before, new.unwrap_or(n)),
        }
    }
    for (name, after) in new.into_iter().flat_map(Node::members) {
        if old.and_then(|old| old.get(name)).is_none() {
            scope.added(&DEPENDENT_REQUIRED_ADDED, old.unwrap_or(o), after);
        }
    }
}

/// A place that has a schema on one side only: the other side allows anything.
pub(super) fn as_anything<'d>(
    scope: &mut Scope<'_, 'd>,
    schema: Node<'d>,
    holder: Node<'d>,
    was: bool,
) {
    if telling(Some(schema)).is_none() {
        return;
    }
    if was {
        scope.removed(&BODY_SCHEMA_REMOVED, schema, holder);
    } else {
        scope.added(&BODY_SCHEMA_ADDED, holder, schema);
    }
}

//! What tells alternatives apart: a property whose values are on the wire.

use super::view::{Pair, View, essence};
use super::{Kind, Scope};
use crate::compare::source::{Source, schema_name};
use crate::rules::{
    DISCRIMINATOR_ADDED, DISCRIMINATOR_CHANGED, DISCRIMINATOR_REMOVED, MAPPING_ADDED,
    MAPPING_CHANGED, MAPPING_REMOVED, ONE_OF_ADDED, ONE_OF_REMOVED,
};
use crate::tree::Node;

pub(super) fn compare<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    let (o, n) = pair.roots();
    let (old, new) = match pair.keyword("discriminator") {
        None | Some((None, None)) => return,
        Some((Some(old), None)) => return scope.removed(&DISCRIMINATOR_REMOVED, old, n),
        Some((None, Some(new))) => return scope.added(&DISCRIMINATOR_ADDED, o, new),
        Some((Some(old), Some(new))) => (old, new),
    };
    let name = |node: Node<'d>| node.get("propertyName").and_then(Node::str);
    if name(old) != name(new) {
        let text = |node| name(node).map(str::to_owned);
        scope.found(&DISCRIMINATOR_CHANGED, (old, text(old)), (new, text(new)));
    }
    let (before, after) = (values(&pair.old, old), values(&pair.new, new));
    let find = |all: &[Value<'d>], name: &str| all.iter().position(|value| value.name == name);
    for value in &before {
        match find(&after, value.name).map(|place| &after[place]) {
            Some(now) if is_same(scope, value, now) => {}
            Some(now) => scope.changed(&MAPPING_CHANGED, value.at, now.at),
            // An alternative that went with its name is a finding of its own.
            None if value.explicit || after.iter().any(|now| is_same(scope, value, now)) => {
                let text = Some(value.name.to_owned());
                scope.found(&MAPPING_REMOVED, (value.at, text), (new, None));
            }
            None => {}
        }
    }
    for value in &after {
        let known = find(&before, value.name).is_some();
        let of_known = || before.iter().any(|was| is_same(scope, was, value));
        if !known && (value.explicit || of_known()) {
            let text = Some(value.name.to_owned());
            scope.found(&MAPPING_ADDED, (old, None), (value.at, text));
        }
    }
}

/// A value of the property, and the alternative it stands for.
struct Value<'d> {
    name: &'d str,
    target: Option<Node<'d>>,
    at: Node<'d>,
    /// Whether `mapping` has it; otherwise it is the name of a component.
    explicit: bool,
}

/// Whether two values stand for one alternative: of the same name, or renamed.
fn is_same(scope: &Scope<'_, '_>, old: &Value<'_>, new: &Value<'_>) -> bool {
    match (old.target, new.target) {
        (Some(o), Some(n)) => {
            o.pointer() == n.pointer()
                || scope.old_document().hash(o) == scope.new_document().hash(n)
        }
        (None, None) => old.at.str() == new.at.str(),
        _ => false,
    }
}

fn values<'d>(view: &View<'d>, discriminator: Node<'d>) -> Vec<Value<'d>> {
    let document = view.document;
    let mapping = discriminator.get("mapping").into_iter();
    let mut all: Vec<Value<'d>> = mapping
        .flat_map(Node::members)
        .map(|(name, at)| Value {
            name,
            target: at.str().and_then(|text| document.mapped(text)),
            at,
            explicit: true,
        })
        .collect();
    let implicit: Vec<Value<'d>> = alternatives(view)
        .into_iter()
        .filter(|node| all.iter().all(|value| value.target != Some(*node)))
        .filter_map(|node| {
            let name = schema_name(node)?;
            Some(Value {
                name,
                target: Some(node),
                at: node,
                explicit: false,
            })
        })
        .collect();
    all.extend(implicit);
    all
}

/// What a discriminator chooses from: the members of a list, or the schemas that take this one in.
fn alternatives<'d>(view: &View<'d>) -> Vec<Node<'d>> {
    let listed: Vec<Node<'d>> = ["oneOf", "anyOf"]
        .into_iter()
        .flat_map(|key| view.all(key))
        .flat_map(|(list, _)| list.items())
        .map(|member| essence(view.document, member))
        .collect();
    if listed.is_empty() {
        view.document.subtypes(view.root())
    } else {
        listed
    }
}

/// Compares what can stand where a schema is named that others refine: a discriminator says that they may.
pub(super) fn hierarchy<'d>(scope: &mut Scope<'_, 'd>, old: Node<'d>, new: Node<'d>) {
    let (was, is): (&'d Source<'d>, &'d Source<'d>) = (scope.old_document(), scope.new_document());
    let (before, after) = (was.subtypes(old), is.subtypes(new));
    let renamed = |o: Node<'d>, n: Node<'d>| was.hash(o) == is.hash(n);
    for &o in &before {
        let twin = after.iter().find(|n| n.key() == o.key());
        match twin.or_else(|| after.iter().find(|n| renamed(o, **n))) {
            Some(&n) => scope.relate(Kind::Schema, o, n),
            None => scope.removed(&ONE_OF_REMOVED, o, new),
        }
    }
    for &n in &after {
        let known = |o: &Node<'d>| o.key() == n.key() || renamed(*o, n);
        if !before.iter().any(known) {
            scope.added(&ONE_OF_ADDED, old, n);
        }
    }
}

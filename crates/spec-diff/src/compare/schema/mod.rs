//! Schemas: one pair at a time, keyword by keyword.

mod discriminator;
mod keywords;
mod limits;
mod notes;
mod objects;
mod parts;
mod types;
mod unions;
mod values;
mod view;

use std::collections::HashSet;

use super::source::Source;
use super::{Kind, Scope, Sites, Way};
use crate::rules::{NOT_UNDERSTOOD, TYPE_NARROWED, TYPE_WIDENED};
use crate::tree::{Node, Value};

pub(super) use limits::is_any_text;
use view::Pair;
pub(super) use view::is_null_schema;

/// Follows the `schema` of two holders, such as parameters or media types.
pub(super) fn follow_optional<'d>(scope: &mut Scope<'_, 'd>, old: Node<'d>, new: Node<'d>) {
    match (old.get("schema"), new.get("schema")) {
        (Some(o), Some(n)) => follow(scope, o, n),
        (Some(o), None) => keywords::as_anything(scope, o, new, true),
        (None, Some(n)) => keywords::as_anything(scope, n, old, false),
        (None, None) => {}
    }
}

/// The same for what writes every value as text.
pub(super) fn follow_text<'d>(scope: &mut Scope<'_, 'd>, old: Node<'d>, new: Node<'d>) {
    follow_written(scope, Way::Text, old, new);
}

/// The same for XML.
pub(super) fn follow_xml<'d>(scope: &mut Scope<'_, 'd>, old: Node<'d>, new: Node<'d>) {
    follow_written(scope, Way::Xml, old, new);
}

fn follow_written<'d>(scope: &mut Scope<'_, 'd>, way: Way, old: Node<'d>, new: Node<'d>) {
    if let (Some(o), Some(n)) = (old.get("schema"), new.get("schema")) {
        let (o, n) = (
            view::essence(scope.old_document(), o),
            view::essence(scope.new_document(), n),
        );
        discriminator::hierarchy(scope, o, n);
        scope.relate_as(way, Kind::Schema, o, n);
    } else {
        follow_optional(scope, old, new);
    }
}

/// The same for a parameter that repeats its name for each item: one value and an array of one look alike.
/// `otherwise` follows everything else.
pub(super) fn follow_repeatable<'d>(
    scope: &mut Scope<'_, 'd>,
    old: Node<'d>,
    new: Node<'d>,
    otherwise: impl Fn(&mut Scope<'_, 'd>, Node<'d>, Node<'d>),
) {
    let (Some(o), Some(n)) = (old.get("schema"), new.get("schema")) else {
        return otherwise(scope, old, new);
    };
    let o = view::essence(scope.old_document(), o);
    let n = view::essence(scope.new_document(), n);
    let (one, many) = (Some("one value".to_owned()), Some("array".to_owned()));
    if types::is_scalar(o) && types::is_array(n) {
        scope.found(&TYPE_WIDENED, (o, one), (n, many));
        follow(scope, o, n.get("items").unwrap_or(n));
    } else if types::is_array(o) && types::is_scalar(n) {
        scope.found(&TYPE_NARROWED, (o, many), (n, one));
        follow(scope, o.get("items").unwrap_or(o), n);
    } else {
        otherwise(scope, old, new);
    }
}

/// Compares two schemas where they stand, or as a unit if either is behind a `$ref`.
fn follow<'d>(scope: &mut Scope<'_, 'd>, old: Node<'d>, new: Node<'d>) {
    if scope.comparison.same(old, new) {
        return;
    }
    let (o, n) = (
        view::essence(scope.old_document(), old),
        view::essence(scope.new_document(), new),
    );
    if o == old && n == new {
        compare(scope, old, new);
    } else {
        notes::compare_xml(scope, old, new);
        discriminator::hierarchy(scope, o, n);
        scope.relate_referred((old, new), o, n);
    }
}

/// The same for all schemas that hold at one place, as parts of `allOf` may each name one property.
fn follow_all<'d>(scope: &mut Scope<'_, 'd>, mut old: Vec<Node<'d>>, mut new: Vec<Node<'d>>) {
    let once = |nodes: &mut Vec<Node<'d>>, source: &'d Source<'d>| {
        let mut seen = HashSet::new();
        nodes.retain(|node| seen.insert(view::essence(source, *node).id()));
    };
    once(&mut old, scope.old_document());
    once(&mut new, scope.new_document());
    match (old.as_slice(), new.as_slice()) {
        ([], _) | (_, []) => {}
        ([o], [n]) => follow(scope, *o, *n),
        _ => {
            let same = |(o, n): (&Node<'d>, &Node<'d>)| scope.comparison.same(*o, *n);
            if old.len() != new.len() || !old.iter().zip(&new).all(same) {
                scope.relate_joint(old, new);
            }
        }
    }
}

/// The same, with some sites muted on top of those that are muted already.
fn follow_muted<'d>(
    scope: &mut Scope<'_, 'd>,
    muted: Sites,
    old: Vec<Node<'d>>,
    new: Vec<Node<'d>>,
) {
    let before = scope.muted;
    scope.muted = before.and(muted);
    follow_all(scope, old, new);
    scope.muted = before;
}

/// Compares two schemas, neither of which is only a `$ref`.
pub(super) fn compare<'d>(scope: &mut Scope<'_, 'd>, old: Node<'d>, new: Node<'d>) {
    let is_schema = |node: Node<'d>| matches!(node.value(), Value::Object | Value::Bool(_));
    if !is_schema(old) || !is_schema(new) {
        if !scope.comparison.equal(old, new) {
            scope.changed(&NOT_UNDERSTOOD, old, new);
        }
        return;
    }
    compare_all(scope, &[old], &[new]);
}

/// Compares the schemas that hold at one place together.
pub(super) fn compare_all<'d>(scope: &mut Scope<'_, 'd>, old: &[Node<'d>], new: &[Node<'d>]) {
    let before = (scope.question, scope.only);
    let is_alternative = std::mem::take(&mut scope.is_alternative);
    if !is_alternative || scope.question.is_none() {
        scope.question = scope.ask(old, new);
    }
    rules(scope, old, new);
    (scope.question, scope.only) = before;
}

fn rules<'d>(scope: &mut Scope<'_, 'd>, old: &[Node<'d>], new: &[Node<'d>]) {
    let pair = Pair::of(scope, old, new);
    scope.comparison.incomplete |= pair.old.cut || pair.new.cut;
    for (o, n) in pair.shared_roots() {
        scope.relate(Kind::Schema, o, n);
    }
    if unions::compare_wrapped(scope, &pair) || types::compare(scope, &pair) {
        // Values of another kind: what else differs follows from that.
        return;
    }
    values::compare(scope, &pair);
    limits::compare(scope, &pair);
    objects::compare(scope, &pair);
    keywords::compare(scope, &pair);
    unions::compare(scope, &pair);
    parts::compare(scope, &pair);
    discriminator::compare(scope, &pair);
    notes::compare(scope, &pair);
}

//! What tells alternatives apart.

use super::Scope;
use super::view::Pair;
use crate::rules::{
    DISCRIMINATOR_ADDED, DISCRIMINATOR_CHANGED, DISCRIMINATOR_REMOVED, MAPPING_ADDED,
    MAPPING_CHANGED, MAPPING_REMOVED,
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
    let mapping = |node: Node<'d>| node.get("mapping").into_iter().flat_map(Node::members);
    let find = |node: Node<'d>, name: &str| node.get("mapping").and_then(|all| all.get(name));
    for (name, before) in mapping(old) {
        match find(new, name) {
            Some(after) if scope.comparison.equal(before, after) => {}
            Some(after) => scope.changed(&MAPPING_CHANGED, before, after),
            None => scope.removed(&MAPPING_REMOVED, before, new),
        }
    }
    for (name, after) in mapping(new) {
        if find(old, name).is_none() {
            scope.added(&MAPPING_ADDED, old, after);
        }
    }
}

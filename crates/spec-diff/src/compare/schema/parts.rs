//! Parts of `allOf` that came or went, beyond what their keywords tell.

use super::Scope;
use super::view::{Pair, View};
use crate::rules::{ALL_OF_ADDED, ALL_OF_REMOVED};
use crate::tree::Node;

pub(super) fn compare<'d>(scope: &mut Scope<'_, 'd>, pair: &Pair<'d>) {
    let (o, n) = pair.roots();
    let (old, new) = (members(&pair.old), members(&pair.new));
    // Two parts or more: below that, it is a matter of spelling.
    if old.total.max(new.total) < 2 {
        return;
    }
    for member in old.unmatched.iter().skip(new.unmatched.len()) {
        scope.removed(&ALL_OF_REMOVED, *member, n);
    }
    for member in new.unmatched.iter().skip(old.unmatched.len()) {
        scope.added(&ALL_OF_ADDED, o, *member);
    }
}

struct Members<'d> {
    total: usize,
    unmatched: Vec<Node<'d>>,
}

/// The parts in the schema's own `allOf`.
fn members<'d>(view: &View<'d>) -> Members<'d> {
    let all = view.direct();
    let unmatched = all
        .iter()
        .filter(|part| !part.shared)
        .map(|part| part.node)
        .collect();
    Members {
        total: all.len(),
        unmatched,
    }
}

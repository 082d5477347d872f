//! Servers, by URL.

use super::Comparison;
use crate::rules::{SERVER_ADDED, SERVER_REMOVED, SERVER_VARIABLE_CHANGED};
use crate::tree::Node;

impl<'d> Comparison<'d> {
    /// Compares the servers of the whole document.
    pub(super) fn document_servers(&mut self) {
        let (old, new) = (self.old.tree().root(), self.new.tree().root());
        let unit = self.walked_for(&[]);
        self.servers(unit, old, new);
    }

    /// Compares the servers that an operation has for itself.
    pub(super) fn operation_servers(&mut self, unit: usize, old: Node<'d>, new: Node<'d>) {
        self.servers(unit, old, new);
    }

    fn servers(&mut self, unit: usize, old: Node<'d>, new: Node<'d>) {
        let listed = |side: Node<'d>| {
            let items = side.get("servers").into_iter().flat_map(Node::items);
            let urls = items
                .filter_map(|node| Some((node.get("url")?.str()?.trim_end_matches('/'), node)));
            urls.collect::<Vec<_>>()
        };
        let (before, after) = (listed(old), listed(new));
        let mut scope = self.scope(unit);
        for &(url, o) in &before {
            match after.iter().find(|(other, _)| *other == url) {
                None => scope.found(&SERVER_REMOVED, (o, Some(url.to_owned())), (new, None)),
                Some(&(_, n)) => {
                    let variables = |node: Node<'d>| node.get("variables");
                    match (variables(o), variables(n)) {
                        (Some(a), Some(b)) if !scope.comparison.equal(a, b) => {
                            scope.changed(&SERVER_VARIABLE_CHANGED, a, b);
                        }
                        (Some(a), None) => scope.removed(&SERVER_VARIABLE_CHANGED, a, n),
                        (None, Some(b)) => scope.added(&SERVER_VARIABLE_CHANGED, o, b),
                        _ => {}
                    }
                }
            }
        }
        for &(url, n) in &after {
            if before.iter().all(|(other, _)| *other != url) {
                scope.found(&SERVER_ADDED, (old, None), (n, Some(url.to_owned())));
            }
        }
    }
}

//! Servers, by URL.

use super::Comparison;
use super::pairing::{Paired, paired};
use crate::rules::{SERVER_ADDED, SERVER_REMOVED, SERVER_VARIABLE_CHANGED};
use crate::tree::Node;

impl<'d> Comparison<'d> {
    /// Compares the servers of the whole document.
    pub(super) fn document_servers(&mut self) {
        let (old, new) = (self.old.tree().root(), self.new.tree().root());
        let unit = self.walked_for(&[]);
        self.servers(unit, old, new);
    }

    /// Compares the servers of the document, of a path or of an operation.
    pub(super) fn servers(&mut self, unit: usize, old: Node<'d>, new: Node<'d>) {
        let listed = |side: Node<'d>| {
            side.get("servers")
                .into_iter()
                .flat_map(Node::items)
                .collect()
        };
        let url = |server: &Node<'d>| Some(server.get("url")?.str()?.trim_end_matches('/'));
        let Paired { both, gone, come } = paired(listed(old), listed(new), url, url);
        let mut scope = self.scope(unit);
        for (o, n) in both {
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
        for server in gone {
            scope.found(
                &SERVER_REMOVED,
                (server, url(&server).map(str::to_owned)),
                (new, None),
            );
        }
        for server in come {
            scope.found(
                &SERVER_ADDED,
                (old, None),
                (server, url(&server).map(str::to_owned)),
            );
        }
    }
}

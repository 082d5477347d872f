//! Servers: the addresses at which each operation is reached, wherever the document names them.

use std::collections::BTreeMap;

use super::Comparison;
use super::operation::Side;
use super::pairing::{Paired, paired};
use crate::rules::{SERVER_ADDED, SERVER_REMOVED, SERVER_VARIABLE_CHANGED};
use crate::tree::Node;

/// What names an operation's servers: the operation, its path, or the document.
fn holder<'d>(side: Side<'d>, root: Node<'d>) -> Node<'d> {
    [side.operation, side.item]
        .into_iter()
        .find(|node| node.get("servers").is_some())
        .unwrap_or(root)
}

fn listed(holder: Node<'_>) -> Vec<Node<'_>> {
    let servers = holder.get("servers").into_iter();
    servers.flat_map(Node::items).collect()
}

/// The address with every variable filled in that can have one value only, and the names of the others erased.
fn address(server: Node<'_>) -> Option<String> {
    let mut address = server.get("url")?.str()?.to_owned();
    for (name, variable) in server.get("variables").into_iter().flat_map(Node::members) {
        let default = variable.get("default").and_then(Node::str);
        let fixed = variable.get("enum").is_none_or(|values| values.len() == 1);
        let value = if fixed { default } else { None };
        address = address.replace(&format!("{{{name}}}"), value.unwrap_or("{}"));
    }
    Some(address.trim_end_matches('/').to_owned())
}

/// The values of the variables that can have several.
fn choices(server: Node<'_>) -> Vec<(Option<&str>, Vec<Option<&str>>)> {
    let variables = server.get("variables").into_iter().flat_map(Node::members);
    variables
        .filter_map(|(_, variable)| {
            let values = variable.get("enum").filter(|values| values.len() > 1)?;
            let mut all: Vec<_> = values.items().map(Node::str).collect();
            all.sort_unstable();
            Some((variable.get("default").and_then(Node::str), all))
        })
        .collect()
}

impl<'d> Comparison<'d> {
    /// Compares the servers of all operations: once for those that the same lists apply to.
    pub(super) fn servers(&mut self) {
        let roots = (self.old.tree().root(), self.new.tree().root());
        let mut groups: BTreeMap<(u32, u32), (Node<'d>, Node<'d>, Vec<usize>)> = BTreeMap::new();
        for &(index, sides, roles) in self.pairs.iter().filter(|pair| pair.2.is_called()) {
            debug_assert!(roles.is_called());
            let (old, new) = (holder(sides.old, roots.0), holder(sides.new, roots.1));
            let group = groups.entry((old.id(), new.id()));
            group.or_insert((old, new, Vec::new())).2.push(index);
        }
        if groups.is_empty() {
            groups.insert((0, 0), (roots.0, roots.1, Vec::new()));
        }
        for (old, new, mut operations) in groups.into_values() {
            if (old, new) == roots {
                // What belongs to the document has no list of all its operations.
                operations.clear();
            }
            let unit = self.walked_for(&operations);
            self.server_lists(unit, old, new);
        }
    }

    fn server_lists(&mut self, unit: usize, old: Node<'d>, new: Node<'d>) {
        let key = |server: &Node<'d>| address(*server);
        let Paired { both, gone, come } = paired(listed(old), listed(new), key, key);
        let mut scope = self.scope(unit);
        for (o, n) in both {
            if choices(o) == choices(n) {
                continue;
            }
            match (o.get("variables"), n.get("variables")) {
                (Some(a), Some(b)) => scope.changed(&SERVER_VARIABLE_CHANGED, a, b),
                (Some(a), None) => scope.removed(&SERVER_VARIABLE_CHANGED, a, n),
                (None, Some(b)) => scope.added(&SERVER_VARIABLE_CHANGED, o, b),
                (None, None) => {}
            }
        }
        for server in gone {
            scope.found(&SERVER_REMOVED, (server, address(server)), (new, None));
        }
        for server in come {
            scope.found(&SERVER_ADDED, (old, None), (server, address(server)));
        }
    }
}

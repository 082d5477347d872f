//! What belongs to the document as a whole: component names, schemes, servers, documentation.

use std::collections::{HashMap, HashSet};

use super::{Comparison, Kind};
use crate::context::SCHEMAS_OF_FILES;
use crate::rules::{
    COMPONENT_ADDED, COMPONENT_REMOVED, COMPONENT_RENAMED, DOCUMENT_DOCS_CHANGED,
    UNUSED_COMPONENT_CHANGED,
};
use crate::tree::{Node, NodeId};

/// Names with one content that went, and those that came.
type SameContent<'d> = (Vec<&'d str>, Vec<(&'d str, Node<'d>)>);

/// Components that are schemas of other files on the other side: these have not gone, or come.
#[derive(Debug, Default)]
pub(super) struct Moved {
    old: HashSet<NodeId>,
    new: HashSet<NodeId>,
}

impl Moved {
    /// Takes note of two schemas that are compared.
    pub(super) fn note(&mut self, old: Node<'_>, new: Node<'_>) {
        let [was, is] = [old, new].map(|node| node.parent().and_then(Node::key));
        match (was, is) {
            (Some("schemas"), Some(SCHEMAS_OF_FILES)) => self.old.insert(old.id()),
            (Some(SCHEMAS_OF_FILES), Some("schemas")) => self.new.insert(new.id()),
            _ => false,
        };
    }
}

impl<'d> Comparison<'d> {
    /// Compares what is no operation's own.
    pub(super) fn document(&mut self) {
        self.servers();
        self.rename_schemes();
        self.requirements();
        self.schemes();
        self.components();
        let (old, new) = (self.old.tree().root(), self.new.tree().root());
        let unit = self.walked_for(&[]);
        let keys = ["info", "tags", "externalDocs"];
        self.scope(unit)
            .documentation(&DOCUMENT_DOCS_CHANGED, &keys, old, new);
    }

    fn components(&mut self) {
        let path = "/components/schemas";
        let old = self.old.tree().at_pointer(path);
        let new = self.new.tree().at_pointer(path);
        let (old_root, new_root) = (self.old.tree().root(), self.new.tree().root());
        let listed =
            |side: Option<Node<'d>>| side.into_iter().flat_map(Node::members).collect::<Vec<_>>();
        let (before, after) = (listed(old), listed(new));
        let gone: Vec<_> = before
            .iter()
            .filter(|(name, _)| new.and_then(|all| all.get(name)).is_none())
            .filter(|(_, node)| !self.moved.old.contains(&node.id()))
            .copied()
            .collect();
        let come: Vec<_> = after
            .iter()
            .filter(|(name, _)| old.and_then(|all| all.get(name)).is_none())
            .filter(|(_, node)| !self.moved.new.contains(&node.id()))
            .copied()
            .collect();
        let unit = self.walked_for(&[]);
        let renamed = self.renamed_components(&gone, &come);
        let mut taken = HashSet::new();
        for (name, node) in gone {
            let text = Some(name.to_owned());
            if let Some(&(new_name, new_node)) = renamed.get(name) {
                taken.insert(new_name);
                let after = Some(new_name.to_owned());
                self.scope(unit)
                    .found(&COMPONENT_RENAMED, (node, text), (new_node, after));
            } else {
                let holder = new.unwrap_or(new_root);
                self.scope(unit)
                    .found(&COMPONENT_REMOVED, (node, text), (holder, None));
            }
        }
        for (name, node) in come.into_iter().filter(|(name, _)| !taken.contains(name)) {
            let holder = old.unwrap_or(old_root);
            self.scope(unit).found(
                &COMPONENT_ADDED,
                (holder, None),
                (node, Some(name.to_owned())),
            );
        }
        for (name, o) in before {
            let Some(n) = new.and_then(|all| all.get(name)) else {
                continue;
            };
            let compared = self.known.contains_key(&(Kind::Schema, o.id(), n.id()));
            let through_ref = self.old.target(o).is_some() || self.new.target(n).is_some();
            if !compared && !through_ref && !self.equal(o, n) {
                self.scope(unit)
                    .found(&UNUSED_COMPONENT_CHANGED, (o, None), (n, None));
            }
        }
    }

    /// Old name to new one, where exactly one schema has this content on each side.
    fn renamed_components(
        &self,
        gone: &[(&'d str, Node<'d>)],
        come: &[(&'d str, Node<'d>)],
    ) -> HashMap<&'d str, (&'d str, Node<'d>)> {
        let mut by_content: HashMap<u64, SameContent<'d>> = HashMap::new();
        for &(name, node) in gone {
            by_content
                .entry(self.old.hash(node))
                .or_default()
                .0
                .push(name);
        }
        for &(name, node) in come {
            by_content
                .entry(self.new.hash(node))
                .or_default()
                .1
                .push((name, node));
        }
        let single = by_content.into_values().filter_map(|(old, new)| {
            match (old.as_slice(), new.as_slice()) {
                ([old], [new]) => Some((*old, *new)),
                _ => None,
            }
        });
        single.collect()
    }
}

//! Credentials: what an operation asks for, and what the schemes are.

use std::collections::{BTreeMap, BTreeSet};

use super::Comparison;
use super::pairing::{Paired, paired};
use crate::rules::{
    SCHEME_ADDED, SCHEME_CHANGED, SCHEME_FLOW_ADDED, SCHEME_FLOW_REMOVED, SCHEME_REMOVED,
    SCHEME_RENAMED, SCHEME_SCOPE_ADDED, SCHEME_SCOPE_CHANGED, SCHEME_SCOPE_REMOVED,
    SCHEME_URL_CHANGED, SECURITY_ALTERNATIVE_ADDED, SECURITY_ALTERNATIVE_REMOVED, SECURITY_LIFTED,
    SECURITY_REQUIRED, SECURITY_SCOPE_ADDED, SECURITY_SCOPE_REMOVED,
};
use crate::tree::Node;

/// One way to authenticate: schemes that are needed together, with their scopes.
type Alternative<'d> = BTreeMap<&'d str, BTreeSet<&'d str>>;

fn alternatives(security: Option<Node<'_>>) -> Vec<(Alternative<'_>, Node<'_>)> {
    let items = security.into_iter().flat_map(Node::items);
    items
        .map(|node| {
            let schemes = node
                .members()
                .map(|(scheme, scopes)| (scheme, scopes.items().filter_map(Node::str).collect()));
            (schemes.collect(), node)
        })
        .collect()
}

/// A way to authenticate in words.
fn words(alternative: &Alternative<'_>) -> String {
    if alternative.is_empty() {
        return "no credentials".to_owned();
    }
    let schemes = alternative.iter().map(|(scheme, scopes)| {
        let scopes: Vec<_> = scopes.iter().copied().collect();
        if scopes.is_empty() {
            (*scheme).to_owned()
        } else {
            format!("{scheme} ({})", scopes.join(", "))
        }
    });
    schemes.collect::<Vec<_>>().join(" and ")
}

impl<'d> Comparison<'d> {
    /// Compares what operations ask for. What they inherit is compared once for all.
    pub(super) fn requirements(&mut self) {
        let (old_root, new_root) = (self.old.tree().root(), self.new.tree().root());
        let global = (old_root.get("security"), new_root.get("security"));
        let mut inheriting = Vec::new();
        for (index, sides, _) in std::mem::take(&mut self.pairs) {
            let (old, new) = (sides.old.operation, sides.new.operation);
            match (old.get("security"), new.get("security")) {
                (None, None) => inheriting.push(index),
                (o, n) => {
                    self.requirement(&[index], (old, o.or(global.0)), (new, n.or(global.1)));
                }
            }
        }
        if !inheriting.is_empty() || self.operations.is_empty() {
            self.requirement(&inheriting, (old_root, global.0), (new_root, global.1));
        }
    }

    fn requirement(
        &mut self,
        operations: &[usize],
        (old_holder, old): (Node<'d>, Option<Node<'d>>),
        (new_holder, new): (Node<'d>, Option<Node<'d>>),
    ) {
        if let (Some(o), Some(n)) = (old, new)
            && self.equal(o, n)
        {
            return;
        }
        let (mut before, after) = (alternatives(old), alternatives(new));
        for (alternative, _) in &mut before {
            *alternative = std::mem::take(alternative)
                .into_iter()
                .map(|(name, scopes)| {
                    (
                        self.renamed_schemes.get(name).copied().unwrap_or(name),
                        scopes,
                    )
                })
                .collect();
        }
        let (old_at, new_at) = (old.unwrap_or(old_holder), new.unwrap_or(new_holder));
        let free = |all: &[(Alternative<'_>, Node<'_>)]| all.iter().all(|(a, _)| a.is_empty());
        let all_words = |all: &[(Alternative<'d>, Node<'d>)]| {
            Some(
                all.iter()
                    .map(|(a, _)| words(a))
                    .collect::<Vec<_>>()
                    .join(" or "),
            )
            .filter(|t| !t.is_empty())
        };
        let unit = self.walked_for(operations);
        let mut scope = self.scope(unit);
        match (free(&before), free(&after)) {
            (true, true) => return,
            (true, false) if !after.iter().any(|(a, _)| a.is_empty()) => {
                scope.found(
                    &SECURITY_REQUIRED,
                    (old_at, None),
                    (new_at, all_words(&after)),
                );
                return;
            }
            (false, true) => {
                scope.found(
                    &SECURITY_LIFTED,
                    (old_at, all_words(&before)),
                    (new_at, None),
                );
                return;
            }
            _ => {}
        }
        let names =
            |(a, _): &(Alternative<'d>, Node<'d>)| Some(a.keys().copied().collect::<Vec<_>>());
        let accepted: Vec<Alternative<'d>> = after.iter().map(|(a, _)| a.clone()).collect();
        let Paired { both, gone, come } = paired(before, after, names, names);
        for ((old, old_node), (new, new_node)) in both {
            for (scheme, scopes) in &old {
                let now = &new[scheme];
                for scope_name in scopes.difference(now) {
                    let text = Some(format!("{scheme}: {scope_name}"));
                    scope.found(&SECURITY_SCOPE_REMOVED, (old_node, text), (new_node, None));
                }
                for scope_name in now.difference(scopes) {
                    let text = Some(format!("{scheme}: {scope_name}"));
                    scope.found(&SECURITY_SCOPE_ADDED, (old_node, None), (new_node, text));
                }
            }
        }
        // Who sends more credentials than one of the ways takes is accepted all the same.
        let enough = |sent: &Alternative<'d>| {
            accepted.iter().any(|asked| {
                let has = |(scheme, scopes): (_, &BTreeSet<_>)| {
                    sent.get(scheme).is_some_and(|sent| scopes.is_subset(sent))
                };
                asked.iter().all(|(scheme, scopes)| has((scheme, scopes)))
            })
        };
        for (alternative, node) in gone.into_iter().filter(|(gone, _)| !enough(gone)) {
            let text = Some(words(&alternative));
            scope.found(&SECURITY_ALTERNATIVE_REMOVED, (node, text), (new_at, None));
        }
        for (alternative, node) in come {
            let text = Some(words(&alternative));
            scope.found(&SECURITY_ALTERNATIVE_ADDED, (old_at, None), (node, text));
        }
    }

    /// Notes which schemes have another name only: same kind, same place on the wire, one on each side.
    pub(super) fn rename_schemes(&mut self) {
        let path = "/components/securitySchemes";
        let (Some(old), Some(new)) = (
            self.old.tree().at_pointer(path),
            self.new.tree().at_pointer(path),
        ) else {
            return;
        };
        let only_in = |all: Node<'d>, other: Node<'d>| {
            let members = all.members().filter(|(name, _)| other.get(name).is_none());
            members.collect::<Vec<_>>()
        };
        let (gone, come) = (only_in(old, new), only_in(new, old));
        for &(old_name, o) in &gone {
            let o = self.old.resolved(o);
            let equals = |n: &&(&str, Node<'d>)| self.equal(o, self.new.resolved(n.1));
            let mut twins = come.iter().filter(equals);
            let (Some(&(new_name, n)), None) = (twins.next(), twins.next()) else {
                continue;
            };
            let n = self.new.resolved(n);
            let rivals = gone
                .iter()
                .filter(|(_, o)| self.equal(self.old.resolved(*o), n));
            if rivals.count() == 1 {
                self.renamed_schemes.insert(old_name, new_name);
            }
        }
    }

    /// Compares `components/securitySchemes`.
    pub(super) fn schemes(&mut self) {
        let (old_root, new_root) = (self.old.tree().root(), self.new.tree().root());
        let path = "/components/securitySchemes";
        let old = self.old.tree().at_pointer(path);
        let new = self.new.tree().at_pointer(path);
        let unit = self.walked_for(&[]);
        for (name, o) in old.into_iter().flat_map(Node::members) {
            if let Some(now) = self.renamed_schemes.get(name).copied() {
                let n = new.and_then(|all| all.get(now)).unwrap_or(new_root);
                let names = (Some(name.to_owned()), Some(now.to_owned()));
                self.scope(unit)
                    .found(&SCHEME_RENAMED, (o, names.0), (n, names.1));
                continue;
            }
            match new.and_then(|all| all.get(name)) {
                Some(n) => self.scheme(unit, self.old.resolved(o), self.new.resolved(n)),
                None => self
                    .scope(unit)
                    .removed(&SCHEME_REMOVED, o, new.unwrap_or(new_root)),
            }
        }
        for (name, n) in new.into_iter().flat_map(Node::members) {
            let renamed = self.renamed_schemes.values().any(|now| *now == name);
            if !renamed && old.and_then(|all| all.get(name)).is_none() {
                self.scope(unit)
                    .added(&SCHEME_ADDED, old.unwrap_or(old_root), n);
            }
        }
    }

    fn scheme(&mut self, unit: usize, old: Node<'d>, new: Node<'d>) {
        if self.equal(old, new) {
            return;
        }
        let mut scope = self.scope(unit);
        let text = |node: Node<'d>, key: &str| node.get(key).and_then(Node::str);
        for key in ["type", "in", "name", "scheme"] {
            let (before, after) = (text(old, key), text(new, key));
            let header = key == "name" && text(old, "in") == Some("header");
            let same = if key == "scheme" || header {
                before.map(str::to_ascii_lowercase) == after.map(str::to_ascii_lowercase)
            } else {
                before == after
            };
            if !same {
                let words = |value: Option<&str>| value.map(|value| format!("{key}: {value}"));
                scope.found(&SCHEME_CHANGED, (old, words(before)), (new, words(after)));
            }
        }
        if text(old, "openIdConnectUrl") != text(new, "openIdConnectUrl") {
            let words = |node| text(node, "openIdConnectUrl").map(str::to_owned);
            scope.found(&SCHEME_URL_CHANGED, (old, words(old)), (new, words(new)));
        }
        let flows = |node: Node<'d>| node.get("flows").into_iter().flat_map(Node::members);
        for (name, o) in flows(old) {
            let Some(n) = new.get("flows").and_then(|all| all.get(name)) else {
                scope.removed(&SCHEME_FLOW_REMOVED, o, new);
                continue;
            };
            for key in ["authorizationUrl", "tokenUrl", "refreshUrl"] {
                if text(o, key) != text(n, key) {
                    let words = |node| text(node, key).map(str::to_owned);
                    scope.found(&SCHEME_URL_CHANGED, (o, words(o)), (n, words(n)));
                }
            }
            let scopes = |node: Node<'d>| node.get("scopes").into_iter().flat_map(Node::members);
            let find =
                |node: Node<'d>, name: &str| node.get("scopes").and_then(|all| all.get(name));
            for (name, before) in scopes(o) {
                match find(n, name) {
                    Some(after) if scope.comparison.equal(before, after) => {}
                    Some(after) => scope.changed(&SCHEME_SCOPE_CHANGED, before, after),
                    None => scope.removed(&SCHEME_SCOPE_REMOVED, before, n),
                }
            }
            for (_, come) in scopes(n).filter(|(name, _)| find(o, name).is_none()) {
                scope.added(&SCHEME_SCOPE_ADDED, o, come);
            }
        }
        for (name, n) in flows(new) {
            if old.get("flows").and_then(|all| all.get(name)).is_none() {
                scope.added(&SCHEME_FLOW_ADDED, old, n);
            }
        }
    }
}

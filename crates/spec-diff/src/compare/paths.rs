//! Which path of the one document is which of the other, and then their operations.

use std::collections::{HashMap, HashSet};

use super::Comparison;
use super::operation::{METHODS, Roles, Side, Sides};
use crate::life::{Stability, Sunset, is_deprecated, stability, sunset};
use crate::rules::{
    DEPRECATED_ENDPOINT_REMOVED, ENDPOINT_ADDED, ENDPOINT_REMOVED, ENDPOINT_REMOVED_EARLY,
    OPERATION_DOCS_CHANGED, PATH_PARAMETER_RENAMED, PATH_RENAMED, Row, UNSTABLE_ENDPOINT_REMOVED,
};
use crate::tree::Node;

/// A path with what is there.
#[derive(Clone, Copy)]
struct Path<'d> {
    name: &'d str,
    item: Node<'d>,
}

impl<'d> Comparison<'d> {
    /// Compares everything under `paths`.
    pub(super) fn paths(&mut self) {
        let (old_root, new_root) = (self.old.tree().root(), self.new.tree().root());
        let old = listed(old_root.get("paths"));
        let new = listed(new_root.get("paths"));
        let (pairs, gone, come) = matched(&old, &new);
        for (o, n) in pairs {
            self.path(o, n, None);
        }
        let renamed: HashMap<&str, (Path<'d>, Path<'d>)> = self
            .renamed(&gone, &come)
            .into_iter()
            .map(|(o, n)| (o.name, (o, n)))
            .collect();
        let taken: HashSet<&str> = renamed.values().map(|(_, n)| n.name).collect();
        let holders = (
            old_root.get("paths").unwrap_or(old_root),
            new_root.get("paths").unwrap_or(new_root),
        );
        for path in &gone {
            if let Some(&(o, n)) = renamed.get(path.name) {
                self.path(o, n, Some(&PATH_RENAMED));
            } else {
                let item = self.old.resolved(path.item);
                for (method, operation) in methods(item) {
                    self.endpoint_removed(method, path.name, operation, holders.1);
                }
            }
        }
        for path in &come {
            if !taken.contains(path.name) {
                let item = self.new.resolved(path.item);
                for (method, operation) in methods(item) {
                    self.endpoint_added(method, path.name, holders.0, operation);
                }
            }
        }
    }

    /// Compares the operations of one path.
    fn path(&mut self, old: Path<'d>, new: Path<'d>, renamed: Option<&'static Row>) {
        let (old_item, new_item) = (self.old.resolved(old.item), self.new.resolved(new.item));
        let mut both = Vec::new();
        for method in METHODS {
            match (old_item.get(method), new_item.get(method)) {
                (None, None) => {}
                (Some(o), None) => self.endpoint_removed(method, old.name, o, new_item),
                (None, Some(n)) => self.endpoint_added(method, new.name, old_item, n),
                (Some(o), Some(n)) => {
                    let index = self.operation(method, new.name, false);
                    both.push(index);
                    let sides = Sides {
                        old: Side {
                            item: old_item,
                            operation: o,
                            path: old.name,
                        },
                        new: Side {
                            item: new_item,
                            operation: n,
                            path: new.name,
                        },
                    };
                    self.operation_pair(index, sides, Roles::CALLED);
                }
            }
        }
        if old.name != new.name {
            let row = renamed.unwrap_or(&PATH_PARAMETER_RENAMED);
            let (before, after) = (Some(old.name.to_owned()), Some(new.name.to_owned()));
            let unit = self.walked_for(&both);
            self.scope(unit)
                .found(row, (old.item, before), (new.item, after));
        }
        if !self.same(old_item, new_item) {
            let unit = self.walked_for(&both);
            let keys = ["summary", "description"];
            self.scope(unit)
                .documentation(&OPERATION_DOCS_CHANGED, &keys, old_item, new_item);
        }
    }

    pub(super) fn endpoint_removed(
        &mut self,
        method: &str,
        path: &str,
        old: Node<'d>,
        holder: Node<'d>,
    ) {
        let row = if is_deprecated(old) {
            match sunset(old) {
                Sunset::Day(day)
                    if self
                        .options
                        .today
                        .as_deref()
                        .is_some_and(|today| today < day) =>
                {
                    &ENDPOINT_REMOVED_EARLY
                }
                // Nobody could plan by such a date.
                Sunset::Invalid => &ENDPOINT_REMOVED,
                _ => &DEPRECATED_ENDPOINT_REMOVED,
            }
        } else if matches!(stability(old), Stability::Draft | Stability::Alpha) {
            &UNSTABLE_ENDPOINT_REMOVED
        } else {
            &ENDPOINT_REMOVED
        };
        let index = self.operation(method, path, false);
        let unit = self.walked_for(&[index]);
        let before = Some(format!("{} {path}", method.to_ascii_uppercase()));
        self.scope(unit).found(row, (old, before), (holder, None));
    }

    pub(super) fn endpoint_added(
        &mut self,
        method: &str,
        path: &str,
        holder: Node<'d>,
        new: Node<'d>,
    ) {
        let index = self.operation(method, path, false);
        let unit = self.walked_for(&[index]);
        let after = Some(format!("{} {path}", method.to_ascii_uppercase()));
        self.scope(unit)
            .found(&ENDPOINT_ADDED, (holder, None), (new, after));
    }

    /// Paths that were renamed beyond doubt: every operation of the old one has an operationId, and the new
    /// one has exactly these, method by method.
    fn renamed(&self, gone: &[Path<'d>], come: &[Path<'d>]) -> Vec<(Path<'d>, Path<'d>)> {
        let mut by_ids: HashMap<Vec<(&str, &str)>, Vec<Path<'d>>> = HashMap::new();
        for &path in come {
            if let Some(ids) = ids(self.new.resolved(path.item)) {
                by_ids.entry(ids).or_default().push(path);
            }
        }
        gone.iter()
            .filter_map(|&old| {
                let found = by_ids.get(&ids(self.old.resolved(old.item))?)?;
                let [new] = found.as_slice() else { return None };
                Some((old, *new))
            })
            .collect()
    }
}

/// Methods with their operationIds, if all have one.
fn ids(item: Node<'_>) -> Option<Vec<(&'static str, &str)>> {
    let ids: Vec<_> = methods(item)
        .map(|(method, operation)| Some((method, operation.get("operationId")?.str()?)))
        .collect::<Option<_>>()?;
    (!ids.is_empty()).then_some(ids)
}

fn methods(item: Node<'_>) -> impl Iterator<Item = (&'static str, Node<'_>)> {
    METHODS
        .into_iter()
        .filter_map(move |method| Some((method, item.get(method)?)))
}

fn listed(paths: Option<Node<'_>>) -> Vec<Path<'_>> {
    let members = paths.into_iter().flat_map(Node::members);
    members
        .filter(|(name, _)| !name.starts_with("x-"))
        .map(|(name, item)| Path { name, item })
        .collect()
}

type Matched<'d> = (Vec<(Path<'d>, Path<'d>)>, Vec<Path<'d>>, Vec<Path<'d>>);

/// Pairs by name, then by name with the parameters' names left out; and what is left on each side.
fn matched<'d>(old: &[Path<'d>], new: &[Path<'d>]) -> Matched<'d> {
    let exact: HashMap<&str, Path<'d>> = new.iter().map(|p| (p.name, *p)).collect();
    let old_names: HashSet<&str> = old.iter().map(|p| p.name).collect();
    let mut erased: HashMap<String, Vec<Path<'d>>> = HashMap::new();
    for path in new.iter().rev().filter(|p| !old_names.contains(p.name)) {
        erased.entry(erase(path.name)).or_default().push(*path);
    }
    let mut pairs = Vec::new();
    let mut gone = Vec::new();
    let mut taken = HashSet::new();
    for &path in old {
        let found = match exact.get(path.name) {
            Some(&same) => Some(same),
            None => erased.get_mut(&erase(path.name)).and_then(Vec::pop),
        };
        match found {
            Some(other) => {
                taken.insert(other.name);
                pairs.push((path, other));
            }
            None => gone.push(path),
        }
    }
    let come = new
        .iter()
        .copied()
        .filter(|p| !taken.contains(p.name))
        .collect();
    (pairs, gone, come)
}

/// `/a/{b}/c` as `/a/{}/c`.
fn erase(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut inside = false;
    for c in path.chars() {
        match c {
            '{' => {
                inside = true;
                out.push_str("{}");
            }
            '}' => inside = false,
            _ if inside => {}
            c => out.push(c),
        }
    }
    out
}

/// The names of the parameters in a path, in order.
pub(super) fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
}

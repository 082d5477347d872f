//! Which operation of a new document is the one of the old.

use crate::spec::{Operation, Spec};

/// Every operation of the older document with its counterpart: by path and method, else by id.
pub fn pairs<'a>(old: &'a Spec, new: &'a Spec) -> Vec<(Operation<'a>, Option<Operation<'a>>)> {
    let there = new.operations();
    old.operations()
        .into_iter()
        .map(|was| {
            let same = |it: &&Operation<'_>| {
                it.method == was.method && template(it.path) == template(was.path)
            };
            let named = |it: &&Operation<'_>| !was.id().is_empty() && it.id() == was.id();
            let is = there.iter().find(same).or_else(|| there.iter().find(named));
            (was, is.copied())
        })
        .collect()
}

/// A path without the names of its parameters.
pub(super) fn template(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + "{}" + part.split_once('}').map_or("", |(_, rest)| rest)
    })
}

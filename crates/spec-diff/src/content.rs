//! Content hashes: two nodes with one hash say the same, however they are written.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::LazyLock;

use crate::context::{Context, WEBHOOKS_3_0};
use crate::number::Decimal;
use crate::tree::{Node, Tree, Value};

/// One key for the process: a document cannot be made to collide, and no result depends on it.
static KEYS: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// Keywords that only people read.
const DOCS: [&str; 7] = [
    "$comment",
    "description",
    "example",
    "examples",
    "externalDocs",
    "summary",
    "title",
];

/// Extensions that this crate understands.
const EXTENSIONS: [&str; 4] = [
    "x-extensible-enum",
    "x-stability-level",
    "x-sunset",
    WEBHOOKS_3_0,
];

fn counts(key: &str, docs: bool) -> bool {
    if key.starts_with("x-") {
        EXTENSIONS.contains(&key)
    } else {
        docs || !DOCS.contains(&key)
    }
}

/// The hash of every node, in which the order of keys does not count. Documentation counts if `docs` is set.
pub(crate) fn hashes(tree: &Tree, contexts: &[Context], docs: bool) -> Vec<u64> {
    let mut all: Vec<u64> = Vec::with_capacity(tree.len() as usize);
    for id in 0..tree.len() {
        let node = tree.node(id);
        let mut hasher = KEYS.build_hasher();
        match node.value() {
            Value::Null => hasher.write_u8(0),
            Value::Bool(b) => hasher.write_u8(1 + u8::from(b)),
            // `1`, `1.0` and `1e0` are one number.
            Value::Number(text) => match Decimal::parse(text) {
                Some(number) => (3u8, number).hash(&mut hasher),
                None => (4u8, text).hash(&mut hasher),
            },
            Value::String(text) => (5u8, text).hash(&mut hasher),
            Value::Array => {
                hasher.write_u8(6);
                for item in node.items() {
                    hasher.write_u64(all[item.id() as usize]);
                }
            }
            Value::Object => {
                hasher.write_u8(7);
                let keywords = contexts[id as usize] == Context::Keywords;
                let (mut sum, mut count) = (0u64, 0usize);
                for (key, value) in node.members() {
                    if !keywords || counts(key, docs) {
                        sum = sum.wrapping_add(KEYS.hash_one((key, all[value.id() as usize])));
                        count += 1;
                    }
                }
                hasher.write_u64(sum);
                hasher.write_usize(count);
            }
        }
        all.push(hasher.finish());
    }
    all
}

/// Which nodes of `new` are `changed`, or lead, through a `$ref`, to something that is not the same in `old`.
///
/// A node with an equal hash on both sides and no such mark is settled without a look.
pub(crate) fn lead_to_changes(
    old: &Tree,
    old_hashes: &[u64],
    new: &Tree,
    new_hashes: &[u64],
    refs: &[(Node<'_>, Node<'_>)],
    changed: &[Node<'_>],
) -> Vec<bool> {
    let mut marked = vec![false; new.len() as usize];
    let mut by_target: Vec<(u32, u32)> =
        refs.iter().map(|(from, to)| (to.id(), from.id())).collect();
    by_target.sort_unstable();
    let mut waiting: Vec<u32> = Vec::new();
    let mut queued: HashSet<u32> = HashSet::new();
    for group in by_target.chunk_by(|a, b| a.0 == b.0) {
        let target = new.node(group[0].0);
        let same = old
            .at_pointer(&target.pointer())
            .is_some_and(|counterpart| {
                old_hashes[counterpart.id() as usize] == new_hashes[target.id() as usize]
            });
        if !same && queued.insert(target.id()) {
            waiting.push(target.id());
        }
    }
    // What differs though it is written the same: whoever refers to it leads to a change.
    for node in changed {
        marked[node.id() as usize] = true;
        if queued.insert(node.id()) {
            waiting.push(node.id());
        }
    }
    let is_target = |id: u32| by_target.binary_search_by(|pair| pair.0.cmp(&id)).is_ok();
    while let Some(target) = waiting.pop() {
        let start = by_target.partition_point(|pair| pair.0 < target);
        for &(_, from) in by_target[start..]
            .iter()
            .take_while(|pair| pair.0 == target)
        {
            let mut up = vec![from];
            while let Some(id) = up.pop() {
                if std::mem::replace(&mut marked[id as usize], true) {
                    continue;
                }
                if is_target(id) && queued.insert(id) {
                    waiting.push(id);
                }
                up.extend(new.node(id).parents());
            }
        }
    }
    marked
}

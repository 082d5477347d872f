//! How readers put a [`Tree`] together.

use std::collections::HashSet;

use super::{DECODED, Kind, Member, NO_PARENT, NodeId, Record, SMALL, Text, Tree, Up, narrow};
use crate::error::Position;

/// Builds a tree from the leaves up. Members and items of open containers wait on shared stacks.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    pub(super) tree: Tree,
    open_members: Vec<Member>,
    open_items: Vec<NodeId>,
}

/// A key that an object has twice.
#[derive(Debug)]
pub(crate) struct Duplicate {
    pub(crate) key: String,
    pub(crate) position: Position,
}

impl Builder {
    pub(crate) fn new(source: String) -> Self {
        let mut line_starts = vec![0];
        line_starts.extend(
            source
                .bytes()
                .enumerate()
                .filter(|&(_, b)| b == b'\n')
                .map(|(i, _)| narrow(i + 1)),
        );
        let nodes = source.len() / 20;
        Self {
            tree: Tree {
                records: Vec::with_capacity(nodes),
                members: Vec::with_capacity(nodes),
                source,
                line_starts,
                ..Tree::default()
            },
            ..Self::default()
        }
    }

    /// Offset of a line (from 1) and column (from 0), held inside that line.
    pub(crate) fn offset(&self, line: usize, column: usize) -> u32 {
        let starts = &self.tree.line_starts;
        let start = starts
            .get(line.saturating_sub(1))
            .or(starts.last())
            .copied()
            .unwrap_or(0);
        let end = starts
            .get(line)
            .map_or(narrow(self.tree.source.len()), |next| next - 1);
        (start + narrow(column)).min(end)
    }

    pub(crate) fn position(&self, at: u32) -> Position {
        self.tree.position(at)
    }

    /// A range of the source.
    pub(crate) fn slice(start: usize, end: usize) -> Text {
        Text {
            start: narrow(start),
            len: narrow(end - start),
        }
    }

    /// Text that is not in the source as it stands.
    pub(crate) fn decoded(&mut self, text: &str) -> Text {
        let start = narrow(self.tree.decoded.len()) | DECODED;
        self.tree.decoded.push_str(text);
        Text {
            start,
            len: narrow(text.len()),
        }
    }

    pub(super) fn push(&mut self, kind: Kind, at: u32) -> NodeId {
        self.tree.records.push(Record { kind, at });
        self.tree.len() - 1
    }

    pub(crate) fn null(&mut self, at: u32) -> NodeId {
        self.push(Kind::Null, at)
    }

    pub(crate) fn bool(&mut self, value: bool, at: u32) -> NodeId {
        self.push(Kind::Bool(value), at)
    }

    pub(crate) fn number(&mut self, text: Text, at: u32) -> NodeId {
        self.push(Kind::Number(text), at)
    }

    pub(crate) fn string(&mut self, text: Text, at: u32) -> NodeId {
        self.push(Kind::String(text), at)
    }

    /// Marks to hand to [`Builder::close_object`] or [`Builder::close_array`].
    pub(crate) fn open(&self) -> (usize, usize) {
        (self.open_members.len(), self.open_items.len())
    }

    pub(crate) fn member(&mut self, key: Text, key_at: u32, value: NodeId) {
        self.open_members.push(Member { key, key_at, value });
    }

    pub(crate) fn item(&mut self, value: NodeId) {
        self.open_items.push(value);
    }

    /// Adds the members of `from` to the open object, save those that it has (YAML's `<<`).
    /// What has been read so far.
    pub(crate) fn tree(&self) -> &Tree {
        &self.tree
    }

    pub(crate) fn merge(&mut self, from: NodeId, opened: usize) {
        let own = &self.open_members[opened..];
        let known: HashSet<&str> = own.iter().map(|m| self.tree.text(m.key)).collect();
        let members = self.tree.node(from).raw_members().iter().copied();
        let more: Vec<Member> = members
            .filter(|m| !known.contains(self.tree.text(m.key)))
            .collect();
        self.open_members.extend(more);
    }

    pub(crate) fn close_array(&mut self, opened: (usize, usize), at: u32) -> NodeId {
        let start = narrow(self.tree.items.len());
        self.tree.items.extend(self.open_items.drain(opened.1..));
        let len = narrow(self.tree.items.len()) - start;
        self.push(Kind::Array { start, len }, at)
    }

    pub(crate) fn close_object(
        &mut self,
        opened: (usize, usize),
        at: u32,
    ) -> Result<NodeId, Duplicate> {
        let start = self.tree.members.len();
        self.tree
            .members
            .extend(self.open_members.drain(opened.0..));
        let len = self.tree.members.len() - start;
        let id = self.push(
            Kind::Object {
                start: narrow(start),
                len: narrow(len),
            },
            at,
        );
        let tree = &mut self.tree;
        let members = &tree.members[start..];
        let key = |source: &Tree, i: usize| source.text(source.members[start + i].key).to_owned();
        let duplicate = if len <= SMALL {
            (1..len).find(|&i| {
                let this = tree.text(members[i].key);
                members[..i]
                    .iter()
                    .any(|m| m.key.len == members[i].key.len && tree.text(m.key) == this)
            })
        } else {
            let mut order: Vec<u32> = (0..narrow(len)).collect();
            order.sort_unstable_by(|&a, &b| {
                tree.text(members[a as usize].key)
                    .cmp(tree.text(members[b as usize].key))
                    .then(a.cmp(&b))
            });
            let twice = order
                .windows(2)
                .find(|w| {
                    tree.text(members[w[0] as usize].key) == tree.text(members[w[1] as usize].key)
                })
                .map(|w| w[1] as usize);
            tree.index.insert(id, narrow(tree.sorted.len()));
            tree.sorted.extend(order);
            twice
        };
        match duplicate {
            None => Ok(id),
            Some(i) => Err(Duplicate {
                key: key(tree, i),
                position: tree.position(tree.members[start + i].key_at),
            }),
        }
    }

    /// How much the tree holds, to bound what aliases can multiply.
    pub(crate) fn weight(&self) -> usize {
        self.tree.members.len() + self.tree.items.len() + self.open_members.len()
    }

    /// Ends the document. The node made last is its root.
    pub(crate) fn finish(mut self) -> Tree {
        let tree = &mut self.tree;
        tree.up = vec![
            Up {
                parent: NO_PARENT,
                slot: 0
            };
            tree.records.len()
        ];
        for id in 0..tree.len() {
            let children: Vec<NodeId>;
            let children: &[NodeId] = match tree.records[id as usize].kind {
                Kind::Array { start, len } => {
                    &tree.items[start as usize..start as usize + len as usize]
                }
                Kind::Object { start, len } => {
                    let range = start as usize..start as usize + len as usize;
                    children = tree.members[range].iter().map(|m| m.value).collect();
                    &children
                }
                _ => continue,
            };
            for (slot, &child) in children.iter().enumerate() {
                let up = &mut tree.up[child as usize];
                if up.parent == NO_PARENT {
                    *up = Up {
                        parent: id,
                        slot: narrow(slot),
                    };
                } else {
                    tree.also_in.entry(child).or_default().push(id);
                }
            }
        }
        self.tree
    }
}

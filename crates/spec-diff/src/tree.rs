//! A document in memory: one arena, every node with its place, children before parents.

mod build;
mod files;

use std::collections::HashMap;

use crate::error::Position;
use crate::escape::{SHOWN, SHOWN_KEY, shortened};
use crate::number::Decimal;

pub(crate) use build::Builder;
use files::Files;

/// Index of a node in its [`Tree`]. Children have smaller numbers than their parent.
pub(crate) type NodeId = u32;

/// Marks a text range as part of `decoded` rather than of the source.
const DECODED: u32 = 1 << 31;
/// Objects with more members than this get a sorted index.
const SMALL: usize = 16;

/// A range of text in the source, or in the buffer of texts that had escapes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    start: u32,
    len: u32,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Null,
    Bool(bool),
    Number(Text),
    String(Text),
    Array { start: u32, len: u32 },
    Object { start: u32, len: u32 },
}

/// What a node is, for reading.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'d> {
    Null,
    Bool(bool),
    /// The number as it was written.
    Number(&'d str),
    String(&'d str),
    Array,
    Object,
}

#[derive(Debug, Clone, Copy)]
struct Record {
    kind: Kind,
    /// Byte offset in the source.
    at: u32,
}

#[derive(Debug, Clone, Copy)]
struct Member {
    key: Text,
    key_at: u32,
    value: NodeId,
}

/// Where a node hangs: in which container, and at which of its places.
#[derive(Debug, Clone, Copy)]
struct Up {
    parent: NodeId,
    slot: u32,
}

const NO_PARENT: NodeId = NodeId::MAX;

/// A parsed document.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    source: String,
    decoded: String,
    records: Vec<Record>,
    members: Vec<Member>,
    items: Vec<NodeId>,
    up: Vec<Up>,
    /// For YAML aliases: further containers of a node, beside the one in `up`.
    also_in: HashMap<NodeId, Vec<NodeId>>,
    /// Object to the start of its index in `sorted`.
    index: HashMap<NodeId, u32>,
    sorted: Vec<u32>,
    line_starts: Vec<u32>,
    files: Files,
}

impl Tree {
    pub(crate) fn root(&self) -> Node<'_> {
        self.node(self.len() - 1)
    }

    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.records.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn node(&self, id: NodeId) -> Node<'_> {
        Node { tree: self, id }
    }

    /// The text that was read.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    fn text(&self, text: Text) -> &str {
        let (buffer, start) = if text.start & DECODED == 0 {
            (&self.source, text.start)
        } else {
            (&self.decoded, text.start & !DECODED)
        };
        let start = start as usize;
        buffer.get(start..start + text.len as usize).unwrap_or("")
    }

    fn position(&self, at: u32) -> Position {
        let line = self.line_starts.partition_point(|&start| start <= at);
        let start = self
            .line_starts
            .get(line.wrapping_sub(1))
            .copied()
            .unwrap_or(0);
        let line = line - self.files.lines_before(at);
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX).max(1),
            column: at - start + 1,
        }
    }

    /// The node that `pointer` names, if there is one. The empty pointer is the root.
    pub(crate) fn at_pointer(&self, pointer: &str) -> Option<Node<'_>> {
        let mut node = self.root();
        if pointer.is_empty() {
            return Some(node);
        }
        for step in pointer.strip_prefix('/')?.split('/') {
            node = if step.contains('~') {
                node.child(&step.replace("~1", "/").replace("~0", "~"))?
            } else {
                node.child(step)?
            };
        }
        Some(node)
    }
}

/// A node with the tree it belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'d> {
    tree: &'d Tree,
    id: NodeId,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && std::ptr::eq(self.tree, other.tree)
    }
}

impl<'d> Node<'d> {
    pub(crate) fn id(self) -> NodeId {
        self.id
    }

    fn record(self) -> Record {
        self.tree.records[self.id as usize]
    }

    pub(crate) fn value(self) -> Value<'d> {
        match self.record().kind {
            Kind::Null => Value::Null,
            Kind::Bool(b) => Value::Bool(b),
            Kind::Number(text) => Value::Number(self.tree.text(text)),
            Kind::String(text) => Value::String(self.tree.text(text)),
            Kind::Array { .. } => Value::Array,
            Kind::Object { .. } => Value::Object,
        }
    }

    pub(crate) fn is_object(self) -> bool {
        matches!(self.record().kind, Kind::Object { .. })
    }

    pub(crate) fn is_null(self) -> bool {
        matches!(self.record().kind, Kind::Null)
    }

    pub(crate) fn str(self) -> Option<&'d str> {
        match self.value() {
            Value::String(s) => Some(s),
            _ => None,
        }
    }

    pub(crate) fn bool(self) -> Option<bool> {
        match self.value() {
            Value::Bool(b) => Some(b),
            _ => None,
        }
    }

    pub(crate) fn number(self) -> Option<Decimal> {
        match self.value() {
            Value::Number(n) => Decimal::parse(n),
            _ => None,
        }
    }

    /// How many children an array or object has.
    pub(crate) fn len(self) -> usize {
        match self.record().kind {
            Kind::Array { len, .. } | Kind::Object { len, .. } => len as usize,
            _ => 0,
        }
    }

    fn raw_members(self) -> &'d [Member] {
        match self.record().kind {
            Kind::Object { start, len } => {
                &self.tree.members[start as usize..start as usize + len as usize]
            }
            _ => &[],
        }
    }

    /// Members of an object in the order they were written; none for anything else.
    pub(crate) fn members(self) -> impl ExactSizeIterator<Item = (&'d str, Node<'d>)> {
        let tree = self.tree;
        self.raw_members()
            .iter()
            .map(move |m| (tree.text(m.key), tree.node(m.value)))
    }

    /// Items of an array; none for anything else.
    pub(crate) fn items(self) -> impl ExactSizeIterator<Item = Node<'d>> {
        let tree = self.tree;
        let ids: &'d [NodeId] = match self.record().kind {
            Kind::Array { start, len } => {
                &tree.items[start as usize..start as usize + len as usize]
            }
            _ => &[],
        };
        ids.iter().map(move |&id| tree.node(id))
    }

    /// The same with the offset of each key.
    pub(crate) fn placed_members(self) -> impl Iterator<Item = (&'d str, u32, Node<'d>)> {
        let tree = self.tree;
        let members = self.raw_members().iter();
        members.map(move |m| (tree.text(m.key), m.key_at, tree.node(m.value)))
    }

    /// The offset of the value in the text.
    pub(crate) fn offset(self) -> u32 {
        self.record().at
    }

    /// How many values it is made of, counted no further than `most`.
    pub(crate) fn weight(self, most: usize) -> usize {
        let (mut count, mut waiting) = (0, vec![self]);
        while let Some(node) = waiting.pop() {
            count += 1;
            if count >= most {
                break;
            }
            waiting.extend(node.items());
            waiting.extend(node.members().map(|(_, value)| value));
        }
        count
    }

    /// The member of an object with this key.
    pub(crate) fn get(self, key: &str) -> Option<Node<'d>> {
        let members = self.raw_members();
        let tree = self.tree;
        let found = if members.len() <= SMALL {
            members.iter().find(|m| tree.text(m.key) == key)
        } else {
            let start = *tree.index.get(&self.id)? as usize;
            let sorted = &tree.sorted[start..start + members.len()];
            let place = sorted
                .binary_search_by(|&i| tree.text(members[i as usize].key).cmp(key))
                .ok()?;
            members.get(sorted[place] as usize)
        };
        found.map(|m| tree.node(m.value))
    }

    /// The member of an object, or the item of an array, that a pointer step names.
    fn child(self, step: &str) -> Option<Node<'d>> {
        match self.record().kind {
            Kind::Object { .. } => self.get(step),
            Kind::Array { .. } => self.items().nth(step.parse().ok()?),
            _ => None,
        }
    }

    pub(crate) fn parent(self) -> Option<Node<'d>> {
        let up = self.tree.up[self.id as usize];
        (up.parent != NO_PARENT).then(|| self.tree.node(up.parent))
    }

    /// All containers of the node: more than one only where a YAML alias repeats it.
    pub(crate) fn parents(self) -> impl Iterator<Item = NodeId> {
        let more = self.tree.also_in.get(&self.id);
        self.parent()
            .map(|p| p.id)
            .into_iter()
            .chain(more.into_iter().flatten().copied())
    }

    /// The member of the parent object that holds this node.
    fn member(self) -> Option<Member> {
        let slot = self.tree.up[self.id as usize].slot as usize;
        self.parent()?.raw_members().get(slot).copied()
    }

    /// The key under which the node hangs in its parent, if that is an object.
    pub(crate) fn key(self) -> Option<&'d str> {
        self.member().map(|m| self.tree.text(m.key))
    }

    /// The node's place in its parent array.
    pub(crate) fn slot(self) -> usize {
        self.tree.up[self.id as usize].slot as usize
    }

    /// Line and column of the node, at its key where it has one.
    pub(crate) fn position(self) -> Position {
        self.tree.position(self.key_offset())
    }

    /// The offset of the node's key, or of the node where it has none.
    pub(crate) fn key_offset(self) -> u32 {
        self.member().map_or(self.record().at, |m| m.key_at)
    }

    /// The name of the file that the node is in, if that is not the document itself.
    pub(crate) fn file(self) -> Option<&'d str> {
        self.tree.files.at(self.key_offset())
    }

    /// The JSON pointer (RFC 6901) of the node.
    pub(crate) fn pointer(self) -> String {
        self.pointer_of(str::to_owned)
    }

    /// The pointer in the file that the node is in, as reports show it: keys of a length that nobody reads are cut.
    pub(crate) fn shown_pointer(self) -> String {
        let homes = |node: Node<'d>| node.tree.files.home(node.id);
        shortened(
            &self.pointer_until(|key| shortened(key, SHOWN_KEY), homes),
            SHOWN,
        )
    }

    fn pointer_of(self, key: impl Fn(&str) -> String) -> String {
        self.pointer_until(key, |_| None)
    }

    /// The pointer from the first node that has one of its own.
    fn pointer_until(
        self,
        key: impl Fn(&str) -> String,
        own: impl Fn(Self) -> Option<&'d str>,
    ) -> String {
        let mut steps = Vec::new();
        let mut node = self;
        let mut start = "";
        while let Some(parent) = node.parent() {
            if let Some(pointer) = own(node) {
                start = pointer;
                break;
            }
            steps.push(match node.key() {
                Some(name) => key(name).replace('~', "~0").replace('/', "~1"),
                None => node.slot().to_string(),
            });
            node = parent;
        }
        steps.iter().rev().fold(start.to_owned(), |mut all, step| {
            all.push('/');
            all.push_str(step);
            all
        })
    }
}

/// Offsets fit: readers refuse sources over 1 GiB.
fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Line and column of a byte offset in `bytes`.
pub(crate) fn position_in(bytes: &[u8], at: usize) -> Position {
    let before = &bytes[..at.min(bytes.len())];
    let line_start = before
        .iter()
        .rposition(|&b| b == b'\n')
        .map_or(0, |i| i + 1);
    Position {
        line: narrow(before.split(|&b| b == b'\n').count()),
        column: narrow(before.len() - line_start + 1),
    }
}

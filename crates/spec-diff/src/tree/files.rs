//! A tree whose parts are in several files: their texts follow one another.

use std::collections::HashMap;

use super::{Builder, DECODED, Kind, Node, NodeId, Record, Text, Tree, Value};

/// Which part of the text is which file. Empty for a document of one file.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// All files but the document itself, in the order of their texts.
    others: Vec<Other>,
    /// Nodes that stand elsewhere than in their file, with their pointer in there.
    homes: HashMap<NodeId, String>,
}

#[derive(Debug)]
struct Other {
    /// The offset of its text.
    start: u32,
    /// Lines of the whole text before it.
    lines: usize,
    name: String,
}

impl Files {
    fn other(&self, at: u32) -> Option<&Other> {
        let place = self.others.partition_point(|other| other.start <= at);
        self.others.get(place.checked_sub(1)?)
    }

    /// The name of the file at this offset; `None` for the document itself.
    pub(super) fn at(&self, at: u32) -> Option<&str> {
        Some(&self.other(at)?.name)
    }

    /// How many lines of the whole text stand before the file at this offset.
    pub(super) fn lines_before(&self, at: u32) -> usize {
        self.other(at).map_or(0, |other| other.lines)
    }

    pub(super) fn home(&self, node: NodeId) -> Option<&str> {
        self.homes.get(&node).map(String::as_str)
    }
}

impl Builder {
    /// A builder for a tree that is made of parts of others. The first is the document, the others have names.
    /// Returns where the text of each begins.
    pub(crate) fn of_files(files: &[(&str, &Tree)]) -> (Self, Vec<u32>) {
        let length = files.iter().map(|(_, tree)| tree.source.len() + 1).sum();
        let (mut text, mut starts) = (String::with_capacity(length), Vec::new());
        for (_, tree) in files {
            starts.push(super::narrow(text.len()));
            text.push_str(&tree.source);
            text.push('\n');
        }
        let mut builder = Self::new(text);
        let lines = &builder.tree.line_starts;
        let others = files.iter().zip(&starts).skip(1);
        let others = others.map(|((name, _), &start)| Other {
            start,
            lines: lines.partition_point(|&line| line < start),
            name: (*name).to_owned(),
        });
        builder.tree.files.others = others.collect();
        (builder, starts)
    }

    /// Says at which pointer of its file a node is.
    pub(crate) fn home(&mut self, node: NodeId, pointer: String) {
        self.tree.files.homes.insert(node, pointer);
    }

    /// Takes over the text of a key or value of a file that begins at `start`.
    fn taken(&mut self, tree: &Tree, text: Text, start: u32) -> Text {
        if text.start & DECODED == 0 {
            Text {
                start: text.start + start,
                len: text.len,
            }
        } else {
            self.decoded(tree.text(text))
        }
    }

    /// Takes over a value that holds no others, from a file that begins at `start`.
    pub(crate) fn take(&mut self, node: Node<'_>, start: u32) -> NodeId {
        let Record { kind, at } = node.record();
        let kind = match kind {
            Kind::Number(text) => Kind::Number(self.taken(node.tree, text, start)),
            Kind::String(text) => Kind::String(self.taken(node.tree, text, start)),
            other => other,
        };
        self.push(kind, at + start)
    }

    /// Takes over the members of an object, each with the value that was made of its own.
    pub(crate) fn take_object(
        &mut self,
        node: Node<'_>,
        start: u32,
        values: &[(NodeId, Option<u32>)],
    ) -> NodeId {
        let opened = self.open();
        for (member, &(value, key_at)) in node.raw_members().iter().zip(values) {
            let key = self.taken(node.tree, member.key, start);
            self.member(key, key_at.unwrap_or(member.key_at + start), value);
        }
        self.close_taken(opened, node.offset() + start)
    }

    /// Ends an object whose keys are known to differ.
    pub(crate) fn close_taken(&mut self, opened: (usize, usize), at: u32) -> NodeId {
        match self.close_object(opened, at) {
            Ok(id) => id,
            // The reader has refused keys that are there twice.
            Err(_) => self.tree.len() - 1,
        }
    }
}

impl Node<'_> {
    /// What kind of value it is, for a sentence.
    pub(crate) fn kind_in_words(self) -> &'static str {
        match self.value() {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array => "a list",
            Value::Object => "an object",
        }
    }
}

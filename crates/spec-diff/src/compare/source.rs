//! A document with the hashes of its content, as one comparison needs them.

use std::ops::Deref;

use crate::content;
use crate::document::Document;
use crate::tree::Node;

#[derive(Debug)]
pub(super) struct Source<'d> {
    document: &'d Document,
    hashes: Vec<u64>,
}

impl<'d> Source<'d> {
    /// With `docs`, documentation is part of the content.
    pub(super) fn new(document: &'d Document, docs: bool) -> Self {
        let hashes = content::hashes(document.tree(), document.contexts(), docs);
        Self { document, hashes }
    }

    pub(super) fn hashes(&self) -> &[u64] {
        &self.hashes
    }

    pub(super) fn hash(&self, node: Node<'_>) -> u64 {
        self.hashes[node.id() as usize]
    }
}

impl Deref for Source<'_> {
    type Target = Document;

    fn deref(&self) -> &Document {
        self.document
    }
}

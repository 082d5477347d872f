//! A document with the hashes of its content, as one comparison needs them.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Deref;

use crate::content;
use crate::context::SCHEMAS_OF_FILES;
use crate::document::Document;
use crate::tree::{Node, NodeId};

#[derive(Debug)]
pub(super) struct Source<'d> {
    document: &'d Document,
    hashes: Vec<u64>,
    /// What schemas are without their wrappers, so that a chain of thousands of wrappers is walked once.
    essences: RefCell<HashMap<NodeId, NodeId>>,
    takers: OnceCell<HashMap<NodeId, Vec<NodeId>>>,
}

/// The name of a schema: that of the component, or its last one in another file, which is that of the file if the file
/// holds nothing else. A discriminator means it by this name.
pub(super) fn schema_name(schema: Node<'_>) -> Option<&str> {
    let name = schema.key()?;
    match schema.parent()?.key()? {
        "schemas" => Some(name),
        SCHEMAS_OF_FILES => {
            let stem = |file| str::rsplit_once(file, '.').map_or(file, |(stem, _)| stem);
            let name = name.strip_suffix('#').map_or(name, stem);
            name.rsplit('/').next()
        }
        _ => None,
    }
}

impl<'d> Source<'d> {
    /// With `docs`, documentation is part of the content.
    pub(super) fn new(document: &'d Document, docs: bool) -> Self {
        let hashes = content::hashes(document.tree(), document.contexts(), docs);
        Self {
            document,
            hashes,
            essences: RefCell::default(),
            takers: OnceCell::new(),
        }
    }

    /// The end of the chain that `next` makes from `start`; where it is a circle, some member of it.
    pub(super) fn end_of_chain<'t>(
        &'t self,
        start: Node<'t>,
        next: impl Fn(Node<'t>) -> Option<Node<'t>>,
    ) -> Node<'t> {
        let Some(first) = next(start) else {
            return start;
        };
        let mut known = self.essences.borrow_mut();
        let (mut at, mut passed) = (first, vec![start.id()]);
        // Set back to the walker at every power of two: in a circle, the walker meets it.
        let (mut mark, mut power) = (start, 1);
        let end = loop {
            if let Some(&end) = known.get(&at.id()) {
                break self.document.tree().node(end);
            }
            if at == mark {
                break at;
            }
            let Some(after) = next(at) else {
                break at;
            };
            passed.push(at.id());
            if passed.len() > power {
                (mark, power) = (at, power * 2);
            }
            at = after;
        };
        known.extend(passed.into_iter().map(|id| (id, end.id())));
        end
    }

    /// The schema that a value of a discriminator's mapping means, by name or by reference.
    pub(super) fn mapped(&self, text: &str) -> Option<Node<'_>> {
        let named = || self.component(text);
        let at = text
            .strip_prefix('#')
            .map(|pointer| self.tree().at_pointer(pointer));
        Some(self.resolved(at.unwrap_or_else(named)?))
    }

    fn component(&self, name: &str) -> Option<Node<'_>> {
        self.tree().at_pointer("/components/schemas")?.get(name)
    }

    /// The components that take in this schema by `allOf`, also by way of others, if its discriminator chooses
    /// from them.
    pub(super) fn subtypes(&self, base: Node<'_>) -> Vec<Node<'_>> {
        let listed = ["oneOf", "anyOf"].iter().any(|key| base.get(key).is_some());
        if base.get("discriminator").is_none() || listed {
            return Vec::new();
        }
        let takers = self.takers.get_or_init(|| self.takers());
        let mut found = Vec::new();
        let mut waiting = vec![base.id()];
        while let Some(at) = waiting.pop() {
            for &taker in takers.get(&at).into_iter().flatten() {
                if taker != base.id() && !found.contains(&taker) {
                    found.push(taker);
                    waiting.push(taker);
                }
            }
        }
        found.sort_unstable();
        found.into_iter().map(|id| self.tree().node(id)).collect()
    }

    /// The schemas that have names: components, and those of other files.
    fn schemas(&self) -> impl Iterator<Item = Node<'_>> {
        let root = self.tree().root();
        let components = root.get("components").and_then(|all| all.get("schemas"));
        let all = components.into_iter().chain(root.get(SCHEMAS_OF_FILES));
        all.flat_map(Node::members).map(|(_, schema)| schema)
    }

    /// Which components take in which schema by `allOf`.
    fn takers(&self) -> HashMap<NodeId, Vec<NodeId>> {
        let mut takers: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
        for component in self.schemas() {
            for part in component.get("allOf").into_iter().flat_map(Node::items) {
                if self.target(part).is_some() {
                    let base = self.resolved(part).id();
                    takers.entry(base).or_default().push(component.id());
                }
            }
        }
        takers
    }

    /// References that are not written: from a schema with a discriminator to those that refine it.
    pub(super) fn implicit_refs(&self) -> Vec<(Node<'_>, Node<'_>)> {
        self.schemas()
            .flat_map(|base| self.subtypes(base).into_iter().map(move |sub| (base, sub)))
            .collect()
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

//! What a schema says, wherever it says it: in itself, in `allOf`, or behind a `$ref`.

use std::collections::{HashMap, HashSet};

use super::super::Scope;
use super::super::source::Source;
use crate::document::Version;
use crate::tree::Node;

/// Keywords that say nothing about what is allowed.
const NOTES: [&str; 10] = [
    "$comment",
    "description",
    "title",
    "summary",
    "example",
    "examples",
    "externalDocs",
    "xml",
    "$schema",
    "$id",
];

/// `allOf` members beyond this are not taken together.
const MAX_PARTS: usize = 256;

pub(super) fn is_note(key: &str) -> bool {
    NOTES.contains(&key) || key.starts_with("x-")
}

/// The schema itself, without what does not matter: `$ref`, `allOf` of one, `anyOf` of one, `oneOf` of one.
pub(super) fn essence<'d>(document: &'d Source<'d>, schema: Node<'d>) -> Node<'d> {
    document.end_of_chain(schema, |at| {
        reference(document, at)
            .filter(|_| !has_siblings(document, at))
            .or_else(|| only_member(at))
    })
}

/// Where the schema's own `$ref` leads.
fn reference<'d>(document: &'d Source<'d>, schema: Node<'d>) -> Option<Node<'d>> {
    document.target(schema)
}

/// Whether keywords beside `$ref` count: never in 3.0.
fn has_siblings(document: &Source<'_>, schema: Node<'_>) -> bool {
    document.version() == Version::V3_1
        && schema
            .members()
            .any(|(key, _)| key != "$ref" && !is_note(key))
}

/// The member of `allOf`, `anyOf` or `oneOf`, if it is the only one and the schema says nothing else.
fn only_member(schema: Node<'_>) -> Option<Node<'_>> {
    let mut telling = schema.members().filter(|(key, _)| !is_note(key));
    let (key, list) = telling.next()?;
    let alone = telling.next().is_none() && list.len() == 1;
    (alone && matches!(key, "allOf" | "anyOf" | "oneOf")).then(|| list.items().next())?
}

/// A schema that is `{"type": "null"}` in any spelling.
pub(in super::super) fn is_null_schema(schema: Node<'_>) -> bool {
    let null = |node: Node<'_>| node.str() == Some("null") || node.is_null();
    let only = |key: &str| {
        schema.get(key).is_some_and(|value| {
            null(value) && key != "enum"
                || value.len() == 1 && value.items().all(null) && key != "const"
        })
    };
    let says = |key: &str| {
        schema
            .members()
            .all(|(other, _)| other == key || is_note(other))
    };
    (only("type") && (says("type") || schema.len() <= 3))
        || (only("enum") && says("enum"))
        || (schema.get("const").is_some_and(Node::is_null) && says("const"))
}

/// One schema among those whose keywords apply together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'d> {
    pub(super) node: Node<'d>,
    /// Whether the other side has the same component in the same role, so that it is compared there.
    pub(super) shared: bool,
    /// Which part brought it in.
    from: usize,
    /// Whether it was reached through a `$ref`.
    named: bool,
}

/// All schemas whose keywords apply together.
#[derive(Debug)]
pub(super) struct View<'d> {
    pub(super) document: &'d Source<'d>,
    pub(super) parts: Vec<Part<'d>>,
    /// Whether some wrapper such as `anyOf: [.., {"type": "null"}]` allows null.
    pub(super) or_null: bool,
    /// Whether there are more parts than are taken together.
    pub(super) cut: bool,
    /// How many schemas stand at this place: more than one where parts of `allOf` name one property.
    places: usize,
}

/// Both sides of a comparison.
#[derive(Debug)]
pub(super) struct Pair<'d> {
    pub(super) old: View<'d>,
    pub(super) new: View<'d>,
    roots: Vec<(Node<'d>, Node<'d>)>,
}

impl<'d> View<'d> {
    fn of(document: &'d Source<'d>, roots: &[Node<'d>]) -> Self {
        let mut view = Self {
            document,
            parts: Vec::new(),
            or_null: false,
            cut: false,
            places: roots.len(),
        };
        let mut seen = HashSet::new();
        for &root in roots {
            view.join(root, 0, &mut seen);
        }
        if let Some(first) = view.parts.first_mut() {
            first.named = false;
        }
        let mut next = 0;
        while next < view.parts.len() {
            let node = view.parts[next].node;
            if has_siblings(document, node)
                && let Some(target) = reference(document, node)
            {
                view.join(target, next, &mut seen);
            }
            if let Some(all) = node.get("allOf") {
                for member in all.items() {
                    view.join(member, next, &mut seen);
                }
            }
            for key in ["anyOf", "oneOf"] {
                if let Some(list) = node.get(key) {
                    let mut telling = list
                        .items()
                        .filter(|m| !is_null_schema(document.resolved(*m)));
                    let first = telling.next();
                    if let (Some(only), None) = (first, telling.next()) {
                        view.or_null |= list.len() > 1;
                        view.join(only, next, &mut seen);
                    }
                }
            }
            next += 1;
        }
        view
    }

    fn join(&mut self, member: Node<'d>, from: usize, seen: &mut HashSet<u32>) {
        let node = essence(self.document, member);
        if !seen.insert(node.id()) {
            return;
        }
        if self.parts.len() >= MAX_PARTS {
            self.cut = true;
        } else {
            self.parts.push(Part {
                node,
                shared: false,
                from,
                named: node != member,
            });
        }
    }

    /// What the schema takes in itself, not by way of another.
    pub(super) fn direct(&self) -> Vec<Part<'d>> {
        self.parts
            .iter()
            .skip(1)
            .filter(|part| part.from == 0 && self.places == 1)
            .copied()
            .collect()
    }

    /// The schema where it stands.
    pub(super) fn root(&self) -> Node<'d> {
        self.parts[0].node
    }

    /// All schemas that stand at this place.
    pub(super) fn places(&self) -> Vec<Node<'d>> {
        let places = self.parts.iter().take(self.places);
        places.map(|part| part.node).collect()
    }

    /// The schemas that have this keyword, with whether they are compared elsewhere.
    pub(super) fn all(&self, key: &str) -> impl Iterator<Item = (Node<'d>, bool)> {
        self.parts
            .iter()
            .filter_map(move |part| Some((part.node.get(key)?, part.shared)))
    }

    /// The keyword, from the first schema that has it.
    pub(super) fn get(&self, key: &str) -> Option<(Node<'d>, bool)> {
        self.all(key).next()
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        self.all(key).any(|(node, _)| node.bool() == Some(true))
    }

    /// The schemas that are compared here.
    pub(super) fn own(&self) -> impl Iterator<Item = Node<'d>> {
        self.parts
            .iter()
            .filter(|part| !part.shared)
            .map(|part| part.node)
    }
}

impl<'d> Pair<'d> {
    pub(super) fn of(scope: &Scope<'_, 'd>, old: &[Node<'d>], new: &[Node<'d>]) -> Self {
        let mut pair = Self {
            old: View::of(scope.old_document(), old),
            new: View::of(scope.new_document(), new),
            roots: Vec::new(),
        };
        if pair.old.parts.len() + pair.new.parts.len() > 2 {
            pair.share(scope);
        }
        pair
    }

    /// Marks what both sides take in by one name: it is compared once, for all who take it in.
    fn share(&mut self, scope: &Scope<'_, 'd>) {
        let one_place = self.old.places == 1 && self.new.places == 1;
        let (old, new) = (&mut self.old.parts, &mut self.new.parts);
        let root = |part: &Part<'d>, i: usize| (part.named || i == 0).then(|| part.node.pointer());
        let mut by_name: HashMap<String, usize> = HashMap::new();
        let mut by_content: HashMap<u64, usize> = HashMap::new();
        for (j, part) in new.iter().enumerate() {
            by_name.extend(root(part, j).map(|name| (name, j)));
            by_content
                .entry(scope.new_document().hash(part.node))
                .or_insert(j);
        }
        for (i, o) in old.iter_mut().enumerate() {
            let named = root(o, i).and_then(|name| by_name.get(&name).copied());
            let equal = || by_content.get(&scope.old_document().hash(o.node)).copied();
            let equal = || equal().filter(|&j| scope.comparison.same(o.node, new[j].node));
            if let Some(j) = named.or_else(equal)
                && (i, j) != (0, 0)
                && !new[j].shared
            {
                (o.shared, new[j].shared) = (true, true);
                self.roots.push((o.node, new[j].node));
            }
        }
        for parts in [old, new] {
            for i in 1..parts.len() {
                // Of several schemas at one place, the first does not bring in the others.
                let from = parts[i].from;
                parts[i].shared |= parts[from].shared && (from != 0 || one_place);
            }
        }
    }

    /// Pairs that both sides take in by one name.
    pub(super) fn shared_roots(&self) -> Vec<(Node<'d>, Node<'d>)> {
        self.roots.clone()
    }

    /// What a keyword says on both sides, unless that is compared elsewhere.
    pub(super) fn keyword(&self, key: &str) -> Option<(Option<Node<'d>>, Option<Node<'d>>)> {
        let (old, new) = (self.old.get(key), self.new.get(key));
        let elsewhere = |view: &View<'d>| view.all(key).all(|(_, shared)| shared);
        if elsewhere(&self.old) && elsewhere(&self.new) && (old.is_some() == new.is_some()) {
            return None;
        }
        Some((old.map(|o| o.0), new.map(|n| n.0)))
    }

    /// The schemas under a keyword on both sides, unless these are compared elsewhere.
    pub(super) fn schemas(&self, key: &str) -> Option<(Vec<Node<'d>>, Vec<Node<'d>>)> {
        self.keyword(key)?;
        let all = |view: &View<'d>| view.all(key).map(|(node, _)| node).collect();
        Some((all(&self.old), all(&self.new)))
    }

    /// Where to point for something that a side does not have.
    pub(super) fn roots(&self) -> (Node<'d>, Node<'d>) {
        (self.old.root(), self.new.root())
    }
}

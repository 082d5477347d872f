//! All places of a text that stand at the same steps, in whatever element of a list.

use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::ops::Range;

use super::problem::Part;
use crate::raw::{Raw, fields, items};

/// A key as a JSON pointer has it.
pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Where a value stands, in eight bytes, as there may be millions: a hash of its steps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Place(u64);

impl Place {
    /// What stands in this place under a key.
    pub(super) fn field(self, key: &[u8]) -> Self {
        self.step(|hasher| (true, key).hash(hasher))
    }

    fn item(self, index: usize) -> Self {
        self.step(|hasher| (false, index).hash(hasher))
    }

    fn step(self, step: impl FnOnce(&mut DefaultHasher)) -> Self {
        let mut hasher = DefaultHasher::new();
        self.0.hash(&mut hasher);
        step(&mut hasher);
        Self(hasher.finish())
    }
}

/// All values at the same steps from the whole, in their order.
pub(super) struct Places<'a> {
    pub(super) pattern: &'a [Part],
    /// What is found with no step, one step and so on.
    levels: Vec<Vec<Node>>,
}

pub(super) struct Node {
    pub(super) range: Range<usize>,
    /// Its number among the nodes of the level before.
    parent: usize,
    /// Its number in its list.
    index: usize,
    pub(super) place: Place,
    /// Whether it is inside a value that was put there by us.
    pub(super) is_ours: bool,
}

impl<'a> Places<'a> {
    /// `is_ours` says whether the value in a place was put there by us.
    pub(super) fn find(text: &[u8], pattern: &'a [Part], is_ours: impl Fn(Place) -> bool) -> Self {
        let start = text.len() - text.trim_ascii_start().len();
        let range = start..start + text.trim_ascii().len();
        let mut levels = vec![vec![Node {
            range,
            parent: 0,
            index: 0,
            place: Place::default(),
            is_ours: false,
        }]];
        let base = text.as_ptr() as usize;
        for part in pattern {
            let mut inner = Vec::new();
            let outer: &[Node] = levels.last().map_or(&[], Vec::as_slice);
            for (parent, node) in outer.iter().enumerate() {
                let raw = Raw::part(&text[node.range.clone()]);
                let is_ours = node.is_ours || is_ours(node.place);
                let mut take = |index, place, value: &[u8]| {
                    let start = value.as_ptr() as usize - base;
                    inner.push(Node {
                        range: start..start + value.len(),
                        parent,
                        index,
                        place,
                        is_ours,
                    });
                };
                match part {
                    Part::Key(wanted) => {
                        if let Some((_, value)) = fields(raw).find(|(key, _)| key == wanted) {
                            take(0, node.place.field(wanted), value.bytes());
                        }
                    }
                    Part::Any => {
                        items(raw).enumerate().for_each(|(index, item)| {
                            take(index, node.place.item(index), item.bytes());
                        });
                    }
                }
            }
            levels.push(inner);
        }
        Self { pattern, levels }
    }

    pub(super) fn nodes(&self) -> &[Node] {
        self.levels.last().map_or(&[], Vec::as_slice)
    }

    /// Calls `each` for every step to one, from the last to the first.
    fn way(&self, mut number: usize, mut each: impl FnMut(&Node, &Part)) {
        let steps = self.levels.iter().skip(1).zip(self.pattern);
        for (level, part) in steps.rev() {
            let node = &level[number];
            each(node, part);
            number = node.parent;
        }
    }

    /// The one with these numbers in its lists.
    pub(super) fn with(&self, indices: &[usize]) -> Option<usize> {
        let is_it = |number: &usize| {
            let mut left = indices.iter().rev();
            let mut same = true;
            self.way(*number, |node, part| {
                same &= *part != Part::Any || left.next() == Some(&node.index);
            });
            same && left.next().is_none()
        };
        (0..self.nodes().len()).find(is_it)
    }

    /// A JSON pointer to one.
    pub(super) fn pointer(&self, number: usize) -> String {
        let mut steps = Vec::new();
        self.way(number, |node, part| {
            steps.push(match part {
                Part::Key(key) => format!("/{}", escaped(&String::from_utf8_lossy(key))),
                Part::Any => format!("/{}", node.index),
            });
        });
        steps.reverse();
        steps.concat()
    }
}

//! All places of a text that stand at the same steps, in whatever element of a list.

use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::ops::Range;

use super::problem::Part;
use crate::raw::{next_item, split_string, split_value};

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

    pub(super) fn item(self, index: usize) -> Self {
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
    /// Known at the last level alone.
    pub(super) range: Range<usize>,
    /// Its number among the nodes of the level before.
    parent: usize,
    /// Its number in its list.
    index: usize,
    pub(super) place: Place,
    /// Whether it is inside a value that was put there by us.
    pub(super) is_ours: bool,
}

/// One walk through the text, however many steps there are.
struct Walk<'t, 'a, F> {
    text: &'t [u8],
    pattern: &'a [Part],
    levels: Vec<Vec<Node>>,
    is_ours: F,
}

impl<F: Fn(Place) -> bool> Walk<'_, '_, F> {
    /// Notes the value that begins here, and what is in it at the further steps; where it ends.
    fn value(&mut self, level: usize, node: Node) -> Option<usize> {
        let start = node.range.start;
        let place = node.place;
        let is_ours = node.is_ours || (self.is_ours)(place);
        let number = self.levels[level].len();
        self.levels[level].push(node);
        let pattern = self.pattern;
        let inner = |index, place, start| Node {
            range: start..start,
            parent: number,
            index,
            place,
            is_ours,
        };
        let mut at = start + 1;
        match (pattern.get(level), self.text.get(start)?) {
            (Some(Part::Key(wanted)), b'{') => {
                let mut is_found = false;
                loop {
                    at = self.item(at);
                    if self.text.get(at)? == &b'}' {
                        return Some(at + 1);
                    }
                    let (key, _) = split_string(self.text.get(at + 1..)?)?;
                    // The quotes and the colon.
                    at = self.item(at + key.len() + 2);
                    at = self.item(at + 1);
                    at = if !is_found && key == wanted {
                        is_found = true;
                        self.value(level + 1, inner(0, place.field(wanted), at))?
                    } else {
                        self.end(at)?
                    };
                }
            }
            (Some(Part::Any), b'[') => {
                let mut index = 0;
                loop {
                    at = self.item(at);
                    if self.text.get(at)? == &b']' {
                        return Some(at + 1);
                    }
                    at = self.value(level + 1, inner(index, place.item(index), at))?;
                    index += 1;
                }
            }
            (step, _) => {
                let end = self.end(start)?;
                if step.is_none() {
                    self.levels[level][number].range.end = end;
                }
                Some(end)
            }
        }
    }

    /// Where the next item or value begins.
    fn item(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        self.text.len() - next_item(rest).len()
    }

    fn end(&self, start: usize) -> Option<usize> {
        let (value, _) = split_value(self.text.get(start..)?)?;
        Some(start + value.len())
    }
}

impl<'a> Places<'a> {
    /// `is_ours` says whether the value in a place was put there by us.
    pub(super) fn find(text: &[u8], pattern: &'a [Part], is_ours: impl Fn(Place) -> bool) -> Self {
        let start = text.len() - text.trim_ascii_start().len();
        let whole = Node {
            range: start..start,
            parent: 0,
            index: 0,
            place: Place::default(),
            is_ours: false,
        };
        let mut walk = Walk {
            text,
            pattern,
            levels: (0..=pattern.len()).map(|_| Vec::new()).collect(),
            is_ours,
        };
        // The text is JSON, so it has an end.
        let _ = walk.value(0, whole);
        Self {
            pattern,
            levels: walk.levels,
        }
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

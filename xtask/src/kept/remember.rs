//! Compares what is known with what a new document says of it.

use super::{Change, Fact, Kept};
use crate::spec::Spec;

/// What became of everything that was known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Memory {
    /// What the new document does not say, to be checked in.
    pub kept: Kept,
    /// Of those, what was still described until now.
    pub added: Vec<Fact>,
    /// What was kept and is described again.
    pub described_again: Vec<Fact>,
    /// What the new document says otherwise.
    pub changes: Vec<Change>,
}

/// Compares the older document, with what was kept beside it, with a new one.
pub fn remember(_old: &Spec, _kept: &Kept, _new: &Spec, _today: &str) -> Memory {
    Memory::default()
}

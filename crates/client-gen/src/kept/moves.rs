//! Fields that moved: gone at one place as another of the same name and type came elsewhere.

use serde_json::Value;

use super::shape::kind;
use crate::spec::{Spec, entries, escape};

/// Levels of new objects in which a field may have gone.
const LEVELS: usize = 4;

/// The fields of a response that are gone, and those that are new.
#[derive(Debug, Default)]
pub(super) struct Moves {
    lost: Vec<Place>,
    gained: Vec<Place>,
}

#[derive(Debug)]
struct Place {
    name: String,
    kind: String,
    pointer: String,
    /// Which finding it made, where it made one.
    found: Option<usize>,
}

/// A field that moved.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) from: String,
    pub(super) to: String,
    /// The finding that it made when it was taken for lost.
    pub(super) found: Option<usize>,
}

impl Moves {
    /// Notes a field that is gone, with the number of the finding that it made.
    pub(super) fn lose(
        &mut self,
        (spec, schema): (&Spec, &Value),
        name: &str,
        pointer: &str,
        found: Option<usize>,
    ) {
        self.lost.push(Place {
            name: name.to_owned(),
            kind: kind_of(spec, schema),
            pointer: pointer.to_owned(),
            found,
        });
    }

    /// Notes a field that was not there, with those inside it.
    pub(super) fn gain(&mut self, (spec, schema): (&Spec, &Value), name: &str, pointer: &str) {
        self.gain_at((spec, schema), name, pointer, 0);
    }

    fn gain_at(
        &mut self,
        (spec, schema): (&Spec, &Value),
        name: &str,
        pointer: &str,
        depth: usize,
    ) {
        self.gained.push(Place {
            name: name.to_owned(),
            kind: kind_of(spec, schema),
            pointer: pointer.to_owned(),
            found: None,
        });
        if depth < LEVELS {
            for (name, schema) in entries(&schema["properties"]) {
                let at = format!("{pointer}/properties/{}", escape(name));
                self.gain_at((spec, schema), name, &at, depth + 1);
            }
        }
    }

    /// The fields that moved: those that went as exactly one of their name and type came.
    pub(super) fn settle(&mut self) -> Vec<Moved> {
        let gained = std::mem::take(&mut self.gained);
        let lost = std::mem::take(&mut self.lost);
        lost.into_iter()
            .filter_map(|lost| {
                let mut same = gained
                    .iter()
                    .filter(|it| it.name == lost.name && it.kind == lost.kind);
                let only = same.next().filter(|_| same.next().is_none())?;
                Some(Moved {
                    from: lost.pointer,
                    to: only.pointer.clone(),
                    found: lost.found,
                })
            })
            .collect()
    }
}

fn kind_of(spec: &Spec, schema: &Value) -> String {
    kind(spec.resolve(schema)).unwrap_or_default().to_owned()
}

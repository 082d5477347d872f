//! What a reader's error says: where it stopped, and why.

use serde_json::Error;

use crate::place::{self, Step, steps};

/// What an error says: where, and what is wrong.
pub(super) struct Problem {
    /// The steps to the value, without the numbers of its lists' elements.
    pub(super) pattern: Vec<Part>,
    /// Those numbers.
    pub(super) indices: Vec<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Part {
    Key(Vec<u8>),
    Any,
}

pub(super) enum Kind {
    Missing(String),
    Repeated(String),
    /// A text that is not made of whole characters, the value itself or in it.
    Broken,
    Odd {
        /// In the reader's words.
        expected: String,
        /// Whether it is odd for what it is, as are all others of its kind in the same list, and
        /// not for what it says.
        by_type: bool,
    },
}

/// What was expected where a reader does not say it.
const ANOTHER_VALUE: &str = "another value";

impl Kind {
    /// Odd, nobody says why.
    pub(super) fn odd() -> Self {
        Self::Odd {
            expected: ANOTHER_VALUE.to_owned(),
            by_type: false,
        }
    }

    fn of(said: &str) -> Self {
        let quoted = |start: &str| {
            said.strip_prefix(start)?
                .strip_suffix('`')
                .map(str::to_owned)
        };
        if let Some(name) = quoted("missing field `") {
            return Self::Missing(name);
        }
        if let Some(name) = quoted("duplicate field `") {
            return Self::Repeated(name);
        }
        let expected = said.rsplit_once(", expected ");
        Self::Odd {
            expected: expected.map_or(ANOTHER_VALUE, |(_, it)| it).to_owned(),
            by_type: ["invalid type: ", "invalid length "]
                .iter()
                .any(|start| said.starts_with(start)),
        }
    }

    /// The text is JSON, and the reader says that it is not; `None` for what else it may say.
    fn of_well_formed(said: &str) -> Option<Self> {
        let odd = |expected: &str, by_type| Self::Odd {
            expected: expected.to_owned(),
            by_type,
        };
        Some(match said {
            "number out of range" => odd("a number that a computer can hold", false),
            // All that begins this deep is as odd.
            "recursion limit exceeded" => odd("less that is nested", true),
            "lone leading surrogate in hex escape"
            | "unexpected end of hex escape"
            | "invalid unicode code point" => Self::Broken,
            _ => return None,
        })
    }
}

impl Problem {
    pub(super) fn of(error: &Error, text: &[u8]) -> Option<Self> {
        let said = error.to_string();
        let said = said
            .rsplit_once(" at line ")
            .map_or(said.as_str(), |(said, _)| said);
        let mut steps = at(error, said, text);
        let kind = if error.is_data() {
            Some(Kind::of(said))
        } else {
            Kind::of_well_formed(said)
        };
        let last = |is_it: fn(&Step<'_>) -> bool| steps.iter().rposition(is_it);
        let up = match &kind {
            // The reader stops behind the key of a field that is there twice.
            Some(Kind::Repeated(_)) => last(|step| matches!(step, Step::Key(_)))?,
            Some(_) => steps.len(),
            // It takes the first elements of a list for the fields of an object, and misses the end
            // of the list behind them.
            None => last(|step| matches!(step, Step::Index(_)))?,
        };
        steps.truncate(up);
        let kind = kind.unwrap_or(Kind::Odd {
            expected: "a map".to_owned(),
            by_type: true,
        });
        Some(Self::at(&steps, kind))
    }

    /// A problem with what contains it; `None` if that is everything.
    pub(super) fn around(&self, kind: Kind) -> Option<Self> {
        let (last, around) = self.pattern.split_last()?;
        let count = self.indices.len() - usize::from(*last == Part::Any);
        Some(Self {
            pattern: around.to_vec(),
            indices: self.indices[..count].to_vec(),
            kind,
        })
    }

    fn at(steps: &[Step<'_>], kind: Kind) -> Self {
        let index = |step: &Step<'_>| match step {
            Step::Key(_) => None,
            Step::Index(index) => Some(*index),
        };
        let part = |step: &Step<'_>| match step {
            Step::Key(key) => Part::Key(key.to_vec()),
            Step::Index(_) => Part::Any,
        };
        Self {
            pattern: steps.iter().map(part).collect(),
            indices: steps.iter().filter_map(index).collect(),
            kind,
        }
    }
}

/// The steps to where an error is that says this.
fn at<'a>(error: &Error, said: &str, text: &'a [u8]) -> Vec<Step<'a>> {
    let offset = place::offset(text, error.line(), error.column());
    steps(text, place::behind(text, offset, said))
}

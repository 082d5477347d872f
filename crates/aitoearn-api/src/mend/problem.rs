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
    Odd {
        /// In the reader's words.
        expected: String,
        /// Whether it is odd for what it is, as are all others of its kind in the same list, and
        /// not for what it says.
        by_type: bool,
    },
}

impl Problem {
    pub(super) fn of(error: &Error, text: &[u8]) -> Option<Self> {
        if !error.is_data() {
            return Self::of_a_list(error, text);
        }
        let said = error.to_string();
        let said = said
            .rsplit_once(" at line ")
            .map_or(said.as_str(), |(said, _)| said);
        let quoted = |start: &str| {
            said.strip_prefix(start)?
                .strip_suffix('`')
                .map(str::to_owned)
        };
        let kind = if let Some(name) = quoted("missing field `") {
            Kind::Missing(name)
        } else if let Some(name) = quoted("duplicate field `") {
            Kind::Repeated(name)
        } else {
            let expected = said
                .rsplit_once(", expected ")
                .map_or("another value", |(_, it)| it);
            Kind::Odd {
                expected: expected.to_owned(),
                by_type: said.starts_with("invalid type: "),
            }
        };
        Some(Self::at(&at(error, text), kind))
    }

    /// The text is JSON, and the reader says that it is not: it takes the first elements of a list
    /// for the fields of an object, and misses the end of the list behind them.
    fn of_a_list(error: &Error, text: &[u8]) -> Option<Self> {
        let mut steps = at(error, text);
        while let Some(last) = steps.pop() {
            if matches!(last, Step::Index(_)) {
                let expected = "a map".to_owned();
                return Some(Self::at(
                    &steps,
                    Kind::Odd {
                        expected,
                        by_type: false,
                    },
                ));
            }
        }
        None
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

/// The steps to where an error is.
fn at<'a>(error: &Error, text: &'a [u8]) -> Vec<Step<'a>> {
    steps(text, place::offset(text, error.line(), error.column()))
}

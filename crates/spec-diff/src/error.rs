//! What can be wrong with an input.

use std::fmt;

use crate::escape::visible;

/// A place in a text: both count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in bytes (JSON) or characters (YAML), from 1.
    pub column: u32,
}

/// Why a document or an acknowledgement file could not be used.
///
/// Shown as `NAME:LINE:COLUMN: MESSAGE`, in one line, with control characters escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    name: String,
    position: Option<Position>,
    message: String,
}

impl Error {
    pub(crate) fn new(name: &str, position: Option<Position>, message: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            position,
            message: message.into(),
        }
    }

    /// The name the input was given, often its path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where in the input, if the fault has a place.
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    /// What is wrong and what to do, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", visible(&self.name))?;
        if let Some(Position { line, column }) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", visible(&self.message))
    }
}

impl std::error::Error for Error {}

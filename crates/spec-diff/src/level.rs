//! How bad a change is, and for whom.

use std::fmt;

/// Who is affected: what a client sends, what it receives, or both.
///
/// In a webhook or callback the roles are swapped: there a client *receives* the request body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// What a client sends.
    Request,
    /// What a client receives.
    Response,
    /// Both: a schema that is sent and received.
    Both,
    /// Neither in particular: an operation, its name, its security.
    Neutral,
}

impl Direction {
    /// The word used in reports: `request`, `response`, `both` or `neutral`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Both => "both",
            Self::Neutral => "neutral",
        }
    }
}

/// The verdict on one change, from harmless to worst.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Clients made for the old document keep working.
    Info,
    /// Clients may be surprised, though the documents do not contradict each other.
    Warning,
    /// This crate cannot tell; a person has to look.
    Undecidable,
    /// A response that the new document allows is one that the old one ruled out.
    BreaksResponses,
    /// A request that the old document allowed is one that the new one rules out.
    BreaksRequests,
    /// Both of these.
    BreaksBoth,
}

impl Level {
    /// All levels, from harmless to worst.
    pub const ALL: [Self; 6] = [
        Self::Info,
        Self::Warning,
        Self::Undecidable,
        Self::BreaksResponses,
        Self::BreaksRequests,
        Self::BreaksBoth,
    ];

    /// Whether clients made for the old document stop working.
    pub fn is_breaking(self) -> bool {
        self >= Self::BreaksResponses
    }

    /// The word used in reports and configuration, such as `breaks-requests`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Undecidable => "undecidable",
            Self::BreaksResponses => "breaks-responses",
            Self::BreaksRequests => "breaks-requests",
            Self::BreaksBoth => "breaks-both",
        }
    }

    /// The level of a change that has this level in one direction and `other` in the other.
    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::BreaksRequests, Self::BreaksResponses)
            | (Self::BreaksResponses, Self::BreaksRequests) => Self::BreaksBoth,
            _ => self.max(other),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A level before the direction is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grade {
    Info,
    Warning,
    Undecidable,
    Breaks,
}

impl Grade {
    pub(crate) fn in_direction(self, direction: Direction) -> Level {
        match (self, direction) {
            (Self::Info, _) => Level::Info,
            (Self::Warning, _) => Level::Warning,
            (Self::Undecidable, _) => Level::Undecidable,
            (Self::Breaks, Direction::Response) => Level::BreaksResponses,
            (Self::Breaks, Direction::Request | Direction::Neutral) => Level::BreaksRequests,
            (Self::Breaks, Direction::Both) => Level::BreaksBoth,
        }
    }
}

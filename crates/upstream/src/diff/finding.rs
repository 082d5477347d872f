//! One change and what to do about it, whatever axis it is on.

use std::fmt;

use serde::Serialize;

/// Who or what a change reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The file of acknowledgements: an entry that does not hold.
    Policy,
    /// Binaries that were shipped before the change.
    Runtime,
    /// What requests and answers mean: envelope, credential, streams, pages, result codes.
    Meaning,
    /// The ergonomic crate: its own lines, and what it wraps.
    SdkApi,
    /// The generated crate's public items.
    RawApi,
    /// The contract, as any client in any language sees it.
    Wire,
    /// Text and examples.
    Docs,
}

impl Effect {
    /// Every effect, in the order of a report.
    pub const ALL: [Self; 7] = [
        Self::Policy,
        Self::Runtime,
        Self::Meaning,
        Self::SdkApi,
        Self::RawApi,
        Self::Wire,
        Self::Docs,
    ];

    /// The word used in reports and options.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Runtime => "runtime",
            Self::Meaning => "meaning",
            Self::SdkApi => "sdk-api",
            Self::RawApi => "raw-api",
            Self::Wire => "wire",
            Self::Docs => "docs",
        }
    }

    /// What the effect is about, as a heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Policy => "Acknowledgements that do not hold (policy)",
            Self::Runtime => "Binaries already shipped (runtime)",
            Self::Meaning => "What calls and answers mean (meaning)",
            Self::SdkApi => "The crate aitoearn (sdk-api)",
            Self::RawApi => "The generated crate aitoearn-api (raw-api)",
            Self::Wire => "The contract (wire)",
            Self::Docs => "Text and examples (docs)",
        }
    }
}

/// How bad a change is for whom its effect names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// Nothing has to be done.
    Info,
    /// Works, but deserves a look.
    Warning,
    /// Cannot go on, or cannot be judged, until a person has acted.
    NeedsAction,
    /// Something that worked does not work any more.
    Breaks,
}

impl Impact {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::NeedsAction => "needs action",
            Self::Breaks => "breaks",
        }
    }

    /// Whether a gate stops here.
    pub fn fails(self) -> bool {
        self >= Self::NeedsAction
    }
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct At {
    /// The file, as a path or as the name of an input.
    pub file: String,
    /// Line, from 1; absent where only the file is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// JSON pointer, in a document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        match (self.line, &self.pointer) {
            (Some(line), _) => write!(f, ":{line}"),
            (None, Some(pointer)) => write!(f, "#{pointer}"),
            (None, None) => Ok(()),
        }
    }
}

/// Text that mends a change when it is pasted into a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// The file that it belongs to.
    pub file: &'static str,
    /// The table or list in it: `actions`, `[types]`.
    pub under: &'static str,
    /// The text, ready to paste.
    pub text: String,
}

/// What undoes a change of upstream's before it reaches anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Undone {
    /// Upstream only stopped saying it, so it is kept.
    Kept,
    /// The overlay says what upstream no longer says, or says wrongly.
    Overlay,
}

/// Why and for how long a finding is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Accepted {
    /// The reason given.
    pub reason: String,
    /// The last day on which it counts, as `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

impl fmt::Display for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "acknowledged: {}", self.reason)?;
        match &self.until {
            Some(day) => write!(f, ", until {day}"),
            None => Ok(()),
        }
    }
}

/// One change with all that a maintainer needs to act on it.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// Whom it reaches.
    pub effect: Effect,
    /// How bad it is for them.
    pub impact: Impact,
    /// A stable name for this kind of change, in kebab-case.
    pub id: String,
    /// The thing that changed.
    pub place: String,
    /// What happened and why it matters, in one sentence.
    pub what: String,
    /// What was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What is there now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Operations concerned, as `METHOD /path`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
    /// Where to look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<At>,
    /// What to do, in one sentence.
    #[serde(rename = "do", skip_serializing_if = "String::is_empty")]
    pub todo: String,
    /// What to paste where, if that is a way out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
    /// Stays the same as long as the change does.
    pub fingerprint: String,
    /// What the project has decided about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Accepted>,
    /// What undoes it, so that it reaches nobody.
    #[serde(rename = "undone-by", skip_serializing_if = "Option::is_none")]
    pub undone: Option<Undone>,
}

impl Finding {
    /// A finding with what every finding has.
    pub fn new(
        effect: Effect,
        impact: Impact,
        id: &str,
        place: impl Into<String>,
        what: impl Into<String>,
    ) -> Self {
        Self {
            effect,
            impact,
            id: id.to_owned(),
            place: place.into(),
            what: what.into(),
            before: None,
            after: None,
            operations: Vec::new(),
            at: None,
            todo: String::new(),
            remedy: None,
            fingerprint: String::new(),
            acknowledged: None,
            undone: None,
        }
    }

    /// Whether a gate stops here: bad enough, and not acknowledged.
    pub fn fails(&self) -> bool {
        self.impact.fails() && self.acknowledged.is_none()
    }

    /// Whether acknowledging it would be in vain: what does not fit or compile stops CI all the same.
    pub fn must_be_mended(&self) -> bool {
        match self.effect {
            Effect::Policy => true,
            Effect::RawApi => self.impact == Impact::NeedsAction,
            Effect::SdkApi => self.impact == Impact::Breaks,
            _ => false,
        }
    }

    /// What was there and what is there now.
    #[must_use]
    pub fn change(mut self, before: Option<String>, after: Option<String>) -> Self {
        self.before = before;
        self.after = after;
        self
    }

    /// Which operations it concerns.
    #[must_use]
    pub fn operations(mut self, operations: impl IntoIterator<Item = String>) -> Self {
        self.operations = operations.into_iter().collect();
        self
    }

    /// Where to look.
    #[must_use]
    pub fn at(mut self, at: Option<At>) -> Self {
        self.at = at;
        self
    }

    /// What to do.
    #[must_use]
    pub fn todo(mut self, todo: impl Into<String>) -> Self {
        self.todo = todo.into();
        self
    }

    /// What to paste.
    #[must_use]
    pub fn remedy(mut self, remedy: Option<Remedy>) -> Self {
        self.remedy = remedy;
        self
    }

    /// Fills in the fingerprint, once everything it is made of is there.
    pub(crate) fn seal(&mut self) {
        if self.fingerprint.is_empty() {
            self.fingerprint = spec_diff::fingerprint(&[
                self.effect.as_str(),
                &self.id,
                &self.place,
                self.before.as_deref().unwrap_or_default(),
                self.after.as_deref().unwrap_or_default(),
            ]);
        }
    }

    /// `before → after`, or what is there of it.
    pub(crate) fn transition(&self) -> Option<String> {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => Some(format!("{before} → {after}")),
            (Some(before), None) => Some(format!("was {before}")),
            (None, Some(after)) => Some(format!("now {after}")),
            (None, None) => None,
        }
    }

    /// The operations, at most `limit` of them by name.
    pub(crate) fn affected(&self, limit: usize) -> Option<String> {
        let count = self.operations.len();
        match count {
            0 => None,
            1 => Some(self.operations[0].clone()),
            _ => {
                let named = self.operations[..count.min(limit)].join(", ");
                let rest = count.saturating_sub(limit);
                let more = if rest > 0 {
                    format!(" and {rest} more")
                } else {
                    String::new()
                };
                Some(format!("{count} operations: {named}{more}"))
            }
        }
    }
}

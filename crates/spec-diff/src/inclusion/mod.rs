//! Whether one set of JSON values is a part of another, and a value that proves that it is not.
//!
//! The sets are JSON Schemas (2020-12). [`library`] is the only place that knows the library; its answers are taken only
//! as far as they are proved: a value counts if the validator accepts it on the one side and refuses it on the other.

#[cfg(feature = "inclusion")]
mod aim;
#[cfg(all(test, feature = "inclusion"))]
mod containment;
#[cfg(feature = "inclusion")]
mod fill;
#[cfg(feature = "inclusion")]
mod flat;
#[cfg(feature = "inclusion")]
mod hints;
#[cfg(feature = "inclusion")]
mod kinds;
#[cfg(feature = "inclusion")]
mod library;
#[cfg(feature = "inclusion")]
mod patterns;
#[cfg(feature = "inclusion")]
mod sample;
#[cfg(feature = "inclusion")]
mod sets;
#[cfg(feature = "inclusion")]
mod texts;
#[cfg(feature = "inclusion")]
mod walk;
#[cfg(feature = "inclusion")]
mod whole;

use serde_json::Value;

/// Is every value of `subset` in `superset`?
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Question {
    pub(crate) subset: Value,
    pub(crate) superset: Value,
    /// Whether values are written as text, so that `7` and `"7"` are one.
    pub(crate) as_text: bool,
    /// Whether anybody minds if both are the same: otherwise [`Answer::Included`] stands for both.
    pub(crate) exact: bool,
}

/// The answer to a [`Question`].
#[cfg_attr(
    not(feature = "inclusion"),
    allow(dead_code, reason = "without the library nobody answers")
)]
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// Both sets are the same.
    Same,
    /// Every value of the one is in the other.
    Included,
    /// This value is not.
    Broken(Value),
    /// Nobody can tell.
    Unknown,
}

/// Answers in the order of the questions; the same questions have the same answers.
pub(crate) fn answers(questions: &[Question]) -> Vec<Answer> {
    #[cfg(feature = "inclusion")]
    return sets::answers(questions);
    #[cfg(not(feature = "inclusion"))]
    questions.iter().map(|_| Answer::Unknown).collect()
}

/// Answers to whole questions of which a value has proved a part; [`Answer::Unknown`] if that value proves no more.
pub(crate) fn completed(questions: &[(Question, Value)]) -> Vec<Answer> {
    #[cfg(feature = "inclusion")]
    return sets::completed(questions);
    #[cfg(not(feature = "inclusion"))]
    questions.iter().map(|_| Answer::Unknown).collect()
}

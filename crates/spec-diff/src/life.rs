//! `deprecated` and `x-sunset`: how a thing announces its end.

use crate::tree::{Node, Value};

/// What `x-sunset` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sunset<'d> {
    None,
    /// `YYYY-MM-DD`; such texts compare as the days do.
    Day(&'d str),
    Invalid,
}

/// The sunset of an operation, parameter or property.
pub(crate) fn sunset(node: Node<'_>) -> Sunset<'_> {
    let Some(value) = node.get("x-sunset") else {
        return Sunset::None;
    };
    let Value::String(text) = value.value() else {
        return Sunset::Invalid;
    };
    match text.get(..10) {
        Some(day) if is_day(day) && (text.len() == 10 || text[10..].starts_with('T')) => {
            Sunset::Day(day)
        }
        _ => Sunset::Invalid,
    }
}

pub(crate) fn is_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| text.get(from..to).and_then(|t| t.parse::<u32>().ok());
    bytes.get(4) == Some(&b'-')
        && bytes.get(7) == Some(&b'-')
        && number(0, 4).is_some()
        && number(5, 7).is_some_and(|month| (1..=12).contains(&month))
        && number(8, 10).is_some_and(|day| (1..=31).contains(&day))
}

/// How much a thing's author promises to keep it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stability {
    Invalid,
    Draft,
    Alpha,
    Beta,
    Stable,
}

/// The `x-stability-level`; what has none is stable.
pub(crate) fn stability(node: Node<'_>) -> Stability {
    match node.get("x-stability-level") {
        None => Stability::Stable,
        Some(level) => match level.str() {
            Some("stable") => Stability::Stable,
            Some("beta") => Stability::Beta,
            Some("alpha") => Stability::Alpha,
            Some("draft") => Stability::Draft,
            _ => Stability::Invalid,
        },
    }
}

/// Whether an announced end was withdrawn or moved closer.
pub(crate) fn is_withdrawn(before: Sunset<'_>, after: Sunset<'_>) -> bool {
    match (before, after) {
        (Sunset::Day(before), Sunset::Day(after)) => after < before,
        (Sunset::Day(_), _) => true,
        _ => false,
    }
}

pub(crate) fn is_deprecated(node: Node<'_>) -> bool {
    node.get("deprecated").and_then(Node::bool) == Some(true)
}

//! One change, with all that a reader needs to act on it.

use std::fmt;
use std::sync::Arc;

use crate::error::Position;
use crate::level::{Direction, Level};
use crate::rules::Rule;

/// An operation that a change affects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Operation {
    /// The path as the newer document writes it, or the name of the webhook.
    pub path: String,
    /// The method in capitals, such as `GET`.
    pub method: String,
    /// Whether this is a webhook: the service calls, the client answers.
    pub webhook: bool,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let webhook = if self.webhook { "webhook " } else { "" };
        write!(f, "{} {webhook}{}", self.method, self.path)
    }
}

/// A place in one of the documents.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Location {
    /// The file, where that is not the document itself but one that it refers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// JSON pointer (RFC 6901) in that file.
    pub pointer: String,
    /// Line and column in the text.
    #[serde(flatten)]
    pub position: Position,
}

/// A value that proves a break: it fitted before and does not now, or it can arrive now and was ruled out.
///
/// Both whole schemas have been asked. Only where these are too large for that, properties and items that have findings
/// of their own hold any value here.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Witness {
    /// [`Direction::Request`] for a value that was accepted, [`Direction::Response`] for one that can arrive.
    pub direction: Direction,
    /// Where the value stands, in the words of [`Finding::place`].
    pub place: String,
    /// The value.
    pub value: serde_json::Value,
}

/// One change of one component or place, whatever number of operations it affects.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule it falls under; for a change in both directions, the rule of the worse one.
    pub rule: &'static Rule,
    /// For a change in both directions, the rule of the other one.
    pub also: Option<&'static Rule>,
    /// How bad it is, with overrides applied and both directions taken together.
    pub level: Level,
    /// Whether clients send the thing, receive it, or both.
    pub direction: Direction,
    /// Where it is, for a person: `Pet.owner.name`, `GET /pets: query parameter limit`.
    pub place: String,
    /// All operations affected, sorted; empty for a change that belongs to none.
    pub operations: Arc<[Operation]>,
    /// The thing in the older document or, if it is not there, what would hold it.
    pub old: Location,
    /// The thing in the newer document or, if it is not there, what would hold it.
    pub new: Location,
    /// What the older document says, shortened; `None` if nothing.
    pub before: Option<String>,
    /// What the newer document says, shortened; `None` if nothing.
    pub after: Option<String>,
    /// 16 hexadecimal digits that stay the same as long as this change does, for acknowledgements.
    pub fingerprint: String,
    /// A value that proves the break, if it is one of values.
    pub witness: Option<Witness>,
}

impl Finding {
    /// The id of its rule.
    pub fn id(&self) -> &'static str {
        &self.rule.id
    }

    /// Why it has this level.
    pub fn reason(&self) -> &'static str {
        self.rule.reason
    }
}

/// Digits for what these parts say together: a caller's own findings can be acknowledged by them, too.
///
/// FNV-1a: the same on every machine and in every version, unlike the standard library's hashers.
pub fn fingerprint(parts: &[&str]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

//! Choices that are no `serde` enum: JSON that is read on demand, and a body for each status.

use std::fmt::Write as _;

use heck::ToSnakeCase;
use spec_diff::escape;

use super::doc_lines;
use crate::names::is_identifier;

/// The name of a branch, the value that marks it, and its type.
type Branch = (String, String, String);

/// A value whose branches nothing distinguishes: kept as it came, and read as one of them when asked.
pub(super) fn raw(name: &str, description: &str, branches: &[Branch]) -> String {
    let mut code = doc_lines(description, "");
    let _ = write!(
        code,
        "///
/// It is kept as it came, because nothing distinguishes its shapes; each method reads it as one of them.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = \"schemars\", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct {name}(pub serde_json::Value);

impl {name} {{
"
    );
    for (branch, _, ty) in branches {
        let word = branch.to_snake_case();
        if !is_identifier(&format!("as_{word}")) {
            continue;
        }
        let ty = ty
            .strip_prefix("Box<")
            .and_then(|ty| ty.strip_suffix('>'))
            .unwrap_or(ty);
        let _ = write!(
            code,
            "    /// The value as {shown}.
    ///
    /// # Errors
    ///
    /// If it is not of this shape.
    pub fn as_{word}(&self) -> Result<{ty}, serde_json::Error> {{
        serde::Deserialize::deserialize(&self.0)
    }}

    /// A value of the shape {shown}.
    ///
    /// # Errors
    ///
    /// If it cannot be written as JSON.
    pub fn from_{word}(value: &{ty}) -> Result<Self, serde_json::Error> {{
        serde_json::to_value(value).map(Self)
    }}

",
            shown = escape::code(branch)
        );
    }
    let _ = write!(
        code,
        "}}

impl From<serde_json::Value> for {name} {{
    fn from(value: serde_json::Value) -> Self {{
        Self(value)
    }}
}}

"
    );
    code
}

/// An answer whose status says what its body is.
pub(super) fn by_status(
    name: &str,
    description: &str,
    branches: &[Branch],
    runtime: &str,
) -> String {
    let mut code = doc_lines(description, "");
    let mut variants = String::new();
    let mut exact = String::new();
    let mut ranges = String::new();
    for (branch, status, ty) in branches {
        let _ = write!(
            variants,
            "    /// With status {}.\n    {branch}({ty}),\n",
            escape::code(status)
        );
        let reads = format!("serde_json::from_slice(body).map(Self::{branch}),");
        let _ = if status.parse::<u16>().is_ok() {
            writeln!(exact, "            {status} => {reads}")
        } else {
            writeln!(ranges, "            200..=299 => {reads}")
        };
    }
    let _ = write!(
        code,
        "///
/// The status of the response says which.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum {name} {{
{variants}    /// With a status that is not known here.
    Unknown(serde_json::Value),
}}

impl {runtime}::__private::ByStatus for {name} {{
    fn read(status: u16, body: &[u8]) -> Result<Self, serde_json::Error> {{
        match status {{
{exact}{ranges}            _ => serde_json::from_slice(body).map(Self::Unknown),
        }}
    }}
}}

"
    );
    code
}

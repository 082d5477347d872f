//! Calls of the caller's tools, put together from their parts.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ToolDelta;

/// A call of one of the caller's tools, whole.
///
/// To answer it, send the conversation again with `tool_calls` and `tool_result` of the
/// request: see [`ChatCompletions::tool_calls`](crate::ChatCompletions::tool_calls).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolCall {
    /// The call's id; empty if the provider gives none.
    pub id: String,
    /// The tool's name.
    pub name: String,
    /// The arguments as JSON text; `{}` if there are none.
    pub arguments: String,
    /// What Gemini's models want back with their own call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

impl ToolCall {
    /// A call of which id, name and arguments (JSON text) are known.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        arguments: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            arguments: arguments.into(),
            signature: None,
        }
    }

    /// The arguments as JSON.
    ///
    /// # Errors
    ///
    /// If the model wrote none.
    pub fn parse(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_str(&self.arguments)
    }
}

/// Puts the calls of one answer together: [`add`](Self::add) every [`ToolDelta`],
/// then [`finish`](Self::finish).
///
/// Of several answers asked for at once, each needs one of its own.
#[derive(Debug, Clone, Default)]
pub struct ToolCalls(Vec<(u32, ToolCall)>);

impl ToolCalls {
    /// No calls so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part to its call.
    pub fn add(&mut self, part: &ToolDelta) {
        let known = self.0.iter().position(|(index, _)| *index == part.index);
        let place = known.unwrap_or(self.0.len());
        if known.is_none() {
            self.0.push((part.index, ToolCall::default()));
        }
        let call = &mut self.0[place].1;
        if let Some(id) = part.id.as_ref().filter(|_| call.id.is_empty()) {
            call.id.clone_from(id);
        }
        if let Some(name) = part.name.as_ref().filter(|_| call.name.is_empty()) {
            call.name.clone_from(name);
        }
        if part.signature.is_some() {
            call.signature.clone_from(&part.signature);
        }
        call.arguments.push_str(&part.arguments);
    }

    /// The calls, in the order in which the model began them.
    pub fn finish(self) -> Vec<ToolCall> {
        let calls = self.0.into_iter().map(|(_, mut call)| {
            if call.arguments.trim().is_empty() {
                "{}".clone_into(&mut call.arguments);
            }
            call
        });
        calls.collect()
    }
}

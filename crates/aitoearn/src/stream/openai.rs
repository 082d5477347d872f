//! `OpenAI`'s Chat Completions: the events of `POST /api/ai/chat/completions`.
//!
//! Typed is what all providers of this format agree on; what else they send is
//! in the `extra` of its place.

use aitoearn_api::tolerant::null_default;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    forms::{if_any, text_of_parts, text_opt, text_or_json, whole_if_any},
    wire::{Progress, Wire, reports_error, whole_or_zero},
};

/// A part of an answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatChunk {
    /// The answer's id, the same in each of its chunks.
    #[serde(default, deserialize_with = "text_opt")]
    pub id: Option<String>,
    /// The model that answers.
    #[serde(default, deserialize_with = "text_opt")]
    pub model: Option<String>,
    /// When the answer was begun, in seconds since 1970.
    #[serde(default, deserialize_with = "whole_if_any")]
    pub created: Option<i64>,
    /// What is new, by answer; more than one if more (`n`) were asked for. None
    /// in a chunk that only tells the usage.
    #[serde(default, deserialize_with = "null_default")]
    pub choices: Vec<ChunkChoice>,
    /// The tokens used, if `stream_options` asked for it, or if the provider tells.
    #[serde(default, deserialize_with = "if_any")]
    pub usage: Option<ChatUsage>,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// What is new in one of the answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChunkChoice {
    /// Which answer it is, from 0.
    #[serde(default, deserialize_with = "whole_or_zero")]
    pub index: u32,
    /// What is new. Of an answer that came whole: all of it.
    #[serde(default, deserialize_with = "null_default")]
    pub delta: ChunkDelta,
    /// Why the answer ended, once it has: `stop`, `length`, `tool_calls`,
    /// `content_filter`, or the provider's own word.
    #[serde(default, deserialize_with = "text_opt")]
    pub finish_reason: Option<String>,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The new part of a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChunkDelta {
    /// Who speaks: `assistant`. In the first chunk only.
    #[serde(default, deserialize_with = "text_opt")]
    pub role: Option<String>,
    /// More text.
    #[serde(default, deserialize_with = "text_of_parts")]
    pub content: Option<String>,
    /// More of what the model thinks before it answers; not all providers tell.
    #[serde(default, deserialize_with = "text_of_parts")]
    pub reasoning_content: Option<String>,
    /// Parts of calls of the caller's tools.
    #[serde(default, deserialize_with = "null_default")]
    pub tool_calls: Vec<ToolCallChunk>,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A part of a call of a tool.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolCallChunk {
    /// Which call it belongs to. Absent from answers that came whole.
    #[serde(default, deserialize_with = "whole_if_any")]
    pub index: Option<u32>,
    /// The call's id, in its first part.
    #[serde(default, deserialize_with = "text_opt")]
    pub id: Option<String>,
    /// The tool's name, and more of its arguments.
    #[serde(default, deserialize_with = "null_default")]
    pub function: FunctionChunk,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The function that a tool call is about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FunctionChunk {
    /// The function's name, in the first part of a call.
    #[serde(default, deserialize_with = "text_opt")]
    pub name: Option<String>,
    /// More of the arguments: a piece of JSON text, no JSON by itself. What a provider
    /// sends as JSON has become its text.
    #[serde(default, deserialize_with = "text_or_json")]
    pub arguments: Option<String>,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The tokens that an answer used.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatUsage {
    /// Tokens of the question.
    #[serde(default, deserialize_with = "whole_if_any")]
    pub prompt_tokens: Option<u64>,
    /// Tokens of the answer, thinking included.
    #[serde(default, deserialize_with = "whole_if_any")]
    pub completion_tokens: Option<u64>,
    /// Both.
    #[serde(default, deserialize_with = "whole_if_any")]
    pub total_tokens: Option<u64>,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The reasons that end an answer, in the words of the providers of this format. Any other word,
/// or none, does not: only `[DONE]` does then.
fn is_end(reason: &str) -> bool {
    const REASONS: &[&str] = &[
        "stop",
        "length",
        "tool_calls",
        "tool_call",
        "tool_use",
        "function_call",
        "content_filter",
        "end_turn",
        "stop_sequence",
        "max_tokens",
        "max_output_tokens",
        "model_length",
        "eos",
        "eos_token",
        "complete",
        "completed",
        "safety",
        "recitation",
        "refusal",
        "sensitive",
        "prohibited_content",
        "blocklist",
        "insufficient_system_resource",
        "repetition_truncation",
        "error",
        "abort",
    ];
    let reason = reason.trim().to_ascii_lowercase();
    REASONS.contains(&reason.as_str())
}

impl Wire for ChatChunk {
    const DONE_ENDS: bool = true;

    fn reports_error(&self) -> bool {
        reports_error(&self.extra)
    }

    fn note(&self, progress: &mut Progress) {
        for choice in &self.choices {
            let delta = &choice.delta;
            let filled = |text: &Option<String>| text.as_ref().is_some_and(|it| !it.is_empty());
            let is_new = filled(&delta.content)
                || filled(&delta.reasoning_content)
                || !delta.tool_calls.is_empty();
            let reason = choice.finish_reason.as_deref().unwrap_or_default();
            progress.saw(choice.index, is_new, is_end(reason));
        }
    }

    /// A whole answer has `message` where a chunk has `delta`.
    fn adapt(answer: &mut Value) {
        let choices = answer.get_mut("choices").and_then(Value::as_array_mut);
        for choice in choices.into_iter().flatten() {
            if let Some(choice) = choice.as_object_mut()
                && let Some(message) = choice.remove("message")
            {
                choice.insert("delta".to_owned(), message);
            }
        }
    }
}

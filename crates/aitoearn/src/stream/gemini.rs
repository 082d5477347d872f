//! Gemini's contents: the events of
//! `POST /api/ai/v1beta/models/{model}:streamGenerateContent`.
//!
//! Typed is what the models of this format agree on; what else they send is in
//! the `extra` of its place.

use aitoearn_api::tolerant::null_default;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    forms::{if_any, text_opt, whole_if_any},
    wire::{Progress, Wire, reports_error, whole_or_zero},
};

/// A part of an answer, or a whole one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GeminiChunk {
    /// What is new, by answer; more than one if more were asked for.
    #[serde(default, deserialize_with = "null_default")]
    pub candidates: Vec<Candidate>,
    /// Why there is no answer at all: `blockReason` and more.
    pub prompt_feedback: Option<Value>,
    /// The tokens used up to here.
    #[serde(default, deserialize_with = "if_any")]
    pub usage_metadata: Option<UsageMetadata>,
    /// The model that answers.
    #[serde(default, deserialize_with = "text_opt")]
    pub model_version: Option<String>,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// What is new in one of the answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Candidate {
    /// Which answer it is, from 0.
    #[serde(default, deserialize_with = "whole_or_zero")]
    pub index: u32,
    /// What is new.
    #[serde(default, deserialize_with = "null_default")]
    pub content: CandidateContent,
    /// Why the answer ended, once it has: `STOP`, `MAX_TOKENS`, `SAFETY` and others.
    #[serde(default, deserialize_with = "text_opt")]
    pub finish_reason: Option<String>,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The new part of an answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CandidateContent {
    /// Who speaks: `model`.
    pub role: Option<String>,
    /// What is said.
    #[serde(default, deserialize_with = "null_default")]
    pub parts: Vec<Part>,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// One part of what is said.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Part {
    /// More text.
    pub text: Option<String>,
    /// The text is what the model thinks before it answers.
    pub thought: Option<bool>,
    /// A call of one of the caller's tools, always whole.
    pub function_call: Option<FunctionCall>,
    /// Whatever else there is, such as `inlineData` with an image, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A call of a tool.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FunctionCall {
    /// The call's id; not all models give one.
    #[serde(default, deserialize_with = "text_opt")]
    pub id: Option<String>,
    /// The tool's name.
    #[serde(default, deserialize_with = "null_default")]
    pub name: String,
    /// The arguments by name; null if there are none.
    #[serde(default)]
    pub args: Value,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The tokens that an answer used.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UsageMetadata {
    /// Tokens of the question.
    #[serde(default, deserialize_with = "whole_if_any")]
    pub prompt_token_count: Option<u64>,
    /// Tokens of the answer, without thinking.
    #[serde(default, deserialize_with = "whole_if_any")]
    pub candidates_token_count: Option<u64>,
    /// Tokens of thinking.
    #[serde(default, deserialize_with = "whole_if_any")]
    pub thoughts_token_count: Option<u64>,
    /// All of them.
    #[serde(default, deserialize_with = "whole_if_any")]
    pub total_token_count: Option<u64>,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl GeminiChunk {
    /// Why the question was refused, if it was.
    pub fn block_reason(&self) -> Option<&str> {
        self.prompt_feedback.as_ref()?.get("blockReason")?.as_str()
    }
}

/// Whether this is one of the format's words for an end: it has more of them each year, all in
/// capitals, and one for none. Gateways write the usual ones in their own way.
fn is_end(reason: &str) -> bool {
    const USUAL: [&str; 5] = ["stop", "max_tokens", "length", "safety", "recitation"];
    let is_none = reason.ends_with("UNSPECIFIED") || matches!(reason, "" | "UNKNOWN" | "NONE");
    let is_word = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    !is_none && (reason.bytes().all(is_word) || USUAL.contains(&reason))
}

impl Wire for GeminiChunk {
    const DONE_ENDS: bool = false;

    fn reports_error(&self) -> bool {
        reports_error(&self.extra)
    }

    fn note(&self, progress: &mut Progress) {
        for candidate in &self.candidates {
            let parts = &candidate.content.parts;
            let is_new = parts.iter().any(|part| {
                part.function_call.is_some() || part.text.as_ref().is_some_and(|it| !it.is_empty())
            });
            let reason = candidate.finish_reason.as_deref().unwrap_or_default();
            progress.saw(candidate.index, is_new, is_end(reason));
        }
        if self.block_reason().is_some_and(is_end) {
            progress.saw(0, false, true);
        }
    }
}

//! Anthropic's Messages: the events of `POST /api/ai/v1/messages`.
//!
//! Typed is what the versions of this format agree on; what else is sent is in
//! the `extra` of its place.

use aitoearn_api::tolerant::null_default;
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};

use super::{
    forms::{if_any, text_opt, whole_if_any},
    wire::{Progress, Wire, reports_error, whole},
};

/// An event of an answer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum MessageEvent {
    /// The answer begins (`message_start`); its content is still empty.
    Start(Message),
    /// A block of content begins (`content_block_start`).
    BlockStart(BlockStart),
    /// A block of content grows (`content_block_delta`).
    BlockDelta(BlockDelta),
    /// A block of content is complete (`content_block_stop`).
    BlockStop {
        /// Which block, from 0.
        index: u32,
    },
    /// The answer as a whole changes (`message_delta`): why it ended, tokens used.
    Delta(MessageDelta),
    /// The answer is complete (`message_stop`): the last event.
    Stop,
    /// Nothing new (`ping`).
    Ping,
    /// A whole answer, in place of a stream (`message`).
    Whole(Message),
    /// An event that this version of the crate does not know, as it came.
    Unknown(Value),
}

/// An answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// The answer's id.
    #[serde(default, deserialize_with = "text_opt")]
    pub id: Option<String>,
    /// The model that answers.
    #[serde(default, deserialize_with = "text_opt")]
    pub model: Option<String>,
    /// Who speaks: `assistant`.
    #[serde(default, deserialize_with = "text_opt")]
    pub role: Option<String>,
    /// The blocks of an answer that came whole.
    #[serde(default, deserialize_with = "null_default")]
    pub content: Vec<ContentBlock>,
    /// Why it ended, see [`MessageEnd::stop_reason`].
    #[serde(default, deserialize_with = "text_opt")]
    pub stop_reason: Option<String>,
    /// The tokens used up to here.
    #[serde(default, deserialize_with = "if_any")]
    pub usage: Option<MessageUsage>,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A block of content: text, thinking, the call of a tool.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContentBlock {
    /// `text`, `thinking`, `tool_use`, or a later kind.
    #[serde(rename = "type", default, deserialize_with = "null_default")]
    pub type_: String,
    /// The text of a text block; empty where it begins.
    pub text: Option<String>,
    /// The id of a tool call.
    #[serde(default, deserialize_with = "text_opt")]
    pub id: Option<String>,
    /// The name of the tool that is called.
    #[serde(default, deserialize_with = "text_opt")]
    pub name: Option<String>,
    /// The arguments of a tool call; an empty object where it begins.
    pub input: Option<Value>,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The beginning of a block.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BlockStart {
    /// Which block it is, from 0.
    #[serde(deserialize_with = "whole")]
    pub index: u32,
    /// The block, without what is still to come.
    pub content_block: ContentBlock,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// More of a block.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BlockDelta {
    /// Which block it is, from 0.
    #[serde(deserialize_with = "whole")]
    pub index: u32,
    /// What is new in it.
    pub delta: ContentDelta,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// What is new in a block.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContentDelta {
    /// `text_delta`, `input_json_delta`, `thinking_delta`, `signature_delta`, or
    /// a later kind.
    #[serde(rename = "type", default, deserialize_with = "null_default")]
    pub type_: String,
    /// More text.
    pub text: Option<String>,
    /// More of a tool's arguments: a piece of JSON text, no JSON by itself.
    pub partial_json: Option<String>,
    /// More of what the model thinks before it answers.
    pub thinking: Option<String>,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A change of the answer as a whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageDelta {
    /// Why it ended.
    #[serde(default, deserialize_with = "null_default")]
    pub delta: MessageEnd,
    /// The tokens used up to here.
    #[serde(default, deserialize_with = "if_any")]
    pub usage: Option<MessageUsage>,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Why an answer ended.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageEnd {
    /// `end_turn`, `max_tokens`, `stop_sequence`, `tool_use`, or a later reason.
    #[serde(default, deserialize_with = "text_opt")]
    pub stop_reason: Option<String>,
    /// The stop sequence that was met.
    #[serde(default, deserialize_with = "text_opt")]
    pub stop_sequence: Option<String>,
    /// Whatever else there is, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The tokens that an answer used up to here.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageUsage {
    /// Tokens of the question that were not cached.
    #[serde(default, deserialize_with = "whole_if_any")]
    pub input_tokens: Option<u64>,
    /// Tokens of the answer, thinking included.
    #[serde(default, deserialize_with = "whole_if_any")]
    pub output_tokens: Option<u64>,
    /// Whatever else there is, such as the tokens of the cache, by its name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl<'de> Deserialize<'de> for MessageEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Start {
            message: Message,
        }
        #[derive(Deserialize)]
        struct Stop {
            #[serde(deserialize_with = "whole")]
            index: u32,
        }

        fn read<T: de::DeserializeOwned, E: de::Error>(event: Map<String, Value>) -> Result<T, E> {
            serde_json::from_value(Value::Object(event)).map_err(E::custom)
        }

        let mut event = Map::deserialize(deserializer)?;
        let Some(Value::String(kind)) = event.remove("type") else {
            return Ok(Self::Unknown(Value::Object(event)));
        };
        match kind.as_str() {
            "message_start" => read(event).map(|Start { message }| Self::Start(message)),
            "content_block_start" => read(event).map(Self::BlockStart),
            "content_block_delta" => read(event).map(Self::BlockDelta),
            "content_block_stop" => read(event).map(|Stop { index }| Self::BlockStop { index }),
            "message_delta" => read(event).map(Self::Delta),
            "message_stop" => Ok(Self::Stop),
            "ping" => Ok(Self::Ping),
            "message" => read(event).map(Self::Whole),
            _ => {
                event.insert("type".to_owned(), Value::String(kind));
                Ok(Self::Unknown(Value::Object(event)))
            }
        }
    }
}

impl Wire for MessageEvent {
    const DONE_ENDS: bool = false;

    fn reports_error(&self) -> bool {
        match self {
            Self::Unknown(Value::Object(fields)) => {
                fields.get("type").is_some_and(|kind| kind == "error") || reports_error(fields)
            }
            _ => false,
        }
    }

    fn note(&self, progress: &mut Progress) {
        if *self == Self::Stop {
            progress.end();
        }
    }
}

//! The same few kinds of pieces, whatever the wire format.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    future::poll_fn,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use aitoearn_api::Mended;
use futures_core::Stream;
use serde::Deserialize as _;
use serde_json::Value;

use super::{
    EventStream,
    anthropic::{ContentBlock, Message, MessageEvent, MessageUsage},
    calls::Calls,
    gemini::GeminiChunk,
    openai::{ChatChunk, ChunkDelta, FunctionChunk, ToolCallChunk},
};
use crate::error::{CallInfo, Error};

/// More tools than any answer calls: a stream has no end, so they are not noted
/// without one either.
const MOST_BLOCKS: usize = 1024;

/// A piece of an answer: what is new, and the event that it came in.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Piece {
    /// What is new.
    pub delta: Delta,
    /// Which answer it belongs to, from 0: for those who ask for several at once.
    pub choice: u32,
    /// The event as its format has it. Each event comes with one piece at least.
    /// `None` for [`Delta::Done`], which is the end of the stream and no event.
    pub raw: Option<Arc<RawEvent>>,
}

/// What is new in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delta {
    /// More text. What a model thinks before it answers is [`Other`](Self::Other).
    Text(String),
    /// A part of the call of one of the caller's tools.
    Tool(ToolDelta),
    /// The tokens used up to here.
    Usage(Usage),
    /// The answer is complete. Always the last piece, and there is none without it:
    /// a stream that ends too early ends with an error.
    Done {
        /// Why it ended, in the provider's word (`stop`, `end_turn`, `STOP`,
        /// `length`, `tool_use`, ...). The last one named, if there are several answers.
        reason: Option<String>,
    },
    /// An event with none of these: see [`Piece::raw`].
    Other,
}

/// A part of a tool call. Join the `arguments` of the same `index`, or let
/// [`ToolCalls`](super::ToolCalls) do it: then they are JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToolDelta {
    /// Tells the tool calls of an answer apart. The numbers need not be consecutive.
    pub index: u32,
    /// The call's id, in its first part. Gemini's models may give none.
    pub id: Option<String>,
    /// The tool's name, in the first part.
    pub name: Option<String>,
    /// More of the arguments: a piece of JSON text, no JSON by itself.
    pub arguments: String,
    /// What Gemini's models want back with their own call.
    pub signature: Option<String>,
}

/// The tokens used, as far as the provider has told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Usage {
    /// Tokens of the question.
    pub input: Option<u64>,
    /// Tokens of the answer, thinking included.
    pub output: Option<u64>,
}

/// An event as its wire format has it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RawEvent {
    /// Of `OpenAI`'s Chat Completions.
    OpenAi(ChatChunk),
    /// Of Anthropic's Messages.
    Anthropic(MessageEvent),
    /// Of Gemini's contents.
    Gemini(GeminiChunk),
}

/// An answer in the same pieces whatever its wire format.
///
/// Made by the method `deltas` of the relays' requests, or from an [`EventStream`].
/// See [the module](super) for an example and for how it ends.
#[must_use = "a stream does nothing until it is read"]
pub struct DeltaStream {
    source: Source,
    unifier: Unifier,
    ready: VecDeque<Piece>,
    is_over: bool,
}

enum Source {
    OpenAi(EventStream<ChatChunk>),
    Anthropic(EventStream<MessageEvent>),
    Gemini(EventStream<GeminiChunk>),
}

impl DeltaStream {
    /// The call that this answers: its request id, HTTP status and attempts.
    pub fn call(&self) -> &CallInfo {
        match &self.source {
            Source::OpenAi(events) => events.call(),
            Source::Anthropic(events) => events.call(),
            Source::Gemini(events) => events.call(),
        }
    }

    /// What was missing or odd in the events so far, as [`EventStream::mended`] returns it.
    pub fn mended(&self) -> &Mended {
        match &self.source {
            Source::OpenAi(events) => events.mended(),
            Source::Anthropic(events) => events.mended(),
            Source::Gemini(events) => events.mended(),
        }
    }

    /// The next piece, or `None` after the last one.
    ///
    /// May be dropped and called again without losing anything.
    ///
    /// # Errors
    ///
    /// See [the module](super#how-a-stream-ends). Nothing follows.
    pub async fn next(&mut self) -> Option<Result<Piece, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    fn new(source: Source) -> Self {
        Self {
            source,
            unifier: Unifier::default(),
            ready: VecDeque::new(),
            is_over: false,
        }
    }

    fn poll_raw(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<RawEvent, Error>>> {
        fn poll<E>(
            events: &mut EventStream<E>,
            cx: &mut Context<'_>,
            raw: fn(E) -> RawEvent,
        ) -> Poll<Option<Result<RawEvent, Error>>>
        where
            E: super::StreamEvent,
        {
            let event = ready!(Pin::new(events).poll_next(cx));
            Poll::Ready(event.map(|event| event.map(raw)))
        }
        match &mut self.source {
            Source::OpenAi(events) => poll(events, cx, RawEvent::OpenAi),
            Source::Anthropic(events) => poll(events, cx, RawEvent::Anthropic),
            Source::Gemini(events) => poll(events, cx, RawEvent::Gemini),
        }
    }
}

impl From<EventStream<ChatChunk>> for DeltaStream {
    fn from(events: EventStream<ChatChunk>) -> Self {
        Self::new(Source::OpenAi(events))
    }
}

impl From<EventStream<MessageEvent>> for DeltaStream {
    fn from(events: EventStream<MessageEvent>) -> Self {
        Self::new(Source::Anthropic(events))
    }
}

impl From<EventStream<GeminiChunk>> for DeltaStream {
    fn from(events: EventStream<GeminiChunk>) -> Self {
        Self::new(Source::Gemini(events))
    }
}

impl Stream for DeltaStream {
    type Item = Result<Piece, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(piece)));
            }
            if self.is_over {
                return Poll::Ready(None);
            }
            match ready!(self.poll_raw(cx)) {
                Some(Ok(event)) => self.ready = self.unifier.pieces(event),
                Some(Err(error)) => {
                    self.is_over = true;
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    self.is_over = true;
                    let reason = self.unifier.reason.take();
                    self.ready.push_back(Piece {
                        delta: Delta::Done { reason },
                        choice: 0,
                        raw: None,
                    });
                }
            }
        }
    }
}

impl fmt::Debug for DeltaStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeltaStream")
            .field("call", self.call())
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}

/// Finds the pieces in events, and remembers what later events need.
#[derive(Debug, Default)]
struct Unifier {
    usage: Usage,
    reason: Option<String>,
    /// The calls of each OpenAI-style answer.
    chat_calls: BTreeMap<u32, Calls>,
    /// Which blocks of an Anthropic answer are calls of the caller's tools, and whether their
    /// arguments have begun.
    tool_blocks: BTreeMap<u32, bool>,
    /// How many calls a Gemini answer has made.
    calls: u32,
    found: Vec<(u32, Delta)>,
}

impl Unifier {
    fn pieces(&mut self, event: RawEvent) -> VecDeque<Piece> {
        match &event {
            RawEvent::OpenAi(chunk) => self.chat(chunk),
            RawEvent::Anthropic(event) => self.message(event),
            RawEvent::Gemini(chunk) => self.gemini(chunk),
        }
        if self.found.is_empty() {
            self.found.push((0, Delta::Other));
        }
        let event = Arc::new(event);
        let found = mem::take(&mut self.found).into_iter();
        found
            .map(|(choice, delta)| Piece {
                delta,
                choice,
                raw: Some(Arc::clone(&event)),
            })
            .collect()
    }

    fn chat(&mut self, chunk: &ChatChunk) {
        for choice in &chunk.choices {
            self.text(choice.index, choice.delta.content.as_deref());
            self.chat_calls(choice.index, &choice.delta);
            if self.reason(choice.finish_reason.as_ref()) {
                self.end_chat_calls(choice.index);
            }
        }
        if let Some(usage) = &chunk.usage {
            self.usage(usage.prompt_tokens, usage.completion_tokens);
        }
    }

    fn chat_calls(&mut self, choice: u32, delta: &ChunkDelta) {
        // Before there were several, a call stood in a field of its own.
        let legacy = delta
            .extra
            .get("function_call")
            .map(|function| ToolCallChunk {
                function: FunctionChunk::deserialize(function).unwrap_or_default(),
                ..ToolCallChunk::default()
            });
        let count = delta.tool_calls.len() + usize::from(legacy.is_some());
        // Of answers beyond these, nobody asked for.
        let choice = choice.min(u32::try_from(MOST_BLOCKS).unwrap_or(u32::MAX));
        for (place, part) in delta.tool_calls.iter().chain(&legacy).enumerate() {
            let calls = self.chat_calls.entry(choice).or_default();
            let placed = calls.place(part, place, count);
            let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
            let tool = ToolDelta {
                index: placed.number,
                id: filled(&part.id),
                name: filled(&part.function.name),
                arguments: match &part.function.arguments {
                    Some(arguments) if !placed.is_repetition => arguments.clone(),
                    _ => String::new(),
                },
                signature: None,
            };
            self.found.push((choice, Delta::Tool(tool)));
        }
    }

    /// Whoever calls without arguments may write none; no text is no JSON.
    fn end_chat_calls(&mut self, choice: u32) {
        let calls = self.chat_calls.get_mut(&choice);
        for index in calls.map(Calls::without_arguments).unwrap_or_default() {
            self.empty_object(choice, index);
        }
    }

    fn empty_object(&mut self, choice: u32, index: u32) {
        let tool = ToolDelta {
            index,
            arguments: "{}".to_owned(),
            ..ToolDelta::default()
        };
        self.found.push((choice, Delta::Tool(tool)));
    }

    fn message(&mut self, event: &MessageEvent) {
        match event {
            MessageEvent::Start(message) | MessageEvent::Whole(message) => {
                self.whole_message(message);
            }
            MessageEvent::BlockStart(start) => self.block(start.index, &start.content_block),
            MessageEvent::BlockDelta(more) => {
                self.text(0, more.delta.text.as_deref());
                if let Some(json) = &more.delta.partial_json
                    && let Some(has_begun) = self.tool_blocks.get_mut(&more.index)
                {
                    *has_begun |= !json.is_empty();
                    let tool = ToolDelta {
                        index: more.index,
                        arguments: json.clone(),
                        ..ToolDelta::default()
                    };
                    self.found.push((0, Delta::Tool(tool)));
                }
            }
            MessageEvent::Delta(change) => {
                self.reason(change.delta.stop_reason.as_ref());
                self.message_usage(change.usage.as_ref());
            }
            MessageEvent::BlockStop { index } => {
                if self.tool_blocks.get(index) == Some(&false) {
                    self.tool_blocks.insert(*index, true);
                    self.empty_object(0, *index);
                }
            }
            MessageEvent::Stop | MessageEvent::Ping | MessageEvent::Unknown(_) => {}
        }
    }

    fn whole_message(&mut self, message: &Message) {
        for (index, block) in (0..).zip(&message.content) {
            self.block(index, block);
            if message.stop_reason.is_some() && self.tool_blocks.get(&index) == Some(&false) {
                self.tool_blocks.insert(index, true);
                self.empty_object(0, index);
            }
        }
        self.reason(message.stop_reason.as_ref());
        self.message_usage(message.usage.as_ref());
    }

    fn block(&mut self, index: u32, block: &ContentBlock) {
        match block.type_.as_str() {
            "text" => self.text(0, block.text.as_deref()),
            "tool_use" => {
                let arguments = match &block.input {
                    // What stands for arguments that are still to come.
                    Some(Value::Object(fields)) if fields.is_empty() => String::new(),
                    Some(Value::Null) | None => String::new(),
                    Some(Value::String(text)) => text.clone(),
                    Some(input) => input.to_string(),
                };
                if self.tool_blocks.len() < MOST_BLOCKS || self.tool_blocks.contains_key(&index) {
                    self.tool_blocks.insert(index, !arguments.is_empty());
                }
                let tool = ToolDelta {
                    index,
                    id: block.id.clone(),
                    name: block.name.clone(),
                    arguments,
                    signature: None,
                };
                self.found.push((0, Delta::Tool(tool)));
            }
            _ => {}
        }
    }

    fn message_usage(&mut self, usage: Option<&MessageUsage>) {
        if let Some(usage) = usage {
            self.usage(usage.input_tokens, usage.output_tokens);
        }
    }

    fn gemini(&mut self, chunk: &GeminiChunk) {
        for candidate in &chunk.candidates {
            for part in &candidate.content.parts {
                if part.thought != Some(true) {
                    self.text(candidate.index, part.text.as_deref());
                }
                if let Some(call) = &part.function_call {
                    let tool = ToolDelta {
                        index: self.calls,
                        id: call.id.clone(),
                        name: Some(call.name.clone()),
                        arguments: match &call.args {
                            Value::Null => "{}".to_owned(),
                            Value::String(text) => text.clone(),
                            args => args.to_string(),
                        },
                        signature: part.extra.get("thoughtSignature").and_then(text),
                    };
                    self.calls += 1;
                    self.found.push((candidate.index, Delta::Tool(tool)));
                }
            }
            self.reason(candidate.finish_reason.as_ref());
        }
        if let Some(reason) = chunk.block_reason() {
            self.reason = Some(reason.to_owned());
        }
        if let Some(usage) = &chunk.usage_metadata {
            let (said, thought) = (usage.candidates_token_count, usage.thoughts_token_count);
            let output = match (said, thought) {
                (None, None) => None,
                (said, thought) => Some(
                    said.unwrap_or_default()
                        .saturating_add(thought.unwrap_or_default()),
                ),
            };
            self.usage(usage.prompt_token_count, output);
        }
    }

    fn text(&mut self, choice: u32, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.found.push((choice, Delta::Text(text.to_owned())));
        }
    }

    /// Notes why an answer ended. An empty word is none.
    fn reason(&mut self, reason: Option<&String>) -> bool {
        let reason = reason.filter(|reason| !reason.trim().is_empty());
        if reason.is_some() {
            self.reason = reason.cloned();
        }
        reason.is_some()
    }

    /// What is told later replaces what was told before, number by number.
    fn usage(&mut self, input: Option<u64>, output: Option<u64>) {
        self.usage.input = input.or(self.usage.input);
        self.usage.output = output.or(self.usage.output);
        self.found.push((0, Delta::Usage(self.usage)));
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests;

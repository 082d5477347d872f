//! Answers that arrive while the model makes them.
//!
//! [`EventStream`] reads the event stream of a relay into the events of its wire
//! format ([`openai`], [`anthropic`], [`gemini`]); [`DeltaStream`] makes the same
//! few kinds of pieces of all three. Both are `futures` streams, and both have a
//! `next` of their own, so that no further crate is needed to read them.
//!
//! ```no_run
//! # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
//! use aitoearn::stream::Delta;
//!
//! let mut answer = client
//!     .relay()
//!     .messages("the model's name")
//!     .user("Why is the sky blue?")
//!     .deltas()
//!     .await?;
//! while let Some(piece) = answer.next().await {
//!     match piece?.delta {
//!         Delta::Text(text) => print!("{text}"),
//!         Delta::Done { reason } => println!("\n(ended by {reason:?})"),
//!         _ => {}
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # How a stream ends
//!
//! - Well, with `None`: once the event came with which its format ends an answer.
//!   `OpenAI`'s is `[DONE]`, or the end of the bytes after a `finish_reason` that is
//!   one, and not one that is in every chunk;
//!   Anthropic's is `message_stop`; Gemini's the end of the bytes after a
//!   `finishReason`. An answer that came whole, as JSON, is a stream of one event.
//! - With [`Error::Stream`], if it ends or breaks before that: what came so far
//!   is not all.
//! - With [`Error::Api`] or [`Error::Http`], if AiToEarn or the model's provider
//!   reports an error in the middle.
//! - With [`Error::Timeout`], if no byte comes for
//!   [`Timeouts::idle`](crate::Timeouts::idle), or no event for
//!   [`Timeouts::event`](crate::Timeouts::event): comments, with which servers keep
//!   connections alive while a model thinks, are no events.
//! - With [`Error::Decode`], if an event is not what its format prescribes, and
//!   with [`Error::TooLarge`], if it would take too much memory.
//!
//! Nothing follows an error, and no stream connects again by itself, since what
//! it answers has been billed. Dropping a stream closes its connection, and the
//! service stops working for nobody. Bytes are read no faster than you take events.
//!
//! [`Error::Stream`]: crate::Error::Stream
//! [`Error::Api`]: crate::Error::Api
//! [`Error::Http`]: crate::Error::Http
//! [`Error::Timeout`]: crate::Error::Timeout
//! [`Error::Decode`]: crate::Error::Decode
//! [`Error::TooLarge`]: crate::Error::TooLarge

pub mod anthropic;
mod calls;
mod decoder;
mod events;
mod forms;
pub mod gemini;
pub mod openai;
#[cfg(test)]
mod testing;
mod tools;
mod unified;
mod wire;

pub use self::{
    decoder::{Decoder, Frame, FrameError},
    events::{EventStream, StreamEvent},
    tools::{ToolCall, ToolCalls},
    unified::{Delta, DeltaStream, Piece, RawEvent, ToolDelta, Usage},
};

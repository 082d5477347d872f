//! The events of one answer, typed by their wire format.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use aitoearn_api::{ByteStream, Failure, Mended};
use futures_core::Stream;

use super::{
    Decoder, Frame, FrameError,
    wire::{Progress, Wire, read, read_whole},
};
use crate::{
    CallInfo, Client, RelayResponse, RelayStream, Response,
    clock::{Instant, LONGEST, Sleep, sleep},
    error::{Attempted, Error, Failed, StreamError, StreamErrorKind, TooLargeError},
    local::Local,
    trace,
};

/// An event of one of the wire formats: [`ChatChunk`](super::openai::ChatChunk),
/// [`MessageEvent`](super::anthropic::MessageEvent) or
/// [`GeminiChunk`](super::gemini::GeminiChunk). There are no others.
pub trait StreamEvent: Wire {}

impl<E: Wire> StreamEvent for E {}

/// The events of an answer, as they arrive.
///
/// See [the module](super) for how it ends. Made by the method `events` of the
/// relays' requests, or from a [`RelayStream`].
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// let relay = client.relay();
/// let mut events = relay.chat_completions("the model's name").user("Hello!").events().await?;
/// while let Some(event) = events.next().await {
///     for choice in event?.choices {
///         print!("{}", choice.delta.content.unwrap_or_default());
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing until it is read"]
pub struct EventStream<E> {
    call: CallInfo,
    mended: Mended,
    source: Source<E>,
}

enum Source<E> {
    Live(Box<Live>),
    /// An answer that came in one piece.
    Whole(E),
    Over,
}

impl<E: StreamEvent> EventStream<E> {
    /// The call that this answers: its request id, HTTP status and attempts.
    pub fn call(&self) -> &CallInfo {
        &self.call
    }

    /// What was missing or odd in the events so far, each place as it is in its event. Nothing, as
    /// a rule; see [`Response::mended`](crate::Response::mended).
    pub fn mended(&self) -> &Mended {
        &self.mended
    }

    /// The next event, or `None` at the end of a complete answer.
    ///
    /// May be dropped and called again without losing anything.
    ///
    /// # Errors
    ///
    /// See [the module](super#how-a-stream-ends). Nothing follows.
    pub async fn next(&mut self) -> Option<Result<E, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// The events of an answer, whichever form it has.
    pub(crate) fn of(response: Response<RelayResponse>, client: &Client) -> Result<Self, Error> {
        let mut mended = response.mended().clone();
        let call = response.call;
        match response.data {
            RelayResponse::Events(stream) => Ok(Self::from(stream)),
            RelayResponse::Json(answer) => match read_whole(answer, client.api().context()) {
                Ok((event, more)) => {
                    trace::mended(&more);
                    mended.add(more);
                    Ok(Self {
                        call,
                        mended,
                        source: Source::Whole(event),
                    })
                }
                Err(failure) => Err(not_an_event(call, failure)),
            },
        }
    }
}

impl<E: StreamEvent> From<RelayStream> for EventStream<E> {
    fn from(stream: RelayStream) -> Self {
        let call = stream.call().clone();
        match stream.into_parts() {
            Some((bytes, attempted)) => Live::new(bytes, attempted).into(),
            None => Self {
                call,
                mended: Mended::default(),
                source: Source::Over,
            },
        }
    }
}

impl<E: StreamEvent> From<Live> for EventStream<E> {
    fn from(live: Live) -> Self {
        Self {
            call: live.attempted.info(None),
            mended: Mended::default(),
            source: Source::Live(Box::new(live)),
        }
    }
}

impl<E: StreamEvent> Stream for EventStream<E> {
    type Item = Result<E, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let (item, is_over) = match &mut this.source {
            Source::Live(live) => {
                let item = ready!(live.poll_event(cx)).transpose();
                if !live.mended.is_empty() {
                    let mended = std::mem::take(&mut live.mended);
                    if this.mended.is_empty() {
                        trace::mended(&mended);
                    }
                    this.mended.add(mended);
                }
                let is_over = live.progress.is_over() || !matches!(item, Some(Ok(_)));
                (item, is_over)
            }
            Source::Whole(_) | Source::Over => {
                match std::mem::replace(&mut this.source, Source::Over) {
                    Source::Whole(event) => (Some(Ok(event)), true),
                    _ => (None, true),
                }
            }
        };
        if is_over {
            // The connection goes with it.
            self.source = Source::Over;
        }
        Poll::Ready(item)
    }
}

impl<E> fmt::Debug for EventStream<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("call", &self.call)
            .field("is_over", &matches!(self.source, Source::Over))
            .finish_non_exhaustive()
    }
}

/// An answer that is still arriving.
pub(super) struct Live {
    bytes: Local<ByteStream>,
    attempted: Box<Attempted>,
    pub(super) decoder: Decoder,
    /// Whether the first byte that says something has come.
    has_begun: bool,
    /// An answer that is no stream although it is called one: JSON.
    whole: Option<Vec<u8>>,
    progress: Progress,
    events: u64,
    /// What was mended in the event that is taken next.
    mended: Mended,
    /// The longest time without a byte, and without an event.
    idle: Duration,
    drought: Duration,
    /// When the present drought is too long.
    dry: Instant,
    silence: Pin<Box<Sleep>>,
    /// `silence` runs only while an event is asked for: a slow reader is no silent server.
    is_waiting: bool,
}

impl Live {
    pub(super) fn new(bytes: Local<ByteStream>, attempted: Box<Attempted>) -> Self {
        let timeouts = attempted.client.timeouts();
        let (idle, drought) = (timeouts.idle, timeouts.event.max(timeouts.idle));
        let limit = usize::try_from(attempted.context().body_limit).unwrap_or(usize::MAX);
        Self {
            bytes,
            attempted,
            decoder: Decoder::new().with_limit(limit),
            has_begun: false,
            whole: None,
            progress: Progress::default(),
            events: 0,
            mended: Mended::default(),
            idle,
            drought,
            dry: Instant::now(),
            silence: Box::pin(sleep(idle)),
            is_waiting: false,
        }
    }

    fn poll_event<E: Wire>(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<E>, Error>> {
        loop {
            while let Some(frame) = self.decoder.next_frame() {
                let frame = frame.map_err(|fault| self.unreadable(fault))?;
                match self.take::<E>(&frame)? {
                    Taken::Event(event) => {
                        self.is_waiting = false;
                        return Poll::Ready(Ok(Some(event)));
                    }
                    Taken::End => return Poll::Ready(Ok(None)),
                    Taken::Nothing => {}
                }
            }
            if !self.is_waiting {
                self.is_waiting = true;
                self.dry = Instant::now() + self.drought.min(LONGEST);
                self.wait_for_bytes();
            }
            match self.bytes.as_mut().poll_next(cx) {
                Poll::Ready(Some(Ok(chunk))) => {
                    self.push(&chunk)?;
                    // By the clock: a flood of comments never lets the timer be polled.
                    if !self.decoder.has_frame() && self.dry <= Instant::now() {
                        return Poll::Ready(Err(self.silent()));
                    }
                    self.wait_for_bytes();
                }
                Poll::Ready(Some(Err(source))) => return Poll::Ready(Err(self.broken(source))),
                Poll::Ready(None) => return Poll::Ready(self.last_event()),
                Poll::Pending => {
                    ready!(self.silence.as_mut().poll(cx));
                    return Poll::Ready(Err(self.silent()));
                }
            }
        }
    }

    /// Bytes of the stream, or of an answer that is none.
    fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if !self.has_begun {
            let says_something = |byte: &&u8| !byte.is_ascii_whitespace() && **byte < 0x80;
            let first = bytes.iter().find(says_something);
            self.has_begun = first.is_some();
            self.whole = (first == Some(&b'{')).then(Vec::new);
        }
        let limit = usize::try_from(self.attempted.context().body_limit).unwrap_or(usize::MAX);
        match &mut self.whole {
            None => self.decoder.push(bytes),
            Some(whole) if whole.len() + bytes.len() > limit => {
                return Err(self.fail(StreamErrorKind::EventTooLarge(limit), None));
            }
            Some(whole) => whole.extend_from_slice(bytes),
        }
        Ok(())
    }

    /// The end of the bytes: of the stream, or of the answer that is its only event.
    fn last_event<E: Wire>(&mut self) -> Result<Option<E>, Error> {
        let Some(whole) = self.whole.take() else {
            return self.end().map(|()| None);
        };
        let json = whole.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&whole);
        let Ok(answer) = serde_json::from_slice(json) else {
            return Err(self.fail(StreamErrorKind::Truncated, None));
        };
        let event = read_whole(answer, self.attempted.context());
        let (event, mended) = event.map_err(|failure| self.attempted.fail(failure))?;
        self.mended = mended;
        self.events += 1;
        self.progress.end();
        Ok(Some(event))
    }

    fn wait_for_bytes(&mut self) {
        let end = (Instant::now() + self.idle.min(LONGEST)).min(self.dry);
        self.silence.as_mut().reset(end);
    }

    /// Which of the two limits it was.
    fn silent(&self) -> Error {
        if self.dry <= Instant::now() && self.drought > self.idle {
            self.attempted.without_event(self.drought)
        } else {
            self.attempted.silent(self.idle)
        }
    }

    fn take<E: Wire>(&mut self, frame: &Frame) -> Result<Taken<E>, Error> {
        match frame.data.trim() {
            "[DONE]" if E::DONE_ENDS => return Ok(Taken::End),
            // Another format's word: of an end that was seen, whatever else was.
            "[DONE]" if self.progress.is_finished() => return Ok(Taken::End),
            "[DONE]" => return self.end().map(|()| Taken::End),
            // Some servers keep the connection alive with these.
            "" if frame.event != "error" => return Ok(Taken::Nothing),
            _ => {}
        }
        let (event, mended): (E, _) = read(frame, self.attempted.context())
            .map_err(|failure| self.attempted.fail(failure))?;
        self.mended = mended;
        event.note(&mut self.progress);
        self.events += 1;
        Ok(Taken::Event(event))
    }

    /// The bytes end here: well, if the answer is complete.
    fn end(&self) -> Result<(), Error> {
        if self.progress.may_end() {
            return Ok(());
        }
        Err(self.fail(StreamErrorKind::Truncated, None))
    }

    fn broken(&self, source: reqwest::Error) -> Error {
        let source = source.without_url();
        if source.is_timeout() {
            return self.attempted.fail(Failure::Transport(source));
        }
        self.fail(StreamErrorKind::Truncated, Some(source))
    }

    fn unreadable(&self, fault: FrameError) -> Error {
        let kind = match fault {
            FrameError::TooLarge(limit) => StreamErrorKind::EventTooLarge(limit),
            FrameError::NotUtf8 => StreamErrorKind::NotUtf8,
        };
        self.fail(kind, None)
    }

    fn fail(&self, kind: StreamErrorKind, source: Option<reqwest::Error>) -> Error {
        let cause = StreamError {
            kind,
            events: self.events,
            source,
        };
        Error::Stream(Box::new(Failed::new(self.attempted.info(None), cause)))
    }
}

/// What a frame is.
enum Taken<E> {
    Event(E),
    End,
    Nothing,
}

/// A whole answer that is no event of its format.
fn not_an_event(call: CallInfo, failure: Failure) -> Error {
    match failure {
        Failure::Business(cause) => Error::Api(Box::new(Failed::new(call, *cause))),
        Failure::Status(cause) => Error::Http(Box::new(Failed::new(call, *cause))),
        Failure::Decode(cause) => Error::Decode(Box::new(Failed::new(call, *cause))),
        Failure::TooLarge { limit, .. } => {
            Error::TooLarge(Box::new(Failed::new(call, TooLargeError { limit })))
        }
        other => crate::InputError::request(call.operation, other.to_string()).into(),
    }
}

#[cfg(test)]
mod tests;

//! The events of one answer, typed by their wire format.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use aitoearn_api::{ByteStream, Failure};
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
        let call = response.call;
        match response.data {
            RelayResponse::Events(stream) => Ok(Self::from(stream)),
            RelayResponse::Json(answer) => match read_whole(answer, client.api().context()) {
                Ok(event) => Ok(Self {
                    call,
                    source: Source::Whole(event),
                }),
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
                source: Source::Over,
            },
        }
    }
}

impl<E: StreamEvent> From<Live> for EventStream<E> {
    fn from(live: Live) -> Self {
        Self {
            call: live.attempted.info(None),
            source: Source::Live(Box::new(live)),
        }
    }
}

impl<E: StreamEvent> Stream for EventStream<E> {
    type Item = Result<E, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let (item, is_over) = match &mut self.source {
            Source::Live(live) => {
                let item = ready!(live.poll_event(cx)).transpose();
                let is_over = live.progress.is_over() || !matches!(item, Some(Ok(_)));
                (item, is_over)
            }
            Source::Whole(_) | Source::Over => {
                match std::mem::replace(&mut self.source, Source::Over) {
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
    attempted: Attempted,
    pub(super) decoder: Decoder,
    /// Whether the first byte that says something has come.
    has_begun: bool,
    /// An answer that is no stream although it is called one: JSON.
    whole: Option<Vec<u8>>,
    progress: Progress,
    events: u64,
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
    pub(super) fn new(bytes: Local<ByteStream>, attempted: Attempted) -> Self {
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
        let event = event.map_err(|failure| self.attempted.fail(failure))?;
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
        let event: E = read(frame, self.attempted.context())
            .map_err(|failure| self.attempted.fail(failure))?;
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
mod tests {
    use std::sync::{Arc, atomic::Ordering};

    use aitoearn_api::Code;

    use super::*;
    use crate::stream::{
        anthropic::MessageEvent,
        gemini::GeminiChunk,
        openai::ChatChunk,
        testing::{ANTHROPIC, GEMINI, OPENAI, Timetable, all, complete_at},
    };

    const SECOND: Duration = Duration::from_secs(1);

    /// The answer, split and cut at every byte.
    async fn at_every_byte<E: StreamEvent + PartialEq + fmt::Debug>(text: &str, count: usize) {
        let bytes = text.as_bytes();
        let (expected, error) = all::<E>(Timetable::of([bytes]).events()).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(expected.len(), count);
        let (events, error) = all::<E>(Timetable::of(bytes.chunks(1)).events()).await;
        assert!(events == expected && error.is_none(), "{error:?}");
        for cut in 0..bytes.len() {
            let (head, tail) = bytes.split_at(cut);
            let (events, error) = all::<E>(Timetable::of([head, tail]).events()).await;
            assert!(events == expected && error.is_none(), "at {cut}: {error:?}");

            let (events, error) = all::<E>(Timetable::of([head]).events()).await;
            assert_eq!(events, expected[..events.len()], "cut at {cut}");
            match error {
                None => assert!(cut >= complete_at(text), "cut at {cut} and taken for whole"),
                Some(Error::Stream(error)) => {
                    assert_eq!(error.kind(), StreamErrorKind::Truncated);
                    assert_eq!(error.events(), events.len() as u64);
                    assert!(cut < complete_at(text), "complete at {cut}");
                }
                Some(error) => panic!("cut at {cut}: {error:?}"),
            }
        }
    }

    #[tokio::test]
    async fn a_split_changes_nothing_and_a_cut_is_never_an_end() {
        at_every_byte::<ChatChunk>(OPENAI, 9).await;
        at_every_byte::<MessageEvent>(ANTHROPIC, 13).await;
        at_every_byte::<GeminiChunk>(GEMINI, 4).await;
    }

    #[tokio::test]
    async fn events_are_typed_and_what_is_unknown_is_kept() {
        let (events, _) = all::<ChatChunk>(Timetable::of([OPENAI.as_bytes()]).events()).await;
        assert_eq!(events[0].extra["object"], "chat.completion.chunk");
        assert_eq!(events[7].choices[0].finish_reason.as_deref(), Some("stop"));
        assert_eq!(events[8].extra["cost"], "0.0125");
        let text = Timetable::of([ANTHROPIC.as_bytes()]);
        let (events, _) = all::<MessageEvent>(text.events()).await;
        assert_eq!(events[1], MessageEvent::Ping);
        let MessageEvent::Unknown(later) = &events[10] else {
            panic!("{:?}", events[10]);
        };
        assert_eq!(
            (&later["type"], &later["n"]),
            (&"later_kind".into(), &1.into())
        );
        let (events, _) = all::<GeminiChunk>(Timetable::of([GEMINI.as_bytes()]).events()).await;
        assert!(events[3].extra.contains_key("sdkHttpResponse"));
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_event_ends_it_even_if_the_connection_stays_open() {
        let begun = Instant::now();
        let open = |text: &str| Timetable::of([text.as_bytes()]).stays_open();
        let (events, error) = all::<ChatChunk>(open(OPENAI).events()).await;
        assert!(events.len() == 9 && error.is_none(), "{error:?}");
        let (events, error) = all::<MessageEvent>(open(ANTHROPIC).events()).await;
        assert!(events.len() == 13 && error.is_none(), "{error:?}");
        assert_eq!(begun.elapsed(), Duration::ZERO);

        // Another format's word is only the end of the bytes.
        let done = open("data: {\"type\":\"ping\"}\n\ndata: [DONE]\n\n");
        let (_, error) = all::<MessageEvent>(done.events()).await;
        assert!(matches!(error, Some(Error::Stream(_))), "{error:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn silence_ends_it_and_comments_only_keep_it_alive() {
        let begun = Instant::now();
        let text = Timetable::of(["data: {}\n\n".as_bytes()]).stays_open();
        let (_, error) = all::<ChatChunk>(text.then(3, 50 * SECOND, ":\n").events()).await;
        assert!(
            matches!(&error, Some(Error::Timeout(error)) if error.limit() == 60 * SECOND
                && error.is_inside_stream() && !error.is_without_event()),
            "{error:?}"
        );
        assert_eq!(begun.elapsed().as_secs(), 210);

        for rest in [": ping\n\n", "event: ping\n\n", "data:\n\n", ":"] {
            let begun = Instant::now();
            let text = Timetable::of(["data: {}\n\n".as_bytes()]).stays_open();
            let (events, error) = all::<ChatChunk>(text.then(900, SECOND, rest).events()).await;
            assert_eq!(events.len(), 1);
            assert!(
                matches!(&error, Some(Error::Timeout(error)) if error.limit() == 600 * SECOND
                    && error.is_inside_stream() && error.is_without_event()),
                "{error:?}"
            );
            let error = error.expect("one");
            assert!(error.to_string().contains("no event for 600s"), "{error}");
            assert!(
                error.advice().contains("Timeouts::event"),
                "{}",
                error.advice()
            );
            let waited = begun.elapsed();
            assert!(
                waited >= 600 * SECOND && waited < 602 * SECOND,
                "{rest:?} {waited:?}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_model_may_think_for_minutes_while_comments_come() {
        let begin = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n";
        let end =
            "data: {\"choices\":[{\"delta\":{\"content\":\"42\"},\"finish_reason\":\"stop\"}]}\n\n";
        let text = Timetable::of([begin.as_bytes()])
            .then(100, 5 * SECOND, ": keepalive\n\n")
            .then(1, SECOND, end);
        let (events, error) = all::<ChatChunk>(text.events()).await;
        assert!(events.len() == 2 && error.is_none(), "{error:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn events_at_intervals_below_the_limit_keep_it_alive() {
        let ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n";
        let stop = "data: {\"type\":\"message_stop\"}\n\n";
        let text = Timetable::of([])
            .then(9, 50 * SECOND, ping)
            .then(1, SECOND, stop);
        let (events, error) = all::<MessageEvent>(text.events()).await;
        assert!(events.len() == 10 && error.is_none(), "{error:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_is_no_silent_server_and_pulls_nothing_ahead() {
        let pieces = ["data: {\"choices\":[]}\n\n".as_bytes(); 5];
        let text = Timetable::of(pieces).then(1, 30 * SECOND, "data: [DONE]\n\n");
        let taken = Arc::clone(&text.taken);
        let mut stream = text.events::<ChatChunk>();
        for n in 0..5 {
            assert_eq!(taken.load(Ordering::Relaxed), n);
            assert!(matches!(stream.next().await, Some(Ok(_))));
            tokio::time::sleep(300 * SECOND).await;
        }
        assert!(stream.next().await.is_none());
    }

    #[tokio::test]
    async fn json_that_is_called_a_stream_is_an_answer_in_one_piece() {
        let answer = r#"{"choices":[{"message":{"content":"whole"},"finish_reason":"stop"}]}"#;
        for text in [answer.to_owned(), format!("\u{feff}\n {answer}\n")] {
            let pieces = text.as_bytes().chunks(7);
            let (events, error) = all::<ChatChunk>(Timetable::of(pieces).events()).await;
            assert!(error.is_none(), "{error:?}");
            let content = events[0].choices[0].delta.content.as_deref();
            assert_eq!((events.len(), content), (1, Some("whole")));
            let (head, _) = text.as_bytes().split_at(text.len() - 9);
            let (events, error) = all::<ChatChunk>(Timetable::of([head]).events()).await;
            assert!(events.is_empty());
            assert!(matches!(error, Some(Error::Stream(_))), "{error:?}");
        }
        let refusal = r#"{"code":401,"message":"Unauthorized","data":{}}"#;
        let text = Timetable::of([refusal.as_bytes()]);
        let (_, error) = all::<ChatChunk>(text.events()).await;
        assert_eq!(error.and_then(|error| error.code()), Some(Code::new(401)));
    }

    #[tokio::test]
    async fn an_error_in_the_middle_is_typed_in_whatever_form() {
        for (frame, code, words) in [
            (
                r#"data: {"error":{"message":"overloaded","type":"x"}}"#,
                None,
                "overloaded",
            ),
            (
                r#"data: {"id":"c1","choices":[],"error":{"message":"lost"}}"#,
                None,
                "lost",
            ),
            (r#"data: {"error":"plain"}"#, None, "plain"),
            (
                r#"data: {"code":401,"message":"Unauthorized","data":{}}"#,
                Some(401),
                "Unauthorized",
            ),
            (
                "event: error\ndata: upstream failed",
                None,
                "upstream failed",
            ),
            ("event: error\ndata: {\"message\":\"no\"}", None, "no"),
            ("event: error\ndata: {\"error\":null}", None, "refused"),
            ("event: error\ndata:", None, "refused"),
            (
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"busy\"}}",
                None,
                "busy",
            ),
        ] {
            let text = format!("data: {{\"choices\":[]}}\n\n{frame}\n\n{OPENAI}");
            let (events, error) = all::<ChatChunk>(Timetable::of([text.as_bytes()]).events()).await;
            let error = error.unwrap_or_else(|| panic!("no error: {frame}"));
            assert_eq!(events.len(), 1, "{frame}");
            assert_eq!(error.code(), code.map(Code::new), "{frame}");
            assert!(matches!(error, Error::Api(_) | Error::Http(_)), "{error:?}");
            assert!(error.to_string().contains(words), "{frame}: {error}");
        }
        // What Anthropic's format itself calls an error.
        let data = r#"data: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}"#;
        let text = format!("{data}\n\n");
        let (_, error) = all::<MessageEvent>(Timetable::of([text.as_bytes()]).events()).await;
        assert!(
            matches!(&error, Some(Error::Http(error))
            if error.provider_message.as_deref() == Some("busy")),
            "{error:?}"
        );
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_an_error_that_says_why() {
        for bad in [
            "data: {\"choices\":",
            "data: <html>",
            "data: []",
            "data: {\"choices\":5}",
        ] {
            let text = format!("{bad}\n\n");
            let (_, error) = all::<ChatChunk>(Timetable::of([text.as_bytes()]).events()).await;
            assert!(matches!(error, Some(Error::Decode(_))), "{bad}: {error:?}");
        }
        let text = Timetable::of(["data: {\"choices\":[{\"index\":\"x\"}]}\n\n".as_bytes()]);
        let (_, error) = all::<ChatChunk>(text.events()).await;
        assert!(error.is_some_and(|error| error.to_string().contains("choices[0].index")));

        let (_, error) = all::<ChatChunk>(Timetable::of([&b"data: \xff\n\n"[..]]).events()).await;
        assert!(
            matches!(&error, Some(Error::Stream(error)) if error.kind() == StreamErrorKind::NotUtf8),
            "{error:?}"
        );

        let mut live = Timetable::of([OPENAI.as_bytes()]).live();
        live.decoder = Decoder::new().with_limit(150);
        let (_, error) = all::<ChatChunk>(live.into()).await;
        let kind = StreamErrorKind::EventTooLarge(150);
        assert!(
            matches!(&error, Some(Error::Stream(error)) if error.kind() == kind),
            "{error:?}"
        );
    }

    #[tokio::test]
    async fn an_answer_of_several_is_whole_once_all_of_them_are() {
        let one =
            r#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"},{"index":1}]}"#;
        let two = r#"data: {"choices":[{"index":1,"finish_reason":"length"},{"index":0}]}"#;
        let text = format!("{one}\n\n");
        let (_, error) = all::<ChatChunk>(Timetable::of([text.as_bytes()]).events()).await;
        assert!(matches!(error, Some(Error::Stream(_))), "{error:?}");
        let text = format!("{one}\n\n{two}\n\n");
        let (_, error) = all::<ChatChunk>(Timetable::of([text.as_bytes()]).events()).await;
        assert!(error.is_none(), "{error:?}");

        let blocked = "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}\n\n";
        let (_, error) = all::<GeminiChunk>(Timetable::of([blocked.as_bytes()]).events()).await;
        assert!(error.is_none(), "{error:?}");
    }
}

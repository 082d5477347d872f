//! What a relay answers: JSON or an event stream, in a model provider's format.

use std::{
    fmt,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::Duration,
};

use aitoearn_api::{__private::Pieces, ByteStream, Failure, decode_plain, open_plain, open_stream};
use bytes::Bytes;
use futures_core::Stream;
use serde_json::Value;

use crate::{
    Response,
    call::Call,
    clock::{Instant, Sleep, sleep},
    error::{Attempted, CallInfo, Error},
    local::{Local, local},
};

/// What a relay answers, in the model provider's own format.
///
/// The service decides which of the two it is, not the request: some operations
/// stream without being asked to.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// use aitoearn::resources::RelayResponse;
///
/// match client.relay().messages("the model's name").user("Hello!").await? {
///     RelayResponse::Json(answer) => println!("{}", answer["content"][0]["text"]),
///     RelayResponse::Events(mut stream) => {
///         while let Some(bytes) = stream.next_chunk().await? {
///             print!("{}", String::from_utf8_lossy(&bytes));
///         }
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub enum RelayResponse {
    /// The whole answer.
    Json(Value),
    /// An event stream that has begun: `text/event-stream`, or a body that begins like one.
    Events(RelayStream),
}

impl RelayResponse {
    /// The whole answer; `None` if it is an event stream.
    pub fn into_json(self) -> Option<Value> {
        match self {
            Self::Json(answer) => Some(answer),
            Self::Events(_) => None,
        }
    }

    /// The event stream; `None` if the answer came whole.
    pub fn into_events(self) -> Option<RelayStream> {
        match self {
            Self::Json(_) => None,
            Self::Events(stream) => Some(stream),
        }
    }

    /// Ends an attempt at a relay: the answer, or which of the many forms of
    /// error it is.
    ///
    /// The attempt's limit holds until the answer is known: for JSON to its last
    /// byte, for an event stream to its head.
    pub(crate) async fn of(
        call: &dyn Call<ByteStream>,
        attempted: Box<Attempted>,
    ) -> Result<Response<Self>, Error> {
        let body = attempted.in_time(pin!(body(call, &attempted))).await?;
        let response = attempted.response((), String::new(), None);
        Ok(response.map(|()| match body {
            Body::Json(answer) => Self::Json(answer),
            Body::Events(bytes) => Self::Events(RelayStream::new(local(bytes), attempted)),
        }))
    }
}

enum Body {
    Json(Value),
    Events(ByteStream),
}

async fn body(call: &dyn Call<ByteStream>, attempted: &Attempted) -> Result<Body, Failure> {
    let context = attempted.context();
    let reply = call.call(&attempted.api).await;
    let bytes = open_stream(reply, context).await?.into_inner();
    let head = context.head().and_then(|head| head.content_type);
    if head.as_deref() == Some("text/event-stream") {
        return Ok(Body::Events(bytes));
    }
    let mut bytes = bytes.into_inner();
    let mut pieces = Pieces::default();
    let mut start = Vec::new();
    let mut is_undecided = true;
    while let Some(chunk) = std::future::poll_fn(|cx| bytes.as_mut().poll_next(cx)).await {
        match chunk {
            Ok(chunk) => {
                if is_undecided {
                    start.extend_from_slice(&chunk[..chunk.len().min(BEGIN)]);
                }
                pieces.push(chunk);
                // Some gateways send events under another content type, or under none.
                if is_undecided {
                    match begins_events(&start) {
                        Some(true) => return Ok(Body::Events(after(pieces.join(), bytes))),
                        decided => is_undecided = decided.is_none() && start.len() < BEGIN,
                    }
                }
            }
            // The low level knows what a body that breaks off or is too large looks like.
            Err(error) => {
                let broken = Err(aitoearn_api::Error::ResponseBodyError(error));
                return open_plain::<Value>(broken, context)
                    .await
                    .map(|answer| Body::Json(answer.into_inner()));
            }
        }
    }
    decode_plain(&pieces.join(), context).map(Body::Json)
}

/// So many bytes of white space may be before the first word of a body.
const BEGIN: usize = 1024;

/// Whether a body begins as event streams do and JSON does not; `None` while it is too short.
fn begins_events(body: &[u8]) -> Option<bool> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let body = body.trim_ascii_start();
    let fields: [&[u8]; 5] = [b":", b"data:", b"event:", b"id:", b"retry:"];
    if fields.iter().any(|field| body.starts_with(field)) {
        return Some(true);
    }
    let may_become = body.is_empty() || fields.iter().any(|field| field.starts_with(body));
    (!may_become).then_some(false)
}

type Bodily = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>;

/// These bytes, and then the rest.
fn after(first: Bytes, rest: Bodily) -> ByteStream {
    struct After(Option<Bytes>, Bodily);

    impl Stream for After {
        type Item = reqwest::Result<Bytes>;

        fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            match self.0.take() {
                Some(first) => Poll::Ready(Some(Ok(first))),
                None => self.1.as_mut().poll_next(cx),
            }
        }
    }

    ByteStream::new(Box::pin(After(Some(first), rest)))
}

/// The bytes of an event stream as they arrive. Dropping it ends the request.
///
/// [`EventStream`](crate::stream::EventStream) makes typed events of it.
///
/// A stream has no limit as a whole, but one on silence:
/// [`Timeouts::idle`](crate::Timeouts::idle). It ends where the connection does;
/// whether that is the end that the format prescribes is for its reader to see.
pub struct RelayStream {
    /// `None` once it has ended, well or badly.
    bytes: Option<Local<ByteStream>>,
    call: CallInfo,
    attempted: Box<Attempted>,
    idle: Duration,
    silence: Pin<Box<Sleep>>,
}

impl RelayStream {
    fn new(bytes: Local<ByteStream>, attempted: Box<Attempted>) -> Self {
        let idle = attempted.client.timeouts().idle;
        Self {
            bytes: Some(bytes),
            call: attempted.info(None),
            attempted,
            idle,
            silence: Box::pin(sleep(idle)),
        }
    }

    /// What is left of it, for those who read it otherwise; `None` once it has ended.
    pub(crate) fn into_parts(self) -> Option<(Local<ByteStream>, Box<Attempted>)> {
        Some((self.bytes?, self.attempted))
    }

    /// The call that this answers: its request id, HTTP status and attempts.
    pub fn call(&self) -> &CallInfo {
        &self.call
    }

    /// The next bytes, cut wherever the network cut them; `None` at the end.
    ///
    /// May be dropped and called again without losing anything.
    ///
    /// # Errors
    ///
    /// [`Error::Transport`] if the connection breaks, [`Error::Timeout`] after too
    /// long a silence. Then the stream is at its end.
    pub async fn next_chunk(&mut self) -> Result<Option<Bytes>, Error> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx))
            .await
            .transpose()
    }

    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<Error> {
        ready!(self.silence.as_mut().poll(cx));
        Poll::Ready(self.attempted.silent(self.idle))
    }
}

impl Stream for RelayStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(bytes) = &mut this.bytes else {
            return Poll::Ready(None);
        };
        let error = match bytes.as_mut().poll_next(cx) {
            Poll::Ready(Some(Ok(chunk))) => {
                this.silence.as_mut().reset(Instant::now() + this.idle);
                return Poll::Ready(Some(Ok(chunk)));
            }
            Poll::Ready(None) => None,
            Poll::Ready(Some(Err(source))) => {
                let request_id = None;
                let failure = Failure::Truncated { source, request_id };
                Some(this.attempted.fail(failure))
            }
            Poll::Pending => Some(ready!(this.poll_silence(cx))),
        };
        this.bytes = None;
        // The connection is free for another call, whoever still holds the stream.
        drop(this.attempted.room.take());
        Poll::Ready(error.map(Err))
    }
}

impl fmt::Debug for RelayStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelayStream")
            .field("call", &self.call)
            .field("ended", &self.bytes.is_none())
            .finish_non_exhaustive()
    }
}

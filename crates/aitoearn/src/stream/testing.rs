//! Streams for unit tests: one answer in each format, and bytes on a timetable.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use aitoearn_api::{ByteStream, Context as Options, operations};
use bytes::Bytes;
use futures_core::Stream;
use tokio::time::{Sleep, sleep};

use super::{EventStream, StreamEvent, events::Live};
use crate::{
    Client,
    error::{Attempted, Error},
};

pub(super) const OPENAI: &str = concat!(
    ": welcome\n\n",
    r#"data: {"id":"c1","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}"#,
    "\n\n",
    r#"data: {"id":"c1","choices":[{"index":0,"delta":{"reasoning_content":"Hm."},"finish_reason":null}]}"#,
    "\n\n",
    r#"data: {"id":"c1","choices":[{"index":0,"delta":{"content":"Grüße, "}}]}"#,
    "\n\n: ping\n\n",
    r#"data: {"id":"c1","choices":[{"index":0,"delta":{"content":"世界 👋"}}]}"#,
    "\n\n",
    r#"data: {"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"look","arguments":""}}]}}]}"#,
    "\n\n",
    r#"data: {"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}]}}]}"#,
    "\n\n",
    r#"data: {"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}}]}"#,
    "\n\n",
    r#"data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
    "\n\n",
    r#"data: {"id":"c1","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":7,"total_tokens":16},"cost":"0.0125"}"#,
    "\n\ndata: [DONE]\n\n",
);

pub(super) const ANTHROPIC: &str = concat!(
    "event: message_start\r\n",
    r#"data: {"type":"message_start","message":{"id":"m1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":9,"output_tokens":0}}}"#,
    "\r\n\r\nevent: ping\r\ndata: {\"type\": \"ping\"}\r\n\r\n",
    "event: content_block_start\r\n",
    r#"data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
    "\r\n\r\nevent: content_block_delta\r\n",
    r#"data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Grüße, "}}"#,
    "\r\n\r\nevent: content_block_delta\r\n",
    r#"data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"世界 👋"}}"#,
    "\r\n\r\nevent: content_block_stop\r\n",
    r#"data: {"type":"content_block_stop","index":0}"#,
    "\r\n\r\nevent: content_block_start\r\n",
    r#"data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t1","name":"look","input":{}}}"#,
    "\r\n\r\nevent: content_block_delta\r\n",
    r#"data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}"#,
    "\r\n\r\nevent: content_block_delta\r\n",
    r#"data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"1}"}}"#,
    "\r\n\r\nevent: content_block_stop\r\n",
    r#"data: {"type":"content_block_stop","index":1}"#,
    "\r\n\r\nevent: later_kind\r\n",
    r#"data: {"type":"later_kind","n":1}"#,
    "\r\n\r\nevent: message_delta\r\n",
    r#"data: {"type":"message_delta","delta":{"stop_reason":"stop","stop_sequence":null},"usage":{"input_tokens":9,"cache_read_input_tokens":0,"output_tokens":7}}"#,
    "\r\n\r\nevent: message_stop\r\n",
    r#"data: {"type":"message_stop"}"#,
    "\r\n\r\n",
);

pub(super) const GEMINI: &str = concat!(
    "\u{feff}",
    r#"data: {"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"Hm.","thought":true}]}}],"modelVersion":"m"}"#,
    "\n\n",
    r#"data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Grüße, "}]}}],"modelVersion":"m"}"#,
    "\n\n",
    r#"data: {"candidates":[{"content":{"parts":[{"text":"世界 👋"},{"functionCall":{"id":"t1","name":"look","args":{"a":1}}}]}}]}"#,
    "\n\n",
    r#"data: {"candidates":[{"content":null,"finishReason":"stop"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":4,"thoughtsTokenCount":3,"totalTokenCount":16},"sdkHttpResponse":{"headers":{}}}"#,
    "\n\n",
);

/// Where each of the answers above is complete, so that its bytes may end.
pub(super) fn complete_at(text: &str) -> usize {
    let last = match text.find("\"finish_reason\":\"stop\"") {
        Some(finish) => finish,
        None => text.len() - 5,
    };
    let blank = text[last..].find("\n\n").map(|at| last + at + 2);
    // A CRLF is complete with its CR.
    blank.unwrap_or(text.len() - 1)
}

/// Making one reads the system's certificates: too slow for each of thousands.
static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let builder = Client::builder().base_url("http://localhost");
    builder.api_key("k-0123456789").build().expect("fine")
});

/// What comes when, and whether the connection then closes or stays open.
pub(super) struct Timetable {
    chunks: VecDeque<(Duration, Bytes)>,
    stays_open: bool,
    wait: Option<Pin<Box<Sleep>>>,
    pub(super) taken: Arc<AtomicUsize>,
}

impl Timetable {
    /// These pieces at once, and the end after them.
    pub(super) fn of<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Self {
        Self {
            chunks: pieces
                .into_iter()
                .map(|piece| (Duration::ZERO, Bytes::copy_from_slice(piece)))
                .collect(),
            stays_open: false,
            wait: None,
            taken: Arc::default(),
        }
    }

    pub(super) fn stays_open(mut self) -> Self {
        self.stays_open = true;
        self
    }

    /// Then this piece, `count` times, each after this pause.
    pub(super) fn then(mut self, count: usize, pause: Duration, piece: &'static str) -> Self {
        let piece = (pause, Bytes::from_static(piece.as_bytes()));
        self.chunks.extend(std::iter::repeat_n(piece, count));
        self
    }

    pub(super) fn live(self) -> Live {
        let client = CLIENT.clone();
        self.live_with(&client, client.api().context().for_call())
    }

    /// For a client that wants no event mended.
    pub(super) fn strict(self) -> Live {
        let client = CLIENT.clone();
        let mut context = client.api().context().for_call();
        context.mend = false;
        self.live_with(&client, context)
    }

    fn live_with(self, client: &Client, context: Options) -> Live {
        let api = client.api().with_context(context);
        let operation = &operations::RELAY_MESSAGES;
        let attempted = Box::new(Attempted {
            api,
            operation,
            client: client.clone(),
            number: 1,
            limit: Duration::from_secs(120),
            room: None,
        });
        Live::new(ByteStream::new(Box::pin(self)), attempted)
    }

    pub(super) fn events<E: StreamEvent>(self) -> EventStream<E> {
        self.live().into()
    }
}

impl Stream for Timetable {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some((pause, _)) = self.chunks.front() else {
            if self.stays_open {
                return Poll::Pending;
            }
            return Poll::Ready(None);
        };
        if !pause.is_zero() {
            let pause = *pause;
            let wait = self.wait.get_or_insert_with(|| Box::pin(sleep(pause)));
            std::task::ready!(wait.as_mut().poll(cx));
            self.wait = None;
        }
        self.taken.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(self.chunks.pop_front().map(|(_, chunk)| Ok(chunk)))
    }
}

/// Everything up to the end, and the error there if it is one.
pub(super) async fn all<E: StreamEvent>(mut stream: EventStream<E>) -> (Vec<E>, Option<Error>) {
    let mut events = Vec::new();
    while let Some(event) = stream.next().await {
        match event {
            Ok(event) => events.push(event),
            Err(error) => {
                assert!(stream.next().await.is_none(), "something follows {error:?}");
                return (events, Some(error));
            }
        }
    }
    assert!(stream.next().await.is_none(), "something follows the end");
    (events, None)
}

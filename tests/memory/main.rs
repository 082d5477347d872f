//! No answer takes more than four times the memory of its limit: values that are small to write and
//! large to hold, at every place where an answer has room for them.
//!
//! A binary of its own, because it counts the memory of this thread, on which all of the client runs.
//! The limit is a small one, so that it is quick: what counts is the factor.

#![allow(clippy::cast_precision_loss, reason = "a factor needs no more")]

mod shapes;

use std::{
    collections::BTreeMap,
    io::Write as _,
    sync::{Arc, Mutex},
    time::Duration,
};

use aitoearn::stream::{EventStream, StreamEvent};
use aitoearn::{Client, Error, Method, RetryPolicy, types::Platform};
use aitoearn_mock::{Act, RawServer};
use aitoearn_tests::tell;
use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use tokio::runtime::Runtime;

use shapes::SHAPES;

const LIMIT: usize = 1 << 20;

/// Not every shape is tried at every place, which would take minutes.
const STEP: usize = 11;

/// The promise, as a multiple of the limit.
const FACTOR: f64 = 4.0;

/// How an answer is read.
#[derive(Clone, Copy)]
enum Reader {
    /// A list of accounts.
    List,
    /// A session that was started, an effect.
    Started,
    /// Any JSON.
    Any,
    /// A relay's JSON.
    Relay,
    Chat,
    Messages,
    Gemini,
}

/// A place for a value in an answer: what is before it, what is behind it, and who reads it.
struct Place {
    name: &'static str,
    before: &'static str,
    behind: &'static str,
    reader: Reader,
}

const fn place(
    name: &'static str,
    reader: Reader,
    before: &'static str,
    behind: &'static str,
) -> Place {
    Place {
        name,
        before,
        behind,
        reader,
    }
}

const PLACES: &[Place] = &[
    place(
        "data",
        Reader::Started,
        "{\"data\":",
        ",\"code\":0,\"message\":\"m\"}",
    ),
    place(
        "a list",
        Reader::List,
        "{\"data\":{\"total\":0,\"list\":",
        "},\"code\":0,\"message\":\"m\"}",
    ),
    place(
        "a field of tomorrow",
        Reader::List,
        "{\"new\":",
        ",\"data\":{\"total\":0,\"list\":[]},\"code\":0,\"message\":\"m\"}",
    ),
    place(
        "any data",
        Reader::Any,
        "{\"data\":",
        ",\"code\":0,\"message\":\"m\"}",
    ),
    place(
        "the message",
        Reader::Any,
        "{\"data\":0,\"code\":0,\"message\":",
        "}",
    ),
    place(
        "the request id",
        Reader::Any,
        "{\"data\":0,\"code\":0,\"message\":\"m\",\"requestId\":",
        "}",
    ),
    place(
        "an error's details",
        Reader::List,
        "{\"code\":15001,\"message\":\"m\",\"data\":",
        "}",
    ),
    place(
        "an error's issues",
        Reader::List,
        "{\"code\":15001,\"message\":\"m\",\"data\":{\"issues\":",
        "}}",
    ),
    place(
        "an error's message",
        Reader::Any,
        "{\"code\":15001,\"data\":{},\"message\":",
        "}",
    ),
    place(
        "an error's request id",
        Reader::Any,
        "{\"code\":15001,\"data\":{},\"requestId\":",
        "}",
    ),
    place("a relay's answer", Reader::Relay, "", ""),
    place("a provider's error", Reader::Relay, "{\"error\":", "}"),
    place(
        "a provider's message",
        Reader::Relay,
        "{\"error\":{\"message\":",
        "}}",
    ),
    place(
        "a whole answer as an event",
        Reader::Chat,
        "{\"choices\":",
        "}",
    ),
    place(
        "choices of an event",
        Reader::Chat,
        "data: {\"choices\":",
        "}\n\n",
    ),
    place(
        "more of an event",
        Reader::Chat,
        "data: {\"choices\":[],\"new\":",
        "}\n\n",
    ),
    place(
        "content of a message",
        Reader::Messages,
        "data: {\"type\":\"message_start\",\"message\":{\"content\":",
        "}}\n\n",
    ),
    place(
        "an unknown event",
        Reader::Messages,
        "data: {\"type\":\"new\",\"new\":",
        "}\n\n",
    ),
    place(
        "candidates of an event",
        Reader::Gemini,
        "data: {\"candidates\":",
        "}\n\n",
    ),
    place("an event of no kind", Reader::Gemini, "data: ", "\n\n"),
    place(
        "an error event",
        Reader::Chat,
        "event: error\ndata: {\"error\":{\"message\":",
        "}}\n\n",
    ),
    place(
        "a refusal as an event",
        Reader::Chat,
        "data: {\"code\":401,\"message\":\"m\",\"data\":",
        "}\n\n",
    ),
];

#[test]
fn no_answer_takes_more_than_four_times_its_limit() {
    let bench = Bench::start();
    let mut worst = BTreeMap::new();
    for (number, shape) in SHAPES.iter().enumerate() {
        let mut row = (0.0, "");
        let places = |part: usize| PLACES.iter().skip((number + part) % STEP).step_by(STEP);
        // All of them are within the limit. The largest are mostly refused for their values, the
        // smallest are mostly read, and those in between take the most.
        let sizes = [LIMIT - 200, LIMIT / 2, LIMIT / 4, LIMIT / 16, LIMIT / 64];
        let tries = sizes.iter().enumerate();
        for (size, place) in tries.flat_map(|(part, size)| places(part).map(move |it| (size, it))) {
            let value = (shape.make)(*size);
            let body = [place.before, &value, place.behind].concat();
            let is_stream = place.before.starts_with("data:") || place.before.starts_with("event:");
            let act = if is_stream {
                Act::events([body], Duration::ZERO)
            } else {
                Act::json(body)
            };
            let factor = bench.measure(act, place.reader);
            if factor > row.0 {
                row = (factor, place.name);
            }
        }
        worst.insert(shape.name, row);
    }
    judge(&worst);
}

/// What is not a matter of values.
#[test]
fn no_way_to_send_takes_more_than_four_times_the_limit() {
    let bench = Bench::start();
    let list = |item: &str| {
        format!(
            "{{\"code\":15001,\"message\":\"m\",\"data\":[{}]}}",
            [item].repeat(LIMIT / (item.len() + 1) - 50).join(",")
        )
    };
    let id = |size: usize| format!("id: {}\n", "7".repeat(size));
    let events = |text: String, times: u64| Act::events([text], Duration::ZERO).repeated(times);
    let cases = [
        ("gzip", packed(&list("{\"\":0}")), Reader::List),
        (
            "gzip, of a relay",
            packed(&format!("[{}]", ["0"].repeat(LIMIT / 2 - 10).join(","))),
            Reader::Relay,
        ),
        ("gzip, a bomb", packed(&"0".repeat(6 * LIMIT)), Reader::List),
        ("bytes by themselves", single_bytes(LIMIT / 4), Reader::List),
        (
            "bytes by themselves, of a relay",
            single_bytes(LIMIT / 4),
            Reader::Relay,
        ),
        (
            "more than the limit",
            Act::json(" ".repeat(LIMIT)).repeated(3).until_close(),
            Reader::List,
        ),
        (
            "an endless error page",
            Act::answer(502, "x".repeat(LIMIT))
                .repeated(3)
                .until_close(),
            Reader::List,
        ),
        (
            "a long id and empty events",
            events(id(LIMIT - 100) + &"data\n\n".repeat(1000), 1),
            Reader::Chat,
        ),
        (
            "a middling id and empty events",
            events(id(LIMIT / 4) + &"data\n\n".repeat(10_000), 1),
            Reader::Chat,
        ),
        (
            "ids again and again",
            events(format!("{}data: {{}}\n\n", id(4000)), 3000),
            Reader::Chat,
        ),
        (
            "short events",
            events("data: {}\n\n".repeat(10_000), 10),
            Reader::Chat,
        ),
        (
            "short lines",
            events("data:1\n".repeat(100_000), 10),
            Reader::Chat,
        ),
        (
            "a comment without an end",
            events(format!(":{}", "x".repeat(LIMIT / 4)), 20),
            Reader::Chat,
        ),
        (
            "a name without an end",
            events(format!("event:{}\n", "x".repeat(LIMIT - 100)), 3),
            Reader::Chat,
        ),
        (
            "comments",
            events(format!(":{}\n", "x".repeat(1000)), 10_000),
            Reader::Chat,
        ),
        ("answers without number", events(choices(), 1), Reader::Chat),
    ];
    let mut worst = BTreeMap::new();
    for (name, act, reader) in cases {
        worst.insert(name, (bench.measure(act, reader), ""));
    }
    judge(&worst);
}

/// A thousand answers to one question, and then as many others.
fn choices() -> String {
    let one = |n: u32| format!("data: {{\"choices\":[{{\"index\":{n}}}]}}\n\n");
    (0..60_000).map(one).collect()
}

fn packed(body: &str) -> Act {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body.as_bytes()).expect("into memory");
    Act::json(encoder.finish().expect("into memory")).header("content-encoding", "gzip")
}

/// Each byte in a chunk of its own.
fn single_bytes(count: usize) -> Act {
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let quote = "1\r\n\"\r\n";
    let bytes = "1\r\nx\r\n".repeat(count);
    Act::raw([head, quote, &bytes, quote, "0\r\n\r\n"].concat())
}

/// A client and a server that answers what it is asked to.
struct Bench {
    runtime: Runtime,
    client: Client,
    act: Arc<Mutex<Act>>,
    _server: RawServer,
    /// What it runs on, whose memory is not counted.
    _elsewhere: Runtime,
}

impl Bench {
    fn start() -> Self {
        let small = Act::json("{\"data\":{\"total\":0,\"list\":[]},\"code\":0,\"message\":\"m\"}");
        let act = Arc::new(Mutex::new(small));
        let played = Arc::clone(&act);
        let mut elsewhere = tokio::runtime::Builder::new_multi_thread();
        let elsewhere = elsewhere.worker_threads(1).enable_all().build();
        let elsewhere = elsewhere.expect("a runtime");
        let entered = elsewhere.enter();
        let server = RawServer::choose(move |_, _| played.lock().expect("no panic").clone());
        let server = server.expect("loopback");
        drop(entered);
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().expect("a runtime");
        let client = Client::builder()
            .base_url(server.base_url())
            .api_key("k-0123456789");
        let client = client.body_limit(LIMIT as u64).retry(RetryPolicy::none());
        let client = client.build().expect("fine");
        // What a client holds that has made a call does not count.
        runtime.block_on(read(&client, Reader::List));
        Self {
            runtime,
            client,
            act,
            _server: server,
            _elsewhere: elsewhere,
        }
    }

    /// The most memory while an answer is read and shown, over the limit.
    fn measure(&self, act: Act, reader: Reader) -> f64 {
        *self.act.lock().expect("no panic") = act;
        let run = || self.runtime.block_on(read(&self.client, reader));
        allocation_counter::measure(run).bytes_max as f64 / LIMIT as f64
    }
}

async fn read(client: &Client, reader: Reader) {
    let relay = client.relay();
    match reader {
        Reader::List => shown(client.accounts().list().await),
        Reader::Started => shown(client.auth().start(Platform::Tiktok).await),
        Reader::Any => shown(
            client
                .request(Method::Get, "/api/any")
                .send_with_meta::<Value>()
                .await,
        ),
        Reader::Relay => shown(relay.messages("m").user("hi").await),
        Reader::Chat => drain(relay.chat_completions("m").user("hi").events().await).await,
        Reader::Messages => drain(relay.messages("m").user("hi").events().await).await,
        Reader::Gemini => drain(relay.gemini_stream("m").user("hi").events().await).await,
    }
}

fn shown<T>(answer: Result<T, Error>) {
    if let Err(error) = answer {
        assert!(format!("{error} {error:?}").len() < 10_000);
    }
}

async fn drain<E: StreamEvent>(stream: Result<EventStream<E>, Error>) {
    match stream {
        Ok(mut stream) => {
            while let Some(event) = stream.next().await {
                shown(event);
            }
        }
        Err(error) => shown::<()>(Err(error)),
    }
}

fn judge(worst: &BTreeMap<&str, (f64, &str)>) {
    for (name, (factor, place)) in worst {
        tell(format_args!(
            "memory: {factor:4.2} times the limit: {name} {place}"
        ));
    }
    let over: Vec<_> = worst
        .iter()
        .filter(|(_, (factor, _))| *factor > FACTOR)
        .collect();
    assert!(over.is_empty(), "{over:?}");
}

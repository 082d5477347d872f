//! Every way to write the key, at every place of an answer whose text is kept.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use aitoearn::{Client, Error, Method, RetryPolicy};
use aitoearn_tests::server::{Act, Server};
use aitoearn_tests::tell;
use serde_json::Value;

/// It has every kind of character that one way or another writes differently, and `mask` would not
/// take it for a token.
const KEY: &str = "ak.Lantern/over_the-Harbour";

/// A way to write it.
struct Disguise {
    name: &'static str,
    write: fn(&str) -> String,
    /// Whether it can be a host, a header, a text between quotes of JSON.
    kinds: &'static [Kind],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Host,
    Header,
    Json,
}

const ALL: &[Kind] = &[Kind::Host, Kind::Header, Kind::Json];
const TEXT: &[Kind] = &[Kind::Header, Kind::Json];
const JSON: &[Kind] = &[Kind::Json];

const DISGUISES: &[Disguise] = &[
    Disguise {
        name: "as it is",
        write: str::to_owned,
        kinds: ALL,
    },
    Disguise {
        name: "capitals",
        write: str::to_uppercase,
        kinds: ALL,
    },
    Disguise {
        name: "small letters",
        write: str::to_lowercase,
        kinds: ALL,
    },
    Disguise {
        name: "PHP's slash",
        write: |key| key.replace('/', "\\/"),
        kinds: JSON,
    },
    Disguise {
        name: "one JSON escape",
        write: |key| key.replace('L', "\\u004c"),
        kinds: JSON,
    },
    Disguise {
        name: "JSON escapes",
        write: |key| each(key, |c| format!("\\u{:04x}", u32::from(c))),
        kinds: JSON,
    },
    Disguise {
        name: "JSON escapes in capitals",
        write: |key| each(key, |c| format!("\\u{:04X}", u32::from(c))),
        kinds: JSON,
    },
    Disguise {
        name: "one percent sign",
        write: |key| key.replace('L', "%4c"),
        kinds: ALL,
    },
    Disguise {
        name: "percent signs",
        write: |key| each(key, |c| format!("%{:02X}", u32::from(c))),
        kinds: ALL,
    },
    Disguise {
        name: "percent signs twice",
        write: |key| each(key, |c| format!("%25{:02x}", u32::from(c))),
        kinds: TEXT,
    },
    Disguise {
        name: "percent signs as JSON escapes",
        write: |key| each(key, |c| format!("\\u0025{:02x}", u32::from(c))),
        kinds: JSON,
    },
    Disguise {
        name: "tabs",
        write: |key| each(key, |c| format!("{c}\t")),
        kinds: &[Kind::Host, Kind::Header],
    },
    Disguise {
        name: "tabs and line breaks as JSON escapes",
        write: |key| each(key, |c| format!("{c}\\t\\r\\n")),
        kinds: JSON,
    },
    Disguise {
        name: "full-width letters",
        write: |key| each(key, |c| wide(c).to_string()),
        kinds: JSON,
    },
    Disguise {
        name: "full-width letters as JSON escapes",
        write: |key| each(key, |c| format!("\\u{:04x}", u32::from(wide(c)))),
        kinds: JSON,
    },
    Disguise {
        name: "full-width letters with percent signs",
        write: |key| {
            each(key, |c| {
                let wide = wide(c).to_string();
                wide.bytes().fold(String::new(), |mut text, byte| {
                    let _ = write!(text, "%{byte:02x}");
                    text
                })
            })
        },
        kinds: ALL,
    },
    Disguise {
        name: "nothing in between",
        write: |key| each(key, |c| format!("{c}\u{200b}\u{ad}\u{2060}")),
        kinds: JSON,
    },
    Disguise {
        name: "references of HTML",
        write: |key| each(key, |c| format!("&#x{:x};", u32::from(c))),
        kinds: TEXT,
    },
    Disguise {
        name: "numbers of HTML",
        write: |key| each(key, |c| format!("&#{};", u32::from(c))),
        kinds: TEXT,
    },
    Disguise {
        name: "a letter that is small as another",
        write: |key| key.replace('k', "\u{212a}"),
        kinds: JSON,
    },
];

fn each(key: &str, write: impl Fn(char) -> String) -> String {
    key.chars().map(write).collect()
}

fn wide(c: char) -> char {
    char::from_u32(u32::from(c) + 0xfee0).expect("ASCII")
}

/// A place for it in an answer.
struct Place {
    name: &'static str,
    kind: Kind,
    answer: fn(&str) -> Act,
}

fn json(body: &str) -> Act {
    Act::json(body)
}

fn event(data: &str) -> Act {
    Act::answer(200, "content-type: text/event-stream\r\n", data)
}

const PLACES: &[Place] = &[
    Place {
        name: "the message of a refusal",
        kind: Kind::Json,
        answer: |key| {
            json(&format!(
                r#"{{"code":15001,"message":"no {key}.","data":{{}}}}"#
            ))
        },
    },
    Place {
        name: "the request id of a refusal",
        kind: Kind::Json,
        answer: |key| json(&format!(r#"{{"code":15001,"requestId":"{key}"}}"#)),
    },
    Place {
        name: "a detail of a refusal",
        kind: Kind::Json,
        answer: |key| json(&format!(r#"{{"code":15001,"data":{{"said":["{key}"]}}}}"#)),
    },
    Place {
        name: "the name of a detail",
        kind: Kind::Json,
        answer: |key| {
            json(&format!(
                r#"{{"code":15001,"data":{{"{key}":{{"{key}":1}}}}}}"#
            ))
        },
    },
    Place {
        name: "an issue of a content",
        kind: Kind::Json,
        answer: |key| {
            json(&format!(
                r#"{{"code":15051,"data":{{"accountId":"{key}","issues":[{{"code":"{key}","path":["{key}"],"message":"{key}"}}]}}}}"#
            ))
        },
    },
    Place {
        name: "the request id of a success",
        kind: Kind::Json,
        answer: |key| {
            json(&format!(
                r#"{{"data":null,"code":0,"message":"{key}","requestId":"{key}"}}"#
            ))
        },
    },
    Place {
        name: "a text in place of data",
        kind: Kind::Json,
        answer: |key| json(&format!(r#"{{"data":"{key}","code":0,"message":"m"}}"#)),
    },
    Place {
        name: "a key in place of data",
        kind: Kind::Json,
        answer: |key| {
            json(&format!(
                r#"{{"data":{{"list":[{{"{key}":"{key}"}}]}},"code":0,"message":"m","requestId":"{key}"}}"#
            ))
        },
    },
    Place {
        name: "broken JSON",
        kind: Kind::Json,
        answer: |key| json(&format!(r#"{{"data":{{"{key}":"{key}", {key}"#)),
    },
    Place {
        name: "a page",
        kind: Kind::Json,
        answer: |key| Act::answer(200, "content-type: text/html\r\n", &format!("<p>{key}")),
    },
    Place {
        name: "a page of a proxy",
        kind: Kind::Json,
        answer: |key| Act::answer(502, "content-type: text/html\r\n", &format!("<p>{key}")),
    },
    Place {
        name: "a provider's message",
        kind: Kind::Json,
        answer: |key| json(&format!(r#"{{"error":{{"message":"no {key}"}}}}"#)),
    },
    Place {
        name: "a provider's error of another form",
        kind: Kind::Json,
        answer: |key| Act::answer(400, "", &format!(r#"{{"error":{{"said":"{key}"}}}}"#)),
    },
    Place {
        name: "an error event",
        kind: Kind::Json,
        answer: |key| {
            event(&format!(
                "event: error\ndata: {{\"message\":\"{key}\"}}\n\n"
            ))
        },
    },
    Place {
        name: "an error event that is no JSON",
        kind: Kind::Json,
        answer: |key| {
            event(&format!(
                "event: error\ndata: {}\n\n",
                key.replace(['\r', '\n'], "")
            ))
        },
    },
    Place {
        name: "a refusal as an event",
        kind: Kind::Json,
        answer: |key| event(&format!("data: {{\"code\":401,\"message\":\"{key}\"}}\n\n")),
    },
    Place {
        name: "an event of another shape",
        kind: Kind::Json,
        answer: |key| event(&format!("data: {{\"choices\":\"{key}\",\"{key}\":1}}\n\n")),
    },
    Place {
        name: "the header of the request id",
        kind: Kind::Header,
        answer: |key| Act::answer(500, &format!("x-request-id: {key}\r\n"), "x"),
    },
    Place {
        name: "the header of the request id of a success",
        kind: Kind::Header,
        answer: |key| {
            let head = format!("x-request-id: {key}\r\n");
            Act::answer(200, &head, r#"{"data":null,"code":0,"message":"m"}"#)
        },
    },
    Place {
        name: "the type of the content",
        kind: Kind::Header,
        answer: |key| Act::answer(200, &format!("content-type: text/{key}\r\n"), "x"),
    },
    Place {
        name: "the encoding of the content",
        kind: Kind::Header,
        answer: |key| Act::answer(200, &format!("content-encoding: {key}\r\n"), "\u{1}"),
    },
    Place {
        name: "the host of a redirect",
        kind: Kind::Host,
        answer: |key| {
            let host = key
                .replace(['/', '\u{ff0f}'], "")
                .replace("%2F", "")
                .replace("%ef%bc%8f", "");
            Act::answer(302, &format!("location: https://{host}.example/\r\n"), "")
        },
    },
    Place {
        name: "the path of a redirect",
        kind: Kind::Host,
        answer: |key| {
            Act::answer(
                302,
                &format!("location: https://x.example/{key}?{key}#{key}\r\n"),
                "",
            )
        },
    },
    Place {
        name: "the user of a redirect",
        kind: Kind::Host,
        answer: |key| Act::answer(302, &format!("location: https://{key}@x.example/\r\n"), ""),
    },
];

#[tokio::test]
async fn the_key_is_not_shown_however_it_is_written() {
    let whole = Bench::start(KEY).await;
    // A host has no slash.
    let host = Bench::start(&KEY.replace('/', "")).await;
    let mut tried = 0;
    let mut leaks = Vec::new();
    for place in PLACES {
        for disguise in DISGUISES.iter().filter(|it| it.kinds.contains(&place.kind)) {
            let bench = if place.name == "the host of a redirect" {
                &host
            } else {
                &whole
            };
            let key = &bench.key;
            for shown in bench.said((place.answer)(&(disguise.write)(key))).await {
                tried += 1;
                if plain(&shown).contains(&plain(key)) {
                    leaks.push(format!("{}, {}: {shown}", place.name, disguise.name));
                }
            }
        }
    }
    assert!(
        leaks.is_empty(),
        "{} leaks:\n{}",
        leaks.len(),
        leaks.join("\n")
    );
    tell(format_args!(
        "leaks: the key in {} places, written in {} ways, is in none of {tried} texts",
        PLACES.len(),
        DISGUISES.len(),
    ));
}

/// A client with a key, and a server that answers what it is asked to.
struct Bench {
    key: String,
    client: Client,
    act: Arc<Mutex<Act>>,
}

impl Bench {
    async fn start(key: &str) -> Self {
        let act = Arc::new(Mutex::new(Act::Silence));
        let played = Arc::clone(&act);
        let server = Server::start(move |_| played.lock().expect("no panic").clone()).await;
        let client = Client::builder().base_url(server.url()).api_key(key);
        let client = client.retry(RetryPolicy::none()).build().expect("fine");
        let key = key.to_owned();
        Self { key, client, act }
    }

    /// All that comes of an answer, by each kind of call.
    async fn said(&self, act: Act) -> Vec<String> {
        *self.act.lock().expect("no panic") = act;
        let client = &self.client;
        let mut texts = Vec::new();
        match client.accounts().list().send_with_meta().await {
            Ok(answer) => texts.push(format!("{answer:?} {}", answer.request_id())),
            Err(error) => texts.push(all_of(&error)),
        }
        let custom = client.request(Method::Post, "/api/any");
        match custom.send_with_meta::<()>().await {
            Ok(answer) => texts.push(format!("{answer:?} {}", answer.request_id())),
            Err(error) => texts.push(all_of(&error)),
        }
        match client
            .relay()
            .chat_completions("m")
            .user("hi")
            .events()
            .await
        {
            Ok(mut events) => {
                while let Some(event) = events.next().await {
                    texts.extend(event.err().map(|error| all_of(&error)));
                }
            }
            Err(error) => texts.push(all_of(&error)),
        }
        let api = client.api();
        if let Err(error) = api.accounts_list(&Default::default()).await {
            let failure = aitoearn::api::open::<Value>(Err(error), api.context()).await;
            texts.extend(failure.err().map(|it| format!("{it} {it:?}")));
        }
        texts
    }
}

fn all_of(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?} {:?}", error.request_id());
    if let Error::Api(refused) = error {
        // What the caller reads is text of the answer, too.
        let _ = write!(
            text,
            " {} {} {:?}",
            refused.data,
            refused.data.value(),
            refused.content_refusal()
        );
        let _ = write!(text, " {} {:?}", refused.message, refused.request_id);
    }
    if let Error::Http(refused) = error {
        let _ = write!(
            text,
            " {:?} {:?}",
            refused.provider_message, refused.location_host
        );
    }
    text
}

/// What a text comes to for a reader who undoes what was done to it; written apart from what the
/// client does.
fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    let mut before = String::new();
    while before != text {
        before.clone_from(&text);
        if !text.contains(|c: char| matches!(c, '%' | '&' | '\\') || !c.is_ascii()) {
            break;
        }
        for c in KEY
            .chars()
            .chain(KEY.to_uppercase().chars())
            .chain(KEY.to_lowercase().chars())
            .chain(['%'])
        {
            for read in [c, wide(c)] {
                let code = u32::from(read);
                for written in [
                    read.to_string(),
                    format!("\\u{code:04x}"),
                    format!("\\u{code:04X}"),
                    format!("\\u{{{code:x}}}"),
                    format!("&#x{code:x};"),
                    format!("&#{code};"),
                    percent(&read.to_string()),
                    percent(&read.to_string()).to_lowercase(),
                ] {
                    text = text.replace(&written, &c.to_string());
                }
            }
        }
    }
    text.replace("\\/", "/")
        .replace('\u{212a}', "k")
        .replace("\\t", "")
        .replace("\\r", "")
        .replace("\\n", "")
        .replace("\\u{200b}", "")
        .replace("\\u{ad}", "")
        .replace("\\u{2060}", "")
        .replace(
            |c: char| c.is_control() || matches!(c, '\u{200b}' | '\u{ad}' | '\u{2060}'),
            "",
        )
        .to_lowercase()
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "%{byte:02X}");
        text
    })
}

/// The judge knows the key when it sees it.
#[test]
fn what_was_done_is_undone() {
    for disguise in DISGUISES {
        let written = (disguise.write)(KEY);
        assert!(
            plain(&written).contains(&plain(KEY)),
            "{}: {}",
            disguise.name,
            plain(&written)
        );
    }
}

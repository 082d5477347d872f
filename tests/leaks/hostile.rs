//! A service that repeats every secret it was told, wherever an answer has room for it.
//!
//! What it says in its own words is shown by design, on one line and cut short: a prompt that it
//! repeated in a message would be shown, too. It repeats the prompt in all other places.

use std::collections::HashMap;

use aitoearn_tests::document::{Example, examples};
use aitoearn_tests::requests::PROMPT;
use aitoearn_tests::server::{Act, Heard};
use serde_json::{Value, json};

use crate::canaries::{KEY, SIGNATURE};

/// What the service knows beside what it is asked.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// Another host, to which it would like to lead the client.
    pub(crate) elsewhere: String,
    /// The storage.
    pub(crate) storage: String,
    successes: HashMap<&'static str, Value>,
}

impl World {
    pub(crate) fn new(elsewhere: String, storage: String) -> Self {
        let examples = examples().into_iter();
        let successes = examples
            .filter(Example::is_success)
            .map(|example| (example.operation.name, example.body))
            .collect();
        Self {
            elsewhere,
            storage,
            successes,
        }
    }

    /// Where the client is to write an asset.
    pub(crate) fn signed(&self) -> String {
        format!("{}/assets/boat.png?{SIGNATURE}", self.storage)
    }

    /// A success, with whatever the service has heard of.
    pub(crate) fn success(&self, heard: &Heard) -> Value {
        let mut body = self.plain_success(heard);
        if let Some(fields) = body.as_object_mut() {
            if fields.contains_key("code") {
                fields.insert("message".to_owned(), json!(says(self)));
                fields.insert("requestId".to_owned(), json!(KEY));
            }
            let heard = json!([
                KEY,
                self.signed(),
                PROMPT,
                String::from_utf8_lossy(&heard.body)
            ]);
            fields.insert("aFieldOfTomorrow".to_owned(), heard);
        }
        body
    }

    /// A success as the document shows it; the address to write to is the storage's.
    pub(crate) fn plain_success(&self, heard: &Heard) -> Value {
        let mut body = self
            .successes
            .get(operation(heard))
            .cloned()
            .unwrap_or_default();
        if let Some(url) = body.pointer_mut("/data/uploadUrl") {
            *url = json!(self.signed());
        }
        body
    }
}

/// The operation that is asked for; empty for none of them.
pub(crate) fn operation(heard: &Heard) -> &'static str {
    let path = heard.target.split('?').next().unwrap_or_default();
    aitoearn_api::operations::ALL
        .iter()
        .find(|it| it.method.as_str() == heard.method && it.matches_path(path))
        .map_or("", |it| it.name)
}

/// What it says to people.
fn says(world: &World) -> String {
    format!("{KEY} may not write to {}, sorry", world.signed())
}

/// Details of an error. The same under names that do not look secret.
fn details(world: &World) -> Value {
    json!({ "platform": KEY, "category": KEY, "said": says(world), "where": [world.signed(), { KEY: KEY }],
        "issues": [{ "code": KEY, "path": [KEY], "message": says(world), "params": { "url": world.signed() } }] })
}

fn refusal(world: &World, code: i64) -> String {
    json!({ "data": details(world), "code": code, "message": says(world), "requestId": KEY })
        .to_string()
}

fn provider_error(world: &World) -> String {
    json!({ "error": { "message": says(world), "type": KEY, "param": world.signed() } }).to_string()
}

/// Headers that repeat the key.
fn headers(kind: &str) -> String {
    format!(
        "content-type: {kind}\r\nx-request-id: {KEY}\r\nset-cookie: key={KEY}\r\nx-note: {KEY}\r\n"
    )
}

const JSON: &str = "application/json";

/// One way to answer.
pub(crate) struct Manner {
    pub(crate) name: &'static str,
    pub(crate) answer: fn(&World, &Heard) -> Act,
}

/// All of them. The first answers well, as far as that goes.
pub(crate) const MANNERS: &[Manner] = &[
    Manner {
        name: "success",
        answer: |world, heard| Act::answer(200, &headers(JSON), &world.success(heard).to_string()),
    },
    Manner {
        name: "refusal",
        answer: |world, _| Act::answer(200, &headers(JSON), &refusal(world, 401)),
    },
    Manner {
        name: "refusal with an unknown code",
        answer: |world, _| Act::answer(200, &headers(JSON), &refusal(world, 987_654)),
    },
    Manner {
        name: "refusal under HTTP 400",
        answer: |world, _| Act::answer(400, &headers(JSON), &refusal(world, 15051)),
    },
    Manner {
        name: "a provider's error",
        answer: |world, _| Act::answer(200, &headers(JSON), &provider_error(world)),
    },
    Manner {
        name: "a provider's error under HTTP 500",
        answer: |world, _| Act::answer(500, &headers(JSON), &provider_error(world)),
    },
    Manner {
        name: "a redirect",
        answer: |world, heard| {
            let to = format!(
                "location: {}{}&key={KEY}\r\n",
                world.elsewhere, heard.target
            );
            Act::answer(307, &to, &refusal(world, 0))
        },
    },
    Manner {
        name: "a redirect to a host named like the key",
        answer: |world, _| {
            let to = format!("location: http://{KEY}.example/{KEY}\r\n");
            Act::answer(302, &(to + &headers("text/html")), &says(world))
        },
    },
    Manner {
        name: "a page under HTTP 200",
        answer: |world, _| Act::answer(200, &headers("text/html"), &page(world)),
    },
    Manner {
        name: "a page under HTTP 502",
        answer: |world, _| Act::answer(502, &headers("text/html"), &page(world)),
    },
    Manner {
        name: "a text of a type named like the key",
        answer: |world, _| Act::answer(200, &headers(&format!("text/{KEY}")), &says(world)),
    },
    Manner {
        name: "a text in place of data",
        answer: |world, _| {
            let body =
                json!({ "data": says(world), "code": 0, "message": says(world), "requestId": KEY });
            Act::answer(200, &headers(JSON), &body.to_string())
        },
    },
    Manner {
        name: "data of another shape",
        answer: |world, _| {
            let odd = json!({ KEY: says(world), "id": [says(world)], "list": { KEY: KEY }, "total": says(world) });
            let body = json!({ "data": { KEY: odd, "list": [odd], "data": odd }, "code": 0, "message": KEY });
            Act::answer(200, &headers(JSON), &body.to_string())
        },
    },
    Manner {
        name: "broken JSON",
        answer: |world, _| {
            let body = format!(r#"{{"data":{{"at":"{}", {KEY} "{KEY}"}}"#, world.signed());
            Act::answer(200, &headers(JSON), &body)
        },
    },
    Manner {
        name: "a reset before the head",
        answer: |_, _| Act::Reset(Vec::new()),
    },
    Manner {
        name: "a reset inside the body",
        answer: |world, heard| {
            Act::answer(200, &headers(JSON), &world.success(heard).to_string()).broken_off()
        },
    },
    Manner {
        name: "a head that is none",
        answer: |world, _| {
            let head = format!("HTTP/1.1 200 {KEY}\r\n{KEY}\u{0}: {}\r\n\r\n", says(world));
            Act::Close(head.into_bytes())
        },
    },
    Manner {
        name: "no HTTP at all",
        answer: |world, _| Act::Close(format!("{KEY} {}", says(world)).into_bytes()),
    },
    Manner {
        name: "silence",
        answer: |_, _| Act::Silence,
    },
    Manner {
        name: "events that are errors",
        answer: |world, _| {
            events(&format!(
                "event: error\ndata: {}\n\n",
                provider_error(world)
            ))
        },
    },
    Manner {
        name: "events that are refusals",
        answer: |world, _| events(&format!("data: {}\n\n", refusal(world, 401))),
    },
    Manner {
        name: "events of another shape",
        answer: |world, _| {
            let odd = json!({ "type": "message_start", "message": says(world), "choices": says(world),
                "candidates": { KEY: says(world) } });
            events(&format!("id: {KEY}\n: {KEY}\ndata: {odd}\n\n"))
        },
    },
    Manner {
        name: "events that are no JSON",
        answer: |world, _| events(&format!("event: {KEY}\ndata: {}\n\n", says(world))),
    },
    Manner {
        name: "events that are no UTF-8",
        answer: |world, _| {
            let Act::Send(mut bytes) = events(&format!("data: {}\n\n", says(world))) else {
                unreachable!("as made")
            };
            let end = bytes.len() - 3;
            bytes[end] = 0xff;
            Act::Close(bytes)
        },
    },
    Manner {
        name: "events that break off",
        answer: |world, _| {
            events(&format!(
                "data: {{\"choices\":[],\"note\":\"{}\"}}\n\n",
                says(world)
            ))
            .broken_off()
        },
    },
];

fn page(world: &World) -> String {
    format!("<html><body>{}</body></html>", says(world))
}

fn events(text: &str) -> Act {
    Act::answer(200, &headers("text/event-stream"), text)
}

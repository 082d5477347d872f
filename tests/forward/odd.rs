//! Several odd values at once, in the answer of any operation: whatever they are, the answer is
//! read, and nothing panics.

use std::sync::{Arc, Mutex};

use aitoearn_api::{ApiKey, Client, Context, Failure};
use aitoearn_tests::document::{Document, LOWERED};
use aitoearn_tests::server::{Act, Server};
use serde_json::{Value, json};

use crate::mends::{is_essential, pointers};
use crate::subjects;

/// Bodies made of each example and specimen.
const ROUNDS: usize = 3;

/// As they stand in a body.
const ODD: [&str; 20] = [
    "null",
    "true",
    "-0",
    "7",
    "1e999",
    "9223372036854775808",
    "-99999999999999999999999",
    "2.5",
    "\"\"",
    "\"1.2K\"",
    "\"2026-02-30T99:00:00Z\"",
    "\"cut \\ud83d\"",
    "\"\\u0000\\\"}\"",
    "[]",
    "[[],{},null]",
    "{}",
    "{\"en-US\":\"a\",\"zh-CN\":1}",
    "{\"id\":1,\"id\":2}",
    "{\"a\":{\"b\":{\"c\":[{\"d\":0}]}}}",
    "@deep",
];

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).expect("below a usize")
    }
}

#[tokio::test]
async fn whatever_is_odd_the_answer_is_read() {
    let body = Arc::new(Mutex::new(String::new()));
    let answered = Arc::clone(&body);
    let server = Server::start(move |_| Act::json(&answered.lock().expect("no panic"))).await;
    let key = ApiKey::new("k-0123456789").expect("fine");
    let client = Client::new(&server.url(), Context::new(Some(key))).expect("fine");
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let deep = ["[".repeat(200), "]".repeat(200)].concat();
    let mut lost = Vec::new();
    for subject in subjects(&Document::parse(LOWERED)) {
        for (_, data) in subject.data.iter().flat_map(|data| vec![data; ROUNDS]) {
            let start = if subject.enveloped { "/data" } else { "" };
            let mut places = Vec::new();
            pointers(data, start, &mut places);
            let mut changed = if subject.enveloped {
                json!({ "data": data, "code": 0, "message": "ok", "requestId": "r" })
            } else {
                data.clone()
            };
            let mut odd = Vec::new();
            for number in 0..=dice.below(6) {
                let place = &places[dice.below(places.len())];
                if place.is_empty() || is_essential(subject.call.name, place) {
                    continue;
                }
                if let Some(value) = changed.pointer_mut(place) {
                    *value = json!(format!("@{number}"));
                    odd.push((number, ODD[dice.below(ODD.len())]));
                }
            }
            let mut text = changed.to_string();
            for (number, odd) in odd {
                let odd = if odd == "@deep" { &deep } else { odd };
                text = text.replace(&format!("\"@{number}\""), odd);
            }
            body.lock().expect("no panic").clone_from(&text);
            let (read, _) = subject.call.make_mending(&client).await;
            if let Err(failure) = read
                && !is_told_error(&text, subject.enveloped)
            {
                assert!(matches!(failure, Failure::Decode(_)), "{failure:?}");
                lost.push(format!("{}: {failure}\n{text}", subject.call.name));
            }
        }
    }
    assert!(lost.is_empty(), "{} lost:\n{}", lost.len(), lost[0]);
}

/// Whether a plain answer has become a provider's error, or one of the service's.
fn is_told_error(text: &str, enveloped: bool) -> bool {
    let body: Result<Value, _> = serde_json::from_str(text);
    let has = |name: &str| body.as_ref().is_ok_and(|body| body.get(name).is_some());
    !enveloped && (has("error") || has("code"))
}

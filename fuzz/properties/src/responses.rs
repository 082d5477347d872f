//! What every operation answers, and the events of the three kinds of streams.

use aitoearn::stream::{anthropic::MessageEvent, gemini::GeminiChunk, openai::ChatChunk};
use aitoearn_api::{Reply, operations};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::calls;

thread_local! {
    static CALLS: Vec<calls::Call> = calls::table();
}

/// The first byte says which answer, the rest is its data. Whatever can be read can be written,
/// and what was written is read as the same; what fits is the same mended, and mending ends.
pub fn responses(input: &[u8]) {
    let Some((&which, data)) = input.split_first() else {
        return;
    };
    CALLS.with(|calls| {
        let which = usize::from(which) % (calls.len() + 3);
        match calls.get(which) {
            Some(call) => answer(call, data),
            None if which == calls.len() => event::<ChatChunk>(data),
            // These are read only.
            None if which == calls.len() + 1 => drop(serde_json::from_slice::<MessageEvent>(data)),
            None => event::<GeminiChunk>(data),
        }
    });
}

fn answer(call: &calls::Call, data: &[u8]) {
    // As a whole body; then as the data of a success, which saves the fuzzer the way there.
    let whole = read(call, data);
    if operations::by_name(call.name).is_some_and(|known| known.reply != Reply::Envelope) {
        mended(call, data, whole.as_ref());
        if let Some(read_first) = whole {
            same(call, &read_first, read_first.to_string().as_bytes());
        }
        return;
    }
    let wrapped = [br#"{"code":0,"message":"ok","data":"#, data, b"}"].concat();
    let inner = read(call, &wrapped);
    mended(call, &wrapped, inner.as_ref());
    for read_first in [whole, inner].into_iter().flatten() {
        let body = json!({ "code": 0, "message": "ok", "data": read_first });
        same(call, &read_first, body.to_string().as_bytes());
    }
}

fn read(call: &calls::Call, body: &[u8]) -> Option<Value> {
    match call.read(body) {
        Ok(value) => Some(value),
        Err(failure) => {
            // One line that moves no cursor, whatever the service said.
            let text = failure.to_string();
            let hidden = text.chars().find(|c| spec_diff::escape::is_hidden(*c));
            assert!(!text.is_empty() && hidden.is_none(), "{text:?}");
            // What is kept of it is bounded.
            assert!(format!("{failure:?}").len() < 1 << 20, "{}", call.name);
            None
        }
    }
}

/// Whatever it is, it is read or an error; and what fits is left as it is.
fn mended(call: &calls::Call, body: &[u8], read: Option<&Value>) {
    let mended = call.mend(body);
    if let Some(read) = read {
        let mended = mended.unwrap_or_else(|failure| panic!("{}: {failure}", call.name));
        assert_eq!(*read, mended, "{} is changed by mending", call.name);
    }
}

fn same(call: &calls::Call, first: &Value, written: &[u8]) {
    match call.read(written) {
        Ok(second) => assert_eq!(*first, second, "{} changes by a round", call.name),
        Err(failure) => panic!("{} does not read what it wrote: {failure}", call.name),
    }
}

fn event<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(data: &[u8]) {
    if let Ok(first) = serde_json::from_slice::<T>(data) {
        let written = serde_json::to_vec(&first).expect("what was read can be written");
        let second = serde_json::from_slice::<T>(&written).expect("what was written can be read");
        assert_eq!(first, second);
    }
}

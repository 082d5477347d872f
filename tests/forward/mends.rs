//! An odd field costs that field: every success example of the document, changed at one place.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aitoearn_api::{ApiKey, Client, Context, Mended, operations};
use aitoearn_tests::document::Document;
use aitoearn_tests::server::{Act, Server};
use aitoearn_tests::{document::LOWERED, tell};
use serde_json::{Value, json};

use crate::{Subject, subjects};

/// What is done to a value.
const KINDS: [&str; 6] = [
    "removed",
    "null",
    "a text",
    "a number",
    "an object",
    "a list",
];

/// Of each kind of change: tried, lost, mended.
type Table = BTreeMap<&'static str, [usize; 3]>;

#[tokio::test]
async fn an_odd_field_costs_that_field() {
    let body = Arc::new(Mutex::new(String::new()));
    let answered = Arc::clone(&body);
    let server = Server::start(move |_| Act::json(&answered.lock().expect("no panic"))).await;
    let key = ApiKey::new("k-0123456789").expect("fine");
    let client = Client::new(&server.url(), Context::new(Some(key))).expect("fine");
    let mut table = Table::new();
    let mut lost = Vec::new();
    let mut untold = Vec::new();
    for subject in subjects(&Document::parse(LOWERED)) {
        let examples = subject
            .data
            .iter()
            .filter(|(what, _)| what.starts_with("example"));
        for (_, data) in examples {
            for (kind, place, changed) in changes(&subject, data) {
                *body.lock().expect("no panic") = changed.to_string();
                let fits = subject.call.read(changed.to_string().as_bytes()).is_ok();
                let (read, mended) = subject.call.make_mending(&client).await;
                let row = table.entry(kind).or_default();
                row[0] += 1;
                row[2] += usize::from(!mended.is_empty());
                let what = format!("{}: {kind} at {place}", subject.call.name);
                if let Err(failure) = read {
                    row[1] += 1;
                    if !is_essential(subject.call.name, &place) {
                        lost.push(format!("{what}: {failure}"));
                    }
                    continue;
                }
                if mended.is_empty() != fits || !is_exact(&mended, &place) {
                    untold.push(format!("{what}: {mended:?}"));
                }
            }
        }
    }
    for (kind, [tried, lost, mended]) in &table {
        tell(format_args!(
            "mends: {kind}: {tried} tried, {lost} lost, {mended} mended"
        ));
    }
    assert!(lost.is_empty(), "{} lost:\n{}", lost.len(), first(&lost));
    assert!(
        untold.is_empty(),
        "{} not told:\n{}",
        untold.len(),
        first(&untold)
    );
    let essentials = operations::ALL
        .iter()
        .filter(|operation| !operation.essential.is_empty());
    for operation in essentials {
        tell(format_args!(
            "mends: {} needs {}",
            operation.name,
            operation.essential.join(", ")
        ));
    }
    let all: usize = table.values().map(|[_, lost, _]| lost).sum();
    assert!(all <= 70, "{all} answers are lost for an essential");
}

/// Whether what is told is the place or in it, each once and no place twice as a part of another.
fn is_exact(mended: &Mended, place: &str) -> bool {
    let is_in = |inner: &str, outer: &str| {
        let rest = inner.strip_prefix(outer);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let told: Vec<_> = mended.places.iter().map(|mend| &*mend.place).collect();
    let is_single = |(number, one): (usize, &&str)| {
        let mut others = told
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != number);
        is_in(one, place) && !others.any(|(_, other)| is_in(one, other))
    };
    mended.count == told.len() && told.iter().enumerate().all(is_single)
}

fn first(all: &[String]) -> String {
    all[..all.len().min(30)].join("\n")
}

/// Whether nothing can follow without what is at this place.
pub(crate) fn is_essential(operation: &str, place: &str) -> bool {
    let operation = operations::by_name(operation).expect("an operation");
    let within = |it: &&str| it.starts_with(place);
    operation.essential.iter().any(within)
}

/// All bodies with one change: the kind, a JSON pointer, the body.
fn changes(subject: &Subject, data: &Value) -> Vec<(&'static str, String, Value)> {
    let body = if subject.enveloped {
        json!({ "data": data, "code": 0, "message": "ok", "requestId": "r" })
    } else {
        data.clone()
    };
    let mut places = Vec::new();
    pointers(
        data,
        if subject.enveloped { "/data" } else { "" },
        &mut places,
    );
    let mut all = Vec::new();
    for place in places.iter().filter(|place| !place.is_empty()) {
        for kind in KINDS {
            let mut changed = body.clone();
            let Some(value) = changed.pointer_mut(place) else {
                continue;
            };
            match kind {
                "null" => *value = Value::Null,
                "a text" => *value = json!("an odd text"),
                "a number" => *value = json!(41.5),
                "an object" => *value = json!({ "odd": 1 }),
                "a list" => *value = json!([7, "odd"]),
                _ => remove(&mut changed, place),
            }
            if changed != body {
                all.push((kind, place.clone(), changed));
            }
        }
    }
    all
}

fn remove(body: &mut Value, place: &str) {
    let (around, name) = place.rsplit_once('/').expect("a pointer");
    match body.pointer_mut(around) {
        Some(Value::Object(fields)) => {
            fields.remove(&name.replace("~1", "/").replace("~0", "~"));
        }
        Some(Value::Array(items)) => {
            items.remove(name.parse().expect("an index"));
        }
        _ => unreachable!("it has something in it"),
    }
}

/// All places in a value, itself first.
pub(crate) fn pointers(value: &Value, here: &str, places: &mut Vec<String>) {
    places.push(here.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                pointers(value, &format!("{here}/{name}"), places);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, &format!("{here}/{index}"), places);
            }
        }
        _ => {}
    }
}

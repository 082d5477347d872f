//! An old client reads a new server: every change that a server may make to an answer without
//! breaking its word leaves it readable.
//!
//! The changes are made to the document's examples of success, and to a specimen of each answer
//! that has every field the document knows. What is optional is told by the lowered document, from
//! which the client is generated. What relays hand on is the model providers' and stands in no
//! schema: see `relays`.

mod changes;
mod exceptions;
mod mends;
mod odd;
mod relays;
mod specimen;

use std::collections::BTreeMap;

use aitoearn_tests::calls::{self, Call};
use aitoearn_tests::document::{Document, LOWERED, examples};
use aitoearn_tests::tell;
use serde_json::{Value, json};

use changes::{Change, changes};

/// A call, the schema of its data, and the bodies to start from.
struct Subject {
    call: Call,
    schema: Value,
    enveloped: bool,
    /// What each shows, and the data.
    data: Vec<(String, Value)>,
}

/// All operations whose answers have a schema; the others are handed over as bytes.
fn subjects(lowered: &Document) -> Vec<Subject> {
    let examples = examples();
    let mut subjects = Vec::new();
    for call in calls::table() {
        let operation = lowered
            .operations()
            .find(|operation| operation.id == call.name)
            .unwrap_or_else(|| panic!("{} is not in the lowered document", call.name));
        let content = &operation.node["responses"]["200"]["content"];
        let Some(media) = content.get("application/json") else {
            continue;
        };
        let declared = &media["schema"];
        let wrapped = declared.pointer("/x-rust-type/parameters/0");
        let schema = wrapped.unwrap_or(declared).clone();
        let mut data: Vec<_> = examples
            .iter()
            .filter(|example| example.operation.name == call.name && example.is_success())
            .map(|example| {
                let data = match wrapped {
                    Some(_) => example.body["data"].clone(),
                    None => example.body.clone(),
                };
                (format!("example `{}`", example.name), data)
            })
            .collect();
        let specimens = specimen::specimens(lowered, &schema);
        data.extend(
            specimens
                .into_iter()
                .enumerate()
                .map(|(i, specimen)| (format!("specimen {i}"), specimen)),
        );
        subjects.push(Subject {
            call,
            schema,
            enveloped: wrapped.is_some(),
            data,
        });
    }
    subjects
}

impl Subject {
    /// What the client says to this data, in the envelope if there is one.
    fn read(&self, data: &Value) -> Result<Value, String> {
        let body = if self.enveloped {
            // The envelope is of tomorrow, too.
            json!({ "data": data, "code": 0.0, "message": "ok", "requestId": null, "aFieldOfTomorrow": {} })
        } else {
            data.clone()
        };
        self.call
            .read(body.to_string().as_bytes())
            .map_err(|failure| failure.to_string())
    }
}

#[test]
fn every_change_is_read() {
    let lowered = Document::parse(LOWERED);
    let mut problems = Vec::new();
    let mut counts = BTreeMap::<&str, usize>::new();
    for subject in subjects(&lowered) {
        for (what, data) in &subject.data {
            subject
                .read(data)
                .unwrap_or_else(|error| panic!("{}, {what}: {error}\n{data:#}", subject.call.name));
            for Change { kind, place, data } in changes(&lowered, &subject.schema, data) {
                *counts.entry(kind).or_default() += 1;
                if let Err(error) = subject.read(&data)
                    && !exceptions::is_one(subject.call.name, &place, kind)
                {
                    problems.push(format!(
                        "{}, {what}: {kind} at `{place}`: {error}",
                        subject.call.name
                    ));
                }
            }
        }
    }
    assert!(
        problems.is_empty(),
        "{} changes make an answer unreadable, of {counts:?}; the first of them:\n{}",
        problems.len(),
        problems[..problems.len().min(20)].join("\n")
    );
    for kind in changes::KINDS {
        assert!(
            counts.contains_key(kind),
            "no change of the kind `{kind}` was made: {counts:?}"
        );
    }
    tell(format_args!(
        "forward: {} changes, all read: {counts:?}",
        counts.values().sum::<usize>()
    ));
}

/// An exception that is none any more is taken off the list.
#[test]
fn every_exception_is_needed() {
    let lowered = Document::parse(LOWERED);
    let subjects = subjects(&lowered);
    for exception in exceptions::EXCEPTIONS {
        let fails = subjects.iter().any(|subject| {
            let mut data = subject.data.iter();
            data.any(|(_, data)| {
                changes(&lowered, &subject.schema, data)
                    .iter()
                    .filter(|change| {
                        exception.covers(subject.call.name, &change.place, change.kind)
                    })
                    .any(|change| subject.read(&change.data).is_err())
            })
        });
        assert!(fails, "is read after all, so remove it: {exception:?}");
    }
}

/// A value that is not known is kept, not just survived: it can be sent back.
#[test]
fn unknown_values_are_kept() {
    let lowered = Document::parse(LOWERED);
    for subject in subjects(&lowered) {
        for (what, data) in &subject.data {
            for change in changes(&lowered, &subject.schema, data) {
                if change.kind != changes::NEW_VALUE {
                    continue;
                }
                let read = subject.read(&change.data).expect("see the other test");
                assert_eq!(
                    read.pointer(&change.place),
                    change.data.pointer(&change.place),
                    "{}, {what}: `{}`",
                    subject.call.name,
                    change.place
                );
            }
        }
    }
}

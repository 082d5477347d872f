//! Every example of all operations, through the generated client.

use std::collections::BTreeSet;

use aitoearn_api::{Code, Failure, Reply};
use aitoearn_mock::{Answer, MockServer};
use aitoearn_tests::calls;
use aitoearn_tests::document::{Document, Example, VENDORED, examples};
use serde_json::Value;

use crate::client;

#[test]
fn the_table_of_calls_is_the_documents_list_of_operations() {
    let document = Document::parse(VENDORED);
    let known = |id: &str| {
        let all = aitoearn_api::operations::ALL.iter();
        all.into_iter()
            .find(|operation| operation.id == id)
            .map_or_else(|| id.to_owned(), |operation| operation.name.to_owned())
    };
    let documented: BTreeSet<_> = document.operations().map(|op| known(op.id)).collect();
    let table: BTreeSet<_> = calls::table()
        .iter()
        .map(|call| call.name.to_owned())
        .collect();

    let missing: Vec<_> = documented.difference(&table).collect();
    let gone: Vec<_> = table.difference(&documented).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "operations of the document without a call in `tests/src/calls.rs`: {missing:?}; \
         calls of operations that the document does not have: {gone:?}"
    );
}

#[tokio::test]
async fn every_example_is_read() {
    let server = MockServer::start();
    let client = client(&server.base_url());
    let examples = examples();
    let mut problems = Vec::new();
    let mut read = 0;

    for call in calls::table() {
        let mine: Vec<_> = examples
            .iter()
            .filter(|example| example.operation.name == call.name)
            .collect();
        assert!(
            mine.iter().any(|example| example.is_success()),
            "the document shows no success of {}",
            call.name
        );
        let operation = mine[0].operation;
        let mock = server.when(operation).in_turn(mine.iter().map(|example| {
            Answer::json(&example.body).header("x-request-id", &request_id(example))
        }));
        for example in &mine {
            if let Err(problem) = judge(example, call.make(&client).await) {
                problems.push(format!("{example}: {problem}"));
            }
            read += 1;
        }
        mock.assert_times(mine.len());
    }

    assert!(
        problems.is_empty(),
        "{} of {read} examples:\n{}",
        problems.len(),
        problems.join("\n")
    );
    assert_eq!(
        read,
        examples.len(),
        "an operation has examples and no call in `tests/src/calls.rs`"
    );
}

/// An element where a list is declared, as older descriptions show it, is no reason for the client
/// to guess: it names the place.
#[test]
fn an_answer_that_contradicts_its_schema_is_told_for_what_it_is() {
    let examples = examples();
    let (operation, pointer) = ("works_list", "/data/items");
    let example = examples
        .iter()
        .find(|example| example.operation.name == operation && example.is_success())
        .expect(operation);
    let mut body = example.body.clone();
    let place = body.pointer_mut(pointer).expect(pointer);
    *place = serde_json::json!({ "platformWorkId": "w", "contentMode": "video" });

    let calls = calls::table();
    let call = calls.iter().find(|call| call.name == operation);
    let failure = call.expect(operation).read(body.to_string().as_bytes());
    let Err(Failure::Decode(error)) = failure else {
        panic!("{operation}: {failure:?}");
    };
    assert_eq!(format!("/{}", error.path.replace('.', "/")), pointer);
}

/// What is wrong with how an example was read.
fn judge(example: &Example, outcome: Result<Value, Failure>) -> Result<(), String> {
    match outcome {
        Ok(read) if example.is_success() => {
            let data = match example.operation.reply {
                Reply::Envelope => example.body.get("data").unwrap_or(&Value::Null),
                Reply::Json | Reply::Raw => &example.body,
            };
            match lost(data, &read) {
                None => Ok(()),
                Some(place) => Err(format!("`{place}` was not read as it stands")),
            }
        }
        Ok(_) => Err("this error was taken for a success".to_owned()),
        Err(Failure::Business(error)) if !example.is_success() => {
            let expected = (
                example.body["code"].as_i64().map(Code::from),
                example.body["message"].as_str(),
                // The body's own comes before the header's.
                Some(match example.body["requestId"].as_str() {
                    Some(own) => own.to_owned(),
                    None => request_id(example),
                }),
                example.body["timestamp"].as_i64(),
                &example.body["data"],
            );
            let got = (
                Some(error.code),
                Some(error.message.as_str()),
                error.request_id.clone(),
                error.timestamp_ms,
                error.data.value(),
            );
            if got != expected {
                return Err(format!("read as {got:?}"));
            }
            if !example.operation.codes.contains(&error.code) {
                return Err(format!("{} is not in the table of operations", error.code));
            }
            match error.code.name() {
                Some(_) => Ok(()),
                None => Err(format!("{} has no name", error.code)),
            }
        }
        Err(failure) => Err(format!("{failure}")),
    }
}

fn request_id(example: &Example) -> String {
    format!("{}-{}", example.operation.name, example.name)
}

/// Where `read` does not hold what `example` says. A misspelt optional field would be read as
/// absent without any error; here it shows.
fn lost(example: &Value, read: &Value) -> Option<String> {
    match (example, read) {
        (Value::Object(example), read) => example.iter().find_map(|(key, value)| {
            let read = read.get(key).unwrap_or(&Value::Null);
            lost(value, read).map(|place| format!("/{key}{place}"))
        }),
        (Value::Array(example), Value::Array(read)) if example.len() == read.len() => example
            .iter()
            .zip(read)
            .enumerate()
            .find_map(|(i, (example, read))| Some(format!("/{i}{}", lost(example, read)?))),
        // An empty list is written as nothing, which is read as an empty list.
        (Value::Array(example), Value::Null) if example.is_empty() => None,
        (Value::Number(example), Value::Number(read)) if example.as_f64() == read.as_f64() => None,
        _ if example == read => None,
        _ => Some(format!(": {example} became {read}")),
    }
}

//! An error with a code is an API error with that code, whatever else its body holds.
//!
//! Every operation, through the client that people use; every code that the document names for it,
//! and those that anything in front of it may send; and `data` in every shape that the service has
//! been seen to send, or could. Relays, whose answers have no envelope, get one all the same: the
//! check of the key comes before them.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use aitoearn::{Client, Error, RetryPolicy};
use aitoearn_tests::document::{Example, examples};
use aitoearn_tests::requests::{self, Sample, Sending};
use aitoearn_tests::server::{Act, Server};
use aitoearn_tests::tell;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

/// What any operation may answer, documented or not. The last one nobody has heard of.
const ANYWHERE: [i64; 6] = [400, 401, 404, 429, 500, 987_654];

/// Calls at the same time.
const AT_ONCE: usize = 64;

/// One answer, and what is asked for it.
struct Row {
    sample: Arc<Sample>,
    status: u16,
    code: i64,
    /// What `data` is, in words.
    shape: &'static str,
    body: String,
}

/// The table, from the document.
fn rows() -> Vec<Row> {
    let examples = examples();
    let mut rows = Vec::new();
    for sample in requests::table() {
        let sample = Arc::new(sample);
        let mine = || {
            let name = sample.operation.name;
            examples
                .iter()
                .filter(move |example| example.operation.name == name)
        };
        let success = mine()
            .find(|example| example.is_success())
            .unwrap_or_else(|| panic!("the document shows no success of {}", sample.operation));
        let listed = sample.operation.codes.iter();
        let codes: BTreeSet<_> = listed.map(|code| code.get()).chain(ANYWHERE).collect();
        for code in codes {
            for (shape, data) in shapes(success) {
                // Beside the service's own 200: the codes that are HTTP's, under its status.
                let http = u16::try_from(code).ok().filter(|code| *code < 600);
                for status in [Some(200), http].into_iter().flatten() {
                    rows.push(Row {
                        sample: Arc::clone(&sample),
                        status,
                        code,
                        shape,
                        body: body(code, data.as_ref(), rows.len()),
                    });
                }
            }
        }
    }
    rows
}

fn shapes(success: &Example) -> [(&'static str, Option<Value>); 6] {
    let own = success.body.get("data").unwrap_or(&success.body);
    [
        ("absent", None),
        ("null", Some(Value::Null)),
        ("{}", Some(json!({}))),
        ("[]", Some(json!([]))),
        ("a text", Some(json!("a text"))),
        ("as after success", Some(own.clone())),
    ]
}

/// `data` comes first, as the service sends it: who reads eagerly stumbles over it.
fn body(code: i64, data: Option<&Value>, row: usize) -> String {
    let data = data.map_or_else(String::new, |data| format!(r#""data":{data},"#));
    format!(
        r#"{{{data}"code":{code},"message":"no, {row}","timestamp":1772612100000,"requestId":"answered-{row}"}}"#
    )
}

/// What is wrong with how a row was read.
fn judge(number: usize, row: &Row, outcome: Result<(), Error>) -> Result<(), String> {
    let error = outcome.err().ok_or("taken for a success")?;
    let Error::Api(api) = &error else {
        return Err(format!("read as {}: {error}", error.kind()));
    };
    let got = (
        api.code.get(),
        api.message.clone(),
        error.request_id().unwrap_or_default().to_owned(),
        error.status().map(|status| status.as_u16()),
    );
    let expected = (
        row.code,
        format!("no, {number}"),
        format!("answered-{number}"),
        Some(row.status),
    );
    if got == expected {
        return Ok(());
    }
    Err(format!("read as {got:?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_code_of_every_operation_is_an_api_error_whatever_its_data() {
    let rows = Arc::new(rows());
    let table = Arc::clone(&rows);
    let server = Server::start(move |heard| {
        let row = heard.header("x-request-id").parse().ok();
        match row.and_then(|row: usize| table.get(row)) {
            Some(row) => Act::answer(row.status, "content-type: application/json\r\n", &row.body),
            None => Act::answer(418, "", "which row?"),
        }
    })
    .await;
    let client = Client::builder()
        .base_url(server.url())
        .api_key("ak_key-of-the-table")
        .retry(RetryPolicy::none())
        .build()
        .expect("a client");

    let (client, numbered) = (&client, rows.iter().enumerate());
    let problems: Vec<_> = stream::iter(numbered)
        .map(|(number, row)| async move {
            let sending = Sending {
                id: number.to_string(),
                timeout: Duration::from_secs(60),
            };
            let outcome = row.sample.send(client, &sending).await.map(drop);
            let problem = judge(number, row, outcome).err()?;
            Some(format!(
                "{}, code {} under HTTP {}, data {}: {problem}",
                row.sample.operation.name, row.code, row.status, row.shape
            ))
        })
        .buffer_unordered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await;

    let operations: BTreeSet<_> = rows.iter().map(|row| row.sample.operation.name).collect();
    assert_eq!(operations.len(), aitoearn_api::operations::ALL.len());
    assert!(
        problems.is_empty(),
        "{} of {} answers:\n{}",
        problems.len(),
        rows.len(),
        problems[..problems.len().min(20)].join("\n")
    );
    tell(format_args!(
        "envelope: {} answers to {} operations, each read as its code",
        rows.len(),
        operations.len()
    ));
}

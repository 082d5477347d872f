//! Every operation, called through the ergonomic client against the sandbox, and every request of
//! it judged by upstream's document.
//!
//! Three witnesses that know nothing of each other: the client, the sandbox, which shares no type
//! with it, and the document, read by a JSON Schema validator.

mod judge;
mod overlay;
mod stories;
mod wrong;

use std::collections::BTreeSet;

use aitoearn::Client;
use aitoearn_mock::Sandbox;
use aitoearn_tests::document::{Document, VENDORED};
use aitoearn_tests::todo::lacking;

use judge::{Judge, Sent};

#[tokio::test]
async fn every_operation_is_called_and_every_request_is_as_documented() {
    let sandbox = Sandbox::start().expect("a free port");
    let client = Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .build()
        .expect("a client");
    stories::tell(&client, &sandbox).await;
    let seen = sandbox.seen();

    let document = Document::parse(VENDORED);
    let documented: BTreeSet<_> = document
        .operations()
        .map(|operation| name(operation.id))
        .collect();
    let called: BTreeSet<_> = sandbox
        .operations_seen()
        .into_iter()
        .map(str::to_owned)
        .collect();
    // The first test of the workspace that a new operation turns red, so it says all there is to do.
    let todo: Vec<_> = aitoearn::api::operations::ALL
        .iter()
        .flat_map(|it| lacking(it, called.contains(it.name)))
        .collect();
    assert!(
        todo.is_empty(),
        "operations that the tests do not know yet; add (see \"How to add an operation\" in CONTRIBUTING.md):\n{}",
        todo.join("\n")
    );
    let missing: Vec<_> = documented.difference(&called).collect();
    let gone: Vec<_> = called.difference(&documented).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "documented, and not generated (run `cargo xtask generate`): {missing:?}; \
         called, and not documented: {gone:?}"
    );
    for name in &called {
        assert!(
            seen.iter()
                .any(|seen| seen.operation == Some(name) && seen.is_success()),
            "{name} is called, and never with success"
        );
    }

    let mut judge = Judge::new();
    let mut problems = Vec::new();
    for seen in &seen {
        if let Err(problem) = judge.judge(&Sent::from(seen)) {
            problems.push(format!("{seen}: {problem}"));
        }
    }
    assert!(
        problems.is_empty(),
        "{} of {} requests are not as documented:\n{}",
        problems.len(),
        seen.len(),
        problems.join("\n")
    );
}

/// The client's name of an operation; upstream's own if it has none yet.
fn name(id: &str) -> String {
    aitoearn::api::operations::ALL
        .iter()
        .find(|operation| operation.id == id)
        .map_or_else(|| id.to_owned(), |operation| operation.name.to_owned())
}

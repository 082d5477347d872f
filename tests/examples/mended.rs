//! What was mended in an answer is logged: one warning, and the count in the span of the call.

use std::io;
use std::sync::{Arc, Mutex};

use aitoearn_mock::{Answer, operations};
use serde_json::json;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::edges::serving;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is logged by a call of the account list that this answers.
async fn logged(answer: Answer) -> String {
    let (_server, client) = serving(&operations::ACCOUNTS_LIST, answer);
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    client.accounts().list().await.expect("read");
    drop(guard);
    let bytes = log.0.lock().expect("no panic").clone();
    String::from_utf8(bytes).expect("text")
}

#[tokio::test]
async fn one_warning_per_answer_and_a_count_in_the_span() {
    let list = json!({ "total": 0, "list": [] });
    let odd = logged(
        Answer::ok(&list)
            .without("/data/list")
            .without("/data/total"),
    )
    .await;
    assert_eq!(odd.matches("WARN").count(), 1, "{odd}");
    assert!(odd.contains("was mended count=2 place=\"/data/"), "{odd}");
    let span = odd.lines().find(|line| line.contains("close"));
    assert!(
        span.is_some_and(|line| line.contains("aitoearn.mended=2")),
        "{odd}"
    );
    let clean = logged(Answer::ok(&list)).await;
    assert!(
        clean.contains("close") && !clean.contains("mended"),
        "{clean}"
    );
}

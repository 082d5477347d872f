//! The key is in the request and nowhere else.
//!
//! A binary of its own: one subscriber takes the logs of the whole process.

#[path = "it/server.rs"]
#[allow(dead_code, reason = "shared with the other tests")]
mod server;

use std::{
    io,
    sync::{Arc, Mutex},
};

use aitoearn::{Client, Error, RetryPolicy, types::Platform};
use tracing_subscriber::fmt::MakeWriter;

use server::{Act, KEY, NO_ACCOUNTS, Server, reply};

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no panic")).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

const CANARIES: [&str; 3] = [KEY, "canary-query-value", "canary-header-value"];

fn assert_clean(what: &str, text: &str) {
    for canary in CANARIES {
        assert!(!text.contains(canary), "{canary} in {what}: {text}");
    }
}

/// One call of each kind against a server that reflects the key where it can.
async fn provoke() -> Vec<Error> {
    let reflected = format!(
        r#"{{"data":{{"key":"{KEY}","list":["{KEY}"]}},"code":401,"message":"{KEY} is not valid"}}"#
    );
    let to = format!("location: http://127.0.0.1:1/?key={KEY}\r\n");
    let acts = [
        Act::json(&reflected),
        reply(401, "content-type: application/json\r\n", &reflected),
        reply(
            400,
            "",
            &format!(r#"{{"error":{{"message":"{KEY} is bad"}}}}"#),
        ),
        reply(302, &to, ""),
        reply(500, "", KEY),
        reply(200, "content-type: text/plain\r\n", &format!("no {KEY} no")),
        Act::json(format!(
            r#"{{"data":{{"total":"{KEY}"}},"code":0,"message":"ok"}}"#
        )),
        Act::html(502),
        Act::cut(),
        Act::json(NO_ACCOUNTS).half(),
    ];
    let mut errors = Vec::new();
    for act in acts {
        let server = Server::play([act]).await;
        let client = server.client();
        let list = client
            .accounts()
            .list()
            .header("x-note", "canary-header-value")
            .query("q", "canary-query-value")
            .retry(RetryPolicy::none());
        assert_clean("a request", &format!("{list:?} {list:#?}"));
        errors.push(list.await.expect_err("a bad answer"));
        let start = client
            .auth()
            .start(Platform::Tiktok)
            .query("q", "canary-query-value");
        errors.push(
            start
                .retry(RetryPolicy::none())
                .await
                .expect_err("a bad answer"),
        );
        assert_clean(
            "the client",
            &format!("{client:?} {client:#?} {:?}", client.api()),
        );
        // The test would prove nothing if the canaries did not go out at all.
        for canary in &CANARIES {
            assert!(server.requests()[0].contains(canary));
        }
    }
    let refused = Client::builder()
        .base_url("http://127.0.0.1:1")
        .api_key(KEY);
    assert_clean("the builder", &format!("{refused:?} {refused:#?}"));
    let refused = refused.retry(RetryPolicy::none()).build().expect("valid");
    errors.push(
        refused
            .accounts()
            .list()
            .query("q", "canary-query-value")
            .await
            .expect_err("refused"),
    );
    errors
}

fn assert_errors_clean(errors: &[Error]) {
    for error in errors {
        assert_clean(
            "an error",
            &format!("{error} {error:?} {error:#?} {}", error.advice()),
        );
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            assert_clean("a source", &format!("{inner} {inner:?}"));
            source = inner.source();
        }
        assert_eq!(error.to_string().lines().count(), 1, "{error}");
    }
}

#[tokio::test]
async fn neither_errors_nor_logs_show_it() {
    let log = Log::default();
    // Takes the records of the `log` crate, too: reqwest and others write there.
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(log.clone())
        .init();
    assert_errors_clean(&provoke().await);

    let text = log.text();
    assert_clean("the log", &text);
    // The log is not clean for being empty.
    for field in [
        "aitoearn.accounts_list",
        "http.request.method=\"GET\"",
        "url.template=\"/api/v2/channels/accounts\"",
        "server.address=\"127.0.0.1\"",
        "http.response.status_code=502",
        "aitoearn.code=401",
        "error.type=\"transport\"",
        "aitoearn.request_id=",
        "http.request.resend_count=0",
        "attempt failed",
    ] {
        assert!(text.contains(field), "{field} is missing in {text}");
    }
}

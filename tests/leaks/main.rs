//! The key, a signed address and a prompt are in the requests they belong to, and nowhere else.
//!
//! A binary of its own, with one test: a subscriber takes the logs of the whole process at `TRACE`,
//! those of the dependencies as well, while every operation and every flow runs against a service
//! that repeats what it was told wherever it can. Looked at is all that is logged, all that a
//! request, a flow, an error and its causes show of themselves, the text of panics, and every byte
//! that another host received.

mod canaries;
mod disguises;
mod flows;
mod hostile;
mod log;
mod operations;
#[path = "../faults/tls.rs"]
#[allow(dead_code, reason = "shared with the tests of faults")]
mod tls;

use std::sync::Arc;

use aitoearn_tests::server::{Act, Server};
use aitoearn_tests::tell;

use canaries::Findings;
use hostile::World;
use log::Log;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_gets_out() {
    let log = Log::of_this_process();
    let findings = Findings::default();
    let elsewhere = Server::start(|_| Act::json("{}")).await;
    let storage = Server::start(|_| Act::answer(200, "", "")).await;
    let world = Arc::new(World::new(elsewhere.url(), storage.url()));

    let calls = operations::all(&world, &findings).await;
    Box::pin(flows::all(&world, &findings)).await;
    let mut storages = flows::storages(&world, &findings).await;
    flows::panics(&world, &findings).await;
    operations::over_tls(&world, &findings).await;
    storages.push(storage);

    let text = log.text();
    for line in text.lines() {
        findings.look("the log", line);
    }
    assert_eq!(elsewhere.received(), b"", "a redirect was followed");
    for storage in &storages {
        stored(&findings, &storage.received());
    }
    let looks = findings.conclude();
    // Clean for being empty would be no feat.
    alive(&text);
    tell(format_args!(
        "leaks: no canary in {looks} places, {} lines of log among them, after {calls} calls of {} \
         operations in {} manners, and all flows",
        text.lines().count(),
        aitoearn_api::operations::ALL.len(),
        hostile::MANNERS.len(),
    ));
}

/// What a storage received: its own signature is all it may know.
fn stored(findings: &Findings, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    assert!(
        text.contains("put /assets/boat.png?"),
        "nothing was uploaded"
    );
    let without_its_own = text.replace(&canaries::SIGNATURE.to_lowercase(), "");
    findings.look("what the storage received", &without_its_own);
    for header in ["x-api-key", "authorization", "cookie", "referer", "x-goog"] {
        assert!(!text.contains(&format!("\n{header}")), "{header}: {text}");
    }
}

/// Each source of lines has written some.
fn alive(log: &str) {
    for line in [
        // Ours.
        "attempt failed",
        "aitoearn.accounts_list",
        "url.template=\"/api/v2/channels/accounts\"",
        "aitoearn.request_id=",
        // reqwest's, by way of the `log` crate.
        "reqwest::connect: starting new connection",
        // hyper's connector and pool.
        "hyper_util::client::legacy",
        // rustls'.
        "rustls::client",
        // The panics'.
        "a hook of the caller gave up",
        "a job of the caller gave up",
    ] {
        assert!(
            log.contains(line),
            "`{line}` is not in the log of {} bytes",
            log.len()
        );
    }
}

//! Every operation, however the service answers.

use std::{sync::Arc, time::Duration};

use aitoearn::{Client, RetryPolicy, Timeouts};
use aitoearn_tests::requests::{self, MEDIA, PROMPT, Sending};
use aitoearn_tests::server::Server;
use futures_util::{StreamExt as _, stream};

use crate::{
    canaries::{Findings, KEY},
    hostile::{MANNERS, Manner, World},
    tls,
};

/// Calls at the same time.
const AT_ONCE: usize = 32;

/// A service that has one manner, and a client of it.
pub(crate) async fn client_of(manner: &'static Manner, world: &Arc<World>) -> Client {
    let world = Arc::clone(world);
    let server = Server::start(move |heard| (manner.answer)(&world, heard)).await;
    let second = Duration::from_secs(1);
    // One retry, so that what is logged in between is seen, too.
    let policy = RetryPolicy::default()
        .max_retries(1)
        .backoff(Duration::from_millis(1), Duration::from_millis(1));
    Client::builder()
        .base_url(server.url())
        .api_key(KEY)
        .retry(policy)
        .timeouts(Timeouts::default().idle(second))
        .body_limit(100_000)
        .build()
        .expect("a client")
}

/// The same over TLS, for what its implementation logs: a good answer, a bad one, and a server that
/// is not trusted.
pub(crate) async fn over_tls(world: &Arc<World>, findings: &Findings) {
    for manner in &MANNERS[..2] {
        let there = Arc::clone(world);
        let server = Server::start(move |heard| (manner.answer)(&there, heard)).await;
        let url = tls::in_front_of(server.address(), tls::GOOD).await;
        let builder = || {
            Client::builder()
                .base_url(&url)
                .api_key(KEY)
                .retry(RetryPolicy::none())
        };
        let trusting = builder().http_client(tls::trusting());
        for client in [trusting.build(), builder().build()] {
            let client = client.expect("valid");
            let ask = client.images().generate("m", PROMPT).query("url", MEDIA);
            match ask.send_with_meta().await {
                Ok(response) => findings.debug("TLS", &response.call),
                Err(error) => findings.of_call("TLS", &error),
            }
        }
    }
}

/// Gives the number of calls.
pub(crate) async fn all(world: &Arc<World>, findings: &Findings) -> usize {
    let mut calls = 0;
    for manner in MANNERS {
        let client = client_of(manner, world).await;
        findings.debug("a client", &client);
        findings.debug("the low level's client", client.api());
        let samples = requests::table();
        calls += samples.len();
        let client = &client;
        stream::iter(samples)
            .for_each_concurrent(AT_ONCE, |sample| async move {
                let name = sample.operation.name;
                let silent = manner.name == "silence";
                let sending = Sending {
                    id: format!("call-of-{name}"),
                    timeout: Duration::from_millis(if silent { 100 } else { 30_000 }),
                };
                let made = sample.make(client, &sending);
                findings.look(&format!("the request of {name}"), &made.shown);
                let what = format!("{name}, {}", manner.name);
                match made.answer.await {
                    Ok(call) => findings.debug(&what, &call),
                    Err(error) => findings.of_call(&what, &error),
                }
            })
            .await;
    }
    calls
}

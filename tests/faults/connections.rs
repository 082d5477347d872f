//! Before the first byte.

use std::{net::TcpListener, time::Duration};

use aitoearn::{Error, RetryPolicy};
use aitoearn_mock::Act;

use crate::support::{NO_ACCOUNTS, builder, read, server};

const GROUP: &str = r#"{"data":{"id":"g1","name":"n","rank":0,"isDefault":false,"hasBrowserConfig":false,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z"},"code":0,"message":"ok","requestId":"r-1"}"#;

/// 102. The time of a call with an effect is over before there is a connection that takes its body:
/// the server accepts, and says nothing to the TLS handshake.
///
/// Outcome: `Error::Timeout` that says that nothing was sent, and not `Ambiguous`; it is tried again.
/// Where the body has left and no answer comes, the outcome is unknown.
#[tokio::test]
async fn f102_nothing_has_left() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let address = silent.local_addr().expect("bound");
    let limit = Duration::from_millis(150);
    let client = builder(&format!("https://{address}"))
        .build()
        .expect("valid");
    let create = client.account_groups().create("n").timeout(limit);
    let error = create.await.expect_err("no handshake");
    let Error::Timeout(timeout) = &error else {
        panic!("{error:?}");
    };
    assert!(timeout.is_unsent() && !timeout.is_queued(), "{timeout:?}");
    assert_eq!(error.attempts(), 3);
    assert!(error.to_string().contains("nothing was sent"), "{error}");
    assert!(
        error.advice().contains("nothing was sent"),
        "{}",
        error.advice()
    );

    let hangs = server([Act::silent()]);
    let client = builder(&hangs.base_url()).build().expect("valid");
    let create = client.account_groups().create("n").timeout(limit);
    let error = create.await.expect_err("no answer");
    assert!(matches!(error, Error::Ambiguous(_)), "{error:?}");
    let head = &hangs.requests()[0].head;
    assert!(
        head.to_ascii_lowercase().contains("content-length: 12"),
        "{head}"
    );
}

/// 103. More calls are made at a time than there may be connections.
///
/// Outcome: those beyond wait for their turn, each attempt as long as it may take; then it is
/// `Error::Timeout` that names the option, nothing was sent, and an effect is not `Ambiguous`.
#[tokio::test]
async fn f103_no_room() {
    let busy = server([Act::silent(), Act::json(GROUP), Act::json(NO_ACCOUNTS)]);
    let most = |most| builder(&busy.base_url()).max_connections(most);
    let none = most(0).build().expect_err("nobody could call");
    assert!(none.to_string().contains("max_connections"), "{none}");

    let once = most(1).retry(RetryPolicy::none()).build().expect("valid");
    let first = tokio::spawn({
        let client = once.clone();
        async move {
            client
                .accounts()
                .list()
                .timeout(Duration::from_millis(600))
                .await
        }
    });
    while busy.hits() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let create = || once.account_groups().create("n");
    let error = create()
        .timeout(Duration::from_millis(20))
        .await
        .expect_err("no room");
    let Error::Timeout(timeout) = &error else {
        panic!("{error:?}");
    };
    assert!(timeout.is_queued() && timeout.is_unsent(), "{timeout:?}");
    assert!(
        error.advice().contains("max_connections"),
        "{}",
        error.advice()
    );
    assert_eq!(busy.hits(), 1);

    // There is room once the first one has ended, and it is not the waiting that costs time.
    let created = create().timeout(Duration::from_secs(5)).await;
    assert_eq!(created.expect("its turn").id.as_str(), "g1");
    assert!(first.await.expect("no panic").is_err());
    read(&once).await.expect("free again");
}

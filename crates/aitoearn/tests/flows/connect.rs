//! Accounts connected, refused, expired, and not to be had this way.

use std::time::Duration;

use aitoearn::{
    Client, Code,
    flow::{CannotConnect, Connecting, NotConnected, Update},
    types::Platform,
};
use aitoearn_mock::{Fault, Sandbox, operations};

use crate::{calls, quick, sandbox};

async fn begin(client: &Client, platform: Platform) -> Connecting {
    client.auth().connect(platform).await.expect("begins")
}

#[tokio::test]
async fn from_the_page_to_the_account() {
    let (sandbox, client) = sandbox();
    let connecting = begin(&client, Platform::Tiktok).await;
    assert!(connecting.url().starts_with("http") && !connecting.is_image());
    let connected = connecting.wait().policy(quick()).await.expect("approved");
    let account = client.accounts().get(&connected.account_ids[0]).await;
    assert_eq!(account.expect("connected").type_, Platform::Tiktok);
    assert_eq!(connected.accounts.len(), 1);
    assert_eq!(calls(&sandbox, "auth_start"), 1);
    assert_eq!(calls(&sandbox, "auth_status"), 3);
}

#[tokio::test]
async fn a_qr_code_is_an_image() {
    let (_sandbox, client) = sandbox();
    let connecting = begin(&client, Platform::Douyin).await;
    assert!(connecting.is_image() && connecting.url().starts_with("data:image/"));
}

#[tokio::test]
async fn who_has_several_pages_is_told_to_choose_in_the_browser() {
    let (_sandbox, client) = sandbox();
    let connecting = begin(&client, Platform::Youtube).await;
    let mut updates = connecting.wait().policy(quick()).updates();
    let mut asked = Vec::new();
    let connected = loop {
        match updates.next().await.expect("goes on").expect("no end") {
            Update::Pending(session) => {
                asked.push((
                    session.requires_selection,
                    session.selectable_accounts.len(),
                ));
            }
            Update::Done(connected) => break connected,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(asked, [(false, 0), (true, 2)]);
    assert_eq!(connected.account_ids.len(), 2);
}

async fn failure(sandbox: &Sandbox, client: &Client, code: Code) -> NotConnected {
    sandbox.sessions().fail_next(code);
    let connecting = begin(client, Platform::Tiktok).await;
    let error = connecting
        .wait()
        .policy(quick())
        .await
        .expect_err("refused");
    assert!(error.to_string().contains(code.meaning()), "{error}");
    error.failure().expect("an end").clone()
}

#[tokio::test]
async fn refusals_say_what_they_mean_and_what_to_do() {
    let (sandbox, client) = sandbox();
    for code in [
        Code::CHANNEL_AUTHORIZATION_FAILED,
        Code::CHANNEL_AUTH_CODE_MISSING,
        Code::CHANNEL_ACCOUNT_ALREADY_CONNECTED_TO_ANOTHER_USER,
        Code::from(15999),
    ] {
        let refused = failure(&sandbox, &client, code).await;
        assert_eq!(refused, NotConnected::Refused { code: Some(code) });
        assert_eq!(refused.advice(), code.advice());
    }
}

#[tokio::test]
async fn a_session_ends_when_the_server_says_so() {
    let (sandbox, client) = sandbox();
    sandbox.sessions().hold();
    let wait = begin(&client, Platform::Tiktok)
        .await
        .wait()
        .policy(quick());
    let mut updates = wait.updates();
    let update = updates.next().await.expect("goes on").expect("no end");
    assert!(matches!(update, Update::Pending(_)));
    sandbox.clock().advance(Duration::from_secs(6 * 60));
    let error = loop {
        match updates.next().await.expect("an end") {
            Ok(Update::Pending(_)) => {}
            Ok(other) => panic!("{other:?}"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.failure(), Some(&NotConnected::Expired));
}

/// Ten minutes of difference between the clocks are none of our business.
#[tokio::test]
async fn our_own_clock_ends_nothing() {
    let (sandbox, client) = sandbox();
    sandbox.clock().advance(Duration::from_secs(10 * 60));
    let connecting = begin(&client, Platform::Tiktok).await;
    connecting.wait().policy(quick()).await.expect("approved");
}

#[tokio::test]
async fn a_restart_between_two_looks_is_survived() {
    let (sandbox, client) = sandbox();
    let wait = begin(&client, Platform::Tiktok)
        .await
        .wait()
        .policy(quick());
    for fault in [Fault::cut(), Fault::bad_gateway(), Fault::cut()] {
        sandbox.faults().next(&operations::AUTH_STATUS, fault);
    }
    wait.await.expect("approved all the same");
}

#[tokio::test]
async fn platforms_of_the_plug_in_are_refused_with_what_to_do() {
    let (sandbox, client) = sandbox();
    let error = client
        .auth()
        .connect(Platform::Xhs)
        .await
        .expect_err("plug-in");
    let CannotConnect::Unsupported {
        platform,
        error: cause,
    } = &error
    else {
        panic!("{error:?}");
    };
    assert_eq!(*platform, Platform::Xhs);
    assert_eq!(cause.code(), Some(Code::PLATFORM_NOT_SUPPORTED));
    assert!(error.to_string().contains("plug-in"), "{error}");

    sandbox
        .faults()
        .next(&operations::AUTH_START, Fault::code(401));
    let error = client
        .auth()
        .connect(Platform::Tiktok)
        .await
        .expect_err("401");
    assert!(matches!(error, CannotConnect::Call(_)));
}

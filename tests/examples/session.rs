//! `GET /api/v2/channels/accounts/auth/{platform}/status/{sessionId}` through the ergonomic client:
//! the operation that a program asks most often while its user looks at a browser.

use aitoearn::types::{AuthSession, AuthSessionStatus, Platform};
use aitoearn::{
    Client, Code, Error,
    error::{Category, RetryAdvice},
};
use aitoearn_mock::{Answer, MockServer, operations};
use aitoearn_tests::document::examples;
use serde_json::{Value, json};

const ACCOUNT: &str = "facebook_100072214430981";

/// What the client makes of one answer.
async fn ask(answer: Answer) -> Result<AuthSession, Error> {
    let server = MockServer::start();
    let calls = server
        .when(&operations::AUTH_STATUS)
        .path("platform", "facebook")
        .path("sessionId", "as_5k2Lq9")
        .key("ak_test-key")
        .answers(answer);
    let client = Client::builder()
        .base_url(server.base_url())
        .api_key("ak_test-key")
        .build()?;
    let outcome = client
        .auth()
        .status(Platform::Facebook, "as_5k2Lq9")
        .request_id("request-of-the-test")
        .await;
    calls.assert_once();
    outcome
}

/// The body of one example of the document.
fn example(name: &str) -> Value {
    let examples = examples();
    let found = examples.into_iter().find(|example| {
        example.operation.name == operations::AUTH_STATUS.name && example.name == name
    });
    found.expect(name).body
}

#[tokio::test]
async fn pending_with_accounts_to_choose_from() {
    let session = ask(Answer::ok(&json!({
        "sessionId": "as_5k2Lq9",
        "status": "pending",
        "requiresSelection": true,
        "expiresAt": "2026-05-18T09:45:00.000Z",
        "selectableAccounts": [
            { "platform": "facebook", "platformUid": "204417713390552", "displayName": "Jar Studio Fans" },
            { "platform": "facebook", "platformUid": "204417713390553", "displayName": "Jar Studio Shop" },
        ],
    })))
    .await
    .expect("pending");

    assert_eq!(session.session_id, "as_5k2Lq9");
    assert_eq!(session.status, AuthSessionStatus::Pending);
    assert!(session.requires_selection);
    assert_eq!(session.error_code, None);
    assert!(session.account_ids.is_empty() && session.accounts.is_empty());
    let offered: Vec<_> = session
        .selectable_accounts
        .iter()
        .map(|account| (&account.platform, account.platform_uid.as_str()))
        .collect();
    assert_eq!(
        offered,
        [
            (&Platform::Facebook, "204417713390552"),
            (&Platform::Facebook, "204417713390553"),
        ]
    );
}

#[tokio::test]
async fn completed_with_the_accounts_that_were_connected() {
    let session = ask(Answer::ok(&json!({
        "sessionId": "as_5k2Lq9",
        "status": "completed",
        "requiresSelection": false,
        "accountId": ACCOUNT,
        "accountIds": [ACCOUNT],
        "accounts": [{ "accountId": ACCOUNT, "platform": "facebook", "platformUid": "100072214430981", "displayName": "Jar Studio" }],
    })))
    .await
    .expect("completed");

    assert_eq!(session.status, AuthSessionStatus::Completed);
    assert_eq!(session.account_id, Some(ACCOUNT.into()));
    assert_eq!(session.account_ids, [ACCOUNT]);
    assert_eq!(session.accounts.len(), 1);
    assert_eq!(session.accounts[0].account_id, ACCOUNT);
    assert!(session.selectable_accounts.is_empty());
}

#[tokio::test]
async fn failed_with_a_code_of_the_same_table_as_errors() {
    let session = ask(Answer::ok(&json!({
        "sessionId": "as_5k2Lq9",
        "status": "failed",
        "requiresSelection": false,
        "errorCode": 15082,
    })))
    .await
    .expect("a failed session is an answer, not an error");

    assert_eq!(session.status, AuthSessionStatus::Failed);
    let code = session.error_code.expect("a failed session has a code");
    assert_eq!(code, Code::from(15082));
    assert!(code.name().is_some(), "{code}");
    assert!(!code.advice().is_empty());
}

#[tokio::test]
async fn the_example_of_success() {
    let session = ask(Answer::json(&example("success")))
        .await
        .expect("success");
    assert_eq!(session.status, AuthSessionStatus::Completed);
    assert!(session.accounts.is_empty() && !session.requires_selection);
}

#[tokio::test]
async fn completed_with_accounts() {
    let session = ask(Answer::ok(&json!({
        "sessionId": "as_5k2Lq9",
        "status": "completed",
        "requiresSelection": false,
        "expiresAt": "2026-05-18T09:45:00.000Z",
        "accounts": [{ "accountId": "facebook_204417713390552", "platform": "facebook", "platformUid": "204417713390552", "displayName": "Jar Studio" }],
        "selectableAccounts": [{
            "platform": "facebook", "platformUid": "204417713390552", "displayName": "Jar Studio",
            "parentPlatformUid": "100072214430981",
        }],
    })))
    .await
    .expect("completed");
    assert_eq!(session.status, AuthSessionStatus::Completed);
    assert_eq!(session.accounts[0].display_name, "Jar Studio");
    assert_eq!(
        session.selectable_accounts[0]
            .parent_platform_uid
            .as_deref(),
        Some("100072214430981")
    );
}

#[tokio::test]
async fn the_examples_of_errors() {
    let expected = [
        (
            "validationFailed10002",
            Code::VALIDATION_FAILED,
            Category::Validation,
            RetryAdvice::No,
        ),
        (
            "unauthorized401",
            Code::UNAUTHORIZED,
            Category::Auth,
            RetryAdvice::AfterReauth,
        ),
        (
            "channelAuthPlatformMismatch15040",
            Code::CHANNEL_AUTH_PLATFORM_MISMATCH,
            Category::Validation,
            RetryAdvice::No,
        ),
        (
            "channelAuthSessionInvalid15039",
            Code::CHANNEL_AUTH_SESSION_INVALID,
            Category::Auth,
            RetryAdvice::AfterReauth,
        ),
    ];
    for (name, code, category, retry) in expected {
        let body = example(name);
        let error = ask(Answer::json(&body)).await.expect_err(name);

        assert_eq!(error.code(), Some(code), "{name}");
        assert_eq!(error.category(), Some(category), "{name}");
        assert_eq!(error.advice(), code.advice(), "{name}");
        assert!(!error.is_retryable(), "{name}");
        assert_eq!(error.request_id(), Some("request-of-the-test"), "{name}");
        assert_eq!(error.operation(), Some(&operations::AUTH_STATUS), "{name}");
        assert_eq!(error.attempts(), 1, "{name}");
        let Error::Api(error) = error else {
            panic!("{name}: {error:?}");
        };
        assert_eq!(error.message, body["message"], "{name}");
        assert_eq!(error.timestamp_ms, body["timestamp"].as_i64(), "{name}");
        assert_eq!(error.retry(), retry, "{name}");
    }
}

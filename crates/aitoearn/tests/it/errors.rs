//! Whatever the other side answers, the outcome is a typed error that says enough.

use std::time::Duration;

use aitoearn::{
    Code, Error, RetryPolicy,
    error::{BodyKind, Category},
    types::Platform,
};

use crate::server::{Act, KEY, NO_ACCOUNTS, STARTED, Server, reply};

/// The error of a list of accounts that meets this answer, without retries.
async fn list(act: Act) -> Error {
    let server = Server::play([act]).await;
    let once = aitoearn::RetryPolicy::none();
    server
        .client()
        .accounts()
        .list()
        .retry(once)
        .await
        .expect_err("a bad answer")
}

/// The same of a client that takes no odd answers.
async fn strict_list(act: Act) -> Error {
    let server = Server::play([act]).await;
    let strict = server.builder().strict_answers(true).build().expect("fine");
    strict.accounts().list().await.expect_err("a bad answer")
}

/// `fn main() -> Result<(), Box<dyn std::error::Error>>` prints what `Debug` writes.
#[tokio::test]
async fn what_leaves_main_reads_well() {
    let refusal = r#"{"code":12600,"data":{},"message":"Account not found","requestId":"r-8"}"#;
    let gateway = reply(502, "content-type: text/html\r\n", "<h1>Bad Gateway</h1>");
    let config = aitoearn::Client::builder().build().expect_err("no server");
    let errors: [(&str, Box<dyn std::error::Error>); 3] = [
        ("12600", list(Act::json(refusal)).await.into()),
        ("502", list(gateway).await.into()),
        ("site", config.into()),
    ];
    for (part, error) in errors {
        let shown = format!("{error:?}");
        let mut lines = shown.lines();
        let first = lines.next().unwrap_or_default();
        assert_eq!(first, error.to_string());
        assert!(first.contains(part), "{shown}");
        let error = error.downcast_ref::<Error>().expect("ours");
        assert_eq!(shown.matches(error.advice()).count(), 1, "{shown}");
        if let Some(id) = error.request_id() {
            assert_eq!(shown.matches(id).count(), 1, "{shown}");
        }
        assert!(!shown.contains('{'), "{shown}");
        // Whoever looks for the fields finds them.
        assert!(format!("{error:#?}").contains('{'));
    }
}

#[tokio::test]
async fn a_business_error_is_one_whatever_data_is() {
    for data in [
        "",
        r#""data":{},"#,
        r#""data":[],"#,
        r#""data":null,"#,
        r#""data":"x","#,
        r#""data":true,"#,
    ] {
        for order in [
            format!(
                r#"{{{data}"code":12600,"message":"Account not found","timestamp":1,"requestId":"r-7"}}"#
            ),
            format!(r#"{{"code":12600,{data}"message":"Account not found","requestId":"r-7"}}"#),
        ] {
            let error = list(Act::json(&order)).await;
            assert!(
                matches!(&error, Error::Api(error) if error.code == Code::ACCOUNT_NOT_FOUND),
                "{error:?}"
            );
            assert_eq!(error.code(), Some(Code::ACCOUNT_NOT_FOUND));
            assert_eq!(error.category(), Some(Category::NotFound));
            assert_eq!(error.request_id(), Some("r-7"));
            assert_eq!(
                error.operation().map(|operation| operation.name),
                Some("accounts_list")
            );
            assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
            assert!(!error.is_retryable());
            let text = error.to_string();
            for part in [
                "accounts_list",
                "AccountNotFound (12600)",
                "Account not found",
                "r-7",
            ] {
                assert!(text.contains(part), "{text}");
            }
        }
    }
}

#[tokio::test]
async fn the_services_own_word_on_retries_beats_the_table() {
    let platform = |retryable| {
        Act::json(format!(
            r#"{{"data":{{"platform":"tiktok","retryable":{retryable}}},"code":15070,"message":"no"}}"#
        ))
    };
    assert!(list(platform(true)).await.is_retryable());
    assert!(!list(platform(false)).await.is_retryable());

    let throttled = list(Act::json(
        r#"{"data":{"ttl":60},"code":429,"message":"no"}"#,
    ))
    .await;
    assert_eq!(throttled.retry_after(), Some(Duration::from_secs(60)));
    assert_eq!(throttled.category(), Some(Category::RateLimit));
}

#[tokio::test]
async fn a_refused_effect_is_retryable_only_if_nothing_can_have_happened() {
    let start = async |body: &str| {
        let server = Server::play([Act::json(body)]).await;
        server
            .client()
            .auth()
            .start(Platform::Tiktok)
            .await
            .expect_err("refused")
    };
    assert!(
        start(r#"{"data":{"retryable":true},"code":15070,"message":"no"}"#)
            .await
            .is_retryable()
    );
    assert!(
        !start(r#"{"data":{},"code":500,"message":"no"}"#)
            .await
            .is_retryable()
    );
}

#[tokio::test]
async fn a_message_of_several_lines_is_shown_on_one() {
    let error = list(Act::json(
        r#"{"code":1,"message":"a\r\nb\u001b[31m","data":{}}"#,
    ))
    .await;
    let text = error.to_string();
    assert!(!text.contains(char::is_control), "{text:?}");
}

#[tokio::test]
async fn a_web_page_is_told_for_what_it_is() {
    let page = list(Act::html(200)).await;
    assert!(
        matches!(&page, Error::Decode(error) if error.kind == BodyKind::Html),
        "{page:?}"
    );
    assert!(page.to_string().contains("HTML"), "{page}");

    let gateway = list(Act::html(502)).await;
    assert!(
        matches!(&gateway, Error::Http(error) if error.status.as_u16() == 502),
        "{gateway:?}"
    );
    assert_eq!(gateway.category(), Some(Category::Internal));
    assert!(gateway.is_retryable());
    // The id that was sent, since nobody answered with one.
    assert_eq!(gateway.request_id().map(str::len), Some(36));

    let too_large = list(Act::html(413)).await;
    assert_eq!(too_large.category(), Some(Category::Validation));
    assert!(!too_large.is_retryable());
}

#[tokio::test]
async fn an_envelope_under_an_http_error_is_still_the_services_word() {
    let body = r#"{"data":{},"code":12600,"message":"no","requestId":"r-8"}"#;
    let error = list(reply(404, "content-type: application/json\r\n", body)).await;
    assert!(matches!(&error, Error::Api(_)), "{error:?}");
    assert_eq!(error.code(), Some(Code::ACCOUNT_NOT_FOUND));
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
}

#[tokio::test]
async fn an_answer_of_another_shape_names_the_place() {
    let body =
        r#"{"data":{"total":1,"list":[{"id":7}]},"code":0,"message":"ok","requestId":"r-2"}"#;
    let error = strict_list(Act::json(body)).await;
    let Error::Decode(decode) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(decode.path, "data.list[0].id");
    assert!(!error.is_retryable());
    let text = error.to_string();
    assert!(
        text.contains("accounts_list") && text.contains("data.list[0].id"),
        "{text}"
    );

    let missing = strict_list(Act::json(r#"{"code":0,"message":"ok"}"#)).await;
    assert!(missing.to_string().contains("data"), "{missing}");
}

#[tokio::test]
async fn json_that_ends_too_early_is_never_taken_for_complete() {
    let whole = NO_ACCOUNTS;
    let cut = list(Act::json(&whole[..whole.len() - 5])).await;
    assert!(
        matches!(&cut, Error::Decode(error) if error.kind == BodyKind::Truncated),
        "{cut:?}"
    );
    let lost = list(Act::json(whole).half()).await;
    assert!(
        matches!(&lost, Error::Transport(error) if error.is_inside_answer()),
        "{lost:?}"
    );
    let empty = list(reply(200, "", "")).await;
    assert!(
        matches!(&empty, Error::Decode(error) if error.kind == BodyKind::Empty),
        "{empty:?}"
    );
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let body = format!(
        r#"{{"data":{{"total":0,"list":[]}},"code":0,"message":"{}"}}"#,
        "x".repeat(4096)
    );
    let server = Server::play([Act::json(&body)]).await;
    let client = server.builder().body_limit(4096).build().expect("valid");
    let error = client.accounts().list().await.expect_err("too large");
    assert!(
        matches!(&error, Error::TooLarge(error) if error.limit() == 4096),
        "{error:?}"
    );
    assert_eq!(server.hits(), 1, "it would only be too large again");
    server
        .client()
        .accounts()
        .list()
        .await
        .expect("the default is larger");
}

#[tokio::test]
async fn a_timeout_says_how_long_it_waited() {
    let server = Server::play([Act::silent()]).await;
    let limit = Duration::from_millis(30);
    let once = aitoearn::RetryPolicy::none();
    let list = server.client().accounts().list().retry(once).timeout(limit);
    let error = list.await.expect_err("silence");
    assert!(
        matches!(&error, Error::Timeout(error) if error.limit() == limit),
        "{error:?}"
    );
    assert!(error.to_string().contains("30ms"), "{error}");
    assert!(error.is_retryable());
    assert_eq!(error.status(), None);
}

#[tokio::test]
async fn a_lost_effect_says_what_to_do() {
    let server = Server::play([Act::cut(), Act::json(STARTED)]).await;
    let error = server
        .client()
        .auth()
        .start(Platform::Tiktok)
        .await
        .expect_err("lost");
    let Error::Ambiguous(unknown) = &error else {
        panic!("{error:?}");
    };
    assert!(matches!(unknown.cause(), Error::Transport(_)));
    assert_eq!(unknown.call().operation().name, "auth_start");
    assert!(unknown.what_may_have_happened().contains("session"));
    assert_eq!(error.advice(), unknown.how_to_find_out());
    assert!(!error.is_retryable());
    assert!(
        error
            .request_id()
            .is_some_and(|id| error.to_string().contains(id)),
        "{error}"
    );
    assert_eq!(error.to_string().lines().count(), 1);
    let source = std::error::Error::source(&error).expect("the cause");
    assert!(source.downcast_ref::<Error>().is_some());
}

#[tokio::test]
async fn a_missing_key_is_told_before_anything_is_sent() {
    let server = Server::play([Act::json(r#"{"data":[],"code":0,"message":"ok"}"#)]).await;
    let url = format!("http://{}", server.address);
    let client = aitoearn::Client::builder()
        .base_url(url)
        .build()
        .expect("valid");
    let error = client.accounts().list().await.expect_err("no key");
    assert!(matches!(&error, Error::Config(_)), "{error:?}");
    assert!(error.to_string().contains("accounts_list"), "{error}");
    assert_eq!((server.hits(), error.attempts()), (0, 0));

    client.platforms().list().await.expect("public");
    assert!(!server.requests()[0].contains(KEY));
}

#[test]
fn errors_are_small_and_travel() {
    fn travels<T: Send + Sync + 'static>() {}
    travels::<Error>();
    travels::<aitoearn::Client>();
    assert!(size_of::<Error>() <= 16, "{}", size_of::<Error>());
}

#[tokio::test]
async fn advice_fits_who_answered() {
    // The gateway, in its own way.
    for (status, words) in [
        (401, "the site it was made on, and any proxy"),
        (403, "a proxy or a firewall"),
        (404, "base URL, with its path"),
        (413, "Send less"),
        (429, "retry_after"),
        (500, "a gateway answered in place of the service"),
        (502, "a gateway answered in place of the service"),
        (418, "any proxy"),
    ] {
        let server = Server::play([Act::html(status)]).await;
        let call = server.client().accounts().list();
        let error = call.retry(RetryPolicy::none()).await.expect_err("a page");
        assert!(
            error.advice().contains(words),
            "{status}: {}",
            error.advice()
        );
    }
    // A model's provider, whatever the status under which its word is handed on.
    let busy = r#"{"error":{"message":"busy","type":"overloaded_error"}}"#;
    for (status, words) in [
        (200, "busy"),
        (529, "busy"),
        (500, "provider failed"),
        (400, "has to change"),
    ] {
        let server =
            Server::play([Act::answer(status, busy).header("content-type", "application/json")])
                .await;
        let relay = server.client().relay();
        let call = relay.chat_completions("m").user("hi");
        let error = call.retry(RetryPolicy::none()).await.expect_err("refused");
        let advice = match &error {
            Error::Ambiguous(unknown) => unknown.cause().advice(),
            error => error.advice(),
        };
        assert!(advice.contains(words), "{status}: {advice}");
    }
}

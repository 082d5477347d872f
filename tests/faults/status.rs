//! Status and headers.

use std::time::{Duration, SystemTime};

use aitoearn::{
    Client, Error,
    error::{BodyKind, Category},
};
use aitoearn_mock::{Act, RawServer};
use tokio::time::Instant;

use crate::support::{KEY, NO_ACCOUNTS, STARTED, client, effect, read, server};

/// A client with the retries and the waits that it has by default.
fn patient(server: &RawServer) -> Client {
    let builder = Client::builder().base_url(server.base_url()).api_key(KEY);
    builder.build().expect("valid settings")
}

/// A call of which a repetition would be billed: `video_generate`.
async fn generate(client: &Client) -> Result<(), Error> {
    client.video().generate("m", "a paper boat").await.map(drop)
}

fn status(status: u16) -> Act {
    Act::answer(status, "")
}

/// 30. 429 with `Retry-After: 2`.
///
/// Outcome: the next attempt is 2 s later, up to a tenth more; effects are repeated, too, because
/// the service did nothing.
#[tokio::test(start_paused = true)]
async fn f30_retry_after() {
    for number in 0..2 {
        let good = if number == 0 { NO_ACCOUNTS } else { STARTED };
        let server = server([status(429).header("retry-after", "2"), Act::json(good)]);
        let client = patient(&server);
        let begun = Instant::now();
        match number {
            0 => drop(read(&client).await.expect("the second attempt")),
            _ => drop(effect(&client).await.expect("the second attempt")),
        }
        let waited = begun.elapsed().as_secs_f64();
        assert!((2.0..2.21).contains(&waited), "{waited}");
        assert_eq!(server.hits(), 2);
    }
}

/// 31. `Retry-After` as a date, in the past, negative, as a word, too large for any number, and as an
///     hour.
///
/// Outcome: a date counts from now, one in the past is no wait of the service's. What cannot be read
/// is ignored. An hour is more than the client waits: the error comes at once and has it in
/// `retry_after()`.
#[tokio::test(start_paused = true)]
async fn f31_odd_retry_after() {
    // Whole seconds, so up to one of them is lost.
    let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(20));
    let own = 0.3..0.6;
    for (header, waits) in [
        (soon.as_str(), 18.0..22.1),
        ("Wed, 21 Oct 2015 07:28:00 GMT", own.clone()),
        ("0", own.clone()),
        ("-1", own.clone()),
        ("abc", own.clone()),
        ("100000000000000000000", own.clone()),
        ("1.5", own),
    ] {
        let server = server([
            status(503).header("retry-after", header),
            Act::json(NO_ACCOUNTS),
        ]);
        let begun = Instant::now();
        read(&patient(&server)).await.expect("the second attempt");
        let waited = begun.elapsed().as_secs_f64();
        assert!(waits.contains(&waited), "{header}: {waited}");
    }
    let server = server([status(429).header("retry-after", "3600")]);
    let begun = Instant::now();
    let error = read(&patient(&server)).await.expect_err("too long a wait");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert!(error.is_retryable() && error.attempts() == 1);
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

/// 32. 500, 502, 503, 504 and 408.
///
/// Outcome: a read is tried three times. A generation is tried again after 503 (and 429) only, which
/// say that nothing was done; after 500, 502 and 504 its outcome is `Ambiguous`.
#[tokio::test]
async fn f32_server_errors() {
    for (code, attempts, kind) in [
        (500, 1, "ambiguous"),
        (502, 1, "ambiguous"),
        (503, 3, "http"),
        (504, 1, "ambiguous"),
        (408, 1, "http"),
        (429, 3, "http"),
    ] {
        let reads = server([status(code)]);
        let error = read(&client(&reads)).await.expect_err("an error");
        assert_eq!((reads.hits(), error.kind()), (3, "http"), "{code}");

        let effects = server([status(code)]);
        let error = generate(&client(&effects)).await.expect_err("an error");
        assert_eq!((effects.hits(), error.kind()), (attempts, kind), "{code}");
        assert_eq!(error.status().map(|it| it.as_u16()), Some(code));
    }
}

/// 33. 401, 403 and 404.
///
/// Outcome: one attempt, and the category says what kind of trouble it is.
#[tokio::test]
async fn f33_client_errors() {
    for (code, category) in [
        (401, Category::Auth),
        (403, Category::Auth),
        (404, Category::NotFound),
    ] {
        for act in [status(code), Act::html(code)] {
            let server = server([act]);
            let error = read(&client(&server)).await.expect_err("an error");
            assert!(matches!(error, Error::Http(_)), "{error:?}");
            assert_eq!(
                (error.category(), server.hits()),
                (Some(category), 1),
                "{code}"
            );
            assert!(!error.is_retryable());
        }
    }
}

/// 34. A web page under HTTP 200, as a captive portal or a gateway sends it.
///
/// Outcome: `Error::Decode` that calls it a web page, with excerpt and content type; one attempt. An
/// effect is `Ambiguous`: the page may stand in the place of an answer.
#[tokio::test]
async fn f34_web_page() {
    let reads = server([Act::html(200)]);
    let error = read(&client(&reads)).await.expect_err("a page");
    let Error::Decode(page) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(
        (page.kind, page.content_type.as_deref()),
        (BodyKind::Html, Some("text/html"))
    );
    assert!(page.excerpt.contains("<html>"), "{}", page.excerpt);
    assert!(error.to_string().contains("HTML"), "{error}");
    assert!(!error.is_retryable() && reads.hits() == 1);

    let effects = server([Act::html(200)]);
    let error = generate(&client(&effects)).await.expect_err("a page");
    assert!(matches!(error, Error::Ambiguous(_)), "{error:?}");
    assert_eq!(effects.hits(), 1);
}

/// 35. HTTP 200 without a body, and 204.
///
/// Outcome: `Error::Decode` of the kind `Empty`, also where an operation returns nothing: the service
/// always says how a call went, so no word is no success.
#[tokio::test]
async fn f35_empty_body() {
    for code in [200, 204] {
        let server = server([status(code)]);
        let client = client(&server);
        let errors = [
            read(&client).await.expect_err("nothing"),
            client.accounts().delete("a").await.expect_err("nothing"),
        ];
        for error in errors {
            assert!(
                matches!(&error, Error::Decode(it) if it.kind == BodyKind::Empty),
                "{code}: {error:?}"
            );
            assert_eq!(error.attempts(), 1);
        }
    }
}

/// 36. 413 and 414 from a gateway.
///
/// Outcome: the category is `Validation`, and the request is not sent again: it would be as large.
#[tokio::test]
async fn f36_request_too_large() {
    for code in [413, 414] {
        let server = server([Act::html(code)]);
        let client = client(&server);
        for error in [
            read(&client).await.expect_err("too large"),
            generate(&client).await.expect_err("too large"),
        ] {
            assert_eq!(
                (error.category(), error.attempts()),
                (Some(Category::Validation), 1)
            );
            assert!(!error.is_retryable());
        }
        assert_eq!(server.hits(), 2);
    }
}

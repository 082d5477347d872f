//! Requests.

use std::time::{Duration, SystemTime};

use aitoearn::{
    Client, Error, Method, Timestamp,
    flow::{ImageJob, PollPolicy, WaitReason},
};
use aitoearn_mock::{Act, RawServer};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::support::{ASSET, KEY, NO_ACCOUNTS, STARTED, client, effect, server};

const REFUSED: &str = r#"{"data":{},"code":12600,"message":"no"}"#;

/// 76. An argument that becomes part of the path holds `../`, `/`, `%2F`, `:`, other scripts, or
///     nothing.
///
/// Outcome: encoded as one segment. Nothing, steps of dots, backslashes and control characters are
/// `Error::InvalidInput`, and nothing is sent. The `:generateContent` of Gemini's paths stays as it
/// is.
#[tokio::test]
async fn f76_path_arguments() {
    let server = server([Act::json(REFUSED)]);
    let client = client(&server);
    let last = || server.requests().pop().expect("sent").target().to_owned();
    for (id, sent) in [
        ("../platforms", "..%2Fplatforms"),
        ("a/b", "a%2Fb"),
        ("%2F", "%252F"),
        ("a?x=1#y", "a%3Fx=1%23y"),
        ("快 手", "%E5%BF%AB%20%E6%89%8B"),
        ("a:b", "a:b"),
    ] {
        client
            .accounts()
            .get(id)
            .await
            .expect_err("refused by the server");
        assert_eq!(last(), format!("/api/v2/channels/accounts/{sent}"));
    }
    for (model, sent) in [("gemini-2", "gemini-2"), ("a/b:c", "a%2Fb:c")] {
        let request = client.relay().gemini_generate(model).user("hi");
        request.await.expect_err("refused by the server");
        assert_eq!(
            last(),
            format!("/api/ai/v1beta/models/{sent}:generateContent")
        );
    }
    let hits = server.hits();
    for id in ["", ".", "..", "a\\b", "a\r\nb", "a\0"] {
        let error = client.accounts().get(id).await.expect_err(id);
        assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
        let error = client
            .relay()
            .gemini_generate(id)
            .user("hi")
            .await
            .expect_err(id);
        assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
    }
    assert_eq!(server.hits(), hits, "something was sent");
}

/// 77. Lists, moments, `+`, `&`, `=`, `%` and Chinese in a query.
///
/// Outcome: the server reads the same values. Lists are `ids[]=a&ids[]=b`; moments are sent in UTC
/// to the millisecond.
#[tokio::test]
async fn f77_query_arguments() {
    let server = server([Act::json(NO_ACCOUNTS)]);
    let client = client(&server);
    let odd = ["a+b", "c&d=e", "100%", "快手", "%2B", " x"];
    let list = client.accounts().list().ids(odd).query("x[]&", "y+ z");
    list.await.expect("read");
    let mut expected: Vec<_> = odd
        .iter()
        .map(|id| ("ids[]".to_owned(), (*id).to_owned()))
        .collect();
    expected.push(("x[]&".to_owned(), "y+ z".to_owned()));
    assert_eq!(query(&server), expected);

    let since: Timestamp = "2026-03-05T09:00:00+08:00".parse().expect("a moment");
    let until = SystemTime::UNIX_EPOCH + Duration::from_millis(1_772_672_400_123);
    let records = client.publish().records().list().between(since, until);
    records.await.expect_err("another shape");
    let values = query(&server).pop().expect("a period").1;
    assert_eq!(values, "2026-03-05T01:00:00.000Z,2026-03-05T01:00:00.123Z");
}

/// The query of the last request, taken apart by the rules of forms.
fn query(server: &RawServer) -> Vec<(String, String)> {
    let request = server.requests().pop().expect("a request");
    let (_, query) = request.target().split_once('?').expect("a query");
    let decoded = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced)
            .decode_utf8()
            .expect("UTF-8")
            .into_owned()
    };
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// 78. A line break in any text of the caller that goes into a head.
///
/// Outcome: refused where it is given, or encoded; no request carries a line that is not ours.
#[tokio::test]
async fn f78_header_injection() {
    const EVIL: &str = "a\r\nx-evil: 1";
    let server = server([Act::json(NO_ACCOUNTS)]);
    let settings = || Client::builder().base_url(server.base_url());
    assert!(settings().api_key(EVIL).build().is_err());
    assert!(settings().user_agent(EVIL).build().is_err());
    assert!(
        Client::builder()
            .base_url(format!("{}/{EVIL}", server.base_url()))
            .api_key(KEY)
            .build()
            .is_err()
    );

    let client = client(&server);
    let list = || client.accounts().list();
    for wrong in [
        list().header("x-note", EVIL),
        list().header(EVIL, "a"),
        list().request_id(EVIL),
    ] {
        let error = wrong.await.expect_err("refused");
        assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
    }
    let custom = client.request(Method::Get, format!("/api/{EVIL}"));
    assert!(matches!(
        custom.send::<Value>().await,
        Err(Error::InvalidInput(_))
    ));
    let path = client.accounts().get(EVIL).await;
    assert!(matches!(path, Err(Error::InvalidInput(_))), "{path:?}");
    assert_eq!(server.hits(), 0);

    // In a query it is a value like any other.
    list().ids([EVIL]).query(EVIL, EVIL).await.expect("encoded");
    assert!(server.requests()[0].header("x-evil").is_none());
}

/// 79. One client in 100 tasks, and in several runtimes one after the other.
///
/// Outcome: each call has its own answer, and connections of a runtime that is gone are replaced
/// silently. The blocking client has a runtime of its own, and works wherever it is called.
#[test]
fn f79_one_client_for_all() {
    let runtime = || tokio::runtime::Runtime::new().expect("a runtime");
    let serving = runtime();
    let _entered = serving.enter();
    let server = RawServer::choose(|_, request| {
        let id = request
            .and_then(|it| it.header("x-request-id"))
            .unwrap_or_default();
        Act::json(NO_ACCOUNTS.replace("r-1", id))
    })
    .expect("loopback");
    let client = client(&server);
    for round in 0..3 {
        let client = client.clone();
        // Dropped at the end of each round, and its connections with it.
        runtime().block_on(async move {
            let calls: Vec<_> = (0..100)
                .map(|number| {
                    let id = format!("{round}-{number}");
                    let call = client.accounts().list().request_id(&id).send_with_meta();
                    (id, tokio::spawn(call))
                })
                .collect();
            for (id, call) in calls {
                let answer = call.await.expect("no panic").expect("an answer");
                assert_eq!((answer.request_id(), answer.call.attempts()), (&*id, 1));
            }
        });
    }
    assert_eq!(server.hits(), 300);
}

/// 80. The clock on the wall jumps, or stands still, while a retry or a poll waits.
///
/// Outcome: waits go by tokio's monotonic clock. Here the two part: an hour of waiting passes while
/// the clock on the wall stands.
#[tokio::test(start_paused = true)]
async fn f80_clock_on_the_wall() {
    let wall = SystemTime::now();
    let begun = Instant::now();
    let throttled = server([
        Act::answer(429, "").header("retry-after", "50"),
        Act::json(STARTED),
    ]);
    let patient = Client::builder()
        .base_url(throttled.base_url())
        .api_key(KEY);
    effect(&patient.build().expect("valid"))
        .await
        .expect("the second attempt");
    assert!(begun.elapsed() >= Duration::from_secs(50));

    let moment = "2026-01-01T00:00:00.000Z";
    let pending = json!({
        "logId": ASSET, "status": "generating", "points": 0, "images": [], "request": {},
        "response": {}, "startedAt": moment, "createdAt": moment, "updatedAt": moment,
    });
    let pending = json!({ "data": pending, "code": 0, "message": "ok" }).to_string();
    let task = server([Act::json(pending)]);
    let job = ImageJob { id: ASSET.into() };
    let policy = PollPolicy::every(Duration::from_secs(60)).deadline(Duration::from_secs(3600));
    let begun = Instant::now();
    let error = client(&task)
        .wait_for(job)
        .policy(policy)
        .await
        .expect_err("never ready");
    assert!(
        matches!(error.reason(), WaitReason::Deadline { .. }),
        "{error:?}"
    );
    assert_eq!(begun.elapsed().as_secs() / 60, 60);
    assert!((55..=66).contains(&task.hits()), "{}", task.hits());
    let real = wall
        .elapsed()
        .expect("the wall clock of a test does not go back");
    assert!(real < Duration::from_secs(60), "{real:?}");
}

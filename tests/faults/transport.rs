//! Transport.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use aitoearn::{Client, Error, RetryPolicy, types::Platform};
use aitoearn_mock::{Act, Cue, RawServer, Then};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::time::Instant;

use crate::{
    not_applicable,
    support::{
        NO_ACCOUNTS, STARTED, alone, builder, client, effect, most_held, paused, read, server,
        shown, until_open,
    },
    tls,
};

const SECOND: Duration = Duration::from_secs(1);

/// How long an attempt at a read may take, by default.
const LIMIT: Duration = Duration::from_secs(30);

fn once(server: &RawServer) -> Client {
    let builder = builder(&server.base_url()).retry(RetryPolicy::none());
    builder.build().expect("valid settings")
}

/// A name server that knows nobody, and counts who asks.
struct NoSuchHost(Arc<AtomicUsize>);

impl Resolve for NoSuchHost {
    fn resolve(&self, _: Name) -> Resolving {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Err::<Addrs, _>("no such host".into()) })
    }
}

/// 15. Nobody listens at the address, or the host's name is unknown.
///
/// Outcome: nothing was sent, so every class of operation is tried three times; then
/// `Error::Connect`.
#[tokio::test]
async fn f15_no_connection() {
    let refused = builder("http://127.0.0.1:1").build().expect("valid");
    let asked = Arc::new(AtomicUsize::new(0));
    let http = aitoearn::http_client_builder().dns_resolver(NoSuchHost(Arc::clone(&asked)));
    let unknown = builder("https://service.example").http_client(http.build().expect("valid"));
    let unknown = unknown.build().expect("valid");
    for (client, is_dns, host) in [
        (refused, false, "127.0.0.1"),
        (unknown, true, "service.example"),
    ] {
        for error in [
            read(&client).await.expect_err("nobody"),
            effect(&client).await.expect_err("nobody"),
        ] {
            let Error::Connect(connect) = &error else {
                panic!("{error:?}");
            };
            assert_eq!((connect.is_dns(), connect.server()), (is_dns, host));
            assert!(error.attempts() == 3 && error.is_retryable(), "{error:?}");
            assert!(error.to_string().contains(host), "{error}");
        }
    }
    assert_eq!(asked.load(Ordering::Relaxed), 6);
}

/// 16. A certificate for another host, from nobody, or out of date; and no TLS at all.
///
/// Outcome: `Error::Connect` with `is_tls()`; it would be the same again, so there is one attempt.
#[tokio::test]
async fn f16_bad_certificate() {
    let behind = server([Act::json(NO_ACCOUNTS)]);
    let good = tls::in_front_of(behind.address(), tls::GOOD).await;
    let trusting = |url: &str| builder(url).http_client(tls::trusting()).build();
    read(&trusting(&good).expect("valid"))
        .await
        .expect("a good certificate");

    let plain = server([Act::raw("HTTP/1.1 400 Bad Request\r\n\r\n").at(Cue::Connected)]);
    let mut clients = vec![
        trusting(&format!("https://{}", plain.address())).expect("valid"),
        // The default client trusts whom this machine trusts: not the CA of these tests.
        builder(&good).build().expect("valid"),
    ];
    for certificate in [tls::OTHER_NAME, tls::EXPIRED, tls::SELF_SIGNED] {
        let url = tls::in_front_of(behind.address(), certificate).await;
        clients.push(trusting(&url).expect("valid"));
    }
    for client in clients {
        for error in [
            read(&client).await.expect_err("not trusted"),
            effect(&client).await.expect_err("not trusted"),
        ] {
            assert!(
                matches!(&error, Error::Connect(it) if it.is_tls()),
                "{error:?}"
            );
            assert!(error.attempts() == 1 && !error.is_retryable(), "{error:?}");
            assert!(error.advice().contains("certificate"), "{}", error.advice());
        }
    }
    assert_eq!((plain.connections(), behind.hits()), (2, 1));
}

/// 17. The server closes a connection that the client keeps for the next call.
///
/// Outcome: if nothing of the call was sent, it goes over a new connection, silently and for every
/// class; if something was, the outcome of an effect is `Ambiguous`.
#[tokio::test]
async fn f17_idle_connection_closed() {
    let closes = |act: Act| act.then(Then::Close);
    let acts = [closes(Act::json(STARTED)), Act::json(STARTED), Act::reset()];
    let server = server(acts);
    let client = client(&server);
    for connections in 1..=2 {
        let start = client.auth().start(Platform::Tiktok).send_with_meta();
        assert_eq!(start.await.expect("an answer").call.attempts(), 1);
        assert_eq!(server.connections(), connections);
    }
    // The second connection is kept, takes the request, and is reset.
    let error = effect(&client).await.expect_err("reset");
    assert!(matches!(error, Error::Ambiguous(_)), "{error:?}");
    assert_eq!((server.connections(), server.hits()), (2, 3));
}

/// 18. The connection is reset after the request was sent and before any header.
///
/// Outcome: a read is sent again; an effect is sent once and is `Ambiguous`.
#[tokio::test]
async fn f18_reset_before_headers() {
    for act in [
        Act::reset(),
        Act::cut(),
        Act::raw("HTTP/1.1 20").then(Then::Reset),
    ] {
        let reads = server([act.clone(), Act::json(NO_ACCOUNTS)]);
        read(&client(&reads)).await.expect("the second attempt");
        assert_eq!(reads.hits(), 2);

        let effects = server([act, Act::json(STARTED)]);
        let error = effect(&client(&effects)).await.expect_err("lost");
        let Error::Ambiguous(unknown) = &error else {
            panic!("{error:?}");
        };
        assert!(matches!(unknown.cause(), Error::Transport(it) if !it.is_inside_answer()));
        assert_eq!((effects.hits(), error.attempts()), (1, 1));
    }
}

/// 19. The connection breaks in the middle of a body whose length was announced.
///
/// Outcome: `Error::Transport` with `is_inside_answer()`; a read is sent again, an effect is
/// `Ambiguous`. How many bytes came is not told: it helps nobody to decide anything.
#[tokio::test]
async fn f19_broken_body() {
    for then in [Then::Close, Then::Reset] {
        let half = Act::json(NO_ACCOUNTS).half().then(then);
        let reads = server([half.clone()]);
        let error = read(&client(&reads)).await.expect_err("cut");
        assert!(
            matches!(&error, Error::Transport(it) if it.is_inside_answer()),
            "{error:?}"
        );
        assert_eq!((reads.hits(), error.attempts()), (3, 3));
        assert_eq!(error.status().map(|it| it.as_u16()), Some(200));

        let effects = server([half]);
        let error = effect(&client(&effects)).await.expect_err("cut");
        assert!(matches!(error, Error::Ambiguous(_)), "{error:?}");
        assert_eq!(effects.hits(), 1);
    }
}

/// 20. A body in chunks of which the last one does not come, although the JSON in it is whole.
///
/// Outcome: as for any broken body; it is never taken for complete.
#[tokio::test]
async fn f20_last_chunk_missing() {
    let chunk = format!("{:x}\r\n{NO_ACCOUNTS}\r\n", NO_ACCOUNTS.len());
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    for (end, whole) in [
        ("", false),
        ("0\r\n", false),
        ("0\r\n\r\n", true),
        ("zz\r\n", false),
    ] {
        let server = server([Act::raw(format!("{head}{chunk}{end}"))]);
        let answer = read(&once(&server)).await;
        if whole {
            answer.expect("whole");
        } else {
            let error = answer.expect_err("not whole");
            assert!(
                matches!(&error, Error::Transport(it) if it.is_inside_answer()),
                "{end:?}: {error:?}"
            );
        }
    }
}

/// 21. `Content-Length` is larger than the body, or smaller, with a forged answer behind it.
///
/// Outcome: an error, and the connection is not used again; what lies beyond the length is never
/// taken for the next answer.
#[tokio::test]
async fn f21_wrong_length() {
    let len = NO_ACCOUNTS.len() as u64;
    let larger = server([
        Act::json(NO_ACCOUNTS).length(len + 1).then(Then::Close),
        Act::json(NO_ACCOUNTS),
    ]);
    let client = once(&larger);
    let error = read(&client).await.expect_err("too short");
    assert!(
        matches!(&error, Error::Transport(it) if it.is_inside_answer()),
        "{error:?}"
    );
    read(&client).await.expect("a new connection");
    assert_eq!(larger.connections(), 2);

    let forged = NO_ACCOUNTS.replace("\"total\":0", "\"total\":666");
    let forged = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{forged}",
        forged.len()
    );
    for (says, body) in [
        (len - 1, NO_ACCOUNTS.to_owned()),
        (len, format!("{NO_ACCOUNTS}{forged}")),
    ] {
        let smaller = server([Act::json(body).length(says), Act::json(NO_ACCOUNTS)]);
        let client = once(&smaller);
        let first = read(&client).await;
        assert_eq!(first.is_ok(), says == len, "{first:?}");
        let second = read(&client).await.expect("a new connection");
        assert_eq!(second.total, 0, "the forged answer was believed");
        assert_eq!(smaller.connections(), 2);
    }
}

/// 22. The head of the answer comes one byte a second.
///
/// Outcome: the attempt ends at its limit, 30 s for a read, on tokio's clock.
#[tokio::test(start_paused = true)]
async fn f22_slow_head() {
    let server = server([Act::json(NO_ACCOUNTS).drip(1, SECOND)]);
    let begun = Instant::now();
    let error = read(&once(&server)).await.expect_err("too slow");
    assert!(
        matches!(&error, Error::Timeout(it) if it.limit() == LIMIT),
        "{error:?}"
    );
    assert_close(begun.elapsed(), LIMIT);
    server.until(|server| server.open() == 0).await;
}

/// 23. The body comes one byte every five seconds.
///
/// Outcome: the same; what is held does not grow while it waits.
#[test]
fn f23_slow_body() {
    let runtime = paused();
    let _entered = runtime.enter();
    let server = server([Act::json(NO_ACCOUNTS).drip_body(1, 5 * SECOND)]);
    let client = once(&server);
    let slow = async {
        let begun = Instant::now();
        let error = read(&client).await.expect_err("too slow");
        assert!(
            matches!(&error, Error::Timeout(it) if it.limit() == LIMIT),
            "{error:?}"
        );
        assert_eq!(error.status().map(|it| it.as_u16()), Some(200));
        assert_close(begun.elapsed(), LIMIT);
        server.until(|server| server.open() == 0).await;
    };
    let held = most_held(|| runtime.block_on(slow));
    assert!(held < 1 << 20, "{held} bytes for an answer of five");
}

#[track_caller]
fn assert_close(elapsed: Duration, limit: Duration) {
    let share = elapsed.as_secs_f64() / limit.as_secs_f64();
    assert!((0.9..=1.1).contains(&share), "{elapsed:?}");
}

/// 24. No answer at all.
///
/// Outcome: `Error::Timeout` at the limit. A read is tried twice, since no attempt begins once a call
/// has taken a minute; an effect is `Ambiguous` after one.
#[tokio::test(start_paused = true)]
async fn f24_silence() {
    let reads = server([Act::silent()]);
    let begun = Instant::now();
    let error = read(&client(&reads)).await.expect_err("silence");
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    assert_eq!((reads.hits(), error.attempts()), (2, 2));
    assert_close(begun.elapsed(), 2 * LIMIT);

    let effects = server([Act::silent()]);
    let error = effect(&client(&effects)).await.expect_err("silence");
    assert!(
        matches!(&error, Error::Ambiguous(it) if matches!(it.cause(), Error::Timeout(_))),
        "{error:?}"
    );
    assert_eq!(effects.hits(), 1);
}

/// 25. 100 kB of headers; 1000 headers; a head without end.
///
/// Outcome: 100 kB in a few headers do no harm and are read. Too many headers, or a head of more than
/// the HTTP library's buffer, are `Error::Transport`. Nothing panics.
#[tokio::test]
async fn f25_huge_head() {
    let large = server([Act::json(NO_ACCOUNTS).headers(10, 10_000)]);
    read(&client(&large)).await.expect("large, and whole");

    for act in [
        Act::json(NO_ACCOUNTS).headers(1000, 1),
        Act::json(NO_ACCOUNTS).headers(10, 1_000_000),
        Act::raw("HTTP/1.1 200 OK\r\nx-endless: ").then(Then::Silence),
    ] {
        let server = server([act.clone()]);
        let short = client(&server).accounts().list().retry(RetryPolicy::none());
        let error = short.timeout(Duration::from_millis(300)).await;
        let error = error.expect_err("too much");
        assert!(
            matches!(&error, Error::Transport(_) | Error::Timeout(_)),
            "{error:?}"
        );
        assert!(shown(&error).len() < 4000, "the head is in the error");
    }
}

not_applicable! {
    /// 26. HTTP/2: `GOAWAY` and `REFUSED_STREAM`.
    ///
    /// Does not apply: the HTTP client is built without HTTP/2, and nothing in the tree of dependencies
    /// speaks it. The service is asked over HTTP/1.1.
    f26_http2
}

/// 27. Of 64 calls at the same time, half get no answer.
///
/// Outcome: those time out, the others have their answers, and the pool serves the next ones.
#[tokio::test(start_paused = true)]
async fn f27_half_of_many_time_out() {
    let server = RawServer::choose(|_, request| match request {
        Some(request) if request.target().contains("silent") => Act::silent(),
        _ => Act::json(NO_ACCOUNTS),
    })
    .expect("loopback");
    let client = once(&server);
    let calls: Vec<_> = (0..64)
        .map(|number| {
            let silent = if number % 2 == 0 {
                "silent"
            } else {
                "answered"
            };
            tokio::spawn(client.accounts().list().query("n", silent).send())
        })
        .collect();
    for (number, call) in calls.into_iter().enumerate() {
        let answer = call.await.expect("no panic");
        let timed_out = matches!(answer, Err(Error::Timeout(_)));
        assert!(
            timed_out == (number % 2 == 0) && timed_out != answer.is_ok(),
            "{answer:?}"
        );
    }
    let before = server.connections();
    for _ in 0..32 {
        read(&client).await.expect("the pool recovers");
    }
    assert_eq!(server.connections(), before, "a kept connection is used");
}

/// 28. The proxy that the environment names refuses the tunnel; and a server on this machine is asked
///     while there is one.
///
/// Outcome: `Error::Connect` with `is_proxy()`, without the proxy's credentials. It does not name the
/// proxy either, which the HTTP library keeps to itself; the advice says where it is set. What is on
/// this machine is asked directly, so that no proxy gets the key in clear.
#[tokio::test]
async fn f28_proxy_of_the_environment() {
    let refuses = server([Act::answer(407, "").then(Then::Close)]);
    let local = server([Act::json(NO_ACCOUNTS)]);
    let proxy = format!("http://user:hunter2@{}", refuses.address());
    let variables = [
        ("HTTPS_PROXY", proxy.clone()),
        ("HTTP_PROXY", proxy),
        ("NO_PROXY", String::new()),
        ("FAULTS_DIRECT", local.base_url()),
    ];
    let text = alone("transport::behind_a_proxy", &variables).await;
    let told = text
        .lines()
        .find(|line| line.contains("no connection to service.example"));
    assert!(told.is_some_and(|line| line.contains("tunnel")), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    // Three attempts of one call, each for a tunnel, and no other request.
    let asked: Vec<_> = refuses
        .requests()
        .iter()
        .map(|it| it.method().to_owned())
        .collect();
    assert_eq!(asked, ["CONNECT"; 3]);
    assert_eq!(local.hits(), 1);
}

/// Run by the test above.
#[tokio::test]
#[ignore = "part of another test"]
async fn behind_a_proxy() {
    let Ok(direct) = std::env::var("FAULTS_DIRECT") else {
        // Not by the test above.
        return;
    };
    let client = builder("https://service.example").build().expect("valid");
    let error = read(&client).await.expect_err("no tunnel");
    assert!(
        matches!(&error, Error::Connect(it) if it.is_proxy()),
        "{error:?}"
    );
    assert!(error.advice().contains("HTTPS_PROXY"), "{}", error.advice());
    println!("\n{}", shown(&error));
    let client = builder(&direct).build().expect("valid");
    read(&client).await.expect("asked directly");
}

/// 29. The caller drops a call at any of the points at which it waits.
///
/// Outcome: nothing of it goes on, its connection is closed or free again, and the next call works.
#[tokio::test(start_paused = true)]
async fn f29_dropped_anywhere() {
    let server = server([Act::json(NO_ACCOUNTS).drip(40, Duration::from_millis(1))]);
    let client = client(&server);
    for polls in 0.. {
        let mut call = pin!(client.accounts().list().send());
        let mut ended = false;
        for _ in 0..polls {
            let mut context = Context::from_waker(Waker::noop());
            if let Poll::Ready(answer) = call.as_mut().poll(&mut context) {
                answer.expect("an answer");
                ended = true;
                break;
            }
            // Everything else goes on for a moment.
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        if ended {
            assert!(polls > 5, "it waits at {polls} points only");
            break;
        }
    }
    read(&client).await.expect("the next call works");
    // The one that the last call left to the next.
    until_open(&server, 1).await;
}

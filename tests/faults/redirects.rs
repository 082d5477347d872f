//! Redirects and origins.

use aitoearn::{
    Error,
    flow::{UploadError, UploadSource},
};
use aitoearn_mock::{Act, RawServer};

use crate::{
    support::{ASSET, KEY, NO_ACCOUNTS, assets, builder, client, read, server, shown},
    tls,
};

const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];

/// A URL of the server that is another host to a client.
fn elsewhere(server: &RawServer) -> String {
    let port = server.address().port();
    format!("http://localhost:{port}/elsewhere?token=hunter2")
}

/// It is an error that tells of a redirect to this host, and would be one again.
#[track_caller]
fn assert_not_followed(error: &Error, host: Option<&str>) {
    let Error::Http(redirect) = error else {
        panic!("{error:?}");
    };
    assert!(redirect.status.is_redirection(), "{error:?}");
    assert_eq!(redirect.location_host.as_deref(), host);
    assert!(error.to_string().contains("redirect"), "{error}");
    assert!(
        error.advice().contains("redirects are not followed"),
        "{}",
        error.advice()
    );
    assert!(!error.is_retryable() && error.attempts() == 1);
    assert!(!shown(error).contains("hunter2"), "{error:?}");
}

/// 1. A GET that carries the key is redirected to another host.
///
/// Outcome: `Error::Http` with the host's name; that host sees no connection.
#[tokio::test]
async fn f01_redirect_of_a_read() {
    let other = server([Act::json(NO_ACCOUNTS)]);
    for status in REDIRECTS {
        let server = server([Act::redirect(status, &elsewhere(&other))]);
        let error = read(&client(&server)).await.expect_err("not followed");
        assert_not_followed(&error, Some("localhost"));
        assert_eq!(server.hits(), 1);
    }
    assert_eq!(other.connections(), 0);
}

/// 2. A POST is redirected by 307 or 308, which ask for the body to be sent again.
///
/// Outcome: the same error, not `Ambiguous`; the body is sent once, to where it belongs.
#[tokio::test]
async fn f02_redirect_of_an_effect() {
    let other = server([Act::json("{}")]);
    for status in REDIRECTS {
        let server = server([Act::redirect(status, &elsewhere(&other))]);
        let video = client(&server).video();
        let error = video.generate("m", "a paper boat").await;
        assert_not_followed(&error.expect_err("not followed"), Some("localhost"));
        assert_eq!(server.hits(), 1);
    }
    assert_eq!(other.connections(), 0);
}

/// 3. https is redirected to http on the same host.
///
/// Outcome: the same error; nothing goes out in clear.
#[tokio::test]
async fn f03_redirect_out_of_tls() {
    let clear = server([Act::json(NO_ACCOUNTS)]);
    for status in REDIRECTS {
        let server = server([Act::redirect(status, &clear.base_url())]);
        let url = tls::in_front_of(server.address(), tls::GOOD).await;
        let client = builder(&url).http_client(tls::trusting()).build();
        let error = read(&client.expect("valid"))
            .await
            .expect_err("not followed");
        assert_not_followed(&error, Some("127.0.0.1"));
        assert_eq!(server.hits(), 1);
    }
    assert_eq!(clear.connections(), 0);
}

/// 4. A redirect to the same origin, as a full URL or a path.
///
/// Outcome: still an error, and it says that it is about a redirect: the API documents none, so the
/// base URL is wrong or something else answers.
#[tokio::test]
async fn f04_redirect_within_the_origin() {
    for status in REDIRECTS {
        let server = server([Act::redirect(status, "/api/v2/elsewhere?token=hunter2")]);
        let error = read(&client(&server)).await.expect_err("not followed");
        assert_not_followed(&error, None);
        assert_eq!(server.hits(), 1);
    }
    let server = RawServer::choose(|_, request| {
        let host = request.and_then(|request| request.header("host"));
        Act::redirect(
            302,
            &format!("http://{}/elsewhere", host.unwrap_or_default()),
        )
    })
    .expect("loopback");
    let error = read(&client(&server)).await.expect_err("not followed");
    assert_not_followed(&error, Some("127.0.0.1"));
    assert_eq!(server.hits(), 1);
}

/// 5. A base URL without TLS.
///
/// Outcome: refused when the client is built, except for a host that is this machine.
#[test]
fn f05_base_url_without_tls() {
    for refused in [
        "http://example.com",
        "http://10.0.0.1",
        "http://localhost.example.com",
    ] {
        let error = builder(refused).build().expect_err(refused);
        assert!(
            matches!(&error, Error::Config(it) if it.setting() == "base URL"),
            "{error:?}"
        );
        assert!(error.to_string().contains("https"), "{error}");
    }
    for allowed in [
        "http://127.0.0.1",
        "http://[::1]:8080",
        "http://localhost",
        "https://example.com",
    ] {
        builder(allowed).build().expect(allowed);
    }
}

/// 6. A base URL with a user and a password, with a query, or with a path.
///
/// Outcome: credentials and queries are refused, and the error does not repeat them; a path, with
/// slashes at its end or without, goes before the operation's.
#[tokio::test]
async fn f06_base_url_with_more_than_an_origin() {
    for refused in [
        "https://user:hunter2@example.com",
        "https://hunter2@example.com",
        "https://example.com/?key=hunter2",
        "https://example.com/#hunter2",
    ] {
        let built = builder(refused);
        assert!(!format!("{built:?}").contains("hunter2"), "{built:?}");
        let error = built.build().expect_err(refused);
        assert!(matches!(&error, Error::Config(_)), "{error:?}");
        assert!(!shown(&error).contains("hunter2"), "{error:?}");
    }
    let server = server([Act::json(NO_ACCOUNTS)]);
    for path in ["/tool", "/tool/", "/tool//"] {
        let url = format!("{}{path}", server.base_url());
        read(&builder(&url).build().expect(path))
            .await
            .expect("joined");
    }
    for request in server.requests() {
        assert_eq!(request.target(), "/tool/api/v2/channels/accounts");
    }
}

/// 7. The address for the bytes of an upload is on another host.
///
/// Outcome: it gets the bytes and the headers that were signed: no key, no `Authorization`, `Cookie`,
/// `Referer` or name of the program.
#[tokio::test]
async fn f07_upload_to_another_host() {
    let storage = server([Act::answer(200, "")]);
    let service = assets(&format!("{}/1.mp4?X-Signature=s", storage.base_url()));
    let client = builder(&service.base_url())
        .user_agent("my-tool/1")
        .build()
        .expect("valid");
    let source = UploadSource::bytes("a.mp4", &b"film"[..]);
    let asset = client.assets().upload(source).await.expect("uploaded");
    assert_eq!(asset.id.as_str(), ASSET);

    let received = storage.received().concat();
    let text = String::from_utf8(received).expect("UTF-8");
    let (head, body) = text.split_once("\r\n\r\n").expect("a request");
    assert!(
        head.starts_with("PUT /1.mp4?X-Signature=s HTTP/1.1\r\n"),
        "{head}"
    );
    assert_eq!(body, "film");
    assert!(!text.contains(KEY) && !text.contains("my-tool"), "{text}");
    let mut names: Vec<_> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split(':').next())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "content-length", "content-type", "host"]);
    // The service itself was told who asks.
    assert!(
        service
            .requests()
            .iter()
            .all(|it| it.header("x-api-key") == Some(KEY))
    );
}

/// 8. The address for the bytes of an upload answers with a redirect.
///
/// Outcome: `UploadError::Refused` with the status; the bytes go nowhere else, and nothing is
/// confirmed.
#[tokio::test]
async fn f08_upload_redirected() {
    let other = server([Act::answer(200, "")]);
    for status in REDIRECTS {
        let storage = server([Act::redirect(status, &elsewhere(&other))]);
        let service = assets(&format!("{}/1.mp4", storage.base_url()));
        let source = UploadSource::bytes("a.mp4", &b"film"[..]);
        let error = client(&service)
            .assets()
            .upload(source)
            .await
            .expect_err("refused");
        assert!(
            matches!(&error, UploadError::Refused { status: it, .. } if it.as_u16() == status),
            "{error:?}"
        );
        assert!(!shown(&error).contains("hunter2"), "{error:?}");
        assert_eq!((storage.hits(), service.hits()), (1, 1));
    }
    assert_eq!(other.connections(), 0);
}

//! Secrets.

use std::{fmt::Debug, time::Duration};

use aitoearn::{
    Error, Method, RetryPolicy, Site,
    flow::{Handle, ImageJob, UploadError, UploadSource, VideoJob},
    types::Platform,
};
use aitoearn_mock::{Act, RawRequest};
use aitoearn_tests::requests::{self, Sending};

use crate::support::{
    ASSET, KEY, NO_ACCOUNTS, STARTED, alone, assets, builder, client, effect, is_alone, read,
    server, shown,
};

#[track_caller]
fn assert_hidden(what: &str, text: &str) {
    assert!(!text.contains(KEY), "the key is in {what}: {text}");
}

/// 9. Anything a caller can hold is printed for a debugger.
///
/// Outcome: no client, builder, request, wait or handle shows the key.
#[tokio::test]
async fn f09_debug_of_everything() {
    fn look(things: &[&dyn Debug]) {
        for thing in things {
            let text = format!("{thing:?} {thing:#?}");
            assert_hidden("what a caller holds", &text);
            assert!(text.len() > 2, "{text}");
        }
    }
    let server = server([Act::json(STARTED)]);
    let client = client(&server);
    look(&[
        &builder("https://example.com"),
        &client,
        client.api(),
        client.api().context(),
    ]);
    let (accounts, groups, auth) = (client.accounts(), client.account_groups(), client.auth());
    let (publish, works, relay) = (client.publish(), client.works(), client.relay());
    let (video, images, platforms) = (client.video(), client.images(), client.platforms());
    look(&[
        &accounts, &groups, &auth, &publish, &works, &relay, &video, &images, &platforms,
    ]);
    look(&[
        &client.assets(),
        &publish.tasks(),
        &publish.records(),
        &video.volcengine(),
        &video.volcengine().asset_groups(),
        &video.volcengine().assets(),
        &video.volcengine().validations(),
    ]);
    for sample in requests::table() {
        let sending = Sending {
            id: "r".to_owned(),
            timeout: Duration::from_secs(1),
        };
        assert_hidden("a request", &sample.make(&client, &sending).shown);
    }
    look(&[
        &auth.connect(Platform::Tiktok),
        &client.assets().upload("a.mp4"),
        &video.list().stream(),
        &client.request(Method::Get, "/api/x"),
    ]);
    let connecting = auth.connect(Platform::Tiktok).await.expect("started");
    look(&[&connecting]);
    look(&[&connecting.wait()]);
    let job = VideoJob { id: ASSET.into() };
    let handle = Handle::new(&client, job.clone());
    look(&[
        &job,
        &ImageJob { id: ASSET.into() },
        &handle,
        &client.resume(handle.clone()),
    ]);
    look(&[&client.wait_for(job).updates()]);
    let stored = serde_json::to_string(&handle).expect("storable");
    assert_hidden("a stored handle", &stored);
}

/// 10. Nobody listens where the signed URL of an upload points.
///
/// Outcome: no line, debug output or source of the error holds the URL's query, which is a
/// permission.
#[tokio::test]
async fn f10_refused_connection_to_a_signed_url() {
    let service = assets("http://127.0.0.1:1/b/1.mp4?X-Signature=hunter2");
    let source = UploadSource::bytes("a.mp4", &b"film"[..]);
    let error = client(&service).assets().upload(source).await;
    let error = error.expect_err("nobody listens");
    assert!(matches!(&error, UploadError::Transfer { .. }), "{error:?}");
    let text = shown(&error);
    assert!(
        !text.contains("hunter2") && !text.contains("X-Signature"),
        "{text}"
    );
    assert_hidden("the error", &text);
}

/// 11. A key with a line break, a control character or a typographic quote.
///
/// Outcome: the client is not built, and the error does not show the key.
#[test]
fn f11_key_that_no_header_can_carry() {
    for wrong in [
        "hunter2\r\nx-evil: 1",
        "hunter2\u{7f}",
        "hunter2\0",
        "hun\tter2",
        "\u{201c}hunter2\u{201d}",
        "",
    ] {
        let builder = aitoearn::Client::builder().site(Site::China).api_key(wrong);
        assert!(!format!("{builder:?}").contains("hun"), "{builder:?}");
        let error = builder.build().expect_err(wrong);
        assert!(
            matches!(&error, Error::Config(it) if it.setting() == "API key"),
            "{error:?}"
        );
        assert!(!shown(&error).contains("hun"), "{error:?}");
    }
}

/// 12. Everything below is logged at `TRACE`.
///
/// Outcome: no log line of a call, good or bad, holds the key. `tests/leaks` watches a whole process
/// over every operation and flow, and the records of the `log` crate with it.
#[tokio::test]
async fn f12_trace_logs() {
    let text = alone("secrets::at_trace", &[]).await;
    assert_hidden("the log", &text);
    // It is not clean for being empty.
    assert!(
        text.contains("aitoearn.accounts_list") && text.contains("hyper_util::client"),
        "{text}"
    );
}

/// Run by the test above: its subscriber is that of the whole process.
#[tokio::test]
#[ignore = "part of another test"]
async fn at_trace() {
    if !is_alone() {
        return;
    }
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
    subscriber.with_ansi(false).init();
    let bad = Act::json(format!("{{\"data\":\"{KEY}\"}}"));
    let server = server([Act::json(NO_ACCOUNTS), bad]);
    let client = client(&server);
    read(&client).await.expect("good");
    read(&client).await.expect_err("bad");
    let sent = |it: &RawRequest| it.header("x-api-key") == Some(KEY);
    assert!(server.requests().iter().all(sent), "the key is nowhere");
}

/// 13. The server repeats the key in what it says.
///
/// Outcome: whatever the form of the answer, the error shows the key masked.
#[tokio::test]
async fn f13_reflected_key() {
    let envelope = format!(r#"{{"data":{{"a":["{KEY}"]}},"code":401,"message":"{KEY} is wrong"}}"#);
    let provider = format!(r#"{{"error":{{"message":"{KEY} is wrong"}}}}"#);
    for act in [
        Act::json(envelope.clone()),
        Act::answer(401, envelope),
        Act::answer(400, provider),
        Act::answer(500, KEY),
        Act::answer(200, format!("you sent {KEY}")).header("content-type", "text/plain"),
        Act::json(format!(
            r#"{{"data":{{"total":"{KEY}"}},"code":0,"message":"ok"}}"#
        )),
        Act::redirect(302, &format!("http://127.0.0.1:1/?key={KEY}")),
        Act::answer(503, "").header("x-request-id", KEY),
    ] {
        let server = server([act.clone()]);
        let client = client(&server);
        for error in [
            read(&client).await.expect_err("bad"),
            effect(&client).await.expect_err("bad"),
        ] {
            assert_hidden("an error", &shown(&error));
        }
    }
}

/// 14. A function of the caller panics while the client calls it.
///
/// Outcome: what the upload was doing ends with an error that holds nothing of the request, and the
/// client goes on working. The panic itself is printed as the caller wrote it.
#[tokio::test]
async fn f14_panic_in_a_hook() {
    let storage = server([Act::answer(200, "")]);
    let service = assets(&format!("{}/1.mp4?X-Signature=hunter2", storage.base_url()));
    let client = client(&service);
    let source = || UploadSource::bytes("a.mp4", &b"film"[..]);
    let upload = client.assets().upload(source());
    let upload =
        upload.on_progress(|progress| panic!("at {} of {}", progress.sent, progress.total));
    let error = upload.await.expect_err("a panic in the connection");
    assert!(matches!(&error, UploadError::Transfer { .. }), "{error:?}");
    let text = shown(&error);
    assert_hidden("the error", &text);
    assert!(!text.contains("hunter2"), "{text}");

    client
        .assets()
        .upload(source())
        .await
        .expect("the next one works");
    let once = client.accounts().list().retry(RetryPolicy::none());
    once.await.expect_err("an answer of another shape");
}

//! Files on their way to an asset, and all that can come between.

use std::{
    fs::File,
    sync::{Arc, Mutex},
    time::Duration,
};

use aitoearn::{
    Client, Error, RetryPolicy, Timeouts,
    flow::{UploadError, UploadSource},
    types::AssetStatus,
};
use aitoearn_mock::{Code, operations};

use crate::{
    Scratch, calls, sandbox,
    storage::{ASSET, KEY, Manner, OK, SIGNED, Storage, api},
};

fn bytes(count: usize) -> Vec<u8> {
    (0..=u8::MAX).cycle().take(count).collect()
}

#[tokio::test]
async fn a_path_bytes_and_a_reader_become_assets() {
    let (sandbox, client) = sandbox();
    let content = bytes(300_000);
    let file = Scratch::new("clip.mp4", &content);
    // More than is meant for us may be behind it.
    let longer = std::io::Cursor::new(bytes(400_000));
    let sources = [
        UploadSource::path(&file.0),
        UploadSource::bytes("clip.mp4", content.clone()),
        UploadSource::reader("clip.mp4", 300_000, longer),
    ];
    for source in sources {
        let asset = client.assets().upload(source).await.expect("uploaded");
        assert_eq!(asset.status, AssetStatus::Confirmed);
        assert_eq!(asset.size, Some(300_000));
        assert_eq!(asset.mime_type, "video/mp4");
        assert_eq!(sandbox.storage().uploaded(&asset.id), Some(content.clone()));
    }
    let paths = sandbox
        .seen()
        .into_iter()
        .filter(|it| it.operation.is_some());
    assert_eq!(paths.count(), 6, "announced and confirmed, nothing else");
}

#[tokio::test]
async fn progress_rises_to_the_total() {
    let (_sandbox, client) = sandbox();
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&told);
    let source = UploadSource::bytes("a.png", bytes(200_000));
    let upload = client.assets().upload(source);
    let upload = upload.on_progress(move |it| log.lock().expect("fine").push(it));
    upload.await.expect("uploaded");
    let told = told.lock().expect("fine");
    assert!(told.len() >= 4 && told.iter().all(|it| it.total == 200_000));
    assert!(told.is_sorted_by(|a, b| a.sent < b.sent));
    assert_eq!(told.last().expect("told").sent, 200_000);
}

#[tokio::test]
async fn the_storage_gets_the_bytes_and_nothing_of_ours() {
    let storage = Storage::start(&[OK]).await;
    let (mock, client) = api(&storage, Timeouts::default());
    mock.when(&operations::ASSETS_CONFIRM)
        .fails(Code::ASSET_NOT_FOUND);
    let source = UploadSource::bytes("clip.mp4", bytes(100_000));
    let error = client
        .assets()
        .upload(source)
        .await
        .expect_err("unconfirmed");
    assert!(matches!(error, UploadError::Confirm { .. }), "{error:?}");

    let requests = storage.requests();
    let [(head, came)] = &requests[..] else {
        panic!("{requests:?}");
    };
    assert_eq!(*came, 100_000);
    assert!(
        head.starts_with(&format!("PUT {SIGNED} HTTP/1.1\r\n")),
        "{head}"
    );
    let mut names: Vec<_> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(':').map(|(name, _)| name))
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["accept", "content-length", "content-type", "host"],
        "{head}"
    );
    assert!(head.contains("content-type: video/mp4\r\n"), "{head}");
    assert!(head.contains("content-length: 100000\r\n") && !head.contains(KEY));
}

#[tokio::test]
async fn a_refused_signature_is_renewed_once() {
    let (sandbox, client) = sandbox();
    let content = bytes(70_000);
    let upload = |source: UploadSource| client.assets().upload(source);
    let source = || UploadSource::bytes("a.png", content.clone());

    sandbox.storage().fail_next(403);
    let asset = upload(source()).await.expect("the second one is good");
    assert_eq!(sandbox.storage().uploaded(&asset.id), Some(content.clone()));
    assert_eq!(calls(&sandbox, "assets_upload_sign"), 2);

    sandbox.storage().fail_next(403).fail_next(403);
    let error = upload(source()).await.expect_err("twice");
    assert!(
        matches!(&error, UploadError::Refused { status, code: Some(code), .. }
            if status.as_u16() == 403 && code == "InternalError"),
        "{error:?}"
    );
    assert_eq!(calls(&sandbox, "assets_upload_sign"), 4);
    assert_eq!(calls(&sandbox, "assets_confirm"), 1, "nothing to confirm");

    // What can be read only once is not tried again.
    sandbox.storage().fail_next(403);
    let once = UploadSource::reader("a.png", 70_000, std::io::Cursor::new(content.clone()));
    upload(once).await.expect_err("refused");
    assert_eq!(calls(&sandbox, "assets_upload_sign"), 5);
}

#[tokio::test]
async fn other_refusals_and_redirects_are_final() {
    for (status, manner) in [
        (
            500,
            Manner::Answer("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n"),
        ),
        (
            302,
            Manner::Answer(
                "HTTP/1.1 302 No\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
            ),
        ),
        (
            307,
            Manner::Answer(
                "HTTP/1.1 307 No\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
            ),
        ),
    ] {
        let storage = Storage::start(Vec::leak(vec![manner])).await;
        let (_mock, client) = api(&storage, Timeouts::default());
        let source = UploadSource::bytes("a.png", bytes(10));
        let error = client.assets().upload(source).await.expect_err("refused");
        assert!(
            matches!(&error, UploadError::Refused { status: it, .. } if it.as_u16() == status),
            "{error:?}"
        );
        assert_eq!(storage.requests().len(), 1);
    }
}

#[tokio::test]
async fn what_cannot_be_read_or_sent_is_not_announced() {
    let (sandbox, client) = sandbox();
    let upload = |source: UploadSource| client.assets().upload(source);
    let missing = upload("no/such/clip.mp4".into()).await;
    assert!(matches!(missing, Err(UploadError::Source { .. })));
    let folder = upload(std::env::temp_dir().into()).await;
    assert!(matches!(folder, Err(UploadError::Source { .. })));
    let empty = upload(UploadSource::bytes("a.png", Vec::new())).await;
    let nameless = upload(UploadSource::bytes("a", bytes(1))).await;
    for wrong in [empty, nameless] {
        assert!(matches!(
            wrong,
            Err(UploadError::Sign(Error::InvalidInput(_)))
        ));
    }
    let odd = upload(UploadSource::bytes("a.png", bytes(1))).content_type("a\nb");
    assert!(matches!(
        odd.await,
        Err(UploadError::Sign(Error::InvalidInput(_)))
    ));
    assert!(sandbox.seen().is_empty());

    sandbox.storage().max_size(10);
    let large = upload(UploadSource::bytes("a.png", bytes(10))).await;
    assert!(
        matches!(large, Err(UploadError::Sign(error)) if error.code() == Some(Code::ASSET_TOO_LARGE))
    );
    assert!(sandbox.storage().seen().is_empty());
}

fn hasty() -> Timeouts {
    Timeouts::default().idle(Duration::from_millis(40))
}

/// No error may show the address: it is a permission to write.
fn shows_no_secret(error: &UploadError) {
    let mut text = format!("{error} {error:?}");
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text = format!("{text} {inner} {inner:?}");
        source = inner.source();
    }
    assert!(!text.contains("hunter2") && !text.contains(KEY), "{text}");
}

#[tokio::test]
async fn silence_and_broken_connections_are_typed_and_tell_no_secret() {
    for manner in [Manner::Silence, Manner::Listens] {
        let storage = Storage::start(Vec::leak(vec![manner])).await;
        let (_mock, client) = api(&storage, hasty());
        // More than what fits into the buffers between.
        let source = UploadSource::bytes("a.mp4", bytes(20_000_000));
        let error = client.assets().upload(source).await.expect_err("silent");
        assert!(matches!(error, UploadError::Idle { .. }), "{error:?}");
        assert_eq!(
            error.asset_id().map(aitoearn::ids::AssetId::as_str),
            Some(ASSET)
        );
        shows_no_secret(&error);
    }
    let storage = Storage::start(&[Manner::Cut]).await;
    let (_mock, client) = api(&storage, Timeouts::default());
    let upload = |client: &Client| {
        client
            .assets()
            .upload(UploadSource::bytes("a.mp4", bytes(10)))
    };
    let error = upload(&client).await.expect_err("cut");
    assert!(matches!(error, UploadError::Transfer { .. }), "{error:?}");
    shows_no_secret(&error);
}

#[tokio::test]
async fn dropped_in_the_middle_it_sends_and_confirms_nothing_more() {
    let storage = Storage::start(&[Manner::Silence]).await;
    let (mock, client) = api(&storage, Timeouts::default());
    let confirmed = mock
        .when(&operations::ASSETS_CONFIRM)
        .fails(Code::ASSET_NOT_FOUND);
    let source = UploadSource::bytes("a.mp4", bytes(20_000_000));
    let sent = Arc::new(Mutex::new(0));
    let log = Arc::clone(&sent);
    let upload = client.assets().upload(source);
    let upload = upload.on_progress(move |it| *log.lock().expect("fine") = it.sent);
    let running = tokio::spawn(async move { upload.await });
    while *sent.lock().expect("fine") == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    running.abort();
    assert!(running.await.is_err_and(|error| error.is_cancelled()));
    tokio::time::sleep(Duration::from_millis(20)).await;
    let at_the_end = *sent.lock().expect("fine");
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(*sent.lock().expect("fine"), at_the_end);
    confirmed.assert_never();
}

/// Sends a file of nothing but holes; gives what it took of memory at most.
async fn peak_of_uploading(size: u64) -> Option<u64> {
    let storage = Storage::start(&[OK]).await;
    let (mock, client) = api(&storage, Timeouts::default());
    mock.when(&operations::ASSETS_CONFIRM)
        .fails(Code::ASSET_NOT_FOUND);
    let file = Scratch::new(&format!("{size}.mp4"), b"");
    let sparse = File::options().write(true).open(&file.0);
    sparse.and_then(|it| it.set_len(size)).expect("sparse");
    let error = client
        .assets()
        .upload(&file.0)
        .await
        .expect_err("unconfirmed");
    assert!(matches!(error, UploadError::Confirm { .. }), "{error:?}");
    assert_eq!(storage.requests()[0].1 as u64, size);
    peak()
}

/// The most memory that this process has held so far, in bytes; Linux tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[tokio::test]
async fn a_file_larger_than_any_buffer_arrives_whole() {
    peak_of_uploading(32 << 20).await;
}

/// On its own, because other tests take memory of the same process:
/// `cargo test -p aitoearn --test flows gibibyte -- --ignored --nocapture`
#[tokio::test]
#[ignore = "measures the memory of the whole process"]
async fn a_gibibyte_takes_no_more_memory_than_a_mebibyte() {
    let small = peak_of_uploading(1 << 20).await;
    let large = peak_of_uploading(1 << 30).await;
    if let (Some(small), Some(large)) = (small, large) {
        println!(
            "1 MiB: {} KiB at most; 1 GiB: {} KiB",
            small / 1024,
            large / 1024
        );
        assert!(large - small < 32 << 20, "{small} and {large} bytes");
    }
}

#[tokio::test]
async fn a_storage_that_is_busy_for_a_moment_is_asked_again_with_a_fresh_signature() {
    let (sandbox, _) = sandbox();
    let wait = Duration::from_millis(1);
    let client = aitoearn::Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .retry(RetryPolicy::default().backoff(wait, wait))
        .build()
        .expect("valid settings");
    let upload = || {
        client
            .assets()
            .upload(UploadSource::bytes("a.png", bytes(70)))
    };
    let puts = || sandbox.storage().seen();
    for (round, status) in [500, 502, 503, 504, 429].into_iter().enumerate() {
        sandbox.storage().fail_next(status).fail_next(status);
        upload().await.expect("the third time");
        assert_eq!(puts().len(), 3 * (round + 1), "{status}");
    }
    let signatures: std::collections::HashSet<_> = puts().into_iter().map(|it| it.query).collect();
    assert_eq!(signatures.len(), 15, "each announced anew");

    // As often as the policy says, and no more.
    sandbox
        .storage()
        .fail_next(503)
        .fail_next(503)
        .fail_next(503);
    let error = upload().await.expect_err("busy");
    assert!(matches!(&error, UploadError::Refused { status, .. } if status.as_u16() == 503));
    assert_eq!(error.advice(), "Upload it again later.");
    assert_eq!(puts().len(), 18);
    // Of no use is it here.
    for status in [400, 404, 405, 409, 413] {
        let before = puts().len();
        sandbox.storage().fail_next(status);
        let error = upload().await.expect_err("refused");
        assert_eq!(puts().len(), before + 1, "{status}");
        assert_ne!(error.advice(), "Upload it again later.", "{status}");
        assert_eq!(error.advice().contains("smaller"), status == 413);
    }
}

#[tokio::test]
async fn only_the_storages_own_success_is_one() {
    for answer in [
        "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 207 Multi\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 46\r\n\r\n<Error><Code>InternalError</Code></Error>     ",
        "HTTP/1.1 200 OK\r\ncontent-length: 28\r\n\r\n<!doctype html><title>Log in",
    ] {
        let storage = Storage::start(Vec::leak(vec![Manner::Answer(answer)])).await;
        let (mock, client) = api(&storage, Timeouts::default());
        let confirmed = mock.when(&operations::ASSETS_CONFIRM).fails(12751);
        let source = UploadSource::bytes("a.png", bytes(10));
        let error = client.assets().upload(source).await.expect_err(answer);
        assert!(matches!(error, UploadError::Refused { .. }), "{error:?}");
        assert!(!error.advice().contains("later"), "{}", error.advice());
        assert_eq!(confirmed.seen().len(), 0, "{answer}");
    }
}

#[tokio::test]
async fn a_file_that_is_overwritten_while_it_is_sent_is_noticed() {
    let (sandbox, client) = sandbox();
    let file = crate::Scratch::new("oven.mp4", &vec![b'o'; 3_000_000]);
    // An encoder that starts over: as long as before, other bytes.
    let overwrite = |path: &std::path::Path| {
        let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
        std::io::Write::write_all(&mut file, &vec![b'n'; 3_000_000])?;
        // Also where the clock of the file system is coarse.
        file.set_modified(std::time::SystemTime::now() + Duration::from_secs(2))
    };
    let (path, once) = (file.0.clone(), std::sync::Once::new());
    let upload = client.assets().upload(&file.0).on_progress(move |it| {
        if it.sent > 1_000_000 {
            once.call_once(|| overwrite(&path).expect("writable"));
        }
    });
    let error = upload.await.expect_err("neither the one nor the other");
    assert!(
        matches!(&error, UploadError::Overwritten { name } if name == "oven.mp4"),
        "{error:?}"
    );
    assert_eq!(crate::calls(&sandbox, "assets_confirm"), 0);

    // One that is replaced by another file is sent as it was.
    let file = crate::Scratch::new("oven.mp4", &vec![b'o'; 3_000_000]);
    let next = crate::Scratch::new("next.mp4", &vec![b'n'; 3_000_000]);
    let (from, to, once) = (next.0.clone(), file.0.clone(), std::sync::Once::new());
    let upload = client.assets().upload(&file.0).on_progress(move |it| {
        if it.sent > 1_000_000 {
            once.call_once(|| std::fs::rename(&from, &to).expect("a rename"));
        }
    });
    let asset = upload.await.expect("whole");
    let stored = sandbox.storage().uploaded(&asset.id).expect("stored");
    assert!(stored.iter().all(|byte| *byte == b'o'));
}

#[tokio::test]
async fn a_storage_that_has_other_bytes_is_found_out() {
    // Of the ten bytes that are sent, and of others.
    let (right, wrong) = (
        "c56bd5480f6e5413cb62a0ad9666613a",
        "d41d8cd98f00b204e9800998ecf8427e",
    );
    let answer = |header: &str| {
        let head = format!("HTTP/1.1 200 OK\r\n{header}\r\ncontent-length: 0\r\n\r\n");
        Manner::Answer(Box::leak(head.into_boxed_str()))
    };
    for (header, is_right) in [
        (format!("etag: \"{right}\""), true),
        (format!("etag: \"{}\"", right.to_uppercase()), true),
        ("etag: \"0a1b-2\"".to_owned(), true),
        (
            format!("etag: {wrong}\r\nx-amz-server-side-encryption: aws:kms"),
            true,
        ),
        (format!("etag: \"{wrong}\""), false),
        ("content-md5: 1B2M2Y8AsgTpgAmY7PhCfg==".to_owned(), false),
    ] {
        let storage = Storage::start(Vec::leak(vec![answer(&header)])).await;
        let (mock, client) = api(&storage, Timeouts::default());
        let confirmed = mock.when(&operations::ASSETS_CONFIRM).fails(12751);
        let source = UploadSource::bytes("a.png", bytes(10));
        let error = client.assets().upload(source).await.expect_err("no asset");
        let is_damaged = matches!(error, UploadError::Damaged { .. });
        assert_eq!(is_damaged, !is_right, "{header}: {error:?}");
        assert_eq!(confirmed.seen().len(), usize::from(is_right), "{header}");
    }
}

//! Uploads.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    path::PathBuf,
    sync::{Arc, Mutex, Once},
    time::Duration,
};

use aitoearn::{
    Error,
    flow::{UploadError, UploadProgress, UploadSource},
};
use aitoearn_mock::{Act, Cue, RawServer, Then};
use serde_json::{Value, json};

use crate::support::{ASSET, assets, client, most_held, server, shown};

/// A file that goes away with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, size: u64) -> Self {
        let folder = std::env::temp_dir().join(format!("aitoearn-faults-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join(name);
        let file = File::create(&path).expect("a file");
        file.set_len(size).expect("sparse");
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A storage that plays these acts, and the service that sends uploads there.
fn storage(acts: impl IntoIterator<Item = Act>) -> (RawServer, RawServer) {
    let storage = server(acts);
    let service = assets(&format!("{}/1.mp4?X-Signature=hunter2", storage.base_url()));
    (storage, service)
}

/// How often the service was asked for an address, and for a confirmation.
fn asked(service: &RawServer) -> (usize, usize) {
    let requests = service.requests();
    let confirmed = requests
        .iter()
        .filter(|it| it.target().ends_with("/confirm"))
        .count();
    (requests.len() - confirmed, confirmed)
}

fn film(bytes: usize) -> UploadSource {
    UploadSource::bytes("a.mp4", vec![7; bytes])
}

/// 71. The file grows or shrinks while it is sent.
///
/// Outcome: `UploadError::SizeChanged`; nothing is confirmed.
#[tokio::test]
async fn f71_the_file_changes() {
    for (name, grows) in [("grows.mp4", true), ("shrinks.mp4", false)] {
        let (_storage, service) = storage([Act::answer(200, "")]);
        let file = Scratch::new(name, 5_000_000);
        let (path, once) = (file.0.clone(), Once::new());
        let change = move || {
            let mut file = OpenOptions::new().append(grows).write(true).open(&path);
            let file = file.as_mut().expect("there");
            if grows {
                file.write_all(b"more").expect("written");
            } else {
                file.set_len(100).expect("cut");
            }
        };
        let upload = client(&service).assets().upload(&file.0);
        let upload = upload.on_progress(move |_| once.call_once(&change));
        let error = upload.await.expect_err("it changed");
        assert!(
            matches!(error, UploadError::SizeChanged { is_longer, announced: 5_000_000, .. }
                if is_longer == grows),
            "{error:?}"
        );
        assert_eq!(asked(&service).1, 0, "confirmed");
    }
}

/// 72. The storage answers 403, as for a signature that has expired.
///
/// Outcome: one new signature; a second 403 is `UploadError::Refused`, and nothing is confirmed.
#[tokio::test]
async fn f72_an_expired_signature() {
    let expired = || Act::answer(403, "<Error><Code>AccessDenied</Code></Error>");
    let (storage_, service) = storage([expired(), Act::answer(200, "")]);
    client(&service)
        .assets()
        .upload(film(9))
        .await
        .expect("the second one is good");
    assert_eq!((storage_.hits(), asked(&service)), (2, (2, 1)));

    let (storage_, service) = storage([expired()]);
    let error = client(&service)
        .assets()
        .upload(film(9))
        .await
        .expect_err("refused");
    assert!(
        matches!(&error, UploadError::Refused { status, code, .. }
            if status.as_u16() == 403 && code.as_deref() == Some("AccessDenied")),
        "{error:?}"
    );
    assert!(!shown(&error).contains("hunter2"), "{error:?}");
    assert_eq!((storage_.hits(), asked(&service)), (2, (2, 0)));
}

/// 73. The connection breaks after half of the bytes.
///
/// Outcome: sent again from the beginning, once, to a new address; the second break is
/// `UploadError::Transfer`. Progress begins again at 0 and never goes over the total.
#[tokio::test]
async fn f73_cut_in_the_middle() {
    const SIZE: u64 = 20_000_000;
    let cut = || Act::reset().at(Cue::Body(SIZE / 2));
    let told = Arc::new(Mutex::new(Vec::<UploadProgress>::new()));
    let log = Arc::clone(&told);
    let (storage_, service) = storage([cut(), Act::answer(200, "")]);
    let upload = client(&service).assets().upload(film(20_000_000));
    let upload = upload.on_progress(move |it| log.lock().expect("fine").push(it));
    upload.await.expect("the second one arrives");
    assert_eq!((storage_.hits(), asked(&service)), (2, (2, 1)));
    assert_eq!(storage_.requests()[1].body_len, SIZE);
    let told = told.lock().expect("fine").clone();
    assert!(
        told.iter()
            .all(|it| it.sent <= it.total && it.total == SIZE)
    );
    let restarts = told
        .windows(2)
        .filter(|pair| pair[1].sent < pair[0].sent)
        .count();
    assert_eq!(restarts, 1);
    assert_eq!(told.last().map(|it| it.sent), Some(SIZE));

    let (storage_, service) = storage([cut()]);
    let error = client(&service).assets().upload(film(20_000_000)).await;
    let error = error.expect_err("twice");
    assert!(matches!(error, UploadError::Transfer { .. }), "{error:?}");
    assert!(!shown(&error).contains("hunter2"), "{error:?}");
    assert_eq!((storage_.hits(), asked(&service)), (2, (2, 0)));

    // What can be read only once is not sent again.
    let (storage_, service) = storage([cut()]);
    let once = std::io::Cursor::new(vec![7; 20_000_000]);
    let once = UploadSource::reader("a.mp4", SIZE, once);
    client(&service)
        .assets()
        .upload(once)
        .await
        .expect_err("cut");
    assert_eq!((storage_.hits(), asked(&service)), (1, (1, 0)));
}

/// 74. The confirmation fails after the bytes have been stored.
///
/// Outcome: `UploadError::Confirm` with the asset's id, which `confirm` takes alone.
#[tokio::test]
async fn f74_not_confirmed() {
    let storage_ = server([Act::answer(200, "")]);
    let good = assets(&format!("{}/1.mp4", storage_.base_url()));
    let target = json!({ "data": { "id": ASSET, "path": "1.mp4", "url": "https://example.com/1.mp4",
        "uploadUrl": format!("{}/1.mp4", storage_.base_url()) }, "code": 0, "message": "ok" });
    let service = RawServer::choose(move |_, request| match request {
        Some(request) if request.target().ends_with("/confirm") => {
            Act::json(r#"{"data":{},"code":12751,"message":"not there"}"#)
        }
        _ => Act::json(target.to_string()),
    })
    .expect("loopback");
    let error = client(&service)
        .assets()
        .upload(film(9))
        .await
        .expect_err("unconfirmed");
    let UploadError::Confirm { asset_id, error } = error else {
        panic!("{error:?}");
    };
    assert_eq!(
        (asset_id.as_str(), error.code()),
        (ASSET, Some(12751.into()))
    );
    let asset = client(&good)
        .assets()
        .confirm(asset_id)
        .await
        .expect("confirmed alone");
    assert_eq!(asset.id.as_str(), ASSET);
    assert_eq!(storage_.hits(), 1, "sent once");
}

/// 5 GiB, of nothing but holes.
const HUGE: u64 = 5 << 30;

/// 75. A file of 0 bytes, one of 5 GB, and names with unicode, quotes and `../`.
///
/// Outcome: nothing to upload is refused before anything is sent; the size is told exactly, and
/// memory stays flat; the name goes as JSON text, without the path before it.
#[test]
fn f75_odd_files() {
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().expect("a runtime")
    };
    runtime().block_on(odd_names());
    let held = most_held(|| runtime().block_on(more_than_memory_should_hold()));
    // Of 64 MiB that are sent, and with the few that the server keeps of what it gets.
    assert!(held < 32 << 20, "{held} bytes at a time");
}

async fn odd_names() {
    let (storage_, service) = storage([Act::answer(200, "")]);
    let empty = Scratch::new("empty.mp4", 0);
    let error = client(&service)
        .assets()
        .upload(&empty.0)
        .await
        .expect_err("empty");
    assert!(
        matches!(&error, UploadError::Sign(Error::InvalidInput(_))),
        "{error:?}"
    );
    assert_eq!((storage_.hits(), asked(&service)), (0, (0, 0)));

    for name in ["快 乐.mp4", "a \"quoted\" 'name'.mp4", "..%2F a&b=c.mp4"] {
        let file = Scratch::new(name, 9);
        let around = file
            .0
            .parent()
            .expect("a folder")
            .join("..")
            .join(file.0.strip_prefix(std::env::temp_dir()).expect("there"));
        client(&service).assets().upload(&around).await.expect(name);
        let requests = service.requests();
        let sign = requests
            .iter()
            .rfind(|it| !it.target().ends_with("/confirm"));
        let body: Value = serde_json::from_slice(&sign.expect("asked").body).expect("JSON");
        assert_eq!(
            (&body["filename"], &body["size"]),
            (&json!(name), &json!(9))
        );
    }
    for name in ["../a.mp4", "b/a.mp4"] {
        let error = client(&service)
            .assets()
            .upload(UploadSource::bytes(name, &b"x"[..]))
            .await;
        let error = error.expect_err("a path is no name");
        assert!(
            matches!(&error, UploadError::Sign(Error::InvalidInput(_))),
            "{error:?}"
        );
    }
}

/// The storage hangs up once it has seen enough.
async fn more_than_memory_should_hold() {
    let enough = Act::answer(507, "")
        .at(Cue::Body(64 << 20))
        .then(Then::Close);
    let (storage_, service) = storage([enough]);
    let file = Scratch::new("huge.mp4", HUGE);
    let upload = tokio::time::timeout(
        Duration::from_secs(60),
        client(&service).assets().upload(&file.0).into_future(),
    );
    upload
        .await
        .expect("in time")
        .expect_err("the storage is full");
    let requests = storage_.requests();
    assert_eq!(
        requests[0].header("content-length"),
        Some(HUGE.to_string().as_str())
    );
    assert!(requests[0].body_len >= 64 << 20);
    assert_eq!(asked(&service).1, 0, "confirmed");
}

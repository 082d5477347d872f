//! The steps of an upload.

use aitoearn::{Code, Error, types::AssetType};
use aitoearn_mock::{MockServer, Sandbox, operations};
use serde_json::json;

use crate::server::{Act, Server, builder};

const ID: &str = "66f2a9c4d81e5b0037c4a1a0";

#[tokio::test]
async fn the_announcement_names_what_the_file_is_for() {
    let mock = MockServer::start();
    let calls = mock
        .when(&operations::ASSETS_UPLOAD_SIGN)
        .ok(&json!({ "id": ID, "path": "p", "url": "https://a.example/p", "uploadUrl": "https://s.example/p?x=1" }));
    let client = builder(&mock.base_url()).build().expect("valid");
    let target = client
        .assets()
        .upload_sign("快 乐.mp4")
        .await
        .expect("fine");
    assert_eq!(target.id, ID);
    assert_eq!(
        target.upload_url.as_deref(),
        Some("https://s.example/p?x=1")
    );
    let with_options = client.assets().upload_sign("a.png").kind(AssetType::Avatar);
    with_options.size(1_048_576).await.expect("fine");
    let bodies: Vec<_> = calls
        .seen()
        .iter()
        .filter_map(aitoearn_mock::Seen::json)
        .collect();
    assert_eq!(
        bodies,
        [
            json!({ "filename": "快 乐.mp4", "type": "publishMedia" }),
            json!({ "filename": "a.png", "type": "avatar", "size": 1_048_576 }),
        ]
    );
}

#[tokio::test]
async fn what_the_service_would_misread_is_not_sent() {
    let server = Server::play([Act::cut()]).await;
    let assets = server.client().assets();
    for wrong in [
        assets.upload_sign(""),
        assets.upload_sign("clip"),
        assets.upload_sign("../clip.mp4"),
        assets.upload_sign("clip.mp4").size(0),
    ] {
        let error = wrong.await.expect_err("wrong");
        assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
    }
    let error = assets
        .confirm("tiktok_1")
        .await
        .expect_err("no id of an asset");
    assert!(error.to_string().contains("asset_id"), "{error}");
    assert_eq!(server.hits(), 0);
}

#[tokio::test]
async fn both_steps_may_be_repeated() {
    let server = Server::play([Act::cut()]).await;
    let assets = server.client().assets();
    let error = assets.upload_sign("a.png").await.expect_err("cut");
    assert_eq!((error.kind(), error.attempts()), ("transport", 3));
    let error = assets.confirm(ID).await.expect_err("cut");
    assert_eq!((error.kind(), error.attempts()), ("transport", 3));
}

#[tokio::test]
async fn without_bytes_there_is_nothing_to_confirm() {
    let sandbox = Sandbox::start().expect("loopback");
    let client = builder(sandbox.base_url())
        .api_key(sandbox.api_key())
        .build()
        .expect("valid");
    let target = client
        .assets()
        .upload_sign("a.png")
        .size(3)
        .await
        .expect("signed");
    assert!(target.upload_url.is_some());
    let error = client
        .assets()
        .confirm(&target.id)
        .await
        .expect_err("nothing there");
    assert_eq!(error.code(), Some(Code::ASSET_UPLOAD_FAILED));
    let error = client.assets().confirm(ID).await.expect_err("another id");
    assert_eq!(error.code(), Some(Code::ASSET_NOT_FOUND));
}

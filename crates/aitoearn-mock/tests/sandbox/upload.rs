//! Uploading a file: sign, put, confirm.

#![allow(clippy::unwrap_used)] // a test that cannot go on says so and stops

use std::time::Duration;

use crate::support::{Api, code, data};
use reqwest::{Body, RequestBuilder};
use serde_json::{Value, json};

const SIGN: &str = "/api/assets/uploadSign";

async fn sign(api: &Api, body: Value) -> (String, String) {
    let signed = data(api.post(SIGN, body).await);
    assert!(signed.get("uploadFields").is_none());
    let text = |key: &str| signed[key].as_str().unwrap().to_owned();
    (text("id"), text("uploadUrl"))
}

async fn put(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

async fn confirm(api: &Api, id: &str) -> Value {
    crate::support::json(api.call("POST", &format!("/api/assets/{id}/confirm"))).await
}

#[tokio::test]
async fn a_file_is_signed_stored_and_confirmed() {
    let api = Api::new();
    let (id, url) = sign(
        &api,
        json!({ "filename": "jars.MP4", "type": "publishMedia", "size": 5 }),
    )
    .await;
    assert!(url.starts_with(&api.sandbox.storage().base_url()));
    assert_ne!(api.sandbox.storage().base_url(), api.sandbox.base_url());
    assert_eq!(code(&confirm(&api, &id).await), 12751);
    assert_eq!(
        put(api
            .http
            .put(&url)
            .header("Content-Type", "video/mp4")
            .body("hello"))
        .await,
        200
    );
    let asset = data(confirm(&api, &id).await);
    assert_eq!(
        (&asset["status"], &asset["size"], &asset["mimeType"]),
        (&json!("confirmed"), &json!(5), &json!("video/mp4"))
    );
    assert_eq!(
        (&asset["filename"], &asset["type"]),
        (&json!("jars.MP4"), &json!("publishMedia"))
    );
    assert!(asset["metadata"]["duration"].is_number());
    assert_eq!(data(confirm(&api, &id).await), asset);
    assert_eq!(
        api.sandbox.storage().uploaded(&id).as_deref(),
        Some(&b"hello"[..])
    );
    assert_eq!(api.sandbox.storage().seen()[0].status, Some(200));
    assert!(api.sandbox.seen().iter().all(|seen| seen.method != "PUT"));
}

#[tokio::test]
async fn the_storage_insists_on_exactly_what_was_signed() {
    let api = Api::new();
    let (id, url) = sign(&api, json!({ "filename": "a.png", "size": 5 })).await;
    let png = || api.http.put(&url).header("Content-Type", "image/png");
    assert_eq!(put(api.http.put(&url).body("hello")).await, 403);
    assert_eq!(
        put(api
            .http
            .put(&url)
            .header("Content-Type", "image/jpeg")
            .body("hello"))
        .await,
        403
    );
    assert_eq!(put(png().body("hello!")).await, 403);
    let chunks = futures_util::stream::iter([Ok::<_, std::io::Error>("hello")]);
    assert_eq!(put(png().body(Body::wrap_stream(chunks))).await, 411);
    assert_eq!(
        put(png()
            .header("X-Api-Key", api.sandbox.api_key())
            .body("hello"))
        .await,
        400
    );
    assert_eq!(put(png().bearer_auth("anything").body("hello")).await, 400);
    let without_checksum = url.replace("&x-amz-checksum-crc32=AAAAAA%3D%3D", "");
    assert_ne!(without_checksum, url);
    assert_eq!(
        put(api
            .http
            .put(&without_checksum)
            .header("Content-Type", "image/png")
            .body("hello"))
        .await,
        403
    );
    assert_eq!(
        put(api
            .http
            .post(&url)
            .header("Content-Type", "image/png")
            .body("hello"))
        .await,
        405
    );
    assert!(api.sandbox.storage().uploaded(&id).is_none());
    api.sandbox.clock().advance(Duration::from_secs(300));
    assert_eq!(put(png().body("hello")).await, 403);
}

#[tokio::test]
async fn without_a_size_any_length_will_do_up_to_the_limit() {
    let api = Api::new();
    api.sandbox.storage().max_size(10);
    let (id, url) = sign(&api, json!({ "filename": "noext" })).await;
    let request = api
        .http
        .put(&url)
        .header("Content-Type", "application/octet-stream");
    assert_eq!(put(request.body("0123456789")).await, 200);
    assert_eq!(code(&confirm(&api, &id).await), 12752);
    assert_eq!(
        code(
            &api.post(SIGN, json!({ "filename": "a.png", "size": 10 }))
                .await
        ),
        12752
    );
}

#[tokio::test]
async fn requests_are_checked() {
    let api = Api::new();
    for body in [
        json!({}),
        json!({ "filename": "a", "type": "picture" }),
        json!({ "filename": "a", "size": "5" }),
    ] {
        assert_eq!(code(&api.post(SIGN, body.clone()).await), 400, "{body}");
    }
    assert_eq!(code(&confirm(&api, "short").await), 500);
    assert_eq!(
        code(&confirm(&api, "66f1c2a94b8e5d0012ab0007").await),
        12750
    );
}

#[tokio::test]
async fn the_storage_can_be_down() {
    let api = Api::new();
    let (id, url) = sign(&api, json!({ "filename": "a.png" })).await;
    let png = || {
        api.http
            .put(&url)
            .header("Content-Type", "image/png")
            .body("hello")
    };
    api.sandbox.storage().fail_next(503);
    assert_eq!(put(png()).await, 503);
    assert!(api.sandbox.storage().uploaded(&id).is_none());
    assert_eq!(put(png()).await, 200);
}

//! Files, images and videos.

use std::time::Duration;

use aitoearn::Client;
use aitoearn::types::{AssetType, VolcengineToolType};
use aitoearn_mock::Sandbox;

use super::{IMAGE, VIDEO};

pub(super) async fn tell(client: &Client, sandbox: &Sandbox) {
    upload(client).await;
    images(client).await;
    videos(client).await;
    volcengine(client).await;
    assert!(!sandbox.storage().seen().is_empty());
}

async fn upload(client: &Client) {
    let bytes = &b"\x89PNG\r\n\x1a\nnot really"[..];
    let target = client
        .assets()
        .upload_sign("Jar ä.png")
        .kind(AssetType::PublishMedia)
        .size(bytes.len() as u64)
        .await
        .expect("a place to put it");
    let address = target.upload_url.expect("an address");
    let stored = reqwest::Client::new()
        .put(address)
        .header("content-type", "image/png")
        .body(bytes)
        .send()
        .await
        .expect("the storage answers");
    assert!(stored.status().is_success(), "{stored:?}");
    client
        .assets()
        .confirm(&target.id)
        .await
        .expect("confirmed");
}

async fn images(client: &Client) {
    let images = client.images();
    let model = &images.models().await.expect("models")[0].name;
    let now = images
        .generate(model, "A jar")
        .size("1024x1024")
        .quality("high");
    now.style("vivid").await.expect("an image");
    let later = images.generate_async(model, "A jar").size("1024x1024");
    let task = later.await.expect("a task");
    images.task(&task.log_id).await.expect("a task");

    let model = &images.edit_models().await.expect("models")[0].name;
    let now = images
        .edit(model, "Bluer", [IMAGE])
        .size("1024x1024")
        .mask(IMAGE);
    now.await.expect("an image");
    let later = images.edit_async(model, "Bluer", [IMAGE, IMAGE]);
    later.await.expect("a task");
}

async fn videos(client: &Client) {
    let video = client.video();
    let model = &video.models().await.expect("models")[0].name;
    let task = video
        .generate(model, "A paper boat")
        .images([IMAGE])
        .resolution("480p")
        .ratio("16:9")
        .seconds(5)
        .await
        .expect("a task");
    video.get(&task.id).await.expect("a task");
    video.list().page(1).page_size(10).await.expect("a list");
    video.list().await.expect("a list");
    let everything = video.generate("seedance-2-beta-1080p", "A paper boat");
    let everything = everything.images([IMAGE]).videos([VIDEO]);
    let everything = everything.audios(["https://cdn.example.com/rain.mp3"]);
    everything.resolution("1080p").await.expect("a task");
}

async fn volcengine(client: &Client) {
    let task = client
        .video()
        .volcengine()
        .create("seedance-2-beta-1080p")
        .text("A paper boat")
        .first_frame(IMAGE)
        .last_frame(IMAGE)
        .reference_image(IMAGE)
        .reference_video(VIDEO)
        .reference_audio("https://cdn.example.com/rain.mp3")
        .resolution("1080p")
        .ratio("9:16")
        .seconds(8)
        .seed(-1)
        .watermark(false)
        .generate_audio(true)
        .return_last_frame(true)
        .expires_after(Duration::from_secs(3600))
        .priority(5)
        .tool(VolcengineToolType::WebSearch)
        .safety_identifier("u-1")
        .source("plugin")
        .await
        .expect("a task");
    let again = client.video().volcengine().get(&task.id).await;
    assert_eq!(again.expect("a task").id, task.id);
}

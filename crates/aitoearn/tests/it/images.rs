//! Images, waited for and started.

use aitoearn::{
    Client, Code, Error,
    types::{ImageResult, ImageTaskCreated, ImageTaskStatus},
};
use aitoearn_mock::{Calls, MockServer, Sandbox, operations};
use serde_json::{Value, json};

use crate::server::{Act, Server, builder};

const ID: &str = "66f2a9c4d81e5b0037c4a1a0";

fn client(mock: &MockServer) -> Client {
    builder(&mock.base_url()).build().expect("valid")
}

fn bodies(calls: &Calls<'_>) -> Vec<Value> {
    calls
        .seen()
        .iter()
        .filter_map(aitoearn_mock::Seen::json)
        .collect()
}

#[tokio::test]
async fn both_ways_send_the_same() {
    let mock = MockServer::start();
    let started = json!({ "logId": ID, "status": "generating" });
    let done =
        json!({ "created": 1_779_096_600, "list": [{ "url": "https://example.org/1.png" }] });
    let generate = mock.when(&operations::IMAGE_GENERATE).ok(&done);
    let generate_async = mock.when(&operations::IMAGE_GENERATE_ASYNC).ok(&started);
    let edit = mock.when(&operations::IMAGE_EDIT).ok(&done);
    let edit_async = mock.when(&operations::IMAGE_EDIT_ASYNC).ok(&started);
    let images = client(&mock).images();

    let result: ImageResult = images
        .generate("m", "p")
        .size("1024x1024")
        .quality("high")
        .style("vivid")
        .await
        .expect("made");
    assert_eq!(
        result.list[0].url.as_deref(),
        Some("https://example.org/1.png")
    );
    let task: ImageTaskCreated = images
        .generate_async("m", "p")
        .size("1024x1024")
        .quality("high")
        .style("vivid")
        .await
        .expect("started");
    assert_eq!(task.log_id, ID);
    let expected = json!({
        "model": "m", "prompt": "p", "size": "1024x1024", "quality": "high", "style": "vivid",
    });
    assert_eq!(bodies(&generate), bodies(&generate_async));
    assert_eq!(bodies(&generate_async), [expected]);

    images
        .edit("m", "p", ["https://a.example/1"])
        .await
        .expect("made");
    let several = [
        "https://a.example/1".to_owned(),
        "https://a.example/2".to_owned(),
    ];
    images
        .edit_async("m", "p", several)
        .mask("https://a.example/m.png")
        .size("512x512")
        .await
        .expect("started");
    let one = json!({ "model": "m", "prompt": "p", "image": "https://a.example/1" });
    assert_eq!(bodies(&edit), [one]);
    let many = json!({
        "model": "m", "prompt": "p", "image": ["https://a.example/1", "https://a.example/2"],
        "mask": "https://a.example/m.png", "size": "512x512",
    });
    assert_eq!(bodies(&edit_async), [many]);
}

#[tokio::test]
async fn what_the_service_would_refuse_is_not_sent() {
    let server = Server::play([Act::cut()]).await;
    let images = server.client().images();
    let none: [&str; 0] = [];
    let wrong = |error: Error| assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
    wrong(images.generate("", "p").await.expect_err("no model"));
    wrong(images.generate_async("m", "").await.expect_err("no prompt"));
    wrong(images.edit("m", "p", none).await.expect_err("no image"));
    wrong(
        images
            .edit("m", "p", [""])
            .await
            .expect_err("an empty image"),
    );
    let mask = images
        .edit_async("m", "p", ["https://a.example/1"])
        .mask("m.png");
    wrong(mask.await.expect_err("no address"));
    wrong(images.task("x").await.expect_err("no id"));
    assert_eq!(server.hits(), 0);
}

#[tokio::test]
async fn nothing_lost_on_the_way_back_is_made_twice() {
    let server = Server::play([Act::cut()]).await;
    let images = server.client().images();
    let image = ["https://a.example/1"];
    for error in [
        images.generate("m", "p").await.expect_err("cut"),
        images.generate_async("m", "p").await.expect_err("cut"),
        images.edit("m", "p", image).await.expect_err("cut"),
        images.edit_async("m", "p", image).await.expect_err("cut"),
    ] {
        assert!(matches!(error, Error::Ambiguous(_)), "{error:?}");
        assert!(error.advice().contains("credits"), "{error}");
    }
    assert_eq!(server.hits(), 4);
}

#[tokio::test]
async fn the_sandbox_makes_images() {
    let sandbox = Sandbox::start().expect("loopback");
    let client = builder(sandbox.base_url())
        .api_key(sandbox.api_key())
        .build()
        .expect("valid");
    let images = client.images();
    let model = images.models().await.expect("public").remove(0);
    assert!(model.pricing[0].price.to_f64().is_some());
    let task = images
        .generate_async(&model.name, "A paper boat")
        .await
        .expect("started");
    let state = images.task(&task.log_id).await.expect("there");
    assert!(matches!(
        state.status,
        ImageTaskStatus::Generating | ImageTaskStatus::Success
    ));
    assert!(
        !images
            .generate(&model.name, "A boat")
            .await
            .expect("made")
            .list
            .is_empty()
    );

    let model = images.edit_models().await.expect("public").remove(0);
    let boat = ["https://example.org/boat.png"];
    images
        .edit_async(&model.name, "Red", boat)
        .await
        .expect("started");
    images.edit(&model.name, "Red", boat).await.expect("made");
    let error = images.task(ID).await.expect_err("no such task");
    assert_eq!(error.code(), Some(404.into()));
    let error = images
        .generate("no such model", "p")
        .await
        .expect_err("no such model");
    assert_eq!(error.code(), Some(Code::INVALID_MODEL));
}

//! Videos, in AiToEarn's own format and in Volcengine's.

use std::time::Duration;

use aitoearn::{Client, Code, Error, types::VolcengineToolType};
use aitoearn_mock::{Answer, MockServer, Sandbox, operations};
use serde_json::{Value, json};

use crate::server::{Act, Server, builder};

const ID: &str = "66f2a9c4d81e5b0037c4a1a0";

fn client(mock: &MockServer) -> Client {
    builder(&mock.base_url()).build().expect("valid")
}

fn body(calls: &aitoearn_mock::Calls<'_>) -> Value {
    calls.seen()[0].json().expect("a JSON body")
}

#[tokio::test]
async fn what_the_catalogue_lists_goes_back_as_it_is_listed() {
    let mock = MockServer::start();
    let calls = mock
        .when(&operations::VIDEO_GENERATE)
        .ok(&json!({ "id": ID, "status": "SUBMITTED", "points": 1 }));
    let video = client(&mock).video();
    let listed = ["4k", "720P", "1080p", "2K", "480"];
    for resolution in listed {
        let generation = video.generate("m", "p").resolution(resolution);
        generation.await.expect("started");
    }
    let seen = calls.seen();
    let sent = seen
        .iter()
        .map(|it| it.json().expect("JSON")["resolution"].clone());
    assert_eq!(sent.collect::<Vec<_>>(), listed);
}

#[tokio::test]
async fn a_generation_says_all_it_was_told() {
    let mock = MockServer::start();
    let calls = mock
        .when(&operations::VIDEO_GENERATE)
        .ok(&json!({ "id": ID, "status": "SUBMITTED", "points": 27.5 }));
    let task = client(&mock)
        .video()
        .generate("a-model", "A paper boat")
        .images([
            "https://example.org/a.png",
            "asset://66f2a9c4d81e5b0037c4a1a1",
        ])
        .videos(["https://example.org/a.mp4"])
        .audios(["https://example.org/a.mp3"])
        .resolution("720p")
        .ratio("9:16")
        .seconds(8)
        .await
        .expect("started");
    assert_eq!((task.id.as_str(), task.status.as_str()), (ID, "SUBMITTED"));
    assert_eq!(
        body(&calls),
        json!({
            "model": "a-model",
            "prompt": "A paper boat",
            "images": ["https://example.org/a.png", "asset://66f2a9c4d81e5b0037c4a1a1"],
            "videos": ["https://example.org/a.mp4"],
            "audios": ["https://example.org/a.mp3"],
            "resolution": "720p",
            "ratio": "9:16",
            "duration": 8,
        })
    );
}

#[tokio::test]
async fn what_is_left_out_is_not_sent() {
    let mock = MockServer::start();
    let calls = mock
        .when(&operations::VIDEO_GENERATE)
        .ok(&json!({ "id": ID, "status": "SUBMITTED" }));
    client(&mock)
        .video()
        .generate("m", "p")
        .await
        .expect("started");
    assert_eq!(body(&calls), json!({ "model": "m", "prompt": "p" }));
}

#[tokio::test]
async fn what_the_service_would_refuse_is_not_sent() {
    let server = Server::play([Act::cut()]).await;
    let video = server.client().video();
    for (wrong, parameter) in [
        (video.generate("", "p"), "model"),
        (video.generate("m", " "), "prompt"),
        (video.generate("m", "长".repeat(4001)), "prompt"),
        (video.generate("m", "p").images([ID]), "images"),
        (video.generate("m", "p").videos([""]), "videos"),
        (video.generate("m", "p").audios(["a.mp3"]), "audios"),
    ] {
        let error = wrong.await.expect_err(parameter);
        assert!(
            matches!(&error, Error::InvalidInput(error) if error.parameter() == parameter),
            "{error:?}"
        );
    }
    for wrong in [
        video.list().page(0),
        video.list().page_size(0),
        video.list().page_size(1001),
    ] {
        let error = wrong.await.expect_err("out of range");
        assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
    }
    let error = video.get("not an id").await.expect_err("not an id");
    assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
    assert_eq!(server.hits(), 0);
}

#[tokio::test]
async fn pages_are_asked_for_by_number() {
    let mock = MockServer::start();
    let page = json!({ "list": [], "page": 2, "pageSize": 1000, "total": 0, "totalPages": 0 });
    let calls = mock.when(&operations::VIDEO_LIST).ok(&page);
    let client = client(&mock);
    client.video().list().await.expect("fine");
    let list = client.video().list().page(2).page_size(1000);
    assert_eq!(list.await.expect("fine").page_size, 1000);
    assert_eq!(calls.seen()[0].query, "");
    assert_eq!(calls.seen()[1].query, "page=2&pageSize=1000");
}

#[tokio::test]
async fn a_task_lost_on_the_way_back_is_never_started_twice() {
    for act in [
        Act::cut(),
        Act::html(502),
        Act::json(r#"{"id":"x"}"#).half(),
    ] {
        let server = Server::play([act]).await;
        let video = server.client().video();
        let error = video.generate("m", "p").await.expect_err("lost");
        assert!(matches!(error, Error::Ambiguous(_)), "{error:?}");
        assert!(error.advice().contains("list of video tasks"), "{error}");
        let error = video.volcengine().create("m").text("p").await;
        let error = error.expect_err("lost");
        assert!(matches!(error, Error::Ambiguous(_)), "{error:?}");
        assert!(error.advice().contains("credits"), "{error}");
        assert_eq!(server.hits(), 2);
    }
}

#[tokio::test]
async fn volcengines_format_is_plain() {
    let mock = MockServer::start();
    let calls = mock
        .when(&operations::VOLCENGINE_VIDEO_CREATE)
        .key(crate::server::KEY)
        .ok(&json!({ "id": "cgt-1" }));
    let response = client(&mock)
        .video()
        .volcengine()
        .create("a-model")
        .text("A paper boat")
        .image("https://example.org/0.png")
        .first_frame("https://example.org/1.png")
        .last_frame("https://example.org/2.png")
        .reference_image("data:image/png;base64,AAAA")
        .reference_video("https://example.org/a.mp4")
        .reference_audio("https://example.org/a.mp3")
        .resolution("1080p")
        .ratio("9:16")
        .seconds(5)
        .seed(7)
        .watermark(false)
        .generate_audio(true)
        .return_last_frame(true)
        .expires_after(Duration::from_secs(3600))
        .priority(9)
        .tool(VolcengineToolType::WebSearch)
        .safety_identifier("u-1")
        .source("plugin")
        .request_id("my-id")
        .send_with_meta()
        .await
        .expect("started");
    assert_eq!(response.data.id, "cgt-1");
    assert_eq!(
        (response.request_id(), response.message.as_str()),
        ("my-id", "")
    );
    assert_eq!(
        body(&calls),
        json!({
            "model": "a-model",
            "content": [
                { "type": "text", "text": "A paper boat" },
                { "type": "image_url", "image_url": { "url": "https://example.org/0.png" } },
                { "type": "image_url", "image_url": { "url": "https://example.org/1.png" }, "role": "first_frame" },
                { "type": "image_url", "image_url": { "url": "https://example.org/2.png" }, "role": "last_frame" },
                { "type": "image_url", "image_url": { "url": "data:image/png;base64,AAAA" }, "role": "reference_image" },
                { "type": "video_url", "video_url": { "url": "https://example.org/a.mp4" }, "role": "reference_video" },
                { "type": "audio_url", "audio_url": { "url": "https://example.org/a.mp3" }, "role": "reference_audio" },
            ],
            "resolution": "1080p",
            "ratio": "9:16",
            "duration": 5,
            "seed": 7,
            "watermark": false,
            "generate_audio": true,
            "return_last_frame": true,
            "execution_expires_after": 3600,
            "priority": 9,
            "tools": [{ "type": "web_search" }],
            "safety_identifier": "u-1",
            "source": "plugin",
        })
    );
}

#[tokio::test]
async fn volcengines_options_are_checked() {
    let server = Server::play([Act::cut()]).await;
    let volcengine = server.client().video().volcengine();
    let create = || volcengine.create("m").text("p");
    for wrong in [
        volcengine.create("m"),
        volcengine.create("").text("p"),
        create().text(""),
        create().image(" "),
        create().priority(10),
        create().expires_after(Duration::from_secs(3599)),
        create().expires_after(Duration::from_secs(259_201)),
        create().expires_after(Duration::from_millis(3_600_500)),
    ] {
        let error = wrong.await.expect_err("wrong");
        assert!(matches!(error, Error::InvalidInput(_)), "{error:?}");
    }
    volcengine.get("").await.expect_err("no id");
    assert_eq!(server.hits(), 0);
}

#[tokio::test]
async fn plain_answers_have_errors_of_three_kinds() {
    let mock = MockServer::start();
    let refused = json!({ "error": { "code": "InvalidParameter", "message": "no such ratio" } });
    mock.when(&operations::VOLCENGINE_VIDEO_GET).in_turn([
        Answer::error(Code::INVALID_AI_TASK_ID),
        Answer::json(&refused),
        Answer::raw(400, "application/json", refused.to_string()),
        Answer::raw(400, "text/html", "<html>"),
        Answer::ok(&json!({
            "id": "cgt-1", "model": "m", "status": "failed", "created_at": 1, "updated_at": 2,
            "error": { "code": "x", "message": "y" },
        })),
    ]);
    let client = client(&mock);
    let get = || client.video().volcengine().get("cgt-1");
    assert_eq!(
        get().await.expect_err("1").code(),
        Some(Code::INVALID_AI_TASK_ID)
    );
    for status in [200, 400] {
        let error = get().await.expect_err("of the provider");
        assert!(
            matches!(&error, Error::Http(error) if error.provider_message.as_deref() == Some("no such ratio")),
            "{error:?}"
        );
        assert_eq!(error.status().map(|s| s.as_u16()), Some(status));
    }
    assert!(matches!(get().await, Err(Error::Http(_))));
    let task = get().await.expect("a task that failed is no failed call");
    assert_eq!(task.error.map(|error| error.message).as_deref(), Some("y"));
}

#[tokio::test]
async fn the_sandbox_makes_videos() {
    let sandbox = Sandbox::start().expect("loopback");
    let client = builder(sandbox.base_url())
        .api_key(sandbox.api_key())
        .build()
        .expect("valid");
    let models = client.video().models().await.expect("public");
    let model = &models[0];
    assert!(
        model
            .pricing
            .iter()
            .all(|price| price.price.to_f64().is_some())
    );
    let mut generate = client.video().generate(&model.name, "A paper boat");
    if let Some(seconds) = model.durations.first().and_then(|s| u32::try_from(*s).ok()) {
        generate = generate.seconds(seconds);
    }
    let task = generate.await.expect("started");
    let state = client.video().get(&task.id).await.expect("there");
    assert_eq!(state.input.prompt, "A paper boat");
    let list = client.video().list().await.expect("fine");
    assert_eq!(list.list[0].id, task.id);
    let error = client.video().get(ID).await.expect_err("no such task");
    assert_eq!(error.code(), Some(Code::INVALID_AI_TASK_ID));
    let error = client.video().generate("no such model", "p").await;
    assert_eq!(
        error.expect_err("no such model").code(),
        Some(Code::INVALID_MODEL)
    );

    let task = client
        .video()
        .volcengine()
        .create(&model.name)
        .text("A boat")
        .await;
    let task = task.expect("started");
    let state = client
        .video()
        .volcengine()
        .get(&task.id)
        .await
        .expect("there");
    assert_eq!(state.id, task.id);
}

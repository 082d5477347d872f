//! Videos of both styles, and images: started, waited for, there or not.

use aitoearn::{
    Client, Error,
    flow::{GenerationFailed, Update},
};
use aitoearn_mock::{Answer, Fault, MockServer, operations};
use serde_json::json;

use crate::{calls, quick, sandbox};

const VOLCENGINE: &str = "doubao-seedance-2-0-260128";

async fn video_model(client: &Client) -> String {
    let models = client.video().models().await.expect("models");
    models[0].name.clone()
}

async fn image_model(client: &Client) -> String {
    let models = client.images().models().await.expect("models");
    models[0].name.clone()
}

#[tokio::test]
async fn a_video_with_everything_that_happens() {
    let (_sandbox, client) = sandbox();
    let model = video_model(&client).await;
    let request = client.video().generate(model, "A paper boat");
    let wait = request.start().await.expect("started");
    let id = wait.handle().job().id.clone();
    let mut told = Vec::new();
    let mut updates = wait.policy(quick()).updates();
    while let Some(update) = updates.next().await {
        match update.expect("no end") {
            Update::Pending(task) => told.push(task.status),
            Update::Done(video) => {
                assert_eq!(video.task.id, id);
                told.push(video.task.status);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(told, ["InProgress", "InProgress", "SUCCESS"]);
}

#[tokio::test]
async fn a_video_in_volcengines_format() {
    let (_sandbox, client) = sandbox();
    let request = client
        .video()
        .volcengine()
        .create(VOLCENGINE)
        .text("A boat");
    let wait = request.start().await.expect("started");
    let video = wait.policy(quick()).await.expect("ready");
    assert_eq!(video.task.status, "succeeded");
    assert!(video.url.starts_with("https://"));
}

#[tokio::test]
async fn images_made_and_changed() {
    let (_sandbox, client) = sandbox();
    let model = image_model(&client).await;
    let request = client.images().generate_async(model, "A paper boat");
    let wait = request.start().await.expect("started");
    let task = wait.policy(quick()).await.expect("ready");
    assert!(task.images[0].url.is_some());

    let models = client.images().edit_models().await.expect("models");
    let boat = ["https://example.org/boat.png"];
    let request = client.images().edit_async(&models[0].name, "Red", boat);
    let wait = request.start().await.expect("started");
    let task = wait.policy(quick()).await.expect("ready");
    assert!(!task.images.is_empty());
}

fn said(failure: Option<&GenerationFailed>) -> &str {
    let message = failure.and_then(|failure| failure.message.as_deref());
    message.expect("a reason")
}

#[tokio::test]
async fn each_kind_fails_with_its_reason() {
    let (sandbox, client) = sandbox();
    sandbox.videos().fail_next("too dark").fail_next("too loud");
    sandbox.images().fail_next("too red");

    let request = client
        .video()
        .generate(video_model(&client).await, "A boat");
    let wait = request.start().await.expect("started").policy(quick());
    let error = wait.await.expect_err("fails");
    assert_eq!(said(error.failure()), "too dark");
    assert!(error.to_string().contains("too dark"), "{error}");

    let request = client
        .video()
        .volcengine()
        .create(VOLCENGINE)
        .text("A boat");
    let wait = request.start().await.expect("started").policy(quick());
    let error = wait.await.expect_err("fails");
    assert_eq!(said(error.failure()), "too loud");
    let code = error.failure().and_then(|it| it.code.as_deref());
    assert_eq!(code, Some("GenerationFailed"));

    let request = client
        .images()
        .generate_async(image_model(&client).await, "A boat");
    let wait = request.start().await.expect("started").policy(quick());
    assert_eq!(said(wait.await.expect_err("fails").failure()), "too red");
}

#[tokio::test]
async fn a_lost_submission_is_not_repeated_and_says_where_to_look() {
    let (sandbox, client) = sandbox();
    let client = {
        let builder = Client::builder().base_url(client.base_url());
        let builder = builder.api_key(sandbox.api_key());
        builder.build().expect("with the usual retries")
    };
    let lost = || Fault::lose_answer();
    sandbox
        .faults()
        .next(&operations::VIDEO_GENERATE, lost())
        .next(&operations::IMAGE_GENERATE_ASYNC, lost())
        .next(&operations::VOLCENGINE_VIDEO_CREATE, lost());

    let request = client
        .video()
        .generate(video_model(&client).await, "A boat");
    let Err(Error::Ambiguous(error)) = request.start().await else {
        panic!("it may have been started");
    };
    assert!(
        error.how_to_find_out().contains("list of video tasks"),
        "{error}"
    );
    assert_eq!(calls(&sandbox, "video_generate"), 1);

    let request = client
        .images()
        .generate_async(image_model(&client).await, "A boat");
    assert!(matches!(request.start().await, Err(Error::Ambiguous(_))));
    assert_eq!(calls(&sandbox, "image_generate_async"), 1);

    let request = client
        .video()
        .volcengine()
        .create(VOLCENGINE)
        .text("A boat");
    assert!(matches!(request.start().await, Err(Error::Ambiguous(_))));
    assert_eq!(calls(&sandbox, "volcengine_video_create"), 1);
}

/// A task in a state of which nobody has heard, then as told.
#[tokio::test]
async fn unknown_states_are_handed_out_and_case_means_nothing() {
    let mock = MockServer::start();
    let client = Client::builder()
        .base_url(mock.base_url())
        .api_key("any")
        .build()
        .expect("fine");
    let task = |status: &str| {
        json!({
            "id": "66f2a9c4d81e5b0037c4a1a0", "model": "m", "status": status,
            "input": { "prompt": "A boat" }, "videoUrl": "https://example.org/a.mp4",
            "startedAt": "2026-01-01T00:00:00.000Z", "submittedAt": "2026-01-01T00:00:00.000Z",
        })
    };
    let states = ["DREAMING", "", "sUcCeSs"];
    let answers = states.map(|status| Answer::ok(&task(status)));
    let looks = mock.when(&operations::VIDEO_GET).in_turn(answers);
    let job = aitoearn::flow::VideoJob {
        id: "66f2a9c4d81e5b0037c4a1a0".into(),
    };
    let mut updates = client.wait_for(job).policy(quick()).updates();
    for unknown in ["DREAMING", ""] {
        match updates.next().await.expect("goes on").expect("no end") {
            Update::Pending(task) => assert_eq!(task.status, unknown),
            other => panic!("{other:?}"),
        }
    }
    match updates.next().await.expect("goes on").expect("no end") {
        Update::Done(video) => assert!(video.url.ends_with("a.mp4")),
        other => panic!("{other:?}"),
    }
    looks.assert_times(3);
}

//! `generate_image` and `generate_video`: for credits.

use schemars::JsonSchema;
use serde::Deserialize;

use aitoearn::flow::{ImageJob, VideoJob};

use crate::commands::generate::{image_price, no_model, video_price};
use crate::failure::Outcome;
use crate::mcp::answer::Answer;
use crate::mcp::context::Context;
use crate::mcp::tool::{About, Effect, Tool};

use super::jobs::{HandleText, Progress, images, status, video, watched};
use super::wait;

pub(super) fn tools() -> [Tool; 2] {
    [
        Tool::new(
            About {
                name: "generate_image",
                title: "Generate an image",
                description: "Generates an image from a description. Costs credits: call it \
                    without `confirm` first, and it tells the price and spends nothing. Returns \
                    addresses for `media` of a post, or a handle for job_status. Every confirmed \
                    call generates and is paid anew, so do not repeat one whose handle you have.",
                effect: Effect::Spends,
            },
            image,
        ),
        Tool::new(
            About {
                name: "generate_video",
                title: "Generate a video",
                description: "Generates a video from a description, and from images if you give \
                    some. Costs credits, often many: call it without `confirm` first, and it tells \
                    the price and spends nothing. Takes minutes: it mostly returns a handle for \
                    job_status. Every confirmed call generates and is paid anew, so do not repeat \
                    one whose handle you have.",
                effect: Effect::Spends,
            },
            generate_video,
        ),
    ]
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ImageArguments {
    /// What is to be seen.
    prompt: String,
    /// The model; the first that there is if left out. An unknown one is answered with all names.
    #[serde(default)]
    model: Option<String>,
    /// Such as `1024x1024`.
    #[serde(default)]
    size: Option<String>,
    /// Such as `high`.
    #[serde(default)]
    quality: Option<String>,
    /// Wait so many seconds for it: 0 to 600, default 45. It goes on without.
    #[serde(default)]
    #[schemars(range(max = 600))]
    wait_seconds: Option<u16>,
    /// Must be true, and means: the person who pays knows the price and wants it. Without it,
    /// the price is told and nothing is spent.
    #[schemars(required)]
    confirm: Option<bool>,
}

async fn image(context: Context, wanted: ImageArguments) -> Outcome<Answer<Progress>> {
    let api = context.session.client.images();
    let models = api.models().await?;
    let name = wanted.model.as_deref();
    let fits = |it: &&aitoearn::types::ImageModel| name.is_none_or(|name| name == it.name);
    let Some(model) = models.iter().find(fits) else {
        let known: Vec<&str> = models.iter().map(|it| it.name.as_str()).collect();
        return Err(no_model(name, &known));
    };
    let price = image_price(&model.pricing, wanted.size.as_deref());
    let what = format!("An image by {} costs {price}.", model.name);
    context.confirmed(wanted.confirm, &what).await?;
    let mut request = api.generate_async(&model.name, wanted.prompt);
    if let Some(size) = wanted.size {
        request = request.size(size);
    }
    if let Some(quality) = wanted.quality {
        request = request.quality(quality);
    }
    context.may_have("It is not known whether the generation began; the user's credits tell.");
    let begun = request.start().await?;
    let handle = begun.handle().clone();
    let text = HandleText::of(&handle);
    note_handle(&context, &text);
    let state = watched::<ImageJob>(&context, handle, wait(wanted.wait_seconds, 45)).await?;
    Ok(status::<ImageJob>(text, state, images))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct VideoArguments {
    /// What is to be seen.
    prompt: String,
    /// The model; the first that there is if left out. An unknown one is answered with all names.
    #[serde(default)]
    model: Option<String>,
    /// How long it is to be.
    #[serde(default)]
    seconds: Option<u32>,
    /// Such as `16:9`.
    #[serde(default)]
    ratio: Option<String>,
    /// Such as `720p`.
    #[serde(default)]
    resolution: Option<String>,
    /// Addresses of images to begin with; `upload_file` makes one of a local file.
    #[serde(default)]
    images: Vec<String>,
    /// Wait so many seconds for it: 0 to 600, default 20. It goes on without.
    #[serde(default)]
    #[schemars(range(max = 600))]
    wait_seconds: Option<u16>,
    /// Must be true, and means: the person who pays knows the price and wants it. Without it,
    /// the price is told and nothing is spent.
    #[schemars(required)]
    confirm: Option<bool>,
}

async fn generate_video(context: Context, wanted: VideoArguments) -> Outcome<Answer<Progress>> {
    let api = context.session.client.video();
    let models = api.models().await?;
    let name = wanted.model.as_deref();
    let fits = |it: &&aitoearn::types::VideoModel| name.is_none_or(|name| name == it.name);
    let Some(model) = models.iter().find(fits) else {
        let known: Vec<&str> = models.iter().map(|it| it.name.as_str()).collect();
        return Err(no_model(name, &known));
    };
    let price = video_price(&model.pricing, wanted.seconds, wanted.resolution.as_deref());
    let what = format!("A video by {} costs {price}.", model.name);
    context.confirmed(wanted.confirm, &what).await?;
    let mut request = api.generate(&model.name, wanted.prompt);
    if let Some(seconds) = wanted.seconds {
        request = request.seconds(seconds);
    }
    if let Some(ratio) = wanted.ratio {
        request = request.ratio(ratio);
    }
    if let Some(resolution) = wanted.resolution {
        request = request.resolution(resolution.as_str());
    }
    if !wanted.images.is_empty() {
        request = request.images(wanted.images);
    }
    context.may_have("It is not known whether the generation began; the user's credits tell.");
    let begun = request.start().await?;
    let handle = begun.handle().clone();
    let text = HandleText::of(&handle);
    note_handle(&context, &text);
    let state = watched::<VideoJob>(&context, handle, wait(wanted.wait_seconds, 20)).await?;
    Ok(status::<VideoJob>(text, state, video))
}

/// From here on it is paid: whatever fails, the handle is told.
fn note_handle(context: &Context, handle: &HandleText) {
    let text = serde_json::to_string(handle).unwrap_or_default();
    context.may_have(format!(
        "It is begun and goes on by itself; job_status with this handle finds it: {text}"
    ));
    context.fact("handle", text);
}

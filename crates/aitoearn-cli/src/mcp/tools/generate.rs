//! `generate_image` and `generate_video`: for credits.

use schemars::JsonSchema;
use serde::Deserialize;

use aitoearn::flow::{ImageJob, VideoJob};

use crate::failure::Outcome;
use crate::generation::{self, Offer};
use crate::mcp::answer::Answer;
use crate::mcp::context::Context;
use crate::mcp::tool::{About, Effect, Tool};

use super::jobs::{self, HandleText, Progress, status, watched};
use super::wait;

pub(super) fn tools() -> [Tool; 2] {
    [
        Tool::new(
            About {
                name: "generate_image",
                title: "Generate an image",
                description: "Generates an image from a description. Costs credits: call it \
                    without `confirm` first, and it returns the price and spends nothing. Returns \
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
                    some. Costs credits, often many: call it without `confirm` first, and it returns \
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
    let image = generation::Image {
        prompt: wanted.prompt,
        model: wanted.model,
        size: wanted.size,
        quality: wanted.quality,
    };
    let Offer {
        model,
        price,
        request,
    } = image.offer(&context.session.client).await?;
    let what = format!("An image by {model} costs {price}.");
    context.confirmed(wanted.confirm, &what).await?;
    context.may_have("It is not known whether the generation began; the user's credits show it.");
    let begun = request.start().await?;
    let handle = begun.handle().clone();
    let text = HandleText::of(&handle);
    note_handle(&context, &text);
    let state = watched::<ImageJob>(&context, handle, wait(wanted.wait_seconds, 45)).await?;
    Ok(status::<ImageJob>(text, state, jobs::images))
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
    let video = generation::Video {
        prompt: wanted.prompt,
        model: wanted.model,
        seconds: wanted.seconds,
        ratio: wanted.ratio,
        resolution: wanted.resolution,
        images: wanted.images,
    };
    let Offer {
        model,
        price,
        request,
    } = video.offer(&context.session.client).await?;
    let what = format!("A video by {model} costs {price}.");
    context.confirmed(wanted.confirm, &what).await?;
    context.may_have("It is not known whether the generation began; the user's credits show it.");
    let begun = request.start().await?;
    let handle = begun.handle().clone();
    let text = HandleText::of(&handle);
    note_handle(&context, &text);
    let state = watched::<VideoJob>(&context, handle, wait(wanted.wait_seconds, 20)).await?;
    Ok(status::<VideoJob>(text, state, jobs::video))
}

/// From here on it is paid: if anything fails, the handle is reported.
fn note_handle(context: &Context, handle: &HandleText) {
    let text = serde_json::to_string(handle).unwrap_or_default();
    context.may_have(format!(
        "It has begun and continues without this call; job_status with this handle finds it: {text}"
    ));
    context.fact("handle", text);
}

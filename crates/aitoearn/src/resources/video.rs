//! `client.video()`: the generation of a video.

use aitoearn_api::operations;

use super::generation::{check_media, check_model, check_prompt};
use crate::{
    Client, Error, Request, Video,
    flow::{VideoJob, Wait},
    options::RequestOptions,
    request::{debug_options, request_methods},
    types::{VideoGenerateBody, VideoResolution, VideoTaskCreated},
};

impl Video {
    /// Starts a task that makes a video, **which costs credits**.
    ///
    /// `model` is a `name` of [`models`](Self::models); `prompt` says what to show,
    /// in 1 to 4000 characters. The id that comes back is for [`get`](Self::get).
    ///
    /// Calls `POST /api/ai/video/generations`. Never repeated once it may have
    /// been done.
    ///
    /// # Errors
    ///
    /// [`Error::Ambiguous`] if it is not known whether a task was started: look
    /// for it in [`list`](Self::list) before you start another.
    /// [`Error::InvalidInput`] for an empty model, a prompt of the wrong length,
    /// or input that is neither a web address nor `asset://{id}`;
    /// [`Code::INVALID_MODEL`](crate::Code::INVALID_MODEL);
    /// [`Code::AI_VIDEO_GENERATION_UNSUPPORTED_MODE`](crate::Code::AI_VIDEO_GENERATION_UNSUPPORTED_MODE)
    /// and [`Code::AI_VIDEO_GENERATION_UNSUPPORTED_INPUT`](crate::Code::AI_VIDEO_GENERATION_UNSUPPORTED_INPUT)
    /// if the model cannot work from this input;
    /// [`Code::USER_CREDITS_INSUFFICIENT`](crate::Code::USER_CREDITS_INSUFFICIENT);
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let task = client
    ///     .video()
    ///     .generate("the model's name", "A paper boat crosses a puddle, rain, dusk")
    ///     .images(["https://example.org/boat.png"])
    ///     .resolution("720p")
    ///     .ratio("9:16")
    ///     .seconds(8)
    ///     .await?;
    /// println!("task {}", task.id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn generate(&self, model: impl Into<String>, prompt: impl Into<String>) -> GenerateVideo {
        GenerateVideo {
            client: self.client.clone(),
            options: RequestOptions::default(),
            body: VideoGenerateBody {
                audios: Vec::new(),
                duration: None,
                images: Vec::new(),
                model: model.into(),
                prompt: prompt.into(),
                ratio: None,
                resolution: None,
                videos: Vec::new(),
            },
        }
    }
}

/// A video that is ready to be asked for. Made by [`Video::generate`]; `.await` it.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// let video = client.video().generate("the model's name", "A kettle sings").ratio("9:16").seconds(5);
/// println!("task {}", video.await?.id);
/// # Ok(())
/// # }
/// ```
///
/// What is left out is chosen by the model, see `defaults` in [`Video::models`].
#[must_use = "a request does nothing until it is awaited"]
pub struct GenerateVideo {
    client: Client,
    options: RequestOptions,
    body: VideoGenerateBody,
}

impl GenerateVideo {
    /// Sends it and gives the wait for its end.
    ///
    /// # Errors
    ///
    /// Those of [`Video::generate`], of a task that could not be started. If it may have
    /// been started all the same, [`Error::Ambiguous`] says how to look for it.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let wait = client.video().generate("the model's name", "A paper boat, rain").start().await?;
    /// println!("ready: {}", wait.await?.url);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start(self) -> Result<Wait<VideoJob>, Error> {
        let client = self.client.clone();
        let id = self.send().await?.id;
        Ok(Wait::just_begun(&client, VideoJob { id }))
    }

    /// Pictures to work from: web addresses, or `asset://{id}` for an uploaded
    /// file. How many is up to the model (`max_input_images`).
    pub fn images(mut self, urls: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.body.images = urls.into_iter().map(Into::into).collect();
        self
    }

    /// Videos to work from: web addresses, or `asset://{id}` for an uploaded
    /// file. Not every model takes them.
    pub fn videos(mut self, urls: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.body.videos = urls.into_iter().map(Into::into).collect();
        self
    }

    /// Sounds to work from: web addresses, or `asset://{id}` for an uploaded
    /// file. Not every model takes them.
    pub fn audios(mut self, urls: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.body.audios = urls.into_iter().map(Into::into).collect();
        self
    }

    /// The resolution, such as `720p`: one of the model's `resolutions`.
    pub fn resolution(mut self, resolution: impl Into<VideoResolution>) -> Self {
        self.body.resolution = Some(resolution.into());
        self
    }

    /// Width to height, such as `9:16`: one of the model's `aspect_ratios`.
    pub fn ratio(mut self, ratio: impl Into<String>) -> Self {
        self.body.ratio = Some(ratio.into());
        self
    }

    /// The length in whole seconds: one of the model's `durations`.
    pub fn seconds(mut self, seconds: u32) -> Self {
        self.body.duration = Some(seconds.into());
        self
    }

    fn into_request(self) -> Request<VideoTaskCreated> {
        let Self {
            client,
            options,
            body,
        } = self;
        Request::new(
            &client,
            &operations::VIDEO_GENERATE,
            check(&body).map(|()| body),
            |api, body| Box::pin(api.video_generate(body)),
        )
        .with_options(options)
    }
}

request_methods!([] GenerateVideo => VideoTaskCreated);
debug_options!(GenerateVideo);

fn check(body: &VideoGenerateBody) -> Result<(), Error> {
    check_model(&body.model)?;
    check_prompt(&body.prompt)?;
    check_media("images", &body.images)?;
    check_media("videos", &body.videos)?;
    check_media("audios", &body.audios)
}

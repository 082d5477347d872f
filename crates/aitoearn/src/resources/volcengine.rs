//! `client.video().volcengine()`: the generation of a video.

use std::time::Duration;

use aitoearn_api::operations;

use super::generation::{check_filled, check_model};
use crate::{
    Client, Error, InputError, Request, Volcengine,
    flow::{VolcengineJob, Wait},
    options::RequestOptions,
    request::{debug_options, request_methods},
    types::{
        MediaUrl, ReferenceRole, TextPart, VolcengineAudio, VolcengineContent, VolcengineImage,
        VolcengineSource, VolcengineTaskCreated, VolcengineTool, VolcengineToolType,
        VolcengineVideo, VolcengineVideoBody,
    },
};

/// Within this many seconds a task has to end.
const EXPIRY: std::ops::RangeInclusive<u64> = 3600..=259_200;

impl Volcengine {
    /// Starts a task that makes a video, **which costs credits**.
    ///
    /// What the video is made from is added piece by piece, such as
    /// [`text`](CreateVolcengineVideo::text); at least one is needed. The id that
    /// comes back is for [`get`](Self::get).
    ///
    /// Calls `POST /api/ai/v3/contents/generations/tasks`. Never repeated once it
    /// may have been done.
    ///
    /// # Errors
    ///
    /// [`Error::Ambiguous`] if it is not known whether a task was started.
    /// [`Error::InvalidInput`] for an empty model, no content, or an option out
    /// of range; [`Code::INVALID_MODEL`](crate::Code::INVALID_MODEL);
    /// [`Code::AI_VIDEO_GENERATION_UNSUPPORTED_INPUT`](crate::Code::AI_VIDEO_GENERATION_UNSUPPORTED_INPUT);
    /// [`Code::USER_CREDITS_INSUFFICIENT`](crate::Code::USER_CREDITS_INSUFFICIENT);
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED);
    /// [`Error::Http`] for an error in Volcengine's own format.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let task = client
    ///     .video()
    ///     .volcengine()
    ///     .create("doubao-seedance-2-0-260128")
    ///     .text("A paper boat crosses a puddle, rain, dusk")
    ///     .first_frame("https://example.org/boat.png")
    ///     .ratio("9:16")
    ///     .seconds(5)
    ///     .await?;
    /// println!("task {}", task.id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(&self, model: impl Into<String>) -> CreateVolcengineVideo {
        CreateVolcengineVideo {
            client: self.client.clone(),
            options: RequestOptions::default(),
            expires_after: None,
            body: VolcengineVideoBody {
                content: Vec::new(),
                duration: None,
                execution_expires_after: None,
                generate_audio: None,
                model: model.into(),
                priority: None,
                ratio: None,
                resolution: None,
                return_last_frame: None,
                safety_identifier: None,
                seed: None,
                source: None,
                tools: Vec::new(),
                watermark: None,
            },
        }
    }
}

/// A video that is ready to be asked for. Made by [`Volcengine::create`]; `.await` it.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// let video = client.video().volcengine().create("the model's name").text("A kettle sings").seconds(5);
/// println!("task {}", video.await?.id);
/// # Ok(())
/// # }
/// ```
///
/// What is left out is chosen by the model. A picture or a sound is a web address
/// or `data:` in base64; uploading it first is better than the latter.
#[must_use = "a request does nothing until it is awaited"]
pub struct CreateVolcengineVideo {
    client: Client,
    options: RequestOptions,
    expires_after: Option<Duration>,
    body: VolcengineVideoBody,
}

impl CreateVolcengineVideo {
    /// Sends it and gives the wait for its end.
    ///
    /// # Errors
    ///
    /// Those of [`Volcengine::create`], of a task that could not be started. If it may have
    /// been started all the same, [`Error::Ambiguous`] says how to look for it.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let request = client.video().volcengine().create("doubao-seedance-2-0-260128");
    /// let wait = request.text("A paper boat, rain").start().await?;
    /// println!("ready: {}", wait.await?.url);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start(self) -> Result<Wait<VolcengineJob>, Error> {
        let client = self.client.clone();
        let id = self.send().await?.id;
        Ok(Wait::just_begun(&client, VolcengineJob { id }))
    }

    /// What to show, in words.
    pub fn text(self, prompt: impl Into<String>) -> Self {
        let text = prompt.into();
        self.content(TextPart { text })
    }

    /// A picture whose part in the video the model decides.
    pub fn image(self, url: impl Into<String>) -> Self {
        self.image_as(url.into(), None)
    }

    /// The picture that the video begins with.
    pub fn first_frame(self, url: impl Into<String>) -> Self {
        self.image_as(url.into(), Some(ReferenceRole::FirstFrame))
    }

    /// The picture that the video ends with.
    pub fn last_frame(self, url: impl Into<String>) -> Self {
        self.image_as(url.into(), Some(ReferenceRole::LastFrame))
    }

    /// A picture to go by.
    pub fn reference_image(self, url: impl Into<String>) -> Self {
        self.image_as(url.into(), Some(ReferenceRole::ReferenceImage))
    }

    /// A video to go by.
    pub fn reference_video(self, url: impl Into<String>) -> Self {
        let url = url.into();
        self.content(VolcengineVideo {
            role: ReferenceRole::ReferenceVideo,
            video_url: MediaUrl { url },
        })
    }

    /// A sound to go by.
    pub fn reference_audio(self, url: impl Into<String>) -> Self {
        let url = url.into();
        self.content(VolcengineAudio {
            role: ReferenceRole::ReferenceAudio,
            audio_url: MediaUrl { url },
        })
    }

    /// A piece of any kind, for what has no method of its own.
    pub fn content(mut self, piece: impl Into<VolcengineContent>) -> Self {
        self.body.content.push(piece.into());
        self
    }

    /// The resolution, such as `1080p`.
    pub fn resolution(mut self, resolution: impl Into<String>) -> Self {
        self.body.resolution = Some(resolution.into());
        self
    }

    /// Width to height, such as `9:16`.
    pub fn ratio(mut self, ratio: impl Into<String>) -> Self {
        self.body.ratio = Some(ratio.into());
        self
    }

    /// The length in whole seconds.
    pub fn seconds(mut self, seconds: u32) -> Self {
        self.body.duration = Some(seconds.into());
        self
    }

    /// The seed of the random numbers: the same one gives similar videos.
    pub fn seed(mut self, seed: i64) -> Self {
        self.body.seed = Some(seed);
        self
    }

    /// Whether the video carries a watermark.
    pub fn watermark(mut self, yes: bool) -> Self {
        self.body.watermark = Some(yes);
        self
    }

    /// Whether sound is made along with the picture. Models of Seedance 2.0 can.
    pub fn generate_audio(mut self, yes: bool) -> Self {
        self.body.generate_audio = Some(yes);
        self
    }

    /// Whether the last frame comes back as a picture, too.
    pub fn return_last_frame(mut self, yes: bool) -> Self {
        self.body.return_last_frame = Some(yes);
        self
    }

    /// The time that the task has, in whole seconds from 1 hour to 72 hours.
    pub fn expires_after(mut self, time: Duration) -> Self {
        self.expires_after = Some(time);
        self
    }

    /// 0 to 9, the higher the sooner. Models of Seedance 2.0 know it.
    pub fn priority(mut self, priority: u8) -> Self {
        self.body.priority = Some(priority.into());
        self
    }

    /// A tool that the model may use.
    pub fn tool(mut self, tool: impl Into<VolcengineToolType>) -> Self {
        let type_ = tool.into();
        self.body.tools.push(VolcengineTool { type_ });
        self
    }

    /// Who of your users asks, for checks of compliance: passed on as it is. Use
    /// something that tells nothing about the person.
    pub fn safety_identifier(mut self, id: impl Into<String>) -> Self {
        self.body.safety_identifier = Some(id.into());
        self
    }

    /// What the credits are booked under.
    pub fn source(mut self, source: impl Into<VolcengineSource>) -> Self {
        self.body.source = Some(source.into());
        self
    }

    fn image_as(self, url: String, role: Option<ReferenceRole>) -> Self {
        self.content(VolcengineImage {
            image_url: MediaUrl { url },
            role,
        })
    }

    fn into_request(self) -> Request<VolcengineTaskCreated> {
        let Self {
            client,
            options,
            expires_after,
            mut body,
        } = self;
        let body = check(&body)
            .and_then(|()| expires_after.map(expiry).transpose())
            .map(|expiry| {
                body.execution_expires_after = expiry;
                body
            });
        Request::plain(
            &client,
            &operations::VOLCENGINE_VIDEO_CREATE,
            body,
            |api, body| Box::pin(api.volcengine_video_create(body)),
        )
        .with_options(options)
    }
}

request_methods!([] CreateVolcengineVideo => VolcengineTaskCreated);
debug_options!(CreateVolcengineVideo);

fn check(body: &VolcengineVideoBody) -> Result<(), Error> {
    check_model(&body.model)?;
    if body.content.is_empty() {
        return Err(InputError::new("content", "is empty: say what to show").into());
    }
    for piece in &body.content {
        match piece {
            VolcengineContent::Text(part) => check_filled("text", &part.text),
            VolcengineContent::ImageUrl(part) => check_filled("image", &part.image_url.url),
            VolcengineContent::VideoUrl(part) => check_filled("video", &part.video_url.url),
            VolcengineContent::AudioUrl(part) => check_filled("audio", &part.audio_url.url),
            // A kind that is newer than this check: the service knows best.
            _ => Ok(()),
        }?;
    }
    if body.priority.is_some_and(|priority| priority > 9) {
        return Err(InputError::new("priority", "is above 9").into());
    }
    Ok(())
}

fn expiry(time: Duration) -> Result<i64, Error> {
    let seconds = time.as_secs();
    let whole = EXPIRY.contains(&seconds) && time.subsec_nanos() == 0;
    i64::try_from(seconds)
        .ok()
        .filter(|_| whole)
        .ok_or_else(|| {
            let problem = format!(
                "is not {} to {} whole seconds",
                EXPIRY.start(),
                EXPIRY.end()
            );
            InputError::new("expires_after", problem).into()
        })
}

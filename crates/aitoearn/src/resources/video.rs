//! `client.video()`

use std::mem;

use aitoearn_api::operations;

use super::{
    Volcengine,
    generation::{check_media, check_model, check_prompt},
    resource,
};
use crate::{
    Client, Error, InputError, Request, Response, TaskId,
    flow::{Items, Page, Position, VideoJob, Wait},
    input::object_id,
    options::RequestOptions,
    request::{debug_options, request_methods},
    types::{
        VideoGenerateBody, VideoModel, VideoResolution, VideoTask, VideoTaskCreated, VideoTaskList,
    },
};

/// More tasks than this on one page are refused by the service.
const LARGEST_PAGE: u32 = 1000;

resource! {
    /// Generation of videos. Made by [`Client::video`].
    ///
    /// A video takes minutes. [`GenerateVideo::start`] starts a task and gives the
    /// wait for its end; [`get`](Self::get) tells how it goes.
    Video
}

impl Video {
    /// The models of this site: their modes, sizes, lengths, limits on input, and
    /// prices in credits.
    ///
    /// Prices are decimal and may have fractions, hence [`Decimal`](crate::Decimal).
    /// Public: works without a key.
    ///
    /// Calls `GET /api/ai/models/video/generation`.
    ///
    /// # Errors
    ///
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED) if the client has a key that is not valid here.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// for model in client.video().models().await? {
    ///     for price in &model.pricing {
    ///         println!("{}: {} credits for {:?} s", model.name, price.price, price.duration);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn models(&self) -> Request<Vec<VideoModel>> {
        Request::new(
            &self.client,
            &operations::VIDEO_MODELS,
            Ok(()),
            |api, ()| Box::pin(api.video_models()),
        )
    }

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

    /// The key owner's tasks, page by page, at most 1000 on each.
    ///
    /// Calls `GET /api/ai/video/generations`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a page or a size out of range;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let page = client.video().list().page(1).page_size(50).await?;
    /// for task in &page.list {
    ///     println!("{} {}: {}", task.id, task.status, task.input.prompt);
    /// }
    /// println!("page {} of {}", page.page, page.total_pages);
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> ListVideos {
        ListVideos {
            client: self.client.clone(),
            options: RequestOptions::default(),
            page: None,
            page_size: None,
        }
    }

    /// The state of a task, and its video once it is there.
    ///
    /// `status` is a free text: `SUBMITTED`, `InProgress`, `SUCCESS` and `FAILURE`
    /// are known, in any case. A failure tells why in `error`, a success has a
    /// `video_url`. The service looks after its tasks every half minute: asking
    /// more often than every ten seconds is of no use.
    ///
    /// Calls `GET /api/ai/video/generations/{taskId}`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for an id that is not 24 hexadecimal digits;
    /// [`Code::INVALID_AI_TASK_ID`](crate::Code::INVALID_AI_TASK_ID) if there is no such task;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let task = client.video().get("66f2a9c4d81e5b0037c4a1a0").await?;
    /// match (task.video_url, task.error) {
    ///     (Some(url), _) => println!("ready: {url}"),
    ///     (None, Some(error)) => println!("failed: {}", error.message),
    ///     (None, None) => println!("not yet: {}", task.status),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn get(&self, task_id: impl Into<TaskId>) -> Request<VideoTask> {
        Request::new(
            &self.client,
            &operations::VIDEO_GET,
            object_id("task_id", task_id.into(), TaskId::is_well_formed),
            |api, id| Box::pin(api.video_get(id)),
        )
    }

    /// The same in the format of Volcengine Ark, for programs that know it.
    pub fn volcengine(&self) -> Volcengine {
        Volcengine::new(self.client.clone())
    }
}

/// A video that is ready to be asked for. Made by [`Video::generate`]; `.await` it.
///
/// What is left out is chosen by the model, see `defaults` in [`Video::models`].
#[must_use = "a request does nothing until it is awaited"]
pub struct GenerateVideo {
    client: Client,
    options: RequestOptions,
    body: VideoGenerateBody,
}

request_methods!([] GenerateVideo => VideoTaskCreated);
debug_options!(GenerateVideo);

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

fn check(body: &VideoGenerateBody) -> Result<(), Error> {
    check_model(&body.model)?;
    check_prompt(&body.prompt)?;
    check_media("images", &body.images)?;
    check_media("videos", &body.videos)?;
    check_media("audios", &body.audios)
}

/// A page of tasks that is ready to be asked for. Made by [`Video::list`]; `.await` it.
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct ListVideos {
    client: Client,
    options: RequestOptions,
    page: Option<u32>,
    page_size: Option<u32>,
}

request_methods!([] ListVideos => VideoTaskList);

impl ListVideos {
    /// Which page, counted from 1. Default: 1.
    pub fn page(mut self, number: u32) -> Self {
        self.page = Some(number);
        self
    }

    /// How many tasks on a page, 1 to 1000. Default: 10.
    pub fn page_size(mut self, count: u32) -> Self {
        self.page_size = Some(count);
        self
    }

    /// The tasks of all pages, from [`page`](Self::page) on, read as they are
    /// needed. Each page is read with the options of this request.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let mut tasks = client.video().list().page_size(100).stream();
    /// while let Some(task) = tasks.next().await {
    ///     println!("{}", task?.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(self) -> Items<VideoTask> {
        let first = self.page.unwrap_or(1);
        let mut rest = self;
        Items::new(move |position| {
            let number = match position {
                Some(Position::Page(number, _)) => number,
                _ => first,
            };
            let next = ListVideos {
                client: rest.client.clone(),
                options: rest.options.again(),
                ..rest
            };
            let request = mem::replace(&mut rest, next).page(number);
            Box::pin(async move {
                let Response {
                    data: page, call, ..
                } = request.send_with_meta().await?;
                let is_last = page.page >= page.total_pages || page.page != i64::from(number);
                let size = u32::try_from(page.page_size).unwrap_or(u32::MAX);
                Ok(Page {
                    items: page.list,
                    next: (!is_last).then(|| Position::Page(number.saturating_add(1), size)),
                    total: u64::try_from(page.total).ok(),
                    call,
                })
            })
        })
    }

    fn into_request(self) -> Request<VideoTaskList> {
        let range = match (self.page, self.page_size) {
            (Some(0), _) => Err(InputError::new("page", "is zero; pages count from 1").into()),
            (_, Some(size)) if !(1..=LARGEST_PAGE).contains(&size) => Err(InputError::new(
                "page_size",
                format!("is {size}; the service takes 1 to {LARGEST_PAGE}"),
            )
            .into()),
            (page, size) => Ok((page.map(i64::from), size.map(i64::from))),
        };
        Request::new(
            &self.client,
            &operations::VIDEO_LIST,
            range,
            |api, &(page, size)| Box::pin(api.video_list(page, size)),
        )
        .with_options(self.options)
    }
}

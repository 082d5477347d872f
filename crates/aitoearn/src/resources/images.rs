//! `client.images()`: generations and changes.

use aitoearn_api::operations;

use super::generation::{check_filled, check_model, check_prompt};
use crate::{
    Client, Error, Images, InputError, Request,
    flow::{ImageJob, Wait},
    input::web_address,
    options::RequestOptions,
    request::{debug_options, request_methods},
    types::{ImageEditBody, ImageGenerateBody, ImageInput, ImageResult, ImageTaskCreated},
};

impl Images {
    /// Starts a task that makes an image from words, **which costs credits**. The
    /// recommended way.
    ///
    /// `model` is a `name` of [`models`](Self::models); `prompt` says what to show,
    /// in 1 to 4000 characters. The `log_id` that comes back is for
    /// [`task`](Self::task).
    ///
    /// Calls `POST /api/ai/image/generate/async`. Never repeated once it may have
    /// been done.
    ///
    /// # Errors
    ///
    /// [`Error::Ambiguous`] if it is not known whether a task was started.
    /// [`Error::InvalidInput`] for an empty model or a prompt of the wrong length;
    /// [`Code::INVALID_MODEL`](crate::Code::INVALID_MODEL);
    /// [`Code::USER_CREDITS_INSUFFICIENT`](crate::Code::USER_CREDITS_INSUFFICIENT);
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let task = client
    ///     .images()
    ///     .generate_async("the model's name", "A paper boat in a puddle")
    ///     .size("1024x1024")
    ///     .await?;
    /// println!("task {} is {}", task.log_id, task.status);
    /// # Ok(())
    /// # }
    /// ```
    pub fn generate_async(
        &self,
        model: impl Into<String>,
        prompt: impl Into<String>,
    ) -> GenerateImage<ImageTaskCreated> {
        self.generation(model.into(), prompt.into(), |client, body| {
            Request::new(
                client,
                &operations::IMAGE_GENERATE_ASYNC,
                body,
                |api, body| Box::pin(api.image_generate_async(body)),
            )
        })
    }

    /// Makes an image from words and waits for it, **up to ten minutes**.
    ///
    /// It costs credits, and a broken connection loses its image:
    /// [`generate_async`](Self::generate_async) is the better choice for most.
    /// The images come as addresses in `url`.
    ///
    /// Calls `POST /api/ai/image/generate`. Never repeated once it may have been done.
    ///
    /// # Errors
    ///
    /// As for [`generate_async`](Self::generate_async), and
    /// [`Code::AI_CALL_FAILED`](crate::Code::AI_CALL_FAILED) if the model could not do it.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let result = client.images().generate("the model's name", "A paper boat").await?;
    /// for image in &result.list {
    ///     println!("{:?}", image.url);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn generate(
        &self,
        model: impl Into<String>,
        prompt: impl Into<String>,
    ) -> GenerateImage<ImageResult> {
        self.generation(model.into(), prompt.into(), |client, body| {
            Request::new(client, &operations::IMAGE_GENERATE, body, |api, body| {
                Box::pin(api.image_generate(body))
            })
        })
    }

    /// Starts a task that changes an image, **which costs credits**. The
    /// recommended way.
    ///
    /// `model` is a `name` of [`edit_models`](Self::edit_models); `prompt` says what
    /// to change, in 1 to 4000 characters; `images` are the addresses of one
    /// image or several, up to the model's `max_input_images`. The `log_id` that
    /// comes back is for [`task`](Self::task).
    ///
    /// Calls `POST /api/ai/image/edit/async`. Never repeated once it may have been done.
    ///
    /// # Errors
    ///
    /// As for [`generate_async`](Self::generate_async), and [`Error::InvalidInput`]
    /// for no image.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let boat = "https://example.org/boat.png";
    /// let task = client
    ///     .images()
    ///     .edit_async("the model's name", "Make the boat red", [boat])
    ///     .await?;
    /// println!("task {} is {}", task.log_id, task.status);
    /// # Ok(())
    /// # }
    /// ```
    pub fn edit_async(
        &self,
        model: impl Into<String>,
        prompt: impl Into<String>,
        images: impl IntoIterator<Item = impl Into<String>>,
    ) -> EditImage<ImageTaskCreated> {
        let images = images.into_iter().map(Into::into).collect();
        self.change(model.into(), prompt.into(), images, |client, body| {
            Request::new(client, &operations::IMAGE_EDIT_ASYNC, body, |api, body| {
                Box::pin(api.image_edit_async(body))
            })
        })
    }

    /// Changes an image and waits for it, **up to ten minutes**.
    ///
    /// It costs credits, and a broken connection loses its image:
    /// [`edit_async`](Self::edit_async) is the better choice for most. The
    /// arguments are the same.
    ///
    /// Calls `POST /api/ai/image/edit`. Never repeated once it may have been done.
    ///
    /// # Errors
    ///
    /// As for [`edit_async`](Self::edit_async), and
    /// [`Code::AI_CALL_FAILED`](crate::Code::AI_CALL_FAILED) if the model could not do it.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let (boat, mask) = ("https://example.org/boat.png", "https://example.org/mask.png");
    /// let result = client
    ///     .images()
    ///     .edit("the model's name", "Make the boat red", [boat])
    ///     .mask(mask)
    ///     .await?;
    /// for image in &result.list {
    ///     println!("{:?}", image.url);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn edit(
        &self,
        model: impl Into<String>,
        prompt: impl Into<String>,
        images: impl IntoIterator<Item = impl Into<String>>,
    ) -> EditImage<ImageResult> {
        let images = images.into_iter().map(Into::into).collect();
        self.change(model.into(), prompt.into(), images, |client, body| {
            Request::new(client, &operations::IMAGE_EDIT, body, |api, body| {
                Box::pin(api.image_edit(body))
            })
        })
    }

    fn generation<T>(
        &self,
        model: String,
        prompt: String,
        send: SendBody<ImageGenerateBody, T>,
    ) -> GenerateImage<T> {
        GenerateImage {
            client: self.client.clone(),
            options: RequestOptions::default(),
            body: ImageGenerateBody {
                model,
                prompt,
                quality: None,
                // These operations turn base64 into addresses whatever is asked for.
                response_format: None,
                size: None,
                style: None,
            },
            send,
        }
    }

    fn change<T>(
        &self,
        model: String,
        prompt: String,
        images: Vec<String>,
        send: SendBody<ImageEditBody, T>,
    ) -> EditImage<T> {
        EditImage {
            client: self.client.clone(),
            options: RequestOptions::default(),
            model,
            prompt,
            images,
            mask: None,
            size: None,
            send,
        }
    }
}

/// Which of the two operations that take a body is called with it.
type SendBody<B, T> = fn(&Client, Result<B, Error>) -> Request<T>;

/// An image that is ready to be asked for. Made by [`Images::generate`] and
/// [`Images::generate_async`]; `.await` it.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// let images = client.images().generate("the model's name", "A kettle").quality("low").await?;
/// println!("{:?}", images.list);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is awaited"]
pub struct GenerateImage<T> {
    client: Client,
    options: RequestOptions,
    body: ImageGenerateBody,
    send: SendBody<ImageGenerateBody, T>,
}

impl<T: Send + 'static> GenerateImage<T> {
    /// The size, such as `1024x1024`: one of the model's `sizes`. It sets the price.
    pub fn size(mut self, size: impl Into<String>) -> Self {
        self.body.size = Some(size.into());
        self
    }

    /// The quality: one of the model's `qualities`.
    pub fn quality(mut self, quality: impl Into<String>) -> Self {
        self.body.quality = Some(quality.into());
        self
    }

    /// The style: one of the model's `styles`. A model without any takes none.
    pub fn style(mut self, style: impl Into<String>) -> Self {
        self.body.style = Some(style.into());
        self
    }

    fn into_request(self) -> Request<T> {
        let body = check_model(&self.body.model)
            .and_then(|()| check_prompt(&self.body.prompt))
            .map(|()| self.body);
        (self.send)(&self.client, body).with_options(self.options)
    }
}

impl GenerateImage<ImageTaskCreated> {
    /// Sends it and gives the wait for its end.
    ///
    /// # Errors
    ///
    /// Those of [`Images::generate_async`], of a task that could not be started. If it may have
    /// been started all the same, [`Error::Ambiguous`] says how to look for it.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let wait = client.images().generate_async("the model's name", "A paper boat").start().await?;
    /// println!("ready: {:?}", wait.await?.images);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start(self) -> Result<Wait<ImageJob>, Error> {
        let client = self.client.clone();
        let id = self.send().await?.log_id;
        Ok(Wait::just_begun(&client, ImageJob { id }))
    }
}

request_methods!([T: Send + 'static] GenerateImage<T> => T);
debug_options!(GenerateImage<T>);

/// A changed image that is ready to be asked for. Made by [`Images::edit`] and
/// [`Images::edit_async`]; `.await` it.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// let kettle = "https://example.org/kettle.png";
/// let images = client.images().edit("the model's name", "Make it blue", [kettle]).size("1024x1024").await?;
/// println!("{:?}", images.list);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is awaited"]
pub struct EditImage<T> {
    client: Client,
    options: RequestOptions,
    model: String,
    prompt: String,
    images: Vec<String>,
    mask: Option<String>,
    size: Option<String>,
    send: SendBody<ImageEditBody, T>,
}

impl<T: Send + 'static> EditImage<T> {
    /// Where to paint: the address of a PNG as large as the image, transparent
    /// where it is to be repainted. Default: everywhere.
    pub fn mask(mut self, url: impl Into<String>) -> Self {
        self.mask = Some(url.into());
        self
    }

    /// The size, such as `1024x1024`: one of the model's `sizes`. It sets the price.
    pub fn size(mut self, size: impl Into<String>) -> Self {
        self.size = Some(size.into());
        self
    }

    fn into_request(self) -> Request<T> {
        let Self {
            client,
            options,
            model,
            prompt,
            images,
            mask,
            size,
            send,
        } = self;
        let body = || {
            check_model(&model)?;
            check_prompt(&prompt)?;
            Ok(ImageEditBody {
                image: image_input(images)?,
                mask: mask.map(|url| web_address("mask", url)).transpose()?,
                model,
                // The service takes nothing but 1, which is its default.
                n: None,
                prompt,
                response_format: None,
                size,
            })
        };
        send(&client, body()).with_options(options)
    }
}

impl EditImage<ImageTaskCreated> {
    /// Sends it and gives the wait for its end.
    ///
    /// # Errors
    ///
    /// Those of [`Images::edit_async`], of a task that could not be started. If it may have
    /// been started all the same, [`Error::Ambiguous`] says how to look for it.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let boat = "https://example.org/boat.png";
    /// let request = client.images().edit_async("the model's name", "Make it red", [boat]);
    /// println!("ready: {:?}", request.start().await?.await?.images);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start(self) -> Result<Wait<ImageJob>, Error> {
        let client = self.client.clone();
        let id = self.send().await?.log_id;
        Ok(Wait::just_begun(&client, ImageJob { id }))
    }
}

request_methods!([T: Send + 'static] EditImage<T> => T);
debug_options!(EditImage<T>);

/// One image or several, as the service wants them told apart.
pub(super) fn image_input(mut images: Vec<String>) -> Result<ImageInput, Error> {
    for image in &images {
        check_filled("images", image)?;
    }
    match images.len() {
        0 => Err(InputError::new("images", "is empty: give an image to change").into()),
        1 => Ok(ImageInput::One(images.remove(0))),
        _ => Ok(ImageInput::Many(images)),
    }
}

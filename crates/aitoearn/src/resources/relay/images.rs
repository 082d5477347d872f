//! OpenAI's image operations.

use aitoearn_api::operations;
use serde::Serialize;

use super::{Fields, request};
use crate::{
    Client, Error, InputError, RelayResponse, Request,
    input::web_address,
    options::RequestOptions,
    request::{debug_options, request_methods},
    resources::{
        generation::{check_filled, check_model},
        images::image_input,
    },
    types::{ImageResponseFormat, RelayImageEditBody, RelayImageGenerateBody},
};

/// Images that are ready to be asked for. Made by
/// [`Relay::images_generate`](crate::Relay::images_generate); `.await` it.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// let image = client.relay().images_generate("the model's name", "A kettle").quality("low");
/// println!("{:?}", image.await?);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is awaited"]
pub struct RelayGenerateImage {
    client: Client,
    options: RequestOptions,
    model: String,
    prompt: String,
    size: Option<String>,
    quality: Option<String>,
    style: Option<String>,
    response_format: Option<ImageResponseFormat>,
    extra: Fields,
}

/// What both operations take.
macro_rules! shared_methods {
    ($name:ident) => {
        impl $name {
            /// The size, such as `1024x1024`: one of the model's `sizes`. It sets the price.
            pub fn size(mut self, size: impl Into<String>) -> Self {
                self.size = Some(size.into());
                self
            }

            /// Whether images come as addresses or as base64, which counts towards the
            /// [limit of an answer](crate::ClientBuilder::body_limit). Default: the model's.
            pub fn response_format(mut self, format: impl Into<ImageResponseFormat>) -> Self {
                self.response_format = Some(format.into());
                self
            }
        }
    };
}

shared_methods!(RelayGenerateImage);
shared_methods!(RelayEditImage);

impl RelayGenerateImage {
    pub(super) fn new(client: Client, model: String, prompt: String) -> Self {
        Self {
            client,
            options: RequestOptions::default(),
            model,
            prompt,
            size: None,
            quality: None,
            style: None,
            response_format: None,
            extra: Fields::default(),
        }
    }

    /// The quality: one of the model's `qualities`.
    pub fn quality(mut self, quality: impl Into<String>) -> Self {
        self.quality = Some(quality.into());
        self
    }

    /// The style: one of the model's `styles`. A model without any takes none.
    pub fn style(mut self, style: impl Into<String>) -> Self {
        self.style = Some(style.into());
        self
    }

    /// Sets another field of the body, such as `n` or `background`.
    pub fn extra(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        const TYPED: &[&str] = &[
            "model",
            "prompt",
            "size",
            "quality",
            "style",
            "response_format",
        ];
        self.extra.set(name.into(), value, TYPED);
        self
    }

    fn into_request(self) -> Request<RelayResponse> {
        let Self {
            client,
            options,
            model,
            prompt,
            size,
            quality,
            style,
            response_format,
            extra,
        } = self;
        let body = || -> Result<_, Error> {
            check_model(&model)?;
            check_filled("prompt", &prompt)?;
            Ok(RelayImageGenerateBody {
                extra: extra.finish()?,
                model,
                prompt,
                quality,
                response_format,
                size,
                style,
            })
        };
        request(
            &client,
            &operations::RELAY_IMAGES_GENERATE,
            body(),
            |api, body| Box::pin(api.relay_images_generate(body)),
        )
        .with_options(options)
    }
}

request_methods!([] RelayGenerateImage => RelayResponse);
debug_options!(RelayGenerateImage);

/// Changed images that are ready to be asked for. Made by
/// [`Relay::images_edit`](crate::Relay::images_edit); `.await` it.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// let kettle = "https://example.org/kettle.png";
/// let image = client.relay().images_edit("the model's name", "Make it blue", [kettle]).count(2);
/// println!("{:?}", image.await?);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is awaited"]
pub struct RelayEditImage {
    client: Client,
    options: RequestOptions,
    model: String,
    prompt: String,
    images: Vec<String>,
    mask: Option<String>,
    count: Option<u32>,
    size: Option<String>,
    response_format: Option<ImageResponseFormat>,
    extra: Fields,
}

impl RelayEditImage {
    pub(super) fn new(client: Client, model: String, prompt: String, images: Vec<String>) -> Self {
        Self {
            client,
            options: RequestOptions::default(),
            model,
            prompt,
            images,
            mask: None,
            count: None,
            size: None,
            response_format: None,
            extra: Fields::default(),
        }
    }

    /// Where to paint: the address of a PNG as large as the image, transparent
    /// where it is to be repainted. Default: everywhere.
    pub fn mask(mut self, url: impl Into<String>) -> Self {
        self.mask = Some(url.into());
        self
    }

    /// How many images to make, at least 1. Default: the model's.
    pub fn count(mut self, count: u32) -> Self {
        self.count = Some(count);
        self
    }

    /// Sets another field of the body, such as `background`.
    pub fn extra(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        const TYPED: &[&str] = &[
            "model",
            "image",
            "prompt",
            "mask",
            "n",
            "size",
            "response_format",
        ];
        self.extra.set(name.into(), value, TYPED);
        self
    }

    fn into_request(self) -> Request<RelayResponse> {
        let Self {
            client,
            options,
            model,
            prompt,
            images,
            mask,
            count,
            size,
            response_format,
            extra,
        } = self;
        let body = || -> Result<_, Error> {
            check_model(&model)?;
            check_filled("prompt", &prompt)?;
            if count == Some(0) {
                return Err(InputError::new("count", "is zero").into());
            }
            Ok(RelayImageEditBody {
                extra: extra.finish()?,
                image: image_input(images)?,
                mask: mask.map(|url| web_address("mask", url)).transpose()?,
                model,
                n: count.map(i64::from),
                prompt,
                response_format,
                size,
            })
        };
        request(
            &client,
            &operations::RELAY_IMAGES_EDIT,
            body(),
            |api, body| Box::pin(api.relay_images_edit(body)),
        )
        .with_options(options)
    }
}

request_methods!([] RelayEditImage => RelayResponse);
debug_options!(RelayEditImage);

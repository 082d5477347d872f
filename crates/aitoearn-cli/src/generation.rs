//! What a generation is asked for: the model, its price, and the request.

use std::collections::BTreeSet;

use aitoearn::types::{ImageModel, ImagePrice, ImageTaskCreated, VideoModel, VideoPrice};
use aitoearn::{
    Client,
    resources::{GenerateImage, GenerateVideo},
};

use crate::failure::{Failure, Outcome};

/// An image that somebody wants.
pub(crate) struct Image {
    pub(crate) prompt: String,
    /// The first that there is if none is named.
    pub(crate) model: Option<String>,
    pub(crate) size: Option<String>,
    pub(crate) quality: Option<String>,
}

/// A video that somebody wants.
pub(crate) struct Video {
    pub(crate) prompt: String,
    /// The first that there is if none is named.
    pub(crate) model: Option<String>,
    /// Seconds.
    pub(crate) seconds: Option<u32>,
    pub(crate) ratio: Option<String>,
    pub(crate) resolution: Option<String>,
    /// Addresses of images to begin with.
    pub(crate) images: Vec<String>,
}

/// A generation that only has to be started.
pub(crate) struct Offer<R> {
    pub(crate) model: String,
    /// For a sentence: `2.5 to 10 credits`.
    pub(crate) price: String,
    pub(crate) request: R,
}

impl Image {
    /// Looks up model and price; nothing is generated yet.
    pub(crate) async fn offer(
        self,
        client: &Client,
    ) -> Outcome<Offer<GenerateImage<ImageTaskCreated>>> {
        let images = client.images();
        let models = images.models().await?;
        let name = |it: &ImageModel| it.name.clone();
        let model = chosen(&models, name, self.model.as_deref())?;
        let price = image_price(&model.pricing, self.size.as_deref());
        let mut request = images.generate_async(&model.name, self.prompt);
        if let Some(size) = self.size {
            request = request.size(size);
        }
        if let Some(quality) = self.quality {
            request = request.quality(quality);
        }
        Ok(Offer {
            model: model.name.clone(),
            price,
            request,
        })
    }
}

impl Video {
    /// Looks up model and price; nothing is generated yet.
    pub(crate) async fn offer(self, client: &Client) -> Outcome<Offer<GenerateVideo>> {
        let videos = client.video();
        let models = videos.models().await?;
        let name = |it: &VideoModel| it.name.clone();
        let model = chosen(&models, name, self.model.as_deref())?;
        let price = video_price(&model.pricing, self.seconds, self.resolution.as_deref());
        let mut request = videos.generate(&model.name, self.prompt);
        if let Some(seconds) = self.seconds {
            request = request.seconds(seconds);
        }
        if let Some(ratio) = self.ratio {
            request = request.ratio(ratio);
        }
        if let Some(resolution) = self.resolution {
            request = request.resolution(resolution.as_str());
        }
        if !self.images.is_empty() {
            request = request.images(self.images);
        }
        Ok(Offer {
            model: model.name.clone(),
            price,
            request,
        })
    }
}

/// The model of this name, or the first; what there is if there is no such model.
fn chosen<'m, M>(
    models: &'m [M],
    name: impl Fn(&M) -> String,
    wanted: Option<&str>,
) -> Outcome<&'m M> {
    let fits = |it: &&M| wanted.is_none_or(|wanted| wanted == name(it));
    models.iter().find(fits).ok_or_else(|| {
        let failure = match wanted {
            Some(name) => Failure::usage(format!("this site has no model `{name}` for it")),
            None => Failure::usage("this site has no model for it"),
        };
        let known: Vec<String> = models.iter().map(name).collect();
        failure.advise(format!("There are: {}.", known.join(", ")))
    })
}

fn image_price(prices: &[ImagePrice], size: Option<&str>) -> String {
    let fits = |it: &ImagePrice| size.is_some_and(|size| size == it.size);
    price(prices, fits, |it| it.price.to_string())
}

fn video_price(prices: &[VideoPrice], seconds: Option<u32>, resolution: Option<&str>) -> String {
    let fits = |it: &VideoPrice| {
        let length =
            seconds.is_none_or(|seconds| it.duration.is_none_or(|it| it == i64::from(seconds)));
        let size = resolution.is_none_or(|wanted| {
            it.resolution
                .as_deref()
                .is_none_or(|it| it.eq_ignore_ascii_case(wanted))
        });
        length && size
    };
    price(prices, fits, |it| it.price.to_string())
}

/// The prices that fit, or all of them if none does.
fn price<P>(prices: &[P], fits: impl Fn(&P) -> bool, text: impl Fn(&P) -> String) -> String {
    let fitting: BTreeSet<String> = prices.iter().filter(|it| fits(it)).map(&text).collect();
    if fitting.is_empty() {
        range(prices.iter().map(text).collect())
    } else {
        range(fitting)
    }
}

/// One price, or from the lowest to the highest.
fn range(prices: BTreeSet<String>) -> String {
    let mut prices: Vec<(f64, String)> = prices
        .into_iter()
        .map(|it| (it.parse().unwrap_or(f64::MAX), it))
        .collect();
    prices.sort_by(|one, other| one.0.total_cmp(&other.0));
    match (prices.first(), prices.last()) {
        (Some((_, low)), Some((_, high))) if low != high => format!("{low} to {high} credits"),
        (Some((_, price)), _) => format!("{price} credits"),
        _ => "an amount that the service does not publish".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_from_low_to_high() {
        let prices = |all: &[&str]| range(all.iter().map(|it| (*it).to_owned()).collect());
        assert_eq!(prices(&["9", "10", "2.5"]), "2.5 to 10 credits");
        assert_eq!(prices(&["4"]), "4 credits");
        assert!(prices(&[]).contains("does not publish"));
    }
}

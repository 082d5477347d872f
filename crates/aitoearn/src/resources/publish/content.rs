//! What is published: the part that a flow and each of its accounts can have.

use std::fmt;

use crate::{
    MediaSource,
    api::Change,
    flow::UploadSource,
    types::{PublishContent, PublishOverrides},
};

use super::media::Place;

/// A title, a text, files and a cover, none of which is needed.
///
/// `Debug` shows what there is of them, and not the words.
#[derive(Clone, Default)]
pub(crate) struct Content {
    pub(crate) title: Option<String>,
    pub(crate) body: Option<String>,
    pub(crate) media: Vec<Medium>,
    pub(crate) cover: Option<Change<MediaSource>>,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content")
            .field("has_title", &self.title.is_some())
            .field("has_body", &self.body.is_some())
            .field("media", &self.media)
            .field("cover", &self.cover)
            .finish()
    }
}

/// A file of a post, and what its caller says it is.
#[derive(Debug, Clone)]
pub(crate) struct Medium {
    pub(crate) kind: Option<MediaKind>,
    pub(crate) source: MediaSource,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaKind {
    Image,
    Video,
}

impl Content {
    /// All its files, each with the name of its place.
    pub(crate) fn files(&self) -> impl Iterator<Item = (String, &MediaSource)> {
        let media = self.media.iter().enumerate();
        let cover = match &self.cover {
            Some(Change::To(cover)) => Some(("cover".to_owned(), cover)),
            Some(Change::Remove) | None => None,
        };
        media
            .map(|(index, medium)| (format!("media[{index}]"), &medium.source))
            .chain(cover)
    }

    /// Has a file, wherever it is used, at this address from now on.
    pub(crate) fn uploaded(&mut self, file: &UploadSource, url: &str) {
        let cover = match &mut self.cover {
            Some(Change::To(cover)) => Some(cover),
            Some(Change::Remove) | None => None,
        };
        let media = self.media.iter_mut().map(|medium| &mut medium.source);
        for source in media.chain(cover) {
            if matches!(&source.place, Place::Here(here) if here.is_same(file)) {
                source.place = Place::Web(url.to_owned());
            }
        }
    }

    /// What is sent of a flow. Files that are not uploaded are left out.
    pub(crate) fn shared(&self) -> PublishContent {
        let sent = self.overrides().unwrap_or_default();
        PublishContent {
            body: sent.body,
            cover: match sent.cover {
                Some(Change::To(cover)) => Some(cover),
                Some(Change::Remove) | None => None,
            },
            media: sent.media,
            title: sent.title,
        }
    }

    /// What is sent of an account; nothing if it has nothing of its own.
    pub(crate) fn overrides(&self) -> Option<PublishOverrides> {
        let sent = PublishOverrides {
            body: self.body.clone(),
            cover: self.cover.as_ref().and_then(|cover| match cover {
                Change::To(cover) => cover.sent().map(Change::To),
                Change::Remove => Some(Change::Remove),
            }),
            media: self
                .media
                .iter()
                .filter_map(|it| it.source.sent())
                .collect(),
            title: self.title.clone(),
        };
        (sent != PublishOverrides::default()).then_some(sent)
    }
}

impl From<PublishOverrides> for Content {
    fn from(overrides: PublishOverrides) -> Self {
        let media = overrides.media.into_iter().map(|media| Medium {
            kind: None,
            source: media.into(),
        });
        Self {
            title: overrides.title,
            body: overrides.body,
            media: media.collect(),
            cover: overrides.cover.map(|cover| match cover {
                Change::To(cover) => Change::To(cover.into()),
                Change::Remove => Change::Remove,
            }),
        }
    }
}

/// Gives a type with a field `content` the methods that fill it. `$whose` and
/// `$files` end the first sentences of their documentation.
macro_rules! content_methods {
    ([$($generics:tt)*] $name:ty, $whose:literal, $files:literal) => {
        impl<$($generics)*> $name {
            #[doc = concat!("The title", $whose, ". How long it may be depends on the platform.")]
            pub fn title(mut self, title: impl Into<String>) -> Self {
                self.content.title = Some(title.into());
                self
            }

            #[doc = concat!("The text", $whose, ". Topics are `#tags` inside it. How long it may be depends on the platform.")]
            pub fn body(mut self, body: impl Into<String>) -> Self {
                self.content.body = Some(body.into());
                self
            }

            #[doc = concat!("Adds a video", $files, ": an address, or a local file, which is uploaded first. See [`MediaSource`](crate::MediaSource).")]
            pub fn video(self, video: impl Into<$crate::MediaSource>) -> Self {
                self.medium(Some($crate::resources::MediaKind::Video), video.into())
            }

            #[doc = concat!("Adds an image", $files, ": an address, or a local file, which is uploaded first. See [`MediaSource`](crate::MediaSource).")]
            pub fn image(self, image: impl Into<$crate::MediaSource>) -> Self {
                self.medium(Some($crate::resources::MediaKind::Image), image.into())
            }

            #[doc = concat!("Adds a video or an image", $files, ", whichever it turns out to be.")]
            pub fn media(self, media: impl Into<$crate::MediaSource>) -> Self {
                self.medium(None, media.into())
            }

            #[doc = concat!("The cover", $whose, ": an image, as for [`image`](Self::image).")]
            pub fn cover(mut self, image: impl Into<$crate::MediaSource>) -> Self {
                self.content.cover = Some($crate::api::Change::To(image.into()));
                self
            }

            fn medium(
                mut self,
                kind: Option<$crate::resources::MediaKind>,
                source: $crate::MediaSource,
            ) -> Self {
                self.content.media.push($crate::resources::Medium { kind, source });
                self
            }
        }
    };
}
pub(super) use content_methods;

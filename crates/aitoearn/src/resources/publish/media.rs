//! A picture or a video of a post: somewhere on the web, or here.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::{
    error::said,
    flow::UploadSource,
    types::{MediaOptions, PublishMedia},
};

/// A picture or a video of a post: an address, or a local file.
///
/// A text is an address, http or https, that the service can fetch from; the
/// server behind it must answer `HEAD` requests. A [`Path`] or an [`UploadSource`]
/// is a local file, which is uploaded before the flow is created. The same file
/// used twice is uploaded once.
///
/// ```
/// use std::path::Path;
/// use aitoearn::{flow::UploadSource, resources::MediaSource};
///
/// let address = MediaSource::from("https://cdn.example.com/fold.mp4");
/// let file = MediaSource::from(Path::new("videos/fold.mp4"));
/// let memory = MediaSource::from(UploadSource::bytes("map.png", vec![0_u8; 3]));
/// # let _ = (address, file, memory);
/// ```
#[derive(Debug, Clone)]
pub struct MediaSource {
    pub(crate) place: Place,
    pub(crate) options: Option<MediaOptions>,
}

/// Where a file is. `Debug` shows an address without its query, which may be a signature.
#[derive(Clone)]
pub(crate) enum Place {
    Web(String),
    Here(UploadSource),
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Web(address) => f.debug_tuple("Web").field(&said(address)).finish(),
            Self::Here(source) => source.fmt(f),
        }
    }
}

impl MediaSource {
    fn at(place: Place) -> Self {
        let options = None;
        Self { place, options }
    }

    /// How the service is to convert the file. Default: not at all.
    #[must_use]
    pub fn options(mut self, options: MediaOptions) -> Self {
        self.options = Some(options);
        self
    }

    /// What is sent; `None` for a file that is not uploaded yet.
    pub(super) fn sent(&self) -> Option<PublishMedia> {
        match &self.place {
            Place::Web(url) => Some(PublishMedia {
                options: self.options.clone(),
                url: url.clone(),
            }),
            Place::Here(_) => None,
        }
    }
}

impl From<PublishMedia> for MediaSource {
    fn from(media: PublishMedia) -> Self {
        Self {
            place: Place::Web(media.url),
            options: media.options,
        }
    }
}

macro_rules! from {
    ($($type:ty => $place:ident),+ $(,)?) => {
        $(
            impl From<$type> for MediaSource {
                fn from(file: $type) -> Self {
                    Self::at(Place::$place(file.into()))
                }
            }
        )+
    };
}

from! {
    &str => Web,
    String => Web,
    &String => Web,
    &Path => Here,
    PathBuf => Here,
    &PathBuf => Here,
    UploadSource => Here,
}

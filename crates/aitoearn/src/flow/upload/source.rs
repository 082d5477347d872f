//! What is uploaded: a name, a length, and bytes that may be read once or again.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use tokio::io::AsyncRead;

use super::file::{self, Stamp};

pub(super) type Reader = Pin<Box<dyn AsyncRead + Send>>;

/// What is uploaded, and under which name.
///
/// The name must have the right extension: the service takes the type from it.
/// A path is a source as it is:
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::flow::UploadError> {
/// let asset = client.assets().upload("videos/clip.mp4").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct UploadSource {
    name: String,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Path(PathBuf),
    Bytes(Bytes),
    /// Its length, and the reader until it has been given away to the first who asks.
    Reader(u64, Arc<Mutex<Option<Reader>>>),
}

impl UploadSource {
    /// A file, which is read while it is sent. In a browser there is none: the upload fails.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().unwrap_or_default();
        Self {
            name: name.to_string_lossy().into_owned(),
            content: Content::Path(path),
        }
    }

    /// Bytes in memory.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self {
            name: name.into(),
            content: Content::Bytes(bytes.into()),
        }
    }

    /// The next `length` bytes of a reader, such as another service's answer.
    ///
    /// They can be read only once, whatever clones there are: if the storage
    /// refuses them, the upload is not tried again.
    pub fn reader(
        name: impl Into<String>,
        length: u64,
        reader: impl AsyncRead + Send + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            content: Content::Reader(length, Arc::new(Mutex::new(Some(Box::pin(reader))))),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether both give the same bytes under the same name, as far as that can
    /// be told without reading a file.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.name == other.name
            && match (&self.content, &other.content) {
                (Content::Path(one), Content::Path(two)) => one == two,
                (Content::Bytes(one), Content::Bytes(two)) => one == two,
                (Content::Reader(_, one), Content::Reader(_, two)) => Arc::ptr_eq(one, two),
                _ => false,
            }
    }

    /// What it says its length is, in bytes.
    pub(crate) async fn length(&self) -> io::Result<u64> {
        match &self.content {
            Content::Path(path) => file::length(path).await,
            Content::Bytes(bytes) => Ok(u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
            Content::Reader(length, _) => Ok(*length),
        }
    }

    /// Its bytes from the first one on, and the stamp of a file; `None` if they have
    /// been read before and cannot be read again.
    pub(super) async fn open(&self) -> io::Result<Option<(Reader, Option<Stamp>)>> {
        Ok(match &self.content {
            Content::Path(path) => {
                let (file, stamp) = file::open(path).await?;
                Some((Box::pin(file), Some(stamp)))
            }
            Content::Bytes(bytes) => Some((Box::pin(io::Cursor::new(bytes.clone())), None)),
            Content::Reader(_, reader) => {
                let reader = reader.lock().unwrap_or_else(PoisonError::into_inner).take();
                reader.map(|reader| (reader, None))
            }
        })
    }

    /// Whether it can be sent once more from its beginning.
    pub(super) fn is_repeatable(&self) -> bool {
        !matches!(self.content, Content::Reader(..))
    }

    /// Whether it must be at its end where its length says: a reader may hold
    /// more than what is meant for the upload.
    pub(super) fn ends_with_its_length(&self) -> bool {
        !matches!(self.content, Content::Reader(..))
    }
}

impl From<PathBuf> for UploadSource {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<&Path> for UploadSource {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

impl From<&PathBuf> for UploadSource {
    fn from(path: &PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<&str> for UploadSource {
    fn from(path: &str) -> Self {
        Self::path(path)
    }
}

impl From<String> for UploadSource {
    fn from(path: String) -> Self {
        Self::path(path)
    }
}

/// Without the bytes.
impl fmt::Debug for UploadSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.content {
            Content::Path(_) => "path",
            Content::Bytes(_) => "bytes",
            Content::Reader(..) => "reader",
        };
        f.debug_struct("UploadSource")
            .field("name", &self.name)
            .field("kind", &kind)
            .finish_non_exhaustive()
    }
}

//! Files, which a browser has not.

#[cfg(target_family = "wasm")]
pub(super) use self::none::{length, open};
#[cfg(not(target_family = "wasm"))]
pub(super) use self::some::{length, open};

#[cfg(not(target_family = "wasm"))]
mod some {
    use std::{io, path::Path};

    use tokio::fs::{self, File};

    use super::super::source::Reader;

    pub(crate) async fn length(path: &Path) -> io::Result<u64> {
        let found = fs::metadata(path).await?;
        if found.is_file() {
            Ok(found.len())
        } else {
            Err(io::Error::other("it is no file"))
        }
    }

    pub(crate) async fn open(path: &Path) -> io::Result<Reader> {
        Ok(Box::pin(File::open(path).await?))
    }
}

#[cfg(target_family = "wasm")]
mod none {
    use std::{future::ready, io, path::Path};

    use super::super::source::Reader;

    const NONE: &str = "there are no files in a browser: give the bytes";

    pub(crate) fn length(_: &Path) -> impl Future<Output = io::Result<u64>> {
        ready(Err(io::Error::new(io::ErrorKind::Unsupported, NONE)))
    }

    pub(crate) fn open(_: &Path) -> impl Future<Output = io::Result<Reader>> {
        ready(Err(io::Error::new(io::ErrorKind::Unsupported, NONE)))
    }
}

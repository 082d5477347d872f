//! Files, which a browser has not.

#[cfg(target_family = "wasm")]
pub(super) use self::none::{Stamp, length, open};
#[cfg(not(target_family = "wasm"))]
pub(super) use self::some::{Stamp, length, open};

#[cfg(not(target_family = "wasm"))]
mod some {
    use std::{io, path::Path, time::SystemTime};

    use tokio::fs::{self, File};

    pub(crate) async fn length(path: &Path) -> io::Result<u64> {
        let found = fs::metadata(path).await?;
        if found.is_file() {
            Ok(found.len())
        } else {
            Err(io::Error::other("it is no file"))
        }
    }

    pub(crate) async fn open(path: &Path) -> io::Result<(File, Stamp)> {
        let file = File::open(path).await?;
        let stamp = Stamp::of(file.try_clone().await?).await?;
        Ok((file, stamp))
    }

    /// How an open file was, to notice that it was written to while it was sent. It follows
    /// the file, not its name: one that is replaced by another is sent as it was.
    pub(crate) struct Stamp {
        file: File,
        length: u64,
        modified: Option<SystemTime>,
    }

    impl Stamp {
        async fn of(file: File) -> io::Result<Self> {
            let found = file.metadata().await?;
            Ok(Self {
                length: found.len(),
                // Some file systems have none.
                modified: found.modified().ok(),
                file,
            })
        }

        /// Whether nobody has written to it since. What cannot be asked any more is taken for
        /// changed: better to send it again than to publish a mix of two files.
        pub(crate) async fn is_unchanged(&self) -> bool {
            let found = self.file.metadata().await;
            found.is_ok_and(|found| {
                found.len() == self.length && found.modified().ok() == self.modified
            })
        }
    }
}

#[cfg(target_family = "wasm")]
mod none {
    use std::{future::ready, io, path::Path};

    const NONE: &str = "there are no files in a browser: give the bytes";

    pub(crate) fn length(_: &Path) -> impl Future<Output = io::Result<u64>> {
        ready(Err(io::Error::new(io::ErrorKind::Unsupported, NONE)))
    }

    pub(crate) fn open(_: &Path) -> impl Future<Output = io::Result<(&'static [u8], Stamp)>> {
        ready(Err(io::Error::new(io::ErrorKind::Unsupported, NONE)))
    }

    /// There is none.
    pub(crate) enum Stamp {}

    impl Stamp {
        pub(crate) fn is_unchanged(&self) -> impl Future<Output = bool> {
            ready(match *self {})
        }
    }
}

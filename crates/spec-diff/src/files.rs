//! The files on disk that a document refers to: in its folder, in those that were allowed, and nowhere else.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Bytes of one file.
const MAX_BYTES: u64 = 256 << 20;

/// Folders that a document may refer to files in, with every link resolved.
#[derive(Debug, Clone)]
pub struct Folder {
    base: PathBuf,
    /// Folders that may be read, too.
    more: Vec<PathBuf>,
}

impl Folder {
    /// The folder of the document at this path, with all that is in it, and the folders `more`.
    ///
    /// # Errors
    ///
    /// A folder that is not there.
    pub fn of<'p>(
        document: &Path,
        more: impl IntoIterator<Item = &'p Path>,
    ) -> Result<Self, String> {
        let parent = document.parent().filter(|p| !p.as_os_str().is_empty());
        Ok(Self {
            base: resolved(parent.unwrap_or(Path::new(".")))?,
            more: more.into_iter().map(resolved).collect::<Result<_, _>>()?,
        })
    }

    /// The bytes of a file by its path relative to the document's folder, as
    /// [`Document::parse_with`](crate::Document::parse_with) asks for them.
    ///
    /// # Errors
    ///
    /// What is not there, is no file, or lies outside of the folders, by whatever link.
    pub fn load(&self, path: &str) -> Result<Vec<u8>, String> {
        let there = resolved(&self.base.join(path)).map_err(|why| {
            format!("{why}; correct the path, which begins at the folder of this file")
        })?;
        let within = |folder: &PathBuf| there.starts_with(folder);
        if !within(&self.base) && !self.more.iter().any(within) {
            return Err(format!(
                "{} is outside of {}; --refs-root DIR allows another folder",
                there.display(),
                self.base.display()
            ));
        }
        let failed = |e: std::io::Error| format!("{}: {e}", there.display());
        // A pipe would wait for ever, so it is not even opened.
        if !there.metadata().map_err(failed)?.is_file() {
            return Err(format!("{}: not a file", there.display()));
        }
        let mut bytes = Vec::new();
        let file = File::open(&there).map_err(failed)?;
        file.take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        Ok(bytes)
    }
}

/// A path without links.
fn resolved(path: &Path) -> Result<PathBuf, String> {
    let failed = |e: std::io::Error| format!("{}: {e}", path.display());
    path.canonicalize().map_err(failed)
}

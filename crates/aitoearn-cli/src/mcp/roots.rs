//! Which local files there are for an agent: those below the folders that were given.

use std::io;
use std::path::{Component, Path, PathBuf};

use crate::failure::{Failure, Outcome};

/// Folders, as they are after all symlinks.
#[derive(Debug)]
pub(super) struct Roots(Vec<PathBuf>);

impl Roots {
    /// These folders; the current one if there are none.
    ///
    /// # Errors
    /// If one is no folder.
    pub(super) fn new(given: &[PathBuf]) -> Outcome<Self> {
        let here = [PathBuf::from(".")];
        let given = if given.is_empty() { &here[..] } else { given };
        let folder = |path: &PathBuf| {
            let failed = |error: &io::Error| {
                Failure::io(
                    format!("--root: `{}` cannot be used", path.display()),
                    error,
                )
            };
            let real = path.canonicalize().map_err(|error| failed(&error))?;
            if real.is_dir() {
                Ok(real)
            } else {
                Err(Failure::usage(format!(
                    "--root: `{}` is no folder",
                    path.display()
                )))
            }
        };
        Ok(Self(given.iter().map(folder).collect::<Outcome<_>>()?))
    }

    /// The real path of a file that may be read. A relative one is looked for in each folder.
    ///
    /// # Errors
    /// What is wrong with it. Of files elsewhere it does not tell whether they exist.
    pub(super) fn file(&self, text: &str) -> Result<PathBuf, String> {
        let path = Path::new(text);
        if text.is_empty() || text.contains('\0') {
            return Err("is no path".to_owned());
        }
        let mut missing = None;
        for root in &self.0 {
            // An absolute path stays as it is.
            match root.join(path).canonicalize() {
                Ok(real) if self.0.iter().any(|root| real.starts_with(root)) => {
                    return regular(text, real);
                }
                Ok(_) => return Err(self.outside(text)),
                Err(error) => missing = missing.or(Some(error)),
            }
        }
        if self.may_lead_out(path) {
            return Err(self.outside(text));
        }
        Err(match missing {
            Some(error) => format!("`{text}` cannot be read: {error}"),
            None => format!("`{text}` is not there"),
        })
    }

    fn may_lead_out(&self, path: &Path) -> bool {
        let climbs = path.components().any(|it| it == Component::ParentDir);
        climbs || (path.is_absolute() && !self.0.iter().any(|root| path.starts_with(root)))
    }

    fn outside(&self, text: &str) -> String {
        let roots: Vec<String> = self
            .0
            .iter()
            .map(|root| format!("`{}`", root.display()))
            .collect();
        format!(
            "`{text}` is outside the folders that may be read: {}. The person who starts this \
             server can add one with `--root`",
            roots.join(", ")
        )
    }
}

fn regular(text: &str, real: PathBuf) -> Result<PathBuf, String> {
    match std::fs::metadata(&real) {
        Ok(found) if found.is_file() => Ok(real),
        Ok(found) if found.is_dir() => Err(format!("`{text}` is a folder; name a file")),
        // A pipe or a device could be read without an end.
        Ok(_) => Err(format!("`{text}` is no regular file")),
        Err(error) => Err(format!("`{text}` cannot be read: {error}")),
    }
}

//! The files that a document refers to: beside it on disk or in the same revision of git, and nowhere else.

use std::path::{Path, PathBuf};

use spec_diff::Folder;

use crate::programs;

/// Where the files are that a document may refer to.
pub(crate) enum Siblings {
    Disk(Folder),
    Git(Revision),
    /// Nowhere, and why.
    Nowhere(&'static str),
}

/// Folders of a revision; paths are those of the repository, without `/` at either end.
pub(crate) struct Revision {
    commit: String,
    base: String,
    /// Folders that may be read, too; empty for the whole revision.
    more: Vec<String>,
}

/// What may be read beside the folder of the document.
#[derive(Clone, Copy, Default)]
pub(crate) struct Allowed<'a> {
    /// The folder that was asked for.
    pub(crate) root: Option<&'a Path>,
    /// The folder that the document was found in, on disk or as `REV:PATH`.
    pub(crate) found_in: Option<&'a str>,
}

impl Siblings {
    /// For a document that comes from there.
    pub(crate) fn of(from: &str, allowed: Allowed<'_>) -> Result<Self, String> {
        if from == "-" {
            let why = "what comes from standard input has no folder; give the document as a file";
            return Ok(Self::Nowhere(why));
        }
        if from.starts_with("https://") || from.starts_with("http://") {
            let why = "a document from a URL may not read files; download all of them and give the document as a file";
            return Ok(Self::Nowhere(why));
        }
        if let Some((revision, path)) = programs::git_object(from).and_then(|o| o.split_once(':')) {
            return Revision::of(revision, path, allowed).map(Self::Git);
        }
        let more = allowed.root.into_iter();
        let more = more.chain(allowed.found_in.map(Path::new));
        Folder::of(Path::new(from), more).map(Self::Disk)
    }

    /// The bytes of a file by its path relative to the document's folder.
    pub(crate) fn load(&self, path: &str) -> Result<Vec<u8>, String> {
        match self {
            Self::Disk(folder) => folder.load(path),
            Self::Git(revision) => revision.load(path),
            Self::Nowhere(why) => Err((*why).to_owned()),
        }
    }
}

/// A path without links.
fn resolved(path: &Path) -> Result<PathBuf, String> {
    let failed = |e: std::io::Error| format!("{}: {e}", path.display());
    path.canonicalize().map_err(failed)
}

impl Revision {
    fn of(revision: &str, path: &str, allowed: Allowed<'_>) -> Result<Self, String> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut more = Vec::new();
        if let Some((_, folder)) = allowed.found_in.and_then(|from| from.split_once(':')) {
            more.push(in_repository(folder)?);
        }
        if let Some(root) = allowed.root {
            let root = resolved(root)?;
            let top = resolved(Path::new(&asked("--show-toplevel")?))?;
            if let Ok(inner) = root.strip_prefix(&top) {
                more.push(inner.to_string_lossy().replace('\\', "/"));
            } else if top.starts_with(&root) {
                more.push(String::new());
            }
        }
        Ok(Self {
            commit: revision.to_owned(),
            base: in_repository(folder)?,
            more,
        })
    }

    fn load(&self, path: &str) -> Result<Vec<u8>, String> {
        let there = joined(&self.base, path).ok_or("it is outside of the repository")?;
        let within = |folder: &str| {
            let rest = there.strip_prefix(folder);
            folder.is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))
        };
        if !within(&self.base) && !self.more.iter().any(|folder| within(folder)) {
            return Err(format!(
                "{there} is outside of {}; --refs-root DIR allows another folder",
                self.base
            ));
        }
        let object = format!("{}:{there}", self.commit);
        programs::output("git", &["cat-file", "blob", &object])
    }
}

/// What git says of the repository around.
fn asked(what: &str) -> Result<String, String> {
    let said = programs::output("git", &["rev-parse", what])?;
    Ok(String::from_utf8_lossy(&said).trim_end().to_owned())
}

/// The folder of `REV:PATH` as a path of the repository. What begins with `.` begins in the working directory.
fn in_repository(folder: &str) -> Result<String, String> {
    let is_here = matches!(folder.split('/').next(), Some("." | ".."));
    let prefix = if is_here {
        asked("--show-prefix")?
    } else {
        String::new()
    };
    joined(&prefix, folder).ok_or_else(|| format!("{folder}: outside of the repository"))
}

/// A path of the repository without `.` and `..`; `None` if it leaves the repository.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn paths_stay_in_the_repository() {
        assert_eq!(
            joined("api", "../common/x.yaml").as_deref(),
            Some("common/x.yaml")
        );
        assert_eq!(joined("", "./a//b").as_deref(), Some("a/b"));
        assert_eq!(joined("api", "../../x"), None);
    }
}

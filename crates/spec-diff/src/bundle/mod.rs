//! A document and the files that it refers to, as one tree.
//!
//! What a path, a webhook or a component of the document is in another file, takes its place: it is called as there.
//! Everything else that is referred to becomes a member of one of two root members, under the name of its file and its
//! pointer, and references lead there. Values keep the file and the line that they were written in.

mod files;
mod join;
mod links;

use crate::error::Error;
use crate::tree::Tree;

pub(crate) use files::is_url;

use files::Files;
use links::Links;

/// What gives the bytes of a file by its path, relative to the folder of the document.
pub(crate) type Load<'l> = dyn FnMut(&str) -> Result<Vec<u8>, String> + 'l;

/// What a reference may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// What can be an object of OpenAPI.
    Objects,
    /// Texts and lists as well: some documents have descriptions in files of their own.
    Anything,
}

/// Reads every file that is referred to, and puts all into one tree.
pub(crate) fn bundle(
    root: &Tree,
    name: &str,
    takes: Takes,
    load: &mut Load<'_>,
) -> Result<Tree, Error> {
    let mut files = Files::new(root, name, takes, load);
    let links = Links::follow(&mut files)?;
    join::join(&files, &links)
}

//! The files of a document: how references name them, and how much may be read.

use std::collections::HashMap;

use super::{Load, Takes};
use crate::error::Error;
use crate::read;
use crate::refs::percent_decoded;
use crate::tree::{Node, NodeId, Tree};

/// Files that a document may refer to.
const MAX_FILES: usize = 1_000;
/// Bytes of all of them.
const MAX_BYTES: usize = 256 << 20;

/// A node, by the file that it is in. The document itself is file 0.
pub(super) type Place = (usize, NodeId);

type Anchors = HashMap<String, NodeId>;

pub(super) struct Files<'f, 'l> {
    root: &'f Tree,
    others: Vec<File>,
    /// Path relative to the folder of the document, to the number of the file.
    known: HashMap<String, usize>,
    /// The folder of the document and its own name, as it was given.
    folder: String,
    name: String,
    bytes: usize,
    takes: Takes,
    /// Of the document itself; made on first use.
    anchors: Option<Anchors>,
    load: &'f mut Load<'l>,
}

struct File {
    path: String,
    name: String,
    tree: Tree,
    /// Made on first use.
    anchors: Option<Anchors>,
}

/// Where a reference leads.
pub(super) enum Target {
    /// To this pointer or anchor of the document itself.
    Document(String),
    Other(Place),
}

impl<'f, 'l> Files<'f, 'l> {
    pub(super) fn new(root: &'f Tree, name: &str, takes: Takes, load: &'f mut Load<'l>) -> Self {
        let (folder, file) = split_name(name);
        Self {
            root,
            others: Vec::new(),
            known: HashMap::from([(file.to_owned(), 0)]),
            folder: folder.to_owned(),
            name: name.to_owned(),
            bytes: 0,
            takes,
            anchors: None,
            load,
        }
    }

    pub(super) fn tree(&self, file: usize) -> &Tree {
        file.checked_sub(1)
            .and_then(|place| self.others.get(place))
            .map_or(self.root, |other| &other.tree)
    }

    pub(super) fn node(&self, (file, id): Place) -> Node<'_> {
        self.tree(file).node(id)
    }

    /// The path of a file relative to the folder of the document; empty for the document itself.
    pub(super) fn path(&self, file: usize) -> &str {
        let other = file.checked_sub(1).and_then(|place| self.others.get(place));
        other.map_or("", |other| &other.path)
    }

    /// All files with the names that reports use.
    pub(super) fn named(&self) -> Vec<(&str, &Tree)> {
        let others = self.others.iter();
        let others = others.map(|other| (other.name.as_str(), &other.tree));
        std::iter::once((self.name.as_str(), self.root))
            .chain(others)
            .collect()
    }

    /// An error at a node.
    pub(super) fn fault(&self, at: Place, message: String) -> Error {
        let other = at.0.checked_sub(1).and_then(|place| self.others.get(place));
        let name = other.map_or(&self.name, |other| &other.name);
        Error::new(name, Some(self.node(at).position()), message)
    }

    /// Where the reference at a node leads; reads the file if nobody has.
    pub(super) fn target(&mut self, at: Place, reference: &str) -> Result<Target, Error> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let fragment = percent_decoded(fragment);
        let file = if path.is_empty() {
            at.0
        } else {
            self.file(at.0, path)
                .map_err(|Refusal(why)| self.fault(at, format!("`$ref` to `{reference}`: {why}")))?
                .map_or_else(|path| self.read(at, reference, path), Ok)?
        };
        if file == 0 {
            return Ok(Target::Document(self.pointer_of_anchor(fragment)));
        }
        let Some(id) = self.find(file, &fragment) else {
            let there = &self.others[file - 1].name;
            let message = format!(
                "`$ref` to `{reference}`: `{there}` has no `#{fragment}`; correct the part after the `#`"
            );
            return Err(self.fault(at, message));
        };
        let node = self.node((file, id));
        if node.is_object() || node.bool().is_some() || self.takes == Takes::Anything {
            return Ok(Target::Other((file, id)));
        }
        let message = format!(
            "`$ref` to `{reference}` leads to {}, where an object is wanted; correct the part after the `#`",
            node.kind_in_words()
        );
        Err(self.fault(at, message))
    }

    /// Anchors of the document as pointers: other files may have the same ones.
    fn pointer_of_anchor(&mut self, fragment: String) -> String {
        if fragment.is_empty() || fragment.starts_with('/') {
            return fragment;
        }
        let root = self.root;
        let anchors = self.anchors.get_or_insert_with(|| anchors(root));
        let found = anchors.get(&fragment).map(|&id| root.node(id).pointer());
        found.unwrap_or(fragment)
    }

    fn find(&mut self, file: usize, fragment: &str) -> Option<NodeId> {
        let other = self.others.get_mut(file.checked_sub(1)?)?;
        if fragment.is_empty() || fragment.starts_with('/') {
            return other.tree.at_pointer(fragment).map(Node::id);
        }
        let File { tree, anchors, .. } = other;
        let known = anchors.get_or_insert_with(|| self::anchors(tree));
        known.get(fragment).copied()
    }

    /// The number of the file that a path means in another file, or the path to read it by.
    fn file(&self, from: usize, path: &str) -> Result<Result<usize, String>, Refusal> {
        let path = percent_decoded(path);
        if is_url(&path) {
            return Err(Refusal(
                "URLs are not followed; save the document beside this one and refer to the file",
            ));
        }
        if path.starts_with('/') || path.contains(['\\', '\0']) || is_drive(&path) {
            return Err(Refusal(
                "absolute paths are not followed; write the path relative to this file, with `/`",
            ));
        }
        let holder = self.path(from);
        let folder = holder.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = joined(folder, &path);
        Ok(self.known.get(&path).copied().ok_or(path))
    }

    fn read(&mut self, at: Place, reference: &str, path: String) -> Result<usize, Error> {
        let refused = |this: &Self, why: String| {
            Err(this.fault(at, format!("`$ref` to `{reference}`: {why}")))
        };
        if self.others.len() >= MAX_FILES {
            let why = format!("more than {MAX_FILES} files; bundle some of them into one");
            return refused(self, why);
        }
        let bytes = match (self.load)(&path) {
            Ok(bytes) => bytes,
            Err(why) => return refused(self, why),
        };
        self.bytes = self.bytes.saturating_add(bytes.len());
        if self.bytes > MAX_BYTES {
            let why = format!("more than {} MiB in other files", MAX_BYTES >> 20);
            return refused(self, why);
        }
        let name = named(&self.folder, &path);
        let tree = read::read(&bytes, &name)?;
        self.known.insert(path.clone(), self.others.len() + 1);
        self.others.push(File {
            path,
            name,
            tree,
            anchors: None,
        });
        Ok(self.others.len())
    }
}

/// The nodes with a `$anchor`, by its name.
fn anchors(tree: &Tree) -> Anchors {
    let named = |id| Some((tree.node(id).get("$anchor")?.str()?.to_owned(), id));
    (0..tree.len()).filter_map(named).collect()
}

/// Why a path is not followed, and what to do.
struct Refusal(&'static str);

pub(crate) fn is_url(path: &str) -> bool {
    let scheme = path.split_once(':').map_or("", |(scheme, _)| scheme);
    let fits = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    path.starts_with("//") || scheme.len() > 1 && scheme.chars().all(fits)
}

fn is_drive(path: &str) -> bool {
    let mut chars = path.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.next() == Some(':')
}

/// A path as seen from the folder, without `.` and with `..` only at its start.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// A name as the folder, up to its separator, and the file. `REV:PATH` of git has its revision in the folder.
fn split_name(name: &str) -> (&str, &str) {
    let separators: &[char] = if cfg!(windows) {
        &['/', '\\', ':']
    } else {
        &['/', ':']
    };
    let at = name.rfind(separators).map_or(0, |at| at + 1);
    name.split_at(at)
}

/// What reports call a file.
fn named(folder: &str, path: &str) -> String {
    let (mut folder, mut rest) = (folder, path);
    while let Some(above) = rest.strip_prefix("../") {
        let inner = folder.strip_suffix('/').unwrap_or("");
        let (upper, last) = split_name(inner);
        if matches!(last, "" | "." | "..") {
            break;
        }
        (folder, rest) = (upper, above);
    }
    format!("{folder}{rest}")
}

#[cfg(test)]
mod tests {
    use super::{is_drive, is_url, joined, named, split_name};

    #[test]
    fn paths_are_joined_as_they_are_read() {
        for (folder, path, joined_path) in [
            ("", "pet.yaml", "pet.yaml"),
            ("schemas", "./pet.yaml", "schemas/pet.yaml"),
            ("paths/v1", "../../schemas//pet.yaml", "schemas/pet.yaml"),
            ("paths", "../../pet.yaml", "../pet.yaml"),
            ("../common", "../../x.yaml", "../../x.yaml"),
        ] {
            assert_eq!(joined(folder, path), joined_path, "{folder} {path}");
        }
    }

    #[test]
    fn names_keep_the_folder_that_was_given() {
        assert_eq!(
            split_name("main:api/openapi.yaml"),
            ("main:api/", "openapi.yaml")
        );
        assert_eq!(split_name("main:openapi.yaml"), ("main:", "openapi.yaml"));
        assert_eq!(named("api/v1/", "../pet.yaml"), "api/pet.yaml");
        assert_eq!(named("main:api/", "../pet.yaml"), "main:pet.yaml");
        assert_eq!(named("main:", "../pet.yaml"), "main:../pet.yaml");
        assert_eq!(named("../", "../pet.yaml"), "../../pet.yaml");
        assert_eq!(named("", "a/pet.yaml"), "a/pet.yaml");
    }

    #[test]
    fn what_is_no_path() {
        assert!(is_url("http://a/b") && is_url("file:///etc/passwd") && is_url("//host/x"));
        assert!(!is_url("a/b.yaml") && !is_url("C:/x") && is_drive("C:/x"));
    }
}

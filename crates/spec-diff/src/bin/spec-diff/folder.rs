//! Folders of several documents, on disk or in git: which documents are in them, and which belong together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use spec_diff::Document;

use crate::input;
use crate::programs::{git_object, output};
use crate::siblings::Allowed;

/// Files in one folder beyond which it is taken for something else than a folder of documents.
const MAX_FILES: usize = 10_000;
/// Folders that hold other people's files.
const SKIPPED: [&str; 3] = ["node_modules", "target", "vendor"];
/// What a document that is only on one side is compared with.
const NOTHING: &str = r#"{"openapi":"3.1.0","info":{"title":"","version":""},"paths":{}}"#;

/// The documents of both sides, in pairs by their path in the folder.
///
/// They may refer to files in the whole folder, and in `refs_root`.
pub(crate) fn pairs(
    old: &str,
    new: &str,
    refs_root: Option<&Path>,
) -> Result<Vec<(Document, Document)>, String> {
    let (before, after) = (documents(old)?, documents(new)?);
    if before.is_empty() && after.is_empty() {
        return Err(format!(
            "{old}, {new}: no OpenAPI document in either folder"
        ));
    }
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let read = |folder: &str, there: &BTreeMap<String, String>, name: &String| {
        if let Some(from) = there.get(name) {
            let allowed = Allowed {
                root: refs_root,
                found_in: Some(folder),
            };
            return input::document(from, allowed);
        }
        let name = format!("{folder}/{name} (not there)");
        Document::parse(NOTHING.as_bytes(), &name).map_err(|e| e.to_string())
    };
    names
        .into_iter()
        .map(|name| Ok((read(old, &before, name)?, read(new, &after, name)?)))
        .collect()
}

/// Whether there are several documents to be found: a folder on disk, or `REV:PATH` of a folder in git.
pub(crate) fn is_folder(from: &str) -> bool {
    if Path::new(from).is_dir() {
        return true;
    }
    if from.contains("://") {
        return false;
    }
    let kind = git_object(from).map(|object| output("git", &["cat-file", "-t", object]));
    kind.is_some_and(|kind| kind.is_ok_and(|kind| kind.trim_ascii() == b"tree"))
}

/// Where each document is to be read from, by its path in the folder.
fn documents(folder: &str) -> Result<BTreeMap<String, String>, String> {
    let mut files = Vec::new();
    if let Some(object) = git_object(folder) {
        let list = output("git", &["ls-tree", "-r", "-z", "--name-only", object])?;
        let list = String::from_utf8_lossy(&list).into_owned();
        let names = list.split('\0').filter(|name| !name.is_empty());
        files.extend(names.map(str::to_owned));
    } else {
        files_below(Path::new(folder), "", &mut files)?;
    }
    if files.len() > MAX_FILES {
        return Err(format!(
            "{folder}: more than {MAX_FILES} files; give the folder of the documents"
        ));
    }
    let mut found = BTreeMap::new();
    for name in files.into_iter().filter(|name| may_be_document(name)) {
        let from = format!("{}/{name}", folder.trim_end_matches('/'));
        let from = from.replace(":/", ":");
        if says_openapi(&input::bytes(&from)?) {
            found.insert(name, from);
        }
    }
    Ok(found)
}

fn files_below(folder: &Path, prefix: &str, out: &mut Vec<String>) -> Result<(), String> {
    let failed = |e: std::io::Error| format!("{}: {e}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // Links are not followed: they may lead in circles.
        let kind = entry.file_type().map_err(failed)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if kind.is_dir() && !is_skipped(&name) && out.len() <= MAX_FILES {
            files_below(&entry.path(), &format!("{name}/"), out)?;
        } else if kind.is_file() {
            out.push(name);
        }
    }
    Ok(())
}

/// Whether a folder on the way is hidden or holds other people's files.
fn is_skipped(path: &str) -> bool {
    path.split('/')
        .any(|part| part.starts_with('.') || SKIPPED.contains(&part))
}

fn may_be_document(path: &str) -> bool {
    let extension = Path::new(path)
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default();
    let fits = ["json", "yaml", "yml"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known));
    fits && !is_skipped(path)
}

/// Whether a text has the key that every document has; others are not read further.
fn says_openapi(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let keys = ["openapi", "swagger"];
    text.lines().take(2000).any(|line| {
        keys.iter().any(|key| {
            line.starts_with(&format!("{key}:"))
                || line.contains(&format!("\"{key}\"")) && line.contains(':')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{may_be_document, says_openapi};

    #[test]
    fn what_may_be_a_document() {
        assert!(may_be_document("v2/shop.YAML") && may_be_document("shop.json"));
        for other in ["shop.md", ".github/ci.yml", "a/node_modules/b.json", "yaml"] {
            assert!(!may_be_document(other), "{other}");
        }
        assert!(says_openapi(b"# Shop\nopenapi: 3.0.3\n"));
        assert!(says_openapi(br#"{"openapi":"3.1.0"}"#));
        assert!(!says_openapi(b"name: openapi\n"));
    }
}

//! Where documents come from.

use std::io::Read;
use std::path::Path;

use spec_diff::Document;

use crate::programs::{git_object, output};
use crate::siblings::{Allowed, Siblings};

/// Reads a document from a file, standard input (`-`), an http(s) URL or `REV:PATH` of git, with the files beside it that
/// it refers to.
pub(crate) fn document(from: &str, allowed: Allowed<'_>) -> Result<Document, String> {
    let name = if from == "-" { "standard input" } else { from };
    let bytes = bytes(from)?;
    let mut siblings = None;
    let mut load = |path: &str| match &mut siblings {
        Some(known) => Siblings::load(known, path),
        none => none.insert(Siblings::of(from, allowed)?).load(path),
    };
    Document::parse_with(&bytes, name, &mut load).map_err(|e| e.to_string())
}

/// The bytes of a document.
pub(crate) fn bytes(from: &str) -> Result<Vec<u8>, String> {
    Ok(if from == "-" {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|e| format!("standard input: {e}"))?;
        bytes
    } else if from.starts_with("https://") || from.starts_with("http://") {
        let arguments = [
            "--fail",
            "--silent",
            "--show-error",
            "--location",
            "--max-time",
            "60",
            "--proto",
            "=http,https",
            "--",
            from,
        ];
        output("curl", &arguments)?
    } else if Path::new(from).is_dir() {
        return Err(format!("{from}: a folder; the other side is a document"));
    } else if let Some(object) = git_object(from) {
        output("git", &["show", "--end-of-options", object])?
    } else {
        std::fs::read(from).map_err(|e| format!("{from}: {e}"))?
    })
}

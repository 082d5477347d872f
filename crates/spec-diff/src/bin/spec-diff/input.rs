//! Where documents come from.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use spec_diff::Document;

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

/// `REV:PATH`, unless there is a file of that name or the first part is a drive.
pub(crate) fn git_object(from: &str) -> Option<&str> {
    let (revision, path) = from.split_once(':')?;
    let fits = revision.len() > 1 && !path.is_empty() && !revision.starts_with('-');
    (fits && !Path::new(from).exists()).then_some(from)
}

pub(crate) fn output(program: &str, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let what = arguments.last().copied().unwrap_or_default();
    let run = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("{what}: `{program}` cannot be run: {e}"))?;
    if run.status.success() {
        return Ok(run.stdout);
    }
    let said = String::from_utf8_lossy(&run.stderr);
    let said = said.lines().next().unwrap_or("it failed");
    Err(format!("{what}: {program}: {said}"))
}

#[cfg(test)]
mod tests {
    use super::git_object;

    #[test]
    fn what_is_of_git() {
        assert!(git_object("main:api/openapi.yaml").is_some());
        assert!(git_object("openapi.yaml").is_none());
        assert!(git_object("C:/openapi.yaml").is_none());
        assert!(git_object("--output=x:y").is_none());
        assert!(git_object("HEAD:").is_none());
    }
}

//! The programs that fetch what is no file: what is for git, and what a program says.

use std::path::Path;
use std::process::{Command, Stdio};

/// `REV:PATH`, unless there is a file of that name or the first part is a drive.
pub(crate) fn git_object(from: &str) -> Option<&str> {
    let (revision, path) = from.split_once(':')?;
    let fits = revision.len() > 1 && !path.is_empty() && !revision.starts_with('-');
    (fits && !Path::new(from).exists()).then_some(from)
}

/// What a program writes; if it fails, its first line about that.
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

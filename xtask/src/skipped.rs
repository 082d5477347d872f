//! What a check left out, told by its process to the one that runs all of them, which says it last.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The environment variable that names the file in which skipped checks are collected.
const FILE: &str = "XTASK_SKIPPED";

/// Notes that something was not checked, and why, if somebody collects that.
pub(crate) fn note(what: &str) {
    let Some(file) = std::env::var_os(FILE) else {
        return;
    };
    let opened = std::fs::OpenOptions::new().append(true).open(file);
    // The check has said so itself; the list at the end is a convenience.
    let _ = opened.and_then(|mut file| writeln!(file, "{}", what.replace('\n', " ")));
}

/// Collects what the checks of one run leave out.
pub(crate) struct Collected(PathBuf);

impl Collected {
    pub(crate) fn start(root: &Path) -> std::io::Result<Self> {
        let folder = root.join("target");
        std::fs::create_dir_all(&folder)?;
        let file = folder.join(format!("skipped-{}", std::process::id()));
        std::fs::write(&file, "")?;
        Ok(Self(file))
    }

    /// For the environment of a check.
    pub(crate) fn variable(&self) -> (&'static str, &Path) {
        (FILE, &self.0)
    }

    /// What was left out so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

impl Drop for Collected {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

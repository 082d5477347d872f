//! All or nothing: files are made ready beside the tree, checked there, and put in place at the end.
//!
//! Until everything is on disk and compiles, the tree is not touched. Putting files in place is a
//! handful of renames, noted in a journal first; an interruption between two of them is undone by
//! the next run.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use client_gen::problem::{Problem, Result};

use crate::compile;

/// Where files wait, below the root: on the same file system as what they replace.
const STAGE: &str = ".xtask-update";
/// What is to be undone if it is there.
const JOURNAL: &str = "journal.json";

/// New contents of files by their path below the root; `None` removes.
pub(super) type Files = BTreeMap<PathBuf, Option<String>>;

/// One step of the journal.
#[derive(Debug, Serialize, Deserialize)]
struct Step {
    path: PathBuf,
    /// The copy of what was there, if there was something.
    before: Option<PathBuf>,
}

/// Puts back what an interrupted run left half done; says so if there was something.
pub(super) fn recover(root: &Path) -> Result<bool> {
    let stage = root.join(STAGE);
    let journal = stage.join(JOURNAL);
    let was_interrupted = journal.exists();
    if was_interrupted {
        let text = fs::read_to_string(&journal).map_err(|error| failed(&journal, &error))?;
        let steps: Vec<Step> = serde_json::from_str(&text).map_err(|error| {
            Problem::new(
                journal.display().to_string(),
                error.to_string(),
                format!("take the tree from git, then remove {STAGE}"),
            )
        })?;
        undo(root, &steps)?;
    }
    if stage.exists() {
        fs::remove_dir_all(&stage).map_err(|error| failed(&stage, &error))?;
    }
    Ok(was_interrupted)
}

/// Only what differs from what is there.
pub(super) fn differing(root: &Path, mut files: Files) -> Files {
    files.retain(|path, text| {
        let there = fs::read(root.join(path)).ok();
        there.as_deref() != text.as_ref().map(String::as_bytes)
    });
    files
}

/// Puts the files in place, all or none.
pub(super) fn write(root: &Path, files: &Files) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let stage = root.join(STAGE);
    let steps = match prepare(root, &stage, files) {
        Ok(steps) => steps,
        Err(problem) => {
            // The first error is the one to report.
            let _ = fs::remove_dir_all(&stage);
            return Err(problem);
        }
    };
    let outcome = place(root, &stage, files);
    if outcome.is_err() {
        undo(root, &steps)?;
    }
    // From here on there is nothing to undo.
    let _ = fs::remove_file(stage.join(JOURNAL));
    let _ = fs::remove_dir_all(&stage);
    outcome
}

/// Everything that needs room on the disk, before anything of the tree is touched.
fn prepare(root: &Path, stage: &Path, files: &Files) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    for part in ["new", "old"] {
        let directory = stage.join(part);
        fs::create_dir_all(&directory).map_err(|error| failed(&directory, &error))?;
    }
    for (index, (path, text)) in files.iter().enumerate() {
        let there = root.join(path);
        let old = stage.join("old").join(index.to_string());
        let before = match fs::copy(&there, &old) {
            Ok(_) => Some(old),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(&there, &error).into()),
        };
        if let Some(text) = text {
            let new = stage.join("new").join(index.to_string());
            durable(&new, text.as_bytes())?;
        }
        if let Some(parent) = there.parent() {
            fs::create_dir_all(parent).map_err(|error| failed(parent, &error))?;
        }
        steps.push(Step {
            path: path.clone(),
            before,
        });
    }
    let journal = serde_json::to_vec(&steps)
        .map_err(|error| Problem::new(STAGE, error.to_string(), "report this as a bug of xtask"))?;
    durable(&stage.join("journal.new"), &journal)?;
    let journal = stage.join(JOURNAL);
    fs::rename(stage.join("journal.new"), &journal).map_err(|error| failed(&journal, &error))?;
    Ok(steps)
}

fn durable(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::File::create(path)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .map_err(|error| failed(path, &error).into())
}

fn place(root: &Path, stage: &Path, files: &Files) -> Result<()> {
    for (index, (path, text)) in files.iter().enumerate() {
        let there = root.join(path);
        let outcome = match text {
            Some(_) => fs::rename(stage.join("new").join(index.to_string()), &there),
            None => fs::remove_file(&there),
        };
        outcome.map_err(|error| failed(&there, &error))?;
    }
    Ok(())
}

fn undo(root: &Path, steps: &[Step]) -> Result<()> {
    let mut problems = Vec::new();
    for step in steps {
        let there = root.join(&step.path);
        let outcome = match &step.before {
            Some(before) => fs::copy(before, &there).map(drop),
            None if there.exists() => fs::remove_file(&there),
            None => Ok(()),
        };
        if let Err(error) = outcome {
            problems.push(failed(&there, &error));
        }
    }
    client_gen::problem::Problems::none_or(problems)
}

fn failed(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(
        path.display().to_string(),
        error.to_string(),
        "check that the tree can be written and that the disk has room; the tree is as it was",
    )
}

/// Compiles the workspace as it would be, in a copy below `target`; the errors, if there are any.
pub(super) fn check(root: &Path, files: &Files) -> Result<Vec<String>> {
    let target = compile::target(root);
    let copy = root.join("target/xtask-update");
    let made = mirror(root, &copy, files);
    let arguments = ["--workspace", "--quiet", "--message-format=short"];
    let instead = "--no-check; the tree is as it was";
    let output = compile::check(&copy, made, &arguments, &target, instead)?;
    if output.status.success() {
        return Ok(Vec::new());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<String> = said
        .lines()
        .filter(|line| line.contains("error") && !line.starts_with("error: could not compile"))
        .map(ToOwned::to_owned)
        .collect();
    Ok(if errors.is_empty() {
        said.lines().map(ToOwned::to_owned).collect()
    } else {
        errors
    })
}

/// Makes the copy, touching only files that differ: the compiler goes by their times.
fn mirror(root: &Path, copy: &Path, files: &Files) -> std::io::Result<()> {
    let mut wanted: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    gather(root, Path::new(""), &mut wanted)?;
    for (path, text) in files {
        match text {
            Some(text) => wanted.insert(path.clone(), text.clone().into_bytes()),
            None => wanted.remove(path),
        };
    }
    let mut there = BTreeMap::new();
    if copy.is_dir() {
        gather(copy, Path::new(""), &mut there)?;
    }
    for path in there.keys().filter(|path| !wanted.contains_key(*path)) {
        fs::remove_file(copy.join(path))?;
    }
    for (path, bytes) in wanted {
        if there.get(&path) == Some(&bytes) {
            continue;
        }
        let place = copy.join(&path);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(place, bytes)?;
    }
    Ok(())
}

/// Every file of the workspace, without what is built and what is hidden.
fn gather(
    root: &Path,
    below: &Path,
    files: &mut BTreeMap<PathBuf, Vec<u8>>,
) -> std::io::Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let name = entry.file_name();
        let is_hidden = name.to_string_lossy().starts_with('.');
        let path = below.join(&name);
        if entry.file_type()?.is_dir() {
            if name != "target" && !is_hidden {
                gather(root, &path, files)?;
            }
        } else if !is_hidden {
            files.insert(path.clone(), fs::read(root.join(&path))?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a"), "one").unwrap();
        fs::create_dir(root.path().join("d")).unwrap();
        fs::write(root.path().join("d/b"), "two").unwrap();
        root
    }

    fn contents(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        gather(root, Path::new(""), &mut files).unwrap();
        files
    }

    fn files(all: &[(&str, Option<&str>)]) -> Files {
        all.iter()
            .map(|(path, text)| (path.into(), text.map(ToOwned::to_owned)))
            .collect()
    }

    #[test]
    fn files_are_replaced_made_and_removed() {
        let root = tree();
        let change = files(&[("a", Some("1")), ("d/b", None), ("e/c", Some("3"))]);
        write(root.path(), &change).unwrap();
        let now = contents(root.path());
        assert_eq!(now.len(), 2);
        assert_eq!(now[Path::new("a")], b"1");
        assert_eq!(now[Path::new("e/c")], b"3");
        assert!(!root.path().join(STAGE).exists());
        assert!(differing(root.path(), change).is_empty());
    }

    #[test]
    fn what_cannot_be_written_leaves_all_as_it_was() {
        let root = tree();
        let before = contents(root.path());
        // A folder stands where a file should go, after another file has its turn.
        let change = files(&[("a", Some("1")), ("d", Some("3"))]);
        assert!(write(root.path(), &change).is_err());
        assert_eq!(contents(root.path()), before);
        assert!(!root.path().join(STAGE).exists());
    }

    #[test]
    fn an_interruption_between_two_renames_is_undone_by_the_next_run() {
        let root = tree();
        let before = contents(root.path());
        let change = files(&[("a", Some("1")), ("d/b", None), ("new", Some("3"))]);
        let stage = root.path().join(STAGE);
        prepare(root.path(), &stage, &change).unwrap();
        fs::rename(stage.join("new/0"), root.path().join("a")).unwrap();
        fs::rename(stage.join("new/2"), root.path().join("new")).unwrap();
        assert!(recover(root.path()).unwrap());
        assert_eq!(contents(root.path()), before);
        assert!(!recover(root.path()).unwrap());
    }
}

//! The commands on the working tree and on a document of somebody else, and what keeps the generator
//! apart from this API.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::json;

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn what_is_checked_in_is_what_the_sources_generate() {
    let output = xtask(&["generate", "--check"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(stdout(&output).contains("generated code is up to date"));
}

#[test]
fn a_lint_fails_only_if_strict() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("d.json");
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Nameless", "version": "1" },
        "paths": { "/x": { "get": { "responses": {} } } },
    });
    fs::write(&file, document.to_string()).unwrap();
    let lint = |extra: &[&str]| xtask(&[&["lint", file.to_str().unwrap()], extra].concat());
    let relaxed = lint(&[]);
    assert_eq!(relaxed.status.code(), Some(0));
    assert!(stdout(&relaxed).contains("/paths/~1x/get"));
    assert_eq!(lint(&["--strict"]).status.code(), Some(1));
    fs::write(&file, "{").unwrap();
    assert_eq!(lint(&[]).status.code(), Some(2));
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn the_generator_has_no_word_of_this_api() {
    let mut folders = vec![root().join("crates/client-gen")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // The changelog of the workspace, with which each crate is published.
            if path.is_symlink() {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap().to_lowercase();
            assert!(!text.contains("aitoearn"), "{}", path.display());
            files += 1;
        }
    }
    assert!(files > 80, "{files} files were read");
}

/// What `aitoearn-api` and the runtime of generated crates have in common is one text.
#[test]
fn a_part_of_two_runtimes_is_one_text() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let ours = |file: &str| read(&format!("crates/aitoearn-api/src/{file}"));
    let theirs = |file: &str| read(&format!("crates/client-gen/runtime/{file}"));
    let open = ours("open.rs");
    let (code, _) = open.split_once("#[cfg(test)]\n#[allow(").unwrap();
    assert_eq!(theirs("open.rs").trim_end(), code.trim_end());
    let change = ours("change.rs");
    let (code, _) = change.split_once("#[cfg(test)]").unwrap();
    assert_eq!(theirs("change.rs").trim_end(), code.trim_end());
    // Which paths are an operation's, and how an argument becomes a part of one.
    let paths = |text: &str| {
        let (_, rest) = text.split_once("    pub fn matches_path").unwrap();
        let (paths, _) = rest.split_once("%5C").unwrap();
        paths.to_owned()
    };
    assert_eq!(paths(&theirs("operation.rs")), paths(&ours("operation.rs")));
    // What only mending reads is ours alone.
    let tolerant = ours("tolerant.rs");
    let (start, rest) = tolerant
        .split_once("/// Whether a JSON value reads as")
        .unwrap();
    let (_, end) = rest.split_once("struct Int(i64);").unwrap();
    assert_eq!(
        theirs("tolerant.rs"),
        format!("{start}struct Int(i64);{end}")
    );
}

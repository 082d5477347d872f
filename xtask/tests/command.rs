//! The commands on the working tree and on a document of somebody else.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
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

//! Drift: what changed, in words, before users feel it.
//!
//! Each snapshot is an inventory that a reviewer reads in ten lines instead of
//! the thousands of the generated code. A red one is not a broken test but a
//! question: is this change meant?

mod document;
mod library;
mod macros;
mod public;
mod readmes;
mod surface;
mod words;

use std::path::{Path, PathBuf};

/// What to do when a snapshot is red.
const ACCEPT: &str = "run `cargo xtask generate`, read what changed above line by line, and if every change is meant, \
     accept it with `INSTA_UPDATE=always cargo test -p aitoearn-tests --test drift`";

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What was accepted, without the head of the file; empty if nothing was yet.
fn read_snapshot(name: &str) -> String {
    let path = root().join(format!("tests/snapshots/{name}.snap"));
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let mut parts = text.splitn(3, "---\n");
    parts.nth(2).unwrap_or_default().to_owned()
}

/// Compares with the snapshot; on a difference says what changed in words, and what to do.
fn assert_inventory(name: &str, about: &str, inventory: &str) {
    let accepted = read_snapshot(name);
    let changes = words::changes(&accepted, inventory);
    let is_asked = std::env::var_os("INSTA_UPDATE").is_none();
    assert!(
        changes.is_empty() || !is_asked,
        "{about} is not what the snapshot says:\n{changes}\n{ACCEPT}"
    );
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let same = std::panic::catch_unwind(|| insta::assert_snapshot!(name, inventory));
        assert!(
            same.is_ok(),
            "{about} is not what the snapshot says.\n{ACCEPT}"
        );
    });
}

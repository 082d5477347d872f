//! What the tests share: the working tree's inputs.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "only tests call this")]

use std::fs;
use std::path::Path;

/// Copies what generation and comparison read from the working tree.
pub(crate) fn copy_inputs(folder: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for path in [
        "Cargo.toml",
        "openapi/aitoearn.openapi.json",
        "openapi/overlay.yaml",
        "openapi/kept.yaml",
        "openapi/names.toml",
        "openapi/source.toml",
        "crates/aitoearn-api/codes.toml",
    ] {
        let target = folder.join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(root.join(path), target).unwrap();
    }
}

/// The workspace's profiles, for a crate of its own that shares the workspace's target directory:
/// so dependencies are compiled once.
pub(crate) fn profiles() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let manifest: toml::Table = fs::read_to_string(root).unwrap().parse().unwrap();
    let profiles = toml::Table::from_iter([("profile".to_owned(), manifest["profile"].clone())]);
    toml::to_string(&profiles).unwrap()
}

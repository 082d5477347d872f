//! Compiles a copy of the workspace.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use client_gen::problem::{Problem, Result};

/// Where cargo builds the workspace at `root`.
pub fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Runs `cargo check` in a copy that was just made, with its results in `target`. `instead` is the
/// option to do without, for the remedies.
///
/// # Errors
///
/// If the copy was not made, or cargo does not run. What the compiler says is in the output.
pub(crate) fn check(
    copy: &Path,
    made: std::io::Result<()>,
    arguments: &[&str],
    target: &Path,
    instead: &str,
) -> Result<Output> {
    made.map_err(|error| {
        Problem::new(
            copy.display().to_string(),
            format!("the copy to compile cannot be made: {error}"),
            format!("check that `target` can be written, or use {instead}"),
        )
    })?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(copy)
        .arg("check")
        .args(arguments)
        .env("CARGO_TARGET_DIR", target)
        // Warnings are the business of CI.
        .env_remove("RUSTFLAGS")
        .output()
        .map_err(|error| {
            Problem::new(
                "cargo check",
                error.to_string(),
                format!("check that cargo is installed, or use {instead}"),
            )
        })?;
    Ok(output)
}

//! Where a new document comes from.

use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use crate::diff::side::{SOURCE, read};
use crate::problem::{Problem, Result};

/// A larger answer is none of ours.
const MAX_BYTES: &str = "33554432";

/// Reads a file, standard input, or what a URL answers.
pub(super) fn document(root: &Path, from: &str) -> Result<String> {
    match from {
        "-" => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|error| {
                    Problem::new(
                        "standard input",
                        error.to_string(),
                        "give the document as UTF-8 text",
                    )
                })?;
            Ok(text)
        }
        "upstream" => download(&upstream(root)?),
        url if url.contains("://") => download(url),
        file => std::fs::read_to_string(file).map_err(|error| {
            Problem::new(
                file,
                error.to_string(),
                "give a file, `-`, an https URL, or `upstream`",
            )
            .into()
        }),
    }
}

/// The URL that `source.toml` names.
fn upstream(root: &Path) -> Result<String> {
    let text = read(root, SOURCE)?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| {
        Problem::new(
            SOURCE,
            error.to_string(),
            "mend the syntax at the line it names",
        )
    })?;
    table
        .get("upstream")
        .or_else(|| table.get("english"))
        .and_then(toml::Value::as_str)
        .map(ToOwned::to_owned)
        .ok_or_else(|| {
            Problem::new(
                SOURCE,
                "it names no URL",
                "add `upstream = \"https://…\"`, or give the URL on the command line",
            )
            .into()
        })
}

fn download(url: &str) -> Result<String> {
    if !url.starts_with("https://") {
        return Err(Problem::new(
            url,
            "this is no https URL",
            "download the document yourself and give the file",
        )
        .into());
    }
    let output = Command::new("curl")
        .args(["--fail", "--silent", "--show-error", "--location"])
        .args([
            "--proto",
            "=https",
            "--max-time",
            "60",
            "--max-filesize",
            MAX_BYTES,
        ])
        .args(["--", url])
        .output()
        .map_err(|error| {
            Problem::new(
                "curl",
                error.to_string(),
                "install curl, or download the document yourself and give the file",
            )
        })?;
    if !output.status.success() {
        return Err(Problem::new(
            url,
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            "check the URL and the network; nothing was written",
        )
        .into());
    }
    String::from_utf8(output.stdout).map_err(|error| {
        Problem::new(
            url,
            format!("the answer is not UTF-8: {error}"),
            "look at it by hand",
        )
        .into()
    })
}

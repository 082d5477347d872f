//! The witness: compiles our own crates against the new generated code.
//!
//! What the compiler says is true; what a tool guesses from names may not be. It runs in a copy
//! of the workspace below `target/xtask-diff`, which keeps its own build, so that only the first
//! run is slow.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use client_gen::problem::{Problem, Result};
use serde_json::Value;

use super::finding::{At, Effect, Finding, Impact};
use super::side::GENERATED;
use crate::compile;

/// Compiles; the findings are the compiler's errors.
pub(crate) fn run(root: &Path, code: &BTreeMap<String, String>) -> Result<Vec<Finding>> {
    let home = root.join("target/xtask-diff");
    let copy = home.join("workspace");
    let made = prepare(root, &copy, code);
    let arguments = [
        "--package",
        "aitoearn",
        "--package",
        "aitoearn-mock",
        "--lib",
        "--offline",
        "--message-format=json",
        "--quiet",
    ];
    let output = compile::check(
        &copy,
        made,
        &arguments,
        &home.join("target"),
        "--no-witness",
    )?;
    let found = errors(&String::from_utf8_lossy(&output.stdout));
    if found.is_empty() && !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said: Vec<&str> = said
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        return Err(Problem::new(
            "cargo check",
            format!("the witness cannot be compiled: {}", said.join(" ")),
            "run `cargo check --workspace` once with network, or use --no-witness",
        )
        .into());
    }
    Ok(found)
}

/// The compiler's errors, with the place in our own code.
fn errors(output: &str) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for line in output.lines() {
        let Ok(line) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let message = &line["message"];
        if line["reason"] != "compiler-message" || message["level"] != "error" {
            continue;
        }
        let spans = message["spans"].as_array();
        let Some(span) = spans
            .into_iter()
            .flatten()
            .find(|s| s["is_primary"] == true)
        else {
            continue;
        };
        let file = span["file_name"]
            .as_str()
            .unwrap_or_default()
            .replace('\\', "/");
        let text = message["message"].as_str().unwrap_or_default();
        let line = span["line_start"]
            .as_u64()
            .and_then(|line| line.try_into().ok());
        let is_ours = !file.starts_with("crates/aitoearn-api/");
        let mut finding = Finding::new(
            Effect::SdkApi,
            Impact::Breaks,
            "does-not-compile",
            match line {
                Some(line) => format!("{file}:{line}"),
                None => file.clone(),
            },
            text,
        )
        .todo(if is_ours {
            "adapt this line, or correct the overlay if upstream is wrong"
        } else {
            "the hand-written part of aitoearn-api needs what is gone: adapt it, or correct the overlay"
        });
        finding.at = Some(At {
            file,
            line,
            pointer: None,
        });
        found.push(finding);
    }
    found
}

/// Makes the copy, touching only files that differ: the compiler goes by their times.
fn prepare(root: &Path, copy: &Path, code: &BTreeMap<String, String>) -> std::io::Result<()> {
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for part in [
        "crates/aitoearn",
        "crates/aitoearn-api",
        "crates/aitoearn-mock",
        "crates/spec-diff",
    ] {
        gather(root, Path::new(part), &mut files)?;
    }
    files.retain(|path, _| !path.starts_with(GENERATED));
    for (name, text) in code {
        files.insert(Path::new(GENERATED).join(name), text.clone().into_bytes());
    }
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    files.insert("Cargo.toml".into(), members(&manifest)?.into_bytes());
    if let Ok(lock) = fs::read(root.join("Cargo.lock"))
        && !copy.join("Cargo.lock").exists()
    {
        files.insert("Cargo.lock".into(), lock);
    }
    let mut old = BTreeMap::new();
    if copy.join("crates").is_dir() {
        gather(copy, Path::new("crates"), &mut old)?;
    }
    for path in old.keys().filter(|path| !files.contains_key(*path)) {
        fs::remove_file(copy.join(path))?;
    }
    for (path, bytes) in files {
        let target = copy.join(&path);
        if fs::read(&target).is_ok_and(|there| there == bytes) {
            continue;
        }
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(target, bytes)?;
    }
    Ok(())
}

fn gather(root: &Path, part: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> std::io::Result<()> {
    for entry in fs::read_dir(root.join(part))? {
        let entry = entry?;
        let path = part.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            if entry.file_name() != "target" {
                gather(root, &path, files)?;
            }
        } else {
            files.insert(path.clone(), fs::read(root.join(&path))?);
        }
    }
    Ok(())
}

/// The workspace's manifest without the members that are not copied.
fn members(manifest: &str) -> std::io::Result<String> {
    let mut document: toml_edit::DocumentMut = manifest.parse().map_err(std::io::Error::other)?;
    let mut crates = toml_edit::Array::new();
    crates.push("crates/*");
    document["workspace"]["members"] = toml_edit::value(crates);
    if let Some(workspace) = document["workspace"].as_table_mut() {
        workspace.remove("default-members");
    }
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_compiler_have_their_place() {
        let output = r#"{"reason":"compiler-artifact"}
{"reason":"compiler-message","message":{"level":"warning","message":"unused","spans":[]}}
{"reason":"compiler-message","message":{"level":"error","message":"no field `uid`","spans":[{"is_primary":true,"file_name":"crates/aitoearn/src/x.rs","line_start":7}]}}
"#;
        let found = errors(output);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, "crates/aitoearn/src/x.rs:7");
        assert_eq!(found[0].at.as_ref().and_then(|at| at.line), Some(7));
    }
}

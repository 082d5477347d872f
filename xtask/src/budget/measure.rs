//! Measures what does not depend on how busy the machine is.

use std::collections::BTreeSet;
use std::env::consts::{ARCH, OS};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use client_gen::problem::{Problem, Result};
use serde_json::Value;

use super::{Measures, problem};

/// The system whose numbers the budget holds.
const SYSTEM: (&str, &str) = ("linux", "x86_64");

const GENERATED: &str = "crates/aitoearn-api/src/generated";

const PROGRAMS: [&str; 3] = ["three-calls-hand", "three-calls-api", "three-calls-sdk"];

/// What was measured, and why the rest was not.
pub(super) struct Measured {
    pub(super) values: Measures,
    pub(super) skipped: Vec<String>,
}

pub(super) fn all(root: &Path) -> Result<Measured> {
    let mut measured = Measured {
        values: Measures::new(),
        skipped: Vec::new(),
    };
    let values = &mut measured.values;
    values.insert("generated lines".to_owned(), lines(root)?);
    let without = crates(root, &["--no-default-features"])?;
    values.insert("crates without tls".to_owned(), without);
    values.insert("crates with rustls".to_owned(), crates(root, &[])?);
    if (OS, ARCH) != SYSTEM {
        measured.skipped.push(format!(
            "binary sizes, allocations and instructions: the budget holds those of {} {}, this is {OS} {ARCH}",
            SYSTEM.0, SYSTEM.1
        ));
        return Ok(measured);
    }

    let programs = build(root)?;
    for program in PROGRAMS {
        let size = std::fs::metadata(programs.join(program))
            .map_err(|error| problem(format!("{program}: {error}"), "see what cargo built"))?;
        insert(values, format!("bytes {program}"), size.len());
    }
    let counted = output(&mut Command::new(programs.join("allocations")))?;
    for line in String::from_utf8_lossy(&counted.stdout).lines() {
        if let [way, answer, count, _] = line.split(' ').collect::<Vec<_>>().as_slice() {
            let count: u64 = count.parse().unwrap_or(u64::MAX);
            insert(values, format!("allocations {way} {answer}"), count);
        }
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        measured
            .skipped
            .push("instructions: valgrind is not installed".to_owned());
        return Ok(measured);
    }
    for way in ["hand", "api", "sdk"] {
        for (answer, few, many) in [("small", 10, 110), ("large", 3, 13), ("refused", 10, 110)] {
            let calls = programs.join("calls");
            let once = instructions(&calls, way, answer, few)?;
            let again = instructions(&calls, way, answer, many)?;
            let each = again.saturating_sub(once) / u64::from(many - few);
            insert(values, format!("instructions {way} {answer}"), each);
        }
    }
    Ok(measured)
}

fn insert(values: &mut Measures, name: String, number: u64) {
    values.insert(name, i64::try_from(number).unwrap_or(i64::MAX));
}

fn lines(root: &Path) -> Result<i64> {
    let unreadable = |error| {
        problem(
            format!("{GENERATED}: {error}"),
            "run `cargo xtask generate`",
        )
    };
    let mut lines = 0;
    for entry in std::fs::read_dir(root.join(GENERATED)).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        lines += text.lines().count();
    }
    Ok(i64::try_from(lines).unwrap_or(i64::MAX))
}

/// How many crates a user of `aitoearn` compiles, itself included.
fn crates(root: &Path, features: &[&str]) -> Result<i64> {
    let tree = output(
        cargo(root)
            .args(["tree", "-p", "aitoearn", "-e", "normal,build"])
            .args(["--prefix", "none", "--format", "{p}"])
            .args(["--target", "x86_64-unknown-linux-gnu"])
            .args(features),
    )?;
    let tree = String::from_utf8_lossy(&tree.stdout);
    let names: BTreeSet<&str> = tree
        .lines()
        // `syn v2.0.0 (proc-macro) (*)`: what follows the version is no part of the name.
        .map(|line| line.split(" (").next().unwrap_or(line))
        .filter(|line| !line.is_empty())
        .collect();
    Ok(i64::try_from(names.len()).unwrap_or(i64::MAX))
}

/// Builds the programs as users build theirs; returns where they are.
fn build(root: &Path) -> Result<PathBuf> {
    let mut command = cargo(root);
    command.args(["build", "--release", "-p", "benches"]);
    for program in PROGRAMS {
        command.args(["-p", program]);
    }
    // Incremental code is slower and larger, and a developer may have asked for it.
    let status = command
        .env("CARGO_INCREMENTAL", "0")
        .status()
        .map_err(|error| problem(error, "check that cargo is on the PATH"))?;
    if !status.success() {
        return Err(problem(
            "the benches do not build",
            "mend what cargo printed above",
        ));
    }
    let metadata = output(cargo(root).args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_slice(&metadata.stdout)
        .map_err(|error| problem(error, "run `cargo metadata` and see what it prints"))?;
    let target = metadata["target_directory"].as_str().unwrap_or("target");
    Ok(Path::new(target).join("release"))
}

/// Instructions of the whole program, of which the calls are a part.
fn instructions(calls: &Path, way: &str, answer: &str, count: u32) -> Result<u64> {
    let run = output(
        Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(calls)
            .args([way, answer, &count.to_string()]),
    )?;
    let text = String::from_utf8_lossy(&run.stderr);
    text.lines()
        .find_map(|line| line.split("Collected : ").nth(1)?.trim().parse().ok())
        .ok_or_else(|| {
            problem(
                format!("valgrind counted nothing:\n{text}"),
                "run it by hand",
            )
        })
}

fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// What a command that has to succeed prints.
fn output(command: &mut Command) -> Result<Output> {
    let shown = format!("{command:?}");
    let failed = |what: String| Problem::new(shown.clone(), what, "run that one command by itself");
    let output = command
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(failed(said).into());
    }
    Ok(output)
}

//! What workflows and instructions take from outside is named by its version.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The lines of all workflows, each with its file.
fn workflows() -> Vec<(String, String)> {
    let folder = fs::read_dir(root().join(".github/workflows")).unwrap();
    let files = folder.map(|entry| entry.unwrap().path());
    files
        .flat_map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            let lines = text
                .lines()
                .map(|line| (name.clone(), line.trim().to_owned()));
            lines.collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn actions_are_named_by_commit() {
    let mut count = 0;
    for (file, line) in workflows() {
        let Some((_, action)) = line.split_once("uses: ") else {
            continue;
        };
        count += 1;
        let commit = action.split_once('@').unwrap().1;
        let commit = commit.split(' ').next().unwrap();
        assert!(
            commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{file}: {line}"
        );
    }
    assert!(count > 5);
}

#[test]
fn tools_are_named_by_version_and_built_as_their_lock_says() {
    let mut lines = workflows();
    let readme = fs::read_to_string(root().join("fuzz/README.md")).unwrap();
    lines.extend(
        readme
            .lines()
            .map(|line| ("fuzz/README.md".to_owned(), line.to_owned())),
    );
    let mut count = 0;
    for (file, line) in lines {
        for other in [
            "pip install",
            "npm install",
            "npx ",
            "curl ",
            "wget ",
            "| sh",
            "| bash",
        ] {
            assert!(!line.contains(other), "{file}: {line}");
        }
        let Some((_, arguments)) = line.split_once("cargo install ") else {
            continue;
        };
        count += 1;
        let (options, crates): (Vec<&str>, Vec<&str>) = arguments
            .split(' ')
            .partition(|word| word.starts_with("--"));
        assert!(options.contains(&"--locked"), "{file}: {line}");
        assert!(
            crates.iter().all(|name| name.contains('@')),
            "{file}: {line}"
        );
    }
    assert!(count > 2);
}

#[test]
fn the_fuzzers_dependencies_are_locked() {
    let lock = root().join("fuzz/Cargo.lock");
    assert!(lock.exists());
    let ignored = Command::new("git")
        .current_dir(root())
        .args(["check-ignore", "--quiet", "fuzz/Cargo.lock"])
        .status();
    assert!(
        !ignored.is_ok_and(|status| status.success()),
        "it is ignored"
    );
    let nightly = fs::read_to_string(root().join(".github/workflows/nightly.yml")).unwrap();
    assert!(nightly.contains("cargo fetch --locked --manifest-path fuzz/Cargo.toml"));
    assert!(nightly.contains("CARGO_NET_OFFLINE=true cargo +nightly fuzz run"));
}

/// Steps of a job that may write neither build anything nor run what is in the tree.
#[test]
fn who_may_write_runs_nothing() {
    let text = fs::read_to_string(root().join(".github/workflows/spec-drift.yml")).unwrap();
    let (_, jobs) = text.split_once("\njobs:\n").unwrap();
    let mut writers = 0;
    for job in jobs
        .split("\n  ")
        .collect::<Vec<_>>()
        .split(|line| line.ends_with(':') && !line.starts_with([' ', '#', '-']))
    {
        let job = job.join("\n");
        if !job.contains(": write") {
            continue;
        }
        writers += 1;
        for tool in ["cargo", "rustup", "./", "xtask", "make", "python", "eval "] {
            let steps = job
                .lines()
                .filter(|line| !line.trim_start().starts_with('#'));
            let used = steps
                .filter(|line| !line.contains("--include"))
                .find(|line| line.contains(tool));
            assert_eq!(used, None, "{tool}");
        }
    }
    assert_eq!(writers, 2);
}

/// Packages with their features, as cargo would compile them.
fn compiled(selection: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args([
            "tree",
            "--locked",
            "--prefix",
            "none",
            "--format",
            "{p} [{f}]",
        ])
        .args(selection)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| line.trim_end_matches(" (*)"));
    lines.map(str::to_owned).collect()
}

#[test]
fn what_is_compiled_for_xtask_serves_the_tests() {
    let features = "aitoearn/rustls,aitoearn/gzip,aitoearn/schemars";
    let tests = [
        "--workspace",
        "--edges",
        "normal,build,dev",
        "--features",
        features,
    ];
    let tests = compiled(&tests);
    let xtask = compiled(&["--package", "xtask", "--edges", "normal,build"]);
    let twice: Vec<_> = xtask.difference(&tests).collect();
    assert!(
        twice.is_empty(),
        "compiled once for `cargo xtask` and once more for the tests, with other features: \
         {twice:#?}\nAdd the features that `cargo tree --workspace -e features -i NAME` shows to \
         the dependencies of xtask that are there for that."
    );
}

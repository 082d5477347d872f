//! What is run for each promise.

use std::path::{Path, PathBuf};
use std::process::Command;

use client_gen::problem::{Problem, Result};
use serde_json::Value;

use super::Promise;
use super::archives;
use super::packages::{Packages, Published};
use super::tools::{self, Have, Tool};

const WASM: &str = "wasm32-unknown-unknown";

/// One step of a check.
#[derive(Debug)]
pub(super) enum Step {
    /// It is done already; this is wrong.
    Done(Vec<Problem>),
    /// It cannot be done.
    Lacking { what: String, tool: Tool },
    /// A command has to succeed.
    Cargo {
        arguments: Vec<String>,
        environment: Vec<(&'static str, String)>,
    },
}

impl Step {
    pub(super) fn what(&self) -> String {
        match self {
            Self::Done(_) => String::new(),
            Self::Lacking { what, .. } => what.clone(),
            Self::Cargo { arguments, .. } => format!("cargo {}", arguments.join(" ")),
        }
    }

    fn cargo(command: &str) -> Self {
        Self::Cargo {
            arguments: command.split_whitespace().map(ToOwned::to_owned).collect(),
            environment: Vec::new(),
        }
    }

    /// The same command with a variable set.
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Cargo { environment, .. } = &mut self {
            environment.push((name, value.into()));
        }
        self
    }

    /// The step, or why it cannot be taken.
    fn if_there_is(self, have: Have) -> Self {
        match have {
            Ok(()) => self,
            Err(tool) => Self::Lacking {
                what: self.what(),
                tool,
            },
        }
    }
}

pub(super) fn steps(
    promise: Promise,
    root: &Path,
    packages: &Packages,
    baseline: Option<&str>,
) -> Result<Vec<Step>> {
    let published = || packages.published();
    let deny = || tools::cargo_tool("cargo-deny");
    let mut names = String::new();
    for package in published() {
        names.push_str(" -p ");
        names.push_str(package.name());
    }
    Ok(match promise {
        Promise::RustVersion => vec![Step::Done(packages.too_new())],
        Promise::Deny => vec![Step::cargo("deny check licenses bans sources").if_there_is(deny())],
        Promise::Advisories => {
            vec![Step::cargo("deny check advisories").if_there_is(tools::advisories(root))]
        }
        Promise::Package => vec![
            // Without xtask, which needs a private crate: cargo asks the registry for that.
            Step::cargo("package --workspace --exclude xtask --no-verify --allow-dirty --quiet"),
            Step::Done(archives::incomplete(root, packages)?),
        ],
        Promise::Features => published()
            .flat_map(|package| features(packages, package))
            .collect(),
        Promise::Msrv => {
            let rust = packages.rust_version();
            vec![Step::cargo(&format!("+{rust} check{names}")).if_there_is(tools::toolchain(rust))]
        }
        Promise::Minimal => match tools::toolchain("nightly") {
            Ok(()) => minimal(&copy(root)?),
            missing => vec![Step::cargo("update -Z direct-minimal-versions").if_there_is(missing)],
        },
        Promise::Wasm => ["aitoearn-api", "aitoearn"]
            .map(|name| format!("check -p {name} --no-default-features --target {WASM}"))
            .map(|check| Step::cargo(&check).if_there_is(tools::target(WASM)))
            .into(),
        Promise::Docs => published()
            .map(|package| docs(package).if_there_is(tools::toolchain("nightly")))
            .collect(),
        Promise::Semver => {
            let tool = tools::cargo_tool("cargo-semver-checks");
            let since = match baseline {
                Some(revision) => revision.to_owned(),
                None => base(root)?,
            };
            vec![
                Step::cargo(&format!("semver-checks --baseline-rev {since}{names}"))
                    .if_there_is(tool),
            ]
        }
    })
}

/// Without any feature, and with each alone.
fn features(packages: &Packages, package: Published<'_>) -> Vec<Step> {
    let check = format!("check -p {} --no-default-features", package.name());
    let each = packages.features_to_try(package).map(|feature| {
        let step = Step::cargo(&format!("{check} --features {feature}"));
        match feature {
            "native-tls" => step.if_there_is(tools::system_tls()),
            _ => step,
        }
    });
    std::iter::once(Step::cargo(&check)).chain(each).collect()
}

/// As docs.rs does: on nightly, with its `cfg`, and with what the manifest tells it.
fn docs(package: Published<'_>) -> Step {
    let told = package.docs();
    let mut command = format!("+nightly doc --no-deps -p {}", package.name());
    if told["all-features"] == true {
        command.push_str(" --all-features");
    }
    if told["no-default-features"] == true {
        command.push_str(" --no-default-features");
    }
    let features = told["features"].as_array().into_iter().flatten();
    for feature in features.filter_map(Value::as_str) {
        command.push_str(" --features ");
        command.push_str(feature);
    }
    Step::cargo(&command).with("RUSTDOCFLAGS", "--cfg docsrs -D warnings")
}

/// A copy of the workspace in which the lock file may change; where it is.
fn copy(root: &Path) -> Result<PathBuf> {
    let copy = root.join("target").join("minimal-versions");
    let failed =
        |what: String| Problem::new(copy.display().to_string(), what, "remove it and try again");
    if copy.exists() {
        std::fs::remove_dir_all(&copy).map_err(|error| failed(error.to_string()))?;
    }
    let files = git(root, &["ls-files", "-z"])?;
    // A file that git knows and somebody has just deleted is no reason to stop.
    for file in files.split('\0').filter(|file| root.join(file).is_file()) {
        let target = copy.join(file);
        let parent = target.parent().unwrap_or(&copy);
        std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::copy(root.join(file), &target))
            .map_err(|error| failed(format!("{file}: {error}")))?;
    }
    let manifest = copy.join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest).map_err(|error| failed(error.to_string()))?;
    std::fs::write(&manifest, only_crates(&text)?).map_err(|error| failed(error.to_string()))?;
    Ok(copy)
}

/// The workspace's manifest with the published crates alone: what only we compile may want more.
fn only_crates(manifest: &str) -> Result<String> {
    let mut manifest: toml_edit::DocumentMut = manifest
        .parse()
        .map_err(|error| Problem::new("Cargo.toml", format!("{error}"), "mend the manifest"))?;
    let members: toml_edit::Array = ["crates/*"].into_iter().collect();
    manifest["workspace"]["members"] = toml_edit::value(members);
    if let Some(workspace) = manifest["workspace"].as_table_mut() {
        workspace.remove("default-members");
        workspace.remove("exclude");
    }
    Ok(manifest.to_string())
}

/// The oldest versions of what the manifests name, and a build with them.
fn minimal(copy: &Path) -> Vec<Step> {
    let manifest = copy.join("Cargo.toml").display().to_string();
    let target = copy.with_file_name("minimal").display().to_string();
    let update = format!("+nightly update -Z direct-minimal-versions --manifest-path {manifest}");
    let check = format!("check --workspace --locked --manifest-path {manifest}");
    vec![
        Step::cargo(&update),
        Step::cargo(&check).with("CARGO_TARGET_DIR", target),
    ]
}

/// The last release, or where this branch left main; on main itself, the commit before.
fn base(root: &Path) -> Result<String> {
    let tag = git(root, &["describe", "--tags", "--abbrev=0", "--match", "v*"]);
    if let Ok(tag) = tag {
        return Ok(tag);
    }
    let here = git(root, &["rev-parse", "HEAD"])?;
    let left = ["origin/main", "main"]
        .into_iter()
        .find_map(|main| git(root, &["merge-base", "HEAD", main]).ok());
    match left {
        Some(left) if left != here => Ok(left),
        _ => git(root, &["rev-parse", "HEAD^"]),
    }
}

fn git(root: &Path, arguments: &[&str]) -> Result<String> {
    let shown = format!("git {}", arguments.join(" "));
    let failed = |what: String| {
        Problem::new(
            &shown,
            what,
            "run it in a clone with its history, not a shallow one",
        )
    };
    let output = Command::new("git")
        .current_dir(root)
        .args(arguments)
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(failed(said).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

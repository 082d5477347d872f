//! What a check needs besides cargo, and whether it is there.

use std::path::Path;
use std::process::{Command, Stdio};

/// A tool, and how to get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tool {
    pub(super) name: String,
    pub(super) get: String,
}

impl Tool {
    fn new(name: impl Into<String>, get: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            get: get.into(),
        }
    }
}

/// `Err` names what is missing.
pub(super) type Have = Result<(), Tool>;

/// A subcommand of cargo that is installed by itself.
pub(super) fn cargo_tool(name: &str) -> Have {
    ok(Command::new(name).arg("--version"))
        .then_some(())
        .ok_or_else(|| Tool::new(name, format!("`cargo install --locked {name}`")))
}

/// A toolchain of rustup, by the beginning of its name.
pub(super) fn toolchain(name: &str) -> Have {
    let list = Command::new("rustup").args(["toolchain", "list"]).output();
    let has = list.is_ok_and(|output| {
        let list = String::from_utf8_lossy(&output.stdout);
        list.lines().any(|line| {
            line.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with(['-', '.', ' ']) || rest.is_empty())
        })
    });
    has.then_some(()).ok_or_else(|| {
        Tool::new(
            format!("toolchain {name}"),
            format!("`rustup toolchain install {name} --profile minimal`"),
        )
    })
}

/// The standard library of another target.
pub(super) fn target(name: &str) -> Have {
    let folder = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", name])
        .output();
    let has = folder.is_ok_and(|output| {
        let folder = String::from_utf8_lossy(&output.stdout);
        Path::new(folder.trim()).is_dir()
    });
    has.then_some(()).ok_or_else(|| {
        Tool::new(
            format!("standard library for {name}"),
            format!("`rustup target add {name}`"),
        )
    })
}

/// The headers of the system's TLS library, where it is not part of the system.
pub(super) fn system_tls() -> Have {
    let has =
        !cfg!(target_os = "linux") || ok(Command::new("pkg-config").args(["--exists", "openssl"]));
    has.then_some(()).ok_or_else(|| {
        Tool::new(
            "OpenSSL with its headers",
            "install `libssl-dev` and `pkg-config`, or what your system calls them",
        )
    })
}

/// The database of vulnerabilities, which is fetched.
pub(super) fn advisories(root: &Path) -> Have {
    cargo_tool("cargo-deny")?;
    ok(Command::new("cargo-deny")
        .current_dir(root)
        .args(["fetch", "db"]))
    .then_some(())
    .ok_or_else(|| Tool::new("advisory database", "run where the network reaches it"))
}

fn ok(command: &mut Command) -> bool {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

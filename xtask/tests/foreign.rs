//! Documents that are not ours: what they generate compiles with `aitoearn-api` as its runtime.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use client_gen::generate::{Destination, Generated, Sources, generate};

const FOREIGN: [&str; 3] = ["ledger", "shelter", "workshop"];

/// A document of the generator's own tests, or what is beside it.
fn fixture(file: &str) -> PathBuf {
    workspace()
        .join("crates/client-gen/tests/fixtures")
        .join(file)
}

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn generated(name: &str) -> Generated {
    let beside =
        |ending: &str| Some(fixture(&format!("{name}.{ending}"))).filter(|file| file.exists());
    let sources = Sources {
        spec: fixture(&format!("{name}.json")),
        kept: None,
        overlay: beside("overlay.yaml"),
        names: beside("names.toml"),
        codes: None,
        runtime: "::aitoearn_api".to_owned(),
        command: "make it".to_owned(),
    };
    generate(&sources).unwrap_or_else(|problem| panic!("{problem}"))
}

/// The whole output of each document as a module of one crate that has `aitoearn-api` as its runtime.
#[test]
fn all_of_it_compiles_and_reads() {
    // In the build's own folder, so that dependencies are compiled once.
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let scratch = temporary.join("foreign");
    let workspace = workspace();
    let scaffold = |file: &str| workspace.join("xtask/tests/fixtures").join(file);
    fs::create_dir_all(scratch.join("src")).unwrap();
    let mut root = fs::read_to_string(scaffold("foreign.rs")).unwrap();
    for name in FOREIGN {
        let folder = scratch.join("src").join(name);
        let destination = Destination {
            code: folder.clone(),
            requests: None,
            documents: folder,
            examples: None,
        };
        destination.write(&generated(name)).unwrap();
        let hooks = format!("progenitor_client::ClientHooks<aitoearn_api::Context> for {name}");
        let _ = writeln!(root, "pub mod {name};\nimpl {hooks}::client::Client {{}}");
    }
    fs::write(scratch.join("src/lib.rs"), root).unwrap();
    let api = workspace.join("crates/aitoearn-api");
    let manifest = fs::read_to_string(scaffold("foreign.toml")).unwrap();
    fs::write(
        scratch.join("Cargo.toml"),
        manifest.replace("AITOEARN_API", api.to_str().unwrap()),
    )
    .unwrap();
    fs::copy(workspace.join("Cargo.lock"), scratch.join("Cargo.lock")).unwrap();

    let output = Command::new(env!("CARGO"))
        .args(["test", "--quiet", "--offline", "--lib"])
        .current_dir(&scratch)
        .env("CARGO_TARGET_DIR", temporary.parent().unwrap())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

//! `cargo xtask diff` as a command.

use std::process::{Command, Output};

use serde_json::json;
use upstream::diff::{Decisions, Effect, Witness};

use super::{BASE, account, edited, find, list, remove};

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .env("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap()
}

#[test]
fn exit_codes_of_the_command() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let base = edited(|_| {});
    let revision = edited(|document| {
        account(document)["properties"]["uid"]["description"] = json!("Another word.");
    });
    let old = file("old.json", &base.document);
    let new = file("new.json", &revision.document);
    let summary = folder.path().join("summary.md");

    let done = xtask(&["diff", &old, &new, "--summary", summary.to_str().unwrap()]);
    assert_eq!(
        done.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert!(done.stderr.is_empty(), "nothing but the report is printed");
    assert!(
        std::fs::read_to_string(&summary)
            .unwrap()
            .contains("only text")
    );

    let broken = file("broken.json", "{\n  \"openapi\": \"3.0.1\",\n  oops\n}");
    let bad = xtask(&["diff", &old, &broken]);
    assert_eq!(bad.status.code(), Some(2));
    assert!(bad.stdout.is_empty());
    assert!(String::from_utf8_lossy(&bad.stderr).contains("broken.json:3:"));
    assert_eq!(xtask(&["diff", "no-such-revision"]).status.code(), Some(2));
    assert_eq!(xtask(&["diff", "--format", "yaml"]).status.code(), Some(2));
    let both = xtask(&["diff", &old, &new, "--fail-on", "never,wire"]);
    assert_eq!(both.status.code(), Some(2));
}

/// Compiles the ergonomic crate, so it takes minutes the first time: `cargo test -- --ignored`.
#[test]
#[ignore = "compiles the workspace's crates in target/xtask-diff"]
fn the_witness_names_our_lines() {
    let revision = edited(|document| {
        let account = account(document);
        account["properties"]
            .as_object_mut()
            .unwrap()
            .shift_remove("nickname");
        remove(&mut account["required"], "nickname");
        list(document)["operationId"] = json!("AccountsController_all_v2");
    });
    let drift = BASE
        .compare(&revision, &Decisions::default(), true)
        .unwrap();
    assert_eq!(drift.verdict.witness, Witness::Fails);
    let finding = find(&drift, Effect::SdkApi, "does-not-compile");
    assert!(
        finding.place.starts_with("crates/aitoearn/src/"),
        "{}",
        finding.place
    );
}

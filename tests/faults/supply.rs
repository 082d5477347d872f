//! Build and supply.

use std::{fs, path::Path};

use syn::{File, Item, ItemFn};

/// A file of the workspace, below its root.
fn source(path: &str) -> File {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Whether `cargo test` runs it: a test, and not one to be ignored.
fn is_run(function: &ItemFn) -> bool {
    let has = |name| function.attrs.iter().any(|it| it.path().is_ident(name));
    has("test") && !has("ignore")
}

fn names_of_tests(file: &File) -> Vec<String> {
    let names = file.items.iter().filter_map(|item| match item {
        Item::Fn(function) if is_run(function) => Some(function.sig.ident.to_string()),
        _ => None,
    });
    names.collect()
}

/// 81. Licences and advisories, the oldest dependencies and the oldest Rust, no features and each
///     alone, the browser, documentation as docs.rs builds it.
///
/// Outcome: `cargo xtask promises` checks each of them; this test sees that none is dropped from its
/// list.
#[test]
fn f81_promises() {
    let file = source("xtask/src/promises/mod.rs");
    let promises = file.items.iter().find_map(|item| match item {
        Item::Enum(it) if it.ident == "Promise" => Some(&it.variants),
        _ => None,
    });
    let promises: Vec<_> = promises
        .expect("an enum")
        .iter()
        .map(|it| it.ident.to_string())
        .collect();
    for promise in [
        "Deny",
        "Advisories",
        "Minimal",
        "Msrv",
        "Features",
        "Wasm",
        "Docs",
    ] {
        assert!(
            promises.iter().any(|it| it == promise),
            "{promise} is not in {promises:?}"
        );
    }
}

/// 82. Bytes that nobody thought of: event streams, envelopes, the answer of each operation, arguments
///     in URLs.
///
/// Outcome: each has a fuzz target with seeds in `fuzz`; this test sees that they are there.
#[test]
fn f82_fuzzing() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).expect("a manifest");
    for target in ["events", "envelope", "responses", "urls"] {
        // Its targets are listed by hand: what is not in it is never built.
        let path = format!("path = \"fuzz_targets/{target}.rs\"");
        assert!(manifest.contains(&path), "{target} is not in the manifest");
        let code = fuzz.join(format!("fuzz_targets/{target}.rs"));
        assert!(code.is_file(), "{} is missing", code.display());
        let seeds = fs::read_dir(fuzz.join("seeds").join(target)).expect("a folder of seeds");
        assert!(seeds.count() > 0, "{target} has no seeds");
    }
}

/// 83. The generator runs twice, in other locales, and over a file that was edited by hand.
///
/// Outcome: each run writes the same bytes, and `generate --check` shows the edit and fails. The tests
/// are in `crates/client-gen/tests/it/command.rs`, which has the generator; this one sees that they are there.
#[test]
fn f83_generation() {
    let tests = names_of_tests(&source("crates/client-gen/tests/it/command.rs"));
    for test in [
        "a_second_run_writes_nothing_and_two_runs_write_the_same",
        "check_writes_nothing_and_shows_what_differs",
        "an_edited_file_is_seen_and_written_anew",
    ] {
        assert!(
            tests.iter().any(|it| it == test),
            "{test} is not in {tests:?}"
        );
    }
}

//! Documents of the shapes that real ones have: what is generated from them, and
//! that it compiles and works as a crate.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{cargo, sources, write_workspace};
use client_gen::generate::{Generated, generate};
use client_gen::names::Names;
use client_gen::package::{self, About};

fn fixture(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(file)
}

fn names(name: &str) -> Names {
    let file = fixture(&format!("{name}.names.toml"));
    let text = fs::read_to_string(file).unwrap_or_default();
    Names::parse(&text, "names.toml").unwrap()
}

fn generated(name: &str) -> Generated {
    generated_as(name, "::runtime")
}

fn generated_as(name: &str, runtime: &str) -> Generated {
    let mut sources = sources(&fixture(&format!("{name}.json")));
    runtime.clone_into(&mut sources.runtime);
    sources.overlay = Some(fixture(&format!("{name}.overlay.yaml"))).filter(|file| file.exists());
    sources.names = Some(fixture(&format!("{name}.names.toml"))).filter(|names| names.exists());
    generate(&sources).unwrap_or_else(|problem| panic!("{problem}"))
}

/// Checks what stands in a file, white space apart.
#[track_caller]
fn assert_in(code: &str, present: &[&str]) {
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in present {
        assert!(code.contains(words), "`{words}` is not in:\n{code}");
    }
}

#[test]
fn a_discriminator_and_its_heirs() {
    let shelter = generated("shelter");
    assert_in(
        &shelter.code["unions.rs"],
        &[
            "#[serde(tag = \"kind\")]",
            "Cat(Box<types::Cat>)",
            "Kitten(Box<types::Cat>)",
            "Dog(Box<types::Dog>)",
        ],
    );
    assert_in(
        &shelter.code["types.rs"],
        &[
            "/// Where it is known. #[serde(skip_serializing_if = \"Option::is_none\")] pub mother: Option<Animal>",
            "pub born: Option<::runtime::Timestamp>",
            "pub mood: Option<DogMood>",
            "pub weight: Option<f64>",
        ],
    );
    assert_in(
        &shelter.code["enums.rs"],
        &["::runtime::open_enum!", "AgeDown = \"-age\""],
    );
    assert_in(
        &shelter.code["operations.rs"],
        &[
            "auth: Auth::Header(\"x-api-key\")",
            "auth: Auth::None",
            "tag: \"visits\"",
            "Animals that wait for a home",
        ],
    );
    assert!(
        !shelter.code["types.rs"].contains("struct Base"),
        "only its heirs are used"
    );
}

#[test]
fn envelopes_under_other_names() {
    let ledger = generated("ledger");
    assert_in(
        &ledger.code["client.rs"],
        &[
            "ResponseValue<::runtime::Envelope<Vec<types::Account>>>",
            "ResponseValue<::runtime::Envelope<Option<types::Account>>>",
            "ResponseValue<types::BalanceResponse>",
            "ResponseValue<types::BookingsResponse>",
            "ResponseValue<ByteStream>",
        ],
    );
    assert_in(&ledger.report, &["it has `nextPage` as well"]);
    assert!(
        !ledger.code["types.rs"].contains("Reply"),
        "what is opened is no type"
    );
}

#[test]
fn queries_inheritance_recursion_and_uploads() {
    let workshop = generated("workshop");
    assert_in(
        &workshop.code["client.rs"],
        &[
            "\"filter[owner]\", &filter_owner",
            "filter_owner: &'a str",
            "B: Into<reqwest::Body>",
        ],
    );
    assert_in(&workshop.code["params.rs"], &["pub self_: Option<bool>"]);
    assert_in(
        &workshop.code["types.rs"],
        &[
            "pub children: Vec<Part>",
            "/// What it is built into. #[serde(skip_serializing_if = \"Option::is_none\")] pub parent: Option<Box<Part>>",
            "pub items: Vec<Option<String>>",
            "pub struct Words(pub Vec<Words>)",
            "#[serde(flatten)] pub extra: ::std::collections::BTreeMap<String, f64>",
        ],
    );
    assert_in(
        &workshop.code["unions.rs"],
        &[
            "Inverse(Box<types::Inverse>)",
            "Nothing,",
            "Some(2) => Ok(Self::Level2)",
        ],
    );
    assert_eq!(workshop.warnings.len(), 1, "{:?}", workshop.warnings);
}

/// Each document as a crate of its own, and one that reads and calls with them. `cargo test` checks
/// the call in every README as well.
#[test]
fn each_is_a_crate_that_compiles_and_works() {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let scratch = temporary.join("foreign");
    let _ = fs::remove_dir_all(&scratch);
    let mut dependencies = String::new();
    for name in ["clinic", "harbour", "ledger", "shelter", "workshop"] {
        let generated = generated_as(name, "crate");
        let about = About::of(&generated.lowered).unwrap();
        package::write(&scratch.join(name), &generated, &about, names(name).rules())
            .unwrap_or_else(|problem| panic!("{problem}"));
        let manifest = fs::read_to_string(scratch.join(name).join("Cargo.toml")).unwrap();
        assert!(!manifest.contains("client-gen"), "{manifest}");
        let _ = writeln!(
            dependencies,
            "{} = {{ path = \"{name}\", default-features = false }}",
            about.name
        );
    }
    fs::create_dir_all(scratch.join("src")).unwrap();
    fs::copy(fixture("reads.rs"), scratch.join("src/lib.rs")).unwrap();
    fs::copy(fixture("calls.rs"), scratch.join("src/calls.rs")).unwrap();
    let manifest = fs::read_to_string(fixture("reads.toml")).unwrap();
    let manifest = manifest.replace("DEPENDENCIES", &dependencies);
    write_workspace(&scratch, &manifest);
    cargo(&scratch, &["test"]);
}

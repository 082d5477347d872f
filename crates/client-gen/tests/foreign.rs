//! Documents of three shapes that real ones have: what is generated from them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::path::{Path, PathBuf};

use client_gen::generate::{Generated, generate};
use support::sources;

fn fixture(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(file)
}

fn generated(name: &str) -> Generated {
    let mut sources = sources(&fixture(&format!("{name}.json")));
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
            "auth: Auth::ApiKey",
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

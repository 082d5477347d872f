//! The fuzz targets' properties on stable: each seed, and each seed after a few edits.
//!
//! The edits are the same in every run, so that a failure is the fault of a change. More of them:
//! `PROPTEST_CASES=10000 cargo test -p fuzz-properties`.

use std::fs;
use std::path::Path;

use fuzz_properties::{ALL, Property};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// What an edit puts in: what the readers have rules for.
const TOKENS: [&[u8]; 24] = [
    b"\0",
    b"\n",
    b"\r\n",
    b"\r\n\r\n",
    b"data: ",
    b"\xef\xbb\xbf",
    b"\xff",
    b"null",
    b"\"\"",
    b"{}",
    b"[]",
    b"{\"a\":",
    b"[[[[",
    b"\"code\":15082,",
    b"1e999",
    b"9223372036854775808",
    b"3.0",
    b"/",
    b"..",
    b"%2e",
    b"?a=b#c",
    b": x",
    b"\\u0000",
    b"\xe4\xb8\xad",
];

#[derive(Debug, Clone)]
enum Edit {
    Insert(usize, &'static [u8]),
    Overwrite(usize, u8),
    Cut(usize, usize),
    Repeat(usize, usize, usize),
}

impl Edit {
    fn any() -> impl Strategy<Value = Self> {
        let at = any::<usize>();
        prop_oneof![
            (at, prop::sample::select(&TOKENS[..])).prop_map(|(at, token)| Self::Insert(at, token)),
            (at, any::<u8>()).prop_map(|(at, byte)| Self::Overwrite(at, byte)),
            (at, 1..16_usize).prop_map(|(at, length)| Self::Cut(at, length)),
            (at, 1..32_usize, 1..4_usize)
                .prop_map(|(at, length, times)| Self::Repeat(at, length, times)),
        ]
    }

    fn apply(&self, bytes: &mut Vec<u8>) {
        let place = |at: &usize| at % (bytes.len() + 1);
        match self {
            Self::Insert(at, token) => {
                let at = place(at);
                bytes.splice(at..at, token.iter().copied());
            }
            Self::Overwrite(at, byte) => {
                let at = place(at);
                if let Some(old) = bytes.get_mut(at) {
                    *old = *byte;
                }
            }
            Self::Cut(at, length) => {
                let at = place(at);
                bytes.drain(at..bytes.len().min(at + length));
            }
            Self::Repeat(at, length, times) => {
                let at = place(at);
                let piece = bytes[at..bytes.len().min(at + length)].repeat(*times);
                bytes.splice(at..at, piece);
            }
        }
    }
}

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../seeds")
        .join(name);
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files
        .iter()
        .map(|file| fs::read(file).expect("a file"))
        .collect()
}

fn smoke(name: &str, cases: u32) {
    let (_, property): &Property = ALL
        .iter()
        .find(|(known, _)| *known == name)
        .expect("a property");
    let seeds = seeds(name);
    assert!(!seeds.is_empty(), "`{name}` has no seeds");
    property(&[]);
    for seed in &seeds {
        property(seed);
    }

    let default = Config::default();
    let config = Config {
        // What the environment asks for, or what fits into a test run.
        cases: if std::env::var_os("PROPTEST_CASES").is_some() {
            default.cases
        } else {
            cases
        },
        failure_persistence: None,
        ..default
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let inputs = prop_oneof![
        4 => (prop::sample::select(seeds), vec(Edit::any(), 0..6)).prop_map(|(mut seed, edits)| {
            for edit in &edits {
                edit.apply(&mut seed);
            }
            seed
        }),
        1 => vec(any::<u8>(), 0..512),
    ];
    TestRunner::new_with_rng(config, rng)
        .run(&inputs, |input| {
            property(&input);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn envelope() {
    smoke("envelope", 2000);
}

#[test]
fn responses() {
    smoke("responses", 2000);
}

#[test]
fn events() {
    smoke("events", 2000);
}

#[test]
fn urls() {
    smoke("urls", 500);
}

#[test]
fn documents() {
    smoke("documents", 500);
}

#[test]
fn lowering() {
    smoke("lowering", 200);
}

#[test]
fn spec_diff() {
    smoke("spec_diff", 500);
}

/// A property that nobody fuzzes is for nothing.
#[test]
fn every_property_is_a_fuzz_target() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("the fuzzers' manifest");
    for (name, _) in ALL {
        let file = root.join("fuzz_targets").join(format!("{name}.rs"));
        let text =
            fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert!(
            text.contains(&format!("fuzz_properties::{name}(")),
            "{name}"
        );
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}

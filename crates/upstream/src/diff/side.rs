//! One side of a comparison: a document, and what generation needs beside it.

use std::path::Path;

use client_gen::generate::{Destination, Sources};
use client_gen::problem::Result;
use client_gen::reader;

/// The command that generates.
pub const GENERATE: &str = "cargo xtask generate";
/// The command that takes a new document.
pub(crate) const UPDATE: &str = "cargo xtask update";
/// The vendored document.
pub const DOCUMENT: &str = "openapi/aitoearn.openapi.json";
/// What it no longer mentions.
pub const KEPT: &str = "openapi/kept.yaml";
/// Our corrections to it.
pub const OVERLAY: &str = "openapi/overlay.yaml";
/// What things are called in Rust.
pub const NAMES: &str = "openapi/names.toml";
/// The registry of result codes.
pub const CODES: &str = "crates/aitoearn-api/codes.toml";
/// Where the document came from.
pub const SOURCE: &str = "openapi/source.toml";
/// The generated crate's code.
pub const GENERATED: &str = "crates/aitoearn-api/src/generated";
/// The requests of the ergonomic crate.
pub const REQUESTS: &str = "crates/aitoearn/src/generated";
/// What the project has decided about findings.
pub const ACKNOWLEDGED: &str = "openapi/acknowledged.toml";
/// The document's examples, for mocks.
pub const EXAMPLES: &str = "crates/aitoearn-mock/data/examples.json";
/// The document with its corrections, which the sandbox serves.
pub const DESCRIBED: &str = "crates/aitoearn-mock/data/openapi.json";

/// What the generation of the working tree reads, seen from its root.
pub fn sources() -> Sources {
    Sources {
        spec: DOCUMENT.into(),
        kept: Some(KEPT.into()),
        overlay: Some(OVERLAY.into()),
        names: Some(NAMES.into()),
        codes: Some(CODES.into()),
        runtime: "crate".to_owned(),
        command: GENERATE.to_owned(),
    }
}

/// Where the generation of the working tree goes.
pub fn destination(root: &Path) -> Destination {
    Destination {
        code: root.join(GENERATED),
        requests: Some(root.join(REQUESTS)),
        documents: root.join("openapi"),
        examples: Some(root.join(EXAMPLES)),
        described: Some(root.join(DESCRIBED)),
    }
}

/// A document with the overlay, names and registry that go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// What reports call it.
    pub name: String,
    /// The document's text.
    pub document: String,
    /// What is beside it.
    pub beside: Beside,
    /// What was acknowledged there: for a git revision, empty if nothing was; else unknown.
    pub acknowledged: Option<String>,
}

/// The texts that generation reads beside the document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// `kept.yaml`; empty if nothing is kept.
    pub kept: String,
    /// `overlay.yaml`.
    pub overlay: String,
    /// `names.toml`.
    pub names: String,
    /// `codes.toml`.
    pub codes: String,
}

impl Beside {
    /// What lies in the working tree.
    pub fn working_tree(root: &Path) -> Result<Self> {
        Ok(Self {
            kept: read(root, KEPT)?,
            overlay: read(root, OVERLAY)?,
            names: read(root, NAMES)?,
            codes: read(root, CODES)?,
        })
    }
}

impl Side {
    /// The working tree.
    pub fn working_tree(root: &Path) -> Result<Self> {
        Ok(Self {
            name: DOCUMENT.to_owned(),
            document: read(root, DOCUMENT)?,
            beside: Beside::working_tree(root)?,
            acknowledged: None,
        })
    }
}

/// Reads a text file below `root`.
pub fn read(root: &Path, path: &str) -> Result<String> {
    reader::file(&root.join(path))
}

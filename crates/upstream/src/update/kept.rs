//! What an update remembers of the document that it replaces.

use client_gen::kept::{Kept, Known, Memory, remember};
use client_gen::names::Names;
use client_gen::overlay::Overlay;
use client_gen::problem::{Problem, Problems, Result};
use client_gen::spec::Spec;

use crate::calendar::today;
use crate::diff::Side;
use crate::diff::side::{DOCUMENT, KEPT, NAMES, OVERLAY};

use super::source;

/// Compares what is known in the working tree with a new document; `forget` drops facts.
pub(super) fn remembered(current: &Side, new: &Spec, forget: &[String]) -> Result<Memory> {
    let document = Spec::parse(&current.document, DOCUMENT)?;
    let mut kept = Kept::parse(&current.beside.kept, KEPT)?;
    let before = kept.clone();
    let overlay = Overlay::parse(&current.beside.overlay, OVERLAY)?;
    let names = Names::parse(&current.beside.names, NAMES)?;
    kept.forget(forget, &names);
    let known = Known {
        version: &version(&document, &current.document),
        document: &document,
        kept: &kept,
        overlay: Some(&overlay),
        names: &names,
    };
    let mut memory = remember(&known, new, &today());
    let forgotten = before.facts.len() - kept.facts.len() + memory.kept.forget(forget, &names);
    if forgotten == 0 && !forget.is_empty() {
        return Err(Problems::from(Problem::new(
            KEPT,
            format!("nothing is kept at {}", forget.join(", ")),
            "give a JSON pointer or an operation as the file has it",
        )));
    }
    Ok(memory)
}

/// What a document is called by itself: its version, and enough of its checksum to find it again.
fn version(spec: &Spec, text: &str) -> String {
    let version = spec.doc["info"]["version"]
        .as_str()
        .unwrap_or("unversioned");
    let sum = source::sha256(text.as_bytes());
    format!("{version}, sha256 {}", sum.get(..12).unwrap_or(&sum))
}

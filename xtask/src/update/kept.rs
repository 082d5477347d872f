//! What an update remembers of the document that it replaces.

use crate::calendar::today;
use crate::diff::Side;
use crate::diff::side::{DOCUMENT, KEPT, NAMES, OVERLAY};
use crate::kept::{Kept, Known, Memory, remember};
use crate::names::Names;
use crate::overlay::Overlay;
use crate::problem::Result;
use crate::spec::Spec;

use super::source;

/// Compares what is known in the working tree with a new document.
pub(super) fn remembered(current: &Side, new: &Spec) -> Result<Memory> {
    let document = Spec::parse(&current.document, DOCUMENT)?;
    let kept = Kept::parse(&current.beside.kept, KEPT)?;
    let overlay = Overlay::parse(&current.beside.overlay, OVERLAY)?;
    let names = Names::parse(&current.beside.names, NAMES)?;
    let known = Known {
        version: &version(&document, &current.document),
        document: &document,
        kept: &kept,
        overlay: Some(&overlay),
        names: &names,
    };
    Ok(remember(&known, new, &today()))
}

/// What a document is called by itself: its version, and enough of its checksum to find it again.
fn version(spec: &Spec, text: &str) -> String {
    let version = spec.doc["info"]["version"]
        .as_str()
        .unwrap_or("unversioned");
    let sum = source::sha256(text.as_bytes());
    format!("{version}, sha256 {}", sum.get(..12).unwrap_or(&sum))
}

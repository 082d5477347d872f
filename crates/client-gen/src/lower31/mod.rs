//! `OpenAPI` 3.1 as the 3.0 that means the same.
//!
//! The passes and progenitor read 3.0, in which a schema has less to say. What it cannot say becomes
//! an open value or loses a restriction, so that whatever fitted still fits; each such place is
//! reported with its pointer.

mod defs;
mod keywords;
mod kinds;
mod schemas;

use serde_json::Value;

use crate::report::{About, Report};
use crate::spec::{Spec, entries, is_version, object_of};

/// The dialects of which all keywords are known.
const DIALECTS: [&str; 2] = [
    "https://json-schema.org/draft/2020-12/schema",
    "https://spec.openapis.org/oas/3.1/dialect/",
];

/// What was done to a document.
#[derive(Debug, Default)]
struct Notes {
    /// What is less than the document says, each with its pointer.
    lost: Vec<String>,
    /// What has the same meaning at another place.
    moved: Vec<String>,
    /// Schemas that are only spelled in another way.
    respelled: usize,
}

impl Notes {
    fn lose(&mut self, pointer: &str, what: &str) {
        self.lost.push(format!("`{pointer}`: {what}"));
    }
}

/// Makes a 3.1 document a 3.0 one; any other stays as it is.
pub(crate) fn run(spec: &mut Spec, report: &mut Report) {
    if !spec.doc["openapi"]
        .as_str()
        .is_some_and(|version| is_version(version, "3.1"))
    {
        return;
    }
    report.section(
        "lower31",
        "What OpenAPI 3.1 says, as 3.0 says it. What 3.0 cannot say is an open value, or a restriction less.",
    );
    let mut notes = Notes::default();
    spec.doc["openapi"] = "3.0.3".into();
    set_webhooks_aside(&mut spec.doc, report);
    forget_dialect(&mut spec.doc, report);
    defs::lift(&mut spec.doc, &mut notes);
    schemas::for_each_root(&mut spec.doc, &mut |pointer, schema| {
        keywords::lower(pointer, schema, false, &mut notes);
    });
    report.line(format!(
        "{} schemas are spelled in another way",
        notes.respelled
    ));
    for line in notes.moved.iter().chain(&notes.lost) {
        report.line(line);
    }
    if !notes.lost.is_empty() {
        report.warn(
            About::Document,
            format!(
                "in {} places the document says more than OpenAPI 3.0 can; the report lists them under `lower31`",
                notes.lost.len()
            ),
        );
    }
}

fn set_webhooks_aside(doc: &mut Value, report: &mut Report) {
    let Some(webhooks) = object_of(doc).shift_remove("webhooks") else {
        return;
    };
    let names: Vec<String> = entries(&webhooks)
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    if !names.is_empty() {
        report.line(format!(
            "`/webhooks`: calls to the client, and left out: {}",
            names.join(", ")
        ));
    }
}

fn forget_dialect(doc: &mut Value, report: &mut Report) {
    let Some(dialect) = object_of(doc).shift_remove("jsonSchemaDialect") else {
        return;
    };
    let dialect = dialect.as_str().unwrap_or_default();
    if !DIALECTS.iter().any(|known| dialect.starts_with(known)) {
        report.warn(
            About::Document,
            format!(
                "`/jsonSchemaDialect`: schemas are in the dialect `{dialect}`, and were read as those of JSON Schema 2020-12"
            ),
        );
    }
}

#[cfg(test)]
mod tests;

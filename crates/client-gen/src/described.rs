//! The document with its corrections and kept facts, for those who call the API: without the
//! generator's own words, in one line.

use spec_diff::escape::visible_json;

use crate::reserved;
use crate::spec::Spec;

/// The text of the document, before any pass has changed it.
pub(crate) fn described(spec: &Spec) -> String {
    let mut document = spec.doc.clone();
    reserved::set_aside(&mut document);
    visible_json(&document.to_string()) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn what_only_the_generator_reads_is_left_out() {
        let spec = Spec::of(json!({
            "openapi": "3.0.3",
            "paths": { "/wells": { "get": { "x-client": { "retry": "read" }, "x-tide": 2, "summary": "Lists\u{202e} wells" } } },
        }));
        let text = described(&spec);
        assert!(text.contains("Lists\\u202e wells"), "{text}");
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            document["paths"]["/wells"]["get"],
            json!({ "x-tide": 2, "summary": "Lists\u{202e} wells" })
        );
    }
}

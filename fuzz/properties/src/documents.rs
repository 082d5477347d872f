//! What is read from files: API descriptions, overlays, names and codes.

use client_gen::emit::codes::Registry;
use client_gen::names::Names;
use client_gen::overlay::Overlay;
use client_gen::problem::Problems;
use client_gen::spec::Spec;
use serde_json::error::Category;
use spec_diff::Document;

/// The input is the text of a file. Every reader takes it, or says in which file it is wrong and
/// what; nothing that is no JSON is taken for it.
pub fn documents(text: &[u8]) {
    for name in ["d.json", "d.yaml", "d"] {
        match Document::parse(text, name) {
            Ok(document) => {
                assert_eq!(document.name(), name);
                assert!(
                    name != "d.json" || !is_broken(text),
                    "no JSON, but was read"
                );
            }
            Err(error) => {
                let said = error.to_string();
                let what = said
                    .strip_prefix(name)
                    .expect("the file's name comes first");
                assert!(what.len() > 2, "{said:?}");
                assert!(!said.contains(char::is_control), "{said:?}");
            }
        }
    }
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    said(Spec::parse(text, "d").err());
    said(Overlay::parse(text, "d").err());
    said(Names::parse(text, "d").err());
    said(Registry::parse(text, "d").err());
}

/// Every problem says where, what, and what to do.
pub(crate) fn said(problems: Option<Problems>) {
    let Some(Problems(problems)) = problems else {
        return;
    };
    assert!(!problems.is_empty());
    let printed = Problems(problems.clone()).to_string();
    assert!(
        printed
            .chars()
            .all(|c| c == '\n' || !spec_diff::escape::is_hidden(c)),
        "{printed:?}"
    );
    for problem in problems {
        let parts = [&problem.at, &problem.what, &problem.fix];
        assert!(parts.iter().all(|part| !part.is_empty()), "{problem:?}");
    }
}

/// Whether the syntax is wrong; numbers and nesting beyond `serde_json`'s own limits are not.
fn is_broken(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    serde_json::from_slice::<serde::de::IgnoredAny>(text).is_err_and(|error| {
        matches!(error.classify(), Category::Syntax | Category::Eof)
            && !error.to_string().contains("recursion limit")
            && !error.to_string().contains("out of range")
    })
}

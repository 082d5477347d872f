//! A document that says the worst at every place where it can say something.
//!
//! Each string of a whole document is replaced by each of some two dozen hostile ones. Whatever
//! comes of it, nothing of it may run, link, steer a terminal or break a build: not in generated
//! code and its documentation, not in a report, not in an error.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod code;
mod hostile;
mod reports;
mod walk;

use std::sync::LazyLock;

use client_gen::emit::Target;
use client_gen::generate::{Generated, draft};
use client_gen::names::Names;
use client_gen::problem::Result;
use client_gen::spec::Spec;
use serde_json::Value;

use hostile::kinds;
use walk::{Place, places, put};

fn document() -> Value {
    serde_json::from_str(include_str!("document.json")).unwrap()
}

/// The document with a hostile string in one place.
fn with(place: &Place, text: &str) -> Value {
    let mut document = document();
    put(&mut document, place, text);
    document
}

/// Characters that may not be in anything that a person or a terminal reads.
#[track_caller]
fn assert_visible(text: &str, what: &str) {
    let hidden = text
        .chars()
        .position(|c| c != '\n' && spec_diff::escape::is_hidden(c));
    if let Some(at) = hidden {
        let around: String = text.chars().skip(at.saturating_sub(60)).take(90).collect();
        panic!("{what}: {around:?}");
    }
}

/// An error is one of ours, in its own lines, whatever it quotes.
#[track_caller]
fn assert_error(error: &str, what: &str) {
    assert_visible(error, what);
    let starts = ["error: ", "  operation  ", "  at         ", "  fix        "];
    for line in error.lines().filter(|line| !line.is_empty()) {
        assert!(
            starts.iter().any(|start| line.starts_with(start)),
            "{what}: {line}"
        );
    }
}

/// The document with what an overlay adds so that requests are generated, too.
fn with_resource(mut spec: Spec) -> Spec {
    spec.doc["info"]["x-client"] = serde_json::json!({ "resources": { "birds": {} } });
    spec
}

/// What is made of a document with requests, not formatted, or its error, which is looked at.
fn drafted(document: &Value, what: &str) -> Option<Generated> {
    let spec = Spec::parse(&document.to_string(), "canary.json").map(with_resource);
    made(spec, what)
}

/// What is made of it by names that know the credentials of `aitoearn-api`.
fn made(spec: Result<Spec>, what: &str) -> Option<Generated> {
    let names = "[rules.credentials]\nx-api-key = \"ApiKey\"\n";
    let names = Names::parse(names, "names.toml").unwrap();
    let target = Target {
        runtime: "::aitoearn_api".to_owned(),
        source: "canary.json".to_owned(),
        command: "make it".to_owned(),
    };
    match spec.and_then(|spec| draft(spec, &names, &target)) {
        Ok(generated) => Some(generated),
        Err(problems) => {
            assert_error(&problems.to_string(), what);
            None
        }
    }
}

/// Places in which any string is taken: free text. What comes of each is looked at on the way.
static FREE: LazyLock<Vec<Place>> = LazyLock::new(|| {
    let worst = [
        "a\u{202e}\u{1b}[2J\r\n\n```\nx\n```\n\n<b> [c](d:e) \"#{}'\\ @x",
        "-->",
        // Too long for a name.
        "Many words, more than the name of a type may have, and then some more of them.",
    ];
    let is_free = |place: &Place| {
        worst.iter().all(|text| {
            let what = format!("{text:?} at {place:?}");
            let generated = drafted(&with(place, text), &what);
            generated
                .inspect(|generated| code::assert_inert(generated, &what))
                .is_some()
        })
    };
    let mut found = places(&document());
    // Each of these is free as long as the other one is not touched.
    let is_half =
        |place: &Place| place.pointer.ends_with("/type") || place.pointer.ends_with("/format");
    found.retain(|place| is_free(place) && !place.is_key && !is_half(place));
    found
});

/// The document with kind after kind in its free places, beginning with the kind of this number.
fn turned(kinds: &[(&'static str, String)], first: usize) -> Value {
    let mut document = document();
    for (index, place) in FREE.iter().enumerate() {
        put(
            &mut document,
            place,
            &kinds[(index + first) % kinds.len()].1,
        );
    }
    document
}

//! Reports of what changed, in every format.

use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag, TextMergeStream};
use serde_json::Value;
use spec_diff::{Document, Options as Comparison};
use upstream::diff::{Beside, Decisions, Side, compare, render};

use super::{assert_visible, document, kinds, places, put, turned};

/// Markdown in which only our own markup is alive.
#[track_caller]
pub(crate) fn assert_markdown(text: &str, what: &str) {
    const OURS: [&str; 5] = ["<br>", "<details>", "</details>", "<summary>", "</summary>"];
    for event in TextMergeStream::new(Parser::new_ext(
        text,
        Options::ENABLE_GFM | Options::ENABLE_TABLES,
    )) {
        let is_alive = match &event {
            Event::Start(Tag::Image { .. } | Tag::Link { .. } | Tag::FootnoteDefinition(_)) => true,
            Event::Html(html) | Event::InlineHtml(html) => {
                let left = OURS
                    .iter()
                    .fold(html.to_string(), |left, ours| left.replace(ours, ""));
                left.contains(['<', '>', '&'])
            }
            // What GitHub makes a mention or a link of.
            Event::Text(text) => {
                text.match_indices('@')
                    .any(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_ascii_alphanumeric()))
                    || text.contains("://")
                    || text.contains("www.")
            }
            _ => false,
        };
        assert!(!is_alive, "{what}: {event:?} in\n{text}");
    }
}

/// Lines that a CI server would take for its own.
#[track_caller]
fn assert_no_commands(text: &str, what: &str) {
    for line in text.lines() {
        let line = line.trim_start();
        assert!(
            !line.starts_with("::") && !line.starts_with("##["),
            "{what}: {line}"
        );
    }
}

fn side(name: &str, document: &Value) -> Side {
    Side {
        name: name.to_owned(),
        document: serde_json::to_string_pretty(document).unwrap(),
        beside: Beside {
            overlay: "overlay: 1.0.0\nactions: []\n".to_owned(),
            names: String::new(),
            codes: "code = []\n".to_owned(),
            kept: String::new(),
        },
        acknowledged: None,
    }
}

#[test]
fn every_report_in_every_format() {
    let kinds = kinds("/nowhere/canary");
    let plain = document();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let keys: Vec<_> = places(&plain)
        .into_iter()
        .filter(|place| place.is_key)
        .collect();
    for number in 0..kinds.len() {
        let mut hostile = turned(&kinds, number);
        // Names that came and names that went, where nothing refers to them; from the end, for
        // renaming one moves what is below it.
        for (index, place) in keys.iter().enumerate().rev() {
            if (index + number) % 5 == 0 {
                let mut renamed = hostile.clone();
                let (_, text) = &kinds[(index + number) % kinds.len()];
                put(&mut renamed, place, text);
                if Document::parse(renamed.to_string().as_bytes(), "renamed").is_ok()
                    && renamed["openapi"] == "3.0.3"
                {
                    hostile = renamed;
                }
            }
        }
        let what = format!("turn {number}");
        for (old, new) in [(&plain, &hostile), (&hostile, &plain)] {
            let drift = compare(
                &root,
                &side("old.json", old),
                &side("new\u{202e}.json", new),
                &Decisions::default(),
                false,
            )
            .unwrap_or_else(|problem| panic!("{what}: {problem}"));
            assert!(drift.verdict.changed);
            wire(old, new, &what);
            let text = render::text(&drift, false);
            assert_no_commands(&text, &what);
            assert_markdown(&render::markdown(&drift), &what);
            check(
                &what,
                [text, render::markdown(&drift), render::github(&drift)],
                [render::json(&drift), render::sarif(&drift)],
                &render::junit(&drift),
            );
        }
    }
}

/// The same by spec-diff alone.
fn wire(old: &Value, new: &Value, what: &str) {
    let read = |document: &Value, name: &str| {
        Document::parse(document.to_string().as_bytes(), name).unwrap()
    };
    let report = spec_diff::compare(
        &read(old, "old"),
        &read(new, "new\u{1b}"),
        &Comparison::default(),
    );
    let text = spec_diff::render::text(&report, spec_diff::render::Color::Never);
    assert_no_commands(&text, what);
    let markdown = spec_diff::render::markdown(&report);
    assert_markdown(&markdown, what);
    check(
        what,
        [text, markdown, spec_diff::render::github(&report)],
        [
            spec_diff::render::json(&report),
            spec_diff::render::sarif(&report),
        ],
        &spec_diff::render::junit(&report),
    );
}

#[track_caller]
#[expect(
    clippy::needless_pass_by_value,
    reason = "lists of what was just rendered"
)]
fn check(what: &str, texts: [String; 3], json: [String; 2], junit: &str) {
    for line in texts[2].lines() {
        let (_, command) = line.split_once("::").unwrap();
        let command = command.split([' ', ':']).next().unwrap();
        assert!(
            ["error", "warning", "notice"].contains(&command),
            "{what}: {line}"
        );
    }
    for text in texts.iter().chain(&json) {
        assert_visible(text, what);
    }
    for text in &json {
        serde_json::from_str::<Value>(text).unwrap();
    }
    assert_visible(junit, what);
    // Each `<` starts a tag of ours, each `&` an entity.
    for (at, _) in junit.match_indices('<') {
        let tag = junit[at + 1..].trim_start_matches('/');
        let ours = [
            "?xml",
            "testsuites",
            "testsuite",
            "testcase",
            "failure",
            "skipped",
            "system-out",
        ];
        assert!(
            ours.iter().any(|name| tag.starts_with(name)),
            "{what}: {tag}"
        );
    }
}

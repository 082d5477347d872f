//! Comparing two documents.

use serde_json::Value;
use spec_diff::{Document, Options, compare, render};

use crate::grow::Grower;

/// The input is two documents with a NUL between them, or what two are grown from. A document does
/// not differ from itself; what differs can be told in every form, and the same each time.
pub fn spec_diff(input: &[u8]) {
    let (old, new) = if input.starts_with(b"{") {
        let middle = input.iter().position(|&byte| byte == 0);
        let (old, new) = input.split_at(middle.unwrap_or(input.len()));
        (
            old.to_vec(),
            new.strip_prefix(b"\0").unwrap_or(old).to_vec(),
        )
    } else {
        let mut grower = Grower::new(input);
        let old = grower.document();
        let new = grower.edited(&old);
        (old.to_string().into(), new.to_string().into())
    };
    let (Ok(old), Ok(new)) = (
        Document::parse(&old, "old.json"),
        Document::parse(&new, "new.json"),
    ) else {
        return;
    };
    let options = Options {
        docs: true,
        ..Options::default()
    };
    for same in [&old, &new] {
        let report = compare(same, same, &options);
        assert!(report.findings().is_empty(), "{}", render::json(&report));
    }
    let report = compare(&old, &new, &options);
    let machine = [render::json(&report), render::sarif(&report)];
    for text in &machine {
        serde_json::from_str::<Value>(text).expect("it is JSON");
    }
    assert_eq!(machine[0], render::json(&compare(&old, &new, &options)));
    let [json, sarif] = machine;
    for text in [
        json,
        sarif,
        render::text(&report, render::Color::Never),
        render::markdown(&report),
        render::github(&report),
        render::junit(&report),
    ] {
        let control = text.find(|c: char| c.is_control() && c != '\n');
        assert_eq!(control, None, "a control character in {text:?}");
    }
}

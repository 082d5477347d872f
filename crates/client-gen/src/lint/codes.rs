//! Result codes: what a document says about them twice.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::rules::Rules;
use crate::spec::{Spec, entries, escape};

/// A named example of an answer.
#[derive(Debug, Clone)]
pub struct Example<'a> {
    /// Its name.
    pub key: &'a str,
    /// The value that it shows.
    pub value: &'a Value,
    /// JSON pointer, counted from the operation.
    pub pointer: String,
}

/// The named examples of an operation's answers; the pointer counts from the operation.
pub fn examples(operation: &Value) -> Vec<Example<'_>> {
    let mut all = Vec::new();
    for (status, response) in entries(&operation["responses"]) {
        for (media_type, media) in entries(&response["content"]) {
            for (key, example) in entries(&media["examples"]) {
                all.push(Example {
                    key,
                    value: &example["value"],
                    pointer: format!(
                        "/responses/{}/content/{}/examples/{}",
                        escape(status),
                        escape(media_type),
                        escape(key)
                    ),
                });
            }
        }
    }
    all
}

/// Two statements about codes inside one document that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contradiction {
    /// A stable name of the kind.
    pub id: &'static str,
    /// JSON pointer.
    pub pointer: String,
    /// The operation, as `METHOD /path`.
    pub operation: String,
    /// The code that it is about.
    pub code: i64,
    /// What contradicts what.
    pub what: String,
}

/// Cross-checks: an example's key against its `code`, examples against the list
/// in the extension that the rules name.
pub fn contradictions(spec: &Spec, rules: &Rules) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for operation in spec.operations() {
        let listed: BTreeSet<i64> = rules
            .listed_codes(operation.node)
            .filter_map(|code| code["code"].as_i64())
            .collect();
        let place = format!("{} {}", operation.method.to_uppercase(), operation.path);
        let mut shown = BTreeSet::new();
        for example in examples(operation.node) {
            let Some(code) = example.value["code"].as_i64() else {
                continue;
            };
            shown.insert(code);
            let name = example.key.trim_end_matches(|c: char| c.is_ascii_digit());
            let number = example.key[name.len()..].parse::<i64>().ok();
            if let Some(number) = number.filter(|number| *number != code) {
                found.push(Contradiction {
                    id: "example-key-contradicts-code",
                    pointer: format!("{}{}", operation.pointer(), example.pointer),
                    operation: place.clone(),
                    code,
                    what: format!(
                        "the example is called `{}` and shows the code {code}, not {number}",
                        example.key
                    ),
                });
            }
        }
        let Some(extension) = &rules.codes else {
            continue;
        };
        for code in listed.difference(&shown) {
            found.push(Contradiction {
                id: "code-without-example",
                pointer: format!("{}/{}", operation.pointer(), escape(extension)),
                operation: place.clone(),
                code: *code,
                what: format!("`{extension}` lists the code {code}, and no example shows it"),
            });
        }
        // Codes of three digits stand for HTTP's classes: any operation may answer those, and the
        // common ones of the service (10000 to 10999) are left out of its own list as well.
        for code in shown.difference(&listed).filter(|code| **code >= 11_000) {
            found.push(Contradiction {
                id: "code-only-in-example",
                pointer: operation.pointer(),
                operation: place.clone(),
                code: *code,
                what: format!(
                    "an example shows the code {code}, and `{extension}` does not list it"
                ),
            });
        }
    }
    found
}

//! What upstream did, in words and numbers: the two documents side by side, operation by operation.
//!
//! This counts what is described, not what it does to anybody. The same count of the documents as
//! our client sees them, with all corrections, shows how much of it arrives.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::described::{Shape, Tally};

/// One thing that upstream did, however many times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Did {
    /// What, with its number: `-221 fields in answers`.
    pub what: String,
    /// Where, in a few words; may be empty.
    #[serde(rename = "where", skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// What comes of it for our client.
    pub outcome: String,
}

/// A kind of change, and at how many places of which operations it was found.
#[derive(Debug, Default)]
struct Found(BTreeMap<String, usize>);

impl Found {
    fn add(&mut self, operation: &str, count: usize) {
        if count > 0 {
            *self.0.entry(operation.to_owned()).or_default() += count;
        }
    }

    fn count(&self) -> usize {
        self.0.values().sum()
    }

    fn place(&self) -> String {
        match self.0.len() {
            0 => String::new(),
            1..=2 => self.0.keys().cloned().collect::<Vec<_>>().join(", "),
            n => format!("in {n} operations"),
        }
    }
}

/// All that is counted, in the order of a report.
#[derive(Debug, Default)]
struct Counts {
    fields_gone: Found,
    fields_new: Found,
    lists_gone: Found,
    values_gone: Found,
    values_new: Found,
    references_gone: Found,
    uncertain: Found,
    lost_required: usize,
    formats_gone: Found,
    types: Found,
    sent_gone: Found,
    sent_new: Found,
    sent_required: Found,
    sent_types: Found,
    sent_values_gone: Found,
}

impl Counts {
    fn of(old: &Tally<'_>, new: &Tally<'_>) -> Option<Self> {
        let mut counts = Self::default();
        let (old, new) = (old.shapes.as_ref()?, new.shapes.as_ref()?);
        for (name, [answer, request]) in old {
            if let Some([answer_now, request_now]) = new.get(name) {
                counts.answer(name, answer, answer_now);
                counts.request(name, request, request_now);
            }
        }
        Some(counts)
    }

    fn answer(&mut self, name: &str, was: &Shape, is: &Shape) {
        self.fields_gone
            .add(name, was.fields.difference(&is.fields).count());
        self.fields_new
            .add(name, is.fields.difference(&was.fields).count());
        let still = |path: &&String| is.kinds.contains_key(*path) || is.fields.contains(*path);
        let lost = was
            .lists
            .keys()
            .filter(|path| !is.lists.contains_key(*path));
        self.lists_gone.add(name, lost.filter(still).count());
        for (path, values) in &was.lists {
            if let Some(now) = is.lists.get(path) {
                self.values_gone.add(name, values.difference(now).count());
                self.values_new.add(name, now.difference(values).count());
            }
        }
        let lost = was
            .references
            .keys()
            .filter(|path| !is.references.contains_key(*path));
        self.references_gone.add(name, lost.filter(still).count());
        let lost = was.certain.difference(&is.certain).filter(still).count();
        self.uncertain.add(name, lost);
        let top = |shape: &Shape| {
            let names = shape.certain.iter();
            names.filter(|path| path.rfind('.') == Some(0)).count()
        };
        self.lost_required += usize::from(top(was) > 0 && top(is) == 0);
        let lost = was.formats.difference(&is.formats).filter(still).count();
        self.formats_gone.add(name, lost);
        self.types.add(name, other_kinds(was, is));
    }

    fn request(&mut self, name: &str, was: &Shape, is: &Shape) {
        self.sent_gone
            .add(name, was.fields.difference(&is.fields).count());
        self.sent_new
            .add(name, is.fields.difference(&was.fields).count());
        self.sent_required
            .add(name, is.certain.difference(&was.certain).count());
        self.sent_types.add(name, other_kinds(was, is));
        for (path, values) in &was.lists {
            if let Some(now) = is.lists.get(path) {
                self.sent_values_gone
                    .add(name, values.difference(now).count());
            }
        }
    }

    /// In the order of a report.
    fn lines(&self) -> Vec<Line<'_>> {
        let found = [
            &self.fields_new,
            &self.fields_gone,
            &self.values_new,
            &self.values_gone,
            &self.lists_gone,
            &self.references_gone,
            &self.uncertain,
            &self.formats_gone,
            &self.types,
            &self.sent_new,
            &self.sent_gone,
            &self.sent_required,
            &self.sent_values_gone,
            &self.sent_types,
        ];
        found
            .into_iter()
            .zip(WORDS)
            .map(|(found, (sign, words, kind))| Line {
                found,
                sign,
                words,
                kind,
            })
            .collect()
    }
}

/// Sign, words for one and for many, and what may come of it: in the order of [`Counts::lines`].
const WORDS: [(&str, [&str; 2], Outcome); 14] = [
    ("+", ["field in answers", "fields in answers"], Outcome::New),
    (
        "-",
        ["field in answers", "fields in answers"],
        Outcome::Loss,
    ),
    (
        "+",
        ["value in lists of answers", "values in lists of answers"],
        Outcome::New,
    ),
    (
        "-",
        ["value in lists of answers", "values in lists of answers"],
        Outcome::Loss,
    ),
    (
        "-",
        ["list of values in answers", "lists of values in answers"],
        Outcome::Loss,
    ),
    (
        "-",
        [
            "reference from answers to a schema",
            "references from answers to schemas",
        ],
        Outcome::Loss,
    ),
    (
        "-",
        [
            "field that is certain to arrive",
            "fields that are certain to arrive",
        ],
        Outcome::Loss,
    ),
    (
        "-",
        ["format in answers", "formats in answers"],
        Outcome::Loss,
    ),
    (
        "",
        [
            "field of answers has another type",
            "fields of answers have another type",
        ],
        Outcome::Arrives,
    ),
    ("+", SENT, Outcome::New),
    ("-", SENT, Outcome::Arrives),
    (
        "",
        [
            "parameter or field of requests became required",
            "parameters and fields of requests became required",
        ],
        Outcome::Arrives,
    ),
    (
        "-",
        [
            "value that requests may carry",
            "values that requests may carry",
        ],
        Outcome::Arrives,
    ),
    (
        "",
        [
            "parameter or field of requests has another type",
            "parameters and fields of requests have another type",
        ],
        Outcome::Arrives,
    ),
];

const SENT: [&str; 2] = [
    "parameter or field of requests",
    "parameters and fields of requests",
];

/// A count with its words, for one and for many.
struct Line<'a> {
    found: &'a Found,
    sign: &'static str,
    words: [&'static str; 2],
    kind: Outcome,
}

impl Line<'_> {
    fn text(&self) -> String {
        numbered(self.sign, self.found.count(), self.words)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    New,
    Loss,
    Arrives,
}

fn other_kinds(was: &Shape, is: &Shape) -> usize {
    was.kinds
        .iter()
        .filter(|(path, kinds)| is.kinds.get(*path).is_some_and(|now| now != *kinds))
        .count()
}

/// What upstream did from `raw.0` to `raw.1`; `truth` is the same as our client sees it.
pub(crate) fn did(
    raw: (&Tally<'_>, &Tally<'_>),
    truth: Option<(&Tally<'_>, &Tally<'_>)>,
    texts: usize,
) -> Vec<Did> {
    let mut all = Vec::new();
    let names = |from: &Tally<'_>, less: &Tally<'_>| -> Vec<String> {
        let keys = from.operations.keys();
        keys.filter(|name| !less.operations.contains_key(*name))
            .cloned()
            .collect()
    };
    let (come, gone) = (names(raw.1, raw.0), names(raw.0, raw.1));
    for (sign, names, outcome) in [
        ("+", &come, "new methods"),
        ("-", &gone, "calls of them find nothing any more"),
    ] {
        if !names.is_empty() {
            all.push(Did {
                what: numbered(sign, names.len(), ["operation", "operations"]),
                place: listed(names),
                outcome: outcome.to_owned(),
            });
        }
    }
    if let Some(counts) = Counts::of(raw.0, raw.1) {
        let truth = truth.and_then(|(old, new)| Counts::of(old, new));
        let truth = truth.as_ref().map(Counts::lines);
        for (index, line) in counts.lines().into_iter().enumerate() {
            let true_line = truth.as_ref().map(|lines| &lines[index]);
            // Of what is kept, only the parts that it refers to can change.
            let line = match true_line {
                Some(true_line) if line.found.count() == 0 => true_line,
                _ => &line,
            };
            let count = line.found.count();
            if count == 0 {
                continue;
            }
            let left = true_line.map(|line| line.found.count());
            let mut what = line.text();
            if counts.lost_required > 0 && std::ptr::eq(line.found, &raw const counts.uncertain) {
                let answers = numbered("", counts.lost_required, ["answer", "answers"]);
                let _ = write!(what, " ({answers} lost `required`)");
            }
            all.push(Did {
                what,
                place: line.found.place(),
                outcome: outcome(line.kind, count, left),
            });
        }
    } else {
        all.push(Did {
            what: "the documents are too large to count fields".to_owned(),
            place: String::new(),
            outcome: "see the findings".to_owned(),
        });
    }
    if texts > 0 {
        all.push(Did {
            what: numbered("", texts, ["text or example", "texts and examples"]),
            place: String::new(),
            outcome: "documentation only".to_owned(),
        });
    }
    all
}

/// A few by name, many by the first steps of their paths.
fn listed(names: &[String]) -> String {
    if names.len() <= 2 {
        return names.join(", ");
    }
    let mut heads: BTreeMap<String, usize> = BTreeMap::new();
    for name in names {
        let path = name.split_once(' ').map_or(name.as_str(), |(_, path)| path);
        let steps = path
            .split('/')
            .take_while(|step| !step.starts_with('{'))
            .take(4);
        *heads
            .entry(steps.collect::<Vec<_>>().join("/"))
            .or_default() += 1;
    }
    let heads = heads
        .into_iter()
        .map(|(head, count)| format!("{count} below {head}"));
    heads.collect::<Vec<_>>().join(", ")
}

fn outcome(kind: Outcome, count: usize, left: Option<usize>) -> String {
    match (kind, left) {
        (_, None) => "unknown: a side cannot be generated".to_owned(),
        (Outcome::Loss, Some(0)) => "kept".to_owned(),
        (_, Some(0)) => "no change for callers".to_owned(),
        (Outcome::New, Some(_)) => "additions".to_owned(),
        (Outcome::Loss, Some(left)) if left < count => {
            format!("{} kept, {left} lost", count - left)
        }
        (Outcome::Loss, Some(_)) => "lost".to_owned(),
        (Outcome::Arrives, Some(left)) if left < count => {
            format!("{} corrected, {left} reach callers", count - left)
        }
        (Outcome::Arrives, Some(_)) => "reaches callers".to_owned(),
    }
}

/// A number and what it counts.
fn numbered(sign: &str, count: usize, [one, many]: [&str; 2]) -> String {
    format!("{sign}{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn document(answer: Value, parameters: Value) -> Value {
        json!({
            "paths": { "/x": { "get": {
                "parameters": parameters,
                "responses": { "200": { "content": { "application/json": { "schema": answer } } } },
            } } },
            "components": { "schemas": { "Pet": {
                "type": "object",
                "required": ["name"],
                "properties": { "name": { "type": "string" }, "mother": { "$ref": "#/components/schemas/Pet" } },
            } } },
        })
    }

    fn told(old: &Value, new: &Value) -> Vec<String> {
        let (old, new) = (Tally::of(old), Tally::of(new));
        let did = did((&old, &new), Some((&old, &new)), 0);
        did.into_iter()
            .map(|did| format!("{} | {}", did.what, did.place))
            .collect()
    }

    #[test]
    fn what_an_answer_no_longer_says_is_counted() {
        let old = document(json!({ "$ref": "#/components/schemas/Pet" }), json!([]));
        let new = document(
            json!({ "type": "object", "properties": { "name": { "type": "string" } } }),
            json!([{ "in": "query", "name": "page" }]),
        );
        assert_eq!(
            told(&old, &new),
            [
                "-1 field in answers | GET /x",
                "-1 reference from answers to a schema | GET /x",
                "-1 field that is certain to arrive (1 answer lost `required`) | GET /x",
                "+1 parameter or field of requests | GET /x",
            ]
        );
        assert!(told(&old, &old).is_empty());
    }

    #[test]
    fn what_is_kept_is_said_to_be() {
        let old = document(json!({ "type": "string", "enum": ["a", "b"] }), json!([]));
        let new = document(json!({ "type": "string", "enum": ["a"] }), json!([]));
        let (old, new) = (Tally::of(&old), Tally::of(&new));
        let lost = &did((&old, &new), Some((&old, &new)), 0)[0];
        assert_eq!(lost.outcome, "lost");
        let undone = &did((&old, &new), Some((&old, &old)), 0)[0];
        assert_eq!(undone.what, "-1 value in lists of answers");
        assert_eq!(undone.outcome, "kept");
        let unknown = &did((&old, &new), None, 0)[0];
        assert!(unknown.outcome.starts_with("unknown"), "{unknown:?}");
    }
}

//! What upstream did, in words and numbers: the two documents side by side, operation by operation.
//!
//! This counts what is described, not what it does to anybody. The same count of the documents as
//! our client sees them, with all corrections, shows how much of it arrives.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::spec::{elements, entries};

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

/// Methods that a path item may have.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Nodes that are visited in one document: beyond that, nobody counts paths.
const MOST: usize = 400_000;

/// What the operations of a document describe; `None` if it is too large to count.
pub(crate) struct Tally<'a> {
    operations: BTreeMap<String, &'a Value>,
    shapes: Option<BTreeMap<String, [Shape; 2]>>,
}

/// What an answer or a request says, by path.
#[derive(Debug, Default)]
struct Shape {
    fields: BTreeSet<String>,
    certain: BTreeSet<String>,
    lists: BTreeMap<String, BTreeSet<String>>,
    kinds: BTreeMap<String, BTreeSet<String>>,
    formats: BTreeSet<String>,
    references: BTreeMap<String, String>,
}

const ANSWER: usize = 0;
const REQUEST: usize = 1;

impl<'a> Tally<'a> {
    /// Reads a document.
    pub(crate) fn of(document: &'a Value) -> Self {
        let operations: BTreeMap<String, &Value> = entries(&document["paths"])
            .flat_map(|(path, item)| {
                let methods =
                    entries(item).filter(|(method, _)| METHODS.contains(&method.as_str()));
                methods.map(move |(method, operation)| {
                    (format!("{} {path}", method.to_uppercase()), operation)
                })
            })
            .collect();
        let mut walk = Walk {
            document,
            left: MOST,
        };
        let shapes = operations
            .iter()
            .map(|(name, operation)| {
                let shapes = [walk.answer(operation), walk.request(operation)];
                (walk.left > 0).then(|| (name.clone(), shapes))
            })
            .collect();
        Self { operations, shapes }
    }

    /// How many operations there are.
    pub(crate) fn count(&self) -> usize {
        self.operations.len()
    }
}

struct Walk<'a> {
    document: &'a Value,
    left: usize,
}

impl<'a> Walk<'a> {
    fn answer(&mut self, operation: &'a Value) -> Shape {
        let mut shape = Shape::default();
        for (status, response) in entries(&operation["responses"]) {
            if status.starts_with('2') {
                for (_, media) in entries(&self.target(response)["content"]) {
                    self.schema(&media["schema"], "", &mut shape, &mut Vec::new());
                }
            }
        }
        shape
    }

    fn request(&mut self, operation: &'a Value) -> Shape {
        let mut shape = Shape::default();
        for parameter in elements(&operation["parameters"]) {
            let parameter = self.target(parameter);
            let part = |key: &str| parameter[key].as_str().unwrap_or_default();
            let path = format!("{} {}", part("in"), part("name"));
            shape.fields.insert(path.clone());
            if parameter["required"] == true {
                shape.certain.insert(path.clone());
            }
            self.schema(&parameter["schema"], &path, &mut shape, &mut Vec::new());
        }
        let body = self.target(&operation["requestBody"]);
        for (_, media) in entries(&body["content"]) {
            self.schema(&media["schema"], "", &mut shape, &mut Vec::new());
        }
        shape
    }

    /// What a reference leads to; a chain that never ends leads nowhere.
    fn target(&self, node: &'a Value) -> &'a Value {
        let mut node = node;
        for _ in 0..64 {
            let Some(reference) = node["$ref"].as_str() else {
                return node;
            };
            let Some(next) = self.document.pointer(reference.trim_start_matches('#')) else {
                return &Value::Null;
            };
            node = next;
        }
        &Value::Null
    }

    /// `within` are the references that this schema is inside of: schemas may hold themselves.
    fn schema(
        &mut self,
        schema: &'a Value,
        path: &str,
        shape: &mut Shape,
        within: &mut Vec<&'a str>,
    ) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 || within.len() > 64 {
            return;
        }
        if let Some(reference) = schema["$ref"].as_str() {
            let component = reference.rsplit('/').next().unwrap_or(reference);
            shape
                .references
                .insert(path.to_owned(), component.to_owned());
            if !within.contains(&reference) {
                within.push(reference);
                let target = self.document.pointer(reference.trim_start_matches('#'));
                self.schema(target.unwrap_or(&Value::Null), path, shape, within);
                within.pop();
            }
            return;
        }
        for part in ["allOf", "anyOf", "oneOf"] {
            for schema in elements(&schema[part]) {
                self.schema(schema, path, shape, within);
            }
        }
        if let Some(values) = schema["enum"].as_array() {
            let values = values.iter().map(ToString::to_string);
            shape
                .lists
                .entry(path.to_owned())
                .or_default()
                .extend(values);
        }
        if let Some(kind) = schema["type"].as_str() {
            let kinds = shape.kinds.entry(path.to_owned()).or_default();
            kinds.insert(kind.to_owned());
        }
        if schema["format"].is_string() {
            shape.formats.insert(path.to_owned());
        }
        for name in elements(&schema["required"]).filter_map(Value::as_str) {
            shape.certain.insert(format!("{path}.{name}"));
        }
        for (name, property) in entries(&schema["properties"]) {
            let path = format!("{path}.{name}");
            shape.fields.insert(path.clone());
            self.schema(property, &path, shape, within);
        }
        self.schema_of_each(schema, "items", &format!("{path}[]"), shape, within);
        self.schema_of_each(
            schema,
            "additionalProperties",
            &format!("{path}{{}}"),
            shape,
            within,
        );
    }

    fn schema_of_each(
        &mut self,
        schema: &'a Value,
        key: &str,
        path: &str,
        shape: &mut Shape,
        within: &mut Vec<&'a str>,
    ) {
        if schema[key].is_object() {
            self.schema(&schema[key], path, shape, within);
        }
    }
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
        for (name, was) in old {
            if let Some(is) = new.get(name) {
                counts.answer(name, &was[ANSWER], &is[ANSWER]);
                counts.request(name, &was[REQUEST], &is[REQUEST]);
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
    fn lines(&self) -> [Line<'_>; 14] {
        use Outcome::{Arrives, Loss, New};
        let line = |found, sign, words, kind| Line {
            found,
            sign,
            words,
            kind,
        };
        let sent = [
            "parameter or field of requests",
            "parameters and fields of requests",
        ];
        [
            line(
                &self.fields_new,
                "+",
                ["field in answers", "fields in answers"],
                New,
            ),
            line(
                &self.fields_gone,
                "-",
                ["field in answers", "fields in answers"],
                Loss,
            ),
            line(
                &self.values_new,
                "+",
                ["value in lists of answers", "values in lists of answers"],
                New,
            ),
            line(
                &self.values_gone,
                "-",
                ["value in lists of answers", "values in lists of answers"],
                Loss,
            ),
            line(
                &self.lists_gone,
                "-",
                ["list of values in answers", "lists of values in answers"],
                Loss,
            ),
            line(
                &self.references_gone,
                "-",
                [
                    "reference from answers to a schema",
                    "references from answers to schemas",
                ],
                Loss,
            ),
            line(
                &self.uncertain,
                "-",
                [
                    "field that is certain to arrive",
                    "fields that are certain to arrive",
                ],
                Loss,
            ),
            line(
                &self.formats_gone,
                "-",
                ["format in answers", "formats in answers"],
                Loss,
            ),
            line(
                &self.types,
                "",
                [
                    "field of answers has another type",
                    "fields of answers have another type",
                ],
                Arrives,
            ),
            line(&self.sent_new, "+", sent, New),
            line(&self.sent_gone, "-", sent, Arrives),
            line(
                &self.sent_required,
                "",
                [
                    "parameter or field of requests became required",
                    "parameters and fields of requests became required",
                ],
                Arrives,
            ),
            line(
                &self.sent_values_gone,
                "-",
                [
                    "value that requests may carry",
                    "values that requests may carry",
                ],
                Arrives,
            ),
            line(
                &self.sent_types,
                "",
                [
                    "parameter or field of requests has another type",
                    "parameters and fields of requests have another type",
                ],
                Arrives,
            ),
        ]
    }
}

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
    let listed = |names: &[String]| match names {
        [] | [_] | [_, _] => names.join(", "),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
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
        let arrived = truth.and_then(|(old, new)| Counts::of(old, new));
        let arrived = arrived.as_ref().map(Counts::lines);
        for (index, line) in counts.lines().into_iter().enumerate() {
            let count = line.found.count();
            if count == 0 {
                continue;
            }
            let left = arrived.as_ref().map(|lines| lines[index].found.count());
            let mut what = line.text();
            if counts.lost_required > 0 && std::ptr::eq(line.found, &counts.uncertain) {
                let answers = numbered("", counts.lost_required, ["answer", "answers"]);
                what += &format!(" ({answers} lost `required`)");
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

fn outcome(kind: Outcome, count: usize, left: Option<usize>) -> String {
    match (kind, left) {
        (_, None) => "unknown: a side cannot be generated".to_owned(),
        (_, Some(0)) => "undone by what is kept beside the document".to_owned(),
        (Outcome::New, Some(_)) => "additions".to_owned(),
        (_, Some(left)) if left < count => format!("{} undone, {left} arrive", count - left),
        (Outcome::Loss, Some(_)) => "lost, see below".to_owned(),
        (Outcome::Arrives, Some(_)) => "see below".to_owned(),
    }
}

/// A number and what it counts.
fn numbered(sign: &str, count: usize, [one, many]: [&str; 2]) -> String {
    format!("{sign}{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
    fn what_is_corrected_is_said_to_be_undone() {
        let old = document(json!({ "type": "string", "enum": ["a", "b"] }), json!([]));
        let new = document(json!({ "type": "string", "enum": ["a"] }), json!([]));
        let (old, new) = (Tally::of(&old), Tally::of(&new));
        let lost = &did((&old, &new), Some((&old, &new)), 0)[0];
        assert_eq!(lost.outcome, "lost, see below");
        let undone = &did((&old, &new), Some((&old, &old)), 0)[0];
        assert_eq!(undone.what, "-1 value in lists of answers");
        assert!(undone.outcome.starts_with("undone"), "{undone:?}");
        let unknown = &did((&old, &new), None, 0)[0];
        assert!(unknown.outcome.starts_with("unknown"), "{unknown:?}");
    }
}

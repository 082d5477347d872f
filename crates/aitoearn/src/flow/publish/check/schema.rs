//! Options against the JSON Schema in the platform list.
//!
//! Of JSON Schema it knows what says something about plain values: types, fixed
//! values, lengths and ranges, elements, properties, and `anyOf`, `oneOf` and
//! `allOf`. Whatever else there is, formats and patterns included, is left to the
//! service. An option that the schema does not list is a problem: the service drops
//! it without a word, and the post goes out without what was asked for.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Finding, Report, counted, text::length};
use crate::IssueCode;

pub(super) fn check(schema: &Map<String, Value>, option: &Value, report: &mut Report<'_>) {
    let mut findings = Findings::of(schema, option, "option");
    findings.unlisted(schema, option);
    for (place, finding) in findings.0 {
        report.add(place, finding);
    }
}

/// What is wrong with a value, each with its place.
struct Findings(Vec<(String, Finding)>);

impl Findings {
    fn of(schema: &Map<String, Value>, value: &Value, place: &str) -> Self {
        let mut findings = Self(Vec::new());
        findings.look(schema, value, place);
        findings
    }

    fn add(&mut self, place: &str, code: IssueCode, limit: String, value: String) {
        let remedy = match code {
            IssueCode::Required => "Set it in `options`.",
            IssueCode::UnknownOption => {
                "Leave it out: the platform does not list it, and would be published to without it."
            }
            _ => "Change it in `options`.",
        };
        let finding = Finding {
            code,
            limit,
            value,
            remedy,
        };
        self.0.push((place.to_owned(), finding));
    }

    fn look(&mut self, schema: &Map<String, Value>, value: &Value, place: &str) {
        if let Some(types) = wrong_type(schema, value) {
            return self.add(place, IssueCode::InvalidOption, types, short(value));
        }
        if let Some(allowed) = wrong_value(schema, value) {
            return self.add(place, IssueCode::InvalidOption, allowed, short(value));
        }
        match value {
            Value::String(text) => self.range(
                schema,
                ["minLength", "maxLength"],
                length(text),
                "character",
                place,
            ),
            Value::Number(number) => self.number(schema, number.as_f64(), value, place),
            Value::Array(items) => {
                let count = items.len() as u64;
                self.range(schema, ["minItems", "maxItems"], count, "element", place);
                if let Some(Value::Object(each)) = schema.get("items") {
                    for (index, item) in items.iter().enumerate() {
                        self.look(each, item, &format!("{place}[{index}]"));
                    }
                }
            }
            Value::Object(object) => self.object(schema, object, place),
            Value::Null | Value::Bool(_) => {}
        }
        self.branches(schema, value, place);
    }

    fn range(
        &mut self,
        schema: &Map<String, Value>,
        [least, most]: [&str; 2],
        given: u64,
        what: &str,
        place: &str,
    ) {
        let bound = |name: &str| schema.get(name).and_then(Value::as_u64);
        if let Some(least) = bound(least).filter(|least| given < *least) {
            let limit = format!("at least {}", counted(least, what));
            self.add(place, IssueCode::TooSmall, limit, counted(given, what));
        }
        if let Some(most) = bound(most).filter(|most| given > *most) {
            let limit = format!("at most {}", counted(most, what));
            self.add(place, IssueCode::TooBig, limit, counted(given, what));
        }
    }

    fn number(
        &mut self,
        schema: &Map<String, Value>,
        given: Option<f64>,
        value: &Value,
        place: &str,
    ) {
        let Some(given) = given else { return };
        let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
        let (least, above) = (bound("minimum"), bound("exclusiveMinimum"));
        let (most, below) = (bound("maximum"), bound("exclusiveMaximum"));
        for (broken, words, code) in [
            (
                least.filter(|it| given < *it),
                "at least",
                IssueCode::TooSmall,
            ),
            (
                above.filter(|it| given <= *it),
                "more than",
                IssueCode::TooSmall,
            ),
            (most.filter(|it| given > *it), "at most", IssueCode::TooBig),
            (
                below.filter(|it| given >= *it),
                "less than",
                IssueCode::TooBig,
            ),
        ] {
            if let Some(bound) = broken {
                self.add(place, code, format!("{words} {bound}"), short(value));
            }
        }
    }

    fn object(&mut self, schema: &Map<String, Value>, object: &Map<String, Value>, place: &str) {
        let required = schema.get("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if !object.contains_key(name) {
                let place = format!("{place}.{name}");
                self.add(&place, IssueCode::Required, "a value".into(), "none".into());
            }
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            if let (Value::Object(property), Some(value)) = (property, object.get(name)) {
                self.look(property, value, &format!("{place}.{name}"));
            }
        }
    }

    /// Of alternatives, the one is told that was most likely meant: where the
    /// fewest fixed values are missed, then the fewest rules.
    fn branches(&mut self, schema: &Map<String, Value>, value: &Value, place: &str) {
        let under = |name: &str| {
            let list = schema.get(name).and_then(Value::as_array);
            let all = list.into_iter().flatten();
            // A branch of `true`, or of what is no schema, takes everything.
            all.map(|branch| match branch {
                Value::Object(branch) => Self::of(branch, value, place),
                _ => Self(Vec::new()),
            })
        };
        for alternatives in ["anyOf", "oneOf"] {
            let best = under(alternatives).min_by_key(|it| (it.misses(), it.0.len()));
            self.0.extend(best.into_iter().flat_map(|best| best.0));
        }
        self.0.extend(under("allOf").flat_map(|all| all.0));
    }

    /// Options that the platform does not list. One that lists none at all says nothing.
    fn unlisted(&mut self, schema: &Map<String, Value>, option: &Value) {
        let mut listed = BTreeSet::new();
        if !list_names(schema, &mut listed) || listed.is_empty() {
            return;
        }
        let given = option.as_object().into_iter().flatten();
        for (name, _) in given.filter(|(name, _)| !listed.contains(name.as_str())) {
            let known: Vec<&str> = listed.iter().copied().collect();
            let limit = format!("one of {}", known.join(", "));
            let place = format!("option.{name}");
            self.add(
                &place,
                IssueCode::UnknownOption,
                limit,
                "another option".into(),
            );
        }
    }

    fn misses(&self) -> usize {
        let misses = |(_, finding): &&(String, Finding)| finding.code == IssueCode::InvalidOption;
        self.0.iter().filter(misses).count()
    }
}

/// Adds the names that a schema lists for an object, its alternatives included. `false` if it
/// takes others, too.
fn list_names<'a>(schema: &'a Map<String, Value>, names: &mut BTreeSet<&'a str>) -> bool {
    let properties = schema.get("properties").and_then(Value::as_object);
    names.extend(
        properties
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str()),
    );
    let is_closed = matches!(
        schema.get("additionalProperties"),
        None | Some(Value::Bool(false))
    ) && !schema.contains_key("patternProperties");
    let mut branches = ["anyOf", "oneOf", "allOf"].into_iter().flat_map(|name| {
        let list = schema.get(name).and_then(Value::as_array);
        list.into_iter().flatten()
    });
    // Of schemas by reference, and of what is no schema, nobody knows.
    !schema.contains_key("$ref")
        && is_closed
        && branches.all(|branch| branch.as_object().is_some_and(|it| list_names(it, names)))
}

/// The types that are wanted, if the value has none of them.
fn wrong_type(schema: &Map<String, Value>, value: &Value) -> Option<String> {
    let names: Vec<&str> = match schema.get("type")? {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let is = |name: &&str| match *name {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        // A type of the future may be any.
        _ => true,
    };
    let is_nullable = value.is_null() && schema.get("nullable") == Some(&Value::Bool(true));
    if names.is_empty() || is_nullable || names.iter().any(is) {
        return None;
    }
    Some(names.join(" or "))
}

/// The values that are wanted, if it is none of them.
fn wrong_value(schema: &Map<String, Value>, value: &Value) -> Option<String> {
    let allowed = match (schema.get("enum"), schema.get("const")) {
        (Some(Value::Array(allowed)), _) => allowed.as_slice(),
        (_, Some(only)) => std::slice::from_ref(only),
        _ => return None,
    };
    let same = |it: &Value| it == value || it.as_f64().is_some() && it.as_f64() == value.as_f64();
    if allowed.iter().any(same) {
        return None;
    }
    Some(allowed.iter().map(short).collect::<Vec<_>>().join(" or "))
}

/// A value in JSON, shortened.
fn short(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(schema: &Value, value: &Value) -> Vec<String> {
        let schema = schema.as_object().expect("an object");
        let found = Findings::of(schema, value, "option").0.into_iter();
        let mut found: Vec<_> = found
            .map(|(place, it)| format!("{place}: {}: {}, not {}", it.code, it.limit, it.value))
            .collect();
        // The order is that of serde_json's objects, which a feature of it changes.
        found.sort();
        found
    }

    #[test]
    fn all_that_is_wrong_with_its_place() {
        let schema = json!({
            "type": "object",
            "required": ["board", "poll"],
            "properties": {
                "board": { "type": "string", "minLength": 1 },
                "author": { "type": ["string", "null"], "maxLength": 2 },
                "level": { "enum": ["all", "self"] },
                "copy": { "const": 1 },
                "tid": { "type": "integer", "exclusiveMinimum": 0, "maximum": 9 },
                "poll": { "type": "object", "required": ["options"] },
                "tags": { "type": "array", "maxItems": 1, "items": { "type": "string" } },
            },
        });
        let value = json!({
            "author": "😀a", "level": "none", "copy": 2.0, "tid": 0, "tags": ["a", 7], "other": null,
            "poll": {},
        });
        assert_eq!(
            found(&schema, &value),
            [
                "option.author: too_big: at most 2 characters, not 3 characters",
                "option.board: required: a value, not none",
                "option.copy: invalid_option: 1, not 2.0",
                "option.level: invalid_option: \"all\" or \"self\", not \"none\"",
                "option.poll.options: required: a value, not none",
                "option.tags: too_big: at most 1 element, not 2 elements",
                "option.tags[1]: invalid_option: string, not 7",
                "option.tid: too_small: more than 0, not 0",
            ]
        );
        let fine = json!({
            "board": "b", "author": null, "level": "self", "copy": 1.0, "tid": 9.0,
            "poll": { "options": 1 },
        });
        assert_eq!(found(&schema, &fine), [""; 0]);
    }

    #[test]
    fn the_likeliest_alternative_is_told() {
        let repost =
            json!({ "properties": { "copy": { "enum": [2] }, "source": { "minLength": 1 } } });
        let own = json!({ "properties": { "copy": { "enum": [1] } } });
        let schema = json!({ "anyOf": [own, repost] });
        assert_eq!(
            found(&schema, &json!({ "copy": 2, "source": "" })),
            ["option.source: too_small: at least 1 character, not 0 characters"]
        );
        assert_eq!(found(&schema, &json!({ "copy": 1, "source": "" })), [""; 0]);
    }

    #[test]
    fn an_option_that_is_not_listed_is_named() {
        let unlisted = |schema: &Value, value: &Value| {
            let mut findings = Findings(Vec::new());
            findings.unlisted(schema.as_object().expect("an object"), value);
            findings
                .0
                .into_iter()
                .map(|(place, _)| place)
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
        };
        let own = json!({ "properties": { "copy": {}, "tid": {} } });
        let repost = json!({ "properties": { "source": {} } });
        let both = json!({ "type": "object", "anyOf": [own, repost] });
        let value = json!({ "copy": 1, "source": "x", "mystery": true });
        assert_eq!(unlisted(&own, &value), ["option.mystery", "option.source"]);
        assert_eq!(unlisted(&both, &value), ["option.mystery"]);
        for open in [
            json!({}),
            json!({ "properties": {} }),
            json!({ "properties": { "a": {} }, "additionalProperties": true }),
            json!({ "properties": { "a": {} }, "additionalProperties": { "type": "string" } }),
            json!({ "properties": { "a": {} }, "patternProperties": { "^x": {} } }),
            json!({ "anyOf": [{ "properties": { "a": {} } }, true] }),
            json!({ "properties": { "a": {} }, "$ref": "#/b" }),
        ] {
            assert_eq!(unlisted(&open, &value), [""; 0], "{open}");
        }
    }

    #[test]
    fn what_is_not_understood_passes() {
        for schema in [
            json!({}),
            json!({ "type": "money", "pattern": "^x$", "format": "uri", "$ref": "#/a" }),
            json!({ "type": 7, "enum": "a", "required": {}, "properties": [], "items": false }),
            json!({ "minimum": "a", "maxLength": -1, "anyOf": {}, "allOf": [true, 7] }),
            json!({ "anyOf": [], "not": {}, "additionalProperties": false }),
            json!({ "properties": { "a": true, "b": false } }),
        ] {
            for value in [
                json!({ "a": 1 }),
                json!("abc"),
                json!(1.5),
                json!([1]),
                json!(null),
            ] {
                assert_eq!(found(&schema, &value), [""; 0], "{schema} {value}");
            }
        }
    }

    #[test]
    fn long_values_are_shortened() {
        let found = found(&json!({ "type": "number" }), &json!("长".repeat(100)));
        assert!(
            found[0].ends_with('…') && found[0].chars().count() < 110,
            "{found:?}"
        );
    }
}

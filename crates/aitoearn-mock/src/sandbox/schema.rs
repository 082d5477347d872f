//! The checks that the service's schemas come down to.
//!
//! Schemas are JSON Schema as far as the service's own use of it goes: types,
//! required properties, closed enums, lengths and ranges. Unknown properties
//! pass, as they do there; `null` for an optional value does not.

use std::fmt;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde_json::{Map, Value};

use super::envelope::Refusal;

/// The request bodies, by name.
static REQUESTS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/request_schemas.json")).unwrap_or_default()
});

/// Checks a body against the schema of that name; the refusal notes the field and why.
pub(crate) fn check(name: &str, body: &Value) -> Result<(), Refusal> {
    match REQUESTS.get(name) {
        Some(schema) => check_value(schema, body, "body"),
        // A name without a schema is a slip of ours; refusing shows it at once.
        None => Err(Refusal::invalid(format!(
            "the sandbox has no schema `{name}`"
        ))),
    }
}

/// Checks a value that the request has at `place`.
pub(crate) fn check_value(schema: &Value, value: &Value, place: &str) -> Result<(), Refusal> {
    walk(schema, value, Place::Root(place)).map_err(|misfit| Refusal::invalid(misfit.to_string()))
}

/// Where a value is in a request.
#[derive(Debug, Clone, Copy)]
enum Place<'a> {
    Root(&'a str),
    Field(&'a Place<'a>, &'a str),
    Item(&'a Place<'a>, usize),
}

impl Place<'_> {
    fn depth(self) -> usize {
        match self {
            Place::Root(_) => 0,
            Place::Field(parent, _) | Place::Item(parent, _) => 1 + parent.depth(),
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Root(name) => f.write_str(name),
            Place::Field(parent, name) => write!(f, "{parent}.{name}"),
            Place::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// The first part of a value that does not fit.
#[derive(Debug)]
struct Misfit {
    place: String,
    depth: usize,
    why: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.place, self.why)
    }
}

type Fit = Result<(), Misfit>;

fn misfit(place: Place<'_>, why: impl Into<String>) -> Fit {
    Err(Misfit {
        place: place.to_string(),
        depth: place.depth(),
        why: why.into(),
    })
}

fn walk(schema: &Value, value: &Value, place: Place<'_>) -> Fit {
    if value.is_null() {
        if schema["nullable"] == true || schema.as_object().is_none_or(Map::is_empty) {
            return Ok(());
        }
        return misfit(place, "is null, and may only be left out");
    }
    if let Some(branches) = schema["anyOf"].as_array() {
        return walk_branches(branches, value, place);
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.iter().any(|a| same(a, value))
    {
        let list: Vec<String> = allowed.iter().map(Value::to_string).collect();
        return misfit(
            place,
            format!("is {}, and not one of {}", short(value), list.join(", ")),
        );
    }
    match (schema["type"].as_str(), value) {
        (Some("string"), Value::String(text)) => walk_text(schema, text, place),
        (Some("number"), Value::Number(number)) => walk_number(schema, number.as_f64(), place),
        (Some("integer"), Value::Number(number)) => match number.as_f64() {
            Some(whole) if whole.fract() == 0.0 => walk_number(schema, Some(whole), place),
            _ => misfit(place, format!("is {number}, and not a whole number")),
        },
        (Some("array"), Value::Array(list)) => {
            count(
                schema,
                ["minItems", "maxItems"],
                list.len(),
                "elements",
                place,
            )?;
            let items = &schema["items"];
            let mut all = list.iter().enumerate();
            // Without a schema for elements, any will do.
            all.try_for_each(|(n, item)| match items {
                Value::Null => Ok(()),
                _ => walk(items, item, Place::Item(&place, n)),
            })
        }
        (Some("object"), Value::Object(object)) => walk_object(schema, object, place),
        (Some("boolean"), Value::Bool(_)) => Ok(()),
        (Some(wanted @ ("string" | "number" | "integer" | "array" | "object" | "boolean")), _) => {
            misfit(
                place,
                format!("is {}, and not of type {wanted}", short(value)),
            )
        }
        _ => Ok(()),
    }
}

/// Of several misfits, the one that got farthest is most likely about what was meant.
fn walk_branches(branches: &[Value], value: &Value, place: Place<'_>) -> Fit {
    let mut farthest = None;
    for branch in branches {
        match walk(branch, value, place) {
            Ok(()) => return Ok(()),
            Err(found)
                if farthest
                    .as_ref()
                    .is_none_or(|known: &Misfit| known.depth < found.depth) =>
            {
                farthest = Some(found);
            }
            Err(_) => {}
        }
    }
    farthest.map_or_else(|| misfit(place, "fits no alternative"), Err)
}

/// A value for people: what it is, and at most some of its text.
fn short(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) if text.chars().count() > 40 => {
            let start: String = text.chars().take(40).collect();
            format!("{}...", Value::from(start))
        }
        _ => value.to_string(),
    }
}

/// Numbers are the same number whether written 1 or 1.0.
fn same(a: &Value, b: &Value) -> bool {
    a == b || a.as_f64().is_some() && a.as_f64() == b.as_f64()
}

fn walk_object(schema: &Value, object: &Map<String, Value>, place: Place<'_>) -> Fit {
    let required = schema["required"].as_array().into_iter().flatten();
    for name in required.filter_map(Value::as_str) {
        if !object.contains_key(name) {
            return misfit(Place::Field(&place, name), "is missing");
        }
    }
    let mut properties = schema["properties"].as_object().into_iter().flatten();
    properties.try_for_each(|(name, schema)| match object.get(name) {
        Some(value) => walk(schema, value, Place::Field(&place, name)),
        None => Ok(()),
    })
}

fn walk_text(schema: &Value, text: &str, place: Place<'_>) -> Fit {
    // JavaScript counts UTF-16 units.
    let length = text.encode_utf16().count();
    count(
        schema,
        ["minLength", "maxLength"],
        length,
        "characters",
        place,
    )?;
    let (fits, wanted) = match schema["format"].as_str() {
        Some("uri") => (is_absolute_url(text), "an absolute http or https address"),
        Some("media") => (
            is_media_url(text),
            "an address that a platform could fetch: http or https, and a real domain",
        ),
        Some("date-time") => (moment(text).is_some(), "a moment, as 2026-05-18T09:30:00Z"),
        _ => (true, ""),
    };
    if fits {
        return Ok(());
    }
    misfit(
        place,
        format!("is {}, and not {wanted}", short(&text.into())),
    )
}

fn count(
    schema: &Value,
    [least, most]: [&str; 2],
    count: usize,
    of: &str,
    place: Place<'_>,
) -> Fit {
    let count = count as u64;
    if let Some(least) = schema[least].as_u64().filter(|least| count < *least) {
        return misfit(
            place,
            format!("has {count} {of}, and needs at least {least}"),
        );
    }
    match schema[most].as_u64().filter(|most| count > *most) {
        Some(most) => misfit(place, format!("has {count} {of}, and may have {most}")),
        None => Ok(()),
    }
}

fn walk_number(schema: &Value, number: Option<f64>, place: Place<'_>) -> Fit {
    let number = number.unwrap_or(f64::NAN);
    let bound = |name: &str| schema[name].as_f64();
    if let Some(least) = bound("minimum").filter(|least| number < *least) {
        return misfit(place, format!("is {number}, and not at least {least}"));
    }
    if let Some(below) = bound("exclusiveMinimum").filter(|below| number <= *below) {
        return misfit(place, format!("is {number}, and not more than {below}"));
    }
    match bound("maximum").filter(|most| number > *most) {
        Some(most) => misfit(place, format!("is {number}, and not at most {most}")),
        None => Ok(()),
    }
}

/// An absolute http(s) address.
pub(crate) fn is_absolute_url(text: &str) -> bool {
    host(text).is_some_and(|host| !host.is_empty())
}

/// An address that a platform could fetch: http(s) and a real domain.
/// `localhost`, bare names and bare addresses are refused.
fn is_media_url(text: &str) -> bool {
    let host = host(text).unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
    host.rsplit_once('.').is_some_and(|(name, top)| {
        !name.is_empty() && top.chars().count() >= 2 && top.chars().all(char::is_alphabetic)
    })
}

fn host(url: &str) -> Option<&str> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    if rest.contains(char::is_whitespace) {
        return None;
    }
    rest.split(['/', '?', '#']).next()
}

/// A moment in any of the usual spellings; one without a zone is read in the
/// server's, which is UTC here.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let zoneless = text
        .parse::<DateTime>()
        .or_else(|_| text.parse::<Date>().map(DateTime::from))
        .ok()?;
    zoneless
        .to_zoned(jiff::tz::TimeZone::UTC)
        .ok()
        .map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn accepts(schema: &Value, value: &Value) -> bool {
        check_value(schema, value, "it").is_ok()
    }

    #[test]
    fn bodies_are_checked_like_the_service_checks_them() {
        let body = |extra: Value| {
            let mut body = json!({ "model": "m", "prompt": "p" });
            for (key, value) in extra.as_object().into_iter().flatten() {
                body[key] = value.clone();
            }
            check("video_generate", &body).is_ok()
        };
        assert!(body(json!({})));
        assert!(body(
            json!({ "unknown": 1, "duration": 5.0, "images": ["x"] })
        ));
        assert!(!body(json!({ "prompt": "" })));
        assert!(!body(json!({ "prompt": "p".repeat(4001) })));
        assert!(!body(json!({ "resolution": "4k" })));
        assert!(!body(json!({ "resolution": null })));
        assert!(!body(json!({ "images": "x" })));
        assert!(!body(json!({ "duration": "5" })));
        assert!(check("no_such_schema", &json!({})).is_err());
    }

    #[test]
    fn a_refusal_notes_the_field_and_why() {
        let why = |schema: Value, value: Value| {
            let refusal = check_value(&schema, &value, "body").expect_err("a misfit");
            assert_eq!(
                refusal.message.as_deref(),
                Some("Bad request"),
                "the answer names nothing"
            );
            refusal.note.map(String::from).unwrap_or_default()
        };
        let town = json!({ "type": "object", "required": ["name"], "properties": {
            "name": { "type": "string", "minLength": 2 },
            "wells": { "type": "array", "maxItems": 2, "items": { "type": "object", "properties": {
                "depth": { "type": "number", "maximum": 80 }, "kind": { "enum": ["dug", "bored"] } } } },
            "site": { "type": "string", "format": "uri" },
        } });
        for (value, note) in [
            (json!({}), "body.name is missing"),
            (
                json!({ "name": null }),
                "body.name is null, and may only be left out",
            ),
            (
                json!({ "name": 7 }),
                "body.name is 7, and not of type string",
            ),
            (
                json!({ "name": "x" }),
                "body.name has 1 characters, and needs at least 2",
            ),
            (
                json!({ "name": "Ulm", "wells": {} }),
                "body.wells is an object, and not of type array",
            ),
            (
                json!({ "name": "Ulm", "wells": [1, 2, 3] }),
                "body.wells has 3 elements, and may have 2",
            ),
            (
                json!({ "name": "Ulm", "wells": [{}, { "depth": 81 }] }),
                "body.wells[1].depth is 81, and not at most 80",
            ),
            (
                json!({ "name": "Ulm", "wells": [{ "kind": "wet" }] }),
                "body.wells[0].kind is \"wet\", and not one of \"dug\", \"bored\"",
            ),
            (
                json!({ "name": "Ulm", "site": "ulm" }),
                "body.site is \"ulm\", and not an absolute http or https address",
            ),
        ] {
            assert_eq!(why(town.clone(), value), note);
        }
        let either = json!({ "anyOf": [{ "type": "string" }, town] });
        assert_eq!(
            why(either, json!({ "name": "" })),
            "body.name has 0 characters, and needs at least 2"
        );
        let long = why(json!({ "type": "number" }), json!("x".repeat(60)));
        assert!(
            long.contains(&format!("\"{}\"...", "x".repeat(40))),
            "{long}"
        );
    }

    #[test]
    fn branches_and_bounds() {
        let schema = json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] });
        assert!(
            accepts(&schema, &json!("x"))
                && accepts(&schema, &json!(["x"]))
                && !accepts(&schema, &json!(1))
        );
        let schema = json!({ "type": "integer", "exclusiveMinimum": 0, "maximum": 9 });
        assert!(accepts(&schema, &json!(1)) && accepts(&schema, &json!(9.0)));
        assert!(
            !accepts(&schema, &json!(0))
                && !accepts(&schema, &json!(10))
                && !accepts(&schema, &json!(1.5))
        );
        assert!(accepts(&json!({}), &json!(null)));
    }

    #[test]
    fn media_wants_a_real_domain() {
        for good in [
            "https://cdn.example.com/a.mp4",
            "http://bücher.example/ä.png",
            "https://a.example:8443/x",
        ] {
            assert!(is_media_url(good), "{good}");
        }
        for bad in [
            "ftp://a.example/x",
            "http://localhost/x",
            "http://127.0.0.1/x",
            "https://host/x",
            "x.mp4",
        ] {
            assert!(!is_media_url(bad), "{bad}");
        }
    }

    #[test]
    fn moments_in_several_spellings() {
        let want = moment("2026-05-18T09:30:00.000Z");
        assert!(want.is_some());
        for same in [
            "2026-05-18T11:30:00+02:00",
            "2026-05-18T09:30:00",
            "2026-05-18 09:30:00",
        ] {
            assert_eq!(moment(same), want, "{same}");
        }
        assert!(moment("2026-05-18").is_some());
        assert_eq!(moment("1772099056662"), None);
        assert_eq!(moment("tomorrow"), None);
    }
}

//! The checks that the service's schemas come down to.
//!
//! Schemas are JSON Schema as far as the service's own use of it goes: types,
//! required properties, closed enums, lengths and ranges. Unknown properties
//! pass, as they do there; `null` for an optional value does not.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde_json::{Map, Value};

use super::envelope::Refusal;

/// The request bodies, by name.
static REQUESTS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/request_schemas.json")).unwrap_or_default()
});

/// Checks a body against the schema of that name.
pub(crate) fn check(name: &str, body: &Value) -> Result<(), Refusal> {
    match REQUESTS.get(name) {
        Some(schema) if accepts(schema, body) => Ok(()),
        // A name without a schema is a slip of ours; refusing shows it at once.
        _ => Err(Refusal::invalid()),
    }
}

/// Whether a value fits a schema.
pub(crate) fn accepts(schema: &Value, value: &Value) -> bool {
    if value.is_null() {
        return schema["nullable"] == true || schema.as_object().is_none_or(Map::is_empty);
    }
    if let Some(branches) = schema["anyOf"].as_array() {
        return branches.iter().any(|branch| accepts(branch, value));
    }
    if schema["enum"]
        .as_array()
        .is_some_and(|allowed| !allowed.iter().any(|a| same(a, value)))
    {
        return false;
    }
    match schema["type"].as_str() {
        Some("string") => value
            .as_str()
            .is_some_and(|text| accepts_text(schema, text)),
        Some("number") => value
            .as_f64()
            .is_some_and(|number| in_range(schema, number)),
        Some("integer") => value
            .as_f64()
            .is_some_and(|number| number.fract() == 0.0 && in_range(schema, number)),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.as_array().is_some_and(|list| {
            within(schema, "minItems", "maxItems", list.len())
                && schema
                    .get("items")
                    .is_none_or(|items| list.iter().all(|item| accepts(items, item)))
        }),
        Some("object") => value
            .as_object()
            .is_some_and(|object| accepts_object(schema, object)),
        _ => true,
    }
}

/// Numbers are the same number whether written 1 or 1.0.
fn same(a: &Value, b: &Value) -> bool {
    a == b || a.as_f64().is_some() && a.as_f64() == b.as_f64()
}

fn accepts_object(schema: &Value, object: &Map<String, Value>) -> bool {
    let required = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let properties = schema["properties"].as_object().into_iter().flatten();
    required.into_iter().all(|name| object.contains_key(name))
        && properties
            .into_iter()
            .all(|(name, schema)| object.get(name).is_none_or(|value| accepts(schema, value)))
}

fn accepts_text(schema: &Value, text: &str) -> bool {
    // JavaScript counts UTF-16 units.
    within(
        schema,
        "minLength",
        "maxLength",
        text.encode_utf16().count(),
    ) && match schema["format"].as_str() {
        Some("uri") => is_absolute_url(text),
        Some("media") => is_media_url(text),
        Some("date-time") => moment(text).is_some(),
        _ => true,
    }
}

fn within(schema: &Value, least: &str, most: &str, count: usize) -> bool {
    let count = count as u64;
    schema[least].as_u64().is_none_or(|least| count >= least)
        && schema[most].as_u64().is_none_or(|most| count <= most)
}

fn in_range(schema: &Value, number: f64) -> bool {
    schema["minimum"]
        .as_f64()
        .is_none_or(|least| number >= least)
        && schema["exclusiveMinimum"]
            .as_f64()
            .is_none_or(|bound| number > bound)
        && schema["maximum"].as_f64().is_none_or(|most| number <= most)
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

//! `media`: one media type for each body and each answer, JSON where there is a choice.
//!
//! progenitor knows four of them by their exact names. What is JSON by any name becomes
//! `application/json` here, and the name that is sent stays beside it: `x-accept` for
//! answers, `x-send` for bodies.

use serde_json::{Map, Value, json};

use super::Context;
use crate::problem::Result;
use crate::spec::{Spec, elements, entries};

/// Which of the media types of an answer its method reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Read {
    /// Typed, from JSON that has this media type on the wire.
    Json(String),
    /// A text.
    Text,
    /// Bytes; the caller decides by the content type that came.
    Bytes,
}

/// A media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether a body of this media type is JSON; `*/*` is, for whoever can only read JSON.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    matches!(
        essence.as_str(),
        "application/json" | "text/json" | "application/*" | "*/*"
    ) || essence.ends_with("+json")
}

fn is_wild(media_type: &str) -> bool {
    essence(media_type).contains('*')
}

/// Whether a media type can be sent; one that cannot is sent as what it comes down to.
fn is_header(media_type: &str) -> bool {
    media_type.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn is_stream(media_type: &str) -> bool {
    let essence = essence(media_type);
    matches!(
        essence.as_str(),
        "text/event-stream" | "application/x-ndjson" | "application/jsonl"
    ) || essence.ends_with("+json-seq")
        || essence == "application/json-seq"
}

/// Whether a schema is of bytes, which JSON cannot hold.
pub(super) fn is_bytes(spec: &Spec, schema: &Value) -> bool {
    let schema = spec.resolve(schema);
    schema["type"] == "string" && schema["format"] == "binary"
}

/// The JSON of a content by the name that says it best: the plain one, then one of its own, then
/// one that stands for all.
fn json_of<'a>(spec: &Spec, content: &'a Value) -> Option<(&'a str, &'a Value)> {
    let rank = |media_type: &str| match essence(media_type).as_str() {
        "application/json" => 0,
        _ if is_wild(media_type) => 2,
        _ => 1,
    };
    entries(content)
        .filter(|(name, value)| is_json(name) && !is_bytes(spec, &value["schema"]))
        // A text by any media type is more likely a text than JSON.
        .filter(|(name, value)| {
            !is_wild(name) || spec.resolve(&value["schema"])["type"] != "string"
        })
        .min_by_key(|(name, _)| rank(name))
        .map(|(name, value)| (name.as_str(), value))
}

/// How an answer with this content is read, and the content that says so to progenitor.
pub(crate) fn read(spec: &Spec, content: &Value) -> (Read, Value) {
    let has_stream = entries(content).any(|(name, _)| is_stream(name));
    if let Some((name, value)) = json_of(spec, content)
        && !has_stream
    {
        let wire = if is_wild(name) || !is_header(name) {
            "application/json".to_owned()
        } else {
            name.trim().to_owned()
        };
        return (Read::Json(wire), json!({ "application/json": value }));
    }
    let is_text = |name: &str| essence(name) == "text/plain";
    if !has_stream && entries(content).any(|(name, _)| is_text(name)) {
        let schema = json!({ "schema": { "type": "string" } });
        return (Read::Text, json!({ "application/json": schema }));
    }
    (Read::Bytes, content.clone())
}

/// Which media type of a body its method sends.
pub(crate) fn bodies(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "media",
        "Bodies that have another media type than the generator’s four, or several.",
    );
    let before = spec.clone();
    let report = &mut *context.report;
    spec.for_each_operation(|pointer, operation| {
        let Some(body) = operation.get_mut("requestBody") else {
            return Ok(());
        };
        let is_optional = body["required"] != true;
        let declared = body["content"].clone();
        let Some((name, media)) = sent(&before, &declared) else {
            return Ok(());
        };
        let others: Vec<String> = entries(&declared)
            .filter(|(other, _)| *other != name)
            .map(|(other, _)| format!("`{other}`"))
            .collect();
        let mut send = Map::new();
        let plain = essence(name);
        let is_progenitors = matches!(
            plain.as_str(),
            "application/json"
                | "application/x-www-form-urlencoded"
                | "multipart/form-data"
                | "text/plain"
                | "application/octet-stream"
        );
        let lowered = if is_progenitors {
            plain.as_str()
        } else if is_json(name) && !is_bytes(&before, &media["schema"]) {
            "application/json"
        } else {
            "application/octet-stream"
        };
        if !is_progenitors && !is_wild(name) && is_header(name) {
            send.insert("type".to_owned(), name.trim().into());
        }
        if !others.is_empty() {
            report.line(format!(
                "`{pointer}` sends `{name}`; it could be {} as well",
                others.join(" or ")
            ));
        } else if send.contains_key("type") || lowered != plain {
            report.line(format!("`{pointer}` sends `{name}`"));
        }
        let is_raw = matches!(lowered, "application/octet-stream" | "text/plain");
        if is_optional && is_raw {
            report.line(format!(
                "`{pointer}` can do without a body; its method sends one, which may be empty"
            ));
        } else if is_optional {
            send.insert("optional".to_owned(), true.into());
            report.line(format!("`{pointer}` can do without a body"));
        }
        body["content"] = json!({ lowered: media });
        if !send.is_empty() {
            operation.insert("x-send".to_owned(), send.into());
        }
        Ok(())
    })
}

/// The media type to send: JSON, else a form, else a text, else what comes first. A file is no JSON.
fn sent<'a>(spec: &Spec, content: &'a Value) -> Option<(&'a str, &'a Value)> {
    let of = |wanted: &str| {
        entries(content)
            .find(|(name, _)| essence(name) == wanted)
            .map(|(name, value)| (name.as_str(), value))
    };
    let holds_file = |value: &Value| {
        let schema = spec.resolve(&value["schema"]);
        entries(&schema["properties"]).any(|(_, property)| {
            is_bytes(spec, property) || is_bytes(spec, &spec.resolve(property)["items"])
        })
    };
    let multipart = of("multipart/form-data");
    let file = multipart.filter(|(_, value)| holds_file(value));
    file.or_else(|| json_of(spec, content))
        .or_else(|| of("application/x-www-form-urlencoded"))
        .or(multipart)
        .or_else(|| of("text/plain"))
        .or_else(|| {
            entries(content)
                .next()
                .map(|(name, value)| (name.as_str(), value))
        })
}

/// The media types of a content, in words.
pub(crate) fn list(content: &Value) -> String {
    let names = entries(content).map(|(name, _)| format!("`{name}`"));
    names.collect::<Vec<_>>().join(" or ")
}

/// Whether all of these are alike, as far as an answer goes.
pub(crate) fn all_alike(contents: &[&Value]) -> bool {
    let kind = |content: &Value| {
        let all: Vec<(&String, &Value)> = entries(content)
            .map(|(name, value)| (name, &value["schema"]))
            .collect();
        format!("{all:?}")
    };
    contents
        .windows(2)
        .all(|pair| kind(pair[0]) == kind(pair[1]))
}

/// The texts of a list.
pub(crate) fn texts(list: &Value) -> Vec<String> {
    elements(list)
        .filter_map(Value::as_str)
        .map(ToOwned::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_says, run as run_pass, taking};

    fn is_read(content: Value) -> Read {
        read(&Spec::of(json!({})), &content).0
    }

    #[test]
    fn json_by_any_name_is_typed_and_asked_for_by_it() {
        let json = |name: &str| Read::Json(name.to_owned());
        for (content, how) in [
            (
                json!({ "application/json; charset=utf-8": {} }),
                json("application/json; charset=utf-8"),
            ),
            (
                json!({ "application/problem+json": {} }),
                json("application/problem+json"),
            ),
            (
                json!({ "*/*": { "schema": { "type": "object" } } }),
                json("application/json"),
            ),
            (
                json!({ "text/xml": {}, "application/hal+json": {}, "application/json": {} }),
                json("application/json"),
            ),
            (
                json!({ "application/ß+json": {} }),
                json("application/json"),
            ),
            (json!({ "text/plain": {} }), Read::Text),
            (
                json!({ "*/*": { "schema": { "type": "string" } } }),
                Read::Bytes,
            ),
            (
                json!({ "application/json": {}, "text/event-stream": {} }),
                Read::Bytes,
            ),
            (json!({ "image/png": {} }), Read::Bytes),
            (
                json!({ "application/json": { "schema": { "type": "string", "format": "binary" } } }),
                Read::Bytes,
            ),
        ] {
            assert_eq!(is_read(content.clone()), how, "{content}");
        }
    }

    fn sends(content: Value, required: bool) -> (Value, Value, String) {
        let mut spec = taking(json!([]), Some(content));
        spec.doc["paths"]["/x"]["post"]["requestBody"]["required"] = required.into();
        let report = run_pass(&mut spec, "", bodies).unwrap();
        let operation = &spec.doc["paths"]["/x"]["post"];
        let content = operation["requestBody"]["content"].clone();
        (content, operation["x-send"].clone(), report)
    }

    #[test]
    fn one_body_is_sent_under_its_own_name() {
        let schema = json!({ "schema": { "type": "object" } });
        let (content, send, report) = sends(
            json!({ "application/xml": {}, "application/merge-patch+json": schema }),
            true,
        );
        assert_eq!(content, json!({ "application/json": schema }));
        assert_eq!(send, json!({ "type": "application/merge-patch+json" }));
        assert_says(&report, &["it could be `application/xml` as well"]);
        let (content, send, _) = sends(json!({ "image/webp": schema }), true);
        assert!(content.get("application/octet-stream").is_some());
        assert_eq!(send["type"], "image/webp");
        let file = json!({ "schema": { "properties": { "f": { "type": "string", "format": "binary" } } } });
        let (content, _, _) = sends(
            json!({ "application/json": file, "multipart/form-data": file }),
            true,
        );
        assert!(
            content.get("multipart/form-data").is_some(),
            "a file is no JSON"
        );
    }

    #[test]
    fn a_body_may_be_left_out_unless_it_is_required() {
        let json = json!({ "application/json": { "schema": {} } });
        assert_eq!(sends(json.clone(), true).1, Value::Null);
        assert_eq!(sends(json, false).1, json!({ "optional": true }));
    }
}

//! `forms`: how the members of a form are sent, URL-encoded or in parts.
//!
//! progenitor writes plain members of one of the two kinds. For the rest `x-send` says what the
//! printer and the runtime have to know: `form` is the members that are not written as they are by
//! default, `parts` the files, which are arguments of their own because they may be streams.

use serde_json::{Map, Value, json};

use super::media;
use crate::spec::{Spec, elements, entries, object_of};

/// Whether the runtime's default is wrong for a member, and what is right.
fn style(encoding: &Value, schema: &Value) -> Option<&'static str> {
    let told = encoding["style"].as_str();
    let explodes = encoding["explode"]
        .as_bool()
        .unwrap_or(told.is_none_or(|style| style == "form"));
    let is_list = schema["type"] == "array";
    match told {
        Some("deepObject") => Some("Deep"),
        Some("spaceDelimited") if !explodes => Some("Spaces"),
        Some("pipeDelimited") if !explodes => Some("Pipes"),
        _ if is_list && !explodes => Some("Commas"),
        // A style that is given overrules that an object is JSON.
        Some("form") if !is_list && explodes => Some("Entries"),
        _ => None,
    }
}

fn is_plain(spec: &Spec, schema: &Value) -> bool {
    matches!(
        spec.resolve(schema)["type"].as_str(),
        Some("string" | "integer" | "number" | "boolean")
    )
}

/// A URL-encoded form: its schema, with what is to be known of its members in `send`.
pub(super) fn pairs(spec: &Spec, media: &Value, send: &mut Map<String, Value>) -> Value {
    let schema = &media["schema"];
    let resolved = spec.resolve(schema);
    let has_members = entries(&resolved["properties"]).next().is_some();
    let is_flat = entries(&resolved["properties"]).all(|(_, it)| is_plain(spec, it));
    let is_open = resolved
        .get("additionalProperties")
        .is_some_and(|more| *more != Value::Bool(false));
    if has_members && is_flat && !is_open {
        return schema.clone();
    }
    let mut styles = Map::new();
    for (name, property) in entries(&resolved["properties"]) {
        if let Some(style) = style(&media["encoding"][name], spec.resolve(property)) {
            styles.insert(name.clone(), style.into());
        }
    }
    send.insert("form".to_owned(), styles.into());
    if has_members {
        return schema.clone();
    }
    json!({ "type": "object", "additionalProperties": true })
}

/// A form in parts: the schema of what is no file, with the files in `send`.
pub(super) fn parts(spec: &Spec, form: &Value, send: &mut Map<String, Value>) -> Value {
    let mut schema = spec.resolve(&form["schema"]).clone();
    let required: Vec<String> = media::texts(&schema["required"]);
    let is_file = |schema: &Value| media::is_bytes(spec, schema);
    let mut files: Vec<Value> = Vec::new();
    for (name, property) in entries(&schema["properties"]) {
        let resolved = spec.resolve(property);
        let is_list = resolved["type"] == "array" && is_file(&resolved["items"]);
        if is_file(property) || is_list {
            let mut file = json!({
                "name": name, "many": is_list, "required": required.contains(name),
                "description": property.get("description").unwrap_or(&resolved["description"]),
            });
            if let Some(kind) = form["encoding"][name]["contentType"].as_str()
                && !kind.contains(['*', ','])
            {
                file["type"] = kind.into();
            }
            files.push(file);
        }
    }
    let is_of_files = |name: &str| files.iter().any(|file| file["name"] == name);
    let object = object_of(&mut schema);
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        properties.retain(|name, _| !is_of_files(name));
        if properties.is_empty() {
            send.insert("bodyless".to_owned(), true.into());
        }
    }
    if let Some(Value::Array(required)) = object.get_mut("required") {
        required.retain(|name| !name.as_str().is_some_and(is_of_files));
    }
    let has_members = entries(&schema["properties"]).next().is_some();
    let is_choice = elements(&schema["oneOf"])
        .chain(elements(&schema["anyOf"]))
        .next()
        .is_some();
    send.insert("parts".to_owned(), files.into());
    if has_members || is_choice {
        return schema;
    }
    json!({ "type": "object", "additionalProperties": true })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(media: &Value, is_parts: bool) -> (Value, Value) {
        let spec = Spec::of(json!({}));
        let mut send = Map::new();
        let schema = if is_parts {
            parts(&spec, media, &mut send)
        } else {
            pairs(&spec, media, &mut send)
        };
        (schema, send.into())
    }

    #[test]
    fn plain_members_are_progenitors_and_others_are_said() {
        let flat = json!({ "properties": { "a": { "type": "integer" } } });
        assert_eq!(
            form(&json!({ "schema": flat }), false),
            (flat.clone(), json!({}))
        );
        let list = json!({ "type": "array", "items": { "type": "string" } });
        let media = json!({
            "schema": { "properties": { "ids": list, "tags": list, "who": { "type": "object" }, "at": { "type": "object" } } },
            "encoding": {
                "tags": { "style": "form", "explode": false },
                "who": { "style": "deepObject", "explode": true },
                "at": { "style": "form" },
            },
        });
        let (_, send) = form(&media, false);
        assert_eq!(
            send,
            json!({ "form": { "tags": "Commas", "who": "Deep", "at": "Entries" } })
        );
    }

    #[test]
    fn files_leave_the_body_and_the_rest_stays() {
        let file = json!({ "type": "string", "format": "binary" });
        let media = json!({
            "schema": { "required": ["scan", "note"], "properties": {
                "scan": file, "more": { "type": "array", "items": file }, "note": { "type": "string" },
            } },
            "encoding": { "scan": { "contentType": "image/png" } },
        });
        let (schema, send) = form(&media, true);
        assert_eq!(
            schema,
            json!({ "required": ["note"], "properties": { "note": { "type": "string" } } })
        );
        let parts = &send["parts"];
        let scan = elements(parts).find(|part| part["name"] == "scan").cloned();
        let scan = scan.unwrap();
        assert_eq!(
            (&scan["many"], &scan["required"]),
            (&false.into(), &true.into())
        );
        assert_eq!(scan["type"], "image/png");
        assert!(elements(parts).any(|part| part["name"] == "more" && part["many"] == true));
        assert!(send.get("bodyless").is_none());
        let (_, send) = form(&json!({ "schema": { "properties": { "f": file } } }), true);
        assert_eq!(send["bodyless"], true);
    }
}

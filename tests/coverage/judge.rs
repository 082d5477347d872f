//! Whether a request is as the document says, told without any of our types.

use std::collections::HashMap;

use aitoearn_mock::Seen;
use aitoearn_tests::document::{Document, Operation};
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use crate::overlay;

/// A request on the wire.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) method: String,
    /// Percent-encoded.
    pub(crate) path: String,
    /// Decoded.
    pub(crate) query: Vec<(String, String)>,
    /// Names in lower case.
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl From<&Seen> for Sent {
    fn from(seen: &Seen) -> Self {
        let headers = seen
            .headers()
            .map(|(name, value)| (name.to_owned(), String::from_utf8_lossy(value).into_owned()));
        Self {
            method: seen.method.clone(),
            path: seen.path.clone(),
            query: seen.query_pairs(),
            headers: headers.collect(),
            body: seen.body().to_vec(),
        }
    }
}

/// The corrected document, and the validators built from it so far.
pub(crate) struct Judge {
    document: Document,
    /// By JSON pointer to the schema.
    validators: HashMap<String, Validator>,
}

type Verdict = Result<(), String>;

/// The headers that carry a key.
const CREDENTIALS: [&str; 3] = ["x-api-key", "authorization", "x-goog-api-key"];

impl Judge {
    pub(crate) fn new() -> Self {
        let mut document = overlay::corrected();
        for_json_schema(&mut document.0);
        Self {
            document,
            validators: HashMap::new(),
        }
    }

    pub(crate) fn judge(&mut self, sent: &Sent) -> Verdict {
        let (pointer, arguments) = self.operation(sent)?;
        let operation = self
            .document
            .0
            .pointer(&pointer)
            .expect("just found")
            .clone();
        self.path_and_query(sent, &operation, &pointer, &arguments)?;
        self.credentials(sent, &operation)?;
        self.body(sent, &operation, &pointer)
    }

    /// The operation that a request means, and its arguments in the path.
    fn operation(&self, sent: &Sent) -> Result<(String, Vec<(String, String)>), String> {
        let mut found: Vec<_> = self
            .document
            .operations()
            .filter(|operation| operation.method == sent.method)
            .filter_map(|operation| Some((operation, arguments(operation, &sent.path)?)))
            .collect();
        // `records/queued` also looks like `records/{recordId}`.
        found.sort_by_key(|(_, arguments)| arguments.len());
        let (operation, arguments) = found
            .into_iter()
            .next()
            .ok_or("no operation has this method and path")?;
        let path = operation.path.replace('~', "~0").replace('/', "~1");
        let method = operation.method.to_lowercase();
        Ok((format!("/paths/{path}/{method}"), arguments))
    }

    fn path_and_query(
        &mut self,
        sent: &Sent,
        operation: &Value,
        pointer: &str,
        arguments: &[(String, String)],
    ) -> Verdict {
        let declared = operation["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        for (name, _) in &sent.query {
            let known =
                |parameter: &Value| parameter["in"] == "query" && parameter["name"] == *name;
            if !declared.iter().any(known) {
                return Err(format!("`{name}` is no query parameter of it"));
            }
        }
        for (index, parameter) in declared.iter().enumerate() {
            let name = parameter["name"].as_str().unwrap_or_default();
            let given = match parameter["in"].as_str() {
                Some("path") => arguments,
                Some("query") => &sent.query,
                _ => continue,
            };
            let texts: Vec<_> = given
                .iter()
                .filter(|(given, _)| given == name)
                .map(|(_, value)| value.as_str())
                .collect();
            let schema = &parameter["schema"];
            let value = match texts[..] {
                [] if parameter["required"] == true => return Err(format!("`{name}` is missing")),
                [] => continue,
                // The only style the service reads; the name tells.
                _ if schema["type"] == "array" => {
                    if !name.ends_with("[]") {
                        return Err(format!("`{name}` is a list without brackets"));
                    }
                    texts
                        .iter()
                        .map(|text| typed(&schema["items"], text))
                        .collect()
                }
                [text] => typed(schema, text),
                _ => return Err(format!("`{name}` is given more than once")),
            };
            let pointer = format!("{pointer}/parameters/{index}/schema");
            self.check(&pointer, &value)
                .map_err(|problem| format!("`{name}`: {problem}"))?;
        }
        Ok(())
    }

    /// The one credential that the operation documents, and no other.
    fn credentials(&self, sent: &Sent, operation: &Value) -> Verdict {
        let schemes = &self.document.0["components"]["securitySchemes"];
        let wanted: Vec<_> = operation["security"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .flat_map(Map::keys)
            .filter_map(|scheme| schemes[scheme]["name"].as_str())
            .map(str::to_lowercase)
            .collect();
        for name in CREDENTIALS {
            match (
                wanted.iter().any(|wanted| wanted == name),
                sent.headers.get(name),
            ) {
                (true, None) => return Err(format!("the header `{name}` is missing")),
                (false, Some(_)) => return Err(format!("the header `{name}` is not asked for")),
                (true, Some(value)) if name == "authorization" && !value.starts_with("Bearer ") => {
                    return Err(format!("the header `{name}` is no bearer token"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn body(&mut self, sent: &Sent, operation: &Value, pointer: &str) -> Verdict {
        if operation.pointer("/requestBody").is_none() {
            return if sent.body.is_empty() {
                Ok(())
            } else {
                Err("it takes no body".to_owned())
            };
        }
        let content_type = sent.headers.get("content-type").map_or("", String::as_str);
        if content_type.split(';').next() != Some("application/json") {
            return Err(format!(
                "its body is JSON, and was sent as `{content_type}`"
            ));
        }
        let body: Value = serde_json::from_slice(&sent.body).map_err(|error| error.to_string())?;
        let pointer = format!("{pointer}/requestBody/content/application~1json/schema");
        self.check(&pointer, &body)
            .map_err(|problem| format!("{problem} in {body}"))
    }

    /// Whether a value fits the schema at a place of the document.
    fn check(&mut self, pointer: &str, value: &Value) -> Verdict {
        if !self.validators.contains_key(pointer) {
            let schema = self.document.0.pointer(pointer).ok_or("no schema")?;
            let whole = json!({ "allOf": [schema], "components": self.document.0["components"] });
            let validator = jsonschema::options()
                // OpenAPI 3.0 means the draft whose `exclusiveMinimum` is a boolean.
                .with_draft(Draft::Draft4)
                .should_validate_formats(true)
                .should_ignore_unknown_formats(false)
                .build(&whole)
                .map_err(|error| error.to_string())?;
            self.validators.insert(pointer.to_owned(), validator);
        }
        let problems: Vec<_> = self.validators[pointer]
            .iter_errors(value)
            .map(|error| format!("{error} (at `{}`)", error.instance_path()))
            .collect();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems.join("; "))
        }
    }
}

/// The arguments in a path, decoded, if it is one of the operation.
fn arguments(operation: Operation<'_>, path: &str) -> Option<Vec<(String, String)>> {
    let (mut template, mut actual) = (operation.path.split('/'), path.split('/'));
    let mut arguments = Vec::new();
    loop {
        match (template.next(), actual.next()) {
            (None, None) => return Some(arguments),
            (Some(template), Some(actual)) => match template.split_once('{') {
                None if template == actual => {}
                None => return None,
                Some((before, rest)) => {
                    let (name, after) = rest.split_once('}')?;
                    let value = actual.strip_prefix(before)?.strip_suffix(after)?;
                    let value = percent_encoding::percent_decode_str(value)
                        .decode_utf8()
                        .ok()?;
                    arguments.push((name.to_owned(), value.into_owned()));
                }
            },
            _ => return None,
        }
    }
}

/// A text of the URL as the type that the schema declares, or as text if it is none.
fn typed(schema: &Value, text: &str) -> Value {
    match schema["type"].as_str() {
        Some("integer" | "number" | "boolean") => {
            serde_json::from_str(text).unwrap_or_else(|_| text.into())
        }
        _ => text.into(),
    }
}

/// What `OpenAPI` 3.0 says in its own way, in JSON Schema's; and every object that lists its fields
/// closed, so that a misspelt optional one shows.
fn for_json_schema(node: &mut Value) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(for_json_schema),
        Value::Object(object) => {
            object.values_mut().for_each(for_json_schema);
            let composed = ["allOf", "anyOf", "oneOf"]
                .iter()
                .any(|keyword| object.contains_key(*keyword));
            if object.get("properties").is_some_and(Value::is_object)
                && object.get("type").is_some_and(|kind| kind == "object")
                && !composed
            {
                object.entry("additionalProperties").or_insert(false.into());
            }
            if object.get("nullable") == Some(&true.into()) {
                let schema = node.take();
                *node = json!({ "anyOf": [schema, { "enum": [null] }] });
            }
        }
        _ => {}
    }
}

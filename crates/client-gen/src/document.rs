//! A document as it is published: JSON or YAML, in one file or many.
//!
//! What is read is one JSON document: schemas of other files are components of it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};
use spec_diff::{Folder, PARTS_OF_FILES, SCHEMAS_OF_FILES};

use crate::problem::{Problem, Result};
use crate::reader;
use crate::spec::{Spec, entries, escape, object_of, unescape};
use crate::walk;

/// Reads a document with the files that it refers to, which are in its folder or in `refs_root`.
///
/// # Errors
///
/// A file that cannot be read or is outside of these folders, text that is neither JSON nor YAML, or
/// what is no `OpenAPI` of a version that is read. Nothing is fetched.
pub fn read(path: &Path, refs_root: Option<&Path>) -> Result<Spec> {
    let name = path.display().to_string();
    let text = reader::file(path)?;
    let mut folder = None;
    let mut load = |file: &str| match &folder {
        Some(known) => Folder::load(known, file),
        None => folder.insert(Folder::of(path, refs_root)?).load(file),
    };
    one_document(text, &name, &mut load)
}

type Load<'l> = dyn FnMut(&str) -> std::result::Result<Vec<u8>, String> + 'l;

fn one_document(text: String, name: &str, load: &mut Load<'_>) -> Result<Spec> {
    let extension = name.rsplit('.').next().unwrap_or_default();
    let named = |known: &[&str]| known.iter().any(|it| extension.eq_ignore_ascii_case(it));
    let looks_like_json = text.trim_start().starts_with(['{', '[']);
    let as_json = if looks_like_json || named(&["json"]) {
        match crate::unique::parse(&text) {
            Ok(doc) if !leads_out(&doc) && doc.get("swagger").is_none() => Some(doc),
            // What is not one JSON document has another reader; a fault of JSON has not.
            Err(error) if !named(&["yaml", "yml"]) => return Err(Spec::fault(name, &error).into()),
            _ => None,
        }
    } else {
        None
    };
    let doc = match as_json {
        Some(doc) => doc,
        None => joined(text, name, load)?,
    };
    Spec::of_others(doc, name)
}

/// Whether a document refers to other files. What is at a URL is not fetched, and costs who needs it.
fn leads_out(doc: &Value) -> bool {
    let found = walk::references(doc);
    let mut files = found.iter().filter(|it| !it.starts_with('#'));
    files.any(|target| !target.contains("://"))
}

fn joined(text: String, name: &str, load: &mut Load<'_>) -> Result<Value> {
    let json = spec_diff::to_json(&text.into_bytes(), name, load).map_err(|error| {
        let at = match error.position() {
            Some(place) => format!("{}:{}:{}", error.name(), place.line, place.column),
            None => error.name().to_owned(),
        };
        let fix = "correct the document at this place";
        Problem::new(at, error.message(), fix)
    })?;
    let mut doc = crate::unique::parse(&json).map_err(|error| Spec::fault(name, &error))?;
    make_components(&mut doc);
    write_out_texts(&mut doc);
    Ok(doc)
}

/// What is a text or a list in another file takes the place of the reference to it.
fn write_out_texts(doc: &mut Value) {
    let prefix = format!("#/{PARTS_OF_FILES}/");
    let targets = walk::references(doc).into_iter();
    let targets = targets.filter(|target| target.starts_with(&prefix));
    let values: BTreeMap<String, Value> = targets
        .filter_map(|target| {
            let value = doc.pointer(&target.strip_prefix('#')?.replace("%25", "%"))?;
            (!value.is_object()).then(|| (target.to_owned(), value.clone()))
        })
        .collect();
    if values.is_empty() {
        return;
    }
    let mut waiting = vec![doc];
    while let Some(node) = waiting.pop() {
        let target = node.get("$ref").and_then(Value::as_str);
        if let Some(value) = target.and_then(|target| values.get(target)) {
            *node = value.clone();
            continue;
        }
        match node {
            Value::Object(members) => waiting.extend(members.iter_mut().map(|(_, it)| it)),
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
}

/// Schemas of other files become components, called as where they were.
fn make_components(doc: &mut Value) {
    let Some(root) = doc.as_object_mut() else {
        return;
    };
    let Some(Value::Object(schemas)) = root.shift_remove(SCHEMAS_OF_FILES) else {
        return;
    };
    if root
        .get(PARTS_OF_FILES)
        .is_some_and(|parts| entries(parts).next().is_none())
    {
        root.shift_remove(PARTS_OF_FILES);
    }
    if schemas.is_empty() {
        return;
    }
    let components = object_of(root.entry("components").or_insert(Value::Null));
    let all = object_of(components.entry("schemas").or_insert(Value::Null));
    let mut moved = BTreeMap::new();
    for (place, schema) in schemas {
        let key = free_name(&name_of(&place), all);
        moved.insert(
            format!("#/{SCHEMAS_OF_FILES}/{}", escape(&place)),
            format!("#/components/schemas/{}", escape(&key)),
        );
        all.insert(key, schema);
    }
    walk::for_each_reference_mut(doc, &mut |_, target| {
        if let Some(new) = moved.get(&target.replace("%25", "%")) {
            target.clone_from(new);
        }
    });
}

/// `rooms/hall.yaml#/Door` is a `Door`, and `rooms/hall.yaml#` a `hall`.
fn name_of(place: &str) -> String {
    let (file, pointer) = place.rsplit_once('#').unwrap_or((place, ""));
    let last = pointer.rsplit('/').next().map(unescape).unwrap_or_default();
    let says_something = !last.is_empty() && !["schema", "items"].contains(&last.as_str());
    if says_something && !last.chars().all(|c| c.is_ascii_digit()) {
        return last;
    }
    let file = file.rsplit('/').next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    stem.to_owned()
}

/// A name for a component that none has yet.
pub(crate) fn free_name(name: &str, taken: &Map<String, Value>) -> String {
    let name = if name.is_empty() { "Part" } else { name };
    if !taken.contains_key(name) {
        return name.to_owned();
    }
    let mut numbers = 2..;
    let more = numbers.find_map(|number: u32| {
        let name = format!("{name}{number}");
        (!taken.contains_key(&name)).then_some(name)
    });
    more.unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::assert_says;

    fn document(text: &str, name: &str) -> Result<Spec> {
        one_document(text.to_owned(), name, &mut |path| match path {
            "parts/hall.yaml" => Ok(
                b"Door: { type: object, properties: { wide: { type: number } } }
Wall: { type: object, properties: { door: { $ref: '#/Door' } } }
Page: { name: page, in: query, schema: { type: integer } }"
                    .to_vec(),
            ),
            _ => Err("there is no such file".to_owned()),
        })
    }

    const HEAD: &str = "openapi: 3.0.3\ninfo: { title: House, version: 1.10 }\n";

    #[test]
    fn yaml_and_json_are_one_document() {
        let yaml = format!("\u{feff}{HEAD}paths: {{}}\nx-odd: [yes, 010, ~]\n");
        let spec = document(&yaml, "house.yaml").unwrap();
        assert_eq!(spec.doc["x-odd"], json!(["yes", 10, null]));
        let flow = "{openapi: 3.0.3, info: {title: House, version: '1'}, paths: {}}";
        document(flow, "house.yml").unwrap();
        let error = document(flow, "house.json").unwrap_err().to_string();
        assert_says(&error, &["this is not JSON", "house.json:1:2"]);
    }

    #[test]
    fn schemas_of_other_files_are_components() {
        let paths = "paths: { /h: { get: { parameters: [{ $ref: 'parts/hall.yaml#/Page' }], responses: { 200: { description: '',
  content: { application/json: { schema: { $ref: 'parts/hall.yaml#/Wall' } } } } } } } }";
        let components = "components: { schemas: { Door: { type: string } } }";
        let spec = document(&format!("{HEAD}{paths}\n{components}"), "house.yaml").unwrap();
        let schemas = &spec.doc["components"]["schemas"];
        assert_eq!(schemas["Door"]["type"], "string");
        assert_eq!(
            schemas["Wall"]["properties"]["door"]["$ref"],
            "#/components/schemas/Door2"
        );
        let parameter = spec.doc["paths"]["/h"]["get"]["parameters"][0]["$ref"].as_str();
        let target = parameter.and_then(|it| spec.doc.pointer(it.strip_prefix('#')?));
        assert_eq!(target.unwrap()["name"], "page");
        // The same from JSON.
        let json = spec
            .doc
            .to_string()
            .replace("#/components/schemas/Door2", "parts/hall.yaml#/Door");
        let again = document(&json, "house.json").unwrap();
        assert_eq!(
            again.doc["components"]["schemas"]
                .as_object()
                .unwrap()
                .len(),
            4
        );
    }

    #[test]
    fn a_text_may_be_in_another_file() {
        let text = "openapi: 3.0.3\ninfo: { title: House, version: '1', description: { $ref: 'parts/hall.yaml#/Page/name' } }\npaths: {}";
        let spec = document(text, "house.yaml").unwrap();
        assert_eq!(spec.doc["info"]["description"], "page");
    }

    #[test]
    fn what_is_not_there_is_named() {
        let paths = "paths: { /h: { get: { responses: { 200: { $ref: gone.yaml } } } } }";
        let error = document(&format!("{HEAD}{paths}"), "house.yaml").unwrap_err();
        assert_says(
            &error.to_string(),
            &[
                "`$ref` to `gone.yaml`: there is no such file",
                "house.yaml:3:",
            ],
        );
    }

    #[test]
    fn swagger_is_read_as_openapi() {
        let text = r#"{"swagger":"2.0","info":{"title":"Old","version":"1"},"paths":{}}"#;
        assert_eq!(document(text, "old.json").unwrap().doc["openapi"], "3.0.3");
    }
}

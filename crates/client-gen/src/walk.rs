//! Walking the schemas of a document.
//!
//! A property may be called `items` or `enum`, so a naive tree walk would take
//! names for keywords; everything that visits schemas goes through here.

use serde_json::Value;

use crate::operation::METHODS;
use crate::pointer::escape;

/// The step from a schema to one of its sub-schemas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// `properties.NAME`
    Property(String),
    /// `items`
    Items,
    /// `additionalProperties`
    Values,
    /// A member of `allOf`, `oneOf` or `anyOf`.
    Branch(&'static str, usize),
    /// `x-envelope`: what a response carries in `data` (made by the envelope pass).
    Data,
    /// A branch of `x-union` (made by the unions pass), with its variant name.
    Variant(usize, String),
}

impl Step {
    /// The step as a suffix of a JSON pointer.
    pub(crate) fn pointer(&self) -> String {
        match self {
            Self::Property(name) => format!("/properties/{}", escape(name)),
            Self::Items => "/items".to_owned(),
            Self::Values => "/additionalProperties".to_owned(),
            Self::Branch(keyword, index) => format!("/{keyword}/{index}"),
            Self::Data => "/x-envelope".to_owned(),
            Self::Variant(index, _) => format!("/x-union/branches/{index}/schema"),
        }
    }
}

const BRANCHES: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// The direct sub-schemas of a schema.
pub(crate) fn children_mut(schema: &mut Value) -> Vec<(Step, &mut Value)> {
    let mut found = Vec::new();
    let Some(object) = schema.as_object_mut() else {
        return found;
    };
    for (key, value) in object {
        match key.as_str() {
            "properties" => {
                for (name, property) in value.as_object_mut().into_iter().flatten() {
                    found.push((Step::Property(name.clone()), property));
                }
            }
            "items" => found.push((Step::Items, value)),
            "additionalProperties" if value.is_object() => found.push((Step::Values, value)),
            "x-envelope" => found.push((Step::Data, value)),
            "x-union" => {
                let branches = value.get_mut("branches").and_then(Value::as_array_mut);
                for (index, branch) in branches.into_iter().flatten().enumerate() {
                    let name = branch["name"].as_str().unwrap_or_default().to_owned();
                    if let Some(schema) = branch.get_mut("schema") {
                        found.push((Step::Variant(index, name), schema));
                    }
                }
            }
            _ => {
                if let Some(keyword) = BRANCHES.into_iter().find(|keyword| keyword == key) {
                    for (index, branch) in value.as_array_mut().into_iter().flatten().enumerate() {
                        found.push((Step::Branch(keyword, index), branch));
                    }
                }
            }
        }
    }
    found
}

/// Where a schema that is nobody's sub-schema stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// `components.schemas.NAME`
    Component(String),
    /// A parameter, with its operationId, its place (`query`, `path`, …) and its name.
    Parameter(String, String, String),
    /// A request body of the operation.
    Body(String),
    /// A response of the operation.
    Response(String),
}

/// The schemas that are nobody's sub-schema, each with its pointer.
pub(crate) fn roots_mut(doc: &mut Value) -> Vec<(String, Place, &mut Value)> {
    let mut found = Vec::new();
    let Some(doc) = doc.as_object_mut() else {
        return found;
    };
    for (key, section) in doc {
        match key.as_str() {
            "components" => {
                let schemas = section.get_mut("schemas").and_then(Value::as_object_mut);
                for (name, schema) in schemas.into_iter().flatten() {
                    let pointer = format!("/components/schemas/{}", escape(name));
                    found.push((pointer, Place::Component(name.clone()), schema));
                }
            }
            "paths" => {
                for (path, item) in section.as_object_mut().into_iter().flatten() {
                    for (method, operation) in item.as_object_mut().into_iter().flatten() {
                        if METHODS.contains(&method.as_str()) {
                            let pointer = format!("/paths/{}/{method}", escape(path));
                            operation_roots(&pointer, operation, &mut found);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    found
}

fn operation_roots<'a>(
    pointer: &str,
    operation: &'a mut Value,
    found: &mut Vec<(String, Place, &'a mut Value)>,
) {
    let id = operation["operationId"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    for (key, value) in operation.as_object_mut().into_iter().flatten() {
        match key.as_str() {
            "parameters" => {
                for (index, parameter) in value.as_array_mut().into_iter().flatten().enumerate() {
                    let text = |key: &str| parameter[key].as_str().unwrap_or_default().to_owned();
                    let place = Place::Parameter(id.clone(), text("in"), text("name"));
                    if let Some(schema) = parameter.get_mut("schema") {
                        let pointer = format!("{pointer}/parameters/{index}/schema");
                        found.push((pointer, place, schema));
                    }
                }
            }
            "requestBody" => {
                let pointer = format!("{pointer}/requestBody");
                content_roots(&pointer, value, &Place::Body(id.clone()), found);
            }
            "responses" => {
                for (status, response) in value.as_object_mut().into_iter().flatten() {
                    let pointer = format!("{pointer}/responses/{status}");
                    content_roots(&pointer, response, &Place::Response(id.clone()), found);
                }
            }
            _ => {}
        }
    }
}

fn content_roots<'a>(
    pointer: &str,
    holder: &'a mut Value,
    place: &Place,
    found: &mut Vec<(String, Place, &'a mut Value)>,
) {
    let content = holder.get_mut("content").and_then(Value::as_object_mut);
    for (media_type, value) in content.into_iter().flatten() {
        if let Some(schema) = value.get_mut("schema") {
            let pointer = format!("{pointer}/content/{}/schema", escape(media_type));
            found.push((pointer, place.clone(), schema));
        }
    }
}

/// Calls `visit` with the pointer of every schema, parents before children.
pub(crate) fn for_each_schema_mut(doc: &mut Value, visit: &mut dyn FnMut(&str, &mut Value)) {
    for (pointer, _, schema) in roots_mut(doc) {
        descend(&pointer, schema, visit);
    }
}

fn descend(pointer: &str, schema: &mut Value, visit: &mut dyn FnMut(&str, &mut Value)) {
    visit(pointer, schema);
    for (step, child) in children_mut(schema) {
        descend(&format!("{pointer}{}", step.pointer()), child, visit);
    }
}

/// Keys whose members are called what upstream likes: there, `example` is a name, not a keyword.
const NAME_MAPS: [&str; 8] = [
    "properties",
    "schemas",
    "parameters",
    "requestBodies",
    "responses",
    "headers",
    "callbacks",
    "links",
];

/// Keys that hold values, in which a `$ref` is a word like any other.
const VALUES: [&str; 4] = ["example", "examples", "default", "enum"];

/// All `$ref` targets below a node, values left out.
pub(crate) fn references(node: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    collect_references(node, false, &mut found);
    found
}

fn collect_references<'a>(node: &'a Value, is_name_map: bool, found: &mut Vec<&'a str>) {
    match node {
        Value::Object(object) => {
            for (key, value) in object {
                let key = key.as_str();
                match value {
                    _ if is_name_map => collect_references(value, false, found),
                    Value::String(target) if key == "$ref" => found.push(target),
                    _ if VALUES.contains(&key) => {}
                    _ => collect_references(value, NAME_MAPS.contains(&key), found),
                }
            }
        }
        Value::Array(array) => array
            .iter()
            .for_each(|value| collect_references(value, false, found)),
        _ => {}
    }
}

/// Calls `change` with every `$ref` target below a node and the pointer to
/// what holds it, values left out.
pub(crate) fn for_each_reference_mut(node: &mut Value, change: &mut dyn FnMut(&str, &mut String)) {
    change_references(node, "", false, change);
}

fn change_references(
    node: &mut Value,
    pointer: &str,
    is_name_map: bool,
    change: &mut dyn FnMut(&str, &mut String),
) {
    match node {
        Value::Object(object) => {
            for (key, value) in object {
                let below = || format!("{pointer}/{}", escape(key));
                let key = key.as_str();
                match value {
                    _ if is_name_map => change_references(value, &below(), false, change),
                    Value::String(target) if key == "$ref" => change(pointer, target),
                    _ if VALUES.contains(&key) => {}
                    value => change_references(value, &below(), NAME_MAPS.contains(&key), change),
                }
            }
        }
        Value::Array(array) => {
            for (index, value) in array.iter_mut().enumerate() {
                change_references(value, &format!("{pointer}/{index}"), false, change);
            }
        }
        _ => {}
    }
}

/// A schema without its documentation.
pub(crate) fn bare(schema: &Value) -> Value {
    let mut bare = schema.clone();
    strip(&mut bare);
    bare
}

fn strip(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut() {
        for key in ["description", "title", "example", "examples", "default"] {
            object.shift_remove(key);
        }
    }
    for (_, child) in children_mut(schema) {
        strip(child);
    }
}

//! What a document describes, operation by operation and path by path.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use client_gen::spec::{elements, entries};

/// Methods that a path item may have.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Nodes that are visited in one document: beyond that, nobody counts paths.
const MOST: usize = 400_000;

/// Characters of a path: deeper nesting is no description for people, and would need a deep stack.
const LONGEST: usize = 2_000;

/// What the operations of a document describe; `None` if it is too large to count.
pub(crate) struct Tally<'a> {
    /// By `METHOD /path`.
    pub(crate) operations: BTreeMap<String, &'a Value>,
    /// What each answers and takes; `None` if there is too much to count.
    pub(crate) shapes: Option<BTreeMap<String, [Shape; 2]>>,
}

/// What an answer or a request says, by path.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    /// Everything that has a name.
    pub(crate) fields: BTreeSet<String>,
    /// What is required.
    pub(crate) certain: BTreeSet<String>,
    /// Lists of values.
    pub(crate) lists: BTreeMap<String, BTreeSet<String>>,
    /// Types; several where there is a choice.
    pub(crate) kinds: BTreeMap<String, BTreeSet<String>>,
    /// What has a format.
    pub(crate) formats: BTreeSet<String>,
    /// The component that is referred to.
    pub(crate) references: BTreeMap<String, String>,
}

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
        if self.left == 0 || within.len() > 64 || path.len() > LONGEST {
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

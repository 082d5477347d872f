//! The OpenAPI document on its way through the passes.
//!
//! It is kept as an ordered [`Value`]: `openapiv3` would drop what it does not
//! know, and a diff of the lowered document must show edits, not shuffles.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde_json::{Map, Value};

pub use crate::operation::{METHODS, Operation};
pub use crate::pointer::{escape, unescape};
use crate::problem::{Problem, Problems, Result};
use crate::reader::{MAX_DEPTH, is_too_deep};
use crate::users::Users;
use crate::{reserved, walk};

/// The document, with the helpers that every pass needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// The whole document.
    pub doc: Value,
    /// Where it said what only the generator and the overlay may say; that is taken out.
    pub set_aside: Vec<String>,
    users: Remembered,
}

/// Who needs which component, once it was asked for; a copy, which may be changed, asks anew.
#[derive(Debug, Default)]
struct Remembered(OnceLock<Users>);

impl Clone for Remembered {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Remembered {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Spec {
    /// A document as it is.
    pub fn of(doc: Value) -> Self {
        Self {
            doc,
            set_aside: Vec::new(),
            users: Remembered::default(),
        }
    }

    /// Reads a JSON document of somebody else and checks that it is `OpenAPI` 3.0 or 3.1.
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        Self::of_others(
            crate::unique::parse(text).map_err(|error| Self::fault(file, &error))?,
            file,
        )
    }

    /// Reads a JSON document that has what is kept and the overlay, as [`Spec::parse`] does.
    pub fn parse_ours(text: &str, file: &str) -> Result<Self> {
        Self::checked(
            crate::unique::parse(text).map_err(|error| Self::fault(file, &error))?,
            file,
        )
    }

    /// What [`Spec::parse`] does with a document that is read.
    pub(crate) fn of_others(doc: Value, file: &str) -> Result<Self> {
        let mut spec = Self::checked(doc, file)?;
        spec.set_aside = reserved::set_aside(&mut spec.doc);
        Ok(spec)
    }

    /// Why a text is no JSON document.
    pub(crate) fn fault(file: &str, error: &serde_json::Error) -> Problem {
        let at = format!("{file}:{}:{}", error.line(), error.column());
        if error.is_data() {
            return Problem::new(
                at,
                error.to_string(),
                "keep one of the two; which is meant, only upstream knows",
            );
        }
        if error.to_string().starts_with("recursion limit") {
            return too_deep(&at);
        }
        Problem::new(
            at,
            format!("this is not JSON: {error}"),
            "give the OpenAPI document as JSON, or as YAML in a file whose name ends in `.yaml`",
        )
    }

    fn checked(mut doc: Value, file: &str) -> Result<Self> {
        check_depth(&doc, file)?;
        match doc.get("openapi").and_then(Value::as_str) {
            Some(version) if is_version(version, "3.0") => {}
            // It may have webhooks alone.
            Some(version) if is_version(version, "3.1") => {
                if let Some(root) = doc.as_object_mut() {
                    root.entry("paths").or_insert_with(|| Map::new().into());
                }
            }
            Some(version) => {
                return Err(Problem::new(
                    "/openapi",
                    format!("{file} is OpenAPI {version}; the generator reads 3.0 and 3.1"),
                    "convert the document to one of these first",
                )
                .into());
            }
            None => {
                return Err(Problem::new(
                    "/openapi",
                    format!("{file} is not an OpenAPI document: it has no `openapi` version"),
                    "give an OpenAPI document of version 3.0 or 3.1",
                )
                .into());
            }
        }
        if !doc["info"].is_object() || !doc["paths"].is_object() {
            return Err(Problem::new(
                "/",
                format!("{file} lacks `info` or `paths`, or one of them is not an object"),
                "give a complete OpenAPI document",
            )
            .into());
        }
        Ok(Self::of(doc))
    }

    /// All operations, in document order.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let mut all = Vec::new();
        for (path, item) in entries(&self.doc["paths"]) {
            for (method, node) in entries(item) {
                if METHODS.contains(&method.as_str()) && node.is_object() {
                    all.push(Operation { path, method, node });
                }
            }
        }
        all
    }

    /// Calls `change` with the pointer and the object of every operation; the problems of all come
    /// back together.
    pub fn for_each_operation(
        &mut self,
        mut change: impl FnMut(&str, &mut Map<String, Value>) -> Result<()>,
    ) -> Result<()> {
        let mut problems = Vec::new();
        for (path, item) in self.doc["paths"].as_object_mut().into_iter().flatten() {
            for (method, node) in item.as_object_mut().into_iter().flatten() {
                if let (true, Some(node)) =
                    (METHODS.contains(&method.as_str()), node.as_object_mut())
                {
                    let pointer = format!("/paths/{}/{method}", escape(path));
                    if let Err(Problems(more)) = change(&pointer, node) {
                        problems.extend(more);
                    }
                }
            }
        }
        Problems::none_or(problems)
    }

    /// The component schemas; an empty map where there are none.
    pub fn schemas(&self) -> Option<&Map<String, Value>> {
        self.doc["components"]["schemas"].as_object()
    }

    /// The component schemas, made if there are none.
    pub fn schemas_mut(&mut self) -> &mut Map<String, Value> {
        object_at(object_at(object_of(&mut self.doc), "components"), "schemas")
    }

    /// What a local `$ref` names, however many of them it takes; a schema without one is itself.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let mut current = schema;
        // A chain of references is as long as there are components, at most.
        for _ in 0..=self.schemas().map_or(0, Map::len) {
            current = unwrapped(current).unwrap_or(current);
            match reference(current).and_then(|target| self.doc.pointer(&target)) {
                Some(target) => current = target,
                None => break,
            }
        }
        current
    }

    /// A problem at `pointer`, with the operation that it concerns.
    pub fn problem(
        &self,
        pointer: impl Into<String>,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) -> Problem {
        let at = pointer.into();
        let mut concerned = self.concerned(&at).into_iter();
        Problem {
            operation: concerned.next(),
            others: concerned.collect(),
            at,
            what: what.into(),
            fix: fix.into(),
        }
    }

    /// A problem with a component, placed where the component was before it had its name.
    pub fn component_problem(
        &self,
        name: &str,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) -> Problem {
        let pointer = format!("/components/schemas/{}", escape(name));
        let source = self
            .schemas()
            .and_then(|schemas| schemas.get(name)?["x-at"].as_str());
        Problem {
            at: source.unwrap_or(&pointer).to_owned(),
            ..self.problem(pointer.as_str(), what, fix)
        }
    }

    /// The operations that a pointer concerns. Asked for by who has found a problem, often for many
    /// of them, and then nothing is changed any more.
    fn concerned(&self, pointer: &str) -> Vec<String> {
        let users = self.users.0.get_or_init(|| {
            let operations = self.operations().into_iter();
            let operations = operations.map(|it| (it.pointer(), it.label(), it.node));
            Users::of(self.schemas(), operations)
        });
        users.concerned(pointer)
    }

    /// The names of all component schemas reachable from `nodes`.
    pub fn reach<'a>(&'a self, nodes: impl IntoIterator<Item = &'a Value>) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut queue: Vec<&Value> = nodes.into_iter().collect();
        while let Some(node) = queue.pop() {
            for name in walk::references(node) {
                let name = name
                    .strip_prefix("#/components/schemas/")
                    .and_then(|rest| rest.split('/').next())
                    .map(unescape);
                let Some(name) = name else { continue };
                if seen.insert(name.clone())
                    && let Some(schema) = self.schemas().and_then(|schemas| schemas.get(&name))
                {
                    queue.push(schema);
                }
            }
        }
        seen
    }

    /// Which components requests and responses reach.
    pub fn directions(&self) -> Directions {
        let operations = self.operations();
        let requests = operations.iter().flat_map(|operation| {
            [
                &operation.node["parameters"],
                &operation.node["requestBody"],
            ]
        });
        let responses = operations
            .iter()
            .flat_map(|operation| [&operation.node["responses"], &operation.node["x-failures"]]);
        Directions {
            requests: self.reach(requests),
            responses: self.reach(responses),
        }
    }
}

/// Whether a version of `OpenAPI` is a patch of this one.
pub(crate) fn is_version(version: &str, minor: &str) -> bool {
    version
        .strip_prefix(minor)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Refuses what nests too deep for those who follow it level by level.
pub(crate) fn check_depth(doc: &Value, file: &str) -> Result<()> {
    if is_too_deep(doc) {
        return Err(too_deep(file).into());
    }
    Ok(())
}

fn too_deep(at: &str) -> Problem {
    Problem::new(
        at,
        format!("it nests deeper than {MAX_DEPTH} levels"),
        "no API description does: look at what it is, or give inner parts a name",
    )
}

/// Which components a client sends and which it receives.
#[derive(Debug, Default)]
pub struct Directions {
    /// Reached from parameters and request bodies.
    pub requests: BTreeSet<String>,
    /// Reached from responses.
    pub responses: BTreeSet<String>,
}

/// Renames references to component schemas throughout the document.
pub fn rename_references(doc: &mut Value, names: &BTreeMap<String, String>) {
    walk::for_each_reference_mut(doc, &mut |_, target| {
        if let Some(name) = component_of(target)
            && let Some(new) = names.get(&name)
        {
            *target = format!("#/components/schemas/{}", escape(new));
        }
    });
}

/// The local target of a `$ref`, as a JSON pointer.
pub fn reference(schema: &Value) -> Option<String> {
    let target = schema.get("$ref")?.as_str()?;
    Some(target.strip_prefix('#')?.to_owned())
}

/// The component that a `$ref` to a component names.
pub fn component_of(target: &str) -> Option<String> {
    let name = target.strip_prefix("#/components/schemas/")?;
    (!name.contains('/')).then(|| unescape(name))
}

/// What stands inside a wrapper: in `OpenAPI` 3.0 a `$ref` hides what stands beside
/// it, so a reference with a description or `nullable` is an `allOf` of one.
pub fn unwrapped(schema: &Value) -> Option<&Value> {
    match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) if entries(schema).all(|(key, _)| key == "allOf" || is_note(key)) => {
            Some(only)
        }
        _ => None,
    }
}

/// Whether a keyword of a schema says nothing about the shape of a value that is there.
pub fn is_note(key: &str) -> bool {
    matches!(key, "description" | "title" | "example" | "nullable")
}

/// A schema with a description and `nullable`, as a wrapper where it is a reference.
pub fn wrap(schema: Value, description: Option<&Value>, nullable: bool) -> Value {
    let is_reference = schema.get("$ref").is_some();
    if is_reference && description.is_none() && !nullable {
        return schema;
    }
    let mut wrapped = if is_reference {
        Value::Object(Map::new())
    } else {
        schema.clone()
    };
    let object = object_of(&mut wrapped);
    if let Some(description) = description {
        object.insert("description".to_owned(), description.clone());
    }
    if nullable {
        object.insert("nullable".to_owned(), true.into());
    }
    if is_reference {
        object.insert("allOf".to_owned(), vec![schema].into());
    }
    wrapped
}

/// A reference to a component schema.
pub fn schema_reference(name: &str) -> Value {
    serde_json::json!({ "$ref": format!("#/components/schemas/{}", escape(name)) })
}

/// The members of an object; nothing for any other value.
pub fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The elements of an array; nothing for any other value.
pub fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The value as an object; anything else is replaced by an empty one.
pub fn object_of(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(object) => object,
        _ => unreachable!("it was made an object just above"),
    }
}

fn object_at<'a>(object: &'a mut Map<String, Value>, key: &str) -> &'a mut Map<String, Value> {
    object_of(
        object
            .entry(key)
            .or_insert_with(|| Value::Object(Map::new())),
    )
}

//! Documents grown from bytes: most are odd, nearly all get past the reader.

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

/// Names of properties, parameters and operations: ordinary ones, ones that meet after they were
/// made Rust's, and ones that mean something elsewhere.
const NAMES: [&str; 20] = [
    "id",
    "name",
    "page",
    "pageSize",
    "list",
    "a-b",
    "aB",
    "a_b",
    "type",
    "kind",
    "data",
    "code",
    "message",
    "requestId",
    "$ref",
    "properties",
    "items",
    "中文",
    "",
    "Self",
];

const COMPONENTS: [&str; 6] = ["Pet", "PetDto", "Cat", "Dog", "Vec", "ÄB"];

const MEDIA: [&str; 6] = [
    "application/json",
    "text/event-stream",
    "application/octet-stream",
    "multipart/form-data",
    "text/plain",
    "application/problem+json",
];

/// How deep schemas grow.
const DEPTH: usize = 6;

/// Grows a document by choices; they are all 0 once the bytes are used up.
pub(crate) struct Grower<'a> {
    choices: Unstructured<'a>,
}

impl<'a> Grower<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            choices: Unstructured::new(bytes),
        }
    }

    /// A whole OpenAPI 3.0 document.
    pub(crate) fn document(&mut self) -> Value {
        let mut schemas = Map::new();
        for name in COMPONENTS
            .into_iter()
            .take(self.below(COMPONENTS.len() + 1))
        {
            schemas.insert(name.to_owned(), self.schema(0));
        }
        let mut paths = Map::new();
        for _ in 0..=self.below(3) {
            let path = self.one(&["/x", "/x/{id}", "/x/{id}/{name}", "/x/{id}:go", "/{", "/中"]);
            let method = self.one(&["get", "post", "put", "patch", "delete", "head"]);
            let operation = self.operation();
            paths.insert(path.to_owned(), json!({ method: operation }));
        }
        json!({
            "openapi": "3.0.3",
            "info": { "title": "Grown", "version": self.one(&["1", "", "1.2.3"]) },
            "paths": paths,
            "components": { "schemas": schemas },
        })
    }

    fn operation(&mut self) -> Value {
        let mut operation = Map::new();
        if !self.chance(4) {
            operation.insert("operationId".to_owned(), self.name().into());
        }
        let parameters: Vec<Value> = (0..self.below(4)).map(|_| self.parameter()).collect();
        if !parameters.is_empty() {
            operation.insert("parameters".to_owned(), parameters.into());
        }
        if self.chance(3) {
            operation.insert(
                "requestBody".to_owned(),
                json!({ "required": self.chance(2), "content": self.content() }),
            );
        }
        let mut responses = Map::new();
        for _ in 0..=self.below(2) {
            let status = self.one(&["200", "201", "204", "400", "4XX", "default"]);
            let answer = json!({ "description": "", "content": self.content() });
            responses.insert(status.to_owned(), answer);
        }
        operation.insert("responses".to_owned(), responses.into());
        operation.into()
    }

    fn parameter(&mut self) -> Value {
        json!({
            "name": self.name(),
            "in": self.one(&["query", "path", "header", "cookie", ""]),
            "required": self.chance(2),
            "explode": self.chance(2),
            "style": self.one(&["form", "simple", "deepObject", "pipeDelimited"]),
            "schema": self.schema(DEPTH - 3),
        })
    }

    fn content(&mut self) -> Value {
        let mut content = Map::new();
        for _ in 0..=self.below(2) {
            let media = self.one(&MEDIA);
            let schema = if self.chance(2) {
                json!({ "type": "object", "required": ["code", "message"], "properties": {
                    "data": self.schema(1), "code": { "type": "number" },
                    "message": { "type": "string" }, "requestId": { "type": "string" },
                } })
            } else {
                self.schema(0)
            };
            content.insert(media.to_owned(), json!({ "schema": schema }));
        }
        content.into()
    }

    /// Any schema, now and then something that is none.
    fn schema(&mut self, depth: usize) -> Value {
        let kinds = if depth < DEPTH { 12 } else { 6 };
        let mut schema = match self.below(kinds) {
            0 => json!({ "type": "string" }),
            1 => self.scalar(),
            2 => self.values(),
            3 => {
                return json!({ "$ref": format!("#/components/schemas/{}", self.one(&COMPONENTS)) });
            }
            4 => json!({}),
            5 => match self.below(8) {
                0 => return Value::Null,
                1 => return true.into(),
                2 => return json!([]),
                3 => json!({ "type": "null" }),
                4 => json!({ "type": ["string", "null"] }),
                5 => json!({ "$ref": "#/components/schemas/Gone" }),
                6 => json!({ "not": {} }),
                _ => json!({ "type": 3 }),
            },
            6 | 7 => self.object(depth),
            8 => json!({ "type": "array", "items": self.schema(depth + 1) }),
            9 => json!({ "allOf": self.branches(depth) }),
            10 => json!({ self.one(&["oneOf", "anyOf"]): self.branches(depth) }),
            _ => {
                let mut union = json!({ "oneOf": self.branches(depth) });
                union["discriminator"] = json!({ "propertyName": self.name() });
                if self.chance(2) {
                    union["discriminator"]["mapping"] = json!({ self.name(): format!("#/components/schemas/{}", self.one(&COMPONENTS)) });
                }
                union
            }
        };
        if self.chance(6) {
            schema["nullable"] = self.chance(2).into();
        }
        if self.chance(8) {
            schema["description"] = self
                .one(&["Words.", "*/ \" {}", "`a\n\n```", "\u{1b}[2J\r"])
                .into();
        }
        if self.chance(8) {
            schema["default"] = self.value();
        }
        if self.chance(12) {
            schema["required"] = json!([self.name()]);
        }
        schema
    }

    fn scalar(&mut self) -> Value {
        let kind = self.one(&["integer", "number", "boolean", "string"]);
        let mut schema = json!({ "type": kind });
        let (key, value) = match self.below(7) {
            0 => (
                "format",
                self.one(&["int32", "uint64", "date-time", "byte", "uuid", "?"])
                    .into(),
            ),
            1 => ("minimum", self.value()),
            2 => ("maximum", self.value()),
            3 => ("maxLength", self.value()),
            4 => ("pattern", self.one(&["^a+$", "[", "(a|a)*$"]).into()),
            _ => return schema,
        };
        schema[key] = value;
        schema
    }

    fn values(&mut self) -> Value {
        let values: Vec<Value> = (0..self.below(4)).map(|_| self.value()).collect();
        match self.below(3) {
            0 => json!({ "enum": values }),
            1 => json!({ "type": "integer", "enum": values }),
            _ => json!({ "type": "string", "enum": values }),
        }
    }

    fn object(&mut self, depth: usize) -> Value {
        let mut properties = Map::new();
        for _ in 0..self.below(4) {
            let name = self.name().to_owned();
            properties.insert(name, self.schema(depth + 1));
        }
        let mut object = json!({ "type": "object", "properties": properties });
        if self.chance(2) {
            object["required"] = json!([self.name(), self.name()]);
        }
        match self.below(6) {
            0 => object["additionalProperties"] = false.into(),
            1 => object["additionalProperties"] = self.schema(depth + 1),
            _ => {}
        }
        object
    }

    fn branches(&mut self, depth: usize) -> Vec<Value> {
        (0..self.below(4)).map(|_| self.schema(depth + 1)).collect()
    }

    /// Any small JSON value.
    fn value(&mut self) -> Value {
        match self.below(9) {
            0 => self.name().into(),
            1 => Value::Null,
            2 => (-1).into(),
            3 => 0.into(),
            4 => json!(1.5),
            5 => i64::MAX.into(),
            6 => json!(1e300),
            7 => json!([self.name()]),
            _ => true.into(),
        }
    }

    /// The same document with a few edits anywhere.
    pub(crate) fn edited(&mut self, document: &Value) -> Value {
        let mut document = document.clone();
        for _ in 0..=self.below(4) {
            let mut place = &mut document;
            while self.below(8) > 0 && can_go_down(place) {
                place = self.step(place);
            }
            match self.below(4) {
                0 => *place = self.schema(DEPTH - 2),
                1 => *place = self.value(),
                2 => remove(place, self.below(4)),
                _ => {
                    if let Some(object) = place.as_object_mut() {
                        let name = self.name().to_owned();
                        object.insert(name, self.schema(DEPTH - 1));
                    }
                }
            }
        }
        // What no reader takes is of no use.
        if let Some(members) = document.as_object_mut() {
            members.insert("openapi".to_owned(), "3.0.3".into());
        }
        document
    }

    fn step<'v>(&mut self, value: &'v mut Value) -> &'v mut Value {
        match value {
            Value::Array(items) => {
                let index = self.below(items.len());
                &mut items[index]
            }
            Value::Object(members) => {
                let index = self.below(members.len());
                members
                    .values_mut()
                    .nth(index)
                    .expect("it is below the length")
            }
            leaf => leaf,
        }
    }

    fn name(&mut self) -> &'static str {
        self.one(&NAMES)
    }

    fn one<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// True once in so many times.
    fn chance(&mut self, times: usize) -> bool {
        self.below(times) == 1
    }

    /// A number below the limit; 0 once the bytes are used up.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.choices.choose_index(limit.max(1)).unwrap_or_default()
    }
}

fn can_go_down(value: &Value) -> bool {
    match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => false,
    }
}

fn remove(place: &mut Value, index: usize) {
    match place {
        Value::Array(items) if index < items.len() => drop(items.remove(index)),
        Value::Object(members) => {
            if let Some(key) = members.keys().nth(index).cloned() {
                members.remove(&key);
            }
        }
        _ => {}
    }
}

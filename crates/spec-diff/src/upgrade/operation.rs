//! Operations of Swagger 2.0: parameters, bodies, forms, responses.

use super::{Member, Part, Upgrade, member, moved};
use crate::tree::Node;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// What a parameter says of itself rather than of its values.
const OF_PARAMETERS: [&str; 6] = [
    "name",
    "in",
    "description",
    "required",
    "allowEmptyValue",
    "deprecated",
];

/// Whether a parameter is the body, or a part of a form.
pub(super) fn is_body(parameter: Node<'_>) -> bool {
    matches!(place(parameter), "body" | "formData")
}

fn place(parameter: Node<'_>) -> &str {
    parameter.get("in").and_then(Node::str).unwrap_or("")
}

/// Media types that are listed, JSON if none are.
pub(super) fn media_types(holder: Node<'_>, key: &str) -> Vec<String> {
    let list = holder.get(key).into_iter().flat_map(Node::items);
    let mut all: Vec<String> = list.filter_map(Node::str).map(str::to_owned).collect();
    if all.is_empty() {
        all.push(JSON.to_owned());
    }
    all.dedup();
    all
}

impl<'d> Upgrade<'d> {
    /// What an operation says, or else the document.
    fn types(&self, operation: Node<'d>, key: &str) -> Vec<String> {
        let own = operation.get(key).is_some();
        media_types(if own { operation } else { self.root }, key)
    }

    /// A parameter, or what its reference to a shared one means.
    fn shared(&self, parameter: Node<'d>) -> Node<'d> {
        let reference = parameter.get("$ref").and_then(Node::str);
        let name = reference.and_then(|text| text.strip_prefix("#/parameters/"));
        let name = name.map(|name| name.replace("~1", "/").replace("~0", "~"));
        let there = name.and_then(|name| self.root.get("parameters")?.get(&name));
        there.unwrap_or(parameter)
    }

    pub(super) fn path_item(&mut self, item: Node<'d>) -> Part<'d> {
        if !item.is_object() {
            return self.same(item);
        }
        let around: Vec<Node<'d>> = item
            .get("parameters")
            .into_iter()
            .flat_map(Node::items)
            .collect();
        let mut all = Vec::new();
        for (key, at, value) in item.placed_members() {
            let value = match key {
                "parameters" => self.plain(value),
                "get" | "put" | "post" | "delete" | "options" | "head" | "patch" => {
                    self.operation(value, &around)
                }
                _ => self.same(value),
            };
            all.push((key.to_owned(), at, value));
        }
        Part::Map(all, item.offset())
    }

    /// The parameters of a list that are still parameters.
    fn plain(&mut self, list: Node<'d>) -> Part<'d> {
        let mut all = Vec::new();
        for parameter in list.items() {
            if !is_body(self.shared(parameter)) {
                all.push(self.parameter(parameter));
            }
        }
        Part::List(all, list.offset())
    }

    fn operation(&mut self, node: Node<'d>, around: &[Node<'d>]) -> Part<'d> {
        if !node.is_object() {
            return self.same(node);
        }
        let produces = self.types(node, "produces");
        let mut all = Vec::new();
        for (key, at, value) in node.placed_members() {
            match key {
                "consumes" | "produces" | "schemes" => {}
                "parameters" => all.push((key.to_owned(), at, self.plain(value))),
                "responses" => {
                    let list = self.each(value, |this, r| this.response(r, &produces));
                    all.push((key.to_owned(), at, list));
                }
                _ => all.push((key.to_owned(), at, self.same(value))),
            }
        }
        let own = node.get("parameters").into_iter().flat_map(Node::items);
        let mut parts: Vec<Node<'d>> = Vec::new();
        // The operation's own come first, and stand for those of the path with the same name.
        for parameter in own.chain(around.iter().copied()) {
            let parameter = self.shared(parameter);
            let name = |node: Node<'d>| (place(node), node.get("name").and_then(Node::str));
            let same = |other: &Node<'d>| {
                place(parameter) == "body" && place(*other) == "body"
                    || name(*other) == name(parameter)
            };
            if is_body(parameter) && !parts.iter().any(same) {
                parts.push(parameter);
            }
        }
        all.extend(self.request_body(node, &parts));
        Part::Map(all, node.offset())
    }

    fn request_body(&mut self, operation: Node<'d>, parts: &[Node<'d>]) -> Option<Member<'d>> {
        let consumes = self.types(operation, "consumes");
        let first = *parts.first()?;
        let at = first.offset();
        let mut all = Vec::new();
        if let Some(body) = parts.iter().copied().find(|part| place(*part) == "body") {
            for key in ["description", "required"] {
                all.extend(body.get(key).map(|value| (key, value)));
            }
            let mut all: Vec<Member<'d>> = all
                .into_iter()
                .map(|(key, value): (&str, Node<'d>)| member(key, self.same(value), value.offset()))
                .collect();
            let content = self.content(body.get("schema"), &consumes, at);
            all.push(member("content", content, at));
            return Some(member("requestBody", Part::Map(all, at), at));
        }
        let mut all = Vec::new();
        let required = |part: &Node<'d>| part.get("required").and_then(Node::bool) == Some(true);
        if parts.iter().any(required) {
            all.push(member("required", Part::True(at), at));
        }
        let has_file = parts
            .iter()
            .any(|part| part.get("type").and_then(Node::str) == Some("file"));
        let mut types: Vec<String> = consumes
            .into_iter()
            .filter(|t| t == FORM || t == MULTIPART)
            .collect();
        if has_file {
            types.retain(|t| t == MULTIPART);
        }
        if types.is_empty() {
            types.push(if has_file { MULTIPART } else { FORM }.to_owned());
        }
        let mut content = Vec::new();
        for media_type in &types {
            let media = vec![member("schema", self.form(parts, at), at)];
            let mut media = media;
            let lists: Vec<Member<'d>> = parts.iter().filter_map(|part| written(*part)).collect();
            if media_type == FORM && !lists.is_empty() {
                media.push(member("encoding", Part::Map(lists, at), at));
            }
            content.push(member(media_type, Part::Map(media, at), at));
        }
        all.push(member("content", Part::Map(content, at), at));
        Some(member("requestBody", Part::Map(all, at), at))
    }

    /// The schema of a form.
    fn form(&mut self, parts: &[Node<'d>], at: u32) -> Part<'d> {
        let (mut properties, mut required) = (Vec::new(), Vec::new());
        for part in parts {
            let Some(name) = part.get("name").and_then(Node::str) else {
                continue;
            };
            properties.push(member(name, self.values(*part), part.offset()));
            if part.get("required").and_then(Node::bool) == Some(true) {
                required.push(Part::Text(name.to_owned(), part.offset()));
            }
        }
        let mut all = vec![
            member("type", Part::Text("object".to_owned(), at), at),
            member("properties", Part::Map(properties, at), at),
        ];
        if !required.is_empty() {
            all.push(member("required", Part::List(required, at), at));
        }
        Part::Map(all, at)
    }

    pub(super) fn parameter(&mut self, node: Node<'d>) -> Part<'d> {
        if let Some(whole) = self.without_members(node) {
            return whole;
        }
        let mut all = Vec::new();
        for (key, at, value) in node.placed_members() {
            if OF_PARAMETERS.contains(&key) || key.starts_with("x-") && key != "x-nullable" {
                all.push((key.to_owned(), at, self.same(value)));
            }
        }
        let is_list = node.get("type").and_then(Node::str) == Some("array");
        if is_list && place(node) == "query" {
            all.extend(style(node));
        }
        all.push(member("schema", self.values(node), node.offset()));
        Part::Map(all, node.offset())
    }

    /// What a parameter or header says of its values.
    fn values(&mut self, node: Node<'d>) -> Part<'d> {
        let Part::Map(mut all, at) = self.schema(node) else {
            return self.same(node);
        };
        let of_values = |key: &str| {
            key == "nullable" || !OF_PARAMETERS.contains(&key) && !key.starts_with("x-")
        };
        all.retain(|(key, _, _)| of_values(key));
        Part::Map(all, at)
    }

    /// A reference, or what is no object at all, as a whole.
    fn without_members(&mut self, node: Node<'d>) -> Option<Part<'d>> {
        if let Some(reference) = node.get("$ref") {
            return Some(self.reference(reference, node));
        }
        (!node.is_object()).then(|| self.same(node))
    }

    fn reference(&mut self, reference: Node<'d>, holder: Node<'d>) -> Part<'d> {
        let at = reference.offset();
        match reference.str() {
            Some(text) => Part::Map(
                vec![member("$ref", Part::Text(moved(text), at), at)],
                holder.offset(),
            ),
            None => self.same(holder),
        }
    }

    pub(super) fn response(&mut self, node: Node<'d>, types: &[String]) -> Part<'d> {
        if let Some(whole) = self.without_members(node) {
            return whole;
        }
        let mut all = Vec::new();
        for (key, at, value) in node.placed_members() {
            match key {
                "examples" => {}
                "schema" => {
                    let content = self.content(Some(value), types, value.offset());
                    all.push(member("content", content, at));
                }
                "headers" => {
                    let headers = self.each(value, Self::parameter);
                    all.push((key.to_owned(), at, headers));
                }
                _ => all.push((key.to_owned(), at, self.same(value))),
            }
        }
        Part::Map(all, node.offset())
    }

    /// One schema in several media types.
    fn content(&mut self, schema: Option<Node<'d>>, types: &[String], at: u32) -> Part<'d> {
        let mut all = Vec::new();
        for media_type in types {
            let schema =
                schema.map(|schema| member("schema", self.schema(schema), schema.offset()));
            all.push(member(
                media_type,
                Part::Map(schema.into_iter().collect(), at),
                at,
            ));
        }
        Part::Map(all, at)
    }
}

/// How a list is written in a form, if it is one.
fn written(part: Node<'_>) -> Option<Member<'_>> {
    let name = part.get("name").and_then(Node::str)?;
    let is_list = part.get("type").and_then(Node::str) == Some("array");
    let at = part.offset();
    is_list.then(|| member(name, Part::Map(style(part), at), at))
}

/// `collectionFormat` as 3.0 says it.
fn style(node: Node<'_>) -> Vec<Member<'_>> {
    let at = node.offset();
    let (style, explode) = match node.get("collectionFormat").and_then(Node::str) {
        Some("multi") => ("form", true),
        Some("ssv") => ("spaceDelimited", false),
        Some("pipes") => ("pipeDelimited", false),
        _ => ("form", false),
    };
    vec![
        member("style", Part::Text(style.to_owned(), at), at),
        member(
            "explode",
            if explode {
                Part::True(at)
            } else {
                Part::False(at)
            },
            at,
        ),
    ]
}

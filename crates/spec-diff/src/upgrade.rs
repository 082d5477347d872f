//! Swagger 2.0 as OpenAPI 3.0: every value keeps the line it was written on.
//!
//! What both versions know is copied; what moved is put where 3.0 has it. References follow.

mod operation;

use crate::error::Error;
use crate::tree::{Builder, Node, Text, Tree, Value};

/// Values that are made at most for each one that was read: aliases of YAML can repeat themselves.
const MAX_GROWTH: usize = 20;

/// A value of the new document, with its offset in the text.
enum Part<'d> {
    /// As it is.
    Same(Node<'d>),
    Text(String, u32),
    True(u32),
    False(u32),
    List(Vec<Part<'d>>, u32),
    Map(Vec<Member<'d>>, u32),
}

/// Key, the offset of the key, value.
type Member<'d> = (String, u32, Part<'d>);

/// The document in the terms of 3.0.
pub(crate) fn upgrade(old: &Tree, name: &str) -> Result<Tree, Error> {
    let root = old.root();
    let mut upgrade = Upgrade {
        root,
        left: 100_000 + MAX_GROWTH * old.len() as usize,
    };
    let document = upgrade.document();
    if upgrade.left == 0 {
        let message = "the document repeats itself too often: write out fewer aliases";
        return Err(Error::new(name, Some(root.position()), message));
    }
    let mut builder = Builder::new(old.source().to_owned());
    write(&document, &mut builder).map_err(|key| {
        let message = format!("`{key}` is there twice, once in the terms of OpenAPI 3.0");
        Error::new(name, Some(root.position()), message)
    })?;
    Ok(builder.finish())
}

/// Recursive: readers refuse what is nested deeper than 200 levels.
fn write(part: &Part<'_>, builder: &mut Builder) -> Result<u32, String> {
    Ok(match part {
        Part::Same(node) => return copy(*node, builder),
        Part::Text(text, at) => {
            let text = builder.decoded(text);
            builder.string(text, *at)
        }
        Part::True(at) => builder.bool(true, *at),
        Part::False(at) => builder.bool(false, *at),
        Part::List(items, at) => {
            let opened = builder.open();
            for item in items {
                let item = write(item, builder)?;
                builder.item(item);
            }
            builder.close_array(opened, *at)
        }
        Part::Map(members, at) => {
            let opened = builder.open();
            for (key, key_at, value) in members {
                let value = write(value, builder)?;
                let key = builder.decoded(key);
                builder.member(key, *key_at, value);
            }
            builder.close_object(opened, *at).map_err(|d| d.key)?
        }
    })
}

fn copy(node: Node<'_>, builder: &mut Builder) -> Result<u32, String> {
    let at = node.offset();
    let text = |builder: &mut Builder, text: &str| -> Text { builder.decoded(text) };
    Ok(match node.value() {
        Value::Null => builder.null(at),
        Value::Bool(value) => builder.bool(value, at),
        Value::Number(number) => {
            let number = text(builder, number);
            builder.number(number, at)
        }
        Value::String(string) => {
            let string = text(builder, string);
            builder.string(string, at)
        }
        Value::Array => {
            let opened = builder.open();
            for item in node.items() {
                let item = copy(item, builder)?;
                builder.item(item);
            }
            builder.close_array(opened, at)
        }
        Value::Object => {
            let opened = builder.open();
            for (key, key_at, value) in node.placed_members() {
                let value = copy(value, builder)?;
                let key = text(builder, key);
                builder.member(key, key_at, value);
            }
            builder.close_object(opened, at).map_err(|d| d.key)?
        }
    })
}

/// A member that stands where another value stands.
fn member<'d>(key: &str, value: Part<'d>, at: u32) -> Member<'d> {
    (key.to_owned(), at, value)
}

/// Where a reference of 2.0 leads in 3.0.
fn moved(reference: &str) -> String {
    const MOVED: [(&str, &str); 3] = [
        ("#/definitions/", "#/components/schemas/"),
        ("#/parameters/", "#/components/parameters/"),
        ("#/responses/", "#/components/responses/"),
    ];
    let fits = |(from, to): (&str, &str)| Some(format!("{to}{}", reference.strip_prefix(from)?));
    let moved = MOVED.into_iter().find_map(fits);
    moved.unwrap_or_else(|| reference.to_owned())
}

struct Upgrade<'d> {
    root: Node<'d>,
    /// Values that may still be made.
    left: usize,
}

impl<'d> Upgrade<'d> {
    /// A value as it is, as long as there is room.
    fn same(&mut self, node: Node<'d>) -> Part<'d> {
        self.left = self.left.saturating_sub(node.weight(self.left));
        if self.left == 0 {
            return Part::Map(Vec::new(), node.offset());
        }
        Part::Same(node)
    }

    fn document(&mut self) -> Part<'d> {
        let root = self.root;
        let mut all = Vec::new();
        let mut components = Vec::new();
        for (key, at, value) in root.placed_members() {
            match key {
                "swagger" => {
                    let version = Part::Text("3.0.3".to_owned(), value.offset());
                    all.push(member("openapi", version, at));
                }
                "host" | "basePath" | "schemes" | "consumes" | "produces" => {}
                "paths" => {
                    let paths = self.each(value, Self::path_item);
                    all.push(member(key, paths, at));
                }
                "definitions" => {
                    let schemas = self.each(value, Self::schema);
                    components.push(member("schemas", schemas, at));
                }
                "parameters" => {
                    let plain = value
                        .placed_members()
                        .filter(|(_, _, p)| !operation::is_body(*p));
                    let plain: Vec<_> = plain.collect();
                    let list = plain.into_iter();
                    let list = list.map(|(key, at, p)| (key.to_owned(), at, self.parameter(p)));
                    let list = Part::Map(list.collect(), value.offset());
                    components.push(member("parameters", list, at));
                }
                "responses" => {
                    let types = operation::media_types(root, "produces");
                    let list = self.each(value, |this, r| this.response(r, &types));
                    components.push(member("responses", list, at));
                }
                "securityDefinitions" => {
                    let list = self.each(value, Self::security);
                    components.push(member("securitySchemes", list, at));
                }
                _ => all.push((key.to_owned(), at, self.same(value))),
            }
        }
        all.extend(self.servers());
        all.push(member(
            "components",
            Part::Map(components, root.offset()),
            root.offset(),
        ));
        Part::Map(all, root.offset())
    }

    fn each(
        &mut self,
        map: Node<'d>,
        change: impl Fn(&mut Self, Node<'d>) -> Part<'d>,
    ) -> Part<'d> {
        if !map.is_object() {
            return self.same(map);
        }
        let members = map.placed_members();
        let members = members.map(|(key, at, value)| {
            let value = if key.starts_with("x-") {
                self.same(value)
            } else {
                change(self, value)
            };
            (key.to_owned(), at, value)
        });
        Part::Map(members.collect(), map.offset())
    }

    fn servers(&self) -> Option<Member<'d>> {
        let text = |key: &str| self.root.get(key).and_then(Node::str);
        let holder = self
            .root
            .get("host")
            .or_else(|| self.root.get("basePath"))?;
        let (host, base) = (text("host"), text("basePath").unwrap_or(""));
        let at = holder.offset();
        let schemes = self.root.get("schemes").into_iter().flat_map(Node::items);
        let schemes: Vec<&str> = schemes.filter_map(Node::str).collect();
        let urls: Vec<String> = match host {
            None => vec![base.to_owned()],
            Some(host) if schemes.is_empty() => vec![format!("//{host}{base}")],
            Some(host) => schemes
                .iter()
                .map(|scheme| format!("{scheme}://{host}{base}"))
                .collect(),
        };
        let server = |url| Part::Map(vec![member("url", Part::Text(url, at), at)], at);
        Some(member(
            "servers",
            Part::List(urls.into_iter().map(server).collect(), at),
            at,
        ))
    }

    fn schema(&mut self, node: Node<'d>) -> Part<'d> {
        self.left = self.left.saturating_sub(1);
        if !node.is_object() || self.left == 0 {
            return self.same(node);
        }
        let mut all = Vec::new();
        for (key, at, value) in node.placed_members() {
            let text = |text: &str| Part::Text(text.to_owned(), value.offset());
            match (key, value.str()) {
                ("$ref", Some(reference)) => all.push(member(key, text(&moved(reference)), at)),
                ("type", Some("file")) => {
                    all.push(member(key, text("string"), at));
                    all.push(member("format", text("binary"), at));
                }
                ("discriminator", Some(property)) => {
                    let name = member("propertyName", text(property), at);
                    all.push(member(key, Part::Map(vec![name], value.offset()), at));
                }
                ("x-nullable", _) => all.push(member("nullable", self.same(value), at)),
                ("collectionFormat", _) => {}
                ("properties", _) => {
                    // Names of properties may begin with `x-`.
                    let list = value.placed_members();
                    let list =
                        list.map(|(key, at, inner)| (key.to_owned(), at, self.schema(inner)));
                    let list = Part::Map(list.collect(), value.offset());
                    all.push(member(key, list, at));
                }
                ("items" | "additionalProperties" | "not", _) => {
                    let inner = self.schema(value);
                    all.push(member(key, inner, at));
                }
                ("allOf" | "anyOf" | "oneOf", _) => {
                    let list = value.items().map(|inner| self.schema(inner)).collect();
                    all.push(member(key, Part::List(list, value.offset()), at));
                }
                _ => all.push(member(key, self.same(value), at)),
            }
        }
        Part::Map(all, node.offset())
    }

    fn security(&mut self, scheme: Node<'d>) -> Part<'d> {
        let at = scheme.offset();
        let text = |text: &str| Part::Text(text.to_owned(), at);
        match scheme.get("type").and_then(Node::str) {
            Some("basic") => {
                let all = vec![
                    member("type", text("http"), at),
                    member("scheme", text("basic"), at),
                ];
                Part::Map(all, at)
            }
            Some("oauth2") => {
                let flow = match scheme.get("flow").and_then(Node::str) {
                    Some("application") => "clientCredentials",
                    Some("accessCode") => "authorizationCode",
                    Some("password") => "password",
                    _ => "implicit",
                };
                let mut inside = Vec::new();
                for key in ["authorizationUrl", "tokenUrl", "scopes"] {
                    if let Some(value) = scheme.get(key) {
                        inside.push(member(key, self.same(value), value.offset()));
                    }
                }
                let flows = Part::Map(vec![member(flow, Part::Map(inside, at), at)], at);
                Part::Map(
                    vec![
                        member("type", text("oauth2"), at),
                        member("flows", flows, at),
                    ],
                    at,
                )
            }
            _ => self.same(scheme),
        }
    }
}

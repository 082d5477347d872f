//! A place in a document in words: `Pet.owner.name`, `GET /pets, response 200, application/json: [].id`.
//!
//! The words do not depend on positions in lists, as these shift; fingerprints are made from them.

use std::fmt::Write as _;

use crate::context::{PARTS_OF_FILES, SCHEMAS_OF_FILES};
use crate::escape::{SHOWN, SHOWN_KEY, shortened};
use crate::tree::Node;

/// Where a node is.
pub(crate) fn of(node: Node<'_>) -> String {
    in_words(&chain(node, None))
}

/// Where a node is for those who come from `holder`, which refers to `root`: there a reader must look.
pub(crate) fn through(holder: Node<'_>, root: Node<'_>, node: Node<'_>) -> String {
    let below = chain(node, Some(root));
    if below.first() == Some(&root) {
        let mut all = chain(holder, None);
        all.extend(&below[1..]);
        in_words(&all)
    } else {
        of(node)
    }
}

/// The node with all that hold it, the outermost first, up to `end`.
fn chain<'d>(node: Node<'d>, end: Option<Node<'d>>) -> Vec<Node<'d>> {
    let mut chain = Vec::new();
    let mut at = Some(node);
    while let Some(node) = at {
        chain.push(node);
        at = node.parent().filter(|_| Some(node) != end);
    }
    chain.reverse();
    chain
}

fn in_words(chain: &[Node<'_>]) -> String {
    let mut words = Words::default();
    let mut rest = &chain[1..];
    while let [first, tail @ ..] = rest {
        let used = words.take(*first, tail);
        rest = &rest[used.min(rest.len())..];
    }
    shortened(&words.finish(), SHOWN)
}

/// The key of a node, cut if nobody would read it to its end.
fn shown(node: Node<'_>) -> String {
    shortened(node.key().unwrap_or(""), SHOWN_KEY)
}

#[derive(Default)]
struct Words {
    head: Vec<String>,
    path: String,
    in_schema: bool,
    /// Whether the path is a keyword of the schema itself, which must not read like a property.
    is_keyword: bool,
    /// Whether the head is the name of a whole file.
    is_file: bool,
}

impl Words {
    /// Takes up the next node, and possibly those after it. Returns how many.
    fn take(&mut self, node: Node<'_>, tail: &[Node<'_>]) -> usize {
        let key = &*shown(node);
        let next = tail.first().copied();
        let name = &*next.map(shown).unwrap_or_default();
        if self.in_schema {
            return self.take_in_schema(node, key, next);
        }
        match (key, next) {
            ("paths" | "webhooks", Some(_)) => {
                let webhook = if key == "webhooks" { "webhook " } else { "" };
                match tail.get(1).and_then(|method| method.key()) {
                    Some("parameters") | None => {
                        self.head.push(format!("{webhook}{name}"));
                        2
                    }
                    Some(method) => {
                        self.head
                            .push(format!("{} {webhook}{name}", method.to_ascii_uppercase()));
                        3
                    }
                }
            }
            ("components", Some(_)) => {
                let Some(component) = tail.get(1).copied().map(shown) else {
                    self.head.push(format!("components {name}"));
                    return 2;
                };
                if name == "schemas" {
                    self.head.push(component);
                    self.in_schema = true;
                } else {
                    self.head.push(format!("{} {component}", singular(name)));
                }
                3
            }
            (SCHEMAS_OF_FILES | PARTS_OF_FILES, Some(entry)) => {
                let entry = entry.key().unwrap_or_default();
                self.head.push(shortened(&in_file(entry), SHOWN_KEY));
                self.is_file = entry.ends_with('#');
                self.in_schema = key == SCHEMAS_OF_FILES;
                2
            }
            ("parameters", Some(parameter)) if parameter.key().is_none() => {
                self.head.push(parameter_words(parameter));
                2
            }
            ("responses", Some(_)) => {
                self.head.push(format!("response {name}"));
                2
            }
            ("headers", Some(_)) => {
                self.head
                    .push(format!("header {}", name.to_ascii_lowercase()));
                2
            }
            ("content", Some(_)) => {
                self.head.push(name.to_owned());
                2
            }
            ("callbacks", Some(_)) => {
                self.head.push(format!("callback {name}"));
                2
            }
            ("requestBody", _) => {
                self.head.push("request body".to_owned());
                1
            }
            ("schema", _) => {
                self.in_schema = true;
                1
            }
            ("tags" | "servers" | "security", Some(item)) if item.key().is_none() => {
                self.head.push(key.to_owned());
                2
            }
            _ => {
                self.head.push(if key.is_empty() {
                    node.slot().to_string()
                } else {
                    key.to_owned()
                });
                1
            }
        }
    }

    fn take_in_schema(&mut self, node: Node<'_>, key: &str, next: Option<Node<'_>>) -> usize {
        match (key, next) {
            ("properties", Some(property)) => {
                if !self.path.is_empty() {
                    self.path.push('.');
                }
                self.path.push_str(&shown(property));
                2
            }
            ("items", _) => {
                self.path.push_str("[]");
                1
            }
            ("additionalProperties", _) if node.is_object() => {
                self.path.push_str("[*]");
                1
            }
            ("allOf" | "oneOf" | "anyOf", Some(member)) => {
                let _ = write!(self.path, "({key} {})", member_words(member));
                2
            }
            // Which of the values it is, is said by before and after.
            ("enum" | "required" | "x-extensible-enum", Some(_)) => {
                self.keyword(key);
                2
            }
            _ => {
                self.keyword(if key.is_empty() { "item" } else { key });
                1
            }
        }
    }

    fn keyword(&mut self, key: &str) {
        if self.path.is_empty() {
            self.is_keyword = true;
        } else {
            self.path.push(' ');
        }
        self.path.push_str(key);
    }

    fn finish(self) -> String {
        let head = self.head.join(", ");
        match (head.is_empty(), self.path.is_empty()) {
            (true, _) => "the document".to_owned(),
            (false, true) => head,
            (false, false) if self.head.len() == 1 && self.is_keyword => {
                format!("{head} {}", self.path)
            }
            // `pet.yaml.name` would read like a file.
            (false, false) if self.head.len() == 1 && self.is_file => {
                format!("{head}: {}", self.path)
            }
            // A component reads like a type, and its properties like fields.
            (false, false) if self.head.len() == 1 && !self.path.starts_with(['[', '(']) => {
                format!("{head}.{}", self.path)
            }
            (false, false) if self.head.len() == 1 => format!("{head}{}", self.path),
            (false, false) => format!("{head}: {}", self.path),
        }
    }
}

/// What a component of a kind is called.
fn singular(kind: &str) -> &str {
    match kind {
        "requestBodies" => "request body",
        "securitySchemes" => "security scheme",
        "pathItems" => "path",
        other => other.strip_suffix('s').unwrap_or(other),
    }
}

fn parameter_words(parameter: Node<'_>) -> String {
    let text = |key: &str| parameter.get(key).and_then(Node::str);
    match (text("in"), text("name"), text("$ref")) {
        (Some(place), Some(name), _) => {
            format!("{place} parameter {}", shortened(name, SHOWN_KEY))
        }
        (_, _, Some(reference)) => format!("parameter {}", referred(reference)),
        _ => format!("parameter {}", parameter.slot()),
    }
}

fn member_words(member: Node<'_>) -> String {
    let text = |key: &str| member.get(key).and_then(Node::str);
    match (text("$ref"), text("title")) {
        (Some(reference), _) => shortened(&referred(reference), SHOWN_KEY),
        (_, Some(title)) => shortened(title, SHOWN_KEY),
        _ => match (member.key(), text("type")) {
            (Some(key), _) => key.to_owned(),
            (None, Some(kind)) => format!("{kind} {}", member.slot()),
            _ => member.slot().to_string(),
        },
    }
}

/// What a reference leads to, by its last name.
fn referred(reference: &str) -> String {
    as_reference(reference).map_or_else(
        || reference.rsplit('/').next().unwrap_or(reference).to_owned(),
        |entry| in_file(&entry),
    )
}

/// A pointer to a thing of another file as a reference from the document to the file; `None` for any other text.
pub(crate) fn as_reference(pointer: &str) -> Option<String> {
    let rest = pointer.strip_prefix("#/x-spec-diff-")?;
    let (_, entry) = rest.split_once('/')?;
    let entry = entry.replace("~1", "/").replace("~0", "~");
    let entry = entry.strip_suffix('#').unwrap_or(&entry);
    Some(entry.replace("%25", "%"))
}

/// A thing of another file by the file and its name there: `pets.yaml#Pet`, or the file alone.
fn in_file(entry: &str) -> String {
    let (file, pointer) = entry.split_once('#').unwrap_or((entry, ""));
    if pointer.is_empty() {
        return file.to_owned();
    }
    let usual = ["/components/schemas/", "/definitions/", "/$defs/", "/"];
    let name = usual.iter().find_map(|start| pointer.strip_prefix(start));
    format!("{file}#{}", name.unwrap_or(pointer))
}

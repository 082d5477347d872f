//! YAML 1.2 by its core schema, as far as it can say what JSON can.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError};

use crate::error::{Error, Position};
use crate::read::MAX_DEPTH;
use crate::tree::{Builder, Node, NodeId, Text, Tree};

/// Members that `<<` may add, so that a small file cannot unfold into a large one.
const MAX_WEIGHT: usize = 4_000_000;

/// Reads one YAML document.
pub(crate) fn read(text: &str, name: &str) -> Result<Tree, Error> {
    let mut reader = Reader {
        name,
        builder: Builder::new(text.to_owned()),
        frames: Vec::new(),
        anchors: HashMap::new(),
        documents: 0,
        root: None,
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|e| reader.scan_fault(&e))?;
        reader.event(event, span.start)?;
    }
    if reader.root.is_none() {
        return Err(Error::new(name, None, "the document is empty"));
    }
    let tree = reader.builder.finish();
    if depth(&tree) > MAX_DEPTH {
        let what =
            format!("nested deeper than {MAX_DEPTH} levels once its aliases are written out");
        return Err(Error::new(name, Some(tree.root().position()), what));
    }
    Ok(tree)
}

/// Containers inside containers, with every alias written out. Children come before their parents.
fn depth(tree: &Tree) -> usize {
    let mut depths: Vec<usize> = Vec::with_capacity(tree.len() as usize);
    for id in 0..tree.len() {
        let node = tree.node(id);
        let members = node.members().map(|(_, value)| value);
        let inner = node.items().chain(members).map(|it| it.id() as usize);
        let inner = inner.filter_map(|id| depths.get(id).map(|depth| depth + 1));
        depths.push(inner.max().unwrap_or(0));
    }
    depths.last().copied().unwrap_or(0)
}

struct Frame {
    opened: (usize, usize),
    at: u32,
    anchor: usize,
    key: Option<(Text, u32)>,
    /// Values of `<<`, which yield to the object's own members.
    merges: Vec<NodeId>,
    merge_next: bool,
    is_object: bool,
}

struct Reader<'t> {
    name: &'t str,
    builder: Builder,
    frames: Vec<Frame>,
    anchors: HashMap<usize, NodeId>,
    documents: usize,
    root: Option<NodeId>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, mark: Marker) -> Result<(), Error> {
        let at = self.builder.offset(mark.line(), mark.col());
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(self.fault(at, "more than one document in the file: keep one"));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                if self.wants_key() {
                    let frame = self.frames.last_mut();
                    if let Some(frame) = frame {
                        if style == ScalarStyle::Plain && text == "<<" {
                            frame.merge_next = true;
                        }
                        frame.key = Some((self.builder.decoded(&text), at));
                    }
                    return Ok(());
                }
                let is_text = tag.is_some_and(|t| t.is_yaml_core_schema() && t.suffix == "str");
                let node = if style == ScalarStyle::Plain && !is_text {
                    self.plain(&text, at)
                } else {
                    let text = self.builder.decoded(&text);
                    self.builder.string(text, at)
                };
                self.complete(node, anchor, at)?;
            }
            Event::SequenceStart(anchor, _) => self.start(anchor, at, false)?,
            Event::MappingStart(anchor, _) => self.start(anchor, at, true)?,
            Event::SequenceEnd | Event::MappingEnd => self.end()?,
            Event::Alias(anchor) => {
                let Some(&node) = self.anchors.get(&anchor) else {
                    return Err(self.fault(at, "an alias that stands inside its own anchor"));
                };
                self.complete(node, 0, at)?;
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn wants_key(&self) -> bool {
        self.frames
            .last()
            .is_some_and(|f| f.is_object && f.key.is_none())
    }

    fn start(&mut self, anchor: usize, at: u32, is_object: bool) -> Result<(), Error> {
        if self.wants_key() {
            return Err(self.fault(at, "a key must be plain text"));
        }
        if self.frames.len() >= MAX_DEPTH {
            return Err(self.fault(at, &format!("nested deeper than {MAX_DEPTH} levels")));
        }
        self.frames.push(Frame {
            opened: self.builder.open(),
            at,
            anchor,
            key: None,
            merges: Vec::new(),
            merge_next: false,
            is_object,
        });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Error> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        let node = if frame.is_object {
            for &from in &frame.merges {
                self.builder.merge(from, frame.opened.0);
                if self.builder.weight() > MAX_WEIGHT {
                    return Err(self.fault(frame.at, "`<<` makes the document too large"));
                }
            }
            self.builder
                .close_object(frame.opened, frame.at)
                .map_err(|twice| {
                    let message = format!("`{}` is in this mapping twice: remove one", twice.key);
                    Error::new(self.name, Some(twice.position), message)
                })?
        } else {
            self.builder.close_array(frame.opened, frame.at)
        };
        self.complete(node, frame.anchor, frame.at)
    }

    fn complete(&mut self, node: NodeId, anchor: usize, at: u32) -> Result<(), Error> {
        if anchor != 0 {
            self.anchors.insert(anchor, node);
        }
        if self.wants_key() {
            return Err(self.fault(at, "a key must be plain text"));
        }
        match self.frames.last_mut() {
            None => self.root = Some(node),
            Some(frame) if frame.merge_next => {
                frame.merge_next = false;
                frame.key = None;
                // `<<` takes one mapping or a list of them, of which the first has precedence.
                let tree = self.builder.tree();
                if tree.node(node).is_object() {
                    frame.merges.push(node);
                } else {
                    let list: Vec<NodeId> = tree.node(node).items().map(Node::id).collect();
                    if list.is_empty() || list.iter().any(|&item| !tree.node(item).is_object()) {
                        return Err(self.fault(at, "`<<` takes a mapping or a list of mappings"));
                    }
                    frame.merges.extend(list);
                }
            }
            Some(frame) => match frame.key.take() {
                Some((key, key_at)) => self.builder.member(key, key_at, node),
                None => self.builder.item(node),
            },
        }
        Ok(())
    }

    /// A plain scalar by the core schema.
    fn plain(&mut self, text: &str, at: u32) -> NodeId {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => self.builder.null(at),
            "true" | "True" | "TRUE" => self.builder.bool(true, at),
            "false" | "False" | "FALSE" => self.builder.bool(false, at),
            _ => {
                let written = in_another_base(text);
                let number = written.is_some() || is_number(text);
                let text = self.builder.decoded(written.as_deref().unwrap_or(text));
                if number {
                    self.builder.number(text, at)
                } else {
                    self.builder.string(text, at)
                }
            }
        }
    }

    fn fault(&self, at: u32, what: &str) -> Error {
        let position = self.builder.position(at);
        Error::new(
            self.name,
            Some(position),
            format!("not usable YAML: {what}"),
        )
    }

    fn scan_fault(&self, e: &ScanError) -> Error {
        let position = Position {
            line: u32::try_from(e.marker().line()).unwrap_or(u32::MAX),
            column: u32::try_from(e.marker().col())
                .unwrap_or(u32::MAX)
                .saturating_add(1),
        };
        Error::new(
            self.name,
            Some(position),
            format!("not valid YAML: {}", e.info()),
        )
    }
}

/// `0o17` and `0x1F` as decimals, which the core schema has beside those; too large ones stay text.
fn in_another_base(text: &str) -> Option<String> {
    let (digits, base) = match (text.strip_prefix("0o"), text.strip_prefix("0x")) {
        (Some(digits), _) => (digits, 8),
        (_, Some(digits)) => (digits, 16),
        _ => return None,
    };
    // `from_str_radix` would take a sign.
    let plain = digits.starts_with(|c: char| c.is_digit(base));
    let value = u128::from_str_radix(digits, base).ok().filter(|_| plain)?;
    Some(value.to_string())
}

/// Decimal integers and floats; `inf` and `nan` stay text, as JSON has no such numbers.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.contains(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'))
        && text.parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Value;

    #[test]
    fn scalars_follow_the_core_schema() {
        let text = "a: 1\nb: '1'\nc: yes\nd: ~\ne: 2024-01-01\nf: -1.5e3\n200: x\n";
        let tree = read(text, "t.yaml").unwrap();
        let get = |key| tree.root().get(key).unwrap().value();
        assert!(matches!(get("a"), Value::Number("1")));
        assert!(matches!(get("b"), Value::String("1")));
        assert!(matches!(get("c"), Value::String("yes")));
        assert!(matches!(get("d"), Value::Null));
        assert!(matches!(get("e"), Value::String("2024-01-01")));
        assert!(matches!(get("f"), Value::Number("-1.5e3")));
        assert!(matches!(get("200"), Value::String("x")));
    }

    #[test]
    fn anchors_merges_and_places() {
        let text = "base: &b\n  x: 1\n  y: 2\nother:\n  <<: *b\n  y: 3\nlist: [*b]\n";
        let tree = read(text, "t.yaml").unwrap();
        assert!(matches!(
            tree.at_pointer("/other/y").unwrap().value(),
            Value::Number("3")
        ));
        assert!(matches!(
            tree.at_pointer("/other/x").unwrap().value(),
            Value::Number("1")
        ));
        assert_eq!(tree.at_pointer("/other/y").unwrap().position().line, 6);
        assert!(tree.at_pointer("/list/0/x").is_some());
    }

    #[test]
    fn bad_input_is_named_with_its_place() {
        let fault = |t: &str| read(t, "t.yaml").expect_err("must fail").to_string();
        assert!(fault("a: [1\nb: 2").starts_with("t.yaml:"));
        assert!(fault("a: 1\na: 2").contains("t.yaml:2:1: `a` is in this mapping twice"));
        assert!(fault("").contains("empty"));
        assert!(fault("a: &x [*x]").contains("its own anchor"));
        assert!(fault(&"- ".repeat(5000)).contains("nested deeper"));
    }

    #[test]
    fn aliases_cannot_multiply_depth() {
        let mut text = String::from("a0: &a0 x\n");
        for i in 1..3000 {
            use std::fmt::Write as _;
            let (open, close) = ("[".repeat(150), "]".repeat(150));
            let _ = writeln!(text, "a{i}: &a{i} {open}*a{}{close}", i - 1);
        }
        let error = read(&text, "t.yaml").expect_err("must fail").to_string();
        assert!(error.contains("nested deeper"), "{error}");
    }

    #[test]
    fn aliases_cannot_multiply_memory() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x]\n");
        for i in 1..40 {
            use std::fmt::Write as _;
            let p = i - 1;
            let _ = writeln!(
                text,
                "a{i}: &a{i} [*a{p}, *a{p}, *a{p}, *a{p}, *a{p}, *a{p}]"
            );
        }
        assert!(read(&text, "t.yaml").is_ok());
    }
}

//! A document in one form, whatever it was written in: for tools that compare lines.

use std::fmt::Write as _;

use crate::document::Document;
use crate::escape::shortened;
use crate::tree::{Node, Value};

/// Bytes beyond which nothing more is written: aliases of YAML can repeat themselves.
const MAX_LENGTH: usize = 64 << 20;
/// Characters of one text: a line that nobody can read compares no better.
const MAX_TEXT: usize = 100_000;

/// The document as indented JSON with sorted keys, so that layout, order of keys, quotes and anchors make no
/// difference; lists keep their order. Documents beyond 64 MiB of such text end early, with a line that says so.
pub fn plain(document: &Document) -> String {
    let mut out = String::new();
    write(document.tree().root(), 0, &mut out);
    if out.len() > MAX_LENGTH {
        out.push_str("\n... cut: the document is too large");
    }
    out.push('\n');
    out
}

/// Recursive: readers refuse what is nested deeper than 200 levels.
fn write(node: Node<'_>, depth: usize, out: &mut String) {
    if out.len() > MAX_LENGTH {
        return;
    }
    let line = |out: &mut String, depth: usize| {
        let _ = write!(out, "\n{:1$}", "", 2 * depth);
    };
    match node.value() {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Value::Number(number) => out.push_str(number),
        Value::String(text) => out.push_str(&quoted(text)),
        Value::Array | Value::Object if node.len() == 0 => {
            out.push_str(if node.is_object() { "{}" } else { "[]" });
        }
        Value::Array => {
            out.push('[');
            for (place, item) in node.items().enumerate() {
                out.push_str(if place > 0 { "," } else { "" });
                line(out, depth + 1);
                write(item, depth + 1, out);
            }
            line(out, depth);
            out.push(']');
        }
        Value::Object => {
            let mut members: Vec<_> = node.members().collect();
            members.sort_unstable_by_key(|(key, _)| *key);
            out.push('{');
            for (place, (key, value)) in members.into_iter().enumerate() {
                out.push_str(if place > 0 { "," } else { "" });
                line(out, depth + 1);
                let _ = write!(out, "{}: ", quoted(key));
                write(value, depth + 1, out);
            }
            line(out, depth);
            out.push('}');
        }
    }
}

/// A text as JSON writes it, which leaves no control character as it is.
fn quoted(text: &str) -> String {
    serde_json::Value::from(shortened(text, MAX_TEXT)).to_string()
}

//! Values as short text, for "before" and "after".

use crate::place;
use crate::tree::{Node, Value};

/// Characters of a value that a report shows.
const LIMIT: usize = 160;

/// The value as compact JSON, cut with `…` where it is long.
pub(crate) fn brief(node: Node<'_>) -> String {
    let mut out = String::new();
    write(node, &mut out);
    crate::escape::shortened(&out, LIMIT)
}

fn write(node: Node<'_>, out: &mut String) {
    if out.len() > 4 * LIMIT {
        return;
    }
    match node.value() {
        Value::Null => out.push_str("null"),
        Value::Bool(b) => out.push_str(if b { "true" } else { "false" }),
        Value::Number(text) => out.push_str(text),
        Value::String(text) => quoted(text, out),
        Value::Array => {
            out.push('[');
            for (i, item) in node.items().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                if out.len() > 4 * LIMIT {
                    break;
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object => {
            out.push('{');
            for (i, (key, value)) in node.members().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                if out.len() > 4 * LIMIT {
                    break;
                }
                quoted(key, out);
                out.push(':');
                match value.str().and_then(place::as_reference) {
                    Some(reference) => quoted(&reference, out),
                    None => write(value, out),
                }
            }
            out.push('}');
        }
    }
}

fn quoted(text: &str, out: &mut String) {
    let text = crate::escape::shortened(text, LIMIT);
    out.push_str(&serde_json::Value::String(text).to_string());
}

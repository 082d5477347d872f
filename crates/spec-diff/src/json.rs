//! A document in one piece, as JSON: from JSON or YAML, from one file or many, and of Swagger 2.0 as OpenAPI 3.0.

use crate::bundle::{Takes, bundle, is_url};
use crate::context::contexts;
use crate::error::Error;
use crate::read;
use crate::refs;
use crate::tree::{Node, Tree, Value};
use crate::upgrade::upgrade;

/// Values that the text may have: aliases of YAML repeat what they name.
const MAX_VALUES: usize = 8_000_000;

/// Reads a document in JSON or YAML, with the files that it refers to, and writes it as one JSON text.
///
/// Numbers are written as they were, texts stay texts, and nothing is resolved: a `$ref` leads into the same document.
/// What a path, a webhook or a component of the document is in another file takes its place. Everything else of other
/// files that is referred to becomes a member of the root member [`SCHEMAS_OF_FILES`](crate::SCHEMAS_OF_FILES) if it is a
/// schema, else of [`PARTS_OF_FILES`](crate::PARTS_OF_FILES), under the path of its file, `#` and its pointer there.
/// `load` is asked as by [`Document::parse_with`](crate::Document::parse_with), and [`Folder`](crate::Folder) answers.
///
/// ```
/// let text = b"openapi: 3.1.0\npaths: {}\ninfo: { title: Clinic, version: '1.0' }";
/// let json = spec_diff::to_json(text, "clinic.yaml", &mut |_| Err("no other files".to_owned()))?;
/// assert_eq!(json, r#"{"openapi":"3.1.0","paths":{},"info":{"title":"Clinic","version":"1.0"}}"#);
/// # Ok::<(), spec_diff::Error>(())
/// ```
///
/// # Errors
///
/// Those of [`Document::parse_with`](crate::Document::parse_with), save that neither the version of the document is checked
/// nor where its inner references lead, that a reference may lead to a text or a list as well, and that one to a URL
/// stays as it is if there are no other files; and YAML whose aliases repeat too much.
pub fn to_json(
    bytes: &[u8],
    name: &str,
    load: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
) -> Result<String, Error> {
    let mut tree = read::read(bytes, name)?;
    if tree.root().get("swagger").and_then(Node::str) == Some("2.0") {
        tree = upgrade(&tree, name)?;
    } else if leads_out(&tree) {
        tree = bundle(&tree, name, Takes::Anything, load)?;
    }
    let root = tree.root();
    if root.weight(MAX_VALUES) >= MAX_VALUES {
        let what = "the document repeats itself too often: write out fewer aliases";
        return Err(Error::new(name, Some(root.position()), what));
    }
    let mut text = String::new();
    write(root, &mut text);
    Ok(text)
}

fn leads_out(tree: &Tree) -> bool {
    let found = refs::find(tree, &contexts(tree));
    // What is at a URL is not fetched: such a reference stays as it is.
    found
        .iter()
        .any(|(.., text)| !text.starts_with('#') && !is_url(text))
}

/// Recursive: readers refuse what is nested deeper than 200 levels.
fn write(node: Node<'_>, text: &mut String) {
    match node.value() {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if value { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&as_json(number)),
        Value::String(string) => text.push_str(&quoted(string)),
        Value::Array => {
            text.push('[');
            for (place, item) in node.items().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        Value::Object => {
            text.push('{');
            for (place, (key, value)) in node.members().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                text.push_str(&quoted(key));
                text.push(':');
                write(value, text);
            }
            text.push('}');
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A number as JSON spells it: YAML has `+1`, `.5`, `1.` and `007` as well.
fn as_json(number: &str) -> String {
    let (sign, digits) = match number.strip_prefix(['-', '+']) {
        Some(digits) if number.starts_with('-') => ("-", digits),
        Some(digits) => ("", digits),
        None => ("", number),
    };
    let end = digits.find(['e', 'E']).unwrap_or(digits.len());
    let (mantissa, exponent) = digits.split_at(end);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str, name: &str) -> Result<String, String> {
        let files = |path: &str| match path {
            "rooms/hall.yaml" => Ok(b"type: object\nproperties: { next: { $ref: '#' } }".to_vec()),
            _ => Err("there is no such file".to_owned()),
        };
        to_json(text.as_bytes(), name, &mut { files }).map_err(|error| error.to_string())
    }

    #[test]
    fn values_are_what_they_were() {
        let text = "a: [1.0, '1.0', yes, on, ~, 18446744073709551616, +7, .5, 1., 0x1F, 2024-05-06, -0]\nb: \"\\u0007\\\"\"";
        assert_eq!(
            json(text, "t.yaml").unwrap(),
            r#"{"a":[1.0,"1.0","yes","on",null,18446744073709551616,7,0.5,1,31,"2024-05-06",-0],"b":"\u0007\""}"#
        );
        assert_eq!(
            json("{\"a\":1e5}", "t.json").unwrap(),
            "{\"a\":1e5}",
            "JSON as it is"
        );
    }

    #[test]
    fn other_files_are_beside_and_none_are_fetched() {
        let with = |target: &str| {
            format!("openapi: 3.0.3\nx-mine: {{ schema: {{ items: {{ $ref: '{target}' }} }} }}")
        };
        // What is in an extension is data.
        assert!(
            !json(&with("gone.yaml"), "t.yaml")
                .unwrap()
                .contains(crate::SCHEMAS_OF_FILES)
        );
        let with = |target: &str| {
            format!("components: {{ schemas: {{ A: {{ items: {{ $ref: '{target}' }} }} }} }}")
        };
        let joined = json(&with("rooms/hall.yaml"), "t.yaml").unwrap();
        let there = r##"{"$ref":"#/x-spec-diff-schemas/rooms~1hall.yaml#"}"##;
        assert_eq!(joined.matches(there).count(), 2, "{joined}");
        let error = json(&with("gone.yaml"), "t.yaml").unwrap_err();
        assert!(error.contains("there is no such file"), "{error}");
        let url = "https://a.example/b.yaml";
        assert!(json(&with(url), "t.yaml").unwrap().contains(url));
    }

    #[test]
    fn swagger_comes_as_openapi() {
        let text = "swagger: '2.0'\ninfo: {}\npaths: {}\ndefinitions: { A: { type: string } }";
        let json = json(text, "t.yaml").unwrap();
        assert!(json.starts_with(r#"{"openapi":"3.0.3""#), "{json}");
        assert!(
            json.contains(r#""schemas":{"A":{"type":"string"}}"#),
            "{json}"
        );
    }

    #[test]
    fn aliases_do_not_multiply() {
        use std::fmt::Write as _;
        let mut wide = "a0: &a0 [x, x, x, x, x, x, x, x]\n".to_owned();
        for i in 1..40 {
            let p = i - 1;
            let _ = writeln!(wide, "a{i}: &a{i} [*a{p}, *a{p}, *a{p}, *a{p}, *a{p}]");
        }
        assert!(
            json(&wide, "t.yaml")
                .unwrap_err()
                .contains("repeats itself")
        );
    }
}

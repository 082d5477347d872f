//! Finds every `$ref` and where it leads inside the document. What leads to others, `bundle` has followed before.

use std::collections::HashMap;

use crate::context::Context;
use crate::error::Error;
use crate::tree::{Node, NodeId, Tree};

/// An object with a `$ref`, the text in it as a node, and as a text.
type Reference<'t> = (Node<'t>, Node<'t>, &'t str);

/// Every `$ref` that is one.
pub(crate) fn find<'t>(tree: &'t Tree, contexts: &[Context]) -> Vec<Reference<'t>> {
    let mut found = Vec::new();
    for id in (0..tree.len()).rev() {
        let node = tree.node(id);
        if contexts[id as usize] == Context::Keywords
            && let Some(reference) = node.get("$ref")
            && let Some(text) = reference.str()
        {
            found.push((node, reference, text));
        }
    }
    found
}

/// Maps each object with a `$ref` to the node it leads to in one step. `remedy` says what to do about a reference to
/// another document.
pub(crate) fn resolve(
    tree: &Tree,
    found: &[Reference<'_>],
    name: &str,
    remedy: &str,
) -> Result<HashMap<NodeId, NodeId>, Error> {
    let anchors = anchors(tree, found);
    let mut refs = HashMap::with_capacity(found.len());
    for &(node, reference, text) in found {
        let fault = |message: String| fault(reference, name, message);
        let Some(fragment) = text.strip_prefix('#') else {
            return Err(fault(format!(
                "`$ref` to another document, `{text}`, is not followed: {remedy}"
            )));
        };
        let fragment = percent_decoded(fragment);
        let target = if fragment.is_empty() || fragment.starts_with('/') {
            tree.at_pointer(&fragment)
        } else {
            anchors.get(fragment.as_str()).copied()
        };
        let Some(target) = target else {
            return Err(fault(format!(
                "`$ref` to `{text}`, which is not in the document"
            )));
        };
        refs.insert(node.id(), target.id());
    }
    // A chain of references must end in something that is none.
    let mut seen_from: HashMap<NodeId, NodeId> = HashMap::new();
    for &(node, reference, text) in found {
        let mut at = node.id();
        while let Some(&next) = refs.get(&at) {
            match seen_from.insert(at, node.id()) {
                None => at = next,
                Some(first) if first == node.id() => {
                    let message = format!("`$ref` to `{text}` leads in a circle");
                    return Err(fault(reference, name, message));
                }
                Some(_) => break,
            }
        }
    }
    Ok(refs)
}

/// An error at a node, in the file that it is in.
fn fault(node: Node<'_>, name: &str, message: String) -> Error {
    Error::new(node.file().unwrap_or(name), Some(node.position()), message)
}

/// Where each reference leads in the end. There are no circles: [`resolve`] has refused them.
pub(crate) fn ends(refs: &HashMap<NodeId, NodeId>) -> HashMap<NodeId, NodeId> {
    let mut ends: HashMap<NodeId, NodeId> = HashMap::with_capacity(refs.len());
    let mut passed = Vec::new();
    for &start in refs.keys() {
        let mut at = start;
        let end = loop {
            if let Some(&end) = ends.get(&at) {
                break end;
            }
            let Some(&next) = refs.get(&at) else {
                break at;
            };
            passed.push(at);
            at = next;
        };
        for node in passed.drain(..) {
            ends.insert(node, end);
        }
    }
    ends
}

/// `$anchor` names, looked for only if some `$ref` uses one.
fn anchors<'t>(tree: &'t Tree, found: &[Reference<'_>]) -> HashMap<&'t str, Node<'t>> {
    let used = found.iter().any(|(.., text)| {
        text.strip_prefix('#')
            .is_some_and(|f| !f.is_empty() && !f.starts_with('/'))
    });
    if !used {
        return HashMap::new();
    }
    (0..tree.len())
        .map(|id| tree.node(id))
        .filter_map(|node| Some((node.get("$anchor")?.str()?, node)))
        .collect()
}

/// A text with `%41` as `A`.
pub(crate) fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |at: usize| bytes.get(at).and_then(|&b| (b as char).to_digit(16));
        match (bytes[i], hex(i + 1), hex(i + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                i += 3;
            }
            (byte, ..) => {
                out.push(byte);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

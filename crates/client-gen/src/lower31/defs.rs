//! `$defs` and `$anchor`: a schema that is inside another one becomes a component.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Notes;
use super::schemas::{children, for_each_root};
use crate::document::free_name;
use crate::spec::{escape, object_of};
use crate::walk;

/// Both spellings of the keyword.
const KEYWORDS: [&str; 2] = ["$defs", "definitions"];

/// Makes components of what is in `$defs`, wherever that is, and pointers of anchors.
pub(super) fn lift(doc: &mut Value, notes: &mut Notes) {
    let mut lifted = Lifted::default();
    // Those of the document itself are seen from everywhere.
    let mut inner = std::mem::take(object_of(doc));
    let mut top = Value::Object(Map::new());
    for keyword in KEYWORDS {
        if let Some(definitions) = inner.shift_remove(keyword) {
            object_of(&mut top).insert(keyword.to_owned(), definitions);
        }
    }
    *object_of(doc) = inner;
    lifted.taken = doc["components"]["schemas"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    lifted.take("", &mut top);
    for_each_root(doc, &mut |pointer, schema| lifted.descend(pointer, schema));
    if !lifted.made.is_empty() {
        let components = object_of(object_of(doc).entry("components").or_insert(Value::Null));
        let schemas = object_of(components.entry("schemas").or_insert(Value::Null));
        schemas.extend(std::mem::take(&mut lifted.made));
        rewrite(doc, &lifted.moved);
    }
    for (from, to) in &lifted.moved {
        notes.moved.push(format!("`{from}` is `{to}`"));
    }
    name_anchors(doc);
}

#[derive(Default)]
struct Lifted {
    /// The components that there are.
    taken: Map<String, Value>,
    /// The new ones.
    made: Map<String, Value>,
    /// References that lead elsewhere now.
    moved: BTreeMap<String, String>,
}

impl Lifted {
    fn descend(&mut self, pointer: &str, schema: &mut Value) {
        for (step, child) in children(schema) {
            self.descend(&format!("{pointer}{step}"), child);
        }
        self.take(pointer, schema);
    }

    /// Takes the definitions of one schema out of it.
    fn take(&mut self, pointer: &str, schema: &mut Value) {
        let mut near = BTreeMap::new();
        let mut made = Vec::new();
        for keyword in KEYWORDS {
            let definitions = schema
                .as_object_mut()
                .and_then(|object| object.shift_remove(keyword));
            let Some(Value::Object(definitions)) = definitions else {
                continue;
            };
            for (name, definition) in definitions {
                let key = free_name(&name, &self.taken);
                self.taken.insert(key.clone(), Value::Null);
                let target = format!("#/components/schemas/{}", escape(&key));
                let step = format!("{keyword}/{}", escape(&name));
                self.moved
                    .insert(format!("#{pointer}/{step}"), target.clone());
                near.insert(format!("#/{step}"), target);
                made.push((key, definition));
            }
        }
        // Often written as if the schema were a document of its own.
        rewrite(schema, &near);
        for (key, mut definition) in made {
            rewrite(&mut definition, &near);
            self.made.insert(key, definition);
        }
    }
}

/// Leads references elsewhere, also those into what has moved.
fn rewrite(node: &mut Value, moved: &BTreeMap<String, String>) {
    if moved.is_empty() {
        return;
    }
    walk::for_each_reference_mut(node, &mut |_, target| {
        let mut end = target.len();
        while let Some(prefix) = target.get(..end) {
            if let Some(new) = moved.get(prefix) {
                *target = format!("{new}{}", &target[end..]);
                return;
            }
            match prefix.rfind('/') {
                Some(slash) => end = slash,
                None => return,
            }
        }
    });
}

/// `#name` leads to the schema with that `$anchor`.
fn name_anchors(doc: &mut Value) {
    let is_anchor = |target: &&str| target.starts_with('#') && !target.starts_with("#/");
    if !walk::references(doc).iter().any(is_anchor) {
        return;
    }
    let mut anchors = BTreeMap::new();
    for_each_root(doc, &mut |pointer, schema| {
        collect_anchors(pointer, schema, &mut anchors);
    });
    walk::for_each_reference_mut(doc, &mut |_, target| {
        if let Some(pointer) = target.strip_prefix('#').and_then(|name| anchors.get(name)) {
            *target = format!("#{pointer}");
        }
    });
}

fn collect_anchors(pointer: &str, schema: &mut Value, anchors: &mut BTreeMap<String, String>) {
    for keyword in ["$anchor", "$dynamicAnchor"] {
        if let Some(name) = schema.get(keyword).and_then(Value::as_str) {
            anchors.insert(name.to_owned(), pointer.to_owned());
        }
    }
    for (step, child) in children(schema) {
        collect_anchors(&format!("{pointer}{step}"), child, anchors);
    }
}

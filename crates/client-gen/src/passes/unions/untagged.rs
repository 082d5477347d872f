//! The branches of a tagged union, without the tag.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{is_choice, tell_apart};
use crate::passes::refs;
use crate::rules::Rules;
use crate::spec::{Spec, rename_references, schema_reference};
use crate::walk;

/// Components without the tag that a union reads for them.
///
/// They are components, not copies, so that a union may hold itself.
#[derive(Default)]
pub(super) struct Untagged {
    /// Key of the new component, and the component that it was made of.
    made: Vec<(String, String)>,
    waiting: Vec<(String, Value)>,
}

impl Untagged {
    /// A reference to the component `name` without `tag`.
    pub(super) fn reference(&mut self, name: &str, tag: &str, schema: Value) -> Value {
        let key = format!("{name} by {tag}");
        if !self.made.iter().any(|(made, _)| *made == key) {
            self.made.push((key.clone(), name.to_owned()));
            self.waiting.push((key.clone(), schema));
        }
        schema_reference(&key)
    }

    /// Puts them into the document, in the place of what nobody uses any more.
    pub(super) fn settle(mut self, before: &Spec, rules: &Rules, spec: &mut Spec) {
        while let Some((key, schema)) = self.waiting.pop() {
            let mut doc = json!({ "components": { "schemas": { &key: schema } } });
            walk::for_each_schema_mut(&mut doc, &mut |_, schema| {
                if is_choice(schema) {
                    *schema = tell_apart(before, schema, rules, &mut self).0;
                }
            });
            let schema = doc["components"]["schemas"][&key].take();
            spec.schemas_mut().insert(key, schema);
        }
        refs::drop_unreached(spec);
        let mut new_names = BTreeMap::new();
        for (key, original) in self.made {
            let schemas = spec.schemas_mut();
            let is_free =
                !schemas.contains_key(&original) && !new_names.values().any(|to| *to == original);
            if is_free && schemas.contains_key(&key) {
                new_names.insert(key, original);
            }
        }
        rename_references(&mut spec.doc, &new_names);
        let schemas = std::mem::take(spec.schemas_mut());
        let renamed = schemas
            .into_iter()
            .map(|(key, schema)| (new_names.get(&key).cloned().unwrap_or(key), schema));
        *spec.schemas_mut() = renamed.collect();
    }
}

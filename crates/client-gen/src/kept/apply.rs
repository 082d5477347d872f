//! Adds what is kept to a document, before the overlay.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Kept;
use super::fact::{Cause, Fact, Owner};
use crate::report::{About, Report};
use crate::rules::{CODES, Rules};
use crate::spec::{Spec, elements, entries, object_of, reference, unescape};

impl Kept {
    /// Adds every fact that has a place in the document.
    pub(super) fn add_to(&self, spec: &mut Spec, rules: &Rules) {
        for fact in self.in_order() {
            add(&mut spec.doc, fact, rules);
        }
    }

    /// Schemas first: references need what they point at.
    fn in_order(&self) -> impl Iterator<Item = &Fact> {
        let is_schema = |fact: &&Fact| fact.cause == Cause::Schemas;
        let schemas = self.facts.iter().filter(is_schema);
        schemas.chain(self.facts.iter().filter(move |fact| !is_schema(fact)))
    }

    /// Adds every fact to the document, with a section in the report that names the `file`.
    pub fn apply(&self, file: &str, rules: &Rules, spec: &mut Spec, report: &mut Report) {
        report.section(
            "kept",
            &format!(
                "What upstream's description no longer mentions and stays true: added again from `{file}`."
            ),
        );
        let mut counts: BTreeMap<(Cause, &Owner), usize> = BTreeMap::new();
        for fact in self.in_order() {
            if add(&mut spec.doc, fact, rules) {
                *counts.entry((fact.cause, &fact.owner)).or_default() += fact.size();
            } else {
                report.warn(About::Kept, format!(
                    "a kept fact has no place in the document any more: {} at {}; take the document again to settle it",
                    fact.cause.word(),
                    fact.pointer,
                ));
            }
        }
        for cause in Cause::ALL {
            let owners: Vec<String> = counts
                .iter()
                .filter(|((of, _), _)| *of == cause)
                .map(|((_, owner), count)| format!("`{}` {count}", owner.name()))
                .collect();
            if !owners.is_empty() {
                let total: usize = counts
                    .iter()
                    .filter(|((of, _), _)| *of == cause)
                    .map(|(_, count)| count)
                    .sum();
                report.line(format!(
                    "{total} × {}: {}",
                    cause.title(),
                    owners.join(", ")
                ));
            }
        }
    }
}

/// Marks a reference whose schema is what is written out inline, and not what its name says.
pub(super) const INLINE: &str = "x-inline";

/// Makes the change; false if the document has no place for it.
fn add(doc: &mut Value, fact: &Fact, rules: &Rules) -> bool {
    let at = fact.pointer.as_str();
    match fact.cause {
        Cause::References => point_at(doc, at, &fact.value),
        Cause::Schemas | Cause::Fields | Cause::Examples => insert(doc, at, &fact.value),
        Cause::Requests => request(doc, at, &fact.value),
        Cause::Codes => match (&rules.codes, doc.pointer_mut(at)) {
            (Some(extension), Some(operation)) => {
                let holder = object_of(operation).entry(extension.as_str());
                let holder = object_of(holder.or_insert_with(|| json!({})));
                extend(holder, CODES, &fact.value);
                true
            }
            _ => false,
        },
        Cause::Open => doc.pointer_mut(at).is_some_and(|schema| {
            let description = schema.get("description").cloned();
            *schema = fact.value.clone();
            if let (Some(words), Some(open)) = (description, schema.as_object_mut()) {
                open.entry("description").or_insert(words);
            }
            true
        }),
        Cause::Choices => doc
            .pointer_mut(at)
            .is_some_and(|schema| choose(schema, &fact.value)),
        Cause::Required | Cause::Values => doc.pointer_mut(at).is_some_and(|schema| {
            let key = if fact.cause == Cause::Required {
                "required"
            } else {
                "enum"
            };
            extend(object_of(schema), key, &fact.value);
            true
        }),
        Cause::Optional => doc.pointer_mut(at).is_some_and(|schema| {
            if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
                required.retain(|name| !elements(&fact.value).any(|it| it == name));
            }
            true
        }),
        Cause::Types => doc.pointer_mut(at).is_some_and(|schema| {
            let schema = object_of(schema);
            for (key, value) in entries(&fact.value) {
                schema.insert(key.clone(), value.clone());
            }
            true
        }),
        Cause::MediaTypes | Cause::Formats | Cause::Bounds | Cause::Words => {
            doc.pointer_mut(at).is_some_and(|holder| {
                let holder = object_of(holder);
                for (key, value) in entries(&fact.value) {
                    holder.entry(key.clone()).or_insert_with(|| value.clone());
                }
                true
            })
        }
    }
}

/// Appends what a list lacks.
fn extend(object: &mut Map<String, Value>, key: &str, more: &Value) {
    let list = object.entry(key).or_insert_with(|| json!([]));
    if let Some(list) = list.as_array_mut() {
        for value in elements(more) {
            if !list.contains(value) {
                list.push(value.clone());
            }
        }
    }
}

/// Sets the last step of a pointer, in objects made on the way where there are none.
fn insert(doc: &mut Value, pointer: &str, value: &Value) -> bool {
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        return false;
    };
    let (holder, last) = parent.rsplit_once('/').unwrap_or(("", parent));
    let Some(holder) = doc.pointer_mut(holder) else {
        return false;
    };
    let Some(holder) = holder.as_object_mut() else {
        return false;
    };
    let members = holder.entry(unescape(last)).or_insert_with(|| json!({}));
    let Some(members) = members.as_object_mut() else {
        return false;
    };
    members
        .entry(unescape(key))
        .or_insert_with(|| value.clone());
    true
}

/// A parameter is added to its list, anything else where it was.
fn request(doc: &mut Value, pointer: &str, value: &Value) -> bool {
    let list = pointer.rsplit_once('/').map_or("", |(list, _)| list);
    let Some(operation) = list.strip_suffix("/parameters") else {
        if let Some(present) = doc.pointer_mut(pointer) {
            *present = value.clone();
            return true;
        }
        return insert(doc, pointer, value);
    };
    let Some(operation) = doc.pointer_mut(operation).and_then(Value::as_object_mut) else {
        return false;
    };
    let list = operation.entry("parameters").or_insert_with(|| json!([]));
    let Some(list) = list.as_array_mut() else {
        return false;
    };
    let is_it = |it: &Value| it["name"] == value["name"] && it["in"] == value["in"];
    if !list.iter().any(is_it) {
        list.push(value.clone());
    }
    true
}

/// A choice that was written out as one of its branches is a choice again.
fn choose(schema: &mut Value, choice: &Value) -> bool {
    let schema = object_of(schema);
    for (key, value) in entries(choice) {
        if schema.get(key).is_some_and(Value::is_array) {
            extend(schema, key, value);
            continue;
        }
        schema.retain(|key, _| matches!(key.as_str(), "description" | "title" | "nullable"));
        schema.insert(key.clone(), value.clone());
        for (key, value) in entries(choice) {
            schema.entry(key.clone()).or_insert_with(|| value.clone());
        }
        break;
    }
    true
}

/// An inline schema is its named one again, which gets what only the inline one mentions.
fn point_at(doc: &mut Value, pointer: &str, target: &Value) -> bool {
    let named = reference(target);
    if named
        .as_ref()
        .is_some_and(|named| doc.pointer(named).is_none())
    {
        return false;
    }
    let Some(inline) = doc.pointer(pointer).cloned() else {
        return insert(doc, pointer, target);
    };
    if let Some(named) = named {
        if target[INLINE] == true {
            if let Some(schema) = doc.pointer_mut(&named) {
                *schema = inline;
            }
        } else {
            absorb(doc, &named, &inline, 0);
        }
    }
    if let Some(place) = doc.pointer_mut(pointer) {
        *place = json!({ "$ref": target["$ref"] });
    }
    true
}

/// Adds to the schema at `place` the properties and values that only `more` mentions.
fn absorb(doc: &mut Value, place: &str, more: &Value, depth: usize) {
    // No description is deeper; a reference cycle would be.
    if depth > 64 {
        return;
    }
    let mut place = place.to_owned();
    for _ in 0..64 {
        let Some(target) = doc.pointer(&place).and_then(reference) else {
            break;
        };
        place = target;
    }
    let Some(schema) = doc.pointer(&place) else {
        return;
    };
    if more.get("$ref").is_some() || super::shape::is_open(schema) {
        return;
    }
    for (name, property) in entries(&more["properties"]) {
        let at = format!("{place}/properties/{}", crate::spec::escape(name));
        let known = doc.pointer(&at).is_some();
        if known {
            absorb(doc, &at, property, depth + 1);
        } else if doc
            .pointer(&place)
            .is_some_and(|schema| schema["properties"].is_object())
        {
            insert(doc, &at, property);
        }
    }
    if let Some(items) = more.get("items")
        && doc
            .pointer(&place)
            .is_some_and(|it| it["items"].is_object())
    {
        absorb(doc, &format!("{place}/items"), items, depth + 1);
    }
    if let Some(values) = more.get("enum")
        && let Some(schema) = doc.pointer_mut(&place).and_then(Value::as_object_mut)
        && schema.contains_key("enum")
    {
        extend(schema, "enum", values);
    }
}

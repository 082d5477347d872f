//! `hoist`: every object, union and list of values gets a component of its own.
//!
//! A component's key says where it stands (`accounts_list.query.types[]`);
//! that key is what `[types]` in `names.toml` speaks of. The name it gets by
//! rule is its parent's and its own, in `PascalCase`, and waits in `x-name`
//! until duplicates are gone.

use heck::ToPascalCase;
use serde_json::{Map, Value};

use super::{Context, refs};
use crate::names::singular;
use crate::spec::{Spec, object_of, schema_reference, wrap};
use crate::walk::{Place, Step, children_mut, roots_mut};

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) {
    context
        .report
        .section("hoist", "Inline schemas that became components.");
    let mut hoist = Hoist {
        names: context.names,
        components: Map::new(),
    };
    for (at, place, schema) in roots_mut(&mut spec.doc) {
        match place {
            Place::Component(key) => {
                let rules = hoist.names.rules();
                let rule = if key.contains('.') {
                    refs::sub_path_name(&key, rules)
                } else {
                    rules.component_name(&key)
                };
                let name = hoist.final_name(&key, &rule);
                hoist.descend(&key, &name, &at, schema);
                hoist.annotate(&key, &rule, &at, schema);
                // A part of a component is upstream's shape, but not upstream's name.
                if !key.contains('.') {
                    object_of(schema).insert("x-original".to_owned(), true.into());
                }
            }
            Place::Parameter(operation, place, parameter) => {
                let key = format!("{operation}.{place}.{parameter}");
                let name = format!(
                    "{}{}",
                    operation.to_pascal_case(),
                    parameter.to_pascal_case()
                );
                hoist.take(&key, &name, &at, schema);
            }
            Place::Body(operation) => {
                let name = format!("{}Body", operation.to_pascal_case());
                hoist.take(&format!("{operation}.body"), &name, &at, schema);
            }
            Place::Response(operation) => {
                let name = format!("{}Response", operation.to_pascal_case());
                hoist.take(&format!("{operation}.response"), &name, &at, schema);
            }
        }
    }
    let hoisted = hoist.components;
    context
        .report
        .line(format!("{} inline schemas hoisted", hoisted.len()));
    spec.schemas_mut().extend(hoisted);
}

struct Hoist<'a> {
    names: &'a crate::names::Names,
    components: Map<String, Value>,
}

impl Hoist<'_> {
    /// Hoists what is inside a schema, then the schema itself if it needs a name.
    fn take(&mut self, key: &str, rule: &str, at: &str, schema: &mut Value) {
        let name = self.final_name(key, rule);
        self.descend(key, &name, at, schema);
        if needs_name(schema) {
            let nullable = schema["nullable"] == true;
            let mut own = std::mem::replace(schema, Value::Null);
            let description = own.get("description").cloned();
            object_of(&mut own).shift_remove("nullable");
            self.annotate(key, rule, at, &mut own);
            self.components.insert(key.to_owned(), own);
            *schema = wrap(schema_reference(key), description.as_ref(), nullable);
        }
    }

    fn descend(&mut self, key: &str, name: &str, at: &str, schema: &mut Value) {
        let is_payload = key.rsplit('.').next() == Some("data");
        let keyword = schema["x-union"]["keyword"]
            .as_str()
            .unwrap_or("oneOf")
            .to_owned();
        for (step, child) in children_mut(schema) {
            // Where upstream has it, not where a pass put it.
            let at = match &step {
                Step::Data => format!("{at}/properties/data"),
                Step::Variant(index, _) => format!("{at}/{keyword}/{index}"),
                step => format!("{at}{}", step.pointer()),
            };
            let (key, name) = match &step {
                Step::Property(property) => (
                    format!("{key}.{property}"),
                    format!("{name}{}", property.to_pascal_case()),
                ),
                Step::Items if is_payload => (
                    format!("{key}[]"),
                    name.strip_suffix("Data")
                        .map_or(name.to_owned(), |stem| format!("{stem}Item")),
                ),
                Step::Items => (format!("{key}[]"), singular(name)),
                Step::Values => (format!("{key}{{}}"), format!("{name}Value")),
                Step::Data => (
                    format!("{}.data", key.strip_suffix(".response").unwrap_or(key)),
                    format!("{}Data", name.strip_suffix("Response").unwrap_or(name)),
                ),
                Step::Variant(_, variant) => {
                    (format!("{key}.{variant}"), format!("{name}{variant}"))
                }
                Step::Branch(_, index) => {
                    (format!("{key}.{index}"), format!("{name}Option{index}"))
                }
            };
            self.take(&key, &name, &at, child);
        }
    }

    fn final_name(&self, key: &str, rule: &str) -> String {
        // Names that are put together may spell `PA`, which progenitor would spell `Pa`.
        let rule = rule.to_pascal_case();
        self.names.type_at(key).map_or(rule, ToOwned::to_owned)
    }

    fn annotate(&self, key: &str, rule: &str, at: &str, schema: &mut Value) {
        let given = self.names.type_at(key);
        let schema = object_of(schema);
        schema.insert("x-at".to_owned(), at.into());
        let name = given.map_or_else(|| rule.to_pascal_case(), ToOwned::to_owned);
        schema.insert("x-name".to_owned(), name.into());
        if given.is_some() {
            schema.insert("x-given".to_owned(), true.into());
        }
    }
}

/// Objects with properties, unions and lists of values are types of their own.
fn needs_name(schema: &Value) -> bool {
    let has_properties = schema["properties"]
        .as_object()
        .is_some_and(|properties| !properties.is_empty());
    has_properties || schema.get("x-union").is_some() || is_enum(schema)
}

/// A list of strings, or of integers whose names are known.
pub(crate) fn is_enum(schema: &Value) -> bool {
    let Some(values) = schema["enum"].as_array() else {
        return false;
    };
    let strings = values.iter().all(Value::is_string) && schema["type"] == "string";
    let integers = values.iter().all(Value::is_i64) && schema.get("x-enum-varnames").is_some();
    !values.is_empty() && (strings || integers)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{ANSWER, answering, run as run_pass};

    #[test]
    fn inline_objects_and_lists_of_values_get_names_and_keep_their_words() {
        let mut spec = answering(
            json!({ "type": "object", "properties": {
                "pets": { "type": "array", "items": { "properties": { "a": {} } } },
                "mood": { "type": "string", "enum": ["calm"], "nullable": true, "description": "How it is." },
                "map": { "additionalProperties": { "properties": { "b": {} } } },
            } }),
            json!({ "PetVo": { "properties": { "c": {} } } }),
        );
        run_pass(
            &mut spec,
            "[types]\n\"getX.response.mood\" = \"Mood\"",
            |spec, context| {
                run(spec, context);
                Ok(())
            },
        )
        .unwrap();
        let name = |key: &str| spec.doc["components"]["schemas"][key]["x-name"].clone();
        assert_eq!(name("getX.response"), "GetXResponse");
        assert_eq!(name("getX.response.pets[]"), "GetXResponsePet");
        assert_eq!(name("getX.response.mood"), "Mood");
        assert_eq!(name("getX.response.map{}"), "GetXResponseMapValue");
        assert_eq!(name("PetVo"), "Pet");
        let whole = &spec.doc["components"]["schemas"]["getX.response"];
        assert_eq!(
            whole["properties"]["mood"],
            json!({ "description": "How it is.", "nullable": true, "allOf": [{ "$ref": "#/components/schemas/getX.response.mood" }] })
        );
        let mood = &spec.doc["components"]["schemas"]["getX.response.mood"];
        assert_eq!(mood["x-at"], format!("{ANSWER}/properties/mood"));
        assert!(mood.get("nullable").is_none());
    }
}

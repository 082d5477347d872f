//! References to schemas that are no components: below a path, a parameter or a response.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase as _;

use crate::document::free_name;
use crate::passes::Context;
use crate::spec::{self, Spec, schema_reference};
use crate::walk;

/// A schema that is written where it is used, and referred to from elsewhere, becomes a component.
pub(super) fn name_schemas(spec: &mut Spec, context: &mut Context<'_>) {
    let is_elsewhere =
        |target: &&str| !target.starts_with("#/components/schemas/") && target.contains("/schema");
    let targets = walk::references(&spec.doc).into_iter().filter(is_elsewhere);
    // An outer one comes first, so that an inner one is a part of a component then.
    let targets: BTreeSet<String> = targets.map(ToOwned::to_owned).collect();
    let mut moved: BTreeMap<String, String> = BTreeMap::new();
    for target in targets {
        let steps: Vec<&str> = target.split('/').collect();
        let Some(at) = steps.iter().position(|step| *step == "schema") else {
            continue;
        };
        let holder = steps
            .get(..=at)
            .map(|steps| steps.join("/"))
            .unwrap_or_default();
        let inner = target.get(holder.len()..).unwrap_or_default().to_owned();
        let key = if let Some(known) = moved.get(&holder) {
            known.clone()
        } else {
            let Some(place) = holder.strip_prefix('#') else {
                continue;
            };
            let Some(schema) = spec.doc.pointer(place).filter(|it| it.is_object()).cloned() else {
                continue;
            };
            let key = free_name(&name_of_place(&steps), spec.schemas_mut());
            if let Some(there) = spec.doc.pointer_mut(place) {
                *there = schema_reference(&key);
            }
            spec.schemas_mut().insert(key.clone(), schema);
            context
                .report
                .line(format!("`{holder}` is component `{key}`"));
            key
        };
        moved.insert(holder, key.clone());
        moved.insert(target, key + &inner);
    }
    walk::for_each_reference_mut(&mut spec.doc, &mut |_, target| {
        if let Some(key) = moved.get(target) {
            *target = format!("#/components/schemas/{key}");
        }
    });
}

/// What a schema is called that has no name: after its path or its component.
fn name_of_place(steps: &[&str]) -> String {
    let named = match steps {
        ["#", "paths", path, ..] => spec::unescape(path).replace(['{', '}'], " "),
        ["#", "components", _, name, ..] => spec::unescape(name),
        _ => String::new(),
    };
    named.to_pascal_case()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{ANSWER, answering, assert_says, run};

    #[test]
    fn a_schema_where_it_is_used_is_a_component() {
        let there = format!("#{ANSWER}");
        let mut spec = answering(
            json!({ "type": "object", "properties": { "seat": { "type": "string" } } }),
            json!({ "Row": { "properties": {
                "all": { "$ref": there }, "one": { "$ref": format!("{there}/properties/seat") },
                "gone": { "$ref": "#/info" },
            } } }),
        );
        let report = run(&mut spec, "", |spec, context| {
            context.report.section("refs", "");
            name_schemas(spec, context);
            Ok(())
        });
        let row = &spec.schemas().unwrap()["Row"]["properties"];
        assert_eq!(row["all"]["$ref"], "#/components/schemas/X");
        assert_eq!(row["one"]["$ref"], "#/components/schemas/X/properties/seat");
        assert_eq!(row["gone"]["$ref"], "#/info");
        assert_eq!(*spec.doc.pointer(ANSWER).unwrap(), schema_reference("X"));
        assert_says(&report.unwrap(), &["is component `X`"]);
    }
}

//! `fields`: every property of an object has a field of its own.
//!
//! Changes nothing: it only refuses what would not compile, while the place is
//! still upstream's.

use std::collections::BTreeMap;

use crate::names::field_name;
use crate::problem::{Problems, Result};
use crate::spec::{Spec, entries};
use crate::walk;

const FIX: &str = "remove one of them with an overlay action, or make the object free-form (`additionalProperties: true` without `properties`)";

pub(crate) fn check(spec: &mut Spec) -> Result<()> {
    let before = spec.clone();
    let mut problems = Vec::new();
    walk::for_each_schema_mut(&mut spec.doc, &mut |pointer, schema| {
        let mut holders = BTreeMap::new();
        let properties = entries(&schema["properties"]);
        if schema["additionalProperties"].is_object() && properties.count() > 0 {
            holders.insert(
                "extra".to_owned(),
                "the members that are not listed".to_owned(),
            );
        }
        for (name, _) in entries(&schema["properties"]) {
            let field = field_name(name);
            let this = format!("the property `{name}`");
            if let Some(first) = holders.insert(field.clone(), this.clone()) {
                problems.push(before.problem(
                    pointer,
                    format!("{first} and {this} would both be the field `{field}`"),
                    FIX,
                ));
            }
        }
    });
    Problems::none_or(problems)
}

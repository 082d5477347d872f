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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{ANSWER, answering, assert_says};

    fn checked(schema: serde_json::Value) -> Result<()> {
        check(&mut answering(schema, json!({})))
    }

    #[test]
    fn properties_that_would_be_one_field_are_both_named() {
        for (one, other, field) in [
            ("a-b", "a_b", "a_b"),
            ("userId", "user_id", "user_id"),
            ("1", "x1", "x1"),
        ] {
            let problem = checked(json!({ "properties": { one: {}, other: {} } })).unwrap_err();
            assert_says(
                &problem.to_string(),
                &[
                    &format!(
                        "the property `{one}` and the property `{other}` would both be the field `{field}`"
                    ),
                    "getX (GET /x)",
                    ANSWER,
                ],
            );
        }
    }

    #[test]
    fn the_map_of_what_is_not_listed_has_a_name_too() {
        let schema =
            json!({ "properties": { "extra": {} }, "additionalProperties": { "type": "string" } });
        assert_says(
            &checked(schema).unwrap_err().to_string(),
            &["members that are not listed", "`extra`"],
        );
        checked(json!({ "properties": { "extra": {} } })).unwrap();
    }
}

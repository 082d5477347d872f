//! `limits`: how far a document unfolds once its references are written out.
//!
//! References let a file of some kilobytes describe a schema of any depth or size, and whoever
//! follows them level by level, progenitor among them, runs out of stack or time. So both are
//! measured first, without descending.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::problem::{Problems, Result};
use crate::spec::{Spec, component_of, escape};

/// Levels that a schema may have with every name for a list, a map or a combination written out.
/// Properties are no part of it: what they hold are types of their own.
const DEEPEST: usize = 200;

/// Chains that are reported at once.
const MOST_TOLD: usize = 20;

/// Values that writing out shared parts may make, beside those that are in the document.
pub(crate) const UNFOLDED: usize = 2_000_000;

/// Where a schema refers to another one: how many levels down, and to which.
type Edge = (usize, usize);

/// Refuses a chain of references that is too long.
pub(crate) fn check(spec: &Spec) -> Result<()> {
    let components: Vec<(&String, &Value)> = spec.schemas().into_iter().flatten().collect();
    let numbers: BTreeMap<&str, usize> = components
        .iter()
        .enumerate()
        .map(|(number, (name, _))| (name.as_str(), number))
        .collect();
    let edges: Vec<Vec<Edge>> = components
        .iter()
        .map(|(_, schema)| edges(schema, &numbers))
        .collect();
    let depths = depths(&edges);
    let too_deep = components
        .iter()
        .zip(&depths)
        .filter(|(_, depth)| **depth > DEEPEST);
    // Those that need one of the first that are too deep are too deep for the same reason.
    let problems = too_deep.take(MOST_TOLD).map(|((name, _), _)| spec.problem(
        format!("/components/schemas/{}", escape(name)),
        format!(
            "`{name}` is more than {DEEPEST} levels deep with its `$ref`s written out: a chain of names for lists, maps or combinations"
        ),
        "add an overlay action that gives the inner ones a shape of their own, or removes them",
    ));
    Problems::none_or(problems.collect())
}

/// The references of a schema that are not below properties.
fn edges(schema: &Value, numbers: &BTreeMap<&str, usize>) -> Vec<Edge> {
    let mut edges = Vec::new();
    let mut rest = vec![(1, schema)];
    while let Some((level, node)) = rest.pop() {
        match node {
            Value::Object(members) => {
                let target = members.get("$ref").and_then(Value::as_str);
                let number = target
                    .and_then(component_of)
                    .and_then(|name| numbers.get(name.as_str()).copied());
                edges.extend(number.map(|number| (level, number)));
                let inner = members.iter().filter(|(key, _)| {
                    !matches!(key.as_str(), "properties" | "example" | "default" | "enum")
                });
                rest.extend(inner.map(|(_, value)| (level + 1, value)));
            }
            Value::Array(items) => rest.extend(items.iter().map(|item| (level + 1, item))),
            _ => {}
        }
    }
    edges
}

/// How deep each component is; one that is inside itself is counted once.
fn depths(edges: &[Vec<Edge>]) -> Vec<usize> {
    let mut depths = vec![0; edges.len()];
    let mut seen = vec![false; edges.len()];
    for start in 0..edges.len() {
        if seen[start] {
            continue;
        }
        seen[start] = true;
        // Who is being measured, and which of its references is next.
        let mut open = vec![(start, 0)];
        while let Some((number, next)) = open.pop() {
            let Some(&(_, target)) = edges[number].get(next) else {
                let below = edges[number].iter();
                let deepest = below.map(|(level, target)| level + depths[*target]).max();
                depths[number] = deepest.unwrap_or_default();
                continue;
            };
            open.push((number, next + 1));
            if !seen[target] {
                seen[target] = true;
                open.push((target, 0));
            }
        }
    }
    depths
}

/// How many values a value holds, itself among them; stops counting at the limit.
pub(crate) fn size(value: &Value) -> usize {
    let mut count = 0;
    let mut rest = vec![value];
    while let Some(value) = rest.pop() {
        count += 1;
        match value {
            Value::Array(items) => rest.extend(items),
            Value::Object(members) => rest.extend(members.values()),
            _ => {}
        }
        if count > UNFOLDED {
            break;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::spec::schema_reference;
    use crate::testing::{answering, assert_says};

    fn chain(length: usize, link: fn(Value) -> Value) -> Result<()> {
        let mut schemas = serde_json::Map::new();
        for index in 0..length {
            let next = schema_reference(&format!("S{}", index + 1));
            schemas.insert(format!("S{index}"), link(next));
        }
        schemas.insert(format!("S{length}"), json!({ "type": "string" }));
        check(&answering(schema_reference("S0"), schemas.into()))
    }

    #[test]
    fn chains_have_an_end_and_types_in_types_have_none() {
        for link in [
            |next| json!({ "allOf": [next] }),
            |next| json!({ "type": "array", "items": next }),
            |next| json!({ "additionalProperties": next }),
            |next| next,
        ] {
            chain(20, link).unwrap();
            let problem = chain(30_000, link).unwrap_err().to_string();
            assert_says(
                &problem,
                &["levels deep", "/components/schemas/S", "getX (GET /x)"],
            );
        }
        chain(30_000, |next| json!({ "properties": { "next": next } })).unwrap();
    }

    #[test]
    fn what_holds_itself_is_fine() {
        let schemas = json!({ "A": { "items": { "$ref": "#/components/schemas/B" } }, "B": { "items": { "$ref": "#/components/schemas/A" } } });
        check(&answering(schema_reference("A"), schemas)).unwrap();
    }
}

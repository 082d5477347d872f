//! Which operations a place of a document concerns: those in which it is, or that reach it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::pointer::unescape;
use crate::walk;

/// The operations of a document, and which components each of them reaches.
#[derive(Debug)]
pub(crate) struct Users {
    /// Pointer and label.
    operations: Vec<(String, String)>,
    by_component: BTreeMap<String, Vec<usize>>,
}

impl Users {
    /// Follows every reference once; `operations` are pointer, label and node.
    pub(crate) fn of<'a>(
        schemas: Option<&'a Map<String, Value>>,
        operations: impl Iterator<Item = (String, String, &'a Value)>,
    ) -> Self {
        let direct = |node: &'a Value| -> BTreeSet<String> {
            let found = walk::references(node).into_iter();
            found.filter_map(component).collect()
        };
        let edges: BTreeMap<&str, BTreeSet<String>> = schemas
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.as_str(), direct(schema)))
            .collect();
        let mut users = Self {
            operations: Vec::new(),
            by_component: BTreeMap::new(),
        };
        for (pointer, label, node) in operations {
            let number = users.operations.len();
            users.operations.push((pointer, label));
            let mut rest: Vec<String> = direct(node).into_iter().collect();
            let mut seen = BTreeSet::new();
            while let Some(name) = rest.pop() {
                if let Some(inner) = edges.get(name.as_str()) {
                    rest.extend(inner.iter().filter(|it| !seen.contains(*it)).cloned());
                }
                if seen.insert(name.clone()) {
                    users.by_component.entry(name).or_default().push(number);
                }
            }
        }
        users
    }

    /// The labels of the operations that a pointer concerns.
    pub(crate) fn concerned(&self, pointer: &str) -> Vec<String> {
        let label = |number: &usize| Some(self.operations.get(*number)?.1.clone());
        if let Some(rest) = pointer.strip_prefix("/components/schemas/") {
            let name = unescape(rest.split('/').next().unwrap_or_default());
            let numbers = self.by_component.get(&name).into_iter().flatten();
            return numbers.filter_map(label).collect();
        }
        let is_at = |place: &str| {
            // In the operation, or around it.
            let inner = pointer.strip_prefix(place);
            let outer = place
                .strip_prefix(pointer)
                .filter(|_| pointer.starts_with("/paths/"));
            let mut rest = inner.into_iter().chain(outer);
            rest.any(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let found = self.operations.iter().filter(|(place, _)| is_at(place));
        found.map(|(_, label)| label.clone()).collect()
    }
}

/// The component that a reference leads to, or into.
fn component(target: &str) -> Option<String> {
    let rest = target.strip_prefix("#/components/schemas/")?;
    rest.split('/').next().map(unescape)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_who_reach_a_place_are_concerned() {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let schemas = json!({
            "A": { "properties": { "b": reference("B/x") } }, "B/x": {}, "Loop": { "items": reference("Loop") },
        });
        let nodes = [
            reference("A"),
            reference("B~1x/properties/y"),
            reference("Loop"),
            json!({}),
        ];
        let places = [
            "/paths/~1a/get",
            "/paths/~1a/put",
            "/paths/~1b/get",
            "/paths/~1c/get",
        ];
        let operations = places.iter().zip(&nodes).enumerate();
        let operations = operations
            .map(|(number, (place, node))| ((*place).to_owned(), number.to_string(), node));
        let schemas = schemas.as_object().cloned().unwrap();
        let users = Users::of(Some(&schemas), operations);
        for (pointer, concerned) in [
            ("/paths/~1a/get/responses", vec!["0"]),
            ("/paths/~1a", vec!["0", "1"]),
            ("/components/schemas/A", vec!["0"]),
            ("/components/schemas/Loop/items", vec!["2"]),
            ("/components/schemas/B~1x/properties", vec!["1"]),
            ("/info", vec![]),
            ("/", vec![]),
        ] {
            assert_eq!(users.concerned(pointer), concerned, "{pointer}");
        }
    }
}

//! Fields in the order of the document; progenitor writes them in that of the alphabet.

use std::collections::BTreeSet;

use heck::ToSnakeCase as _;
use serde_json::Value;
use syn::punctuated::Punctuated;
use syn::{Field, Fields, Item};

use crate::problem::{Problem, Result};
use crate::serde_words::{self, wire_name};

/// The names that stand together in a document: the properties of each object, the parameters of
/// each operation.
///
/// It is taken before the passes, which sort the document: what things are called must not depend
/// on its order.
#[derive(Debug, Default)]
pub(crate) struct Order(Vec<Vec<String>>);

impl Order {
    /// The order that a document has.
    pub(crate) fn of(document: &Value) -> Self {
        let mut order = Self::default();
        order.collect(document);
        order
    }

    fn collect(&mut self, node: &Value) {
        match node {
            Value::Object(members) => {
                if let Some(Value::Object(properties)) = members.get("properties") {
                    self.add(properties.keys().map(String::as_str));
                }
                if let Some(Value::Array(parameters)) = members.get("parameters") {
                    self.add(parameters.iter().filter_map(|it| it["name"].as_str()));
                }
                members.values().for_each(|child| self.collect(child));
            }
            Value::Array(items) => items.iter().for_each(|child| self.collect(child)),
            _ => {}
        }
    }

    fn add<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        let names: Vec<String> = names.map(str::to_snake_case).collect();
        if names.len() > 1 {
            self.0.push(names);
        }
    }

    /// The same names, as the lists that share most of them have them; what is in none comes last.
    fn arranged(&self, names: &[String]) -> Vec<String> {
        let mut left: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        let mut arranged = Vec::new();
        loop {
            let shared =
                |list: &[String]| list.iter().filter(|it| left.contains(it.as_str())).count();
            // Of two that share as many, the one with less besides; then the first.
            let nearest = self
                .0
                .iter()
                .enumerate()
                .filter(|(_, list)| shared(list) > 0)
                .max_by_key(|(index, list)| {
                    (shared(list), usize::MAX - list.len(), usize::MAX - index)
                });
            let Some((_, list)) = nearest else { break };
            arranged.extend(list.iter().filter(|it| left.remove(it.as_str())).cloned());
        }
        let rest = names.iter().filter(|name| left.contains(name.as_str()));
        arranged.extend(rest.cloned());
        arranged
    }
}

/// The code with the fields of its structs in that order; the comment at its head is no code.
pub(crate) fn arranged(code: &str, order: &Order) -> Result<String> {
    let is_head =
        |line: &&str| line.trim().is_empty() || line.starts_with("//!") || line.starts_with("// ");
    let length = code
        .split_inclusive('\n')
        .take_while(is_head)
        .map(str::len)
        .sum();
    let (head, rest) = code.split_at(length);
    let mut file = syn::parse_file(rest).map_err(|error| {
        Problem::new(
            "/",
            format!("the code of the types does not parse: {error}"),
            "report this as a bug of client-gen",
        )
    })?;
    for item in &mut file.items {
        if let Item::Struct(item) = item
            && let Fields::Named(fields) = &mut item.fields
        {
            let all: Vec<Field> = std::mem::take(&mut fields.named).into_iter().collect();
            fields.named = arranged_fields(all, order);
        }
    }
    Ok(format!("{head}{}", prettyplease::unparse(&file)))
}

fn arranged_fields(mut fields: Vec<Field>, order: &Order) -> Punctuated<Field, syn::Token![,]> {
    let names: Vec<String> = fields.iter().map(name).collect();
    let names = order.arranged(&names);
    // One that takes all other names has no place in the document, and stays last.
    fields.sort_by_key(|field| {
        (
            is_rest(field),
            names.iter().position(|it| *it == name(field)),
        )
    });
    fields.into_iter().collect()
}

/// The field's name on the wire, in the form in which names are compared.
fn name(field: &Field) -> String {
    wire_name(field).unwrap_or_default().to_snake_case()
}

fn is_rest(field: &Field) -> bool {
    serde_words::has(&field.attrs, "flatten")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn order() -> Order {
        Order::of(&json!({
            "paths": { "/wells": { "get": {
                "parameters": [{ "name": "near[]" }, { "name": "depth" }, { "name": "after" }],
                "responses": { "200": { "schema": { "properties": {
                    "wellId": {}, "depth": {}, "built": { "properties": { "year": {}, "by": {} } } } } } },
            } } },
            "components": { "schemas": { "Town": { "properties": { "name": {}, "built": {} } } } },
        }))
    }

    fn arranged_names(names: &[&str]) -> Vec<String> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        order().arranged(&names)
    }

    #[test]
    fn names_come_as_the_nearest_list_has_them() {
        assert_eq!(
            arranged_names(&["built", "depth", "well_id"]),
            ["well_id", "depth", "built"]
        );
        assert_eq!(arranged_names(&["by", "year"]), ["year", "by"]);
        // Two objects in one, and a name that the document does not have.
        assert_eq!(
            arranged_names(&["age", "built", "by", "depth", "name", "well_id", "year"]),
            ["well_id", "depth", "built", "year", "by", "name", "age"]
        );
        assert_eq!(
            arranged_names(&["after", "depth", "near"]),
            ["near", "depth", "after"]
        );
    }

    #[test]
    fn structs_are_reordered_and_all_else_stays() {
        let code = "// made by hand\n\n//! Wells.\n\n/// A well.\npub struct Well {\n    #[serde(flatten)]\n    pub all: Map,\n    \
            /// When.\n    pub built: u32,\n    #[serde(default)]\n    pub depth: u32,\n    #[serde(rename = \"wellId\")]\n    pub id: u32,\n}\n";
        let arranged = arranged(code, &order()).unwrap();
        assert!(
            arranged.starts_with("// made by hand\n\n//! Wells.\n\n/// A well."),
            "{arranged}"
        );
        let at = |part: &str| arranged.find(part).unwrap();
        assert!(at("pub id") < at("pub depth"), "{arranged}");
        assert!(at("pub depth") < at("/// When."), "{arranged}");
        assert!(at("pub built") < at("#[serde(flatten)]"), "{arranged}");
    }
}

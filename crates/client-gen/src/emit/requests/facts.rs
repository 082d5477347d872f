//! What only we know of a request: the overlay's `x-client` facts.
//!
//! `info.x-client.resources` lists the resources by the beginning of their operations' names. An
//! operation, a parameter or a property has an `x-client` of its own where no rule gives a good
//! name or the right check. What is not said follows from the document.

use heck::{ToPascalCase as _, ToSnakeCase as _};
use serde_json::Value;

use crate::names::is_identifier;
use crate::problem::{Problem, Problems, Result};
use crate::rustdoc;
use crate::spec::{Operation, Spec, entries, escape};

/// A resource: a handle with one method for each of its operations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resource {
    /// How the names of its operations begin, and the file that it is in.
    pub(super) key: String,
    /// Its type.
    pub(super) ty: String,
    /// The method that makes it.
    pub(super) accessor: String,
    /// The resource whose method that is; the client's if there is none.
    pub(super) of: Option<String>,
    pub(super) docs: String,
}

/// All resources that the overlay lists; none where the document has no such facts.
pub(super) fn resources(spec: &Spec) -> Result<Vec<Resource>> {
    let text = |facts: &Value, key: &str| facts[key].as_str().map(ToOwned::to_owned);
    let mut problems = Vec::new();
    let mut all = Vec::new();
    for (key, facts) in entries(&spec.doc["info"]["x-client"]["resources"]) {
        let resource = Resource {
            key: key.clone(),
            ty: text(facts, "type").unwrap_or_else(|| key.to_pascal_case()),
            accessor: text(facts, "method").unwrap_or_else(|| key.clone()),
            of: text(facts, "of"),
            docs: text(facts, "docs").unwrap_or_default(),
        };
        let names = [&resource.key, &resource.ty, &resource.accessor];
        // Files and items are called so.
        if let Some(name) = names.into_iter().find(|name| !is_identifier(name)) {
            problems.push(Problem::new(
                format!("/info/x-client/resources/{}", escape(key)),
                format!("`{name}` cannot be the name of a resource in Rust"),
                "give a name of letters, digits and underscores in the overlay",
            ));
        }
        all.push(resource);
    }
    Problems::none_or(problems).map(|()| all)
}

/// The resource of an operation, and the operation's name in it: of the keys that its name begins
/// with, the longest. One that is in none belongs to its controller.
pub(super) fn home(operation: &Operation<'_>, resources: &[Resource]) -> (Resource, String) {
    let name = operation.id();
    let own = resources
        .iter()
        .filter_map(|resource| {
            let rest = [resource.key.as_str(), singular(&resource.key)]
                .into_iter()
                .find_map(|start| name.strip_prefix(start)?.strip_prefix('_'))?;
            Some((resource, rest))
        })
        .max_by_key(|(resource, _)| resource.key.len());
    let (resource, rest) = match own {
        Some((resource, rest)) => (resource.clone(), rest.to_owned()),
        None => from_controller(operation),
    };
    let method = fact(operation.node, "method").unwrap_or(&rest).to_owned();
    (resource, method)
}

fn from_controller(operation: &Operation<'_>) -> (Resource, String) {
    let name = operation.id();
    let key = operation
        .upstream_id()
        .split_once("Controller")
        .map(|(controller, _)| controller.to_snake_case())
        .filter(|key| !key.is_empty())
        .or_else(|| Some(name.split_once('_')?.0.to_owned()))
        .unwrap_or_else(|| "other".to_owned());
    let tag = operation.node["tags"][0].as_str().unwrap_or(&key);
    let rest = name
        .strip_prefix(&key)
        .and_then(|rest| rest.strip_prefix('_'))
        .unwrap_or(name);
    let resource = Resource {
        ty: key.to_pascal_case(),
        accessor: key.clone(),
        of: None,
        docs: rustdoc::line(&format!("The operations of \"{tag}\".")),
        key,
    };
    (resource, rest.to_owned())
}

/// `x-client.key` of an operation, a parameter or a property.
pub(super) fn fact<'a>(node: &'a Value, key: &str) -> Option<&'a str> {
    node["x-client"][key].as_str()
}

/// One of what the word names several of.
pub(super) fn singular(word: &str) -> &str {
    match word {
        "works" | "Works" | "News" | "news" => &word[..word.len() - 1],
        _ if word.ends_with("ss") => word,
        _ => word.strip_suffix('s').unwrap_or(word),
    }
}

/// The name of the type of a request that has something optional.
pub(super) fn builder(resource: &Resource, method: &str, node: &Value) -> String {
    if let Some(name) = fact(node, "builder") {
        return name.to_owned();
    }
    if method == "list" {
        return format!("List{}", resource.ty);
    }
    format!("{}{}", method.to_pascal_case(), singular(&resource.ty))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{assert_says, spec};

    #[test]
    fn an_operation_is_in_the_resource_that_its_name_begins_with() {
        let mut spec = spec(
            json!({
                "/a": { "get": { "operationId": "pet_toys_list" } },
                "/b": { "get": { "operationId": "pets_list", "x-client": { "method": "all" } } },
                "/c": { "get": { "operationId": "pet_wash", "x-operation-id": "Pets_wash" } },
                "/d": { "get": { "operationId": "old_homes_find", "x-operation-id": "OldHomesController_find_v2" } },
            }),
            json!({}),
        );
        spec.doc["info"]["x-client"] = json!({ "resources": {
            "pets": { "type": "Pets" }, "pet_toys": { "of": "pets", "method": "toys" },
        } });
        let known = resources(&spec).unwrap();
        spec.doc["info"]["x-client"]["resources"]["../out"] = json!({});
        let refused = resources(&spec).unwrap_err().to_string();
        assert_says(&refused, &["`../out` cannot be the name", "/info/x-client"]);
        let homes: Vec<(String, String, String)> = spec
            .operations()
            .iter()
            .map(|operation| {
                let (resource, method) = home(operation, &known);
                let builder = builder(&resource, &method, operation.node);
                (resource.ty, method, builder)
            })
            .collect();
        let expected = [
            ("PetToys", "list", "ListPetToys"),
            ("Pets", "all", "AllPet"),
            ("Pets", "wash", "WashPet"),
            ("OldHomes", "find", "FindOldHome"),
        ];
        let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
        assert_eq!(homes, expected);
    }
}

//! `operations`: every operation gets its method name, `resource_verb`.
//!
//! The rule does most of it, `[operations]` in `names.toml` the rest. The
//! result is complete, unique and `snake_case`; upstream's operationId stays
//! beside it as `x-operation-id`.

use std::collections::BTreeMap;

use heck::{ToPascalCase as _, ToSnakeCase as _};
use serde_json::Value;

use super::Context;
use crate::emit::auth::wanted;
use crate::emit::codes::documented;
use crate::problem::{Problem, Problems, Result};
use crate::report::About;
use crate::rules::Rules;
use crate::spec::Spec;
use crate::spelling::{self, is_method};

/// Names that the client, its hooks and the table of operations have already.
const TAKEN: [&str; 12] = [
    "new",
    "new_with_client",
    "with_context",
    "context",
    "baseurl",
    "client",
    "inner",
    "api_version",
    "pre",
    "exec",
    "post",
    "all",
];

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "operations",
        "Method names: where the rule was overruled by `names.toml`, or had no operationId to work on.",
    );
    let names = method_names(spec, context)?;
    for (scheme, operations) in unknown_credentials(spec, context.names.rules()) {
        context.report.warn(About::Document, format!(
            "the credential `{scheme}` goes into no header that the runtime knows, so these are sent without: {}",
            operations.join(", ")
        ));
    }
    let rules = context.names.rules();
    spec.for_each_operation(|pointer, operation| {
        let name = names.get(pointer).ok_or_else(|| {
            Problem::new(
                pointer,
                "the operation got no name",
                "report this as a bug of client-gen",
            )
        })?;
        let upstream = operation.insert("operationId".to_owned(), name.as_str().into());
        operation.insert("x-operation-id".to_owned(), upstream.unwrap_or_default());
        // Some codes are told by examples alone, and those do not survive the lowering.
        let codes = documented(&Value::Object(operation.clone()), rules);
        operation.insert(
            "x-codes".to_owned(),
            codes.into_keys().map(Value::from).collect(),
        );
        Ok(())
    })
}

/// Pointer to method: given names first, then those by rule, each its own.
fn method_names(spec: &Spec, context: &mut Context<'_>) -> Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    let mut taken: BTreeMap<String, String> = BTreeMap::new();
    let mut problems = Vec::new();
    for operation in spec.operations() {
        let id = operation.id();
        let Some(given) = context.names.operation(id).filter(|_| !id.is_empty()) else {
            continue;
        };
        let pointer = operation.pointer();
        context.report.line(format!("`{id}` is `{given}`"));
        // What a person wrote down is refused where it cannot be, not bent.
        let problem = if !is_method(given) || TAKEN.contains(&given) {
            Some(format!("`{given}` cannot be a method name"))
        } else {
            let first = taken.insert(in_types(given), pointer.clone());
            first.map(|first| format!("the method name `{given}` is used twice, first at {first}"))
        };
        if let Some(what) = problem {
            let entry = format!("change `\"{id}\" = \"…\"` under [operations] in names.toml");
            problems.push(spec.problem(&pointer, what, entry));
        }
        names.insert(pointer, given.to_owned());
    }
    Problems::none_or(problems)?;
    for operation in spec.operations() {
        let (pointer, id) = (operation.pointer(), operation.id());
        if names.contains_key(&pointer) {
            continue;
        }
        let (rule, whole) = if id.is_empty() {
            let path = operation.path.replace(['{', '}'], " ");
            let name = format!("{}_{path}", operation.method).to_snake_case();
            (name.clone(), name)
        } else {
            let rules = context.names.rules();
            (rules.operation_name(id), id.to_owned())
        };
        let is_free = |name: &str| !TAKEN.contains(&name) && !taken.contains_key(&in_types(name));
        let name = spelling::method(&rule, &whole, is_free);
        if id.is_empty() {
            context
                .report
                .line(format!("`{pointer}` has no operationId: `{name}`"));
        } else if name != rule {
            context.report.line(format!(
                "`{pointer}` is called `{name}` by rule; `\"{id}\" = \"…\"` under [operations] in names.toml would name it"
            ));
        }
        taken.insert(in_types(&name), pointer.clone());
        names.insert(pointer, name);
    }
    Ok(names)
}

/// What types of a method begin with: two methods must differ in it.
fn in_types(method: &str) -> String {
    method.to_pascal_case()
}

/// Credentials that the runtime cannot send, each with the operations that want it.
fn unknown_credentials(spec: &Spec, rules: &Rules) -> BTreeMap<String, Vec<String>> {
    let mut unknown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for operation in spec.operations() {
        for scheme in wanted(spec, operation.node, rules).unknown {
            let operations = unknown.entry(scheme).or_default();
            operations.push(format!("`{}`", operation.id()));
        }
    }
    unknown
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{assert_says, refused, run as run_pass, spec};

    fn named(ids: &[&str]) -> Spec {
        let mut paths = json!({});
        for (index, id) in ids.iter().enumerate() {
            paths[format!("/p{index}/{{id}}")] = json!({ "get": { "operationId": id } });
        }
        spec(paths, json!({}))
    }

    #[test]
    fn names_come_from_the_file_the_rule_or_the_path() {
        let mut spec = named(&["PetsController_listPets_v2", "Odd", ""]);
        run_pass(&mut spec, "[operations]\nOdd = \"pets_get\"", run).unwrap();
        let names: Vec<String> = spec
            .operations()
            .iter()
            .map(|o| o.id().to_owned())
            .collect();
        assert_eq!(names, ["pets_list", "pets_get", "get_p2_id"]);
        assert_eq!(
            spec.operations()[0].upstream_id(),
            "PetsController_listPets_v2"
        );
    }

    #[test]
    fn names_that_are_taken_or_cannot_be_get_another_and_are_listed() {
        let ids = [
            "listAll", "list_all", "list_all", "new", "type", "2fa", "取得", "a1", "a_1",
        ];
        let mut spec = named(&ids);
        let report = run_pass(&mut spec, "", run).unwrap();
        let names: Vec<String> = spec
            .operations()
            .iter()
            .map(|it| it.id().to_owned())
            .collect();
        assert_eq!(
            names,
            [
                "list_all",
                "list_all_op",
                "list_all_op2",
                "new_op",
                "type_",
                "op_2fa",
                "u53d6_u5f97",
                "a1",
                "a_1_op"
            ]
        );
        assert_says(
            &report,
            &[
                r#"`/paths/~1p3~1{id}/get` is called `new_op` by rule; `"new" = "…"` under \[operations\]"#,
            ],
        );
    }

    #[test]
    fn a_suffix_stays_where_it_tells_two_apart() {
        let mut spec = named(&["birds", "birds_v2", "nests_v2"]);
        run_pass(&mut spec, "", run).unwrap();
        let names: Vec<String> = spec
            .operations()
            .iter()
            .map(|it| it.id().to_owned())
            .collect();
        assert_eq!(names, ["birds", "birds_v2", "nests"]);
    }

    #[test]
    fn an_entry_that_cannot_be_is_refused() {
        for (entry, words) in [
            ("new", "cannot be a method name"),
            ("Odd Name", "cannot be a method name"),
            ("other", "is used twice, first at /paths/~1p"),
        ] {
            let given = format!("[operations]\na = \"{entry}\"\nb = \"other\"");
            assert_says(
                &refused(&mut named(&["a", "b"]), &given, run),
                &[words, "under [operations]", "operation  "],
            );
        }
    }

    #[test]
    fn a_credential_that_cannot_be_sent_is_a_warning() {
        let mut spec = named(&["a"]);
        spec.doc["security"] = json!([{ "key": [] }]);
        spec.doc["components"]["securitySchemes"] =
            json!({ "key": { "type": "apiKey", "in": "query", "name": "X-Api-Key" } });
        assert_says(
            &run_pass(&mut spec, "", run).unwrap(),
            &["## Warnings", "`key`", "`a`"],
        );
        spec.doc["components"]["securitySchemes"]["key"]["in"] = "header".into();
        assert!(!run_pass(&mut spec, "", run).unwrap().contains("Warnings"));
    }
}

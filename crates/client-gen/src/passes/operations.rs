//! `operations`: every operation gets its method name, `resource_verb`.
//!
//! The rule does most of it, `[operations]` in `names.toml` the rest. The
//! result is complete, unique and `snake_case`; upstream's operationId stays
//! beside it as `x-operation-id`.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use serde_json::Value;

use super::Context;
use crate::emit::auth::wanted;
use crate::emit::codes::documented;
use crate::names::is_identifier;
use crate::problem::{Problem, Problems, Result};
use crate::report::About;
use crate::rules::Rules;
use crate::spec::Spec;

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
    let mut by_id: BTreeMap<String, String> = BTreeMap::new();
    let mut by_name: BTreeMap<String, String> = BTreeMap::new();
    let mut names = BTreeMap::new();
    let mut problems = Vec::new();
    for operation in spec.operations() {
        let pointer = operation.pointer();
        let upstream = operation.id();
        if upstream.is_empty() {
            let name = format!(
                "{}_{}",
                operation.method,
                operation.path.replace(['{', '}'], " ")
            )
            .to_snake_case();
            context
                .report
                .line(format!("`{pointer}` has no operationId: `{name}`"));
            names.insert(pointer, name);
            continue;
        }
        if let Some(first) = by_id.insert(upstream.to_owned(), pointer.clone()) {
            problems.push(spec.problem(
                &pointer,
                format!("the operationId `{upstream}` is used twice, first at {first}"),
                "give one of them another operationId with an overlay action",
            ));
            continue;
        }
        let name = match context.names.operation(upstream) {
            Some(name) => {
                context.report.line(format!("`{upstream}` is `{name}`"));
                name.to_owned()
            }
            None => context.names.rules().operation_name(upstream),
        };
        names.insert(pointer, name);
    }
    for operation in spec.operations() {
        let pointer = operation.pointer();
        let Some(name) = names.get(&pointer) else {
            continue;
        };
        let entry = match operation.id() {
            "" => "give it an operationId with an overlay action".to_owned(),
            id => format!("add `\"{id}\" = \"…\"` under [operations] in names.toml"),
        };
        if !is_identifier(name) || *name != name.to_snake_case() || TAKEN.contains(&name.as_str()) {
            problems.push(spec.problem(
                &pointer,
                format!("`{name}` cannot be a method name"),
                entry,
            ));
        } else if let Some(first) = by_name.insert(name.clone(), pointer.clone()) {
            problems.push(spec.problem(
                &pointer,
                format!("the method name `{name}` is used twice, first at {first}"),
                entry,
            ));
        }
    }
    Problems::none_or(problems)?;
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
    fn collisions_name_both_and_the_remedy() {
        for (ids, words) in [
            (
                ["a", "a"],
                "the operationId `a` is used twice, first at /paths/~1p0~1{id}/get",
            ),
            (
                ["listAll", "list_all"],
                "the method name `list_all` is used twice, first at /paths/~1p0~1{id}/get",
            ),
        ] {
            let problem = refused(&mut named(&ids), "", run);
            assert_says(&problem, &[words, "/paths/~1p1~1{id}/get", "operation  "]);
        }
        let problem = refused(&mut named(&["listAll", "list_all"]), "", run);
        assert_says(&problem, &["add `\"list_all\" = \"…\"` under [operations]"]);
    }

    #[test]
    fn names_that_the_client_or_rust_has_are_refused() {
        for id in [
            "new",
            "context",
            "exec",
            "type",
            "gen",
            "self",
            "获取列表",
            "+",
        ] {
            assert_says(
                &refused(&mut named(&[id]), "", run),
                &["cannot be a method name", "/paths/~1p0~1{id}/get"],
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

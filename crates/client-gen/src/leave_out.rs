//! What cannot be generated costs its operations, and the rest is generated.
//!
//! A problem names the operation that it concerns. Those operations are taken out of the document
//! and it is tried again, until the rest generates or a problem concerns no operation.

use std::collections::BTreeSet;

use serde_json::json;

use crate::emit::Target;
use crate::emit::codes::Registry;
use crate::generate::{Generated, Inputs, Sources, generate_overlaid, read};
use crate::lower31;
use crate::names::Names;
use crate::problem::{Problem, Problems, Result};
use crate::report::Report;
use crate::spec::{Spec, unescape};

/// How often a document is tried; one with more that is wrong is refused.
const ATTEMPTS: usize = 200;

/// What of a document is generated.
#[derive(Debug)]
pub struct Partly {
    /// What the operations that are left make.
    pub generated: Generated,
    /// How many operations the document has.
    pub operations: usize,
    /// How many of them were left out.
    pub left_out: usize,
    /// Why: every problem that was met.
    pub problems: Vec<Problem>,
}

/// As [`generate`](crate::generate::generate), without the operations that cannot be generated.
///
/// # Errors
///
/// An input that cannot be read, a problem that concerns no operation, or a document of which
/// nothing is left.
pub fn generate_what_can_be(sources: &Sources) -> Result<Partly> {
    let Inputs {
        spec,
        report,
        names,
        codes,
        target,
    } = read(sources)?;
    let partly = generate_partly(spec, &report, &names, codes.as_ref(), &target)?;
    let generated = partly.generated.formatted()?;
    Ok(Partly {
        generated,
        ..partly
    })
}

/// As [`draft`](crate::generate::draft), without the operations that cannot be generated.
///
/// # Errors
///
/// A problem that concerns no operation, or a document of which nothing is left.
pub fn draft_what_can_be(mut spec: Spec, names: &Names, target: &Target) -> Result<Partly> {
    let mut report = Report::default();
    lower31::run(&mut spec, &mut report);
    generate_partly(spec, &report, names, None, target)
}

/// Generates what can be generated of a document that has its corrections; the code is not formatted.
///
/// # Errors
///
/// A problem that concerns no operation, with those that were met before it, or a document of which
/// nothing is left.
fn generate_partly(
    mut spec: Spec,
    report: &Report,
    names: &Names,
    codes: Option<&Registry>,
    target: &Target,
) -> Result<Partly> {
    let operations = spec.operations().len();
    let mut left_out = 0;
    let mut met: Vec<Problem> = Vec::new();
    for _ in 0..ATTEMPTS {
        let report = telling(report, &met);
        let outcome = generate_overlaid(spec.clone(), report, names, codes, target);
        let problems = match outcome {
            Ok(generated) if generated.operations > 0 || operations == 0 => {
                return Ok(Partly {
                    generated,
                    operations,
                    left_out,
                    problems: met,
                });
            }
            Ok(_) => return Err(Problems(met)),
            Err(Problems(problems)) => problems,
        };
        let concerned = concerned(&spec, &problems);
        let is_dropped = drop_components(&mut spec, &problems);
        met.extend(problems);
        left_out += concerned.len();
        let is_stuck = concerned.is_empty() && !is_dropped;
        if is_stuck || left_out == operations {
            return Err(Problems(met));
        }
        for (path, method) in concerned {
            if let Some(item) = spec.doc["paths"][&path].as_object_mut() {
                item.shift_remove(&method);
            }
        }
    }
    Err(Problems(met))
}

/// A report that lists what was left out and why.
fn telling(report: &Report, met: &[Problem]) -> Report {
    let mut report = report.clone();
    if !met.is_empty() {
        report.section(
            "left out",
            "What cannot be generated, and what to do about it.",
        );
        for problem in met {
            let of = problem.operation.as_deref().unwrap_or("the document");
            report.line(format!(
                "`{of}` at `{}`: {}; {}",
                problem.at, problem.what, problem.fix
            ));
            let others = problem.others.iter();
            let others: Vec<String> = others.map(|it| format!("`{it}`")).collect();
            if !others.is_empty() {
                report.line(format!("for the same reason: {}", others.join(", ")));
            }
        }
    }
    report
}

/// Empties the components that are at fault and that no operation is known to need; true if there
/// was one.
fn drop_components(spec: &mut Spec, problems: &[Problem]) -> bool {
    let places = problems
        .iter()
        .filter(|problem| problem.operation.is_none())
        .filter_map(|problem| {
            let (kind, rest) = problem.at.strip_prefix("/components/")?.split_once('/')?;
            Some((kind, unescape(rest.split('/').next()?)))
        });
    let mut is_dropped = false;
    for (kind, name) in places {
        let components = spec.doc["components"][kind].as_object_mut();
        let Some(component) = components.and_then(|all| all.get_mut(&name)) else {
            continue;
        };
        let empty = match kind {
            "responses" => json!({ "description": "" }),
            _ => json!({}),
        };
        is_dropped |= *component != empty;
        *component = empty;
    }
    is_dropped
}

/// Path and method of every operation that one of the problems names.
fn concerned(spec: &Spec, problems: &[Problem]) -> BTreeSet<(String, String)> {
    let named: BTreeSet<&str> = problems
        .iter()
        .flat_map(|problem| problem.operation.iter().chain(&problem.others))
        .map(String::as_str)
        .collect();
    // A label ends with `(METHOD /path)` whatever the operation is called by then.
    spec.operations()
        .iter()
        .filter(|operation| {
            let place = operation.place();
            named
                .iter()
                .any(|label| *label == place || label.ends_with(&format!(" ({place})")))
        })
        .map(|operation| (operation.path.to_owned(), operation.method.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::testing::spec;

    fn partly(paths: Value, schemas: Value) -> std::result::Result<Partly, String> {
        let target = Target {
            runtime: "crate".to_owned(),
            source: "test.json".to_owned(),
            command: "make it".to_owned(),
        };
        let (spec, names) = (spec(paths, schemas), Names::default());
        generate_partly(spec, &Report::default(), &names, None, &target)
            .map_err(|problems| problems.to_string())
    }

    fn answering(schema: Value) -> Value {
        json!({ "200": { "description": "", "content": { "application/json": { "schema": schema } } } })
    }

    #[test]
    fn each_problem_costs_its_operations_and_all_are_met_at_once() {
        let cookie = json!([{ "name": "c", "in": "cookie", "required": true, "schema": { "type": "string" } }]);
        let paths = json!({
            "/hours": { "get": { "operationId": "hours", "responses": answering(json!({ "type": "string" })) } },
            "/gone": { "get": { "operationId": "gone", "responses": answering(json!({ "$ref": "#/components/schemas/Gone" })) } },
            "/cookie": { "get": { "operationId": "cookie", "parameters": cookie, "responses": {} } },
            "/form": { "post": {
                "operationId": "form",
                "requestBody": { "content": {} },
                "responses": {},
            }, "get": { "operationId": "form_get", "responses": {} } },
        });
        let partly = partly(paths, json!({})).unwrap();
        assert_eq!((partly.operations, partly.left_out), (5, 3));
        assert_eq!(partly.generated.operations, 2);
        let client = &partly.generated.code["client.rs"];
        assert!(client.contains("fn hours") && client.contains("fn form_get"));
        assert!(!client.contains("fn cookie"));
        let at: Vec<&str> = partly.problems.iter().map(|it| it.at.as_str()).collect();
        for path in ["/paths/~1gone/", "/paths/~1cookie/", "/paths/~1form/post"] {
            assert!(at.iter().any(|at| at.starts_with(path)), "{path}: {at:?}");
        }
        assert!(partly.problems.iter().all(|it| !it.fix.is_empty()));
        let report = &partly.generated.report;
        assert!(
            report.contains("## left out") && report.contains("cookie (GET /cookie)"),
            "{report}"
        );
    }

    #[test]
    fn a_component_that_cannot_be_taken_costs_those_that_need_it() {
        let bad = json!({ "$ref": "#/components/schemas/Bad" });
        let paths = json!({
            "/a": { "get": { "operationId": "a", "responses": answering(bad.clone()) } },
            "/b": { "get": { "operationId": "b", "responses": answering(json!({ "type": "array", "items": bad })) } },
            "/c": { "get": { "operationId": "c", "responses": answering(json!({ "type": "string" })) } },
        });
        let partly = partly(
            paths,
            json!({ "Bad": { "properties": { "x": { "$ref": "other.json#/X" } } } }),
        )
        .unwrap();
        assert_eq!((partly.left_out, partly.generated.operations), (2, 1));
    }

    #[test]
    fn a_document_of_which_nothing_is_left_is_refused() {
        let paths = json!({ "/gone": { "get": {
            "operationId": "gone", "responses": answering(json!({ "$ref": "#/components/schemas/Gone" })),
        } } });
        let error = partly(paths, json!({})).unwrap_err();
        assert!(error.contains("does not exist"), "{error}");
    }
}

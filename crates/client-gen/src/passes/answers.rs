//! `answers`: what each operation answers when it works, and what when it does not.
//!
//! progenitor makes one type of two inline answers without a word, takes `default` for a success,
//! and loses the status of a refusal that does not fit its schema. So one answer stays, the success;
//! `x-failures` names the types of the others, `x-none` says that there may be no body,
//! `x-statuses` which body comes with which status, `x-redirect` which statuses lead elsewhere.

use serde_json::{Map, Value, json};

use super::Context;
use super::media::{self, Read};
use crate::problem::Result;
use crate::report::Report;
use crate::spec::{Spec, entries, object_of, schema_reference};

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "answers",
        "Which answers a method returns, by their status and media type, and the types of refusals.",
    );
    let before = spec.clone();
    let has_envelope = context.names.rules().envelope.is_some();
    let report = &mut *context.report;
    let mut named = Vec::new();
    spec.for_each_operation(|pointer, operation| {
        let mut all = object_of(operation.entry("responses").or_insert_with(|| json!({}))).clone();
        if pointer.ends_with("/head") {
            for (_, response) in &mut all {
                object_of(response).shift_remove("content");
            }
            report.line(format!("`{pointer}`: an answer to `HEAD` has no body"));
        }
        let failures = split(&mut all, pointer, operation, report);
        let id = match operation.get("operationId").and_then(Value::as_str) {
            Some(id) if !id.is_empty() => id.replace('.', " "),
            _ => pointer.replace(['/', '.'], " "),
        };
        let mut types: Vec<Value> = Vec::new();
        let mut by_hand = Vec::new();
        for (status, failure) in failures {
            match named_type(&before, &failure, &format!("{id}.{status}"), &mut named) {
                Some(reference) => {
                    types.push(json!({ "status": status, "schema": reference }));
                }
                None => by_hand.push(status),
            }
        }
        if !by_hand.is_empty() {
            report.line(format!(
                "`{pointer}`: answers {} are read by hand",
                by_hand.join(", ")
            ));
        }
        if !types.is_empty() {
            let statuses = types.iter().filter_map(|it| it["status"].as_str());
            let statuses: Vec<&str> = statuses.collect();
            report.line(format!(
                "`{pointer}`: answers {} have a type, for `failure`",
                statuses.join(", ")
            ));
            operation.insert("x-failures".to_owned(), types.into());
        }
        settle(&before, pointer, &mut all, operation, report);
        if has_envelope && operation.contains_key("x-statuses") {
            // A refusal under HTTP 200 would be one of them.
            return Err(before
                .problem(
                    format!("{pointer}/responses"),
                    "the operation has several success answers of different shape, and the envelope of each cannot be looked into",
                    "add an overlay action that removes all but one of them",
                )
                .into());
        }
        operation.insert("responses".to_owned(), all.into());
        Ok(())
    })?;
    for (key, schema) in named {
        spec.schemas_mut().entry(key).or_insert(schema);
    }
    Ok(())
}

/// Leaves the answers that mean success, and returns the rest.
fn split(
    all: &mut Map<String, Value>,
    pointer: &str,
    operation: &mut Map<String, Value>,
    report: &mut Report,
) -> Vec<(String, Value)> {
    let is = |first: char| move |status: &String| status.starts_with(first);
    let mut failures: Vec<(String, Value)> = Vec::new();
    if all.keys().any(is('2')) {
        failures.extend(std::mem::take(all));
        let (kept, rest): (Vec<_>, Vec<_>) = failures
            .into_iter()
            .partition(|(status, _)| status.starts_with('2'));
        all.extend(kept);
        return rest;
    }
    let empty = || json!({ "description": "Success." });
    if all.keys().any(is('3')) {
        let (redirects, rest): (Vec<_>, Vec<_>) = std::mem::take(all)
            .into_iter()
            .partition(|(status, _)| status.starts_with('3'));
        let statuses: Vec<Value> = redirects
            .into_iter()
            .map(|(status, _)| status.into())
            .collect();
        report.line(format!(
            "`{pointer}`: a redirect is its success; `Location` is in the headers"
        ));
        operation.insert("x-redirect".to_owned(), statuses.into());
        all.insert("2XX".to_owned(), empty());
        return rest;
    }
    // Under `default` progenitor would take failures for it as well.
    let success = all.shift_remove("default");
    if success.is_some() {
        report.line(format!(
            "`{pointer}`: `default` is the only answer that can be its success, and is read as that"
        ));
    }
    failures.extend(std::mem::take(all));
    all.insert("2XX".to_owned(), success.unwrap_or_else(empty));
    failures
}

/// A reference to the type of a refusal's JSON, if it is one that has a name.
fn named_type(
    spec: &Spec,
    failure: &Value,
    key: &str,
    named: &mut Vec<(String, Value)>,
) -> Option<Value> {
    let (Read::Json(_), content) = media::read(spec, &failure["content"]) else {
        return None;
    };
    let schema = &content["application/json"]["schema"];
    let is_object = |schema: &Value| {
        schema["properties"]
            .as_object()
            .is_some_and(|all| !all.is_empty())
    };
    if !is_object(spec.resolve(schema)) {
        return None;
    }
    if schema.get("$ref").is_some() {
        return Some(schema.clone());
    }
    named.push((key.to_owned(), schema.clone()));
    Some(schema_reference(key))
}

/// Makes one answer of several successes, and of several media types.
fn settle(
    spec: &Spec,
    pointer: &str,
    all: &mut Map<String, Value>,
    operation: &mut Map<String, Value>,
    report: &mut Report,
) {
    let mut reads = Vec::new();
    for response in all.values_mut() {
        if entries(&response["content"]).next().is_none() {
            object_of(response).shift_remove("content");
            continue;
        }
        let (read, content) = media::read(spec, &response["content"]);
        reads.push((read, media::list(&response["content"]), content));
    }
    let is_json = |read: &Read| matches!(read, Read::Json(_));
    let is_text = |read: &Read| *read == Read::Text;
    let is_one_kind = reads.iter().all(|(read, _, _)| is_json(read))
        || reads.iter().all(|(read, _, _)| is_text(read))
        || reads.iter().all(|(read, _, _)| *read == Read::Bytes);
    if reads.is_empty() {
        return;
    }
    if !is_one_kind {
        report.line(format!(
            "`{pointer}`: its answers are of several kinds, so they are handed out raw"
        ));
        for response in all.values_mut() {
            response["content"] = json!({ "application/octet-stream": { "schema": {} } });
        }
        return;
    }
    let is_changed = reads
        .iter()
        .any(|(_, before, after)| *before != media::list(after));
    let mut accept: Vec<String> = Vec::new();
    for (read, _, _) in &reads {
        let wire = match read {
            Read::Json(wire) => wire.clone(),
            Read::Text => "text/plain".to_owned(),
            Read::Bytes => continue,
        };
        if !accept.contains(&wire) {
            accept.push(wire);
        }
    }
    if is_changed {
        let words: Vec<String> = reads.iter().map(|(_, before, _)| before.clone()).collect();
        let how = match reads.first() {
            Some((Read::Text, _, _)) => "a text",
            _ => "JSON",
        };
        report.line(format!(
            "`{pointer}`: of {}, {how} is asked for",
            words.join(" and ")
        ));
    }
    if !accept.is_empty() && accept != ["application/json"] {
        operation.insert("x-accept".to_owned(), accept.join(", ").into());
    }
    if reads.iter().all(|(read, _, _)| is_text(read)) {
        operation.insert("x-text".to_owned(), true.into());
    }
    let is_raw = reads.iter().any(|(read, _, _)| *read == Read::Bytes);
    let is_typed = reads.iter().any(|(read, _, _)| is_json(read));
    let mut contents = reads.into_iter().map(|(_, _, content)| content);
    for response in all.values_mut() {
        if let Some(present) = response.get_mut("content")
            && let Some(content) = contents.next()
        {
            *present = content;
        }
    }
    one_of_several(pointer, all, operation, report, (is_typed, is_raw));
}

/// Makes one answer of several successes, of which each has one media type, or nothing.
fn one_of_several(
    pointer: &str,
    all: &mut Map<String, Value>,
    operation: &mut Map<String, Value>,
    report: &mut Report,
    (is_typed, is_raw): (bool, bool),
) {
    let has_body = |response: &Value| response.get("content").is_some();
    let empty: Vec<String> = all
        .iter()
        .filter(|(_, response)| !has_body(response))
        .map(|(status, _)| status.clone())
        .collect();
    let bodies: Vec<(String, Value)> = all
        .iter()
        .filter_map(|(status, response)| Some((status.clone(), response.get("content")?.clone())))
        .collect();
    let is_alike = media::all_alike(
        &bodies
            .iter()
            .map(|(_, content)| content)
            .collect::<Vec<_>>(),
    );
    if !empty.is_empty() && (is_alike || !is_typed) {
        if is_typed {
            report.line(format!(
                "`{pointer}`: {} brings nothing, so its answer is an `Option`",
                empty.join(", ")
            ));
            all.retain(|status, _| !empty.contains(status));
            operation.insert("x-none".to_owned(), true.into());
        } else if let Some((_, content)) = bodies.first() {
            // No bytes, and no text, are bytes and a text.
            for status in &empty {
                all[status]["content"] = content.clone();
            }
        }
    }
    if is_alike {
        return;
    }
    if is_raw {
        for response in all.values_mut() {
            response["content"] = json!({ "application/octet-stream": { "schema": {} } });
        }
        return;
    }
    report.line(format!(
        "`{pointer}`: its answer is another one for each of {}",
        bodies
            .iter()
            .map(|(status, _)| status.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    ));
    let nothing = json!({ "application/json": { "schema": {} } });
    let bodies: Vec<(String, Value)> = all
        .keys()
        .map(|status| {
            let body = bodies.iter().find(|(other, _)| other == status);
            let content = body.map_or(&nothing, |(_, content)| content);
            (status.clone(), content.clone())
        })
        .collect();
    by_status(all, &bodies, operation);
}

/// One answer with a branch for each status.
fn by_status(
    all: &mut Map<String, Value>,
    bodies: &[(String, Value)],
    operation: &mut Map<String, Value>,
) {
    let branches: Vec<Value> = bodies
        .iter()
        .map(|(status, content)| {
            json!({
                "name": format!("Status{}", status.to_ascii_uppercase()),
                "value": status,
                "schema": content["application/json"]["schema"],
            })
        })
        .collect();
    let union = json!({ "x-union": { "style": "status", "branches": branches } });
    all.clear();
    all.insert(
        "2XX".to_owned(),
        json!({
            "description": "Success.",
            "content": { "application/json": { "schema": union } },
        }),
    );
    operation.insert("x-statuses".to_owned(), true.into());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{assert_says, refused, run as run_pass, spec};

    fn json_of(name: &str) -> Value {
        json!({ "content": { "application/json": { "schema": { "properties": { name: {} } } } } })
    }

    fn with(responses: Value) -> Spec {
        let problem = json!({ "properties": { "why": {} } });
        spec(
            json!({ "/x": { "get": { "operationId": "getX", "responses": responses } } }),
            json!({ "Problem": problem }),
        )
    }

    fn answering(responses: Value) -> (Value, String, Spec) {
        let mut spec = with(responses);
        let report = run_without_rules(&mut spec);
        (spec.doc["paths"]["/x"]["get"].clone(), report, spec)
    }

    fn run_without_rules(spec: &mut Spec) -> String {
        let names = crate::names::Names::default();
        let mut report = Report::default();
        let mut context = Context {
            names: &names,
            report: &mut report,
        };
        run(spec, &mut context).unwrap();
        report.render("test.json", "make it")
    }

    #[test]
    fn success_stays_and_refusals_have_their_types() {
        let problem = json!({ "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } });
        let (operation, report, spec) = answering(json!({
            "200": json_of("x"), "404": problem, "409": json_of("since"), "500": { "description": "" },
        }));
        assert!(operation["responses"].get("404").is_none());
        let of = |status: &str, name: &str| json!({ "status": status, "schema": crate::spec::schema_reference(name) });
        assert_eq!(
            operation["x-failures"],
            json!([of("404", "Problem"), of("409", "getX.409")])
        );
        assert!(spec.schemas().unwrap().contains_key("getX.409"));
        assert_says(&report, &["answers 500 are read by hand"]);
    }

    #[test]
    fn a_default_is_the_success_only_where_nothing_else_is() {
        let status = |responses: Value| {
            let operation = answering(responses).0;
            let all = operation["responses"].as_object().unwrap();
            (all.keys().next().unwrap().clone(), operation)
        };
        let (first, _) = status(json!({ "default": json_of("x") }));
        assert_eq!(first, "2XX");
        let (first, operation) = status(json!({ "201": {}, "default": json_of("x") }));
        assert_eq!(first, "201");
        assert_eq!(operation["x-failures"][0]["status"], "default");
        let (first, operation) = status(json!({ "303": {}, "default": json_of("x") }));
        assert_eq!(first, "2XX");
        assert_eq!(operation["x-redirect"], json!(["303"]));
        assert!(operation["responses"]["2XX"].get("content").is_none());
    }

    #[test]
    fn a_body_beside_nothing_is_optional_and_two_bodies_go_by_status() {
        let (operation, _, _) = answering(json!({ "200": json_of("x"), "204": {} }));
        assert_eq!(operation["x-none"], true);
        assert!(operation["responses"].get("204").is_none());
        let (operation, _, _) =
            answering(json!({ "200": json_of("x"), "202": json_of("y"), "204": {} }));
        assert_eq!(operation["x-statuses"], true);
        let union =
            &operation["responses"]["2XX"]["content"]["application/json"]["schema"]["x-union"];
        assert_eq!(union["style"], "status");
        assert_eq!(union["branches"][2]["name"], "Status204");
        let (operation, _, _) = answering(json!({ "200": json_of("x"), "201": json_of("x") }));
        assert!(operation.get("x-statuses").is_none(), "they are alike");
    }

    #[test]
    fn an_envelope_of_each_status_is_refused() {
        let mut spec = with(json!({ "200": json_of("x"), "201": json_of("y") }));
        assert_says(
            &refused(&mut spec, "", run),
            &[
                "several success answers",
                "getX (GET /x)",
                "/paths/~1x/get/responses",
            ],
        );
        let mut spec = with(json!({ "200": json_of("x") }));
        run_pass(&mut spec, "", run).unwrap();
    }

    #[test]
    fn texts_are_texts_and_mixtures_bytes() {
        let text = json!({ "content": { "text/plain": {} } });
        let (operation, _, _) = answering(json!({ "200": text }));
        assert_eq!(operation["x-text"], true);
        assert_eq!(operation["x-accept"], "text/plain");
        let (operation, report, _) = answering(json!({ "200": text, "201": json_of("x") }));
        let content = &operation["responses"]["200"]["content"];
        assert!(content.get("application/octet-stream").is_some());
        assert_says(&report, &["handed out raw"]);
    }
}

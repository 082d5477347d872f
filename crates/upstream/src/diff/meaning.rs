//! What calls and answers mean: envelope, credential, raw answers, streams, pages.

use std::collections::{BTreeMap, BTreeSet};

use client_gen::Lines;
use client_gen::lint::contradictions;
use client_gen::spec::{Operation, Spec, entries};
use serde_json::Value;

use super::codes;
use super::finding::{At, Effect, Finding, Impact};
use super::renames::Renames;
use super::surface::{Item, Surface, endpoint};

/// What the service wraps an answer in, besides `data`.
const ENVELOPE: [&str; 4] = ["code", "message", "requestId", "timestamp"];

/// Names by which lists are paged, in a query or in an answer.
const PAGING: [&str; 14] = [
    "page",
    "pageSize",
    "limit",
    "offset",
    "cursor",
    "pagination",
    "nextCursor",
    "hasMore",
    "total",
    "list",
    "items",
    "pageNo",
    "totalPages",
    "prevCursor",
];

/// Findings that both documents show, as our client sees them.
///
/// `stated` are the two as upstream wrote them: only they can contradict themselves.
pub(crate) fn documents(
    (base, revision): &(Spec, Spec),
    stated: &(Spec, Spec),
    file: &str,
    lines: &Lines,
) -> Vec<Finding> {
    let mut found = codes::compare(base, revision, &stated.1);
    let at = |pointer: String| {
        Some(At {
            file: file.to_owned(),
            line: lines.line(&pointer),
            pointer: Some(pointer),
        })
    };
    let rules = codes::rules();
    let known = contradictions(&stated.0, &rules);
    for contradiction in contradictions(&stated.1, &rules) {
        let old = known.iter().any(|other| {
            other.id == contradiction.id
                && other.what == contradiction.what
                && other.pointer == contradiction.pointer
        });
        if !old {
            found.push(
                Finding::new(
                    Effect::Meaning,
                    Impact::Warning,
                    contradiction.id,
                    format!("{}, code {}", contradiction.operation, contradiction.code),
                    contradiction.what,
                )
                .at(at(contradiction.pointer))
                .todo("ask upstream which of the two is true; correct the other in the overlay"),
            );
        }
    }
    let olds: BTreeMap<String, Operation<'_>> = base
        .operations()
        .into_iter()
        .map(|o| (key(&o), o))
        .collect();
    for new in revision.operations() {
        let Some(old) = olds.get(&key(&new)) else {
            continue;
        };
        operation((base, old), (revision, &new), &at, &mut found);
    }
    found
}

/// Findings on one operation that both documents have.
fn operation(
    (base, old): (&Spec, &Operation<'_>),
    (revision, new): (&Spec, &Operation<'_>),
    at: &dyn Fn(String) -> Option<At>,
    found: &mut Vec<Finding>,
) {
    let place = format!("{} {}", new.method.to_uppercase(), new.path);
    let mut push = |impact, id: &str, what: &str, before: String, after: String, todo: &str| {
        if before != after {
            found.push(
                Finding::new(Effect::Meaning, impact, id, &place, what)
                    .change(
                        Some(before).filter(|text| !text.is_empty()),
                        Some(after).filter(|text| !text.is_empty()),
                    )
                    .operations([place.clone()])
                    .at(at(new.pointer()))
                    .todo(todo),
            );
        }
    };
    push(
        Impact::Breaks,
        "envelope-changed",
        "the envelope, which every answer is opened by, has another shape",
        envelope(base, old.node),
        envelope(revision, new.node),
        "check a real answer: if it still has the old shape, correct the overlay; if not, `Envelope` must learn it",
    );
    push(
        Impact::Breaks,
        "raw-flag-changed",
        "the service says otherwise whether the answer is wrapped in an envelope",
        raw(old.node),
        raw(new.node),
        "check a real answer before anything is released",
    );
    let (was, is) = (answers(old.node), answers(new.node));
    let streams = |types: &BTreeSet<String>| types.iter().any(|t| t.ends_with("event-stream"));
    let (impact, id, what) = match (streams(&was), streams(&is)) {
        (false, true) => (
            Impact::NeedsAction,
            "stream-added",
            "the operation can answer with an event stream now: generated code reads it raw",
        ),
        (true, false) => (
            Impact::Breaks,
            "stream-removed",
            "the operation no longer answers with an event stream",
        ),
        _ => (
            Impact::Warning,
            "answer-media-types-changed",
            "the operation answers in other media types",
        ),
    };
    push(
        impact,
        id,
        what,
        words(&was),
        words(&is),
        "look at the wrapper's return type",
    );
    push(
        Impact::Warning,
        "request-media-types-changed",
        "the operation takes other media types",
        words(&sent(old.node)),
        words(&sent(new.node)),
        "look at what the client sends",
    );
    push(
        Impact::NeedsAction,
        "paging-changed",
        "the list is paged by other names",
        words(&paging(base, old.node)),
        words(&paging(revision, new.node)),
        "look at the wrapper's paging, and at the overlay's names for it",
    );
}

/// An operation is the same if its method and the shape of its path are.
fn key(operation: &Operation<'_>) -> String {
    let mut path = String::new();
    let mut rest = operation.path;
    while let Some((before, after)) = rest.split_once('{') {
        path = path + before + "{}";
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    format!("{} {path}{rest}", operation.method)
}

/// The JSON schema of a successful answer.
fn answer<'a>(spec: &'a Spec, operation: &'a Value) -> Option<&'a Value> {
    let response = spec.resolve(&operation["responses"]["200"]);
    let schema = &response["content"]["application/json"]["schema"];
    schema.is_object().then(|| spec.resolve(schema))
}

/// The envelope's members and their types; empty for an answer without one.
fn envelope(spec: &Spec, operation: &Value) -> String {
    let Some(schema) = answer(spec, operation) else {
        return String::new();
    };
    let properties = &schema["properties"];
    if properties["code"].is_null() && properties["message"].is_null() {
        return String::new();
    }
    let members: Vec<String> = ENVELOPE
        .iter()
        .filter_map(|name| {
            let member = spec.resolve(properties.get(*name)?);
            let kind = member["type"].as_str().unwrap_or("any");
            Some(format!("{name}: {kind}"))
        })
        .collect();
    let data = if properties["data"].is_null() {
        ""
    } else {
        ", data"
    };
    members.join(", ") + data
}

fn raw(operation: &Value) -> String {
    match operation["x-aitoearn-backend"]["rawResponse"].as_bool() {
        Some(true) => "raw".to_owned(),
        _ => "enveloped".to_owned(),
    }
}

fn answers(operation: &Value) -> BTreeSet<String> {
    entries(&operation["responses"])
        .filter(|(status, _)| status.starts_with('2') || *status == "default")
        .flat_map(|(_, response)| entries(&response["content"]))
        .map(|(media_type, _)| media_type.clone())
        .collect()
}

fn sent(operation: &Value) -> BTreeSet<String> {
    entries(&operation["requestBody"]["content"])
        .map(|(media_type, _)| media_type.clone())
        .collect()
}

fn paging(spec: &Spec, operation: &Value) -> BTreeSet<String> {
    let is_paging = |name: &&str| PAGING.contains(name);
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let query = parameters
        .filter(|parameter| parameter["in"] == "query")
        .filter_map(|parameter| parameter["name"].as_str())
        .filter(|name| is_paging(&name.split('[').next().unwrap_or_default()))
        .map(|name| format!("?{name}"));
    let data = answer(spec, operation)
        .map(|schema| spec.resolve(&schema["properties"]["data"]))
        .into_iter()
        .flat_map(|data| entries(&data["properties"]))
        .map(|(name, _)| name.as_str())
        .filter(is_paging)
        .map(ToOwned::to_owned);
    query.chain(data).collect()
}

fn words(set: &BTreeSet<String>) -> String {
    set.iter().cloned().collect::<Vec<_>>().join(", ")
}

/// Findings that the table of operations shows: what drives credentials, retries and timeouts.
pub(crate) fn tables(base: &Surface, revision: &Surface, renames: &Renames) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, old) in &base.items {
        let new = revision.items.get(renames.paths.get(path).unwrap_or(path));
        let (Item::Operation(old), Some(Item::Operation(new))) = (old, new) else {
            continue;
        };
        let what = |field: &str| match field {
            "auth" => Some((
                Impact::Breaks,
                "credential-changed",
                "the credential goes into another header",
            )),
            "reply" => Some((
                Impact::Breaks,
                "reply-kind-changed",
                "the answer is wrapped otherwise",
            )),
            "retry" => Some((
                Impact::Warning,
                "retry-class-changed",
                "it is repeated under other conditions",
            )),
            "timeout" => Some((
                Impact::Warning,
                "timeout-class-changed",
                "it is given another time",
            )),
            _ => None,
        };
        for (field, was) in old {
            let Some(is) = new.get(field).filter(|is| *is != was) else {
                continue;
            };
            if let Some((impact, id, what)) = what(field) {
                found.push(
                    Finding::new(Effect::Meaning, impact, id, path, what)
                        .change(Some(was.clone()), Some(is.clone()))
                        .operations([endpoint(new)])
                        .todo("check it against the service; `x-client` in the overlay overrules classes"),
                );
            }
        }
    }
    found
}

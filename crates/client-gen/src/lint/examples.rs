//! Examples that do not fit their schema: of responses, requests and parameters.

use serde_json::Value;

use super::{Lint, each_answer};
use crate::misfit::{is_made_of_type_names, misfits};
use crate::spec::{Spec, elements, entries, escape};

pub(super) fn check(spec: &Spec) -> Vec<Lint> {
    let mut found = Vec::new();
    for (pointer, _, media) in each_answer(spec) {
        for (at, value) in shown(&pointer, media) {
            // An error carries `data: {}` whatever the type of `data` is.
            if value["code"].as_i64().is_none_or(|code| code == 0) {
                compare(spec, &media["schema"], &at, value, &mut found);
            }
        }
    }
    for operation in spec.operations() {
        let base = operation.pointer();
        for (media_type, media) in entries(&operation.node["requestBody"]["content"]) {
            let pointer = format!("{base}/requestBody/content/{}", escape(media_type));
            for (at, value) in shown(&pointer, media) {
                compare(spec, &media["schema"], &at, value, &mut found);
            }
        }
        for (index, parameter) in elements(&operation.node["parameters"]).enumerate() {
            let parameter = spec.resolve(parameter);
            for (at, value) in shown(&format!("{base}/parameters/{index}"), parameter) {
                compare(spec, &parameter["schema"], &at, value, &mut found);
            }
        }
    }
    found
}

/// `example` and `examples` of a media type or a parameter, each with its place.
fn shown<'a>(pointer: &str, holder: &'a Value) -> Vec<(String, &'a Value)> {
    let one = holder
        .get("example")
        .map(|value| (format!("{pointer}/example"), value));
    let named = entries(&holder["examples"]).filter_map(|(name, example)| {
        let at = format!("{pointer}/examples/{}", escape(name));
        Some((at, example.get("value")?))
    });
    one.into_iter().chain(named).collect()
}

fn compare(spec: &Spec, schema: &Value, at: &str, value: &Value, found: &mut Vec<Lint>) {
    if is_made_of_type_names(value) {
        found.push(Lint::new(
            "example-shows-types",
            at,
            "its values are names of types, not values",
            "none needed here: no mock serves it; upstream should give an example",
        ));
        return;
    }
    for what in misfits(spec, schema, value) {
        found.push(Lint::new(
            "example-does-not-fit",
            at,
            what,
            "find out which of the two is true; correct the schema in the overlay (no mock serves such an example)",
        ));
    }
}

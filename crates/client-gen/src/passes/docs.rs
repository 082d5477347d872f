//! `docs`: descriptions become rustdoc.
//!
//! Limits and defaults are written back into words, each operation lists its
//! error codes, and of upstream's own markup only what is harmless stays.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use heck::ToSnakeCase;
use serde_json::{Map, Value, json};

use super::Context;
use crate::problem::Result;
use crate::rustdoc;
use crate::spec::{Spec, component_of, elements, object_of};
use crate::walk;
use spec_diff::escape::code;

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "docs",
        "Descriptions as rustdoc: limits, defaults and error codes in words.",
    );
    describe_client(spec);
    let mut described = 0;
    walk::for_each_schema_mut(&mut spec.doc, &mut |_, schema| {
        let mut text = schema["description"]
            .as_str()
            .map(rustdoc::text)
            .unwrap_or_default();
        if let Some(limits) = schema["x-limits"].as_str() {
            let limits = rustdoc::line(&format!("{}.", sentence(limits)));
            text = rustdoc::with_sentence(&text, &limits);
            described += 1;
        }
        let object = object_of(schema);
        object.shift_remove("x-limits");
        if text.is_empty() {
            object.shift_remove("description");
        } else {
            object.insert("description".to_owned(), text.into());
        }
        object.shift_remove("example");
    });
    describe_properties(spec);
    let missing: Vec<(String, String)> = spec
        .schemas()
        .into_iter()
        .flatten()
        .filter(|(_, schema)| schema.get("description").is_none())
        .map(|(name, schema)| (name.clone(), what_it_is(spec, name, schema)))
        .collect();
    for (name, text) in missing {
        spec.schemas_mut()[&name]["description"] = text.into();
    }
    let rules = context.names.rules();
    let mut with_codes = 0;
    spec.for_each_operation(|_, operation| {
        let codes: Vec<String> = rules
            .listed_codes(&Value::Object(operation.clone()))
            .filter_map(|entry| {
                let name = code(entry["name"].as_str()?);
                Some(format!("{name} ({})", entry["code"].as_i64()?))
            })
            .collect();
        let mut text = operation
            .get("description")
            .and_then(Value::as_str)
            .map(rustdoc::text)
            .unwrap_or_default();
        if operation.get("deprecated") == Some(&Value::Bool(true)) {
            text = rustdoc::before("**Deprecated.**", &text);
        }
        if !codes.is_empty() {
            with_codes += 1;
        }
        text.push_str(&server_and_errors(operation, &codes));
        if let Some(summary) = operation
            .get("summary")
            .and_then(Value::as_str)
            .map(rustdoc::line)
        {
            operation.insert("summary".to_owned(), rustdoc::with_stop(&summary).into());
        }
        operation.insert("description".to_owned(), text.trim_start().into());
        describe_parameters(operation);
        strip_examples(operation);
        Ok(())
    })?;
    context.report.line(format!(
        "{described} descriptions got their limits, {with_codes} operations their error codes"
    ));
    Ok(())
}

/// Gives properties without words those of their type, or their name.
fn describe_properties(spec: &mut Spec) {
    let of_types: BTreeMap<String, String> = spec
        .schemas()
        .into_iter()
        .flatten()
        // Of a type with several places, the words are those of one of them.
        .filter(|(_, schema)| schema["x-places"].as_array().is_none_or(|it| it.len() < 2))
        .filter_map(|(name, schema)| {
            let text = schema["description"].as_str()?;
            Some((format!("#/components/schemas/{name}"), text.to_owned()))
        })
        .collect();
    walk::for_each_schema_mut(&mut spec.doc, &mut |_, schema| {
        for (step, child) in walk::children_mut(schema) {
            let walk::Step::Property(name) = step else {
                continue;
            };
            let own = child["description"].as_str();
            let target = child["$ref"].as_str();
            let of_type = target.and_then(|it| of_types.get(it));
            let text = match (own, of_type.map(String::as_str)) {
                (Some(_), None) if target.is_none() => continue,
                (Some(text), _) | (None, Some(text)) => text.trim_end_matches('.').to_owned(),
                (None, None) => sentence(&name.to_snake_case().replace('_', " ")),
            };
            describe(child, &text);
        }
    });
}

fn describe_parameters(operation: &mut Map<String, Value>) {
    for parameter in operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if let Some(description) = parameter["description"].as_str() {
            parameter["description"] = rustdoc::in_item(&rustdoc::text(description)).into();
        }
    }
}

/// Where an operation goes if not to the client's server, and what it refuses with.
fn server_and_errors(operation: &Map<String, Value>, codes: &[String]) -> String {
    let mut text = String::new();
    if let Some(server) = operation.get("x-server").and_then(Value::as_str) {
        let _ = write!(
            text,
            "\n\nGoes to the server {}, which the client has to be told: see `Client::with_server`.",
            code(server)
        );
    }
    let refusals: Vec<String> = elements(operation.get("x-failures").unwrap_or(&Value::Null))
        .filter_map(|failure| {
            let name = component_of(failure["schema"]["$ref"].as_str()?)?;
            let status = code(failure["status"].as_str()?);
            Some(format!("{status} with `types::{name}`"))
        })
        .collect();
    let mut errors = Vec::new();
    if !codes.is_empty() {
        let codes = codes.join(", ");
        errors.push(format!("Beside the codes of every operation: {codes}."));
    }
    if !refusals.is_empty() {
        let refusals = refusals.join(", ");
        errors.push(format!(
            "Refusals have a body, which `failure` reads: {refusals}."
        ));
    }
    if !errors.is_empty() {
        let _ = write!(text, "\n\n# Errors\n\n{}", errors.join(" "));
    }
    text
}

/// Gives a property a description; in OpenAPI 3.0 a `$ref` hides what stands beside it.
fn describe(property: &mut Value, text: &str) {
    let description = format!("{text}.");
    if property.get("$ref").is_some() {
        let mut target = property.take();
        object_of(&mut target).shift_remove("description");
        *property = json!({ "description": description, "allOf": [target] });
    } else {
        property["description"] = description.into();
    }
}

/// A word on a type that upstream says nothing about; where it is used is linked below it.
fn what_it_is(spec: &Spec, name: &str, schema: &Value) -> String {
    let target = format!("#/components/schemas/{name}");
    let names = |node: &Value| walk::references(node).contains(&target.as_str());
    let of = |part: &str| -> Vec<String> {
        let users = spec
            .operations()
            .into_iter()
            .filter(|operation| names(&operation.node[part]));
        users
            .map(|operation| format!("`{}`", operation.id()))
            .collect()
    };
    let bodies = of("requestBody");
    if schema.get("x-enum").is_none() && !bodies.is_empty() && of("responses").is_empty() {
        return format!("The body of {}.", bodies.join(", "));
    }
    let words = name.to_snake_case().replace('_', " ");
    let article = if words.starts_with(['a', 'e', 'i', 'o']) {
        "An"
    } else {
        "A"
    };
    match schema.get("x-enum") {
        Some(_) => format!(
            "{article} {words}, from an open list: a value that is not known here is kept as it came."
        ),
        None => format!("{article} {words}."),
    }
}

/// Tests read examples from the vendored document; here they are noise.
fn strip_examples(operation: &mut serde_json::Map<String, Value>) {
    let mut strip = |node: &mut Value| {
        if let Some(object) = node.as_object_mut() {
            object.shift_remove("example");
            object.shift_remove("examples");
        }
    };
    let parameters = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut);
    parameters.into_iter().flatten().for_each(&mut strip);
    let mut holders: Vec<&mut Value> = Vec::new();
    for (key, value) in operation {
        match (key.as_str(), value) {
            ("requestBody", body) => holders.push(body),
            ("responses", Value::Object(responses)) => {
                holders.extend(responses.into_iter().map(|(_, response)| response));
            }
            _ => {}
        }
    }
    for holder in holders {
        let content = holder.get_mut("content").and_then(Value::as_object_mut);
        for (_, media) in content.into_iter().flatten() {
            strip(media);
        }
    }
}

/// What progenitor says of the client.
fn describe_client(spec: &mut Spec) {
    let info = object_of(&mut spec.doc["info"]);
    for (key, written) in [
        ("title", rustdoc::line as fn(&str) -> String),
        ("description", rustdoc::text),
        ("termsOfService", rustdoc::line),
    ] {
        if let Some(text) = info.get(key).and_then(Value::as_str) {
            let text = written(text);
            info.insert(key.to_owned(), text.into());
        }
    }
}

fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ANSWER, answering, run as run_pass, spec};

    #[test]
    fn descriptions_get_their_limits_and_no_links_by_accident() {
        let mut spec = answering(
            json!({ "description": "See [n] at https://a.example/x.", "x-limits": "1 to 3", "example": 1 }),
            json!({}),
        );
        run_pass(&mut spec, "", run).unwrap();
        assert_eq!(
            *spec.doc.pointer(ANSWER).unwrap(),
            json!({ "description": r"See \[n\] at <https://a.example/x>. 1 to 3." })
        );
    }

    #[test]
    fn a_property_called_example_stays() {
        let mut spec = answering(
            json!({ "properties": { "schema": {}, "content": {}, "example": { "type": "string" } } }),
            json!({}),
        );
        run_pass(&mut spec, "", run).unwrap();
        assert!(
            spec.doc.pointer(ANSWER).unwrap()["properties"]
                .get("example")
                .is_some()
        );
    }

    #[test]
    fn a_property_without_words_has_those_of_its_type_or_its_name() {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let mut spec = answering(
            json!({ "properties": {
                "pump": reference("Pump"),
                "spareRope": reference("Rope"),
                "chain": { "$ref": "#/components/schemas/Rope", "description": "Holds the bucket" },
            } }),
            json!({ "Pump": { "description": "What lifts the water." }, "Rope": {} }),
        );
        run_pass(&mut spec, "", run).unwrap();
        let properties = &spec.doc.pointer(ANSWER).unwrap()["properties"];
        assert_eq!(properties["pump"]["description"], "What lifts the water.");
        assert_eq!(properties["spareRope"]["description"], "Spare rope.");
        assert_eq!(
            properties["chain"],
            json!({ "description": "Holds the bucket.", "allOf": [reference("Rope")] })
        );
    }

    #[test]
    fn a_type_without_words_is_named() {
        let mut spec = answering(
            json!({ "$ref": "#/components/schemas/OldPump" }),
            json!({ "OldPump": { "type": "object" }, "Rope": { "x-enum": [] } }),
        );
        run_pass(&mut spec, "", run).unwrap();
        let words = |name: &str| spec.doc["components"]["schemas"][name]["description"].clone();
        assert_eq!(words("OldPump"), "An old pump.");
        assert_eq!(
            words("Rope"),
            "A rope, from an open list: a value that is not known here is kept as it came."
        );
    }

    #[test]
    fn operations_say_their_codes_and_that_they_are_deprecated() {
        let mut spec = spec(
            json!({ "/x": { "get": {
                "operationId": "x", "summary": "Does it", "description": "More", "deprecated": true,
                "x-backend": { "responseCodes": [{ "code": 7, "name": "Seven" }] },
                "parameters": [{ "name": "p", "in": "query", "description": "<p>", "example": 1 }],
                "responses": { "200": { "content": { "application/json": { "schema": {}, "examples": {} } } } },
            } } }),
            json!({}),
        );
        run_pass(&mut spec, "", run).unwrap();
        let operation = &spec.doc["paths"]["/x"]["get"];
        assert_eq!(operation["summary"], "Does it.");
        let text = operation["description"].as_str().unwrap();
        assert!(text.starts_with("**Deprecated.** More"), "{text}");
        assert!(
            text.ends_with("# Errors\n\nBeside the codes of every operation: `Seven` (7)."),
            "{text}"
        );
        assert_eq!(operation["parameters"][0]["description"], r"\<p\>");
        assert!(!operation.to_string().contains("example"), "{operation}");
    }
}

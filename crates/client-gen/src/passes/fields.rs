//! `fields`: every property has a field of its own, and every parameter an argument.
//!
//! progenitor makes both of the name on the wire. Where that cannot be, or would be one for two, the
//! document gets another name; the name that is sent stays beside it as `x-wire`, and the code is
//! made to say it again.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Context;
use crate::names::field_name;
use crate::problem::{Problem, Problems, Result};
use crate::spec::{Spec, elements, object_of};
use crate::spelling;

/// The name on the wire: of a parameter, or of each renamed property of a type.
pub(crate) const WIRE: &str = "x-wire";

/// Where the members go that a schema does not list.
const REST: &str = "extra";

/// Names that a generated method has for something else.
pub(crate) const OF_METHODS: [&str; 6] = [
    "header_map",
    "info",
    "params",
    "request",
    "response",
    "result",
];

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "fields",
        "Fields and arguments that are not called as on the wire.",
    );
    let before = spec.clone();
    let mut problems = Vec::new();
    for (ty, schema) in spec.schemas_mut() {
        properties(&before, ty, schema, context, &mut problems);
    }
    spec.for_each_operation(|pointer, operation| {
        arguments(&before, pointer, operation, context, &mut problems);
        Ok(())
    })?;
    Problems::none_or(problems)
}

/// What a name is called, in the order of who comes first.
struct Choice<'a> {
    taken: Vec<String>,
    /// The line of the table that names it.
    entry: &'a dyn Fn(&str) -> String,
    what: &'a str,
}

impl Choice<'_> {
    fn is_free(&self, name: &str) -> bool {
        !self.taken.iter().any(|other| other == name)
    }

    /// A name that a person wrote down is refused where it cannot be, not bent.
    fn given(&mut self, name: &str, given: &str) -> std::result::Result<String, String> {
        let why = if field_name(given) != given {
            "is no name for it"
        } else if !self.is_free(given) {
            "is taken"
        } else {
            self.taken.push(given.to_owned());
            return Ok(given.to_owned());
        };
        Err(format!(
            "the {} `{name}` would be called `{given}`, which {why}",
            self.what
        ))
    }

    /// The name by rule, and what there is to say about it.
    fn by_rule(&mut self, name: &str) -> (String, Option<String>) {
        let plain = field_name(name);
        let value = format!("{plain}_value");
        let chosen = if !self.is_free(&plain)
            && OF_METHODS.contains(&plain.as_str())
            && self.is_free(&value)
        {
            value
        } else {
            spelling::field(name, |name| self.is_free(name))
        };
        self.taken.push(chosen.clone());
        let line = (chosen != plain).then(|| {
            format!(
                "the {} `{name}` is called `{chosen}` by rule; {} would name it",
                self.what,
                (self.entry)(name)
            )
        });
        (chosen, line)
    }
}

/// Whether progenitor makes the field of a name that the rule makes.
fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii() || c.is_alphanumeric())
}

fn properties(
    spec: &Spec,
    ty: &str,
    schema: &mut Value,
    context: &mut Context<'_>,
    problems: &mut Vec<Problem>,
) {
    let has_rest = schema["additionalProperties"].is_object();
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    let entry = |name: &str| format!("`\"{ty}.{name}\" = \"…\"` under [fields] in names.toml");
    let mut choice = Choice {
        taken: Vec::new(),
        entry: &entry,
        what: "property",
    };
    if has_rest {
        choice.taken.push(REST.to_owned());
    }
    let mut chosen: Map<String, Value> = Map::new();
    for name in properties.keys() {
        if let Some(given) = context.names.field(ty, name) {
            match choice.given(name, given) {
                Ok(field) => drop(chosen.insert(name.clone(), field.into())),
                Err(what) => {
                    let fix = format!("change {}", entry(name));
                    problems.push(spec.component_problem(ty, what, fix));
                }
            }
        }
    }
    // Those that are called as they are come first.
    let mut rest: Vec<&String> = properties
        .keys()
        .filter(|name| !chosen.contains_key(*name))
        .collect();
    rest.sort_by_key(|name| field_name(name) != **name);
    for name in rest {
        let (field, line) = choice.by_rule(name);
        if let Some(line) = line {
            context.report.line(format!("`{ty}`: {line}"));
        } else if is_plain(name) {
            continue;
        }
        chosen.insert(name.clone(), field.into());
    }
    if !chosen.is_empty() {
        rename_properties(schema, &chosen);
    }
}

/// `chosen` says which property is called what.
fn rename_properties(schema: &mut Value, chosen: &Map<String, Value>) {
    let named = |name: &str| chosen.get(name).and_then(Value::as_str);
    let object = object_of(schema);
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        let old = std::mem::take(properties);
        properties.extend(old.into_iter().map(|(name, property)| {
            let key = named(&name).map_or(name.clone(), ToOwned::to_owned);
            (key, property)
        }));
    }
    if let Some(Value::Array(required)) = object.get_mut("required") {
        for name in required {
            if let Some(new) = name.as_str().and_then(named) {
                *name = new.into();
            }
        }
    }
    let wire = chosen.iter();
    let wire =
        wire.filter_map(|(name, field)| Some((field.as_str()?.to_owned(), name.as_str().into())));
    object.insert(WIRE.to_owned(), Value::Object(wire.collect()));
}

fn arguments(
    spec: &Spec,
    pointer: &str,
    operation: &mut Map<String, Value>,
    context: &mut Context<'_>,
    problems: &mut Vec<Problem>,
) {
    let method = operation["operationId"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let has_body = operation.contains_key("requestBody");
    let Some(parameters) = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
    else {
        return;
    };
    let mut taken: Vec<String> = OF_METHODS.iter().map(ToString::to_string).collect();
    if has_body {
        taken.push("body".to_owned());
    }
    let place = std::cell::RefCell::new(String::new());
    let entry = |name: &str| {
        format!(
            "`\"{method}.{}.{name}\" = \"…\"` under [parameters] in names.toml",
            place.borrow()
        )
    };
    let mut choice = Choice {
        taken,
        entry: &entry,
        what: "parameter",
    };
    let text =
        |parameter: &Value, key: &str| parameter[key].as_str().unwrap_or_default().to_owned();
    let mut order: Vec<usize> = (0..parameters.len()).collect();
    order.sort_by_key(|index| {
        let parameter = &parameters[*index];
        let (name, at) = (text(parameter, "name"), text(parameter, "in"));
        // The name of one in the path is a part of the path.
        let is_given = context.names.argument(&method, &at, &name).is_some();
        (at != "path", !is_given, field_name(&name) != name)
    });
    for index in order {
        let parameter = &mut parameters[index];
        let (name, at) = (text(parameter, "name"), text(parameter, "in"));
        at.clone_into(&mut place.borrow_mut());
        let mut refuse = |what: String, fix: &str| {
            problems.push(spec.problem(format!("{pointer}/parameters/{index}"), what, fix));
        };
        let given = context.names.argument(&method, &at, &name);
        let (argument, line) = match given {
            Some(given) => match choice.given(&name, given) {
                Ok(argument) => (argument, None),
                Err(what) => {
                    refuse(what, &format!("change {}", entry(&name)));
                    continue;
                }
            },
            None => choice.by_rule(&name),
        };
        if at == "path" && argument != field_name(&name) {
            refuse(
                format!(
                    "the path parameter `{name}` would be the argument `{}`, which is taken",
                    field_name(&name)
                ),
                "rename it, in the path as well, with an overlay action",
            );
            continue;
        }
        if at == "header" && !is_header(&name) {
            refuse(
                format!("`{name}` cannot be the name of a header"),
                "rename the parameter with an overlay action",
            );
            continue;
        }
        if let Some(line) = line {
            context.report.line(format!("`{method}`: {line}"));
        }
        if argument != field_name(&name) || !is_plain(&name) && at != "path" {
            let parameter = object_of(parameter);
            parameter.insert("name".to_owned(), argument.into());
            parameter.insert(WIRE.to_owned(), name.into());
        }
    }
}

/// What HTTP takes; everything else would be a panic of the client.
fn is_header(name: &str) -> bool {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(is_token)
}

/// The renamed properties of a type: field and name on the wire.
pub(crate) fn wire_of_type<'a>(spec: &'a Spec, ty: &str) -> Option<&'a Map<String, Value>> {
    spec.schemas()?.get(ty)?[WIRE].as_object()
}

/// The renamed parameters of each method that has some: argument and name on the wire.
pub(crate) fn wire_of_methods(spec: &Spec) -> BTreeMap<&str, BTreeMap<&str, &str>> {
    let mut all: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for operation in spec.operations() {
        let renamed = elements(&operation.node["parameters"])
            .filter_map(|parameter| Some((parameter["name"].as_str()?, parameter[WIRE].as_str()?)));
        let renamed: BTreeMap<&str, &str> = renamed.collect();
        if !renamed.is_empty() {
            all.insert(operation.id(), renamed);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::spec::entries;
    use crate::testing::{answering, assert_says, refused, run as run_pass, taking};

    fn pet(schema: Value) -> Spec {
        answering(json!({}), json!({ "Pet": schema }))
    }

    #[test]
    fn properties_that_would_be_one_field_are_two() {
        let schema = json!({ "properties": { "a-b": { "type": "string" }, "a_b": {}, "born<": {}, "born": {} }, "required": ["a-b"] });
        let mut spec = pet(schema);
        let report = run_pass(&mut spec, "[fields]\n\"Pet.born<\" = \"born_before\"", run).unwrap();
        let pet = &spec.schemas().unwrap()["Pet"];
        let names: Vec<&String> = entries(&pet["properties"]).map(|(name, _)| name).collect();
        assert_eq!(names, ["a_minus_b", "a_b", "born_before", "born"]);
        assert_eq!(pet["required"], json!(["a_minus_b"]));
        assert_eq!(
            pet[WIRE],
            json!({ "a_minus_b": "a-b", "born_before": "born<" })
        );
        assert_says(
            &report,
            &[
                r#"`Pet`: the property `a-b` is called `a_minus_b` by rule; `"Pet.a-b" = "…"` under \[fields\]"#,
            ],
        );
    }

    #[test]
    fn the_map_of_what_is_not_listed_has_a_name_too() {
        let schema =
            json!({ "properties": { "extra": {} }, "additionalProperties": { "type": "string" } });
        let mut spec = pet(schema);
        run_pass(&mut spec, "", run).unwrap();
        assert_eq!(
            spec.schemas().unwrap()["Pet"][WIRE],
            json!({ "extra2": "extra" })
        );
        let mut spec = pet(json!({ "properties": { "extra": {} } }));
        run_pass(&mut spec, "", run).unwrap();
        assert!(spec.schemas().unwrap()["Pet"].get(WIRE).is_none());
    }

    fn parameter(name: &str, place: &str) -> Value {
        json!({ "name": name, "in": place, "schema": { "type": "string" } })
    }

    #[test]
    fn parameters_that_would_be_one_argument_are_several() {
        let all = json!([
            parameter("born", "query"),
            parameter("born<", "query"),
            parameter("X-Id", "header"),
            parameter("xId", "query"),
            parameter("body", "query"),
            parameter("result", "query"),
            parameter("born!", "query"),
        ]);
        let mut spec = taking(all, Some(json!({})));
        let given = "[parameters]\n\"postX.query.born!\" = \"born_not\"";
        let report = run_pass(&mut spec, given, run).unwrap();
        let parameters = &spec.doc["paths"]["/x"]["post"]["parameters"];
        let names: Vec<(&str, &str)> = elements(parameters)
            .map(|it| {
                (
                    it["name"].as_str().unwrap(),
                    it[WIRE].as_str().unwrap_or_default(),
                )
            })
            .collect();
        assert_eq!(
            names,
            [
                ("born", ""),
                ("born_lt", "born<"),
                ("X-Id", ""),
                ("x_id2", "xId"),
                ("body2", "body"),
                ("result_value", "result"),
                ("born_not", "born!"),
            ]
        );
        assert_says(
            &report,
            &[r#"`"postX.query.born<" = "…"` under \[parameters\]"#],
        );
        assert_eq!(wire_of_methods(&spec)["postX"].len(), 5);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for (parameters, given, words) in [
            (
                json!([parameter("a b", "header")]),
                "",
                "cannot be the name of a header",
            ),
            (
                json!([parameter("a-b", "path"), parameter("a_b", "path")]),
                "",
                "would be the argument `a_b`, which is taken",
            ),
            (
                json!([parameter("a", "query"), parameter("b", "query")]),
                "[parameters]\n\"postX.query.b\" = \"Be\"",
                "would be called `Be`, which is no name",
            ),
        ] {
            let problem = refused(&mut taking(parameters, None), given, run);
            assert_says(
                &problem,
                &[words, "postX (POST /x)", "/paths/~1x/post/parameters/"],
            );
        }
    }
}

//! `dedupe`: schemas that differ in nothing but words become one type, and
//! every component gets its final name.
//!
//! Two components of upstream's stay two, and so do two that `names.toml`
//! gives different names. Lists of values that `names.toml` gives the same
//! name become one enum with the values of both.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Context, hoist::is_enum};
use crate::emit::params;
use crate::names::{self, LONGEST_TYPE_NAME};
use crate::problem::{Problem, Problems, Result};
use crate::spec::{Operation, Spec, elements, object_of, rename_references};
use crate::spelling::{self, is_type_name};
use crate::walk::{bare, children_mut};

/// What Rust's prelude has, and generated code names.
const PRELUDE: [&str; 12] = [
    "Box", "Default", "Err", "From", "Into", "None", "Ok", "Option", "Result", "Some", "String",
    "Vec",
];

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
    context.report.section(
        "dedupe",
        "Schemas that stood in several places and are one type now.",
    );
    while merge_equals(spec) > 0 {}
    merge_enums_given_one_name(spec);
    let names = final_names(spec, context)?;
    let old = std::mem::take(spec.schemas_mut());
    rename_references(&mut spec.doc, &names);
    let mut renamed: Map<String, Value> = old
        .into_iter()
        .filter_map(|(key, schema)| Some((names.get(&key)?.clone(), schema)))
        .collect();
    for (name, schema) in &mut renamed {
        rename_references(schema, &names);
        let schema = object_of(schema);
        for key in ["x-name", "x-given", "x-original", "x-keep"] {
            schema.shift_remove(key);
        }
        if let Some(Value::Array(places)) = schema.get("x-places")
            && places.len() > 1
        {
            let places: Vec<String> = places
                .iter()
                .filter_map(Value::as_str)
                .map(|place| format!("`{place}`"))
                .collect();
            context
                .report
                .line(format!("`{name}`: {}", places.join(", ")));
            // Many places, many descriptions: none of them speaks for the type.
            if schema.get("x-union").is_some() || schema.contains_key("enum") {
                schema.shift_remove("description");
            }
        }
    }
    *spec.schemas_mut() = renamed;
    Ok(())
}

/// One round of merging; returns how many components went.
fn merge_equals(spec: &mut Spec) -> usize {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, schema) in spec.schemas().into_iter().flatten() {
        groups
            .entry(canonical(schema))
            .or_default()
            .push(key.clone());
    }
    let mut renames = BTreeMap::new();
    for keys in groups.into_values().filter(|keys| keys.len() > 1) {
        let mut kept: Vec<String> = Vec::new();
        // Originals first, then those with a given name: the rest joins them.
        let mut ordered = keys;
        ordered.sort_by_key(|key| {
            let schema = &spec.doc["components"]["schemas"][key];
            (schema["x-original"] != true, schema["x-given"] != true)
        });
        for key in ordered {
            let schema = &spec.doc["components"]["schemas"][&key];
            let home = kept.iter().find(|home| {
                let other = &spec.doc["components"]["schemas"][home.as_str()];
                let both_original = schema["x-original"] == true && other["x-original"] == true;
                let same_name = schema["x-given"] != true || schema["x-name"] == other["x-name"];
                !both_original && same_name
            });
            match home {
                Some(home) => {
                    renames.insert(key, home.clone());
                }
                None => kept.push(key),
            }
        }
    }
    absorb(spec, &renames);
    renames.len()
}

/// Removes merged components, remembering the places they stood in.
fn absorb(spec: &mut Spec, renames: &BTreeMap<String, String>) {
    for (gone, home) in renames {
        let schemas = spec.schemas_mut();
        let Some(mut gone_schema) = schemas.shift_remove(gone) else {
            continue;
        };
        if let Some(home_schema) = schemas.get_mut(home) {
            forget_differing_limits(home_schema, &mut gone_schema);
            let mut places = places(home, home_schema);
            places.extend(self::places(gone, &gone_schema));
            home_schema["x-places"] = places.into();
        }
    }
    rename_references(&mut spec.doc, renames);
}

/// A limit that holds in one place only is no limit of the type, and its docs must not say so.
fn forget_differing_limits(home: &mut Value, gone: &mut Value) {
    if let Some(object) = home.as_object_mut() {
        for key in super::tolerant::LIMITS {
            if object.get(key) != gone.get(key) {
                object.shift_remove(key);
            }
        }
    }
    let mut others = children_mut(gone);
    for (step, child) in children_mut(home) {
        if let Some((_, other)) = others.iter_mut().find(|(other, _)| *other == step) {
            forget_differing_limits(child, other);
        }
    }
}

fn places(key: &str, schema: &Value) -> Vec<Value> {
    schema["x-places"]
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![key.into()])
}

/// The schema as text, less everything that makes no difference to its type.
fn canonical(schema: &Value) -> String {
    let mut schema = bare(schema);
    simplify(&mut schema);
    schema.to_string()
}

fn simplify(schema: &mut Value) {
    let only_part = match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) => Some(only.clone()),
        _ => None,
    };
    let object = object_of(schema);
    for key in super::tolerant::LIMITS.into_iter().chain([
        "x-name",
        "x-given",
        "x-original",
        "x-keep",
        "x-at",
        "x-places",
        "allOf",
    ]) {
        object.shift_remove(key);
    }
    object.extend(only_part.iter().flat_map(|part| {
        part.as_object()
            .into_iter()
            .flatten()
            .map(|(k, v)| (k.clone(), v.clone()))
    }));
    if object
        .get("additionalProperties")
        .is_some_and(Value::is_boolean)
    {
        object.shift_remove("additionalProperties");
    }
    if let Some(Value::Array(required)) = object.get_mut("required") {
        required.sort_by_key(ToString::to_string);
    }
    // The order of values says nothing, unless another list says something of each.
    if !object.keys().any(|key| key.starts_with("x-enum"))
        && let Some(Value::Array(values)) = object.get_mut("enum")
    {
        values.sort_by_key(ToString::to_string);
    }
    if object.get("required") == Some(&Value::Array(Vec::new())) {
        object.shift_remove("required");
    }
    if let Some(Value::Object(properties)) = object.get_mut("properties") {
        properties.sort_keys();
    }
    object.sort_keys();
    for (_, child) in children_mut(schema) {
        simplify(child);
    }
}

/// Enums that were given one name become one, with the values of all.
fn merge_enums_given_one_name(spec: &mut Spec) {
    let mut by_name: BTreeMap<String, String> = BTreeMap::new();
    let mut renames = BTreeMap::new();
    let keys: Vec<String> = spec
        .schemas()
        .into_iter()
        .flat_map(Map::keys)
        .cloned()
        .collect();
    for key in keys {
        let schema = spec.doc["components"]["schemas"][&key].clone();
        if !is_enum(&schema) || schema["x-given"] != true {
            continue;
        }
        let name = schema["x-name"].as_str().unwrap_or_default().to_owned();
        let Some(home) = by_name.get(&name) else {
            by_name.insert(name, key);
            continue;
        };
        let Some(home_schema) = spec.schemas_mut().get_mut(home) else {
            continue;
        };
        if let (Some(values), Some(more)) = (
            home_schema["enum"].as_array_mut(),
            schema["enum"].as_array(),
        ) {
            for value in more {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
        }
        renames.insert(key, home.clone());
    }
    absorb(spec, &renames);
}

/// Names by rule that are too long or taken get another by rule, which is reported: an entry of
/// `names.toml` would read better, and nothing waits for it.
fn settled_names(spec: &Spec, context: &mut Context<'_>) -> BTreeMap<String, String> {
    let by_rule = |schema: &Value| schema["x-name"].as_str().unwrap_or_default().to_owned();
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let mut taken: BTreeSet<String> = PRELUDE.iter().map(ToString::to_string).collect();
    taken.extend(spec.operations().iter().filter_map(parameters_type));
    let schemas = || spec.schemas().into_iter().flatten();
    // Given names and upstream's own come first: the rest makes way.
    for (key, schema) in schemas() {
        if schema["x-given"] == true || schema["x-original"] == true {
            let name = by_rule(schema);
            if is_type_name(&name) && name.len() <= LONGEST_TYPE_NAME && taken.insert(name.clone())
            {
                all.insert(key.clone(), name);
            }
        }
    }
    for (key, schema) in schemas() {
        if all.contains_key(key) {
            continue;
        }
        let name = by_rule(schema);
        let chosen = if schema["x-given"] == true {
            // What a person wrote down is refused where it cannot be, not bent.
            name.clone()
        } else {
            free_type_name(&name, |name| !taken.contains(name))
        };
        if chosen != name {
            context.report.line(format!(
                "`{name}` is called `{chosen}` by rule; `{key:?} = \"…\"` under [types] in names.toml would name it"
            ));
        }
        taken.insert(chosen.clone());
        all.insert(key.clone(), chosen);
    }
    all
}

/// A type name by rule that none has yet.
fn free_type_name(name: &str, is_free: impl Fn(&str) -> bool) -> String {
    let plain = spelling::type_name(name);
    if plain.len() > LONGEST_TYPE_NAME {
        return names::shortened(&plain, |name| is_type_name(name) && is_free(name));
    }
    let of_the_prelude = format!("{plain}Model");
    if is_free(&plain) {
        plain
    } else if PRELUDE.contains(&plain.as_str()) && is_free(&of_the_prelude) {
        of_the_prelude
    } else {
        names::numbered(&plain, is_free)
    }
}

/// The struct of what an operation can do without, if it has such parameters.
fn parameters_type(operation: &Operation<'_>) -> Option<String> {
    let mut parameters = elements(&operation.node["parameters"]);
    let has_some = parameters.any(|parameter| parameter["required"] != true);
    has_some.then(|| params::name_of(operation.id()))
}

/// Key to final name, checked: an identifier, not too long, nobody else's.
fn final_names(spec: &Spec, context: &mut Context<'_>) -> Result<BTreeMap<String, String>> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut holders: BTreeMap<String, String> = BTreeMap::new();
    let mut problems = Vec::new();
    let settled = settled_names(spec, context);
    for key in spec.schemas().into_iter().flat_map(Map::keys) {
        let name = settled.get(key).map_or("", String::as_str);
        let problem = |what: String| -> Problem {
            spec.component_problem(
                key,
                what,
                format!("add `\"{key}\" = \"…\"` under [types] in names.toml"),
            )
        };
        if name.len() > LONGEST_TYPE_NAME {
            problems.push(problem(format!(
                "the type name `{name}` has more than {LONGEST_TYPE_NAME} characters"
            )));
        } else if !is_type_name(name) {
            problems.push(problem(format!(
                "`{name}` cannot be a type name, such as `{}`",
                spelling::type_name(name)
            )));
        } else if PRELUDE.contains(&name) {
            problems.push(problem(format!(
                "`{name}` would hide the `{name}` that generated code uses"
            )));
        } else if let Some(first) = holders.insert(name.to_owned(), key.clone()) {
            problems.push(problem(format!(
                "the type name `{name}` is used twice, first at `{first}`"
            )));
        }
        names.insert(key.clone(), name.to_owned());
    }
    Problems::none_or(problems)?;
    Ok(names)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::passes::hoist;
    use crate::testing::{answering, assert_says, refused, run as run_pass};

    fn both(spec: &mut Spec, context: &mut Context<'_>) -> Result<()> {
        hoist::run(spec, context);
        run(spec, context)
    }

    fn names(spec: &Spec) -> Vec<&String> {
        spec.schemas().unwrap().keys().collect()
    }

    #[test]
    fn schemas_that_differ_in_words_alone_become_one() {
        let point = |words: &str, first: &str, second: &str| json!({ "type": "object", "description": words, "properties": { first: { "type": "string", "maxLength": 3 }, second: { "type": "string" } } });
        let mut spec = answering(
            json!({ "type": "object", "properties": { "from": point("a", "x", "y"), "to": point("b", "y", "x") } }),
            json!({}),
        );
        let report = run_pass(&mut spec, "", both).unwrap();
        assert_eq!(names(&spec), ["GetXResponseFrom", "GetXResponse"]);
        let whole = &spec.doc["components"]["schemas"]["GetXResponse"]["properties"];
        assert_eq!(whole["from"]["allOf"], whole["to"]["allOf"]);
        assert!(
            report.contains("`getX.response.from`, `getX.response.to`"),
            "{report}"
        );
    }

    #[test]
    fn a_limit_of_one_place_is_no_limit_of_the_type() {
        let part = |most: i64| json!({ "type": "object", "properties": { "x": { "type": "integer", "minimum": 1, "maximum": most } } });
        let mut spec = answering(
            json!({ "type": "object", "properties": { "from": part(3), "to": part(9) } }),
            json!({}),
        );
        run_pass(&mut spec, "", both).unwrap();
        let merged = &spec.doc["components"]["schemas"]["GetXResponseFrom"]["properties"]["x"];
        assert_eq!(*merged, json!({ "type": "integer", "minimum": 1 }));
    }

    #[test]
    fn components_of_upstream_and_given_names_stay_apart() {
        let schema = json!({ "type": "object", "properties": { "x": {} } });
        let mut spec = answering(
            json!({ "type": "object", "properties": { "p": schema, "q": schema } }),
            json!({ "A": schema, "B": schema }),
        );
        run_pass(&mut spec, "[types]\n\"getX.response.q\" = \"Q\"", both).unwrap();
        assert_eq!(names(&spec), ["A", "B", "Q", "GetXResponse"]);
    }

    #[test]
    fn lists_given_one_name_have_the_values_of_both() {
        let list = |values: &[&str]| json!({ "type": "string", "enum": values });
        let mut spec = answering(
            json!({ "type": "object", "properties": { "p": list(&["a", "b"]), "q": list(&["b", "c"]) } }),
            json!({}),
        );
        let given = "[types]\n\"getX.response.p\" = \"P\"\n\"getX.response.q\" = \"P\"";
        run_pass(&mut spec, given, both).unwrap();
        assert_eq!(
            spec.doc["components"]["schemas"]["P"]["enum"],
            json!(["a", "b", "c"])
        );
    }

    #[test]
    fn names_that_are_long_or_taken_get_another_by_rule_and_are_listed() {
        let part = |name: &str| json!({ "type": "object", "properties": { name: {} } });
        let long = "Harbour".to_owned() + &"Thing".repeat(10);
        let mut spec = answering(
            json!({ "type": "object", "properties": {
                "a": { "$ref": "#/components/schemas/UserVo" },
                "b": { "$ref": "#/components/schemas/UserDto" },
                "c": { "$ref": format!("#/components/schemas/{long}") },
                "d": { "$ref": "#/components/schemas/Option" },
                "e": { "$ref": "#/components/schemas/账户" },
            } }),
            json!({ "UserVo": part("x"), "UserDto": part("y"), long.as_str(): part("z"), "Option": part("w"), "账户": part("v") }),
        );
        let report = run_pass(&mut spec, "", both).unwrap();
        let short = "Harbour".to_owned() + &"Thing".repeat(8);
        for (from, to) in [
            ("User", "User2"),
            (&*long, &*short),
            ("Option", "OptionModel"),
            ("账户", "U8d26U6237"),
        ] {
            assert!(
                report.contains(&format!("`{from}` is called `{to}` by rule")),
                "{report}"
            );
            assert!(names(&spec).iter().any(|name| *name == to), "{to}");
        }
        assert!(
            report.contains(r"under \[types\] in names.toml"),
            "{report}"
        );
    }

    #[test]
    fn an_entry_that_cannot_be_is_refused() {
        let object = json!({ "type": "object", "properties": { "x": {} } });
        for (entry, words) in [
            ("Long".repeat(20), "more than 48 characters"),
            ("账户".to_owned(), "cannot be a type name"),
            ("Option".to_owned(), "would hide the `Option`"),
        ] {
            let given = format!("[types]\n\"getX.response\" = \"{entry}\"");
            let problem = refused(&mut answering(object.clone(), json!({})), &given, both);
            assert_says(
                &problem,
                &[words, "under [types]", "getX (GET /x)", "/paths/~1x/get"],
            );
        }
    }
}

//! `directions`: what is only sent, what is only answered, and what a change may leave as it is.
//!
//! A property that is `readOnly` is no part of a request, and one that is `writeOnly` none of an
//! answer. In the body of a `PATCH`, a value that is absent stays as it is and `null` removes it;
//! `x-changes` names the properties for which both can be said, `x-kept-lists` the lists that may be
//! absent and empty. A component becomes two types only where one would be wrong.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Context, media};
use crate::spec::{Spec, component_of, entries, object_of, schema_reference};
use crate::walk;

/// What a schema is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Answer,
    Request,
    Patch,
}

impl Role {
    const ALL: [Self; 3] = [Self::Answer, Self::Request, Self::Patch];

    /// What a component's name has behind it for this role.
    const fn suffix(self) -> &'static str {
        match self {
            Self::Answer => "Answer",
            Self::Request => "Input",
            Self::Patch => "Patch",
        }
    }
}

/// The components that each role reaches.
type Reached = BTreeMap<Role, BTreeSet<String>>;

pub(crate) fn run(spec: &mut Spec, context: &mut Context<'_>) {
    let reached = reached(spec);
    let split = split(spec, &reached);
    let before = spec.clone();
    let mut lines = Vec::new();
    // What a component is called in each role.
    let mut names: BTreeMap<Role, BTreeMap<String, String>> = BTreeMap::new();
    let mut copies: Vec<(Role, String, Value)> = Vec::new();
    for (name, schema) in before.schemas().into_iter().flatten() {
        let roles: Vec<Role> = roles_of(&reached, name);
        if !split.contains(name) {
            if let [role] = roles.as_slice() {
                copies.push((*role, name.clone(), in_role(&before, schema, *role)));
            }
            continue;
        }
        let mut words = Vec::new();
        for (index, role) in roles.iter().enumerate() {
            let own = in_role(&before, schema, *role);
            let key = if index == 0 {
                name.clone()
            } else {
                format!("{}.{}", name.replace('.', " "), role.suffix())
            };
            words.push(format!("`{key}`"));
            names
                .entry(*role)
                .or_default()
                .insert(name.clone(), key.clone());
            copies.push((*role, key, own));
        }
        lines.push(format!(
            "`{name}` is not the same in all directions: {}",
            words.join(", ")
        ));
    }
    for (role, key, mut schema) in copies {
        rename(&mut schema, &names, role);
        spec.schemas_mut().insert(key, schema);
    }
    let _ = spec.for_each_operation(|pointer, operation| {
        let patch = body_role(
            pointer,
            operation.get("requestBody"),
            operation.get("x-send"),
        );
        for (part, role) in parts(patch) {
            if let Some(node) = operation.get_mut(part) {
                for schema in inline_schemas(node) {
                    *schema = in_role(&before, schema, role);
                }
                rename(node, &names, role);
            }
        }
        Ok(())
    });
    walk::for_each_schema_mut(&mut spec.doc, &mut |_, schema| {
        let object = object_of(schema);
        object.shift_remove("readOnly");
        object.shift_remove("writeOnly");
    });
    if !lines.is_empty() {
        context.report.section(
            "directions",
            "Components that are one type in requests and another in answers.",
        );
        for line in lines {
            context.report.line(line);
        }
    }
}

/// The parts of an operation that hold schemas, each with what they are for.
fn parts(body: Role) -> [(&'static str, Role); 4] {
    [
        ("parameters", Role::Request),
        ("requestBody", body),
        ("responses", Role::Answer),
        ("x-failures", Role::Answer),
    ]
}

/// A body of `PATCH` changes what is there, unless it is a list of changes itself.
fn body_role(pointer: &str, body: Option<&Value>, send: Option<&Value>) -> Role {
    let is_json = body.is_some_and(|body| body["content"].get("application/json").is_some());
    let wire = send
        .and_then(|send| send["type"].as_str())
        .unwrap_or_default();
    let is_merge = media::essence(wire) == "application/merge-patch+json";
    let is_parts = send.is_some_and(|send| send.get("parts").is_some());
    let is_patch =
        pointer.ends_with("/patch") && media::essence(wire) != "application/json-patch+json";
    if is_json && !is_parts && (is_merge || is_patch) {
        Role::Patch
    } else {
        Role::Request
    }
}

fn reached(spec: &Spec) -> Reached {
    let mut reached = Reached::new();
    for operation in spec.operations() {
        let node = operation.node;
        let patch = body_role(
            &operation.pointer(),
            node.get("requestBody"),
            node.get("x-send"),
        );
        for (part, role) in parts(patch) {
            if let Some(node) = node.get(part) {
                reached.entry(role).or_default().extend(spec.reach([node]));
            }
        }
    }
    reached
}

fn roles_of(reached: &Reached, name: &str) -> Vec<Role> {
    let is_in = |role: &Role| reached.get(role).is_some_and(|all| all.contains(name));
    Role::ALL.into_iter().filter(is_in).collect()
}

/// The components that are more than one type: those that differ, and those that hold them.
fn split(spec: &Spec, reached: &Reached) -> BTreeSet<String> {
    let mut split: BTreeSet<String> = BTreeSet::new();
    let mut holders: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut queue = Vec::new();
    for (name, schema) in spec.schemas().into_iter().flatten() {
        let roles = roles_of(reached, name);
        if roles.len() < 2 {
            continue;
        }
        for target in walk::references(schema) {
            if let Some(target) = component_of(target) {
                holders.entry(target).or_default().push(name.clone());
            }
        }
        if differs(spec, schema, &roles) {
            queue.push(name.clone());
        }
    }
    while let Some(name) = queue.pop() {
        if split.insert(name.clone()) {
            queue.extend(holders.get(&name).into_iter().flatten().cloned());
        }
    }
    split
}

/// Whether one type for all of these roles would be wrong in one of them.
fn differs(spec: &Spec, schema: &Value, roles: &[Role]) -> bool {
    let mut found = false;
    let mut holder = serde_json::json!({ "components": { "schemas": { "it": schema } } });
    walk::for_each_schema_mut(&mut holder, &mut |_, schema| {
        let required = media::texts(&schema["required"]);
        for (name, property) in entries(&schema["properties"]) {
            let is_required = required.contains(name);
            let is_only = |key: &str| is_required && has(spec, property, key);
            found |= is_only("readOnly") && roles.contains(&Role::Answer);
            found |= is_only("writeOnly") && roles.contains(&Role::Answer);
            found |= roles.contains(&Role::Patch)
                && !is_required
                && (has(spec, property, "nullable") || is_list(spec, property));
        }
    });
    found
}

fn has(spec: &Spec, property: &Value, key: &str) -> bool {
    property[key] == true || spec.resolve(property)[key] == true
}

fn is_list(spec: &Spec, property: &Value) -> bool {
    spec.resolve(property)["type"] == "array"
}

/// A schema as it is in one role.
fn in_role(spec: &Spec, schema: &Value, role: Role) -> Value {
    let mut holder = serde_json::json!({ "components": { "schemas": { "it": schema } } });
    walk::for_each_schema_mut(&mut holder, &mut |_, schema| {
        let gone = match role {
            Role::Answer => "writeOnly",
            Role::Request | Role::Patch => "readOnly",
        };
        let leaves: BTreeSet<String> = entries(&schema["properties"])
            .filter(|(_, property)| has(spec, property, gone))
            .map(|(name, _)| name.clone())
            .collect();
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        if !leaves.is_empty() {
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                properties.retain(|name, _| !leaves.contains(name));
            }
            if let Some(Value::Array(required)) = object.get_mut("required") {
                required.retain(|name| !name.as_str().is_some_and(|it| leaves.contains(it)));
            }
        }
        if role == Role::Patch {
            let required = media::texts(&schema["required"]);
            let optional = |test: &dyn Fn(&Value) -> bool| -> Vec<Value> {
                entries(&schema["properties"])
                    .filter(|(name, property)| !required.contains(*name) && test(property))
                    .map(|(name, _)| name.as_str().into())
                    .collect()
            };
            let changes = optional(&|property| has(spec, property, "nullable"));
            let lists =
                optional(&|property| is_list(spec, property) && !has(spec, property, "nullable"));
            for (key, names) in [("x-changes", changes), ("x-kept-lists", lists)] {
                if !names.is_empty() {
                    schema[key] = names.into();
                }
            }
        }
    });
    holder["components"]["schemas"]["it"].take()
}

/// The schemas that are written in a part of an operation itself.
fn inline_schemas(node: &mut Value) -> Vec<&mut Value> {
    let mut found = Vec::new();
    match node {
        Value::Array(parameters) => {
            found.extend(parameters.iter_mut().filter_map(|it| it.get_mut("schema")));
        }
        Value::Object(members) => {
            for (key, member) in members {
                if key == "content" {
                    let media = member.as_object_mut().into_iter().flatten();
                    found.extend(media.filter_map(|(_, it)| it.get_mut("schema")));
                } else if let Some(content) = member.get_mut("content") {
                    let media = content.as_object_mut().into_iter().flatten();
                    found.extend(media.filter_map(|(_, it)| it.get_mut("schema")));
                }
            }
        }
        _ => {}
    }
    found
}

/// Puts the names of a role in the place of those of the document.
fn rename(node: &mut Value, names: &BTreeMap<Role, BTreeMap<String, String>>, role: Role) {
    if let Some(names) = names.get(&role) {
        walk::for_each_reference_mut(node, &mut |_, target| {
            if let Some(new) = component_of(target).and_then(|name| names.get(&name))
                && let Some(reference) = schema_reference(new)["$ref"].as_str()
            {
                reference.clone_into(target);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{run as run_pass, spec};

    fn run_on(method: &str, media_type: &str, schemas: Value) -> Spec {
        let boat = json!({ "$ref": "#/components/schemas/Boat" });
        let body = json!({ "content": { media_type: { "schema": boat } } });
        let answer = json!({ "content": { "application/json": { "schema": boat } } });
        let mut spec = spec(
            json!({ "/boats": { method: {
                "operationId": "boats", "requestBody": body, "responses": { "200": answer },
            } } }),
            schemas,
        );
        run_pass(&mut spec, "", |spec, context| {
            run(spec, context);
            Ok(())
        })
        .unwrap();
        spec
    }

    fn names_of(spec: &Spec, component: &str) -> Vec<String> {
        let component = &spec.schemas().unwrap()[component];
        entries(&component["properties"])
            .map(|(name, _)| name.clone())
            .collect()
    }

    #[test]
    fn a_type_is_two_where_one_would_be_wrong() {
        let spec = run_on(
            "post",
            "application/json",
            json!({
                "Boat": { "required": ["id"], "properties": {
                    "id": { "type": "string", "readOnly": true }, "pin": { "type": "string", "writeOnly": true },
                    "crew": { "$ref": "#/components/schemas/Crew" }, "berth": { "$ref": "#/components/schemas/Berth" },
                } },
                "Crew": { "properties": { "boat": { "$ref": "#/components/schemas/Boat" } } },
                "Berth": { "properties": { "note": { "type": "string", "readOnly": true } } },
            }),
        );
        assert_eq!(names_of(&spec, "Boat"), ["id", "crew", "berth"]);
        assert_eq!(names_of(&spec, "Boat.Input"), ["pin", "crew", "berth"]);
        let all = spec.schemas().unwrap();
        assert_eq!(all["Boat.Input"]["required"], json!([]));
        assert_eq!(
            all["Crew.Input"]["properties"]["boat"]["$ref"], "#/components/schemas/Boat.Input",
            "who holds it is two as well"
        );
        assert!(
            all.get("Berth.Input").is_none(),
            "both can do without the note"
        );
        let body = &spec.operations()[0].node["requestBody"]["content"]["application/json"];
        assert_eq!(body["schema"]["$ref"], "#/components/schemas/Boat.Input");
        assert!(!spec.doc.to_string().contains("readOnly"));
    }

    #[test]
    fn a_change_says_null_and_nothing_apart() {
        let schemas = json!({ "Boat": { "required": ["name"], "properties": {
            "name": { "type": "string", "nullable": true },
            "owner": { "type": "string", "nullable": true },
            "flags": { "type": "array", "items": {} },
        } } });
        let spec = run_on("patch", "application/json", schemas.clone());
        let patch = &spec.schemas().unwrap()["Boat.Patch"];
        assert_eq!(patch["x-changes"], json!(["owner"]));
        assert_eq!(patch["x-kept-lists"], json!(["flags"]));
        assert!(spec.schemas().unwrap()["Boat"].get("x-changes").is_none());
        let spec = run_on("post", "application/json", schemas);
        assert!(spec.schemas().unwrap().get("Boat.Patch").is_none());
    }
}

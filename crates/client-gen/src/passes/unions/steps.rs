//! The steps by which the branches of a choice are distinguished, and what is left when none does.

use std::collections::BTreeMap;

use heck::ToPascalCase;
use serde_json::{Map, Value, json};

use super::plain::{Told, by_key, by_number, by_text, is_object, kind, overlapping};
use super::untagged::Untagged;
use crate::names::is_identifier;
use crate::spec::{Spec, component_of, entries, object_of};
use crate::walk::bare;

/// A choice with its branches opened.
#[derive(Clone)]
pub(super) struct Choice<'a> {
    spec: &'a Spec,
    schema: &'a Value,
    branches: Vec<Value>,
    resolved: Vec<Value>,
    /// Whether a value can be one of the branches only.
    is_one: bool,
}

impl<'a> Choice<'a> {
    pub(super) fn new(
        spec: &'a Spec,
        schema: &'a Value,
        branches: Vec<Value>,
        any_of_is_one: bool,
    ) -> Self {
        Self {
            spec,
            schema,
            resolved: branches
                .iter()
                .map(|branch| spec.resolve(branch).clone())
                .collect(),
            branches,
            is_one: any_of_is_one || schema.get("anyOf").is_none(),
        }
    }

    pub(super) fn tell_apart(&self, untagged: &mut Untagged) -> Told {
        match self.branches.as_slice() {
            [] => raw(&[], "it has no branches"),
            [only] => (only.clone(), "the only branch".to_owned()),
            _ => self
                .of_one_kind(untagged)
                .or_else(|| self.by_kind())
                .or_else(|| self.by_kind_and_tag(untagged))
                .or_else(|| self.by_kinds(untagged))
                .unwrap_or_else(|| raw(&self.branches, &self.why_not())),
        }
    }

    fn of_one_kind(&self, untagged: &mut Untagged) -> Option<Told> {
        let told = by_text(&self.resolved)
            .or_else(|| by_number(&self.resolved))
            .or_else(|| by_tag(self.schema, &self.branches, &self.resolved, untagged));
        if told.is_some() || self.resolved.iter().any(|branch| !is_object(branch)) {
            return told;
        }
        let by_key = || by_key(&self.branches, &self.resolved);
        if self.is_one {
            return by_key().or_else(|| overlapping(&self.resolved));
        }
        // With `anyOf` both may hold, and one struct has room for both.
        overlapping(&self.resolved).or_else(|| {
            let is_closed = |object: &Value| object["additionalProperties"] == false;
            by_key().filter(|_| self.resolved.iter().all(is_closed))
        })
    }

    /// Branches of different JSON kinds.
    fn by_kind(&self) -> Option<Told> {
        let kinds: Vec<&str> = self.resolved.iter().map(kind).collect();
        let is_repeated = (1..kinds.len()).any(|at| kinds[..at].contains(&kinds[at]));
        if is_repeated || kinds.contains(&"") {
            return None;
        }
        let one_or_many = match (self.branches.as_slice(), kinds.as_slice()) {
            ([one, many], [_, "List"]) => bare(one) == bare(&many["items"]),
            _ => false,
        };
        let names = if one_or_many {
            vec!["One", "Many"]
        } else {
            kinds
        };
        let how = format!("by kind: {}", names.join(", "));
        let branches: Vec<Value> = names
            .iter()
            .zip(&self.branches)
            .map(|(name, schema)| json!({ "name": name, "schema": schema }))
            .collect();
        Some((
            json!({ "x-union": { "style": "kind", "branches": branches } }),
            how,
        ))
    }

    /// The branches of each kind, in the order in which the kinds come.
    fn groups(&self) -> Option<Vec<(&'static str, Self)>> {
        let mut order: Vec<&'static str> = Vec::new();
        let mut groups: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for (branch, resolved) in self.branches.iter().zip(&self.resolved) {
            let kind = kind(resolved);
            if kind.is_empty() {
                return None;
            }
            if !order.contains(&kind) {
                order.push(kind);
            }
            groups.entry(kind).or_default().push(branch.clone());
        }
        let group = |kind: &'static str| {
            let branches = groups.remove(kind).unwrap_or_default();
            let own = Self::new(self.spec, self.schema, branches, false);
            let own = Self {
                is_one: self.is_one,
                ..own
            };
            (kind, own)
        };
        Some(order.into_iter().map(group).collect())
    }

    /// Objects with a tag, and one branch of each other kind: one enum with all of them.
    fn by_kind_and_tag(&self, untagged: &mut Untagged) -> Option<Told> {
        let groups = self.groups()?;
        let objects = groups.iter().find(|(kind, _)| *kind == "Object")?;
        let others = groups.iter().filter(|(kind, _)| *kind != "Object");
        let mut plain = Vec::new();
        let mut kinds = Vec::new();
        for (kind, group) in others {
            let (schema, _) = match group.branches.as_slice() {
                [only] => (only.clone(), String::new()),
                _ => group.of_one_kind(untagged)?,
            };
            kinds.push(*kind);
            plain.push(json!({ "name": kind, "schema": schema, "plain": true }));
        }
        let group = &objects.1;
        if group.branches.len() < 2 {
            return None;
        }
        let (mut union, how) = by_tag(self.schema, &group.branches, &group.resolved, untagged)?;
        let branches = union["x-union"]["branches"].as_array_mut()?;
        // serde has no numbers as tags: the code for those reads objects alone.
        if branches.iter().any(|branch| !branch["value"].is_string()) {
            return None;
        }
        for mut branch in plain {
            let name = branch["name"].as_str().unwrap_or_default().to_owned();
            if branches.iter().any(|other| other["name"] == name.as_str()) {
                branch["name"] = format!("Plain{name}").into();
            }
            branches.push(branch);
        }
        Some((union, format!("by kind: {}, and {how}", kinds.join(", "))))
    }

    /// The kinds first, then the branches of each kind.
    fn by_kinds(&self, untagged: &mut Untagged) -> Option<Told> {
        let groups = self.groups()?;
        if groups.len() < 2 {
            return None;
        }
        let mut branches = Vec::new();
        let mut words = Vec::new();
        for (kind, group) in groups {
            let schema = if let [only] = group.branches.as_slice() {
                only.clone()
            } else {
                let (schema, how) = group.of_one_kind(untagged)?;
                words.push(format!("{kind} ({how})"));
                schema
            };
            branches.push(json!({ "name": kind, "schema": schema }));
        }
        Some((
            json!({ "x-union": { "style": "kind", "branches": branches } }),
            format!("by kind, then {}", words.join(", ")),
        ))
    }

    fn why_not(&self) -> String {
        if let Some(tag) = self.schema["discriminator"]["propertyName"].as_str() {
            return format!(
                "the discriminator `{tag}` does not give each of them a value of its own"
            );
        }
        let kinds: Vec<&str> = self
            .resolved
            .iter()
            .map(|branch| match kind(branch) {
                "" => "anything",
                kind => kind,
            })
            .collect();
        format!("they are {}", kinds.join(", "))
    }
}

/// JSON as it comes, with a way to read each branch: nothing is lost, whatever it is.
pub(super) fn raw(branches: &[Value], why: &str) -> Told {
    let mut named: Vec<Value> = Vec::new();
    for (index, branch) in branches.iter().enumerate() {
        let is_known = named
            .iter()
            .any(|known| bare(&known["schema"]) == bare(branch));
        if is_known || branch.as_object().is_some_and(Map::is_empty) {
            continue;
        }
        let title = branch["title"].as_str().or(branch["x-variant"].as_str());
        let component = branch["$ref"].as_str().and_then(component_of);
        let name = component
            .or_else(|| title.map(ToOwned::to_owned))
            .unwrap_or_else(|| match kind(branch) {
                "" => format!("Branch{index}"),
                kind => kind.to_owned(),
            })
            .to_pascal_case();
        let is_taken = |name: &str| named.iter().any(|known| known["name"] == name);
        let name = if is_taken(&name) || !is_identifier(&name) {
            format!("Branch{index}")
        } else {
            name
        };
        named.push(json!({ "name": name, "schema": branch }));
    }
    let how = format!("as JSON, because nothing distinguishes its branches: {why}");
    if named.is_empty() {
        return (json!({}), how);
    }
    (
        json!({ "x-union": { "style": "raw", "branches": named } }),
        how,
    )
}

/// Objects that share a property which has another single value in each.
fn by_tag(
    schema: &Value,
    branches: &[Value],
    resolved: &[Value],
    untagged: &mut Untagged,
) -> Option<Told> {
    if resolved.iter().any(|branch| !is_object(branch)) {
        return None;
    }
    let declared = schema["discriminator"]["propertyName"].as_str();
    let candidates: Vec<&str> = match declared {
        Some(tag) => vec![tag],
        None => entries(&resolved[0]["properties"])
            .map(|(name, _)| name.as_str())
            .collect(),
    };
    // A tag that is declared has the values that it lists; one that is found is sought by single values first.
    let order = [declared.is_some(), declared.is_none()];
    let of = |is_listed| candidates.iter().map(move |tag| (*tag, is_listed));
    let ways: Vec<(&str, bool)> = order.into_iter().flat_map(of).collect();
    ways.into_iter().find_map(|(tag, is_listed)| {
        let mut marked: Vec<Marked<'_>> = Vec::new();
        for (branch, object) in branches.iter().zip(resolved) {
            for value in tag_values(schema, tag, branch, object, is_listed) {
                marked.push(Marked {
                    value,
                    branch,
                    object,
                });
            }
        }
        let values: Vec<&Value> = marked.iter().map(|marked| &marked.value).collect();
        let each_is_marked = branches
            .iter()
            .all(|branch| marked.iter().any(|marked| marked.branch == branch));
        let is_distinct = values
            .iter()
            .enumerate()
            .all(|(index, value)| !values[..index].contains(value));
        let is_text = values.iter().all(|value| value.is_string());
        if !each_is_marked || !is_distinct || !is_text && !values.iter().all(|v| v.is_i64()) {
            return None;
        }
        Some(tagged(tag, is_text, &marked, untagged))
    })
}

/// A branch and the value of the tag that marks it.
struct Marked<'a> {
    value: Value,
    branch: &'a Value,
    object: &'a Value,
}

/// The values that mark a branch: those that its own `enum` lists, or all that the discriminator maps
/// to it. A list of several counts only where no two branches share one, as `is_listed` says.
fn tag_values(
    schema: &Value,
    tag: &str,
    branch: &Value,
    object: &Value,
    is_listed: bool,
) -> Vec<Value> {
    let listed = object["properties"][tag]["enum"].as_array();
    if let Some([value]) = listed.map(Vec::as_slice) {
        return vec![value.clone()];
    }
    let target = branch["$ref"].as_str();
    let name = target.and_then(component_of).unwrap_or_default();
    let mapped: Vec<Value> = entries(&schema["discriminator"]["mapping"])
        .filter(|(_, to)| {
            let to = to.as_str();
            to.is_some() && (to == target || to == Some(&name))
        })
        .map(|(value, _)| value.as_str().into())
        .collect();
    match listed {
        _ if !mapped.is_empty() => mapped,
        Some(listed) if is_listed => listed.clone(),
        _ if target.is_some() && schema.get("discriminator").is_some() => vec![name.into()],
        _ => Vec::new(),
    }
}

fn tagged(tag: &str, is_text: bool, marked: &[Marked<'_>], untagged: &mut Untagged) -> Told {
    let mut default = Value::Null;
    let mut branches = Vec::new();
    for Marked {
        value,
        branch,
        object,
    } in marked
    {
        let mut schema = (*object).clone();
        let object = object_of(&mut schema);
        let title = object.shift_remove("x-variant");
        let mut is_empty = false;
        if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
            properties.shift_remove(tag);
            is_empty = properties.is_empty();
        }
        if let Some(required) = object.get_mut("required").and_then(Value::as_array_mut) {
            let is_optional = !required.iter().any(|name| name == tag);
            required.retain(|name| name != tag);
            if is_optional && !is_text {
                default = value.clone();
            }
        }
        let name = match (title.as_ref().and_then(Value::as_str), value.as_str()) {
            (Some(title), _) => title.to_owned(),
            (None, Some(value)) => value.to_pascal_case(),
            (None, None) => format!("{}{value}", tag.to_pascal_case()),
        };
        if let Some(component) = branch["$ref"].as_str().and_then(component_of)
            && !is_empty
        {
            schema = untagged.reference(&component, tag, schema);
        }
        branches.push(json!({ "name": name, "value": value, "schema": schema }));
    }
    let how = format!("{} branches by the tag `{tag}`", branches.len());
    let mut union = json!({ "style": "tag", "tag": tag, "branches": branches });
    if !default.is_null() {
        union["default"] = default;
    }
    (json!({ "x-union": union }), how)
}
